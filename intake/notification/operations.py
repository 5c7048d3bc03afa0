"""What may happen to mail: it is written into the outbox, in the same transaction as what it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from intake import clock
from intake.extensions import db
from intake.notification.letters import Letter, desk, worded
from intake.notification.models import Message
from intake.vocabulary import Limit

WRITTEN = "mail written"
"""Key of ``session.info`` that is set once a transaction wrote mail, so that the gate wakes the worker after it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A letter and where it goes."""

    letter: Letter
    to: str
    name: str = ""
    person_id: int | None = None
    proposal_id: int | None = None


class Addressee(Protocol):
    """Somebody with an address."""

    id: int
    email: str
    name: str


def tell(
    people: Iterable[Addressee], letter: Letter, *, proposal_id: int | None = None, not_before: datetime | None = None
) -> list[Message]:
    """Write the letter to each of ``people`` (each once, in order of id).

    Records: a message a person, with its Message-ID. Returns: the messages.
    """
    each_once = {person.id: person for person in people}
    return [
        post(letter, to=each.email, name=each.name, person_id=key, proposal_id=proposal_id, not_before=not_before)
        for key, each in sorted(each_once.items())
    ]


def post(
    letter: Letter,
    *,
    to: str,
    name: str = "",
    person_id: int | None = None,
    proposal_id: int | None = None,
    not_before: datetime | None = None,
    calendar: str = "",
) -> Message:
    """Write the letter to one address, with an iCalendar file if one goes with it. Records: a message. Returns: it."""
    message = Message(**_row(Envelope(letter, to, name, person_id, proposal_id), not_before), calendar=calendar)
    db.session.add(message)
    db.session().info[WRITTEN] = True
    return message


def post_all(envelopes: Iterable[Envelope]) -> None:
    """Write many letters. Records: a message each. Statements: 1, however many there are."""
    rows = [_row(each) for each in envelopes]
    if rows:
        db.session.execute(sa.insert(Message), rows)
        db.session().info[WRITTEN] = True


def _row(envelope: Envelope, not_before: datetime | None = None) -> dict[str, Any]:
    letter = envelope.letter
    subject, text, html = worded(letter, envelope.name, _office())
    return {
        "message_id": f"<{secrets.token_hex(16)}@{desk.sender.rpartition('@')[2]}>",
        "to_person_id": envelope.person_id,
        "to_address": envelope.to,
        "kind": letter.kind,
        "subject": subject[: Limit.TITLE],
        "body_text": text,
        "body_html": html,
        "proposal_id": envelope.proposal_id,
        "secret": letter.secret,
        "created_at": clock.now(),
        "not_before": not_before or clock.now(),
    }


def preview(letter: Letter, name: str) -> tuple[str, str]:
    """Subject and plain text of the letter to somebody of that name, exactly as ``post`` would write them."""
    subject, text, _ = worded(letter, name, _office())
    return subject[: Limit.TITLE], text


def _office() -> str:
    """The name that signs letters, read once a transaction."""
    info = db.session().info
    if "office name" not in info:
        row = db.session.execute(sa.text("SELECT name, institution FROM office")).first()
        info["office name"] = f"{row.name}, {row.institution}" if row else "Intake"
    name: str = info["office name"]
    return name
