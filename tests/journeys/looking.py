"""How pages are looked at: by axe, at two widths, in the light and in the dark; and how links are followed from page to
page, one page of each kind."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

STILL = {"reduced_motion": "reduce"}
"""How a window is opened that is looked at: a colour that is fading has no contrast to measure."""
WIDTHS = (1280, 390)
LINKS = """() => [...document.querySelectorAll('a[href]:not([download])')]
  .filter(link => link.origin === location.origin).map(link => link.pathname + link.search)"""
CONTRAST = "() => axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
NO_PAGE = re.compile(r"/files/\d+$|\.pdf|\.csv|\.json|^/static|^/healthz")
ALIKE = (
    (r"/\d+", "/0"),
    (r"/calls/(?!new$)[^/]+", "/calls/*"),
    (r"/form/(questions|sections)/\w+", r"/form/\1/*"),
    (r"/setup/rules/(?!new$)[^/]+", "/setup/rules/*"),
    (r"/programme/\w+", "/programme/*"),
)
"""What differs between addresses whose pages are of one kind."""


def kind_of(path: str) -> str:
    """What a page is like, whatever it is about."""
    bare, _, query = path.partition("?")
    tab = re.search(r"tab=\w+", query)
    for differs, same in ALIKE:
        bare = re.sub(differs, same, bare)
    return bare + (f"?{tab[0]}" if tab else "")


def violations(told: dict[str, Any]) -> list[str]:
    """What axe told, one line for each place."""
    return [f"{each['id']}: {json.dumps(node['target'])}" for each in told["violations"] for node in each["nodes"]]


def wrong_with(page: Page) -> list[str]:
    """What axe finds on the page, and whether it is wider than the window at any width. After a click the next page may
    only have begun to arrive: it is looked at when it is all there."""
    page.wait_for_load_state()
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate(TOO_WIDE)
        if beyond > 0:
            found.append(f"{width} px: {beyond} px too wide")
    found += [f"light: {each}" for each in violations(Axe().run(page).response)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in violations(page.evaluate(CONTRAST))]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


def look_round(
    page: Page, firsts: Iterable[str], followed: Callable[[str], bool], most: int
) -> tuple[set[str], dict[str, list[str]]]:
    """Look at every page of ``firsts``, and at one of each kind that links lead to which are ``followed``. Gives the
    kinds, and what is wrong by address. More kinds than ``most`` are a mistake of the crawl."""
    waiting = list(firsts)
    given, seen, wrong = set(waiting), set[str](), dict[str, list[str]]()
    while waiting:
        path = waiting.pop(0)
        kind = path if path in given else kind_of(path)
        if kind in seen:
            continue
        seen.add(kind)
        assert len(seen) <= most, sorted(seen)
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, f"{path} is linked, and answers {response.status}"
        if found := wrong_with(page):
            wrong[path] = found
        pages = [link for link in page.evaluate(LINKS) if not NO_PAGE.search(link)]
        waiting += [link for link in pages if followed(link) and kind_of(link) not in seen]
    return seen, wrong
