"""What people do on a page, and what they are asked to find there."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.texts import ABSTRACT, DESCRIPTION, TITLE


def open_link(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow the first link of the page itself that has this name, and wait for what it opens."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("link", name=name).first.click()


def press(page: Page, name: str) -> None:
    """Press the button with exactly this name, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def main_text(page: Page) -> str:
    """What somebody reads on the page."""
    return page.get_by_role("main").inner_text()


def reads(page: Page, *words: str) -> None:
    """Somebody reads all of these words on the page, however its spaces and lines fall."""
    for each in words:
        expect(page.get_by_role("main")).to_contain_text(each)


def hidden_from(page: Page, words: str, *paths: str) -> None:
    """None of these pages tells these words; a page of one thing says that there is no such thing."""
    for path in paths:
        response = page.goto(path)
        assert response is not None
        assert words not in page.content(), path
        if re.search(r"/\d+", path) and "/sign-in" not in page.url:
            assert response.status == 404, f"{path} answered {response.status}"


def refused(page: Page, path: str, words: str) -> None:
    """Somebody who may know that a thing is there may not do this to it, and the page doesn't tell these words."""
    response = page.goto(path)
    assert response is not None
    assert response.status in (403, 404), f"{path} answered {response.status}"
    assert words not in page.content(), path


def fill_review(page: Page, score: int, recommendation: str, for_applicant: str, for_office: str) -> None:
    """Give every criterion the same score, and fill the rest of the review."""
    scales = page.get_by_role("group").filter(has_text="weight")
    for scale in scales.all():
        scale.locator("label").filter(has_text=re.compile(rf"^{score}\b")).click()
        expect(scale.get_by_role("radio", name=re.compile(rf"^{score}\b"))).to_be_checked()
    page.get_by_label(recommendation).check()
    page.get_by_label("For the applicant").fill(for_applicant)
    page.get_by_label("For the office only").fill(for_office)
    expect(page.get_by_label("For the office only")).to_have_value(for_office)


def fill_every_part(page: Page, address: str) -> None:
    """Fill what a proposal in HIRP-2020 needs, from its address, and nothing more."""
    parts = re.sub(r"(/proposals/\d+).*", r"\1/edit/", address)
    page.goto(parts + "summary")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Abstract").fill(ABSTRACT)
    press(page, "Save and next")
    page.get_by_label("Theme").select_option(index=1)
    page.get_by_label("Keywords").fill("compilers")
    press(page, "Save and next")
    page.goto(parts + "description")
    page.get_by_label("Description").fill(DESCRIPTION)
    press(page, "Save and next")
    page.get_by_label("Amount asked for").fill("60000")
    page.get_by_label("Duration").fill("12")
    press(page, "Save and next")
    page.goto(parts + "declarations")
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    press(page, "Save and next")
