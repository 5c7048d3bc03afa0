"""A batch is taken back with all that came of it: alternates who were asked in its place, and what nobody reviews."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.review import alternates, answering, reverting
from intake.review.asking import Asked
from intake.review.models import Alternate, Assignment, Batch
from intake.review.operations import assign
from intake.review.wishes import Pair
from intake.vocabulary import DeclineReason, ReviewerAnswer, State
from tests.factories.matched import Trial, trial
from tests.review.test_batches import pairs
from tests.review.test_batches_applied import applied, letters, newest_letter, standing, states


@pytest.fixture
def world(room: Flask) -> Trial:
    """Three matched proposals and eight reviewers."""
    made = trial(3, 8)
    made.call.reviewer_load = 9
    db.session.commit()
    return made


def first_asked(world: Trial) -> Batch:
    """A batch that was applied, whose reviewers have a week to answer."""
    return applied(world, reply_by=clock.now() + timedelta(days=7))


def found(proposal_id: int) -> Proposal:
    """The proposal with all that the policy reads."""
    one = whole(proposal_id)
    assert one is not None
    return one


def line_up(world: Trial, batch: Batch, proposal_id: int, many: int = 2) -> list[int]:
    """So many alternates of the proposal, who are not in the batch."""
    taken = {reviewer for proposal, reviewer in pairs(batch) if proposal == proposal_id}
    free = [each for each in world.judges if each not in taken][:many]
    for each in free:
        alternates.add(found(proposal_id), each, by=world.coordinator)
    return free


def as_reviewer(world: Trial, reviewer_id: int) -> object:
    """The reviewer, as the policy knows them."""
    return world.actor(db.session.get_one(Person, reviewer_id).email)


def decline(world: Trial, rows: Iterable[Pair]) -> None:
    """These reviewers decline, one after the other."""
    for proposal, reviewer in rows:
        answering.decline(
            found(proposal),
            DeclineReason.OTHER,
            "",
            by=as_reviewer(world, reviewer),  # type: ignore[arg-type]
        )
    db.session.commit()


def of(batch: Batch, proposal_id: int) -> list[Pair]:
    """The batch's pairs of one proposal."""
    return sorted(pair for pair in pairs(batch) if pair[0] == proposal_id)


def test_alternates_who_were_asked_because_of_the_batch_are_called_back(world: Trial) -> None:
    batch, proposal = first_asked(world), world.proposals[0]
    asked = line_up(world, batch, proposal)
    decline(world, of(batch, proposal))
    assert {pair for pair in standing() if pair[0] == proposal} == {(proposal, each) for each in asked}
    shown, since = reverting.undoing(batch, world.call, seen_by=world.coordinator), newest_letter()
    assert {(row.proposal_id, row.reviewer_id) for row in shown.ends if row.id in shown.alternates} == {
        (proposal, each) for each in asked
    }
    assert (len(shown.ends), shown.back) == (6, frozenset(world.proposals))
    reverting.revert(batch, world.call, "The wrong list.", by=world.coordinator)
    assert (standing(), states(world)) == (set(), [State.MATCHED] * 3)
    assert letters(since) == {"review.recalled": 6}


def test_an_alternate_of_an_alternate_is_called_back_too(world: Trial) -> None:
    batch, proposal = first_asked(world), world.proposals[0]
    first, second = line_up(world, batch, proposal)
    decline(world, [of(batch, proposal)[0], (proposal, first)])
    assert (proposal, second) in standing()
    reverting.revert(batch, world.call, "The wrong list.", by=world.coordinator)
    assert (standing(), states(world)) == (set(), [State.MATCHED] * 3)


def test_an_alternate_who_accepted_stays_and_so_does_their_proposal(world: Trial) -> None:
    batch, proposal = first_asked(world), world.proposals[0]
    first, second = line_up(world, batch, proposal)
    decline(world, of(batch, proposal))
    answering.accept(found(proposal), by=as_reviewer(world, first))  # type: ignore[arg-type]
    db.session.commit()
    shown = reverting.undoing(batch, world.call, seen_by=world.coordinator)
    assert [(row.proposal_id, row.reviewer_id) for row in shown.stays] == [(proposal, first)]
    assert {row.id for row in shown.stays} <= shown.alternates
    assert (proposal, second) in {(row.proposal_id, row.reviewer_id) for row in shown.ends}
    reverting.revert(batch, world.call, "The wrong list.", by=world.coordinator)
    assert standing() == {(proposal, first)}
    assert states(world) == [State.IN_REVIEW, State.MATCHED, State.MATCHED]


def test_a_proposal_that_everybody_declined_goes_back_and_is_named(world: Trial) -> None:
    batch, proposal = first_asked(world), world.proposals[0]
    decline(world, of(batch, proposal))
    shown = reverting.undoing(batch, world.call, seen_by=world.coordinator)
    assert ([each.id for each in shown.empty], shown.back) == ([proposal], frozenset(world.proposals))
    reverting.revert(batch, world.call, "The wrong list.", by=world.coordinator)
    assert states(world) == [State.MATCHED] * 3


def test_an_alternate_of_somebody_else_stays(world: Trial) -> None:
    batch, proposal = first_asked(world), world.proposals[0]
    by_hand, first = line_up(world, batch, proposal)
    db.session.delete(db.session.scalars(sa.select(Alternate).where(Alternate.reviewer_id == by_hand)).one())
    world.call.reviews_needed = 3
    due, until = clock.now() + timedelta(days=9), clock.now() + timedelta(days=3)
    assign(found(proposal), Asked(by_hand), due, by=world.coordinator, reply_by=until)
    db.session.commit()
    decline(world, [(proposal, by_hand)])
    shown = reverting.undoing(batch, world.call, seen_by=world.coordinator)
    assert (len(shown.ends), shown.alternates, shown.back) == (6, frozenset(), frozenset(world.proposals[1:]))
    reverting.revert(batch, world.call, "The wrong list.", by=world.coordinator)
    assert standing() == {(proposal, first)}
    asked = sa.select(Assignment.answer).where(Assignment.removed_at.is_(None))
    assert list(db.session.scalars(asked)) == [ReviewerAnswer.ASKED]
