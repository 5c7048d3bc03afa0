"""Every check by hand: met and unmet, its settings, and its edges."""

from __future__ import annotations

from typing import Any

import pytest

from intake.award.models import Award
from intake.extensions import db
from intake.people.models import Person
from intake.programme.models import Office
from intake.proposal.checks import CATALOGUE
from intake.proposal.models import Attachment, Proposal, TeamMember
from intake.proposal.operations import submit, withdraw
from intake.proposal.rulebook import pages_allowed
from intake.vocabulary import Appointment, FileState, Relation, State, TeamAnswer
from tests.factories.people import actor, draft, faculty_member, whole
from tests.proposal.ruled import a_rule, answered, one, reasons, ruled, told

LEADER = [("team", "principal", "stop")]
KINDS = [each.value for each in Appointment]


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    from tests.factories.people import load_catalogue

    load_catalogue()


def test_the_catalogue_is_this() -> None:
    assert set(CATALOGUE) == {
        "appointment", "full-time", "research-scholar", "phd-student", "proposals-per-person",
        "proposals-per-department", "running-projects", "one-university", "award-cap", "duration", "page-limit",
        "language", "nothing-confidential", "not-for-students", "declared", "answer-between", "answer-among", "judge",
    } | {name for name in CATALOGUE if name.startswith("supervisor")}  # fmt: skip
    for name, kind in CATALOGUE.items():
        assert kind.name == name
        assert str(kind.label)
        assert str(kind.explains)


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


# --- amounts and months -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "cap", "asked", "met"),
    [
        ({}, 7_000_000, 7_000_000, True),
        ({}, 7_000_000, 7_000_001, False),
        ({}, None, 999_999_999, True),
        ({"cap": 5_000_000}, 7_000_000, 5_000_001, False),
        ({"cap": 5_000_000}, None, 5_000_000, True),
        ({"cap": 8_000_000}, 7_000_000, 7_500_000, True),
        ({"cap": "5,000"}, 7_000_000, 6_000_000, True),
        ({"cap": 0}, 7_000_000, 7_000_001, False),
        ({}, 7_000_000, None, True),
    ],
)
def test_the_award_cap(facts: dict[str, Any], cap: int | None, asked: int | None, met: bool) -> None:
    call = ruled(a_rule("award-cap", **facts), max_award_minor=cap)
    found = one(draft(call, faculty_member(), amount_minor=asked))
    assert told(found) == ([] if met else [("budget", "amount_minor", "stop")])


def test_where_a_form_asks_for_a_budget_the_cap_points_there() -> None:
    plan = {"key": "plan", "kind": "budget", "label": {"en": "Budget"}, "budget": {"categories": [_option("staff")]}}
    call = ruled(a_rule("award-cap"), asks=(plan,), max_award_minor=1_000)
    proposal = draft(call, faculty_member())
    proposal.amount_minor = 1_001  # the total, as writing keeps it
    assert told(one(proposal)) == [("details", "plan", "stop")]
    proposal.amount_minor = 1_000
    assert told(one(proposal)) == []


def _option(key: str) -> dict[str, Any]:
    return {"key": key, "label": {"en": key.title()}}


@pytest.mark.parametrize(
    ("facts", "bounds", "months", "found"),
    [
        ({}, (12, 24), 12, ""),
        ({}, (12, 24), 24, ""),
        ({}, (12, 24), 11, "12 to 24"),
        ({}, (12, 24), 25, "12 to 24"),
        ({}, (12, 12), 13, "funds 12 months"),
        ({"most": 18}, (12, 24), 6, ""),
        ({"most": 18}, (12, 24), 19, "at most 18"),
        ({"least": 18}, (12, 24), 17, "at least 18"),
        ({"least": 6, "most": 36}, (12, 24), 36, ""),
        ({"least": 0, "most": 999}, (12, 24), 25, "12 to 24"),
        ({}, (12, 24), None, ""),
    ],
)
def test_the_duration(facts: dict[str, Any], bounds: tuple[int, int], months: int | None, found: str) -> None:
    call = ruled(a_rule("duration", **facts), duration_least=bounds[0], duration_most=bounds[1])
    judged = one(draft(call, faculty_member(), duration_months=months))
    assert told(judged) == ([("budget", "duration_months", "stop")] if found else [])
    assert found in reasons(judged)


def test_a_duration_without_bounds_is_for_the_office() -> None:
    call = ruled(a_rule("duration"), duration_least=None, duration_most=None)
    assert one(draft(call, faculty_member())).standing == "judged"


# --- texts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "length", "met"),
    [
        ({}, 30_000, True),
        ({}, 30_001, False),
        ({"pages": 2}, 6_000, True),
        ({"pages": 2}, 6_001, False),
        ({"pages": 0}, 30_000, True),
        ({"pages": "2"}, 30_001, False),
        ({"pages": True}, 3_001, True),
        ({}, 0, True),
    ],
)
def test_pages_of_the_description(facts: dict[str, Any], length: int, met: bool) -> None:
    call = ruled(a_rule("page-limit", **facts))
    found = one(draft(call, faculty_member(), description="a" * length))
    assert told(found) == ([] if met else [("description", "description", "stop")])


def test_how_many_pages_the_rules_allow() -> None:
    several = ruled(a_rule("page-limit", pages=4), a_rule("page-limit", code="page-limit-2", pages=3))
    assert pages_allowed(several.rules) == 3
    assert pages_allowed(ruled(a_rule("page-limit")).rules) == 10
    assert pages_allowed(ruled(a_rule("language")).rules) is None


def _file(proposal: Proposal, name: str, pages: int | None, **columns: Any) -> Attachment:
    file = Attachment(
        proposal_id=proposal.id,
        name=name,
        content_type="application/pdf",
        size=1,
        pages=pages,
        sha256="0" * 64,
        file_key=f"{proposal.id}-{name}",
        **columns,
    )
    db.session.add(file)
    db.session.flush()
    return file


def test_pages_of_files() -> None:
    proposal = draft(ruled(a_rule("page-limit", file_pages=4)), faculty_member())
    _file(proposal, "four.pdf", 4)
    _file(proposal, "table.xlsx", None)
    _file(proposal, "refused.pdf", 90, state=FileState.REFUSED, refused_reason="It is broken.")
    assert told(one(whole(proposal))) == []
    _file(proposal, "five.pdf", 5, state=FileState.CHECKING)
    found = one(whole(proposal))
    assert told(found) == [("attachments", "file", "stop")]
    assert "five.pdf has 5 pages; at most 4" in reasons(found)


def test_a_questions_own_limit_of_pages_goes_before_the_rules() -> None:
    asks = tuple(
        {"key": key, "kind": "attachment", "label": {"en": key}, "files": files}
        for key, files in (("cv", {"max_pages": 20}), ("plan", {}))
    )
    proposal = draft(ruled(a_rule("page-limit"), asks=asks), faculty_member())
    _file(proposal, "cv.pdf", 15, question="cv")
    assert told(one(whole(proposal))) == []
    _file(proposal, "plan.pdf", 15, question="plan")
    assert told(one(whole(proposal))) == [("details", "plan", "stop")]


ENGLISH = "We join the racks of a hall by light and measure what that saves."
CHINESE = "我們以光連接機房裏的機櫃，並量度所節省的能量。"
MIXED = "我們以 silicon photonics 連接機櫃 rack by rack。"
RUSSIAN = "Мы соединяем стойки светом."


@pytest.mark.parametrize(
    ("languages", "passing"),
    [
        (None, {ENGLISH, CHINESE, MIXED}),
        (["en", "zh"], {ENGLISH, CHINESE, MIXED}),
        (["en"], {ENGLISH}),
        (["zh"], {CHINESE, MIXED}),
        (["ru"], {ENGLISH, CHINESE, MIXED}),
        ("en", {ENGLISH, CHINESE, MIXED}),
    ],
)
def test_languages(languages: Any, passing: set[str]) -> None:
    call = ruled(a_rule("language", **({} if languages is None else {"languages": languages})))
    for text in (ENGLISH, CHINESE, MIXED, RUSSIAN):
        proposal = draft(
            call, faculty_member(f"W{ord(text[0])}{len(text)}"), title=text, abstract=text, description=text
        )
        assert told(one(proposal)) == ([] if text in passing else [("summary", "title", "stop")]), text


def test_a_text_without_letters_and_other_long_answers_have_a_language_too() -> None:
    asks = ({"key": "impact", "kind": "long_text", "label": {"en": "Impact"}},)
    proposal = draft(ruled(a_rule("language"), asks=asks), faculty_member(), title="12 + 30 = 42")
    assert told(one(proposal)) == []
    assert told(one(answered(proposal, impact=RUSSIAN))) == [("details", "impact", "stop")]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("It is patent pending.", True),
        ("It is PATENT-PENDING.", True),
        ("A patent\npending in Utopia.", True),
        ("This is confidential.", True),
        ("We study confidentiality.", False),
        ("Everything here is non-confidential.", False),
        ("Our trade secrets stay ours.", True),
        ("A proprietary format.", True),
        ("本方法專利申請中。", True),
        ("内容为机密。", True),
        ("Patents are pending questions.", False),
        ("Light joins racks.", False),
    ],
)
def test_words_that_speak_of_secrets_warn(text: str, warned: bool) -> None:
    found = one(draft(ruled(a_rule("nothing-confidential")), faculty_member(), description=text))
    assert told(found) == ([("description", "description", "warn")] if warned else [])
    assert found.standing == ("warned" if warned else "met")
    assert ("Description speaks of:" in reasons(found)) is warned


def test_the_words_are_a_setting_and_are_found_in_every_answer_that_counts() -> None:
    asks = (
        {"key": "partners", "kind": "people", "label": {"en": "Partners"}},
        {"key": "more", "kind": "yes_no", "label": {"en": "More?"}},
        {
            "key": "hidden",
            "kind": "long_text",
            "label": {"en": "Hidden"},
            "show_if": {"all": [{"question": "more", "is": "equals", "value": True}]},
        },
        {"key": "nothing_confidential", "kind": "declaration", "label": {"en": "Nothing confidential"}},
    )
    call = ruled(a_rule("nothing-confidential", words=["Project X"]), asks=asks)
    proposal = draft(call, faculty_member(), abstract="It is confidential.")
    row = {"name": "Otto", "organisation": "The makers of project  x", "email": "", "orcid": "", "ror": ""}
    found = one(answered(proposal, partners=[row], hidden="Project X"))
    assert told(found) == [("details", "partners", "warn")]
    assert told(one(answered(proposal, more=True))) == [("details", "partners", "warn"), ("details", "hidden", "warn")]
    none = ruled(a_rule("nothing-confidential", words=[]), of="AIR-2021")
    assert told(one(draft(none, faculty_member("Z"), abstract="It is confidential."))) == []


def test_words_and_an_open_declaration_are_told_apart() -> None:
    call = ruled(a_rule("nothing-confidential"))
    found = one(draft(call, faculty_member(), nothing_confidential=False, abstract="A trade secret."))
    assert found.standing == "unmet"
    assert told(found) == [("declarations", "nothing_confidential", "stop"), ("summary", "abstract", "warn")]


# --- rules made of answers --------------------------------------------------------------------------------------------

ETHICS = {"key": "ethics", "kind": "declaration", "label": {"en": "Ethics is cleared"}}
SIZE = {"key": "size", "kind": "number", "label": {"en": "Samples"}, "number": {"decimals": 1}}
PRICE = {"key": "price", "kind": "money", "label": {"en": "Price"}}
FIELD = {
    "key": "field",
    "kind": "choice",
    "label": {"en": "Field"},
    "options": [_option("optics"), _option("radio"), _option("other")],
}
FIELDS = {**FIELD, "key": "fields", "kind": "choices"}
PARTNERS = {"key": "partners", "kind": "people", "label": {"en": "Partners"}}


def _judged(check: str, facts: dict[str, Any], *asks: dict[str, Any], **answers: Any) -> Any:
    return one(answered(draft(ruled(a_rule(check, **facts), asks=asks), faculty_member()), **answers))


@pytest.mark.parametrize(
    ("answers", "found"),
    [({"ethics": True}, False), ({"ethics": False}, True), ({}, True), ({"ethics": "yes"}, True)],
)
def test_a_required_declaration(answers: dict[str, Any], found: bool) -> None:
    judged = _judged("declared", {"question": "ethics"}, ETHICS, **answers)
    assert told(judged) == ([("details", "ethics", "stop")] if found else [])
    assert ("Ethics is cleared" in reasons(judged)) is found


def test_a_declaration_that_does_not_apply_is_not_required() -> None:
    more = {"key": "animals", "kind": "yes_no", "label": {"en": "Animals?"}}
    shown = {**ETHICS, "show_if": {"all": [{"question": "animals", "is": "equals", "value": True}]}}
    assert told(_judged("declared", {"question": "ethics"}, more, shown, animals=False)) == []
    proposal = draft(
        ruled(a_rule("declared", question="ethics"), of="AIR-2021", asks=(more, shown)), faculty_member("Y")
    )
    assert told(one(answered(proposal, animals=True))) == [("details", "ethics", "stop")]


@pytest.mark.parametrize("facts", [{}, {"question": "nothing"}, {"question": "size"}, {"question": 7}])
@pytest.mark.parametrize("check", ["declared", "answer-between", "answer-among"])
def test_a_rule_whose_question_is_not_there_is_for_the_office(check: str, facts: dict[str, Any]) -> None:
    assert _judged(check, facts, ETHICS, SIZE, size="9").standing == "judged"


@pytest.mark.parametrize(
    ("ask", "facts", "answer", "found"),
    [
        (SIZE, {"least": 3, "most": 9}, "3.0", ""),
        (SIZE, {"least": 3, "most": 9}, "9.0", ""),
        (SIZE, {"least": 3, "most": 9}, "2.9", "at least 3"),
        (SIZE, {"least": 3, "most": 9}, "9.1", "at most 9"),
        (SIZE, {"most": 9}, "-5.0", ""),
        (SIZE, {"least": -4}, "-5.0", "at least -4"),
        (SIZE, {"least": 3}, None, ""),
        (SIZE, {"least": 3}, "many", ""),
        (PRICE, {"most": 1_000}, 100_000, ""),
        (PRICE, {"most": 1_000}, 100_001, "at most 1,000"),
        (PARTNERS, {"least": 2}, [{"name": "Otto"}], "at least 2"),
        (PARTNERS, {"least": 2}, [{"name": "Otto"}, {"name": "Pia"}], ""),
        (FIELDS, {"most": 1}, ["optics", "radio"], "at most 1"),
    ],
)
def test_an_answer_between_bounds(ask: dict[str, Any], facts: dict[str, Any], answer: Any, found: str) -> None:
    answers = {} if answer is None else {ask["key"]: answer}
    judged = _judged("answer-between", {"question": ask["key"], **facts}, ask, **answers)
    assert told(judged) == ([("details", ask["key"], "stop")] if found else [])
    assert found in reasons(judged)


@pytest.mark.parametrize(
    ("ask", "answer", "met"),
    [
        (FIELD, "optics", True),
        (FIELD, "other", False),
        (FIELD, "gone", True),
        (FIELD, None, True),
        (FIELDS, ["optics", "radio"], True),
        (FIELDS, ["optics", "other"], False),
        (FIELDS, [], True),
    ],
)
def test_an_answer_among_options(ask: dict[str, Any], answer: Any, met: bool) -> None:
    answers = {} if answer is None else {ask["key"]: answer}
    judged = _judged("answer-among", {"question": ask["key"], "options": ["optics", "radio"]}, ask, **answers)
    assert told(judged) == ([] if met else [("details", ask["key"], "stop")])


def test_own_work_and_what_is_for_the_office() -> None:
    call = ruled(a_rule("not-for-students"), a_rule("judge"), a_rule("no-such-check"))
    from intake.proposal.rulebook import judged

    rows = judged(draft(call, faculty_member(), own_work=False))
    assert [each.standing.value for each in rows] == ["unmet", "judged", "judged"]
    assert told(rows[0]) == [("declarations", "own_work", "stop")]


@pytest.mark.parametrize("check", ["not-for-students", "nothing-confidential", "one-university"])
def test_a_declaration_that_a_form_does_not_ask_for_is_for_the_office(check: str) -> None:
    assert one(draft(ruled(a_rule(check), asks=(SIZE,)), faculty_member())).standing == "judged"
