"""What is found by each rule, and what is not; how many statements it takes; what the sentences give away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.conflict.evidence import told_to
from intake.conflict.finding import Row, rows, strongest
from intake.conflict.models import Employment, Objection, Supervision
from intake.extensions import db
from intake.people.models import Person, PersonAddress, RoleGrant
from intake.policy import NOBODY, Actor
from intake.programme.models import Sponsor
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Appointment, ConflictLevel, ConflictRule, Role, TeamAnswer
from tests.factories.counting import statements
from tests.factories.team import accepted
from tests.factories.world import World, build

BLOCK, WARN, NOTE = ConflictLevel.BLOCK, ConflictLevel.WARN, ConflictLevel.NOTE


@pytest.fixture
def world(room: Flask) -> World:
    """The world of the scenarios."""
    return build()


def person(world: World, who: str) -> Person:
    return db.session.get_one(Person, world.people[who])


def found(world: World, name: str, who: str, **how: Any) -> list[Row]:
    db.session.flush()
    return rows([world.proposals[name]], [world.people[who]], **how)


def by_rule(world: World, name: str, who: str, **how: Any) -> list[tuple[ConflictRule, ConflictLevel]]:
    return [(row.rule, row.level) for row in found(world, name, who, **how)]


def said(world: World, name: str, who: str, seen_by: Actor | None = None) -> list[str]:
    told = told_to(seen_by, found(world, name, who)).get(world.proposals[name], {})
    return [str(each.reason) for each in told.get(world.people[who], [])]


def on_team(world: World, paper: str, **columns: Any) -> TeamMember:
    return accepted(world.proposals[paper], **columns)


def test_nothing_is_found_where_there_is_nothing(world: World) -> None:
    assert rows([], []) == rows([world.proposals["P2"]], []) == rows([], [world.people["R1"]]) == []
    assert found(world, "P2", "R3") == []
    on_team(world, "P2", name="Somebody Else", email="else@elsewhere.example")
    assert found(world, "P2", "R1") == [], "no department, laboratory or ORCID is not a shared one"


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ({"name": "G. Reader", "email": "r1@example.org"}, {}),
        ({"name": "G. Reader", "email": "gus@home.example"}, {}),
        ({"name": "G. Reader", "email": "gus@work.example"}, {"orcid": "0000-0002-1825-0097"}),
    ],
    ids=["by the main address", "by another address", "by ORCID"],
)
def test_a_team_member_is_known_under_every_name(world: World, line: dict[str, str], columns: dict[str, str]) -> None:
    person(world, "R1").orcid = "0000-0002-1825-0097"
    db.session.add(PersonAddress(person_id=world.people["R1"], email="gus@home.example"))
    member = on_team(world, "P2", **line)
    for column, value in columns.items():
        setattr(member, column, value)
    assert by_rule(world, "P2", "R1") == [(ConflictRule.TEAM, BLOCK)]
    assert said(world, "P2", "R1") in (
        ["On the team of this proposal."],
        [f"On the team of this proposal, as G. Reader, {line['email']}."],
    )
    member.answer = TeamAnswer.INVITED
    assert by_rule(world, "P2", "R1") == [(ConflictRule.TEAM, BLOCK)], "whoever is invited counts"
    member.answer = TeamAnswer.DECLINED
    assert by_rule(world, "P2", "R1") == [], "whoever declined does not"


def test_the_same_department_and_the_same_laboratory_warn(world: World) -> None:
    assert said(world, "P2", "R2") == ["Same department as Ben Bidder."]
    person(world, "R3").laboratory, person(world, "F2").laboratory = " Photonics  LAB", "Photonics Láb"
    assert by_rule(world, "P2", "R3") == [(ConflictRule.LABORATORY, WARN)]
    assert said(world, "P2", "R3") == ["Same laboratory as Ben Bidder: Photonics Láb."]
    person(world, "R3").department_id = person(world, "F2").department_id
    assert by_rule(world, "P2", "R3") == [(ConflictRule.DEPARTMENT, WARN), (ConflictRule.LABORATORY, WARN)]


def test_one_row_names_everybody_of_the_department(world: World) -> None:
    person(world, "R3").department_id = person(world, "F1").department_id
    person(world, "F2").department_id = person(world, "F1").department_id
    assert said(world, "P1", "R3") == ["Same department as Ada Applicant, Ben Bidder."]


def test_supervision_blocks_either_way_and_says_its_years(world: World) -> None:
    ids = world.people
    db.session.add(Supervision(supervisor_id=ids["R3"], student_id=ids["F2"], since=2014, until=2018))
    db.session.add(Supervision(supervisor_id=ids["F3"], student_id=ids["R3"]))
    assert by_rule(world, "P2", "R3") == [(ConflictRule.SUPERVISION, BLOCK)]
    assert said(world, "P2", "R3") == ["Supervised Ben Bidder (2014 to 2018)."]
    assert said(world, "P3", "R3") == ["Was supervised by Cleo Double (years not known)."]
    assert said(world, "P7", "R3") == []


def test_joint_work_warns_within_the_years_of_the_call(world: World) -> None:
    on_team(world, "P1", person=person(world, "R3"))  # F1 and F2 are on it too, and it was received
    assert by_rule(world, "P2", "R3") == [(ConflictRule.JOINT_WORK, WARN)]
    year = db.session.get_one(Proposal, world.proposals["P1"]).submitted_at.year
    assert said(world, "P2", "R3") == [f"A joint proposal with Ben Bidder in {year}."]
    assert said(world, "P2", "R3", world.actor("C1")) == [f"A joint proposal with Ben Bidder in {year}: CALL-A-0001."]
    assert said(world, "P2", "R3", world.actor("C2")) == [f"A joint proposal with Ben Bidder in {year}."]
    assert by_rule(world, "P1", "R3") == [(ConflictRule.TEAM, BLOCK)], "the proposal itself is no joint work"
    call = db.session.get_one(Call, world.calls["A"])
    with clock.at(clock.now() + timedelta(days=4 * 366)):
        assert by_rule(world, "P2", "R3") == []
        call.conflict_years = 5
        assert by_rule(world, "P2", "R3") == [(ConflictRule.JOINT_WORK, WARN)]
    call.conflict_years = 0
    assert by_rule(world, "P2", "R3") == []


def test_a_draft_together_is_no_joint_work(world: World) -> None:
    on_team(world, "P5", person=person(world, "R3"))  # F2's draft
    assert by_rule(world, "P2", "R3") == []


def test_who_has_no_account_is_followed_by_address(world: World) -> None:
    for name in ("P2", "Q1"):
        on_team(world, name, name="Oda Outer", email="oda@far.example")
    on_team(world, "Q1", person=person(world, "R3"))
    assert said(world, "P2", "R3")[0].startswith("A joint proposal with Oda Outer in ")


def test_declared_blocks_until_it_is_lifted(world: World) -> None:
    from intake.conflict.operations import declare, lift
    from intake.vocabulary import ConflictKind

    declare(world.proposal("P3"), ConflictKind.PERSONAL, "friends", by=world.actor("R1"))
    assert by_rule(world, "P3", "R1") == [(ConflictRule.DECLARED, BLOCK)]
    assert "A personal relation" in said(world, "P3", "R1")[0]
    (row,) = [each for each in world.proposal("P3").conflicts if each.person_id == world.people["R1"]]
    lift(row, world.proposal("P3"), "a mistake", by=world.actor("AD"))
    assert by_rule(world, "P3", "R1") == []


def test_an_objection_is_known_by_person_or_by_address(world: World) -> None:
    number, other = world.proposals["P2"], "gus@home.example"
    db.session.add(PersonAddress(person_id=world.people["R1"], email=other))
    row = Objection(proposal_id=number, name="Gus", email=other, reason="A rival.")
    db.session.add(row)
    assert by_rule(world, "P2", "R1") == [(ConflictRule.OBJECTION, WARN)]
    assert said(world, "P2", "R1") == ["The applicants object: A rival."]
    row.email, row.person_id = "", world.people["R3"]
    assert (by_rule(world, "P2", "R1"), by_rule(world, "P2", "R3")) == ([], [(ConflictRule.OBJECTION, WARN)])
    row.withdrawn_at = clock.now()
    assert by_rule(world, "P2", "R3") == []


@pytest.mark.parametrize(
    ("address", "warns"),
    [
        ("ivo@alba.example", True),
        ("ivo@lab.alba.example", True),
        ("ivo@notalba.example", False),
        ("ivo@gmail.com", False),
        ("ivo@example.org", False),
        ("ivo@physics.outer.ac.uk", True),
        ("ivo@inner.ac.uk", False),
    ],
)
def test_an_outsiders_domain_against_sponsor_and_outside_members(world: World, address: str, warns: bool) -> None:
    sponsor = db.session.scalars(sa.select(Sponsor).where(Sponsor.code == "ALBA")).one()
    sponsor.email_domains = ["alba.example", "gmail.com"]
    on_team(world, "P2", name="Oda Outer", email="oda@maths.outer.ac.uk")
    on_team(world, "P2", name="Una Public", email="una@gmail.com")
    on_team(world, "P2", name="Ida Inside", email="ida@example.org")
    person(world, "R3").email = address
    expected = [(ConflictRule.DOMAIN, WARN)] if warns else []
    assert by_rule(world, "P2", "R3") == expected
    assert by_rule(world, "P2", "R3", judging=False) == []
    person(world, "R3").appointment = Appointment.FULL_TIME_FACULTY
    assert by_rule(world, "P2", "R3") == [], "of people here the address says nothing"
    person(world, "R3").organisation = "Somewhere Else"
    assert by_rule(world, "P2", "R3") == expected
    person(world, "R3").organisation = "Example University"
    assert by_rule(world, "P2", "R3") == []


def test_working_for_the_sponsor_blocks_and_having_worked_there_warns(world: World) -> None:
    sponsor = db.session.scalars(sa.select(Sponsor).where(Sponsor.code == "ALBA")).one()
    job = Employment(person_id=world.people["R3"], sponsor_id=sponsor.id, since=2001)
    db.session.add(job)
    assert by_rule(world, "P2", "R3") == [(ConflictRule.EMPLOYMENT, BLOCK)]
    assert said(world, "P2", "R3") == ["Works for Alba Industries (since 2001)."]
    assert by_rule(world, "P2", "R3", judging=False) == []
    assert by_rule(world, "Q1", "R3") == [], "another sponsor's call"
    job.until = 2010
    assert by_rule(world, "P2", "R3") == [(ConflictRule.EMPLOYMENT, WARN)]
    assert said(world, "P2", "R3") == ["Worked for Alba Industries (2001 to 2010)."]


def test_a_contact_of_the_sponsor_who_reviews_works_for_it(world: World) -> None:
    db.session.add(RoleGrant(person_id=world.people["S1"], role=Role.REVIEWER))
    assert said(world, "P2", "S1") == ["Is a contact of Alba Industries here."]
    assert by_rule(world, "P2", "S1", judging=False) == [], "as a contact they are with the sponsor rightly"


def test_the_call_sets_the_levels_but_not_of_the_team(world: World) -> None:
    call = db.session.get_one(Call, world.calls["A"])
    call.conflict_levels = {"department": "block", "team": "note", "declared": "off", "laboratory": "nonsense"}
    on_team(world, "P2", person=person(world, "R3"))
    assert by_rule(world, "P2", "R2") == [(ConflictRule.DEPARTMENT, BLOCK)]
    assert by_rule(world, "P2", "R3") == [(ConflictRule.TEAM, BLOCK)]
    call.conflict_levels = {"department": "off", "employment": "warn"}
    assert by_rule(world, "P2", "R2") == []
    sponsor = db.session.scalars(sa.select(Sponsor).where(Sponsor.code == "ALBA")).one()
    db.session.add(Employment(person_id=world.people["R2"], sponsor_id=sponsor.id, until=2010))
    assert by_rule(world, "P2", "R2") == [(ConflictRule.EMPLOYMENT, NOTE)]


def test_the_strongest_of_a_pair_counts(world: World) -> None:
    db.session.add(Supervision(supervisor_id=world.people["R2"], student_id=world.people["F2"]))
    pair = (world.proposals["P2"], world.people["R2"])
    assert strongest(found(world, "P2", "R2")) == {pair: BLOCK}
    assert [str(each) for each in said(world, "P2", "R2")] == [
        "Supervised Ben Bidder (years not known).",
        "Same department as Ben Bidder.",
    ], "the heaviest first"


def test_as_many_statements_for_all_as_for_one(world: World) -> None:
    on_team(world, "P1", person=person(world, "R3"))
    db.session.flush()
    everyone, papers = sorted(world.people.values()), sorted(world.proposals.values())
    with statements() as few:
        one = rows(papers[:1], everyone[:1])
    with statements() as many:
        all_of_them = rows(papers, everyone)
    with statements() as selected:
        same = rows(sa.select(Proposal.id), sa.select(Person.id))
    assert len(few) == len(many) == len(selected) == 14, "\n".join(many)
    assert len(all_of_them) > len(one)
    assert sorted(map(str, all_of_them)) == sorted(map(str, same))
    order = list(ConflictRule)
    keys = [(row.proposal_id, row.person_id, order.index(row.rule)) for row in all_of_them]
    assert len(keys) == len(set(keys))


def test_all_at_once_finds_what_each_pair_finds_alone(world: World) -> None:
    on_team(world, "P1", person=person(world, "R3"))
    db.session.add(Supervision(supervisor_id=world.people["R2"], student_id=world.people["Q"]))
    db.session.flush()
    together = rows(sorted(world.proposals.values()), sorted(world.people.values()))
    alone = [
        row for number in world.proposals.values() for who in world.people.values() for row in rows([number], [who])
    ]
    assert sorted(map(str, together)) == sorted(map(str, alone))
    assert told_to(NOBODY, together).keys() == {row.proposal_id for row in together}
