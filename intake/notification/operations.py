"""What may happen to mail: it is written into the outbox, in the same transaction as what it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa

from intake import clock
from intake.extensions import db
from intake.notification.letters import Letter, desk, worded
from intake.notification.models import Message
from intake.vocabulary import Limit

WRITTEN = "mail written"
"""Key of ``session.info`` that is set once a transaction wrote mail, so that the gate wakes the worker after it."""


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
) -> Message:
    """Write the letter to one address. Records: a message. Returns: it."""
    subject, text, html = worded(letter, name, _office())
    message = Message(
        message_id=f"<{secrets.token_hex(16)}@{desk.sender.rpartition('@')[2]}>",
        to_person_id=person_id,
        to_address=to,
        kind=letter.kind,
        subject=subject[: Limit.TITLE],
        body_text=text,
        body_html=html,
        proposal_id=proposal_id,
        secret=letter.secret,
        created_at=clock.now(),
        not_before=not_before or clock.now(),
    )
    db.session.add(message)
    db.session().info[WRITTEN] = True
    return message


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
