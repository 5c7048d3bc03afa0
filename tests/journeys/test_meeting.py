"""A meeting in a browser: from the first plan over offered times and minutes to a match that moved; and a coordinator
with a conflict, who sees nothing of the item."""

from __future__ import annotations

import re
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar
from playwright.sync_api import Page, expect

from intake import clock
from intake.call.models import Call
from intake.conflict.models import Conflict
from intake.engine import writing
from intake.extensions import db
from intake.match.models import Pairing
from intake.meeting.models import Meeting
from intake.meeting.times import SATURDAY
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import ConflictKind, Declared, PairingKind, PairingState, Relation, State
from tests.journeys.acts import open_link, press
from tests.journeys.looking import STILL, wrong_with
from tests.journeys.people import People
from tests.journeys.writing import saves

OFFICE, CONFLICTED = "coordinator@example.org", "coordinator.hirp@example.org"
CONTACT = "sponsor.huawei@example.org"
NOTES = "They want to see the figures of the first rack."


def discussed(site: Flask) -> tuple[int, str, str, str, str]:
    """A received proposal of HIRP that one coordinator has a conflict with: its id, number, title, its call's code, and
    the address of who leads it."""
    with writing(), site.app_context():
        row = db.session.execute(
            sa.select(Proposal.id, Proposal.number, Proposal.title, Call.code, Person.email)
            .join(Proposal.call)
            .join(TeamMember, TeamMember.proposal_id == Proposal.id)
            .join(Person, Person.id == TeamMember.person_id)
            .where(
                Call.code.startswith("HIRP"),
                TeamMember.relation == Relation.PRINCIPAL,
                Proposal.title != "",
                Proposal.state.in_((State.SUBMITTED, State.ELIGIBLE, State.MATCHED)),
                Person.email.not_in((CONFLICTED,)),
                ~sa.exists().where(Pairing.proposal_id == Proposal.id),
            )
            .order_by(Proposal.id)
        ).first()
        assert row is not None
        person = db.session.scalars(sa.select(Person.id).where(Person.email == CONFLICTED)).one()
        declared = {"declared": Declared.CONFLICT, "kind": ConflictKind.PERSONAL}
        db.session.add(Conflict(proposal_id=row.id, person_id=person, **declared))
        found = row.id, row.number, row.title, row.code, row.email
        db.session.commit()
    return found


def name_of(site: Flask, email: str) -> str:
    with site.app_context():
        return str(db.session.scalars(sa.select(Person.name).where(Person.email == email)).one())


def planned(office: Page, code: str, number: str) -> str:
    """Planned, with the proposal on its agenda, the contact asked, and two times offered; gives its address."""
    office.goto(f"/desk/calls/{code}/meetings")
    assert wrong_with(office) == []
    open_link(office, "Plan a meeting")
    office.get_by_label("Title").fill("Round with the sponsor")
    office.get_by_role("textbox", name="Where").fill("Room P5")
    assert wrong_with(office) == []
    press(office, "Plan it")
    assert wrong_with(office) == []
    open_link(office, "Put an item on the agenda")
    choice = office.get_by_label("Proposal", exact=False).first.locator("option").filter(has_text=number)
    office.get_by_label("Proposal").first.select_option(choice.get_attribute("value"))
    office.get_by_label("In words").fill("A first look at a proposal")
    office.get_by_label("Time for it").fill("20")
    office.get_by_label("Theme").select_option(index=1)
    office.get_by_label("Contact of the sponsor").select_option(index=1)
    assert wrong_with(office) == []
    press(office, "Save")
    open_link(office, "Ask somebody")
    assert wrong_with(office) == []
    return office.url.removesuffix("/people")


def asked(office: Page, contact: str) -> None:
    """The contact is asked, put down for the item, and times are offered."""
    option = office.get_by_label("Person").locator("option").filter(has_text=contact)
    office.get_by_label("Person").select_option(option.get_attribute("value"))
    press(office, "Ask them")
    open_link(office, re.compile("^Change .*"))
    office.get_by_label(contact).check()
    press(office, "Save")
    open_link(office, "Offer times")
    days = (clock.now().date() + timedelta(days=10 + more) for more in range(5))
    for place, day in zip(("Time 1", "Time 2"), (each for each in days if each.weekday() < SATURDAY), strict=False):
        office.get_by_label(place).fill(f"{day.isoformat()}T15:00")
    assert wrong_with(office) == []
    press(office, "Offer them")
    assert wrong_with(office) == []


def answers(page: Page, *said: str) -> None:
    """Somebody finds the meeting under their name and says of each time whether it suits."""
    page.goto("/meetings")
    assert wrong_with(page) == []
    open_link(page, "Round with the sponsor")
    for group, word in zip(page.locator("main fieldset").all(), said, strict=True):
        group.get_by_label(word, exact=True).check()
    assert wrong_with(page) == []
    press(page, "Send the answer")
    expect(page.get_by_text("Thank you. You can change your answers")).to_be_visible()


def files(site: Flask) -> list[tuple[str, str, int, str]]:
    """Method, uid, sequence and title of each calendar file that waits to be sent, as a parser reads them. Those of the
    demonstration count as sent."""
    waiting = sa.select(Message.calendar).where(Message.calendar != "", Message.sent_at.is_(None))
    with site.app_context():
        texts = db.session.scalars(waiting.order_by(Message.id)).all()
    read = []
    for each in texts:
        found = Calendar.from_ical(each)
        (event,) = found.walk("VEVENT")
        read.append((str(found["METHOD"]), str(event["UID"]), int(event["SEQUENCE"]), str(event["SUMMARY"])))
    return read


def time_comes(site: Flask) -> None:
    """The meeting began an hour ago."""
    with writing(), site.app_context():
        found = db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc()).limit(1)).one()
        found.begins_at = clock.now() - timedelta(hours=1)
        db.session.commit()


def test_from_offered_times_to_minutes_to_a_moved_match(people: People, site: Flask) -> None:
    proposal_id, number, title, code, email = discussed(site)
    office, applicant, contact = (people.named(who, **STILL) for who in (OFFICE, email, CONTACT))
    place = planned(office, code, number)
    asked(office, name_of(site, CONTACT))

    answers(contact, "Yes", "No")
    expect(contact.get_by_text("A first look at a proposal")).to_be_visible()
    assert title not in contact.content()
    answers(applicant, "If need be", "Yes")
    expect(applicant.get_by_role("link", name=title)).to_be_visible()

    office.goto(place)
    first = office.get_by_role("row").nth(1).locator("td.digits")
    assert first.all_inner_texts()[:3] == ["1", "1", "0"], "yes, if need be, no"
    office.get_by_role("main").get_by_role("link", name=re.compile("^Choose [0-9]")).first.click()
    assert wrong_with(office) == []
    press(office, "This time")
    expect(office.get_by_text("The time stands; everybody who is asked gets a letter.")).to_be_visible()
    assert {(method, sequence, name) for method, _, sequence, name in files(site)} == {
        ("REQUEST", 0, "Round with the sponsor")
    }
    assert len({uid for _, uid, _, _ in files(site)}) == 1

    time_comes(site)
    office.goto(place)
    open_link(office, re.compile("^Minutes and outcome"))
    saves(office, lambda: office.get_by_label("Minutes").fill(NOTES))
    assert wrong_with(office) == []
    office.get_by_label("Matched", exact=True).check()
    office.get_by_label("Note", exact=False).last.fill("They agreed at once.")
    press(office, "Record the outcome")
    office.get_by_label("What is to be done").fill("Send the figures")
    owner = office.get_by_label("By whom")
    owner.select_option(owner.locator("option").filter(has_text=name_of(site, email)).get_attribute("value"))
    press(office, "Note the action")
    assert wrong_with(office) == []
    office.goto(place)
    press(office, "It was held")
    expect(office.get_by_text("Held", exact=True)).to_be_visible()
    assert wrong_with(office) == []

    with site.app_context():
        pairings = db.session.execute(
            sa.select(Pairing.kind, Pairing.state).where(Pairing.proposal_id == proposal_id)
        ).all()
    assert [tuple(each) for each in pairings] == [(PairingKind.CONTACT, PairingState.MATCHED)]

    applicant.goto(place)
    expect(applicant.get_by_text(NOTES)).to_be_visible()
    assert "They agreed at once." not in applicant.content()
    applicant.goto("/meetings/actions")
    assert wrong_with(applicant) == []
    press(applicant, "Done Send the figures")
    expect(applicant.get_by_text("Nothing is left to do.")).to_be_visible()

    conflicted = people.named(CONFLICTED, **STILL)
    conflicted.goto(place)
    expect(conflicted.get_by_text("An item of 20 minutes")).to_be_visible()
    for hidden in (title, number, "A first look at a proposal", NOTES, name_of(site, email), "Send the figures"):
        assert hidden not in conflicted.content(), hidden
    conflicted.goto(f"{place}/paper")
    assert title not in conflicted.content()
    assert wrong_with(conflicted) == []


def test_a_calendar_is_made_and_revoked(people: People) -> None:
    page = people.named("faculty2@example.org", **STILL)
    page.goto("/account")
    open_link(page, "Make or revoke it")
    assert wrong_with(page) == []
    press(page, "Make an address")
    assert wrong_with(page) == []
    address = page.locator("#calendar-address").inner_text()
    reply = page.request.get(address)
    assert (reply.status, reply.headers["content-type"].split(";")[0]) == (200, "text/calendar")
    assert Calendar.from_ical(reply.body()) is not None
    press(page, "Revoke the address")
    assert page.request.get(address).status == 404
