"""What applicants note of themselves ends nobody's review; what conflicts end, and what they only tell of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.call.models import Call
from intake.conflict import ties
from intake.conflict.finding import rows
from intake.conflict.levels import levels_of
from intake.conflict.looking_again import look_again
from intake.conflict.models import Notice, Supervision
from intake.conflict.objecting import object_to
from intake.conflict.setting import set_levels
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.programme.models import Programme
from intake.review.models import Assignment
from intake.review.operations import Asked, assign, unassign
from intake.vocabulary import ConflictLevel, ConflictRule, Limit, Role
from tests.factories.team import letters_to
from tests.factories.world import World, build

BLOCK, WARN = ConflictLevel.BLOCK, ConflictLevel.WARN


@pytest.fixture
def world(room: Flask) -> World:
    """P1 is in review: R1 submitted, R2 has a draft, R3 has nothing; P6 is decided, R1 and R2 submitted. F1 leads
    both."""
    return build()


def person(world: World, who: str) -> Person:
    return db.session.get_one(Person, world.people[who])


def noted(world: World, who: str, other: str, by: str = "") -> Supervision:
    """``who`` supervised the other, as they or ``by`` say."""
    address = f"{other.lower()}@example.org"
    return ties.note_supervision(
        person(world, who), address, supervised=True, since=2015, until=None, by=world.actor(by or who)
    )


def standing(world: World, name: str) -> set[str]:
    asked = sa.select(Assignment.reviewer_id).where(
        Assignment.proposal_id == world.proposals[name], Assignment.removed_at.is_(None)
    )
    who = {number: each for each, number in world.people.items()}
    return {who[each] for each in db.session.scalars(asked)}


def levels(world: World, name: str, who: str, rule: ConflictRule = ConflictRule.SUPERVISION) -> list[ConflictLevel]:
    db.session.flush()
    return [row.level for row in rows([world.proposals[name]], [world.people[who]]) if row.rule is rule]


def told(name: str, world: World, who: str = "C1") -> list[str]:
    """What the office was told of conflicts with the proposal."""
    found = letters_to(f"{who.lower()}@example.org", "conflict.arose")
    return [" ".join(m.body_text.split()) for m in found if m.proposal_id == world.proposals[name]]


def test_what_only_the_applicant_notes_warns_and_ends_no_review(world: World) -> None:
    for reviewer in ("R1", "R2", "R3"):
        noted(world, "F1", reviewer)
    assert (standing(world, "P1"), standing(world, "P6")) == ({"R1", "R2", "R3"}, {"R1", "R2"})
    assert levels(world, "P1", "R3") == [WARN]
    (first, *_) = told("P1", world)
    assert (
        "Gus Reader reviews it. A warning: Was supervised by Ada Applicant (since 2015), by a note of the applicants"
        " that nobody has confirmed." in first
    )
    assert letters_to("r3@example.org", "conflict.suspended") == []


def test_what_the_reviewer_notes_or_an_administrator_blocks(world: World) -> None:
    noted(world, "R3", "F1")
    noted(world, "R2", "F1", by="AD")
    assert (levels(world, "P1", "R3"), levels(world, "P1", "R2")) == ([BLOCK], [BLOCK])
    assert standing(world, "P1") == {"R1"}


def test_what_an_administrator_notes_who_is_on_the_team_themselves_warns(world: World) -> None:
    noted(world, "R3", "F1", by="AD")
    db.session.execute(sa.update(Supervision).values(noted_by_id=world.people["F2"]))  # of the team of P1, not of P6
    assert (levels(world, "P1", "R3"), levels(world, "P6", "R3")) == ([WARN], [BLOCK])


@pytest.mark.parametrize("who", ["R3", "AD"])
def test_once_the_other_or_an_administrator_confirms_it_blocks(world: World, who: str) -> None:
    row = noted(world, "F1", "R3")
    with pytest.raises(Incomplete, match="noted it yourself"):
        ties.confirm(row, person(world, "F1"), by=world.actor("F1"))
    with pytest.raises(Refused):
        ties.confirm(row, person(world, "F1"), by=world.actor("N"))
    ties.confirm(row, person(world, "R3"), by=world.actor(who))
    assert levels(world, "P1", "R3") == [BLOCK]
    assert standing(world, "P1") == {"R1", "R2"}
    with pytest.raises(Incomplete, match="confirmed already"):
        ties.confirm(row, person(world, "R3"), by=world.actor(who))
    with pytest.raises(Refused):
        ties.forget(row, person(world, "F1"), by=world.actor("F1"))
    ties.forget(row, person(world, "F1"), by=world.actor("AD"))
    assert levels(world, "P1", "R3") == []


def test_a_confirmation_never_weakens_what_the_reviewer_noted(world: World) -> None:
    row = noted(world, "R3", "F1")
    ties.confirm(row, person(world, "F1"), by=world.actor("F1"))
    assert levels(world, "P1", "R3") == [BLOCK]


def test_a_submitted_review_stays_and_the_office_decides(world: World) -> None:
    noted(world, "R1", "F1")
    assert levels(world, "P1", "R1") == [BLOCK]
    assert (standing(world, "P1"), standing(world, "P6")) == ({"R1", "R2", "R3"}, {"R1", "R2"})
    for name in ("P1", "P6"):
        (letter,) = told(name, world)
        assert (
            "Gus Reader has submitted a review of it, which counts until you take it off: Supervised Ada Applicant"
            " (since 2015)." in letter
        )
        assert "They still review it. Please decide whether that may stay so." in letter
    assert letters_to("r1@example.org", "conflict.suspended") == []
    noted(world, "R1", "F2")  # of the team of P1 too: the office knows of the rule already
    assert len(told("P1", world)) == 1


def test_a_long_objection_that_blocks_ends_the_assignment_with_a_short_reason(world: World) -> None:
    call, long = db.session.get_one(Call, world.calls["A"]), "x" * Limit.REASON
    objections = levels_of({}) | {ConflictRule.OBJECTION: BLOCK}
    set_levels(call, objections, 3, version=call.version, by=world.actor("C1"))
    object_to(world.proposal("P1"), "Ivo", "r3@example.org", long, by=world.actor("F1"))
    db.session.commit()
    assert standing(world, "P1") == {"R1", "R2"}
    asked = sa.select(Assignment.removed_reason).where(Assignment.reviewer_id == world.people["R3"])
    ended = db.session.scalars(asked.where(Assignment.proposal_id == world.proposals["P1"])).one()
    assert ended == "a conflict of interest was found: The applicants object"
    note = db.session.scalars(sa.select(Event.note).where(Event.action == "review.suspended")).one()
    assert note == f"The applicants object: {long}"


def of_alba(world: World) -> int:
    found: Any = db.session.scalars(sa.select(Programme.sponsor_id).where(Programme.code == "PRA")).one()
    return int(found)


def test_a_past_job_hides_no_present_one(world: World) -> None:
    before = levels(world, "P1", "S1", ConflictRule.EMPLOYMENT)
    ties.note_employment(person(world, "S1"), of_alba(world), 2001, 2005, by=world.actor("S1"))
    assert before == levels(world, "P1", "S1", ConflictRule.EMPLOYMENT) == [BLOCK]
    said = [row.facts["contact"] for row in rows([world.proposals["P1"]], [world.people["S1"]])]
    assert said == [True]


def test_two_findings_of_one_rule_are_one_thing_that_the_office_knows(world: World) -> None:
    """F1 and F2, both on the team of P1, were R3's students."""
    for who in ("F1", "F2"):
        db.session.add(
            Supervision(
                supervisor_id=world.people["R3"],
                student_id=world.people[who],
                noted_by_id=world.people[who],
                since=2015,
            )
        )
    look_again([world.proposals["P1"]], by=world.actor("F1"))
    (letter,) = told("P1", world)
    assert letter.count("Ivo Outside reviews it. A warning: Supervised") == 2
    proposal = world.proposal("P1")
    (row,) = [each for each in proposal.assignments if each.reviewer_id == world.people["R3"]]
    unassign(proposal, row, "a while", by=world.actor("C1"))
    db.session.execute(sa.delete(Notice))
    due = clock.now() + timedelta(days=9)
    assign(world.proposal("P1"), Asked(row.reviewer_id, override_reason="long ago"), due, by=world.actor("C1"))
    db.session.flush()
    kept = db.session.execute(sa.select(Notice.person_id, Notice.rule, Notice.level)).all()
    assert [tuple(each) for each in kept] == [(row.reviewer_id, ConflictRule.SUPERVISION, WARN)]


@pytest.mark.parametrize(("noter", "about", "confirmer"), [("F2", "F1", "F1"), ("F1", "F1", "F2")])
def test_two_of_one_team_keep_nobody_away_by_each_others_word(
    world: World, noter: str, about: str, confirmer: str
) -> None:
    """F1 and F2 are on P1, and F2 is an administrator too."""
    db.session.add(RoleGrant(person_id=world.people["F2"], role=Role.ADMINISTRATOR, granted_by_id=world.people["AD"]))
    db.session.flush()
    db.session.expire_all()
    row = noted(world, about, "R3", by=noter)
    ties.confirm(row, person(world, about), by=world.actor(confirmer))
    assert levels(world, "P1", "R3") == [WARN]
    assert "R3" in standing(world, "P1")
