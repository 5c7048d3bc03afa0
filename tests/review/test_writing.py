"""The reviewer's own verbs, called directly: what is kept, what counts, who is told, what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.notification.models import Message
from intake.review import writing
from intake.review.models import Review
from intake.review.operations import unassign
from intake.review.queries import own, tallies, with_criteria
from intake.review.writing import Written
from intake.vocabulary import Recommendation, ReviewState
from tests.factories.review import LATER
from tests.factories.world import World, build, review


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def world(room: Flask) -> World:
    return build()


def whole(world: World, score: int = 3) -> Written:
    call = with_criteria(world.proposal("P1"))
    scores = {each.id: score for each in call.criteria}
    return Written(scores, Recommendation.REVISE, "For them.", "For the office.")


def write(world: World, who: str, words: Written, version: int, verb: str = "save", name: str = "P1") -> Review:
    proposal, by = world.proposal(name), world.actor(who)
    mine, call = own(proposal, by), with_criteria(proposal)
    assert mine is not None
    made: Review = getattr(writing, verb)(proposal, mine, call, words, version=version, by=by)
    return made


def letters(kind: str) -> list[str]:
    asked = sa.select(Message.to_address).where(Message.kind == kind).order_by(Message.id)
    return list(db.session.scalars(asked))


def test_a_draft_may_leave_anything_open_and_takes_scores_back(world: World) -> None:
    words = whole(world)
    merit = min(words.scores)
    write(world, "R2", replace(words, scores={merit: 5}, recommendation=None, for_applicant=""), 1)
    held = own(world.proposal("P1"), world.actor("R2"))
    assert held is not None and held.review is not None
    assert [(each.criterion_id, each.value) for each in held.review.scores] == [(merit, 5)]
    assert held.review.overall is None
    assert held.review.version == 2


def test_a_draft_is_in_no_count_and_no_mean(world: World) -> None:
    before = tallies([world.proposals["P1"]], LATER)
    write(world, "R2", whole(world, 1), 1)
    assert tallies([world.proposals["P1"]], LATER) == before
    assert before[world.proposals["P1"]].submitted == 1


def test_submitting_counts_and_reopening_takes_it_back(world: World) -> None:
    number = world.proposals["P1"]
    write(world, "R2", whole(world, 2), 1, "submit")
    assert (tallies([number], LATER)[number].submitted, str(tallies([number], LATER)[number].mean)) == (2, "3.00")
    proposal = world.proposal("P1")
    mine = own(proposal, world.actor("R2"))
    assert mine is not None
    with pytest.raises(Incomplete):
        writing.reopen(proposal, mine, " ", by=world.actor("C1"))
    writing.reopen(proposal, mine, "Please say more.", by=world.actor("C1"))
    assert tallies([number], LATER)[number].submitted == 1
    assert letters("review.reopened") == ["r2@example.org"]


@pytest.mark.parametrize("version", [0, 2, -1])
def test_another_version_is_stale_and_saves_nothing(world: World, version: int) -> None:
    with pytest.raises(Stale):
        write(world, "R2", whole(world, 5), version)
    held = own(world.proposal("P1"), world.actor("R2"))
    assert held is not None and held.review is not None
    assert held.review.for_applicant == "R2 tells the applicant of P1."


def test_a_score_outside_its_scale_or_of_another_call_is_refused(world: World) -> None:
    words = whole(world)
    first = min(words.scores)
    for value in (0, 6, -1, 10**12):
        with pytest.raises(Incomplete) as wrong:
            write(world, "R2", replace(words, scores=dict(words.scores) | {first: value}), 1)
        assert set(wrong.value.fields) == {f"criterion_{first}"}
    foreign = with_criteria(world.proposal("Q2")).criteria[0].id
    with pytest.raises(Incomplete, match="not one of this call"):
        write(world, "R2", replace(words, scores={foreign: 3}), 1)


def test_a_whole_review_needs_every_score_a_recommendation_and_words(world: World) -> None:
    with pytest.raises(Incomplete) as wrong:
        write(world, "R2", Written({}, None, " \n", ""), 1, "submit")
    scores = {f"criterion_{number}" for number in whole(world).scores}
    assert set(wrong.value.fields) == scores | {"recommendation", "for_applicant"}
    held = own(world.proposal("P1"), world.actor("R2"))
    assert held is not None and held.review is not None
    assert held.review.state is ReviewState.DRAFT


def test_only_who_declared_and_has_not_submitted_writes(world: World) -> None:
    with pytest.raises(Refused, match="First declare"):
        write(world, "R3", whole(world), 0)
    with pytest.raises(Refused, match="You submitted your review"):
        write(world, "R1", whole(world), 1)
    with pytest.raises(Refused, match="a decision has been recorded"):
        write(world, "R1", whole(world), 1, name="P6")
    proposal = world.proposal("P1")
    mine = own(proposal, world.actor("R2"))
    assert mine is not None
    unassign(proposal, mine, "too busy", by=world.actor("C1"))
    call, by = with_criteria(proposal), world.actor("R2")
    with pytest.raises(Refused) as gone:
        writing.save(world.proposal("P1"), mine, call, whole(world), version=1, by=by)
    assert gone.value.hidden


def test_the_lead_hears_once_and_only_when_the_decision_is_possible(world: World) -> None:
    """P3: R1 leads. R2 first, R3 does not review it; two are needed, the lead's own among them."""
    before = len(letters("review.enough"))
    review(world, "P3", "R2", 3)
    assert len(letters("review.enough")) == before
    review(world, "P3", "R1", 4)
    assert letters("review.enough")[before:] == ["r1@example.org"]


def test_a_lead_whose_own_is_missing_hears_after_their_own(world: World) -> None:
    """P1: R1 leads and has submitted; reopened for R1, two others submit, then R1 does."""
    proposal = world.proposal("P1")
    mine = own(proposal, world.actor("R1"))
    assert mine is not None
    writing.reopen(proposal, mine, "Say more.", by=world.actor("C1"))
    before = len(letters("review.enough"))
    review(world, "P1", "R2", 2)
    review(world, "P1", "R3", 2)
    assert len(letters("review.enough")) == before
    review(world, "P1", "R1", 4)
    assert letters("review.enough")[before:] == ["r1@example.org"]
