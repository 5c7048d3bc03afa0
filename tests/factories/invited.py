"""Requests to review in tests: P2 of the world, forwarded with a time to answer, and the links of the letters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.review import alternates
from intake.review.models import Assignment
from intake.review.operations import Asked, forward
from intake.vocabulary import ReviewerAnswer
from tests.factories import office as days
from tests.factories.office import Office
from tests.factories.team import letters_to, link_in
from tests.factories.world import complete

REPLY_BY = datetime(2099, 3, 8, 9, tzinfo=UTC)
DUE = datetime(2099, 3, 31, 9, tzinfo=UTC)
ASKED_ON = datetime(2099, 3, 1, 9, tzinfo=UTC)
"""Seven days to answer."""
REASON = "the only expert on queues"
TOO_BUSY = {"answer": "decline", "decline_reason": "too_busy", "answer_note": "Two theses to read."}


def invited(office: Office, *names: str, name: str = "P2") -> None:
    """P2 is forwarded to R3, who leads, and to F3, or to ``names``; they have not answered."""
    asked = names or ("R3", "F3")
    days.matched(office, name)

    def act() -> None:
        people = [Asked(office.w.people[each], lead=each == asked[0], override_reason=REASON) for each in asked]
        forward(complete(office.w, name), people, DUE, by=office.w.actor("C1"), reply_by=REPLY_BY)

    office.ask(act)


def link_of(office: Office, who: str) -> str:
    """The path of the newest link that asks somebody to review."""

    def newest() -> str:
        address = db.session.get_one(Person, office.w.people[who]).email
        return link_in([m for m in letters_to(address) if m.kind in ("review.invited", "review.reminded")][-1])

    found: str = office.ask(newest)
    return found


def line_up(office: Office, *names: str, name: str = "P2") -> None:
    """These are the alternates, in this order."""

    def act() -> None:
        for each in names:
            alternates.add(complete(office.w, name), office.w.people[each], by=office.w.actor("C1"))

    office.ask(act)


def answers_of(office: Office, name: str = "P2") -> dict[str, ReviewerAnswer]:
    """What each of the reviewers said, the newest of each."""
    who = {number: each for each, number in office.w.people.items()}
    rows = office.ask(
        lambda: db.session.execute(
            sa.select(Assignment.reviewer_id, Assignment.answer)
            .where(Assignment.proposal_id == office.w.proposals[name])
            .order_by(Assignment.id)
        ).all()
    )
    return {who[row[0]]: row[1] for row in rows}


def row_of(office: Office, who: str, name: str = "P2") -> dict[str, Any]:
    """The newest assignment of somebody, as plain values."""

    def read() -> dict[str, Any]:
        row = db.session.get_one(Assignment, office.assignment(name, who))
        return {column.name: getattr(row, column.name) for column in Assignment.__table__.columns}

    found: dict[str, Any] = office.ask(read)
    return found


def last_to(office: Office, who: str, kind: str) -> str:
    """Subject and text of the newest letter of a kind to somebody."""
    asked = sa.select(Message).where(Message.to_person_id == office.w.people[who], Message.kind == kind)

    def read() -> str:
        found = db.session.scalars(asked.order_by(Message.id.desc())).first()
        return f"{found.subject}\n{found.body_text}" if found else ""

    text: str = office.ask(read)
    return text


def page_of(office: Office, who: str, name: str = "P2", path: str = "") -> str:
    """The reviewer's page of a proposal."""
    return f"/reviews/{office.w.proposals[name]}{path}"
