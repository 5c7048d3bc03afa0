"""People of the demonstration in front of their browsers, and the pictures that are taken of what they see."""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page

WIDE, PHONE = 1280, 390
PATIENCE_MS = 30_000
COLOURS = 128
ABOVE, BELOW = 6, 14


class Camera:
    """Signs people in, each in a window of their own, and writes pictures into ``folder``."""

    def __init__(self, browser: Browser, address: str, password: str, folder: Path) -> None:
        self._browser, self._address, self._password, self._folder = browser, address, password, folder
        self._windows: dict[tuple[str, int], Page] = {}

    def window(self, email: str, width: int = WIDE) -> Page:
        """The window of the person with that account; they sign in when it is first asked for."""
        if (email, width) not in self._windows:
            self._windows[email, width] = self._sign_in(email, width)
        return self._windows[email, width]

    def _sign_in(self, email: str, width: int) -> Page:
        context = self._browser.new_context(
            base_url=self._address,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Asia/Hong_Kong",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(self._password)
        press(page, "Sign in")
        return page

    def take(self, page: Page, name: str, last: Locator, first: Locator | None = None) -> None:
        """Write what stands from ``first`` (the top of the page unless told) to the end of ``last`` as ``name``."""
        page.evaluate("() => { document.activeElement?.blur(); scrollTo(0, 0); }")
        top = max(0.0, _box(first)[0] - ABOVE) if first else 0.0
        size = page.viewport_size or {"width": WIDE}
        shot = page.screenshot(
            full_page=True,
            animations="disabled",
            clip={"x": 0, "y": top, "width": size["width"], "height": _box(last)[1] + BELOW - top},
        )
        path = self._folder / f"{name}.png"
        # A page has few colours: a palette of them makes a file that a reader of the guide does not wait for.
        Image.open(io.BytesIO(shot)).convert("RGB").quantize(COLOURS).save(path, optimize=True)
        print(f"{path.name}: {path.stat().st_size // 1024} kB", flush=True)


def _box(part: Locator) -> tuple[float, float]:
    """Where it begins and ends, from the top of the page. Raises LookupError for what is not to be seen."""
    box = part.first.bounding_box()
    if box is None:
        raise LookupError(f"Not on the page: {part}")
    return box["y"], box["y"] + box["height"]


def panel(page: Page, title: str) -> Locator:
    """The card of the page with that title."""
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.get_by_role("main").locator(".panel").filter(has=heading).first


def open_link(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow the first link of the page itself with that name."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Press the button with exactly that name, and wait for the page it leads to."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()
