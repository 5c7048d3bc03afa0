"""Who sees what of a meeting: written by hand, and the lists equal the policy."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.conflict.models import Conflict
from intake.conflict.operations import declare
from intake.extensions import db
from intake.meeting.inviting import standing
from intake.meeting.models import Item, Meeting, Participant
from intake.meeting.planning import take_off
from intake.meeting.queries import mine, read_by, seen_by
from intake.people.models import StandIn
from intake.policy import Actor, may, meets, reads_item, writes_minutes
from intake.proposal.models import TeamMember
from intake.review.operations import unassign
from intake.vocabulary import Action, ConflictKind, Declared
from tests.factories.meetings import NOON, about, arranged, fresh, planned
from tests.factories.world import BEGAN, PEOPLE, World, build

# by hand: the items that each may read, by their proposal ("-" is the theme's), once everybody was told
READS = {
    "F1": "P1",
    "F2": "P1 P4",
    "F3": "P3",
    "C1": "P1 P3 - P4",
    "C3": "P1 P3 -",
    "R1": "P1",
    "S1": "P1 P3 -",
}
# by hand: who learns that whom comes; "guest" has no account, C1 planned it
MEETS = {
    "F1": "F1 F2 S1",
    "F2": "F1 F2 S1 C3",
    "F3": "F3 S1",
    "C1": "C1 C3 F1 F2 F3 R1 S1 guest",
    "C3": "C1 C3 F1 F2 F3 R1 S1 guest",
    "R1": "F1 F2 R1 S1",
    "S1": "F1 F2 F3 S1 guest",
}


@pytest.fixture
def world(room: Flask) -> World:
    return build()


def name_of(world: World, item: Item) -> str:
    names = {number: name for name, number in world.proposals.items()}
    return names[item.proposal_id] if item.proposal_id else "-"


def read(world: World, number: int, who: str) -> str:
    meeting, actor = fresh(number), world.actor(who)
    return " ".join(name_of(world, item) for item in meeting.items if reads_item(actor, item, meeting))


def met(world: World, number: int, who: str) -> str:
    meeting, actor = fresh(number), world.actor(who)
    names = {person: name for name, person in world.people.items()}
    seen = (each for each in standing(meeting) if meets(actor, each, meeting))
    return " ".join(sorted(names[each.person_id] if each.person_id else "guest" for each in seen))


def test_each_reads_the_items_that_they_attend_and_may_read(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
    assert {who: read(world, number, who) for who in PEOPLE} == {who: READS.get(who, "") for who in PEOPLE}
    assert {who: met(world, number, who) for who in MEETS} == {
        who: " ".join(sorted(x.split())) for who, x in MEETS.items()
    }
    allowed = {who for who in PEOPLE if may(world.actor(who), Action.MEETING_VIEW, fresh(number))}
    assert allowed == set(READS)
    assert {who for who in PEOPLE if may(world.actor(who), Action.MEETING_RUN, fresh(number))} == {"C1", "C3"}
    assert may(world.actor("F1"), Action.MEETING_RUN, fresh(number)).hidden is False
    assert may(world.actor("C2"), Action.MEETING_RUN, fresh(number)).hidden is True


def test_before_they_are_told_only_the_office_sees_it(world: World) -> None:
    with clock.at(BEGAN):
        number = planned(world)
    assert {who for who in PEOPLE if may(world.actor(who), Action.MEETING_VIEW, fresh(number))} == {"C1", "C3"}


def later(world: World, number: int) -> None:
    """R1 and C3 turn out to have a conflict with P1, F2 left its team, R1 is taken off; C2 stands in for P4."""
    declare(world.proposal("P1"), ConflictKind.PERSONAL, "friends", by=world.actor("R1"))
    shares = Conflict(
        proposal_id=world.proposals["P1"],
        person_id=world.people["C3"],
        declared=Declared.CONFLICT,
        kind=ConflictKind.FINANCIAL,
    )
    db.session.add(shares)
    gone = sa.select(TeamMember).where(
        TeamMember.proposal_id == world.proposals["P1"], TeamMember.person_id == world.people["F2"]
    )
    db.session.delete(db.session.scalars(gone).one())
    row = next(each for each in world.proposal("P3").assignments if each.reviewer_id == world.people["R1"])
    unassign(world.proposal("P3"), row, "too busy", by=world.actor("C1"))
    db.session.add(StandIn(proposal_id=world.proposals["P4"], person_id=world.people["C2"], reason="a conflict"))
    db.session.flush()
    db.session.expire_all()


def test_a_conflict_and_a_team_that_was_left_beat_attendance(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
    later(world, number)
    changed = {"F2": "P4", "R1": "", "C3": "P3 -", "C2": "P4"}
    assert {who: read(world, number, who) for who in PEOPLE} == {
        who: changed.get(who, READS.get(who, "")) for who in PEOPLE
    }
    meeting = fresh(number)
    assert may(world.actor("R1"), Action.MEETING_VIEW, meeting).hidden
    assert not may(world.actor("R1"), Action.MEETING_VIEW, meeting)
    assert met(world, number, "C3") == "C1 C3 F3 S1 guest"
    assert met(world, number, "F1") == "F1 S1"
    item = about(meeting, world, "P4")
    assert writes_minutes(world.actor("C2"), item, meeting)
    assert [each.id for each in mine(world.actor("C2"))] == [number]
    assert writes_minutes(world.actor("C3"), item, meeting).hidden
    assert not writes_minutes(world.actor("F2"), item, meeting).hidden


@pytest.mark.parametrize("changed", [False, True], ids=["as arranged", "after changes"])
def test_lists_equal_policy(world: World, changed: bool) -> None:
    with clock.at(BEGAN):
        number, other = arranged(world), planned(world)
    if changed:
        later(world, number)
    for who in PEOPLE:
        actor = world.actor(who)
        listed = set(db.session.scalars(sa.select(Meeting.id).where(seen_by(actor))))
        assert listed == {n for n in (number, other) if may(actor, Action.MEETING_VIEW, fresh(n))}, who
        items = set(db.session.scalars(sa.select(Item.id).where(read_by(actor))))
        assert items == {
            item.id for n in (number, other) for item in fresh(n).items if reads_item(actor, item, fresh(n))
        }, who
    assert not list(db.session.scalars(sa.select(Meeting.id).where(seen_by(Actor()))))


def test_blind_review_holds_in_a_meeting(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
    fresh(number).call.applicants_named = False
    assert met(world, number, "R1") == "R1 S1"
    assert "R1" not in met(world, number, "F1")


def test_somebody_taken_off_sees_nothing(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
        meeting = fresh(number)
        line = next(each for each in meeting.participants if each.person_id == world.people["F1"])
        take_off(meeting, line, by=world.actor("C1"))
    assert not may(world.actor("F1"), Action.MEETING_VIEW, fresh(number))
    assert db.session.get_one(Participant, line.id).invited is False
    assert fresh(number).begins_at == NOON
