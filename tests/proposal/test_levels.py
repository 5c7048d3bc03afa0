"""What stands in the way and what does not: warnings, waivers, rules for the office; and what it costs to ask."""

from __future__ import annotations

from typing import Any

import pytest

from intake.allowance.models import Waiver
from intake.errors import Incomplete
from intake.extensions import db
from intake.forward.packing import content_of
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.proposal.operations import submit
from intake.proposal.rulebook import Fault, Standing, faults, findings, going_on, judge, judged, unmet_now
from intake.vocabulary import Appointment, RuleLevel
from tests.factories.people import actor, draft, faculty_member, load_catalogue, whole
from tests.proposal.ruled import a_rule, one, ruled, statements


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


def waive(proposal: Proposal, code: str, person: Person | None = None) -> Waiver:
    """A row that waives a rule for the proposal's principal investigator, or for somebody else."""
    made = Waiver(
        call_id=proposal.call_id,
        rule_code=code,
        person_id=person.id if person else proposal.principal.person_id,
        reason="The sponsor agreed.",
    )
    db.session.add(made)
    db.session.flush()
    return made


def part_timer(name: str = "Pat") -> Person:
    """Somebody who may not lead by the rule on appointments."""
    return faculty_member(name, Appointment.PART_TIME_FACULTY)


def test_a_rule_that_only_warns_never_stops() -> None:
    call, by = ruled(a_rule("full-time", level=RuleLevel.WARN)), part_timer()
    proposal = draft(call, by)
    assert one(proposal).standing is Standing.WARNED
    assert faults(proposal) == []
    assert [(each.level, each.stops) for each in findings(proposal)] == [(RuleLevel.WARN, False)]
    assert submit(proposal, by=actor(by)).sha256


def test_a_warning_word_never_stops_where_its_rule_does() -> None:
    call, by = ruled(a_rule("nothing-confidential")), faculty_member()
    proposal = draft(call, by, abstract="It is patent pending.")
    assert faults(proposal) == []
    assert [each.level for each in findings(proposal)] == [RuleLevel.WARN]
    assert submit(proposal, by=actor(by)).sha256


def test_a_waiver_lets_one_person_through_and_not_another() -> None:
    call, pat, sam = ruled(a_rule("full-time"), a_rule("award-cap")), part_timer(), part_timer("Sam")
    mine, theirs = draft(call, pat), draft(call, sam)
    for each in (mine, theirs):
        assert [fault.field for fault in faults(each)] == ["principal"]
    waiver = waive(mine, "full-time")
    assert faults(mine) == []
    first = judged(mine)[0]
    assert (first.standing, first.waiver, first.faults[0].waived) == (Standing.WAIVED, waiver, waiver)
    assert [fault.waived for fault in findings(mine)] == [waiver]
    assert submit(mine, by=actor(pat)).sha256
    with pytest.raises(Incomplete):
        submit(theirs, by=actor(sam))


def test_what_goes_in_without_meeting_a_rule_is_not_said_to_meet_it() -> None:
    call, pat = (
        ruled(
            a_rule("full-time"),
            a_rule("award-cap", level=RuleLevel.WARN),
            a_rule("nothing-confidential"),
            a_rule("language"),
            a_rule("judge"),
        ),
        part_timer(),
    )
    proposal = draft(call, pat, amount_minor=9_000_000, abstract="It is confidential.")
    waive(proposal, "full-time")
    receipt = submit(proposal, by=actor(pat))
    met = [each.text for each in content_of(receipt, "Example University", "Example Office").rules_met]
    assert met == [f"The rule on {check}." for check in ("nothing-confidential", "language", "judge")]
    assert [(each["code"], each.get("aside", False)) for each in receipt.content["rules"]] == [
        ("full-time", True),
        ("award-cap", True),
        ("nothing-confidential", False),
        ("language", False),
        ("judge", False),
    ]


def test_a_waiver_is_of_one_rule_in_one_call_while_it_stands() -> None:
    call, pat = ruled(a_rule("full-time"), a_rule("award-cap")), part_timer()
    proposal = draft(call, pat, amount_minor=9_000_000)
    waiver = waive(proposal, "full-time")
    assert [fault.field for fault in faults(proposal)] == ["amount_minor"]
    other = draft(ruled(a_rule("full-time"), of="AIR-2021"), pat)
    assert [fault.field for fault in faults(other)] == ["principal"]
    waiver.withdrawn_at = call.opens_at
    db.session.flush()
    assert [fault.field for fault in faults(proposal)] == ["principal", "amount_minor"]


def test_a_waiver_of_a_rule_that_is_met_or_judged() -> None:
    proposal = draft(ruled(a_rule("full-time"), a_rule("judge")), faculty_member())
    waive(proposal, "full-time")
    waive(proposal, "judge")
    assert [each.standing for each in judged(proposal)] == [Standing.MET, Standing.WAIVED]


def test_whoever_only_takes_part_brings_no_waiver() -> None:
    call, pat, sam = ruled(a_rule("full-time")), part_timer(), part_timer("Sam")
    proposal = draft(call, pat)
    waive(proposal, "full-time", sam)
    assert [fault.field for fault in faults(proposal)] == ["principal"]


def test_one_thing_is_told_once_and_with_its_rule() -> None:
    call = ruled(a_rule("duration"))
    found = faults(draft(call, faculty_member(), duration_months=3))
    assert [(each.field, each.rule is not None) for each in found] == [("duration_months", True)]


def test_a_fault_of_the_form_stops() -> None:
    assert Fault("summary", "title", one(draft(ruled(a_rule("judge")), faculty_member())).rule.text).stops  # type: ignore[arg-type]


def test_going_on_although_a_rule_is_not_met() -> None:
    call, pat = ruled(a_rule("full-time"), a_rule("award-cap", level=RuleLevel.WARN)), part_timer()
    proposal = draft(call, pat, title="", amount_minor=9_000_000)
    assert [each.field for each in unmet_now(proposal)] == ["principal"], "neither missing answers nor warnings"
    for nothing in ("", "  \n"):
        with pytest.raises(Incomplete) as refused:
            going_on(proposal, nothing)
        assert set(refused.value.fields) == {"although"}
        assert "full-time" in str(refused.value.reason)
    assert going_on(proposal, " The dean agreed. ") == "Although not met: full-time. The dean agreed."
    waive(proposal, "full-time")
    assert going_on(proposal, "Unasked for.") == ""


def test_what_the_checks_read_is_loaded_where_it_is_not() -> None:
    from intake.proposal import queries

    proposal = draft(ruled(a_rule("page-limit")), faculty_member(), description="a" * 30_001)
    db.session.expunge_all()
    bare = queries.one(proposal.id)
    assert bare is not None
    assert [each.field for each in unmet_now(bare)] == ["description"]


@pytest.mark.parametrize(
    ("rules", "most"),
    [
        ((), 0),
        (("judge", "award-cap", "language", "page-limit", "nothing-confidential"), 1),
        (("proposals-per-person",), 2),
        (("proposals-per-person", "proposals-per-department", "running-projects", "one-university"), 5),
    ],
)
def test_a_judgement_asks_the_database_a_bounded_number_of_times(rules: tuple[str, ...], most: int) -> None:
    doubled = [a_rule(each, code=f"{each}-{copy}") for each in rules for copy in range(3)]
    proposal = whole(draft(ruled(*doubled), faculty_member()))
    with statements() as sent:
        judge(proposal)
    assert len(sent) == most, sent
