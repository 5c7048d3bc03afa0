"""A generated call whose proposals wait for reviewers."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from intake.demo import generate_matched
from intake.extensions import db
from intake.match import affinity, stamps
from intake.match.models import Affinity, Match
from intake.people.models import Person
from intake.proposal.models import Move, Proposal
from intake.review.gathering import reviewers
from intake.review.models import Assignment
from intake.review.planning import propose
from intake.vocabulary import Objective, State
from tests.factories.matched import Trial, trial


def counted(what: object) -> int:
    """How many rows there are."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(what)) or 0  # type: ignore[call-overload]


def test_proposals_are_matched_and_every_reviewer_has_a_score_with_each(room: Flask) -> None:
    world = trial(6, 4)
    assert set(db.session.scalars(sa.select(Proposal.state))) == {State.MATCHED}
    assert (len(world.proposals), len(world.judges)) == (6, 4)
    assert (counted(Affinity), counted(Match), counted(Assignment)) == (24, 6, 0)
    assert counted(Move) == 18
    judges = db.session.scalars(sa.select(Person).where(Person.id.in_(world.judges))).all()
    assert all(each.email.endswith("@example.org") and each.keywords and each.expertise for each in judges)


def test_a_first_batch_has_a_choice_between_total_and_fair(room: Flask) -> None:
    """Beside other reviewers, and with the scores that the worker makes in place of those written with it."""
    trial(2, 12)
    assert generate_matched(24, 12, seed=1).startswith("MATCH-2 ")
    db.session.commit()
    assert affinity.drain(stamps.look()) == 2
    world = Trial("MATCH-2", list(db.session.scalars(sa.select(Proposal.id).where(Proposal.number.like("MATCH-2-%")))))
    wishes = world.wishes(objective=Objective.FAIR, reviewers=tuple(sorted(reviewers())))
    batch = propose(world.call, "first", wishes, by=world.coordinator)
    assert (batch.result["filled"], batch.result["needed"]) == (48, 48)
    assert len(batch.result["choices"]) >= 3


def test_the_same_seed_gives_the_same_scores_and_another_call(room: Flask) -> None:
    def scores(code: str) -> list[tuple[str, float]]:
        asked = (
            sa.select(Proposal.title, Affinity.score)
            .join(Affinity, Affinity.proposal_id == Proposal.id)
            .where(Proposal.number.startswith(f"{code}-"))
            .order_by(Proposal.number, Affinity.person_id)
        )
        return [(row[0], row[1]) for row in db.session.execute(asked)]

    first, second = trial(4, 3), trial(4, 3)
    assert (first.code, second.code) == ("MATCH-1", "MATCH-2")
    assert scores("MATCH-1") == scores("MATCH-2")
