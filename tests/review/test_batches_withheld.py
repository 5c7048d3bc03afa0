"""Batches and what is kept from a coordinator: of a conflict that they have, and of a call that is sealed again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from intake import clock
from intake.errors import Refused
from intake.extensions import db
from intake.review import applying, planning, reverting
from intake.review.picture import picture
from intake.review.wishes import Said
from intake.vocabulary import BatchState
from tests.factories.matched import Trial, trial
from tests.review.test_batches import pairs, proposed
from tests.review.test_batches_applied import applied, in_conflict, says_no, standing, submitted


@pytest.fixture
def world(room: Flask) -> Trial:
    """Eight matched proposals and five reviewers."""
    return trial()


def withheld_pairs(world: Trial) -> list[tuple[int, int]]:
    """Who reviews the proposal that the second coordinator has a conflict with."""
    return sorted(pair for pair in standing() if pair[0] == world.proposals[0])


def nothing_happened(world: Trial) -> None:
    """The withheld proposal's reviewers were asked, and that is all."""


def every_review_came(world: Trial) -> None:
    """Each of the withheld proposal's reviews is submitted."""
    for pair in withheld_pairs(world):
        submitted(pair)


def everybody_said_no(world: Trial) -> None:
    """Each of the withheld proposal's reviewers declined."""
    for pair in withheld_pairs(world):
        says_no(pair)


@pytest.mark.parametrize("happened", [nothing_happened, every_review_came, everybody_said_no])
def test_whoever_has_a_conflict_reverts_nothing_and_reads_the_same_whatever_happened(
    world: Trial, happened: Callable[[Trial], None]
) -> None:
    batch = applied(world)
    second = world.actor(in_conflict(world))
    before = reverting.undoing(batch, world.call, seen_by=second)
    ends, back = {row.id for row in before.ends}, before.back
    assert (len(ends), back, before.stays) == (14, frozenset(world.proposals[1:]), [])
    happened(world)
    db.session.commit()
    after, left = reverting.undoing(batch, world.call, seen_by=second), standing()
    assert ({row.id for row in after.ends}, after.back, after.stays) == (ends, back, [])
    with pytest.raises(Refused, match="Somebody else handles a part of this batch"):
        reverting.revert(batch, world.call, "Mine.", by=second)
    assert (standing(), batch.state) == (left, BatchState.APPLIED)


def sealed_again(world: Trial) -> None:
    """The call gets a later close, so that its seal holds anew."""
    world.call.sealed_until = clock.now() + timedelta(days=30)
    db.session.commit()


def test_a_call_that_is_sealed_again_shows_no_batch_and_lets_nobody_change_one(world: Trial) -> None:
    batch, by, due = proposed(world), world.coordinator, clock.now() + timedelta(days=20)
    planned = pairs(batch)
    sealed_again(world)
    for act in (
        lambda: picture(batch, world.call, seen_by=by),
        lambda: planning.propose(world.call, "x", world.wishes(), by=by),
        lambda: planning.tried(batch, world.call, lambda wishes: wishes, by=by),
        lambda: planning.change(batch, world.call, lambda wishes: wishes, Said("x"), seen=1, by=by),
        lambda: planning.undo(batch, world.call, seen=1, by=by),
        lambda: planning.renew(batch, world.call, by=by),
        lambda: planning.again(batch, world.call, "x", due_at=due, reply_by=None, by=by),
        lambda: planning.discard(batch, world.call, by=by),
        lambda: applying.preview(batch, world.call, by=by),
        lambda: applying.apply(batch, world.call, by=by),
    ):
        with pytest.raises(Refused, match="This call is sealed until"):
            act()
    assert (pairs(batch), batch.state, batch.wishes["version"]) == (planned, BatchState.PROPOSED, 1)


def test_an_applied_batch_of_a_call_that_is_sealed_again_is_not_reverted(world: Trial) -> None:
    batch = applied(world)
    left = standing()
    sealed_again(world)
    with pytest.raises(Refused, match="This call is sealed until"):
        reverting.revert(batch, world.call, "Sealed.", by=world.coordinator)
    shown = reverting.undoing(batch, world.call, seen_by=world.coordinator)
    assert (list(shown.ends), list(shown.stays), shown.back) == ([], [], frozenset())
    assert standing() == left
