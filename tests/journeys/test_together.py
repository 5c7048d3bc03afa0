"""Two people write one proposal, and one person's session ends while writing: nobody loses a word."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.journeys.acts import open_link, press
from tests.journeys.people import People, fill_sign_in, sign_in
from tests.journeys.writing import by_itself, saves, section

LEADER, COLLEAGUE, SOMEBODY_ELSE = "faculty@example.org", "faculty2@example.org", "hugo.muster@ee.example.org"
FIRST = "Retail shelves see what is taken, and who looks at it twice."
SECOND = "Shelves that see are of use only where nobody feels watched."
MERGED = f"{FIRST} {SECOND}"


def begun(page: Page) -> str:
    """A draft in AIR 2021, open at its first section; gives the address of the proposal."""
    page.goto("/calls/AIR-2021")
    press(page, "Start a proposal")
    return re.sub(r"(/proposals/\d+).*", r"\1", page.url)


def test_two_people_write_one_section_and_lose_nothing(people: People) -> None:
    ada, felix = people.named(LEADER), people.named(COLLEAGUE)
    proposal = begun(ada)
    saves(ada, lambda: ada.get_by_label("Title", exact=True).fill("Seeing shelves"))
    a_colleague_is_invited_and_accepts(ada, felix)
    felix.goto(f"{proposal}/edit/summary")
    ada.goto(f"{proposal}/edit/summary")
    expect(ada.locator("[data-others]")).to_have_text("Dr Felix Placeholder is in “Title and abstract”.")
    saves(ada, lambda: ada.get_by_label("Abstract").fill(FIRST))
    both_texts_are_shown_to_who_was_slower(felix)
    ada_meets_what_felix_saved(ada)
    other_sections_do_not_collide(ada, felix)


def a_colleague_is_invited_and_accepts(leader: Page, colleague: Page) -> None:
    section(leader, "Team")
    leader.get_by_label("Name", exact=True).fill("Dr Felix Placeholder")
    leader.get_by_label("E-mail address").fill(COLLEAGUE)
    leader.get_by_label("University or company").fill("The university")
    leader.get_by_label("Co-investigator").check()
    press(leader, "Send the invitation")
    colleague.goto("/proposals")
    expect(colleague.get_by_role("row", name="Seeing shelves")).to_contain_text("Invited · Co-investigator")
    open_link(colleague, "Seeing shelves")
    press(colleague, "Accept")
    expect(colleague.get_by_text("You are on the team.", exact=True)).to_be_visible()


def both_texts_are_shown_to_who_was_slower(page: Page) -> None:
    with page.expect_response(by_itself) as answered:
        page.get_by_label("Abstract").fill(SECOND)
    assert answered.value.status == 409
    trouble = page.locator("[data-trouble]")
    expect(trouble).to_contain_text("Somebody saved this section at")
    expect(page.get_by_label("Abstract")).to_have_value(SECOND)
    with page.expect_navigation():
        trouble.get_by_role("button", name="Compare both texts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It changed meanwhile")
    expect(page.get_by_label("Abstract: yours")).to_have_value(SECOND)
    expect(page.get_by_label("Abstract: as it is now")).to_have_value(FIRST)
    page.get_by_label("Abstract: yours").fill(MERGED)
    press(page, "Save mine over it")
    expect(page.get_by_label("Abstract")).to_have_value(MERGED)
    expect(page.locator("[data-others]")).to_have_text("Dr Ada Example is in “Title and abstract”.")


def ada_meets_what_felix_saved(page: Page) -> None:
    with page.expect_response(by_itself) as answered:
        page.get_by_label("Abstract").press_sequentially("!")
    assert answered.value.status == 409
    expect(page.get_by_label("Abstract")).to_have_value(f"{FIRST}!")
    with page.expect_navigation():
        page.get_by_role("button", name="Compare both texts").click()
    expect(page.get_by_label("Abstract: as it is now")).to_have_value(MERGED)
    open_link(page, "Keep what is there now")
    expect(page.get_by_label("Abstract")).to_have_value(MERGED)


def other_sections_do_not_collide(ada: Page, felix: Page) -> None:
    section(ada, "Theme and keywords")
    section(felix, "Description")
    expect(felix.locator("[data-others]")).to_have_text("Dr Ada Example is in “Theme and keywords”.")
    saves(ada, lambda: ada.get_by_label("Keywords").fill("retail, sensing"))
    saves(felix, lambda: felix.get_by_label("Description").fill("What the shelf sees stays on the shelf."))
    saves(ada, lambda: ada.get_by_label("Keywords").fill("retail, sensing, privacy"))
    felix.reload()
    expect(felix.get_by_label("Description")).to_have_value("What the shelf sees stays on the shelf.")


def test_a_session_that_ends_while_writing_costs_no_word(people: People) -> None:
    page = people.named(LEADER)
    proposal = begun(page)
    saves(page, lambda: page.get_by_label("Abstract").fill(FIRST))
    other_tab = page.context.new_page()
    sign_out(other_tab)
    with page.expect_response(by_itself) as answered:
        page.get_by_label("Abstract").fill(MERGED)
    assert answered.value.status in (400, 401)
    trouble = page.locator("[data-trouble]")
    expect(trouble).to_contain_text("You are signed out. Nothing is lost: sign in again in a new tab")
    sign_in(other_tab, SOMEBODY_ELSE)
    come_back_to(page)
    expect(trouble).to_contain_text("Somebody else is signed in now.")
    sign_out(other_tab)
    with page.context.expect_page() as opened:
        trouble.get_by_role("link", name="Sign in in a new tab").click()
    with page.expect_response(lambda answer: by_itself(answer) and answer.ok):
        fill_sign_in(opened.value, LEADER)
        page.bring_to_front()
    expect(trouble).to_be_hidden()
    expect(page.get_by_label("Abstract")).to_have_value(MERGED)
    elsewhere = people.nobody()
    sign_in(elsewhere, LEADER)
    elsewhere.goto(f"{proposal}/edit/summary")
    expect(elsewhere.get_by_label("Abstract")).to_have_value(MERGED)
    saves(page, lambda: page.get_by_label("Abstract").fill(SECOND))


def test_a_connection_that_breaks_costs_no_word(people: People) -> None:
    page = people.named(LEADER)
    proposal = begun(page)
    page.context.set_offline(True)
    page.get_by_label("Abstract").fill(FIRST)
    trouble = page.locator("[data-trouble]")
    expect(trouble).to_contain_text("Not saved: no connection. It will be tried again; keep this page open.")
    with page.expect_response(by_itself):
        page.context.set_offline(False)
    expect(trouble).to_be_hidden()
    page.goto(f"{proposal}/edit/summary")
    expect(page.get_by_label("Abstract")).to_have_value(FIRST)


def test_a_button_pressed_while_a_save_is_under_way_saves_too(
    people: People, site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = people.named(LEADER)
    proposal = begun(page)
    monkeypatch.setattr(site, "wsgi_app", late(site.wsgi_app))
    abstract = page.get_by_label("Abstract")
    with page.expect_request(lambda request: "x-autosave" in request.headers):
        abstract.fill(FIRST)
    abstract.fill(MERGED)
    press(page, "Save and next")
    expect(page.get_by_role("heading", level=1)).to_have_text("Theme and keywords")
    page.goto(f"{proposal}/edit/summary")
    expect(page.get_by_label("Abstract")).to_have_value(MERGED)


def late(app: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application on a slow line: what a section that saves itself is answered comes a second later."""

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        answer = app(environ, start_response)
        if "HTTP_X_AUTOSAVE" not in environ:
            return answer
        body = b"".join(answer)
        time.sleep(1)
        return [body]

    return slow


def come_back_to(page: Page) -> None:
    """As somebody does who looks at this tab again; a window that nobody sees is not told by the browser."""
    page.bring_to_front()
    page.evaluate("() => dispatchEvent(new Event('focus'))")


def sign_out(page: Page) -> None:
    """From the menu of one's account."""
    page.goto("/account")
    page.get_by_role("banner").locator("details[data-menu] summary").click()
    page.get_by_role("banner").get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
