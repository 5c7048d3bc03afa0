"""Checks of people: appointments, projects that run, proposals of one person and department, one university."""

from __future__ import annotations

from typing import Any

import pytest

from intake.award.models import Award
from intake.extensions import db
from intake.people.models import Person
from intake.programme.models import Office
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.operations import submit, withdraw
from intake.vocabulary import Appointment, Relation, State, TeamAnswer
from tests.factories.people import actor, draft, faculty_member, whole
from tests.proposal.ruled import a_rule, answered, one, reasons, ruled, told

LEADER = [("team", "principal", "stop")]
KINDS = [each.value for each in Appointment]


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    from tests.factories.people import load_catalogue

    load_catalogue()


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "facts", "eligible"),
    [
        ("appointment", {}, {"full_time_faculty"}),
        ("appointment", {"kinds": ["staff", "phd_student"]}, {"staff", "phd_student"}),
        ("appointment", {"kinds": []}, {"full_time_faculty"}),
        ("appointment", {"kinds": ["dean"]}, {"full_time_faculty"}),
        ("full-time", {}, {"full_time_faculty"}),
        ("full-time", {"kinds": ["part_time_faculty"]}, {"part_time_faculty"}),
        ("research-scholar", {}, {"research_scholar"}),
    ],
)  # fmt: skip
def test_eligible_appointments(check: str, facts: dict[str, Any], eligible: set[str]) -> None:
    call = ruled(a_rule(check, **facts))
    for number, kind in enumerate(KINDS):
        found = one(draft(call, faculty_member(f"Person {number}", Appointment(kind))))
        assert told(found) == ([] if kind in eligible else LEADER), kind
    assert "Our records say" in str(found.saw)


def test_a_supervisor_who_declined_does_not_count() -> None:
    student, supervisor = faculty_member("Pia", Appointment.PHD_STUDENT), faculty_member("Sue")
    proposal = draft(ruled(a_rule("phd-student")), student)
    assert told(one(proposal)) == [("team", "team", "stop")]
    line = _member(proposal, supervisor, Relation.VIEWER)
    assert told(one(whole(proposal))) == []
    line.answer = TeamAnswer.DECLINED
    db.session.flush()
    assert told(one(whole(proposal))) == [("team", "team", "stop")]
    line.answer, line.relation = TeamAnswer.ACCEPTED, Relation.ASSISTANT
    db.session.flush()
    assert told(one(whole(proposal))) == [("team", "team", "stop")]


def _member(
    proposal: Proposal, person: Person | None, relation: Relation, organisation: str = "Department of Computing"
) -> TeamMember:
    line = TeamMember(
        proposal_id=proposal.id,
        person_id=person.id if person else None,
        name=person.name if person else "Otto Outside",
        email=person.email if person else "",
        organisation=organisation,
        relation=relation,
        position=9,
    )
    db.session.add(line)
    db.session.flush()
    return line


@pytest.mark.parametrize(("most", "running", "met"), [(None, 1, True), (None, 2, False), (0, 0, True), (0, 1, False)])
def test_running_projects(most: int | None, running: int, met: bool) -> None:
    call, by = ruled(a_rule("running-projects", **({} if most is None else {"most": most}))), faculty_member()
    for number in range(running):
        db.session.add(
            Award(
                programme_id=call.programme_id, principal_id=by.id, title=f"P{number}", year=2020, made_at=call.opens_at
            )
        )
    db.session.flush()
    found = one(draft(call, by))
    assert told(found) == ([] if met else LEADER)
    assert f"{running} projects run" in str(found.saw)


def test_proposals_of_one_person() -> None:
    call, by = ruled(a_rule("proposals-per-person")), faculty_member()
    other = faculty_member("Bea Bidder")
    submit(draft(call, other), by=actor(other))
    first, second = draft(call, by), draft(call, by)
    assert told(one(second)) == [], "a draft of the same person does not count, nor does another's proposal"
    submit(first, by=actor(by))
    assert told(one(whole(second))) == LEADER
    assert told(one(whole(first))) == [], "a proposal does not stand in its own way"
    for state, counts in (
        (State.RETURNED, True),
        (State.DECLINED, True),
        (State.WITH_SPONSOR, True),
        (State.INELIGIBLE, False),
        (State.SUBMITTED, True),
    ):
        first.state, first.returned_until, first.ineligible_rule = state, None, ""
        if state is State.RETURNED:
            first.returned_until = call.closes_at
        if state is State.INELIGIBLE:
            first.ineligible_rule = "x"
        db.session.flush()
        assert bool(told(one(whole(second)))) is counts, state
    withdraw(whole(first), "a mistake", by=actor(by))
    assert told(one(whole(second))) == []


def test_proposals_of_one_person_up_to_two_and_only_as_who_leads() -> None:
    call, by, other = ruled(a_rule("proposals-per-person", most=2)), faculty_member(), faculty_member("Bea Bidder")
    for _ in range(2):
        made = draft(call, by)
        assert told(one(made)) == []
        submit(made, by=actor(by))
    third = draft(call, by)
    assert told(one(third)) == LEADER
    assert "2 to this call already; at most 2" in reasons(one(third))
    _member(made, other, Relation.CO_INVESTIGATOR)
    assert told(one(draft(call, other))) == [], "whoever only takes part leads nothing"


def test_proposals_of_one_department() -> None:
    call = ruled(a_rule("proposals-per-department"))
    ada, bea = faculty_member("Ada"), faculty_member("Bea")
    far, nowhere = faculty_member("Far", department="EE"), faculty_member("Noa", department="NONE")
    submit(draft(call, ada), by=actor(ada))
    assert told(one(draft(call, bea))) == LEADER
    assert told(one(draft(call, far))) == []
    judged = one(draft(call, nowhere))
    assert (judged.standing, told(judged)) == ("judged", []), "somebody of no department is for the office"


# --- one university ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("organisation", "facts", "warned"),
    [
        ("Department of Computing", {}, False),
        ("The Hong Kong Polytechnic University", {}, False),
        ("Department of Computing, The Hong Kong Polytechnic University", {}, False),
        ("University of Examples", {}, True),
        ("Example College London", {}, True),
        ("範例大學", {}, True),
        ("香港理工大學", {}, True),
        ("香港理工大學電子計算學系", {"own": ["香港理工大學", ""]}, False),
        ("Example Optics Ltd.", {}, False),
        ("", {}, False),
    ],
)
def test_a_name_that_reads_like_another_university_warns(
    organisation: str, facts: dict[str, Any], warned: bool
) -> None:
    proposal = draft(ruled(a_rule("one-university", **facts)), faculty_member())
    _member(proposal, None, Relation.CO_INVESTIGATOR, organisation)
    found = one(whole(proposal))
    assert told(found) == ([("team", "team", "warn")] if warned else [])
    assert found.standing == ("warned" if warned else "met")


def test_viewers_and_those_who_declined_take_no_part() -> None:
    proposal = draft(ruled(a_rule("one-university")), faculty_member())
    line = _member(proposal, None, Relation.VIEWER, "University of Examples")
    assert told(one(whole(proposal))) == []
    line.relation, line.answer = Relation.CO_INVESTIGATOR, TeamAnswer.DECLINED
    db.session.flush()
    assert told(one(whole(proposal))) == []


@pytest.mark.parametrize(
    ("ror", "ours", "found"),
    [
        ("https://ror.org/0030zas98", "https://ror.org/0030zas98", []),
        ("0030ZAS98", "https://ror.org/0030zas98/", []),
        ("https://ror.org/042nb2s44", "https://ror.org/0030zas98", [("details", "partners", "stop")]),
        ("https://ror.org/042nb2s44", "", []),
    ],
)
def test_another_ror_is_another_institution(ror: str, ours: str, found: list[Any]) -> None:
    db.session.get_one(Office, 1).ror = ours
    asks = (
        {"key": "partners", "kind": "people", "label": {"en": "Partners"}},
        {"key": "one_university", "kind": "declaration", "label": {"en": "One university"}},
    )
    proposal = draft(ruled(a_rule("one-university"), asks=asks), faculty_member())
    row = {"name": "Otto", "organisation": "Somewhere", "email": "", "orcid": "", "ror": ror}
    assert told(one(answered(proposal, partners=[row]))) == found


def test_the_declaration_of_one_university() -> None:
    call = ruled(a_rule("one-university"))
    found = one(draft(call, faculty_member(), one_university=False))
    assert told(found) == [("declarations", "one_university", "stop")]
