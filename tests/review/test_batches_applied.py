"""Batches applied in one act, stopped where the data changed meanwhile, and reverted."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.conflict.models import Conflict
from intake.errors import Conflicted, Incomplete, Refused, Stale
from intake.extensions import db
from intake.match.models import Affinity
from intake.notification.models import Message
from intake.people.granting import give
from intake.people.models import Person
from intake.policy import NOBODY, Grant
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.review import applying, batches, planning, reverting, solving
from intake.review.asking import Asked
from intake.review.differing import Changed, changes
from intake.review.models import Assignment, Batch, Capacity, Review
from intake.review.operations import appoint_lead, forward, unassign
from intake.review.wishes import Pair, Said, load
from intake.vocabulary import (
    BatchState,
    ConflictKind,
    Declared,
    Objective,
    Recommendation,
    ReviewerAnswer,
    ReviewState,
    Role,
    State,
)
from tests.factories.matched import Trial, trial
from tests.review.test_batches import on_the_team, pairs, proposed


@pytest.fixture
def world(room: Flask) -> Trial:
    """Eight matched proposals and five reviewers."""
    return trial()


def newest_letter() -> int:
    """The id of the newest letter."""
    return db.session.scalar(sa.select(sa.func.max(Message.id))) or 0


def letters(since: int) -> Counter[str]:
    """How many letters of each kind were written after that one."""
    return Counter(db.session.scalars(sa.select(Message.kind).where(Message.id > since)))


def standing() -> set[Pair]:
    """Every standing assignment."""
    rows = db.session.execute(
        sa.select(Assignment.proposal_id, Assignment.reviewer_id).where(Assignment.removed_at.is_(None))
    )
    return {(row[0], row[1]) for row in rows}


def states(world: Trial) -> list[State]:
    """The state of each proposal."""
    db.session.expire_all()
    rows = sa.select(Proposal.state).where(Proposal.id.in_(world.proposals)).order_by(Proposal.id)
    return list(db.session.scalars(rows))


def applied(world: Trial, **changed: Any) -> Batch:
    """A batch that was applied."""
    batch = proposed(world, **changed)
    applying.apply(batch, world.call, by=world.coordinator)
    return batch


def submitted(pair: Pair) -> None:
    """The reviewer's review of the proposal is submitted."""
    asked = sa.select(Assignment).where(
        Assignment.proposal_id == pair[0], Assignment.reviewer_id == pair[1], Assignment.removed_at.is_(None)
    )
    row = db.session.scalars(asked).one()
    now = {"state": ReviewState.SUBMITTED, "submitted_at": clock.now(), "recommendation": Recommendation.FORWARD}
    db.session.add(Review(assignment_id=row.id, overall=4, **now))
    row.answer = ReviewerAnswer.ACCEPTED
    db.session.flush()


def says_no(pair: Pair) -> None:
    """The reviewer declines, as the invitation's page would have it."""
    asked = sa.select(Assignment).where(Assignment.proposal_id == pair[0], Assignment.reviewer_id == pair[1])
    row = db.session.scalars(asked).one()
    row.answer, row.answered_at, row.lead = ReviewerAnswer.DECLINED, clock.now(), False
    row.removed_at, row.removed_reason = clock.now(), "declined"
    db.session.flush()


def test_what_is_previewed_is_what_applying_does(world: Trial) -> None:
    batch, by, since = proposed(world), world.coordinator, newest_letter()
    shown = applying.preview(batch, world.call, by=by)
    assert (shown.changed, shown.stays) == ([], {})
    assert standing() == set()
    assert newest_letter() == since
    done = applying.apply(batch, world.call, by=by)
    assert done == shown
    assert standing() == pairs(batch)
    assert states(world) == [State.IN_REVIEW] * 8
    assert sum(shown.letters.values()) == 16
    assert letters(since)["review.asked"] == 16
    assert (batch.state, batch.applied_by_id) == (BatchState.APPLIED, by.id)
    leads = sa.select(Assignment.proposal_id).where(Assignment.lead, Assignment.removed_at.is_(None))
    assert sorted(db.session.scalars(leads)) == world.proposals
    assert set(db.session.scalars(sa.select(Assignment.batch_id))) == {batch.id}
    with pytest.raises(Incomplete):
        applying.apply(batch, world.call, by=by)


def test_reviewers_who_are_asked_first_answer_by_the_date(world: Trial) -> None:
    until = clock.now() + timedelta(days=7)
    applied(world, reply_by=until)
    rows = db.session.execute(sa.select(Assignment.answer, Assignment.reply_by)).all()
    assert set(rows) == {(ReviewerAnswer.ASKED, until)}


def a_team_changed(world: Trial) -> None:
    batch = db.session.scalars(sa.select(Batch)).one()
    on_the_team(*sorted(pairs(batch))[0])


def a_conflict_was_declared(world: Trial) -> None:
    row = {"declared": Declared.CONFLICT, "kind": ConflictKind.PERSONAL}
    db.session.add(Conflict(proposal_id=world.proposals[0], person_id=world.judges[0], **row))


def a_state_changed(world: Trial) -> None:
    db.session.get_one(Proposal, world.proposals[0]).state = State.ELIGIBLE


def a_capacity_changed(world: Trial) -> None:
    db.session.add(Capacity(call_id=world.call.id, person_id=world.judges[0], most=1))


def a_score_changed(world: Trial) -> None:
    db.session.execute(
        sa.update(Affinity)
        .where(Affinity.proposal_id == world.proposals[0], Affinity.person_id == world.judges[0])
        .values(score=0.999)
    )


def somebody_forwarded_one(world: Trial) -> None:
    proposal = whole(world.proposals[0])
    assert proposal is not None
    asked = [Asked(each, lead=place == 0) for place, each in enumerate(world.judges[:2])]
    forward(proposal, asked, clock.now() + timedelta(days=9), by=world.coordinator)


def a_least_load_was_set(world: Trial) -> None:
    db.session.add(Capacity(call_id=world.call.id, person_id=world.judges[0], least=1))


def a_reviewer_left(world: Trial) -> None:
    db.session.get_one(Person, world.judges[0]).active = False


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (a_team_changed, {"team", "bar"}),
        (a_conflict_was_declared, {"bar"}),
        (a_state_changed, {"left"}),
        (a_capacity_changed, {"load"}),
        (a_score_changed, {"score"}),
        (somebody_forwarded_one, {"state", "asked"}),
        (a_reviewer_left, {"reviewer_left"}),
        (a_least_load_was_set, {"least"}),
    ],
)
def test_applying_stops_and_says_what_changed(world: Trial, change: Any, told: set[str]) -> None:
    batch, by = proposed(world), world.coordinator
    db.session.commit()
    change(world)
    db.session.commit()
    before, since = standing(), newest_letter()
    shown = applying.preview(batch, world.call, by=by)
    assert {each.what for each in shown.changed} == told
    with pytest.raises(Stale):
        applying.apply(batch, world.call, by=by)
    assert (standing(), newest_letter()) == (before, since)
    planning.renew(batch, world.call, by=by)
    assert applying.preview(batch, world.call, by=by).changed == []


def test_a_lead_who_was_appointed_since_is_not_deposed(world: Trial) -> None:
    """The one before fell ill, somebody else is to be asked, and meanwhile one who reviews it was appointed."""
    first, by, key = applied(world), world.coordinator, world.proposals[0]
    proposal = whole(key)
    assert proposal is not None
    lead, stays = sorted(proposal.assignments, key=lambda row: not row.lead)
    unassign(proposal, lead, "ill", by=by)
    batch = planning.propose(world.call, "Second", world.wishes(proposals=(key,)), by=by)
    db.session.commit()
    assert first.id != batch.id
    again = whole(key)
    assert again is not None
    appoint_lead(again, db.session.get_one(Assignment, stays.id), by=by)
    db.session.commit()
    shown = applying.preview(batch, world.call, by=by)
    assert shown.changed == [Changed("lead", key, stays.reviewer_id)]
    with pytest.raises(Stale):
        applying.apply(batch, world.call, by=by)
    planning.renew(batch, world.call, by=by)
    applying.apply(batch, world.call, by=by)
    leads = sa.select(Assignment.reviewer_id).where(Assignment.lead, Assignment.proposal_id == key)
    assert list(db.session.scalars(leads)) == [stays.reviewer_id]


def test_only_a_lead_that_changed_hands_is_told_beside_who_came_and_went() -> None:
    def facts(leads: dict[str, int], *standing: tuple[int, int]) -> dict[str, Any]:
        rows = {"proposals": {"1": ["in_review", "x"]}, "reviewers": {}, "bars": {}, "scores": {}}
        return {**rows, "standing": [list(pair) for pair in standing], "leads": leads}

    two = facts({"1": 5}, (1, 5), (1, 6))
    assert changes(two, facts({"1": 6}, (1, 5), (1, 6))) == [Changed("lead", 1, 6, was=5)]
    assert changes(two, facts({}, (1, 6))) == [Changed("taken_off", 1, 5)]
    assert changes(two, facts({"1": 6}, (1, 6))) == [Changed("lead", 1, 6, was=5), Changed("taken_off", 1, 5)]
    assert changes(two, facts({"1": 7}, (1, 5), (1, 6), (1, 7))) == [
        Changed("lead", 1, 7, was=5),
        Changed("asked", 1, 7),
    ]
    assert changes(facts({}), facts({"1": 5}, (1, 5))) == [Changed("asked", 1, 5)]


def test_a_conflict_of_the_last_moment_is_seen_by_the_last_check(world: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even a batch whose check of changes saw nothing assigns nobody in conflict."""
    batch, by = proposed(world), world.coordinator
    pair = sorted(pairs(batch))[0]
    on_the_team(*pair)
    db.session.commit()
    monkeypatch.setattr(applying, "gathered", lambda *_: solving.facts_of(batch))
    with pytest.raises(Conflicted) as refused:
        applying.apply(batch, world.call, by=by)
    db.session.rollback()
    assert refused.value.person_id == pair[1]
    assert standing() == set()


def test_a_proposal_with_too_few_stays_matched_and_the_others_go(world: Trial) -> None:
    for judge in world.judges:
        db.session.add(Capacity(call_id=world.call.id, person_id=judge, most=3))
    db.session.flush()
    batch = applied(world)
    assert sorted(states(world)) == sorted([State.IN_REVIEW] * 7 + [State.MATCHED])
    assert len(standing()) == 14
    assert batch.result["filled"] == 15


def test_a_raised_load_is_reason_enough_to_ask(world: Trial) -> None:
    for judge in world.judges:
        db.session.add(Capacity(call_id=world.call.id, person_id=judge, most=3))
    db.session.flush()
    batch, by = proposed(world), world.coordinator
    (raised, _, becomes) = batch.result["repair"]["raises"][0]
    planning.change(batch, world.call, lambda wishes: load(wishes, raised, becomes), Said("load"), seen=1, by=by)
    applying.apply(batch, world.call, by=by)
    assert states(world) == [State.IN_REVIEW] * 8
    assert set(db.session.scalars(sa.select(Assignment.override_reason))) == {"", applying.RAISED}


def test_after_a_withdrawal_nothing_else_changes(world: Trial) -> None:
    batch, by = applied(world, objective=Objective.FAIR), world.coordinator
    before, gone = pairs(batch), sorted(pairs(batch))[0]
    says_no(gone)
    due = clock.now() + timedelta(days=20)
    anew = planning.again(batch, world.call, "Second", due_at=due, reply_by=None, by=by)
    came, went = pairs(anew) - before, before - pairs(anew)
    assert went == {gone}
    assert [each[0] for each in came] == [gone[0]]
    since = newest_letter()
    applying.apply(anew, world.call, by=by)
    assert letters(since) == {"review.asked": 1}
    assert standing() == pairs(anew)
    leads = sa.select(Assignment.proposal_id).where(Assignment.lead, Assignment.removed_at.is_(None))
    assert sorted(db.session.scalars(leads)) == world.proposals


def test_reverting_ends_what_was_asked_and_keeps_what_was_submitted(world: Trial) -> None:
    batch, by = applied(world), world.coordinator
    kept = sorted(pairs(batch))[0]
    submitted(kept)
    db.session.commit()
    shown, since = reverting.undoing(batch, world.call, seen_by=by), newest_letter()
    assert [(row.proposal_id, row.reviewer_id) for row in shown.stays] == [kept]
    assert (len(shown.ends), len(shown.back)) == (15, 7)
    with pytest.raises(Incomplete):
        reverting.revert(batch, world.call, " ", by=by)
    reverting.revert(batch, world.call, "The wrong list.", by=by)
    assert standing() == {kept}
    assert states(world) == [State.IN_REVIEW, *[State.MATCHED] * 7]
    assert letters(since) == {"review.recalled": 15}
    assert (batch.state, batch.reverted_reason) == (BatchState.REVERTED, "The wrong list.")
    with pytest.raises(Incomplete):
        reverting.revert(batch, world.call, "Again.", by=by)


def test_reverting_leaves_what_came_otherwise(world: Trial) -> None:
    somebody_forwarded_one(world)
    db.session.flush()
    by_hand = standing()
    world.call.reviews_needed = 3
    db.session.flush()
    batch = applied(world, need=3)
    assert len([each for each in standing() if each[0] == world.proposals[0]]) == 3
    reverting.revert(batch, world.call, "Too many.", by=world.coordinator)
    assert standing() == by_hand
    assert states(world) == [State.IN_REVIEW, *[State.MATCHED] * 7]


def in_conflict(world: Trial) -> str:
    """The address of a second coordinator of the programme, who has a conflict with the first proposal."""
    person = Person(email="second@example.org", name="Dr Second Example", grants=[])
    db.session.add(person)
    db.session.flush()
    give(person, Grant(Role.COORDINATOR, programme_id=world.call.programme_id), by=NOBODY)
    row = {"declared": Declared.CONFLICT, "kind": ConflictKind.PERSONAL}
    db.session.add(Conflict(proposal_id=world.proposals[0], person_id=person.id, **row))
    db.session.commit()
    return person.email


def test_a_conflicted_coordinator_makes_batches_without_that_proposal(world: Trial) -> None:
    second = world.actor(in_conflict(world))
    assert [each.id for each in batches.to_assign(world.call, second)] == world.proposals[1:]
    batch = planning.propose(world.call, "Mine", world.wishes(), by=second)
    assert {proposal for proposal, _ in pairs(batch)} == set(world.proposals[1:])
    applying.apply(batch, world.call, by=second)
    assert states(world) == [State.MATCHED, *[State.IN_REVIEW] * 7]


def test_a_conflicted_coordinators_batch_counts_nothing_of_that_proposal(world: Trial) -> None:
    second = world.actor(in_conflict(world))
    before = planning.propose(world.call, "Before", world.wishes(), by=second)
    somebody_forwarded_one(world)
    db.session.commit()
    after = planning.propose(world.call, "After", world.wishes(), by=second)
    assert solving.facts_of(before) == solving.facts_of(after)
    assert solving.facts_of(planning.propose(world.call, "x", world.wishes(), by=world.coordinator)) != (
        solving.facts_of(after)
    )


def test_a_batch_of_somebody_else_shows_and_lets_do_nothing_of_what_is_withheld(world: Trial) -> None:
    batch = proposed(world)
    second = world.actor(in_conflict(world))
    assert {row.proposal_id for row in batches.pairs_of(batch, world.call, second)} == set(world.proposals[1:])
    assert list(batches.named(world.call, world.proposals, second)) == world.proposals[1:]
    for act in (
        lambda: planning.tried(batch, world.call, lambda wishes: wishes, by=second),
        lambda: planning.change(batch, world.call, lambda wishes: wishes, Said("x"), seen=1, by=second),
        lambda: planning.renew(batch, world.call, by=second),
        lambda: planning.discard(batch, world.call, by=second),
        lambda: applying.preview(batch, world.call, by=second),
        lambda: applying.apply(batch, world.call, by=second),
    ):
        with pytest.raises(Refused):
            act()
    assert standing() == set()


def test_a_sealed_call_gives_nothing(world: Trial) -> None:
    world.call.sealed_until = clock.now() + timedelta(days=1)
    db.session.flush()
    assert batches.to_assign(world.call, world.coordinator) == []
    with pytest.raises(Refused):
        proposed(world)
