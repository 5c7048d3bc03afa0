"""Every form works in a browser that runs no script at all."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.acts import fill_every_part, fill_review, main_text, open_link, press, reads
from tests.journeys.people import People
from tests.journeys.preparing import (
    add_question,
    ask_only_if,
    begin_call,
    from_now,
    open_call,
    publish_form,
    questions,
    set_dates,
    stands,
)
from tests.journeys.texts import FOR_OFFICE, remark


def window(people: People, email: str) -> Page:
    """That person's window, with scripts switched off."""
    return people.named(email, java_script_enabled=False)


def test_a_form_is_built_and_answered(people: People) -> None:
    office = window(people, "coordinator@example.org")
    begin_call(office, "Huawei Innovation Research Program (OPEN) (HIRP)", "HIRP-2028", "HIRP OPEN 2028")
    set_dates(office, {"Opens": from_now(minutes=-1), "Closes": from_now(days=20)})
    open_link(office, "HIRP OPEN 2028")
    open_link(office, "Form")
    questions_are_added_and_moved(office)
    publish_form(office)
    open_link(office, "HIRP OPEN 2028")
    stands(office, "Form", "Version 1")
    open_call(office, "HIRP OPEN 2028")
    page = window(people, "faculty@example.org")
    page.goto("/calls/HIRP-2028")
    press(page, "Start a proposal")
    a_choice_shows_a_question_once_it_is_saved(page)
    rows_are_added(page)
    open_link(page, "Check and submit")
    reads(page, "The laboratory in Shenzhen", "Dr Fay Muster", "Dr Gil Sample")


def questions_are_added_and_moved(page: Page) -> None:
    add_question(page, "Who takes part from outside?", "People", "Title and abstract")
    press(page, "Save")
    add_question(page, "Does a company take part?", "Yes or no", "Title and abstract")
    press(page, "Save")
    add_question(page, "Which part of it?", "Short text", "Title and abstract")
    ask_only_if(page, "Does a company take part?", "is", "yes")
    press(page, "Save")
    press(page, "Up: Does a company take part?")
    asked = ["Does a company take part?", "Who takes part from outside?", "Which part of it?"]
    assert questions(page)[:6] == ["Title", "Title in Chinese", "Abstract", *asked]


def a_choice_shows_a_question_once_it_is_saved(page: Page) -> None:
    page.get_by_label("Title", exact=True).fill("Written without scripts")
    which = page.get_by_label("Which part of it?")
    expect(which).to_be_hidden()
    page.get_by_role("group", name="Does a company take part?").get_by_label("Yes").check()
    press(page, "Save")
    expect(page.get_by_label("Title", exact=True)).to_have_value("Written without scripts")
    which.fill("The laboratory in Shenzhen")
    press(page, "Save")
    page.get_by_role("group", name="Does a company take part?").get_by_label("No", exact=True).check()
    press(page, "Save")
    expect(which).to_be_hidden()
    page.get_by_role("group", name="Does a company take part?").get_by_label("Yes").check()
    press(page, "Save")
    expect(which).to_have_value("The laboratory in Shenzhen")


def rows_are_added(page: Page) -> None:
    people = page.get_by_role("group", name="Who takes part from outside?")
    names = people.get_by_label("Name", exact=True)
    names.first.fill("Dr Fay Muster")
    before = names.count()
    press(page, "Add a person")
    assert names.count() > before
    expect(names.first).to_have_value("Dr Fay Muster")
    names.nth(before).fill("Dr Gil Sample")
    people.get_by_label("ORCID iD").nth(before).fill("0000-0002-1825-0098")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_contain_text("Who takes part from outside?")
    people.get_by_label("ORCID iD").nth(before).fill("0000-0002-1825-0097")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(names.nth(1)).to_have_value("Dr Gil Sample")


def test_a_proposal_is_started_submitted_screened_and_matched(people: People) -> None:
    page = window(people, "faculty2@example.org")
    page.goto("/calls/HIRP-2020")
    press(page, "Start a proposal")
    fill_every_part(page, page.url)
    open_link(page, "Check and submit")
    press(page, "Submit the proposal")
    number = re.search(r"under the number (HIRP-2020-\d{4})", main_text(page))
    assert number
    office = window(people, "coordinator@example.org")
    office.goto(f"/desk/calls/HIRP-2020/proposals?q={number[1]}")
    office.get_by_role("main").locator("a[data-open-row]").click()
    open_link(office, "Screen it")
    for box in office.get_by_role("group", name="Rules of the call that it meets").get_by_role("checkbox").all():
        box.check()
    press(office, "Accept as eligible")
    open_link(office, "Match it")
    office.get_by_role("radio", name="Ms Vera Placeholder").check()
    press(office, "Match it")
    expect(office.get_by_role("link", name="Forward to reviewers")).to_be_visible()


def test_a_review_is_declared_saved_and_submitted(people: People) -> None:
    page = window(people, "greta.sample@eie.example.org")
    page.goto("/reviews")
    page.get_by_role("main").locator("a[data-open-row]").first.click()
    press(page, "I have no conflict")
    fill_review(page, 3, "Keep it in reserve", remark("reviewer"), FOR_OFFICE)
    press(page, "Save draft")
    expect(page.get_by_label("For the office only")).to_have_value(FOR_OFFICE)
    press(page, "Submit")
    assert remark("reviewer") in main_text(page)
    expect(page.get_by_role("button", name="Save draft")).to_have_count(0)


def test_a_decision_is_released(people: People) -> None:
    page = window(people, "coordinator@example.org")
    page.goto("/desk/calls/HIRP-2020/proposals?state=decided")
    page.get_by_role("main").locator("a[data-open-row]").first.click()
    open_link(page, "Read the letter and release")
    page.get_by_label("I have read the letter and the list of who gets it").check()
    press(page, "Release it")
    expect(page.get_by_role("link", name="Read the letter and release")).to_have_count(0)


def test_a_sponsor_records_an_outcome(people: People) -> None:
    page = window(people, "sponsor.huawei@example.org")
    page.goto("/packets")
    page.get_by_role("main").locator("a[data-open-row]").first.click()
    open_link(page, "Record the outcome")
    page.get_by_label("We select it for funding").check()
    press(page, "Record the outcome")
    expect(page.get_by_role("alert")).to_contain_text("Amount awarded")
    page.get_by_label("Amount awarded").fill("50,000")
    page.get_by_label("Your reference").fill("HW-7")
    press(page, "Record the outcome")
    assert "HW-7" in main_text(page)
