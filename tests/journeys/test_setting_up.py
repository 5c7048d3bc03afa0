"""A call like HIRP OPEN 2020 is set up from nothing, opened, found, and answered, by clicks and typing alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.journeys.acts import main_text, open_link, press, reads
from tests.journeys.people import People, sign_in
from tests.journeys.preparing import (
    add_question,
    add_rule,
    ask_only_if,
    begin_call,
    draw,
    from_now,
    open_call,
    paste_themes,
    publish_form,
    questions,
    remove_question,
    said,
    set_basics,
    set_dates,
    stands,
)
from tests.journeys.texts import ABSTRACT, DESCRIPTION, TITLE
from tests.journeys.writing import saves, section

OFFICE, OTHER_OFFICE, FACULTY = "coordinator@example.org", "coordinator.air@example.org", "faculty@example.org"
HIRP = "Huawei Innovation Research Program (OPEN) (HIRP)"
ABOUT = "Open research in information and communication technology, with thirteen themes."
THEMES = [
    "Advanced Semiconductor Technology",
    "Compiler & Programming Language",
    "BlockChain",
    "Software Engineering",
    "Operation System",
    "Engineering Technology",
    "Data Management and Process",
    "Wireless Communication Technology",
    "Future Networks",
    "Optical Technology Computing Technology",
    "BigData & Artificial Intelligence",
    "Media Technology",
    "Storage Technology",
]
RULES = [
    ("Full-time faculty", "The principal investigator is a full-time faculty member.", "Announcement of 2016, 2.1"),
    ("Own work", "Faculty do not apply on behalf of students.", "Announcement of 2016, 2.2"),
    ("Running projects with the sponsor", "Whoever runs two projects waits for one to end.", "Announcement, 2.3"),
    ("One university only", "No joint proposal of several universities.", "Announcement of 2016, 2.4"),
    ("Nothing confidential", "The proposal holds nothing proprietary.", "Announcement of 2016, 5"),
    ("Award cap", "The amount asked for is within the award cap of the call.", "The sponsor's page"),
]
ASKED = [
    "Title",
    "Abstract",
    "Theme",
    "Description",
    "Amount asked for",
    "Duration",
    "Have you worked with the sponsor before?",
    "On what, and with whom?",
    "What the work leads to",
    "When the prototype runs",
]
DECLARED = [
    "It holds nothing confidential or proprietary: the sponsor may treat all of it as public.",
    "I apply for my own work, not on behalf of a student or of anybody who may not apply.",
    "No other university takes part as an applicant.",
]
TOGETHER = "A study of memories with their laboratory in 2019, with one engineer."


def test_a_call_is_set_up_previewed_opened_and_answered(people: People) -> None:
    office = people.named(OFFICE, reduced_motion="reduce")  # a page that glides to its place cannot be drawn on
    begin_call(office, HIRP, "HIRP-2027", "HIRP OPEN 2027")
    set_basics(office, ABOUT, "USD", cap="70,000", source="The sponsor's page, 2026")
    stands(office, "Basics", "Up to USD 70,000, 12 to 24 months")
    thirteen_themes_are_pasted(office)
    six_rules_are_written(office)
    a_form_of_ten_questions_is_built(office)
    dates = the_dates_are_set(office)
    it_is_previewed(office, dates)
    nobody_else_sees_it(people)
    open_call(office, "HIRP OPEN 2027")
    faculty = people.named(FACULTY)
    it_is_found_and_begun(faculty)
    each_section_saves_itself(people, faculty)
    it_is_checked_and_submitted(faculty)
    the_office_reads_it(office)


def thirteen_themes_are_pasted(page: Page) -> None:
    paste_themes(page, THEMES)
    expect(page.get_by_role("list", name="Themes, in the order").get_by_role("listitem")).to_have_count(13)
    open_link(page, "Back to the set-up")
    stands(page, "Themes", "13 themes")


def six_rules_are_written(page: Page) -> None:
    open_link(page, "Rules")
    expect(page.get_by_text("No rules yet")).to_be_visible()
    for rule in RULES:
        add_rule(page, *rule)
    expect(page.get_by_role("list", name="Rules, in the order").get_by_role("listitem")).to_have_count(6)
    open_link(page, "Back to the set-up")
    stands(page, "Rules", "6 rules, 6 of them checked by themselves")


def a_form_of_ten_questions_is_built(page: Page) -> None:
    open_link(page, "Form")
    expect(page.get_by_role("main")).to_contain_text("Applicants answer the standard form.")
    remove_question(page, "Title in Chinese")
    remove_question(page, "Keywords")
    page.get_by_label("Name of the section").fill("Working together")
    press(page, "Add the section")
    page.get_by_role("button", name="Section up: Working together").press("Enter")
    expect(page.get_by_role("button", name="Section up: Working together")).to_be_focused()
    two_questions_decide_about_two_others(page)
    assert questions(page) == [*ASKED, *DECLARED]
    publish_form(page)
    expect(page.get_by_role("main")).to_contain_text("Applicants answer version 1.")
    open_link(page, "HIRP OPEN 2027")
    stands(page, "Form", "Version 1")


def two_questions_decide_about_two_others(page: Page) -> None:
    add_question(page, "What the work leads to", "Choice of one", "Working together")
    page.get_by_label("1. In English").fill("A publication")
    page.get_by_label("2. In English").fill("A prototype")
    press(page, "Save")
    add_question(page, "Have you worked with the sponsor before?", "Yes or no", "Working together")
    page.get_by_label("It must be answered before submitting").check()
    press(page, "Save")
    add_question(page, "On what, and with whom?", "Long text", "Working together")
    page.get_by_label("At most").fill("60")
    page.get_by_role("radio", name="words").check()
    page.get_by_label("It must be answered before submitting").check()
    page.get_by_label("The office and the reviewers").check()
    ask_only_if(page, "Have you worked with the sponsor before?", "is", "yes")
    press(page, "Save")
    add_question(page, "When the prototype runs", "Date", "Working together")
    ask_only_if(page, "What the work leads to", "is one of", "A prototype")
    press(page, "Save")
    draw(page, "What the work leads to", before="When the prototype runs")
    said_of = {each: page.locator("li[data-key]").filter(has=page.get_by_role("link", name=each)) for each in ASKED}
    expect(said_of["On what, and with whom?"]).to_contain_text(
        "Asked only if “Have you worked with the sponsor before?” is yes"
    )
    expect(said_of["When the prototype runs"]).to_contain_text(
        "Asked only if “What the work leads to” is one of “A prototype”"
    )


def the_dates_are_set(page: Page) -> dict[str, str]:
    dates = {
        "Opens": from_now(minutes=-1),
        "Closes": from_now(days=40),
        "Office check-by": from_now(days=50),
        "Sponsor's deadline": from_now(days=60),
    }
    set_dates(page, dates)
    text = main_text(page)
    for when in dates.values():
        assert said(when) in text
    open_link(page, "HIRP OPEN 2027")
    return dates


def it_is_previewed(page: Page, dates: dict[str, str]) -> None:
    stands(page, "Dates", f"Opens {said(dates['Opens'])}, closes {said(dates['Closes'])}")
    assert "Still missing" not in main_text(page)
    open_link(page, "Preview as an applicant")
    rules = [f"{text} Source: {source}" for _, text, source in RULES]
    reads(page, "Preview: nobody else sees this", ABOUT, "up to USD 70,000 each, 12 to 24 months", *THEMES, *rules)
    expect(page.get_by_role("button", name="Start a proposal")).to_be_disabled()
    open_link(page, "The form")
    what, when = page.get_by_label("On what, and with whom?"), page.get_by_label("When the prototype runs")
    expect(what).to_be_hidden()
    expect(when).to_be_hidden()
    page.get_by_role("group", name="Have you worked with the sponsor before?").get_by_label("Yes").check()
    expect(what).to_be_visible()
    expect(when).to_be_hidden()
    press(page, "Check")
    told = page.get_by_role("status")
    expect(told).to_contain_text("12 questions are asked, 1 is not")
    expect(told).to_contain_text("On what, and with whom?: Please fill this in.")
    expect(told).to_contain_text("When the prototype runs (only if “What the work leads to” is one of “A prototype”)")
    open_link(page, "HIRP OPEN 2027")


def nobody_else_sees_it(people: People) -> None:
    for page in (people.nobody(), people.named(FACULTY), people.named(OTHER_OFFICE)):
        page.goto("/")
        assert "HIRP OPEN 2027" not in main_text(page)
        for path in ("/calls/HIRP-2027", "/desk/calls/HIRP-2027/setup", "/desk/calls/HIRP-2027/form"):
            response = page.goto(path)
            assert response
            assert response.status == 404 or "/sign-in" in page.url, path
            assert "HIRP OPEN 2027" not in page.content()


def it_is_found_and_begun(page: Page) -> None:
    page.goto("/")
    open_link(page, "HIRP OPEN 2027")
    expect(page.get_by_role("list").filter(has_text=THEMES[0]).get_by_role("listitem")).to_have_count(13)
    press(page, "Start a proposal")
    expect(page.get_by_role("heading", level=1)).to_have_text("Title and abstract")


def each_section_saves_itself(people: People, page: Page) -> None:
    saves(page, lambda: page.get_by_label("Title", exact=True).fill(TITLE))
    saves(page, lambda: page.get_by_label("Abstract").fill(ABSTRACT))
    section(page, "Theme and keywords")
    saves(page, lambda: page.get_by_label("Theme").select_option(label=THEMES[1]))
    section(page, "Description")
    saves(page, lambda: page.get_by_label("Description").fill(DESCRIPTION))
    page.get_by_role("banner").get_by_role("link", name="My proposals").click()
    what_was_written_is_there_on_another_device(people)
    open_link(page, TITLE)
    open_link(page, "Go on writing")
    a_rule_is_told_while_one_writes(page)
    a_question_comes_and_goes(page)


def what_was_written_is_there_on_another_device(people: People) -> None:
    phone = people.nobody(viewport={"width": 390, "height": 800})
    sign_in(phone, FACULTY)
    phone.goto("/proposals")
    open_link(phone, TITLE)
    open_link(phone, "Go on writing")
    expect(phone.get_by_label("Title", exact=True)).to_have_value(TITLE)
    expect(phone.get_by_label("Abstract")).to_have_value(ABSTRACT)
    section(phone, "Theme and keywords")
    expect(phone.get_by_role("option", name=THEMES[1])).to_be_attached()
    assert phone.get_by_label("Theme").evaluate("field => field.selectedOptions[0].label") == THEMES[1]
    section(phone, "Description")
    expect(phone.get_by_label("Description")).to_have_value(DESCRIPTION)


def a_rule_is_told_while_one_writes(page: Page) -> None:
    section(page, "Budget and duration")
    cap = page.locator("#rules-card").get_by_role("listitem").filter(has_text=RULES[5][1])
    saves(page, lambda: page.get_by_label("Amount asked for").fill("90,000"))
    expect(cap).to_contain_text("Not met")
    saves(page, lambda: page.get_by_label("Amount asked for").fill("60,000"))
    expect(cap).to_contain_text("Met")
    saves(page, lambda: page.get_by_label("Duration").fill("18"))


def a_question_comes_and_goes(page: Page) -> None:
    section(page, "Working together")
    before = page.get_by_role("group", name=ASKED[6])
    what, when = page.get_by_label(ASKED[7]), page.get_by_label(ASKED[9])
    saves(page, before.get_by_label("No", exact=True).check)
    page.reload()
    expect(before.get_by_label("No", exact=True)).to_be_checked()
    expect(what).to_be_hidden()
    saves(page, before.get_by_label("Yes").check)
    expect(what).to_be_visible()
    saves(page, lambda: what.fill(TOGETHER))
    expect(when).to_be_hidden()
    saves(page, page.get_by_role("group", name=ASKED[8]).get_by_label("A prototype").check)
    expect(when).to_be_visible()
    saves(page, lambda: when.fill("2028-05-01"))
    saves(page, page.get_by_role("group", name=ASKED[8]).get_by_label("A publication").check)
    expect(when).to_be_hidden()


def it_is_checked_and_submitted(page: Page) -> None:
    section(page, "Check and submit")
    to_mend = page.get_by_role("region", name="To be mended").get_by_role("listitem")
    expect(to_mend).to_have_count(3)
    expect(page.get_by_role("button", name="Submit the proposal")).to_have_count(0)
    to_mend.filter(has_text=RULES[3][1]).get_by_role("link").click()
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        saves(page, box.check)
    section(page, "Check and submit")
    reads(page, "Everything is there", TITLE, ABSTRACT, DESCRIPTION[:11], THEMES[1], "USD 60,000", TOGETHER)
    expect(page.get_by_role("main")).not_to_contain_text(ASKED[9])
    press(page, "Submit the proposal")
    reads(page, "Received at", "under the number HIRP-2027-0001.")
    sha = re.search(r"\b[0-9a-f]{64}\b", main_text(page))
    assert sha
    open_link(page, re.compile("^Receipt 1"))
    reads(page, "HIRP-2027-0001", sha[0], TITLE, TOGETHER, *DECLARED)
    expect(page.get_by_role("main")).not_to_contain_text("2028")


def the_office_reads_it(page: Page) -> None:
    page.goto("/desk")
    page.get_by_role("region", name="HIRP OPEN 2027").get_by_role("link", name="HIRP OPEN 2027").click()
    open_link(page, TITLE)
    reads(page, "HIRP-2027-0001", TITLE, TOGETHER)
    expect(page.get_by_role("main")).not_to_contain_text("2028")
