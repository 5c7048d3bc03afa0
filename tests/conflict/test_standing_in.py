"""The office's own conflicts: what a coordinator loses by declaring one, and what somebody who stands in gains."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.conflict.models import Conflict
from intake.conflict.operations import declare_as_office, lift
from intake.conflict.standing_in import end_stand_in, name_stand_in
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.people.known_as import add_address
from intake.people.models import Person, PersonAddress, RoleGrant, StandIn
from intake.policy import Actor, may
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of, withdraw
from intake.proposal.queries import visible_to
from intake.vocabulary import Action, ConflictKind, Declared
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


def on_the_team_by_another_address(world: World, who: str, name: str = "P1") -> None:
    """The person is on the proposal's team under an address that their account holds as well."""
    address = f"{who.lower()}@home.example"
    db.session.add(PersonAddress(person_id=world.people[who], email=address))
    accepted(world.proposals[name], name="Under another name", email=address)
    db.session.flush()


def test_an_administrator_on_the_team_by_another_address_decides_nothing_about_it(world: World) -> None:
    row = name_stand_in(world.proposal("P1"), world.people["N"], "holidays", by=world.actor("AD"))
    facts = {"declared": Declared.CONFLICT, "kind": ConflictKind.PERSONAL}
    conflict = Conflict(proposal_id=world.proposals["P1"], person_id=world.people["R3"], **facts)
    db.session.add(conflict)
    on_the_team_by_another_address(world, "AD")
    with pytest.raises(Refused, match="on this proposal's team"):
        name_stand_in(world.proposal("P1"), world.people["Q"], "mine", by=world.actor("AD"))
    with pytest.raises(Refused, match="on this proposal's team"):
        lift(conflict, world.proposal("P1"), "mine", by=world.actor("AD"))
    with pytest.raises(Refused, match="on this proposal's team"):
        end_stand_in(row, world.proposal("P1"), by=world.actor("AD"))
    assert conflict.lifted_at is None
    assert [(each.person_id, each.ended_at) for each in db.session.scalars(sa.select(StandIn))] == [
        (world.people["N"], None)
    ]


def test_an_administrator_who_declared_a_conflict_decides_nothing_about_it_either(world: World) -> None:
    name_stand_in(world.proposal("P1"), world.people["AD"], "once", by=another_administrator(world))
    declare_as_office(world.proposal("P1"), ConflictKind.PERSONAL, "", by=world.actor("AD"))
    with pytest.raises(Refused, match="declared a conflict"):
        name_stand_in(world.proposal("P1"), world.people["N"], "mine", by=world.actor("AD"))


def another_administrator(world: World) -> Actor:
    """Q administers as well."""
    db.session.add(RoleGrant(person_id=world.people["Q"], role="administrator"))
    db.session.flush()
    return world.actor("Q")


def test_an_administrator_on_the_team_by_another_address_is_not_asked_to_name_somebody(world: World) -> None:
    another_administrator(world)
    on_the_team_by_another_address(world, "AD", "P4")
    declare_as_office(world.proposal("P4"), ConflictKind.PERSONAL, "", by=world.actor("C1"))  # C3 is on its team
    assert letters_to("ad@example.org", "conflict.nobody_left") == []
    assert len(letters_to("q@example.org", "conflict.nobody_left")) == 1


def test_administrators_are_told_when_the_last_stand_in_turns_out_to_be_on_the_team(world: World) -> None:
    name_stand_in(world.proposal("P4"), world.people["N"], "both are in conflict", by=world.actor("AD"))
    declare_as_office(world.proposal("P4"), ConflictKind.PERSONAL, "", by=world.actor("C1"))
    accepted(world.proposals["P4"], name="M. N.", email="moe@home.example")
    assert letters_to("ad@example.org", "conflict.nobody_left") == []
    add_address(db.session.get_one(Person, world.people["N"]), "moe@home.example", by=world.actor("N"))
    assert len(letters_to("ad@example.org", "conflict.nobody_left")) == 1


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("AD", "Somebody who names a stand-in does not name themselves."),
        ("R3", "They were asked to review it, or review it already."),
        ("S1", "They are a contact of the sponsor of its call."),
    ],
)
def test_who_has_another_part_in_it_does_not_stand_in(world: World, who: str, words: str) -> None:
    with pytest.raises(Incomplete, match="Nobody was named") as refused:
        name_stand_in(world.proposal("P1"), world.people[who], "why not", by=world.actor("AD"))
    assert {name: str(said) for name, said in refused.value.fields.items()} == {"person": words}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StandIn)) == 0


def test_a_contact_of_another_sponsor_and_who_is_a_contact_no_more_may_stand_in(world: World) -> None:
    grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == world.people["S1"])).one()
    grant.revoked_at = clock.now()
    db.session.flush()
    for who in ("S1", "S2"):
        name_stand_in(world.proposal("P1"), world.people[who], "holidays", by=world.actor("AD"))
    assert office(world, "P1") == {"C1", "C3", "S1", "S2"}
