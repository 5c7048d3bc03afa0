"""What tests of reviewers and sponsors share: the filled-in form, the mail that was written, a page's own words."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import sqlalchemy as sa
from flask import Flask

from intake.audit.models import Event
from intake.extensions import db
from intake.notification.models import Message
from intake.review.models import Review
from tests.factories.world import BEGAN, World

LATER = BEGAN + timedelta(days=2)
"""When the tests look at the world: reviews are due in thirteen days."""


def answers(app: Flask, world: World, score: object = 3, call: str = "A", **changes: Any) -> dict[str, Any]:
    """A whole review as its form sends it; ``changes`` replace fields, None leaves one out."""
    from intake.call.models import Criterion

    with app.app_context():
        ids = db.session.scalars(
            sa.select(Criterion.id).where(Criterion.call_id == world.calls[call]).order_by(Criterion.position)
        ).all()
    whole = {f"criterion_{number}": str(score) for number in ids} | {
        "recommendation": "forward",
        "for_applicant": "Clear and feasible.",
        "for_office": "A word aside.",
        "version": "0",
        "and": "submit",
    }
    return {name: value for name, value in (whole | changes).items() if value is not None}


def stored(app: Flask, world: World, proposal: str, reviewer: str) -> Review | None:
    """The review as it is kept, standing or not, with its scores loaded."""
    with app.app_context():
        found = db.session.scalars(
            sa.select(Review)
            .join(Review.assignment)
            .where(
                sa.text("assignment.proposal_id = :p AND assignment.reviewer_id = :r").bindparams(
                    p=world.proposals[proposal], r=world.people[reviewer]
                )
            )
            .options(sa.orm.selectinload(Review.scores))
        ).one_or_none()
        db.session.expunge_all()
        return found


def told(app: Flask, kind: str) -> list[tuple[str, str]]:
    """The letters of that kind, oldest first: to whom, and subject with body."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id)).all()
        return [(each.to_address, f"{each.subject}\n{each.body_text}") for each in rows]


def events(app: Flask, action: str) -> list[tuple[int | None, str]]:
    """The log's entries of that kind: who, and the note."""
    with app.app_context():
        rows = db.session.scalars(sa.select(Event).where(Event.action == action).order_by(Event.position)).all()
        return [(each.actor_id, each.note) for each in rows]


def words(html: str) -> str:
    """What a reader of the page's main part reads, blanks single."""
    main = re.search(r"<main.*?</main>", html, re.DOTALL)
    bare = re.sub(r"<[^>]+>", " ", main[0] if main else html)
    return " ".join(unescape(bare).split())


def same_page(one: str, other: str) -> bool:
    """Whether two pages differ in nothing but their address and tokens."""
    return _without_tokens(one) == _without_tokens(other)


def _without_tokens(html: str) -> str:
    bare = re.sub(r'X-CSRFToken": "[^"]+"|value="[^"]{40,}"|http://[^<"]+', "", html)
    return re.sub(r"/(reviews|packets)/\d+", "", bare)
