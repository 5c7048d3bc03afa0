"""Batches of assignments: proposed, and adjusted with the cost read first."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.errors import Conflicted, Incomplete, Refused, Stale
from intake.extensions import db
from intake.match.models import Affinity
from intake.notification.models import Message
from intake.people.models import Person
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.review import engine, planning, solving, wished
from intake.review.models import Assignment, Batch, Capacity, PlannedPair
from intake.review.wishes import Pair, Said, forbid, force, load, lock, need, release, swap
from intake.vocabulary import BatchState, Objective, Relation, State, TeamAnswer
from tests.factories.matched import Trial, trial


@pytest.fixture
def world(room: Flask) -> Trial:
    """Eight matched proposals and five reviewers."""
    return trial()


def proposed(world: Trial, **changed: object) -> Batch:
    """A batch of these wishes."""
    return planning.propose(world.call, "First", world.wishes(**changed), by=world.coordinator)


def pairs(batch: Batch) -> set[Pair]:
    """The pairs of the batch."""
    return {each.pair for each in solving.kept_answer(batch).pairs}


def absent(batch: Batch) -> Pair:
    """A pair that may be and is not there."""
    facts = solving.facts_of(batch) or {}
    every = ((int(p), int(r)) for p in facts["proposals"] for r in facts["reviewers"])
    return next(each for each in every if each not in pairs(batch) and engine.mark_of(facts, each) is None)


def on_the_team(proposal_id: int, person_id: int) -> None:
    """The person joins the proposal's team."""
    person = db.session.get_one(Person, person_id)
    line = {"name": person.name, "email": "", "relation": Relation.CO_INVESTIGATOR, "answer": TeamAnswer.ACCEPTED}
    db.session.add(TeamMember(proposal_id=proposal_id, person_id=person_id, position=9, **line))
    db.session.flush()


def test_what_is_proposed_keeps_every_bound_and_writes_to_nobody(world: Trial) -> None:
    letters = db.session.scalar(sa.select(sa.func.count(Message.id)))
    batch = proposed(world)
    found = solving.kept_answer(batch).pairs
    assert Counter(each.pair[0] for each in found) == dict.fromkeys(world.proposals, 2)
    assert max(Counter(each.pair[1] for each in found).values()) <= world.call.reviewer_load
    assert len({each.pair for each in found}) == len(found)
    leads = sa.select(PlannedPair.proposal_id).where(PlannedPair.batch_id == batch.id, PlannedPair.lead)
    assert sorted(db.session.scalars(leads)) == world.proposals
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == letters
    assert db.session.scalar(sa.select(sa.func.count(Assignment.id))) == 0
    db.session.commit()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Event).where(Event.action == "batch.proposed")) == 1


def test_total_and_fair_are_two_ends_of_the_choices(world: Trial) -> None:
    total, fair = (proposed(world, objective=each) for each in (Objective.TOTAL, Objective.FAIR))
    assert total.result["total"] >= fair.result["total"]
    assert fair.result["floor"] >= total.result["floor"]
    choices = fair.result["choices"]
    assert [each["total"] for each in choices] == sorted((each["total"] for each in choices), reverse=True)
    assert [each["floor"] for each in choices] == sorted(each["floor"] for each in choices)


def test_a_change_costs_what_was_shown_and_is_undone_whole(world: Trial) -> None:
    batch, by = proposed(world), world.coordinator
    before, pair = pairs(batch), absent(batch)
    shown = planning.tried(batch, world.call, lambda wishes: force(wishes, pair), by=by)
    assert pairs(batch) == before
    planning.change(batch, world.call, lambda wishes: force(wishes, pair), Said("force", *pair), seen=1, by=by)
    came, gone = {each.pair for each in shown.came}, {each.pair for each in shown.gone}
    assert pairs(batch) == before - gone | came
    assert pair in came
    assert batch.result["total"] == shown.after.total
    assert shown.cost == pytest.approx(shown.before.total - batch.result["total"])
    with pytest.raises(Stale):
        planning.change(batch, world.call, lambda wishes: forbid(wishes, pair), Said("forbid", *pair), seen=1, by=by)
    planning.undo(batch, world.call, seen=2, by=by)
    assert pairs(batch) == before
    (now,) = wished.versions(batch)
    assert (now.number, now.said) == (3, None), "a page of the first version 2 shows what stands no more"
    for seen in (1, 2):
        with pytest.raises(Stale):
            planning.change(batch, world.call, lambda wishes: forbid(wishes, pair), Said("forbid"), seen=seen, by=by)
    with pytest.raises(Incomplete):
        planning.undo(batch, world.call, seen=3, by=by)


def test_a_renewal_is_not_undone_and_what_comes_after_it_is(world: Trial) -> None:
    batch, by = proposed(world), world.coordinator
    assert not planning.can_undo(batch)
    first = absent(batch)
    planning.change(batch, world.call, lambda wishes: force(wishes, first), Said("force", *first), seen=1, by=by)
    assert planning.can_undo(batch)
    for row in db.session.scalars(sa.select(Affinity)):
        row.score = 1 - row.score
    db.session.flush()
    planning.renew(batch, world.call, by=by)
    renewed, seen = pairs(batch), batch.wishes["version"]
    assert not planning.can_undo(batch)
    with pytest.raises(Incomplete, match="solved again from newer data"):
        planning.undo(batch, world.call, seen=seen, by=by)
    assert (pairs(batch), batch.wishes["version"]) == (renewed, seen)
    pair = absent(batch)
    planning.change(batch, world.call, lambda wishes: force(wishes, pair), Said("force", *pair), seen=seen, by=by)
    planning.undo(batch, world.call, seen=batch.wishes["version"], by=by)
    assert pairs(batch) == renewed


def test_forbidden_locked_and_swapped_pairs_are_as_wished(world: Trial) -> None:
    batch, by, call = proposed(world), world.coordinator, world.call
    one, other = sorted(pairs(batch))[0], sorted(pairs(batch))[-1]
    planning.change(batch, call, lambda wishes: forbid(wishes, one), Said("forbid", *one), seen=1, by=by)
    assert one not in pairs(batch)
    planning.change(batch, call, lambda wishes: lock(wishes, other), Said("lock", *other), seen=2, by=by)
    planning.change(batch, call, lambda wishes: load(wishes, other[1], 1), Said("load"), seen=3, by=by)
    assert {each for each in pairs(batch) if each[1] == other[1]} == {other}
    planning.change(batch, call, lambda wishes: release(wishes, other), Said("release", *other), seen=4, by=by)
    rows = sorted(pairs(batch))
    first = rows[0]
    second = next(each for each in rows if not {(first[0], each[1]), (each[0], first[1])} & set(rows))
    planning.change(batch, call, lambda wishes: swap(wishes, first, second), Said("swap"), seen=5, by=by)
    assert {(first[0], second[1]), (second[0], first[1])} <= pairs(batch)
    assert not {first, second} & pairs(batch)


def test_a_need_that_nobody_can_fill_is_told_with_its_repair(world: Trial) -> None:
    batch, by, call = proposed(world), world.coordinator, world.call
    for seen, judge in enumerate(world.judges, 1):
        planning.change(batch, call, lambda wishes, who=judge: load(wishes, who, 3), Said("load"), seen=seen, by=by)
    assert batch.result["filled"] == 15
    assert [row[1] for row in batch.result["short"]] == [1]
    assert set(batch.result["short"][0][2]) <= set(world.judges)
    ((reviewer, was, becomes),) = batch.result["repair"]["raises"]
    assert (was, becomes) == (3, 4)
    planning.change(batch, call, lambda wishes: load(wishes, reviewer, becomes), Said("load"), seen=6, by=by)
    assert batch.result["short"] == []
    planning.change(batch, call, lambda wishes: need(wishes, world.proposals[0], 20), Said("need"), seen=7, by=by)
    assert batch.result["repair"]["recruits"] == [[world.proposals[0], 15]]


def test_a_team_member_is_never_assigned_not_even_by_force(world: Trial) -> None:
    proposal, judge = world.proposals[0], world.judges[0]
    on_the_team(proposal, judge)
    batch, by = proposed(world), world.coordinator
    assert (proposal, judge) not in pairs(batch)
    with pytest.raises(Conflicted):
        planning.tried(batch, world.call, lambda wishes: force(wishes, (proposal, judge), "because"), by=by)
    with pytest.raises(Conflicted):
        planning.change(
            batch, world.call, lambda wishes: force(wishes, (proposal, judge), "because"), Said("force"), seen=1, by=by
        )
    assert (proposal, judge) not in pairs(batch)


def test_a_team_member_is_known_under_every_address(world: Trial) -> None:
    proposal, judge = world.proposals[0], world.judges[0]
    line = {"name": "Known elsewhere", "relation": Relation.CO_INVESTIGATOR, "answer": TeamAnswer.INVITED}
    address = db.session.get_one(Person, judge).email
    db.session.add(TeamMember(proposal_id=proposal, person_id=None, email=address, position=9, **line))
    db.session.flush()
    batch = proposed(world)
    assert engine.mark_of(solving.facts_of(batch) or {}, (proposal, judge)) == "block"
    assert (proposal, judge) not in pairs(batch)


def test_a_warning_needs_a_reason(world: Trial) -> None:
    proposal, judge = world.proposals[0], world.judges[0]
    leader = db.session.scalar(sa.select(TeamMember.person_id).where(TeamMember.proposal_id == proposal))
    db.session.get_one(Person, judge).department_id = db.session.get_one(Person, leader).department_id
    db.session.flush()
    batch, by, pair = proposed(world), world.coordinator, (proposal, judge)
    assert pair not in pairs(batch)
    with pytest.raises(Incomplete) as refused:
        planning.tried(batch, world.call, lambda wishes: force(wishes, pair), by=by)
    assert list(refused.value.fields) == ["reason"]
    planning.change(
        batch, world.call, lambda wishes: force(wishes, pair, "Nobody else knows it."), Said("force"), seen=1, by=by
    )
    assert pair in pairs(batch)
    kept = sa.select(PlannedPair.override_reason).where(
        PlannedPair.batch_id == batch.id, PlannedPair.proposal_id == proposal, PlannedPair.reviewer_id == judge
    )
    assert db.session.scalar(kept) == "Nobody else knows it."


def test_capacities_and_reviews_in_the_call_count(world: Trial) -> None:
    first, second = world.judges[:2]
    db.session.add(Capacity(call_id=world.call.id, person_id=first, most=0, least=0))
    db.session.add(Capacity(call_id=world.call.id, person_id=second, most=4, least=4))
    db.session.flush()
    loads = Counter(reviewer for _, reviewer in pairs(proposed(world)))
    assert loads[first] == 0
    assert loads[second] == 4


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"due_at": clock.now() - timedelta(days=1)}, "due_at"),
        ({"reply_by": clock.now() + timedelta(days=99)}, "reply_by"),
        ({"stability": 9.0}, "stability"),
        ({"need": 0}, "need"),
        ({"proposals": ()}, "proposals"),
        ({"reviewers": ()}, "reviewers"),
    ],
)
def test_wishes_out_of_bounds_are_told_at_their_field(world: Trial, changed: dict[str, object], field: str) -> None:
    with pytest.raises(Incomplete) as refused:
        proposed(world, **changed)
    assert list(refused.value.fields) == [field]


def test_a_replay_gives_the_same(world: Trial) -> None:
    batch = proposed(world, objective=Objective.FAIR)
    found = solving.replay(batch)
    assert (found.differing, found.then) == (0, found.now)
    row = db.session.scalars(sa.select(PlannedPair).where(PlannedPair.batch_id == batch.id)).first()
    assert row is not None
    row.score += 0.5
    db.session.flush()
    assert solving.replay(batch).differing == 2


def test_who_does_not_oversee_the_call_does_nothing(world: Trial) -> None:
    batch, nobody = proposed(world), Actor(id=world.judges[0])
    for act in (
        lambda: planning.propose(world.call, "x", world.wishes(), by=nobody),
        lambda: planning.tried(batch, world.call, lambda wishes: wishes, by=nobody),
        lambda: planning.undo(batch, world.call, seen=1, by=nobody),
        lambda: planning.discard(batch, world.call, by=nobody),
        lambda: planning.renew(batch, world.call, by=nobody),
    ):
        with pytest.raises(Refused):
            act()


def test_a_discarded_batch_stays_as_it_is(world: Trial) -> None:
    batch, by = proposed(world), world.coordinator
    planning.discard(batch, world.call, by=by)
    assert batch.state is BatchState.DISCARDED
    with pytest.raises(Incomplete):
        planning.renew(batch, world.call, by=by)


def test_only_what_is_to_be_assigned_is_taken(world: Trial) -> None:
    away = db.session.get_one(Proposal, world.proposals[0])
    away.state = State.ELIGIBLE
    db.session.flush()
    assert {proposal for proposal, _ in pairs(proposed(world))} == set(world.proposals[1:])


def test_the_worker_solves_what_is_large(world: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    small = pairs(proposed(world))
    monkeypatch.setattr(engine, "SMALL", 3)
    batch = proposed(world)
    assert batch.wanted_at is not None
    with pytest.raises(Incomplete):
        planning.tried(batch, world.call, lambda wishes: wishes, by=world.coordinator)
    db.session.commit()
    assert solving.drain(5) == 1
    assert solving.drain(5) == 0
    db.session.refresh(batch)
    assert batch.wanted_at is None
    assert pairs(batch) == small


def test_a_killed_workers_batch_is_taken_up_and_a_failure_is_told(
    world: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SMALL", 3)
    batch = proposed(world)
    batch.lease_until = clock.now() + timedelta(minutes=5)
    db.session.commit()
    assert solving.drain(1) == 0
    batch.lease_until = clock.now() - timedelta(seconds=1)
    db.session.commit()
    monkeypatch.setattr(engine, "solved", lambda *_: 1 / 0)
    assert solving.drain(1) == 0
    db.session.refresh(batch)
    assert (batch.wanted_at, batch.failed) == (None, "ZeroDivisionError")


def test_wishes_are_kept_whole(world: Trial) -> None:
    wishes = world.wishes(
        reply_by=clock.now() + timedelta(days=7), floor=0.25, threshold=0.5, needs={1: 3}, loads={2: 4},
        forced={(1, 2): "why"}, forbidden=frozenset({(3, 4)}), locked=frozenset({(5, 6)}), leads={1: 2},
    )  # fmt: skip
    batch = Batch(wishes=wished.changed(wished.first(wishes), replace(wishes, floor=None), Said("floor")))
    assert wished.now(batch) == replace(wishes, floor=None)
    assert wished.now(Batch(wishes=wished.undone(batch.wishes))) == wishes
