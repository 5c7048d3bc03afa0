"""What a coordinator does to set up a call, each on its page, and what that page then tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from intake import clock
from tests.journeys.acts import main_text, open_link, press

OFFICE_ZONE = ZoneInfo("Asia/Hong_Kong")


def begin_call(page: Page, programme: str, code: str, title: str) -> None:
    """From the desk: a new call of the programme, in preparation."""
    page.goto("/desk")
    open_link(page, "Set up a new call")
    page.get_by_label("Programme", exact=True).select_option(label=programme)
    page.get_by_label("Code").fill(code)
    page.get_by_label("Title").fill(title)
    press(page, "Set it up")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("main")).to_contain_text("Nobody else sees this call yet.")


def part(page: Page, name: str) -> Locator:
    """The line of that part on the page of the set-up."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=name, exact=True))


def stands(page: Page, name: str, words: str) -> None:
    """The page of the set-up, where one has come back to, says so of that part."""
    expect(page.get_by_role("table", name="Parts of the set-up")).to_be_visible()
    expect(part(page, name)).to_contain_text(words)


def set_basics(
    page: Page, about: str, currency: str, cap: str = "", source: str = "", months: tuple[int, int] = (12, 24)
) -> None:
    """What the call is for and what it pays."""
    open_link(page, "Basics")
    page.get_by_label("What it is for, in a few words").fill(about)
    page.get_by_label("Currency").select_option(currency)
    page.get_by_label("Most that one award pays").fill(cap)
    page.get_by_label("Where that amount stands").fill(source)
    page.get_by_label("Shortest duration, in months").fill(str(months[0]))
    page.get_by_label("Longest duration, in months").fill(str(months[1]))
    press(page, "Save")
    expect(page.get_by_text("The basics are saved.")).to_be_visible()


def paste_themes(page: Page, names: Iterable[str]) -> None:
    """All themes at once, each on a line of its own."""
    open_link(page, "Themes")
    page.get_by_label("More themes, one on each line").fill("\n".join(names))
    press(page, "Save")


def add_rule(page: Page, check: str, text: str, source: str) -> None:
    """One rule, from the list of rules, to which it leads back."""
    page.get_by_label("How it is checked").select_option(label=check)
    press(page, "Write the rule")
    page.get_by_label("What the rule asks for").fill(text)
    page.get_by_label("Where that stands").fill(source)
    press(page, "Save")
    rule = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=text, exact=True))
    expect(rule).to_contain_text(f"checked by itself {check}, stops a submission")
    expect(rule).to_contain_text(f"Source: {source}")


def from_now(**distance: int) -> str:
    """What is typed for that far from now, by the office's clock, to the minute."""
    return f"{clock.now().astimezone(OFFICE_ZONE) + timedelta(**distance):%Y-%m-%dT%H:%M}"


def set_dates(page: Page, dates: dict[str, str]) -> None:
    """The dates of the call, by their labels, all in the office's zone."""
    open_link(page, "Dates")
    for label, when in dates.items():
        page.get_by_label(re.compile(f"^{label}")).fill(when)
        page.get_by_label(f"Zone ({label})").select_option("Asia/Hong_Kong")
    press(page, "Save")


def said(when: str) -> str:
    """How the pages write a typed time."""
    return f"{datetime.fromisoformat(when):%-d %b %Y, %H:%M} HKT"


def add_question(page: Page, label: str, kind: str, section: str) -> None:
    """A question of that kind at the end of the section; leaves its page open, to say more of it."""
    page.get_by_role("link", name=f"Add a question to {section}", exact=True).click()
    page.get_by_label("The question", exact=True).fill(label)
    kinds = page.get_by_role("group", name="What kind of answer")
    kinds.locator("label").filter(has_text=re.compile(rf"^{kind}\b")).click()
    expect(kinds.get_by_role("radio", name=re.compile(rf"^{kind}\b"))).to_be_checked()
    press(page, "Add it")
    expect(page.get_by_role("heading", level=1)).to_have_text(label)


def ask_only_if(page: Page, earlier: str, is_: str, value: str) -> None:
    """On a question's page: a condition on the answer to an earlier question. A choice is ticked, all else chosen."""
    page.get_by_label("A condition on the answer to").select_option(label=earlier)
    press(page, "Add a condition")
    page.get_by_label(f"“{earlier}”").select_option(label=is_)
    compared = page.get_by_label("compared with", exact=True)
    if compared.count() and compared.evaluate("field => field.localName") == "select":
        compared.select_option(label=value)
    else:
        page.get_by_role("group", name="compared with").get_by_label(value, exact=True).check()


def row(page: Page, question: str) -> Locator:
    """The question's line in the builder."""
    return page.locator("li[data-key]").filter(has=page.get_by_role("link", name=question, exact=True))


def draw(page: Page, question: str, before: str) -> None:
    """Draw a question by its grip to the place before another one, with the mouse."""
    with page.expect_navigation():
        row(page, question).locator(".grip").drag_to(row(page, before), target_position={"x": 80, "y": 4})


def remove_question(page: Page, label: str) -> None:
    """Take a question out of the form, from the builder, to which it leads back."""
    open_link(page, re.compile(rf"^{label}$"))
    open_link(page, "Remove this question")
    press(page, "Remove it")


def questions(page: Page) -> list[str]:
    """The questions of the builder in their order."""
    return page.get_by_role("main").locator("li[data-key] h3").all_inner_texts()


def publish_form(page: Page) -> None:
    """From the builder: the form as it is, to whoever answers from now on."""
    open_link(page, "Publish")
    assert "No draft has been begun." in main_text(page)
    press(page, "Publish")


def open_call(page: Page, title: str) -> None:
    """From the page of the set-up, where nothing is missing any more."""
    expect(page.get_by_role("main")).to_contain_text("Everything that it needs is there")
    press(page, "Open the call")
    expect(page.get_by_text("The call is open.", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
