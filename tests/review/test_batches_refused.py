"""A refusal is remembered: who is too busy or away is not proposed again in the call, and forced only with a reason."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.errors import Incomplete
from intake.extensions import db
from intake.review import applying, engine, planning, solving, uploading
from intake.review.barring import AWAY, SAID_NO
from intake.review.models import Assignment, Batch
from intake.review.wishes import Pair, Said, force, load
from intake.vocabulary import DeclineReason, ReviewerAnswer
from tests.factories.matched import Trial, trial
from tests.review.test_batches import absent, pairs, proposed
from tests.review.test_batches_applied import applied, in_conflict, says_no, standing


@pytest.fixture
def world(room: Flask) -> Trial:
    """Eight matched proposals and six reviewers."""
    return trial(8, 6)


def declines(pair: Pair, reason: DeclineReason, note: str = "") -> None:
    """The reviewer declines for that reason."""
    says_no(pair)
    asked = sa.select(Assignment).where(Assignment.proposal_id == pair[0], Assignment.reviewer_id == pair[1])
    row = db.session.scalars(asked.order_by(Assignment.id.desc())).first()
    assert row is not None
    row.decline_reason, row.answer_note = reason, note
    db.session.flush()


def continued(world: Trial, batch: Batch) -> Batch:
    """The batch solved again for what is short now."""
    due = clock.now() + timedelta(days=20)
    return planning.again(batch, world.call, "Second", due_at=due, reply_by=None, by=world.coordinator)


def marks(batch: Batch, reviewer_id: int) -> dict[int, str | None]:
    """How the reviewer is barred from each proposal."""
    facts = solving.facts_of(batch) or {}
    return {int(p): engine.mark_of(facts, (int(p), reviewer_id)) for p in facts["proposals"]}


@pytest.mark.parametrize("reason", [DeclineReason.TOO_BUSY, DeclineReason.AWAY])
def test_who_is_too_busy_or_away_is_given_nothing_more_in_the_call(world: Trial, reason: DeclineReason) -> None:
    first = applied(world)
    gone = sorted(pairs(first))[0]
    declines(gone, reason)
    after = continued(world, first)
    kept = {pair for pair in pairs(first) if pair[1] == gone[1]} - {gone}
    assert {pair for pair in pairs(after) if pair[1] == gone[1]} == kept
    open_ = set(world.proposals) - {pair[0] for pair in kept}
    assert marks(after, gone[1]) == dict.fromkeys(world.proposals) | dict.fromkeys(open_, AWAY)


@pytest.mark.parametrize("reason", [DeclineReason.OUTSIDE_EXPERTISE, DeclineReason.CONFLICT, DeclineReason.OTHER])
def test_who_declined_one_proposal_for_its_own_sake_is_barred_from_that_one_alone(
    world: Trial, reason: DeclineReason
) -> None:
    first = applied(world)
    gone = sorted(pairs(first))[0]
    declines(gone, reason)
    after = continued(world, first)
    assert gone not in pairs(after)
    assert marks(after, gone[1]) == dict.fromkeys(world.proposals) | {gone[0]: SAID_NO}


def test_whoever_is_too_busy_is_forced_only_with_a_reason(world: Trial) -> None:
    first = applied(world)
    gone = sorted(pairs(first))[0]
    declines(gone, DeclineReason.TOO_BUSY)
    after, by = continued(world, first), world.coordinator
    pair = next((p, gone[1]) for p, mark in marks(after, gone[1]).items() if mark == AWAY and p != gone[0])
    for act in (planning.tried, lambda *given, **named: planning.change(*given, Said("force", *pair), seen=1, **named)):
        with pytest.raises(Incomplete) as refused:
            act(after, world.call, lambda now: force(now, pair), by=by)
        assert list(refused.value.fields) == ["reason"]
    said = Said("force", *pair)
    planning.change(after, world.call, lambda now: force(now, pair, "They wrote."), said, seen=1, by=by)
    assert pair in pairs(after)


def test_who_agreed_when_asked_later_is_free_again(world: Trial) -> None:
    first = applied(world)
    gone = sorted(pairs(first))[0]
    declines(gone, DeclineReason.TOO_BUSY)
    later = {"assigned_at": clock.now() + timedelta(minutes=5), "due_at": clock.now() + timedelta(days=9)}
    other = next(p for p in world.proposals if (p, gone[1]) not in pairs(first))
    row = Assignment(proposal_id=other, reviewer_id=gone[1], answer=ReviewerAnswer.ACCEPTED, **later)
    db.session.add(row)
    db.session.flush()
    assert AWAY not in marks(continued(world, first), gone[1]).values()
    row.answer = ReviewerAnswer.ASKED
    db.session.flush()
    assert AWAY in marks(continued(world, first), gone[1]).values()


def test_what_is_withheld_tells_nobody_who_is_too_busy(world: Trial) -> None:
    applied(world)
    second = world.actor(in_conflict(world))
    before = solving.facts_of(planning.propose(world.call, "Before", world.wishes(), by=second))
    for pair in sorted(standing()):
        if pair[0] == world.proposals[0]:
            declines(pair, DeclineReason.TOO_BUSY)
    db.session.commit()
    assert solving.facts_of(planning.propose(world.call, "After", world.wishes(), by=second)) == before


def test_a_refusal_since_it_was_solved_stops_the_applying(world: Trial) -> None:
    one = applied(world, proposals=tuple(world.proposals[:4]))
    rest = proposed(world, proposals=tuple(world.proposals[4:]))
    gone = sorted(pairs(one))[0]
    declines(gone, DeclineReason.AWAY)
    shown = applying.preview(rest, world.call, by=world.coordinator)
    assert {(each.proposal_id, each.now) for each in shown.changed if each.what == "bar"} == {
        (key, AWAY) for key in world.proposals[4:]
    }


def test_a_list_takes_whoever_is_too_busy_only_with_a_reason(world: Trial) -> None:
    one = applied(world, proposals=tuple(world.proposals[:4]))
    gone = sorted(pairs(one))[0]
    declines(gone, DeclineReason.TOO_BUSY)
    place = world.judges.index(gone[1]) + 1
    who = f"judge.match-1.{place:04}@example.org"
    text = f"number,reviewer,reason\nMATCH-1-0005,{who},\nMATCH-1-0006,{who},They wrote.\n"
    report = uploading.judged(world.call, uploading.read(text), by=world.coordinator)
    assert [row.wrong is None for row in report.rows] == [False, True]
    assert "declined a review in this call" in str(report.rows[0].wrong)


def test_a_change_of_something_else_asks_for_no_reason_of_what_was_forced_before(world: Trial) -> None:
    batch, by = proposed(world), world.coordinator
    pair = absent(batch)
    planning.change(batch, world.call, lambda now: force(now, pair), Said("force", *pair), seen=1, by=by)
    row = {"assigned_at": clock.now(), "due_at": clock.now() + timedelta(days=9), "removed_reason": "declined"}
    other = next(p for p in world.proposals if p != pair[0])
    no = {"answer": ReviewerAnswer.DECLINED, "decline_reason": DeclineReason.AWAY, "answered_at": clock.now()}
    db.session.add(Assignment(proposal_id=other, reviewer_id=pair[1], removed_at=clock.now(), **row, **no))
    db.session.flush()
    planning.renew(batch, world.call, by=by)
    assert pair not in pairs(batch)
    planning.change(batch, world.call, lambda now: load(now, world.judges[0], 4), Said("load"), seen=3, by=by)
    assert pair not in pairs(batch)
