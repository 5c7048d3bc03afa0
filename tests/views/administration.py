"""A small office in the tests of the administrator's pages: its people, a call, proposals, a conflict."""

from __future__ import annotations

from typing import Any

from flask import Flask

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.people.models import Department
from intake.policy import Actor, Grant
from intake.programme.models import Office, Programme, Sponsor
from intake.proposal.models import Proposal
from intake.vocabulary import ConflictKind, Currency, Declared, ProgrammeKind, Role, State
from tests.people.somebody import somebody

SECRET_TITLE = "Braided photons in molten glass"
PAGES = [
    "/administration",
    "/administration/people",
    "/administration/people/invite",
    "/administration/programmes",
    "/administration/office",
    "/administration/log",
    "/administration/log/chain",
    "/administration/mail",
    "/administration/conflicts",
]


def a_world(app: Flask) -> dict[str, int]:
    """An office with a programme, a call, a received proposal with a conflict, a draft, and an administrator."""
    with app.app_context():
        db.session.add(
            Office(id=1, name="Office of Calls", short="OC", institution="A University", time_zone="Asia/Hong_Kong")
        )
        sponsor = Sponsor(code="ALBA", name="Alba", time_zone="UTC")
        department = Department(code="COMP", name="Computing")
        db.session.add_all([sponsor, department])
        db.session.flush()
        programme = Programme(
            code="AIR",
            sponsor_id=sponsor.id,
            name="Alba Research",
            kind=ProgrammeKind.RESEARCH_PROJECT,
            purpose="Good work.",
        )
        db.session.add(programme)
        db.session.flush()
        call = Call(code="AIR-1", programme_id=programme.id, title="The first round", currency=Currency.USD)
        db.session.add(call)
        db.session.commit()
        ids = {"sponsor": sponsor.id, "department": department.id, "programme": programme.id, "call": call.id}
    ids["ada"] = somebody(app, "ada@example.edu", Grant(Role.ADMINISTRATOR), name="Ada Adminson")
    ids["rita"] = somebody(app, "rita@example.edu", Grant(Role.REVIEWER), name="Rita Reviewer")
    with app.app_context():
        received = a_proposal(ids["call"], "AIR-1-0001", State.SUBMITTED)
        draft = a_proposal(ids["call"], None, State.DRAFT)
        db.session.add_all([received, draft])
        db.session.flush()
        conflict = Conflict(
            proposal_id=received.id, person_id=ids["rita"], declared=Declared.CONFLICT, kind=ConflictKind.PERSONAL
        )
        db.session.add(conflict)
        by = Actor(ids["rita"])
        record("proposal.submit", "proposal", received.id, by=by, was="draft", became="submitted", note=SECRET_TITLE)
        record("proposal.started", "proposal", draft.id, by=by, became="draft")
        db.session.commit()
        ids |= {"received": received.id, "draft": draft.id, "conflict": conflict.id}
    return ids


def a_proposal(call_id: int, number: str | None, state: State) -> Proposal:
    received = {"submitted_at": clock.now()} if number else {}
    return Proposal(call_id=call_id, number=number, state=state, title=SECRET_TITLE, abstract=SECRET_TITLE, **received)


def details(**changes: Any) -> dict[str, Any]:
    sent = {"name": "Nell New", "name_zh": "", "email": "nell@example.edu", "department_id": "", "organisation": ""}
    return sent | {"appointment": "staff", "expertise": ""} | changes


ODD = ["", "x" * 100_000, "\x00", "\x1b", "\uffff", "\u202e", "שלום", "𠮷" * 300, "9" * 400, "-1", "9" * 19]
