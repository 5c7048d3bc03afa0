"""People with a browser window each, who sign in as the demonstration's accounts do."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response

ACCOUNTS = Path(__file__).parents[2] / "demo" / "accounts.csv"


def password_of(email: str) -> str:
    """The password that the list of accounts gives. Raises KeyError for somebody it does not name."""
    with ACCOUNTS.open(encoding="utf-8", newline="") as rows:
        return {row["email"]: row["password"] for row in csv.DictReader(rows)}[email]


class People:
    """The windows of a test, by who looks into them, and the errors that any of them met."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.url = url
        self.troubles: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._signed_in: dict[str, Page] = {}

    def nobody(self, **options: Any) -> Page:
        """A fresh window at no page yet, of somebody who is not signed in."""
        context = self._browser.new_context(**{"base_url": self.url, "locale": "en-GB", **options})
        context.set_default_timeout(20_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("response", self._note_response)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        return page

    def named(self, email: str, **options: Any) -> Page:
        """The window of the person with that account, who signs in when it is first asked for."""
        if email not in self._signed_in:
            page = self.nobody(**options)
            sign_in(page, email)
            self._signed_in[email] = page
        return self._signed_in[email]

    def leave(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()

    def _note_response(self, response: Response) -> None:
        page_itself = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not page_itself and response.request.method == "GET"):
            self.troubles.append(f"{response.status} {response.request.method} {response.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # The browser repeats each refused page on its console; which refusals are wrong, the replies themselves tell.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")


def sign_in(page: Page, email: str) -> None:
    """Sign in by the form, from the button on the start page."""
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Sign in").click()
    fill_sign_in(page, email)


def fill_sign_in(page: Page, email: str) -> None:
    """Sign in by the form that is open."""
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password_of(email))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
