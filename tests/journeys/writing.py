"""What people do on the pages of a proposal that they write, where scripts run."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, Response, expect

SAVED = re.compile(r"^Saved \d\d:\d\d:\d\d$")


def by_itself(response: Response) -> bool:
    """Whether this answers a section that saved itself."""
    return response.request.method == "POST" and "x-autosave" in response.request.headers


def saves(page: Page, act: Callable[[], object]) -> None:
    """Do something to a section; it saves itself, and says when."""
    with page.expect_response(by_itself) as answered:
        act()
    assert answered.value.status == 200
    expect(page.locator("[data-status]")).to_have_text(SAVED)


def section(page: Page, name: str) -> None:
    """Go to another part of the proposal by the column of its parts."""
    with page.expect_navigation():
        page.get_by_role("navigation", name="Parts of the proposal").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def asked(page: Page, question: str) -> Locator:
    """The question with everything that belongs to it."""
    return page.locator("[data-question]").filter(has_text=question)
