"""Conflicts that arise while somebody reviews: what ends, what stays, who is told, and that they are told once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.call.models import Call
from intake.conflict.levels import levels_of
from intake.conflict.objecting import object_to, take_back
from intake.conflict.setting import set_levels
from intake.conflict.ties import note_employment, note_supervision
from intake.extensions import db
from intake.notification.models import Message
from intake.people.known_as import add_address
from intake.people.models import Person
from intake.people.operations import change_person
from intake.policy import may
from intake.programme.models import Sponsor
from intake.review.models import Assignment
from intake.review.operations import put_back
from intake.vocabulary import Action, ConflictLevel, ConflictRule
from tests.factories.team import accepted, letters_to
from tests.factories.world import World, build


@pytest.fixture
def world(room: Flask) -> World:
    """The world of the scenarios: R1, R2 and R3 review P1; F1 leads it, F2 is on its team."""
    return build()


def person(world: World, who: str) -> Person:
    return db.session.get_one(Person, world.people[who])


def standing(world: World, name: str) -> set[str]:
    rows = db.session.scalars(
        sa.select(Assignment).where(Assignment.proposal_id == world.proposals[name], Assignment.removed_at.is_(None))
    )
    who = {number: each for each, number in world.people.items()}
    return {who[row.reviewer_id] for row in rows}


def told(world: World, who: str, kind: str = "conflict.arose") -> list[Message]:
    return letters_to(f"{who.lower()}@example.org", kind)


def test_a_supervisor_stops_reviewing_at_once_and_the_office_is_told_once(world: World) -> None:
    other = f"{'F1'.lower()}@example.org"
    note_supervision(person(world, "R3"), other, supervised=True, since=2015, until=None, by=world.actor("AD"))
    assert standing(world, "P1") == {"R1", "R2"}
    (letter,) = told(world, "C1")
    assert "Ivo Outside no longer reviews it, their access has ended: Supervised Ada Applicant (since 2015)." in (
        letter.body_text.replace("\n", " ")
    )
    assert [each.kind for each in letters_to("r3@example.org", "conflict.suspended")] == ["conflict.suspended"]
    assert not may(world.actor("R3"), Action.PROPOSAL_VIEW, world.proposal("P1"))
    note_employment(
        person(world, "R3"), db.session.scalars(sa.select(Sponsor.id)).first() or 0, None, 2010, by=world.actor("R3")
    )
    assert len(told(world, "C1")) == 1


def test_a_warning_leaves_the_review_and_is_told_once(world: World) -> None:
    change_person(person(world, "R3"), person(world, "R3").version, by=world.actor("AD"), laboratory="Light Laboratory")
    assert told(world, "C1") == []
    change_person(person(world, "F1"), person(world, "F1").version, by=world.actor("F1"), laboratory="light laboratory")
    about_p1 = [each for each in told(world, "C1") if each.proposal_id == world.proposals["P1"]]
    assert len(about_p1) == 1
    text = about_p1[0].body_text.replace("\n", " ")
    assert "Ivo Outside reviews it. A warning: Same laboratory as Ada Applicant: light laboratory." in text
    assert "R3" in standing(world, "P1")
    before = len(told(world, "C1"))
    change_person(person(world, "F1"), person(world, "F1").version, by=world.actor("F1"), laboratory="Light laboratory")
    assert len(told(world, "C1")) == before, "it is known"


@pytest.mark.parametrize("by_orcid", [False, True])
def test_a_reviewer_known_on_the_team_under_another_name_loses_access(world: World, by_orcid: bool) -> None:
    member = accepted(world.proposals["P1"], name="I. Outside", email="ivo@home.example")
    member.orcid = "0000-0002-1825-0097" if by_orcid else ""
    db.session.flush()
    assert may(world.actor("R3"), Action.PROPOSAL_VIEW, world.proposal("P1"))
    if by_orcid:
        r3 = person(world, "R3")
        change_person(r3, r3.version, by=world.actor("R3"), orcid="https://orcid.org/0000-0002-1825-0097")
    else:
        add_address(person(world, "R3"), "Ivo@Home.example", by=world.actor("R3"))
    ruling = may(world.actor("R3"), Action.PROPOSAL_VIEW, world.proposal("P1"))
    assert (ruling.allowed, ruling.hidden) == (False, True)
    assert "R3" in standing(world, "P1"), "it comes back if the team is a mistake"
    (letter,) = told(world, "C1")
    assert "it comes back if they leave the team" in letter.body_text.replace("\n", " ")


def test_an_objection_warns_or_blocks_as_the_call_says(world: World) -> None:
    row = object_to(world.proposal("P1"), "Ivo", "r3@example.org", "A rival.", by=world.actor("F1"))
    assert row.person_id == world.people["R3"]
    (letter,) = told(world, "C1")
    assert "A warning: The applicants object: A rival." in letter.body_text
    assert "R3" in standing(world, "P1")
    call = db.session.get_one(Call, world.calls["A"])
    levels = levels_of({}) | {ConflictRule.OBJECTION: ConflictLevel.BLOCK}
    assert set_levels(call, levels, 3, version=call.version, by=world.actor("C1"))
    assert call.conflict_levels == {"objection": "block"}
    assert standing(world, "P1") == {"R1", "R2"}
    take_back(row, world.proposal("P1"), by=world.actor("F1"))
    assert not set_levels(call, levels, 3, version=call.version, by=world.actor("C1"))


def test_a_department_that_becomes_the_same_is_told_of_only_where_they_review(world: World) -> None:
    r3 = person(world, "R3")
    change_person(r3, r3.version, by=world.actor("AD"), department_id=person(world, "F1").department_id)
    assert {each.proposal_id for each in told(world, "C1")} == {world.proposals["P1"]}
    assert told(world, "C2") == []


def department(world: World, level: str) -> None:
    """What the same department does in call A from now on."""
    call = db.session.get_one(Call, world.calls["A"])
    levels = levels_of({"department": level})
    set_levels(call, levels, call.conflict_years, version=call.version, by=world.actor("C1"))


def of_the_same_department(world: World, who: str, as_whom: str) -> None:
    theirs = db.session.get_one(Person, world.people[as_whom]).department_id
    db.session.get_one(Person, world.people[who]).department_id = theirs
    db.session.flush()


def test_a_conflict_that_vanished_and_came_back_ends_the_assignment_again(world: World) -> None:
    of_the_same_department(world, "R3", "F1")
    department(world, "block")
    assert "R3" not in standing(world, "P1")
    department(world, "off")
    proposal = world.proposal("P1")
    (row,) = [each for each in proposal.assignments if each.reviewer_id == world.people["R3"]]
    put_back(proposal, row, "it was a mistake", by=world.actor("C1"))
    assert "R3" in standing(world, "P1")
    before = len(told(world, "C1"))
    department(world, "block")
    assert "R3" not in standing(world, "P1")
    about_p1 = [each for each in told(world, "C1")[before:] if each.proposal_id == world.proposals["P1"]]
    assert len(about_p1) == 1
    assert "Ivo Outside no longer reviews it" in about_p1[0].body_text
    assert len(letters_to("r3@example.org", "conflict.suspended")) == 2


def test_a_warning_that_was_overridden_vanishes_and_comes_back_without_a_word(world: World) -> None:
    """R1 is of F1's department and R2 of F2's, and both were asked all the same, with a reason; R1 has submitted."""
    department(world, "off")
    department(world, "warn")
    assert standing(world, "P1") == {"R1", "R2", "R3"}
    assert [each for each in told(world, "C1") if each.proposal_id == world.proposals["P1"]] == []
    department(world, "block")
    left = standing(world, "P1")
    assert left == {"R1", "R3"}, "nobody gets past a block, whatever the reason for a warning; a submitted review stays"
