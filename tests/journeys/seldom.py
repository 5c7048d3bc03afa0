"""What the demonstration has no cause for, made in a copy of it: a call in preparation with a form of its own and every
check, an open one with places, waivers and more time, drafts with every kind of answer, requests and links by mail."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app

from intake import clock
from intake.allowance.models import Extension
from intake.allowance.waiving import waive
from intake.call import form_versions, queries
from intake.call.models import Call
from intake.call.preparing import announce, next_stage, prepare
from intake.call.rules import Written, add_rule
from intake.call.themes import Wanted, set_themes
from intake.conversation.operations import write as write_message
from intake.endorsement.operations import ask as ask_supervisor
from intake.engine import writing
from intake.extensions import db
from intake.form.building import add_question
from intake.form.definition import Kind, Label
from intake.notification.models import Message
from intake.people.models import Person
from intake.policy import Actor
from intake.programme.models import Programme
from intake.proposal.checks import CATALOGUE
from intake.proposal.handing_over import ask as ask_to_hand_over
from intake.proposal.models import Proposal
from intake.proposal.operations import send_back, submit
from intake.proposal.team import add_member
from intake.proposal.writing import write
from intake.slot.noticing import give_notice
from intake.vocabulary import Region, Relation, State
from intake.workday.models import WorkingDay
from tests.factories.forms import DEFINITION, asked, give_form, section
from tests.factories.people import actor, draft, whole
from tests.factories.team import accepted

OFFICE, LEADER, COLLEAGUE = "coordinator@example.org", "faculty@example.org", "faculty2@example.org"
STUDENT, SUPERVISOR, OUTSIDE = "maya.muster@comp.example.org", "tara.example@comp.example.org", "noor@uni.example.com"


def option(key: str, label: str) -> dict[str, Any]:
    """One option of a choice, in both languages."""
    return {"key": key, "label": {"en": label, "zh": f"選項 {key}"}}


THERE = {"all": [{"question": "place", "is": "equals", "value": "there"}]}
MORE = section(
    "more",
    "All the rest",
    asked("months", "number", "Months of work", number={"least": "1", "most": "36", "unit": "months"}),
    asked("own_money", "money", "Own money", listed=True),
    asked("place", "choice", "Where?", options=[option("here", "Here"), option("there", "There")]),
    asked("means", "choices", "With what?", options=[option(f"m{n}", f"Means {n}") for n in range(9)]),
    asked("partners", "people", "Partners", rows={"least": 1}),
    asked("story", "rich_text", "The story", limit=200, unit="words"),
    asked("sure", "declaration", "I am sure"),
    asked("theme_id", "theme", "Theme"),
    asked("there_since", "date", "Since when?", show_if=THERE),
)
"""The kinds of question that the form of the factories has not got."""
ANSWERS: dict[str, Any] = {
    "title": "A proposal with every kind of answer",
    "abstract": "Five words and no more",
    "company_takes_part": True,
    "which_company": {"name": "Muster Optics", "ror": "https://ror.org/0030zas98"},
    "costs": {
        "lines": [
            {"category": "staff", "year": 1, "amount_minor": 1_200_000, "justification": "One assistant"},
            {"category": "travel", "year": 2, "amount_minor": 300_000, "justification": "Two visits"},
        ]
    },
    "steps": [
        {"title": "Design", "due": "2028-03-01", "deliverable": "A report"},
        {"title": "Prototype", "due": "2028-11-01", "deliverable": "A machine"},
    ],
    "begins": "2028-01-01",
    "months": "12",
    "own_money": 5_000_000,
    "place": "there",
    "means": ["m1", "m2"],
    "partners": [
        {"name": "Dr Noor Sample", "organisation": "Example University", "email": OUTSIDE, "orcid": "", "ror": ""}
    ],
    "story": "It *begins* here.\n\n- one\n- two",
    "sure": True,
    "there_since": "2020-01-01",
}


@dataclass(frozen=True, slots=True)
class Seldom:
    """Where each of these pages is."""

    in_preparation: str
    running: str
    selected: int
    received: int
    written: int
    empty: int
    by_link: tuple[str, ...]


def make(site: Flask) -> Seldom:
    """All of it, in the copy of the demonstration that ``site`` serves."""
    with site.app_context(), writing():
        office = _who(OFFICE)
        preparing = _in_preparation(office)
        running = _running(office)
        selected = _selected_with_a_next_stage(office)
        received = _received_twice(running, office)
        written = _written(running)
        empty = draft(_call(running), _person(COLLEAGUE)).id
        _allow(running, office)
        _endorsement_asked(office)
        db.session.add(WorkingDay(region=Region.HONG_KONG, day=date(2027, 2, 8), working=True, name="The office works"))
        db.session.commit()
        links = (_link(OUTSIDE), _link(SUPERVISOR))
    return Seldom(preparing, running, selected, received, written, empty, links)


def _person(email: str) -> Person:
    return db.session.scalars(sa.select(Person).where(Person.email == email)).one()


def _who(email: str) -> Actor:
    return actor(_person(email))


def _call(code: str) -> Call:
    found = queries.to_set_up(code)
    assert found is not None
    return found


def _new(code: str, title: str, office: Actor) -> Call:
    programme = db.session.scalars(sa.select(Programme).where(Programme.code == "HIRP")).one()
    programme = db.session.get_one(Programme, programme.id)
    return prepare(programme, code, title, by=office)


def _in_preparation(office: Actor) -> str:
    """A call with a rule of each check and a form whose second version is worked on."""
    _new("HIRP-2031", "A call in preparation", office)
    db.session.flush()
    for name in CATALOGUE:
        call = _call("HIRP-2031")
        facts = {"question": "months", "least": 1} if name == "answer-between" else {}
        add_rule(
            call,
            Written(f"A rule with the check {name}.", "Page 1", check_name=name, facts=facts),
            version=call.version,
            by=office,
        )
    call = _call("HIRP-2031")
    set_themes(call, [Wanted(None, "Optics", "光學"), Wanted(None, "Networks")], version=call.version, by=office)
    give_form(call, {"sections": [*DEFINITION["sections"], MORE]})
    db.session.expire_all()
    call = _call("HIRP-2031")
    seen = form_versions.edition(form_versions.present(call))
    form_versions.change(
        call, lambda form: add_question(form, "more", Kind.SHORT_TEXT, Label("One more")), seen=seen, by=office
    )
    return call.code


def _running(office: Actor) -> str:
    """An open call with the same form, few places, and a rule to waive."""
    call = _new("HIRP-2032", "A call with few places", office)
    now = clock.now()
    call.opens_at, call.closes_at = now - timedelta(days=3), now + timedelta(days=20)
    call.check_by_at, call.sponsor_deadline_at = now + timedelta(days=25), now + timedelta(days=30)
    call.notice_due_at, call.slots, call.summary = now + timedelta(days=2), 1, "Few are taken."
    db.session.flush()
    call = _call("HIRP-2032")
    add_rule(call, Written("At most ten pages.", "Page 2", check_name="page-limit"), version=call.version, by=office)
    give_form(call, {"sections": [*DEFINITION["sections"], MORE]})
    db.session.expire_all()
    call = _call("HIRP-2032")
    set_themes(call, [Wanted(None, "Optics", "光學")], version=call.version, by=office)
    call = _call("HIRP-2032")
    announce(call, version=call.version, by=office)
    for email in (LEADER, COLLEAGUE):
        give_notice(_call("HIRP-2032"), title="Light", about="For halls.", theme_id=None, by=_who(email))
    return call.code


def _selected_with_a_next_stage(office: Actor) -> int:
    """A selected proposal of the demonstration, whose call gets a next stage that is open."""
    number = db.session.scalars(
        sa.select(sa.func.max(Proposal.id)).where(Proposal.state == State.SELECTED, Proposal.number.is_not(None))
    ).one()
    first = queries.to_set_up(db.session.get_one(Call, db.session.get_one(Proposal, number).call_id).code)
    assert first is not None
    stage = next_stage(first, f"{first.code}-FULL", "The full proposals", "Full proposal", by=office)
    now = clock.now()
    stage.opens_at, stage.closes_at, stage.summary = (
        now - timedelta(days=1),
        now + timedelta(days=30),
        "The next stage.",
    )
    db.session.flush()
    stage = _call(stage.code)
    announce(stage, version=stage.version, by=office)
    return number


def _filled(code: str, email: str, **answers: Any) -> Proposal:
    call = _call(code)
    return draft(call, _person(email), **{**ANSWERS, "theme_id": call.themes[0].id, **answers})


def _received_twice(code: str, office: Actor) -> int:
    """A proposal that was returned and submitted again, with messages on both sides."""
    leader = _who(COLLEAGUE)
    proposal = _filled(code, COLLEAGUE)
    submit(whole(proposal.id), by=leader)
    send_back(whole(proposal.id), "Please mend the steps.", ["more"], clock.now() + timedelta(days=5), by=office)
    again = whole(proposal.id)
    write(again, {"months": "18", "means": ["m3"]}, version=again.version, by=leader)
    submit(whole(proposal.id), by=leader)
    store = current_app.extensions["store"]
    write_message(whole(proposal.id), "May we add a figure?", store=store, by=leader)
    write_message(whole(proposal.id), "Yes, gladly.", store=store, by=office)
    return proposal.id


def _written(code: str) -> int:
    """A draft with every kind of answer, somebody invited from outside, and a request to hand it over."""
    leader = _who(LEADER)
    proposal = _filled(code, LEADER)
    add_member(
        whole(proposal.id),
        name="Dr Noor Sample",
        email=OUTSIDE,
        organisation="Example University",
        relation=Relation.CO_INVESTIGATOR,
        by=leader,
    )
    colleague = _person(COLLEAGUE)
    accepted(proposal, colleague)
    ask_to_hand_over(whole(proposal.id), colleague.id, "She carries the work.", by=leader)
    return proposal.id


def _allow(code: str, office: Actor) -> None:
    """A waiver and more time for somebody, and a waiver that was there before."""
    call, person = _call(code), _person(LEADER)
    db.session.refresh(person, ["grants"])
    waive(call, call.rules[0].code, person, "The sponsor agreed by letter.", by=office)
    db.session.add(
        Extension(
            call_id=call.id,
            person_id=person.id,
            until=call.closes_at + timedelta(days=2),
            reason="Ill for a week.",
            granted_by_id=office.id,
        )
    )
    db.session.flush()


def _endorsement_asked(office: Actor) -> None:
    """A student's application that waits for the supervisor."""
    call = _call("RI-2021")
    add_rule(call, Written("Endorsed.", "Page 3", check_name="supervisor-endorsed"), version=call.version, by=office)
    proposal = draft(_call("RI-2021"), _person(STUDENT))
    ask_supervisor(whole(proposal.id), "Prof. Tara Example", SUPERVISOR, by=_who(STUDENT))


def _link(address: str) -> str:
    text = db.session.scalars(
        sa.select(Message.body_text).where(Message.to_address == address).order_by(Message.id.desc())
    ).first()
    found = re.search(r"https?://[^/\s]+(/\S+)", text or "")
    assert found, address
    return found[1]
