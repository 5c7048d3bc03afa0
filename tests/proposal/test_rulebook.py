"""Every rule of the two large calls is refused with its citation, and what just meets it is not."""

from __future__ import annotations

from typing import Any

import pytest

from intake.award.models import Award
from intake.errors import Incomplete
from intake.extensions import db
from intake.proposal.attaching import attach
from intake.proposal.operations import submit
from intake.proposal.rulebook import CATALOGUE, Fault, faults, pages
from intake.proposal.team import add_member
from intake.vocabulary import Appointment, Relation
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, whole
from tests.factories.world import a_pdf

SENTENCE = "Optics joins the racks of a hall. "


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


def cited(found: list[Fault]) -> dict[str, tuple[str, str]]:
    """Part and field of the faults that cite a rule, by the rule's code."""
    return {fault.rule.code: (fault.part, fault.field) for fault in found if fault.rule}


@pytest.mark.parametrize("code", ["HIRP-2020", "AIR-2021"])
def test_a_proposal_that_meets_every_rule_has_no_fault(code: str) -> None:
    assert faults(draft(call_with(code), faculty_member())) == []


@pytest.mark.parametrize("code", ["HIRP-2020", "AIR-2021", "ARF-2021", "RI-2021"])
def test_every_rule_of_the_catalogue_is_checked_and_has_a_source(code: str) -> None:
    for rule in call_with(code).rules:
        assert CATALOGUE[rule.code].test
        assert rule.text
        assert rule.source not in ("", "same")


@pytest.mark.parametrize(
    ("code", "answers", "rule", "place"),
    [
        ("HIRP-2020", {"own_work": False}, "not-for-students", ("declarations", "own_work")),
        ("HIRP-2020", {"one_university": False}, "one-university", ("declarations", "one_university")),
        (
            "HIRP-2020",
            {"nothing_confidential": False},
            "nothing-confidential",
            ("declarations", "nothing_confidential"),
        ),
        ("HIRP-2020", {"amount_minor": 7_000_001}, "award-cap", ("budget", "amount_minor")),
        ("AIR-2021", {"nothing_confidential": False}, "nothing-confidential", ("declarations", "nothing_confidential")),
        ("AIR-2021", {"description": "a" * 30_001}, "page-limit", ("description", "description")),
        ("AIR-2021", {"abstract": "Мы соединяем стойки светом."}, "language", ("summary", "abstract")),
        ("AIR-2021", {"description": "نربط الخزائن بالضوء"}, "language", ("description", "description")),
    ],
)
def test_an_answer_that_breaks_a_rule(code: str, answers: dict[str, Any], rule: str, place: tuple[str, str]) -> None:
    proposal = draft(call_with(code), by := faculty_member(), **answers)
    found = faults(proposal)
    assert cited(found) == {rule: place}
    assert found[0].rule is not None
    assert found[0].rule.text
    with pytest.raises(Incomplete) as refused:
        submit(proposal, by=actor(by))
    assert place[1] in refused.value.fields


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        ("HIRP-2020", {"amount_minor": 7_000_000}),
        ("HIRP-2020", {"duration_months": 24}),
        ("AIR-2021", {"description": "a" * 30_000}),
        (
            "AIR-2021",
            {"title": "機櫃級運算的光互連", "abstract": "我們以光連接機櫃。" * 90, "description": "三個步驟。"},
        ),
        ("AIR-2021", {"description": SENTENCE * 20 + "Ω λ"}),
    ],
)
def test_what_just_meets_the_rules(code: str, answers: dict[str, Any]) -> None:
    assert faults(draft(call_with(code), faculty_member(), **answers)) == []


@pytest.mark.parametrize("kind", [Appointment.PART_TIME_FACULTY, Appointment.STAFF, Appointment.OUTSIDE])
def test_only_full_time_faculty_lead_in_hirp(kind: Appointment) -> None:
    found = faults(draft(call_with("HIRP-2020"), faculty_member(appointment=kind)))
    assert cited(found) == {"full-time": ("team", "principal")}


@pytest.mark.parametrize("running", [1, 2])
def test_one_project_may_run_and_two_are_too_many(running: int) -> None:
    call, by = call_with("HIRP-2020"), faculty_member()
    for number in range(running):
        made = Award(
            programme_id=call.programme_id,
            principal_id=by.id,
            title=f"Project {number}",
            year=2020,
            made_at=call.opens_at,
        )
        db.session.add(made)
    db.session.flush()
    expected = {"running-projects": ("team", "principal")} if running > 1 else {}
    proposal = draft(call, by)
    assert cited(faults(proposal)) == expected
    for award in db.session.query(Award).filter_by(principal_id=by.id):
        award.completed_at = call.opens_at
    db.session.flush()
    assert cited(faults(proposal)) == {}


def test_a_pdf_of_eleven_pages_breaks_the_page_limit(room: Any) -> None:
    proposal = draft(call_with("AIR-2021"), by := faculty_member())
    store = room.extensions["store"]
    attach(proposal, "ten.pdf", a_pdf(10), store=store, scanner=None, by=actor(by))
    assert faults(whole(proposal)) == []
    attach(whole(proposal), "eleven.pdf", a_pdf(11), store=store, scanner=None, by=actor(by))
    assert cited(faults(whole(proposal))) == {"page-limit": ("attachments", "file")}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        (
            {"title": "", "abstract": "", "keywords": "", "description": ""},
            ["title", "abstract", "keywords", "description"],
        ),
        ({"theme_id": None}, ["theme_id"]),
        ({"amount_minor": None, "duration_months": None}, ["amount_minor", "duration_months"]),
        ({"amount_minor": 0}, ["amount_minor"]),
        ({"duration_months": 11}, ["duration_months"]),
        ({"duration_months": 25}, ["duration_months"]),
    ],
)
def test_answers_that_every_proposal_needs(answers: dict[str, Any], fields: list[str]) -> None:
    found = faults(draft(call_with("HIRP-2020"), faculty_member(), **answers))
    assert [fault.field for fault in found] == fields
    assert all(fault.rule is None for fault in found)


def test_an_idea_needs_words_only() -> None:
    empty = {"amount_minor": None, "duration_months": None}
    assert faults(draft(call_with("IDEAS"), faculty_member(), **empty)) == []


def test_fellows_and_interns_need_their_appointment() -> None:
    scholar = faculty_member("Sam Scholar", Appointment.RESEARCH_SCHOLAR)
    assert faults(draft(call_with("ARF-2021"), scholar)) == []
    assert cited(faults(draft(call_with("ARF-2021"), faculty_member()))) == {"research-scholar": ("team", "principal")}


def test_an_intern_needs_a_supervisor_on_the_team() -> None:
    student = faculty_member("Pia Student", Appointment.PHD_STUDENT)
    supervisor = faculty_member("Sue Supervisor")
    proposal = draft(call_with("RI-2021"), student)
    assert cited(faults(proposal)) == {"phd-student": ("team", "team")}
    add_member(
        proposal,
        name="",
        email=supervisor.email,
        organisation="Department of Computing",
        relation=Relation.VIEWER,
        by=actor(student),
    )
    assert faults(whole(proposal)) == []


def test_pages_are_counted_up() -> None:
    assert [pages("a" * length) for length in (0, 1, 3_000, 3_001)] == [0, 1, 1, 2]
