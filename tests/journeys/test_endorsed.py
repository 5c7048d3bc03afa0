"""A fellowship and an internship are set up and applied for; a supervisor without an account endorses by a link."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from intake.extensions import db
from intake.notification.models import Message
from tests.journeys.acts import open_link, press, reads
from tests.journeys.people import People
from tests.journeys.preparing import add_rule, begin_call, from_now, open_call, set_basics, set_dates, stands
from tests.journeys.texts import ABSTRACT, DESCRIPTION, TITLE
from tests.journeys.writing import section

OFFICE = "coordinator@example.org"
SCHOLAR, STUDENT, FACULTY = "iris.sample@comp.example.org", "maya.muster@comp.example.org", "faculty@example.org"
SUPERVISOR = "tara.example@comp.example.org"
STATEMENT = "She has carried the compiler of our group for a year, and the internship is the right next step."


def set_up(page: Page, programme: str, code: str, title: str, months: tuple[int, int]) -> None:
    """A call of the programme with its basics and dates, open at its set-up."""
    begin_call(page, programme, code, title)
    set_basics(page, f"{title}, for one person.", "CNY", months=months)
    dates = {"Opens": from_now(minutes=-1), "Closes": from_now(days=20), "Sponsor's deadline": from_now(days=30)}
    set_dates(page, dates)
    open_link(page, title)
    stands(page, "Basics", f"CNY, {months[0]} to {months[1]} months")


def apply(page: Page, title: str) -> int:
    """From the first page to a proposal with everything in it that the person alone can write; gives its number."""
    page.goto("/")
    open_link(page, title)
    press(page, "Start a proposal")
    page.get_by_label("Title", exact=True).fill(TITLE)
    page.get_by_label("Abstract").fill(ABSTRACT)
    press(page, "Save and next")
    page.get_by_label("Keywords").fill("compilers")
    section_after_saving(page, "Description")
    page.get_by_label("Description").fill(DESCRIPTION)
    press(page, "Save and next")
    page.get_by_label("Amount asked for").fill("50,000")
    page.get_by_label("Duration").fill("6")
    press(page, "Save and next")
    section(page, "Check and submit")
    found = re.search(r"/proposals/(\d+)", page.url)
    assert found
    return int(found[1])


def section_after_saving(page: Page, name: str) -> None:
    press(page, "Save")
    section(page, name)


def test_a_fellowship_is_for_a_research_scholar(people: People) -> None:
    office = people.named(OFFICE)
    set_up(office, "Alibaba Research Fellow (ARF)", "ARF-2027", "ARF 2027", (6, 12))
    open_link(office, "Rules")
    rule = "The applicant is a research scholar of the university."
    add_rule(office, "Research scholar", rule, "The sponsor's guide, page 2")
    open_link(office, "Back to the set-up")
    open_call(office, "ARF 2027")
    professor = people.named(FACULTY)
    apply(professor, "ARF 2027")
    fault = professor.get_by_role("region", name="To be mended").get_by_role("listitem")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text(f"Rule of the call: {rule}")
    expect(fault).to_contain_text("Source: The sponsor's guide, page 2")
    expect(professor.get_by_role("button", name="Submit the proposal")).to_have_count(0)
    scholar = people.named(SCHOLAR)
    apply(scholar, "ARF 2027")
    press(scholar, "Submit the proposal")
    reads(scholar, "under the number ARF-2027-0001.")


def link_of_the_letter(site: Flask, address: str, kind: str) -> str:
    """The path in the newest letter of that kind to that address, as its reader alone gets it."""
    with site.app_context():
        newest = sa.select(Message.body_text).where(Message.to_address == address, Message.kind == kind)
        text = db.session.scalars(newest.order_by(Message.id.desc())).first()
    assert text, f"no {kind} to {address}"
    found = re.search(r"https?://[^/\s]+(/\S+)", text)
    assert found
    return found[1]


def test_an_internship_waits_for_the_supervisors_endorsement(people: People, site: Flask) -> None:
    office = people.named(OFFICE)
    set_up(office, "Alibaba Research Intern (RI)", "RI-2027", "RI 2027", (3, 12))
    stands(office, "Rules", "2 rules, 2 of them checked by themselves")
    open_call(office, "RI 2027")
    student = people.named(STUDENT)
    apply(student, "RI 2027")
    not_endorsed_it_cannot_be_submitted(student, "Your supervisor has not endorsed it yet.")
    student.get_by_role("region", name="To be mended").get_by_role("link").click()
    student.get_by_label("Supervisor's name").fill("Prof. Tara Example")
    student.get_by_label("Supervisor's e-mail address").fill(SUPERVISOR)
    press(student, "Ask for the endorsement")
    reads(student, "Prof. Tara Example (tara.example@comp.example.org) was asked at", "has not answered yet.")
    supervisor = people.nobody()
    supervisor.goto(link_of_the_letter(site, SUPERVISOR, "endorsement.asked"))
    the_supervisor_declines(supervisor)
    not_endorsed_it_cannot_be_submitted(student, "Your supervisor does not endorse it.")
    the_supervisor_endorses(supervisor)
    section(student, "Team")
    reads(student, "Prof. Tara Example (tara.example@comp.example.org) endorsed it at", STATEMENT)
    section(student, "Check and submit")
    press(student, "Submit the proposal")
    reads(student, "under the number RI-2027-0001.")
    supervisor.reload()
    reads(supervisor, "Your answer cannot be changed now.", STATEMENT)
    the_office_reads_the_statement(office)


def not_endorsed_it_cannot_be_submitted(page: Page, why: str) -> None:
    section(page, "Check and submit")
    fault = page.get_by_role("region", name="To be mended").get_by_role("listitem")
    expect(fault).to_have_count(1)
    expect(fault).to_contain_text(why)
    expect(page.get_by_role("button", name="Submit the proposal")).to_have_count(0)


def the_supervisor_declines(page: Page) -> None:
    """Without an account, by the link alone; what is not for the supervisor does not show."""
    reads(page, "Ms Maya Muster asks you, Prof. Tara Example, to endorse this proposal.", TITLE, ABSTRACT)
    expect(page.get_by_role("main")).not_to_contain_text("Statement of work")
    expect(page.get_by_role("banner").get_by_role("link", name="Sign in")).to_be_visible()
    page.get_by_label("I do not endorse it").check()
    press(page, "Send the answer")
    expect(page.get_by_role("alert")).to_contain_text("Statement: Please fill this in.")
    page.get_by_label("Statement").fill("Not before her examination.")
    press(page, "Send the answer")
    reads(page, "You answered. You can change it until the proposal is submitted.")


def the_supervisor_endorses(page: Page) -> None:
    page.get_by_label("I endorse it").check()
    page.get_by_label("Statement").fill(STATEMENT)
    press(page, "Change the answer")
    expect(page.get_by_label("Statement")).to_have_value(STATEMENT)


def the_office_reads_the_statement(page: Page) -> None:
    page.goto("/desk")
    page.get_by_role("region", name="RI 2027").get_by_role("link", name="RI 2027").click()
    open_link(page, TITLE)
    open_link(page, "Team")
    reads(page, "RI-2027-0001", "Prof. Tara Example", STATEMENT)
