"""The office's own conflicts: what a coordinator loses by declaring one, and what somebody who stands in gains."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.conflict.operations import declare_as_office
from intake.conflict.standing_in import end_stand_in, name_stand_in
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.people.models import Person, PersonAddress, RoleGrant, StandIn
from intake.policy import may
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of, withdraw
from intake.proposal.queries import visible_to
from intake.vocabulary import Action, ConflictKind
from tests.factories.team import accepted, letters_to
from tests.factories.world import World, build


@pytest.fixture
def world(room: Flask) -> World:
    """The world of the scenarios."""
    return build()


def office(world: World, name: str) -> set[str]:
    who = {number: each for each, number in world.people.items()}
    return {who[each.id] for each in office_of(world.proposal(name))}


def test_a_coordinator_declares_and_loses_it_at_once(world: World) -> None:
    assert office(world, "P1") == {"C1", "C3"}
    with pytest.raises(Incomplete):
        declare_as_office(world.proposal("P1"), None, "", by=world.actor("C1"))
    declare_as_office(world.proposal("P1"), ConflictKind.PERSONAL, "my cousin", by=world.actor("C1"))
    assert office(world, "P1") == {"C3"}
    for action in (Action.PROPOSAL_VIEW_AS_OFFICE, Action.PROPOSAL_READ_REVIEWS, Action.PROPOSAL_LOG):
        ruling = may(world.actor("C1"), action, world.proposal("P1"))
        assert "declared a conflict" in str(ruling.reason)
        assert may(world.actor("C3"), action, world.proposal("P1"))
    with pytest.raises(Refused):
        declare_as_office(world.proposal("P1"), ConflictKind.OTHER, "again", by=world.actor("C1"))
    (letter,) = letters_to("c3@example.org", "conflict.declared")
    assert "Dora Desk declared a conflict of interest" in letter.body_text
    assert "cousin" not in letter.body_text
    assert letters_to("ad@example.org") == []


def test_administrators_are_told_when_nobody_is_left(world: World) -> None:
    declare_as_office(world.proposal("P4"), ConflictKind.PERSONAL, "", by=world.actor("C1"))  # C3 is on its team
    (letter,) = letters_to("ad@example.org", "conflict.nobody_left")
    assert f"/administration/stand-ins/{world.proposals['P4']}" in letter.body_text
    assert office(world, "P4") == set()


def test_a_coordinator_named_by_another_address_handles_it_no_more(world: World) -> None:
    db.session.add(PersonAddress(person_id=world.people["C1"], email="dora@home.example"))
    accepted(world.proposals["P1"], name="D. Desk", email="dora@home.example")
    db.session.flush()
    assert office(world, "P1") == {"C3"}
    assert not may(world.actor("C1"), Action.PROPOSAL_VIEW, world.proposal("P1"))
    withdraw(world.proposal("P1"), "changed plans", by=world.actor("F1"))
    assert letters_to("c1@example.org", "proposal.withdrawn") == []
    assert len(letters_to("c3@example.org", "proposal.withdrawn")) == 1


def test_a_stand_in_handles_that_proposal_alone(world: World) -> None:
    assert not may(world.actor("N"), Action.AREA_DESK)
    with pytest.raises(Refused):
        name_stand_in(world.proposal("P4"), world.people["N"], "both are in conflict", by=world.actor("C1"))
    with pytest.raises(Incomplete):
        name_stand_in(world.proposal("P4"), world.people["N"], "  ", by=world.actor("AD"))
    for who in ("F2", "C3"):
        with pytest.raises(Incomplete, match="Nobody was named"):
            name_stand_in(world.proposal("P4"), world.people[who], "why not", by=world.actor("AD"))
    row = name_stand_in(world.proposal("P4"), world.people["N"], "both are in conflict", by=world.actor("AD"))
    assert may(world.actor("N"), Action.AREA_DESK)
    seen = set(db.session.scalars(sa.select(Proposal.id).where(visible_to(world.actor("N")))))
    assert seen == {world.proposals["P4"]}
    assert office(world, "P4") == {"C1", "N"}
    assert may(world.actor("N"), Action.PROPOSAL_ASSIGN, world.proposal("P4"))
    assert may(world.actor("N"), Action.PROPOSAL_ASSIGN, world.proposal("P1")).hidden
    with pytest.raises(Incomplete):
        name_stand_in(world.proposal("P4"), world.people["N"], "twice", by=world.actor("AD"))
    end_stand_in(row, world.proposal("P4"), by=world.actor("AD"))
    assert not may(world.actor("N"), Action.AREA_DESK)
    assert may(world.actor("N"), Action.PROPOSAL_VIEW, world.proposal("P4")).hidden
    assert [each.kind for each in letters_to("n@example.org")] == ["conflict.stands_in", "conflict.stands_in_ended"]
    with pytest.raises(Incomplete):
        end_stand_in(row, world.proposal("P4"), by=world.actor("AD"))


def test_a_conflict_stops_a_stand_in_too(world: World) -> None:
    name_stand_in(world.proposal("P1"), world.people["N"], "holidays", by=world.actor("AD"))
    declare_as_office(world.proposal("P1"), ConflictKind.OTHER, "", by=world.actor("N"))
    assert not may(world.actor("N"), Action.PROPOSAL_VIEW, world.proposal("P1"))
    assert office(world, "P1") == {"C1", "C3"}


def test_an_administrator_names_nobody_for_a_proposal_of_their_own(world: World) -> None:
    db.session.add(RoleGrant(person_id=world.people["F1"], role="administrator"))
    db.session.flush()
    with pytest.raises(Refused, match="on this proposal's team"):
        name_stand_in(world.proposal("P1"), world.people["N"], "me", by=world.actor("F1"))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StandIn)) == 0
    assert db.session.get_one(Person, world.people["N"]).active
