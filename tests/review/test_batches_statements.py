"""Applying a batch holds the one write transaction: what it asks of the database grows little with its proposals."""

from __future__ import annotations

from flask import Flask

from intake.extensions import db
from intake.review import applying
from tests.factories.counting import statements
from tests.factories.matched import trial
from tests.review.test_batches import proposed

FOR_EACH = 24
"""Statements for each proposal with two reviewers: its rows are read for the lock and the policy, it moves, its
assignments and four letters are written. It was 60 while conflicts and loads were looked up for each pair."""


def sent(proposals: int) -> int:
    """How many statements applying a batch of so many proposals takes, the commit among them."""
    world = trial(proposals, 8, seed=proposals)
    batch, call, by = proposed(world), world.call, world.coordinator
    db.session.commit()
    with statements() as found:
        applying.apply(batch, call, by=by)
        db.session.commit()
    return len(found)


def test_a_proposal_more_takes_few_statements_more(room: Flask) -> None:
    few, many = sent(4), sent(12)
    assert (many - few) / 8 <= FOR_EACH
