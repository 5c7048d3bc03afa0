"""Administrators are told when somebody who leaves the office was the last who could handle a proposal."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.conflict.handling import handled
from intake.conflict.operations import declare_as_office
from intake.conflict.standing_in import name_stand_in
from intake.extensions import db
from intake.notification.models import Message
from intake.people import operations as people
from intake.people import queries
from intake.people.models import Person, PersonAddress, RoleGrant
from intake.vocabulary import ConflictKind, Role
from tests.conftest import signed_in
from tests.factories.counting import statements
from tests.factories.team import accepted, letters_to
from tests.factories.world import World, build


@pytest.fixture
def world(room: Flask) -> World:
    """The world of the scenarios: C1 and C3 coordinate A, C3 is on the team of P4; C2 coordinates B alone."""
    return build()


def person(world: World, who: str) -> Person:
    found = queries.one(world.people[who])
    assert found is not None
    return found


def revoke(world: World, who: str) -> None:
    asked = sa.select(RoleGrant).where(RoleGrant.person_id == world.people[who], RoleGrant.role == Role.COORDINATOR)
    people.revoke(db.session.scalars(asked.where(RoleGrant.revoked_at.is_(None))).one(), by=world.actor("AD"))


def told(who: str = "ad") -> list[Message]:
    return letters_to(f"{who}@example.org", "conflict.nobody_left")


def text(message: Message) -> str:
    return message.body_text.replace("\n", " ")


def test_the_last_coordinator_without_a_conflict_loses_the_role(world: World) -> None:
    revoke(world, "C1")
    (letter,) = told()
    assert letter.proposal_id == world.proposals["P4"], "C3 handles the others"
    assert f"/administration/stand-ins/{world.proposals['P4']}" in letter.body_text
    assert "has a conflict of interest with CALL-A-0004" in text(letter)


def test_the_last_account_without_a_conflict_is_closed(world: World) -> None:
    people.close_account(person(world, "C1"), by=world.actor("AD"))
    assert [each.proposal_id for each in told()] == [world.proposals["P4"]]


def test_nobody_is_told_where_somebody_stays_or_stood_aside_before(world: World) -> None:
    revoke(world, "C3")
    assert told() == [], "C1 handles P4"


def test_somebody_who_stands_in_is_somebody_until_they_have_a_conflict_or_are_closed(world: World) -> None:
    name_stand_in(world.proposal("P4"), world.people["N"], "to be safe", by=world.actor("AD"))
    revoke(world, "C1")
    assert told() == []
    people.close_account(person(world, "N"), by=world.actor("AD"))
    assert [each.proposal_id for each in told()] == [world.proposals["P4"]]


def test_a_stand_in_with_a_conflict_is_nobody(world: World) -> None:
    name_stand_in(world.proposal("P4"), world.people["N"], "to be safe", by=world.actor("AD"))
    declare_as_office(world.proposal("P4"), ConflictKind.PERSONAL, "", by=world.actor("N"))
    assert told() == []
    revoke(world, "C1")
    assert [each.proposal_id for each in told()] == [world.proposals["P4"]]


def test_who_was_in_conflict_leaves_nothing_behind(world: World) -> None:
    declare_as_office(world.proposal("P4"), ConflictKind.PERSONAL, "", by=world.actor("C1"))
    assert len(told()) == 1
    revoke(world, "C1")
    assert len(told()) == 1, "it was nobody's before"


def test_a_coordinator_of_the_call_and_of_its_programme_leaves_only_with_the_last_role(world: World) -> None:
    grant = RoleGrant(person_id=world.people["C1"], role=Role.COORDINATOR, call_id=world.calls["A"])
    db.session.add(grant)
    db.session.flush()
    people.revoke(grant, by=world.actor("AD"))
    assert told() == []
    revoke(world, "C1")
    assert len(told()) == 1


def test_a_conflict_under_another_address_counts_too(world: World) -> None:
    db.session.add(PersonAddress(person_id=world.people["C3"], email="fay@home.example"))
    accepted(world.proposals["P1"], name="F. C.", email="fay@home.example")
    db.session.flush()
    revoke(world, "C1")
    (letter,) = told()
    assert letter.proposal_id is None
    assert "CALL-A-0001, CALL-A-0004" in text(letter)


def test_many_at_once_are_one_letter_and_stand_on_the_page(world: World) -> None:
    revoke(world, "C2")
    (letter,) = told()
    assert "2 proposals of Hua Works Call 2026" in letter.subject
    assert "CALL-B-0001, CALL-B-0002" in text(letter)
    assert letter.body_text.count("/administration/stand-ins") == 1
    rows = [(row.number, row.handlers) for row in handled()]
    assert rows[:2] == [("CALL-B-0001", []), ("CALL-B-0002", [])], "nobody coordinates the call"
    assert told("c2") == []


def test_as_many_statements_for_many_proposals_as_for_few(world: World) -> None:
    accepted(world.proposals["P1"], person(world, "C3"))
    db.session.commit()
    with statements() as few:
        revoke(world, "C1")
    (letter,) = told()
    assert "2 proposals of" in letter.subject
    db.session.rollback()
    for name in ("P2", "P3", "P6", "P7"):
        accepted(world.proposals[name], person(world, "C3"))
    db.session.commit()
    with statements() as many:
        revoke(world, "C1")
    (letter,) = told()
    assert "6 proposals of" in letter.subject
    assert len(many) == len(few), "\n".join(many)


def test_no_other_role_says_anything(world: World) -> None:
    for each in db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == Role.REVIEWER)).all():
        people.revoke(each, by=world.actor("AD"))
    assert told() == []


def test_the_page_lists_what_nobody_handles(app: Flask) -> None:
    with app.app_context():
        world = build()
        revoke(world, "C2")
        db.session.commit()
        number = world.proposals["Q1"]
    browser = signed_in(app, world.people["AD"])
    page = browser.get("/administration/stand-ins").text
    assert "2 proposals have nobody in the office" in page
    assert f"/administration/stand-ins/{number}" in page
    assert "Nobody in the office may handle it" in browser.get(f"/administration/stand-ins/{number}").text
