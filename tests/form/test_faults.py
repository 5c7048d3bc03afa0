"""What stands in the way of a submission is told question by question; nothing else is, and nothing damages a page."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.definition import Form, Kind
from intake.form.faults import FileFacts, FormFault, faults
from intake.form.reading import inputs, read, typed_back
from intake.form.showing import shown
from intake.form.telling import Audience, told
from intake.vocabulary import say
from tests.form import strategies
from tests.form.asking import ask, form_of, options

pytestmark = pytest.mark.once

WHOLE = {"title": "T", "abstract": "A"}


def found(kind: str, answer: Any, given_files: list[FileFacts] | None = None, **facts: Any) -> list[str]:
    """The faults of one answer."""
    form = form_of(ask(kind, **facts))
    rows = faults(form, {**WHOLE, "it": answer}, files={"it": given_files or []}, themes=())
    assert {(each.section, each.question) for each in rows} <= {("main", "it")}
    return [str(each.reason) for each in rows]


GONE = {"category": "gone", "year": 1, "amount_minor": 5}
MISSING_OF_TWO = ["Row 1: the date is missing.", "Row 2: the title is missing."]
CATEGORIES = {"budget": {"categories": options("staff"), "years": 2}}


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        ("short_text", {}, "Please fill this in."),
        ("rich_text", {}, "Please fill this in."),
        ("number", {}, "Please fill this in."),
        ("money", {}, "Please fill this in."),
        ("date", {}, "Please fill this in."),
        ("yes_no", {}, "Choose yes or no."),
        ("choice", {"options": options("a")}, "Choose one from the list."),
        ("choices", {"options": options("a")}, "Choose at least one."),
        ("people", {}, "Name at least one person."),
        ("organisation", {}, "Name the organisation."),
        ("budget", CATEGORIES, "Give at least one line."),
        ("milestones", {}, "Give at least one milestone."),
        ("attachment", {}, "Attach a file."),
        ("declaration", {}, "Tick this, if it holds."),
    ],
)
def test_required_and_missing(kind: str, facts: Any, words: str) -> None:
    for nothing in (None, "", [], {}):
        assert found(kind, nothing, required=True, **facts) == [words]
        assert found(kind, nothing, **facts) == []


@pytest.mark.parametrize(
    ("kind", "answer", "facts", "words"),
    [
        ("long_text", "a b c", {"limit": 3, "unit": "words"}, []),
        ("long_text", "a b c 你", {"limit": 3, "unit": "words"}, ["At most 3 words; this has 4, 1 too many."]),
        ("long_text", "abc", {"limit": 3}, []),
        ("long_text", "abcde", {"limit": 3}, ["At most 3 characters; this has 5, 2 too many."]),
        ("number", "2.50", {"number": {"least": "2.5", "decimals": 2}}, []),
        ("number", "999", {"number": {"least": 1000, "unit": "kg"}}, ["At least 1,000 kg."]),
        ("number", "-1", {"number": {"most": "-1.5", "decimals": 1}}, ["At most -1.5."]),
        ("money", 499, {"number": {"least": 500, "most": 700_050}}, ["At least 5."]),
        ("money", 700_051, {"number": {"most": 700_050}}, ["At most 7,000.50."]),
        ("money", 0, {"required": True}, []),
        ("yes_no", False, {"required": True}, []),
        ("declaration", True, {"required": True}, []),
        ("declaration", False, {"required": True}, ["Tick this, if it holds."]),
        ("organisation", {"name": "", "ror": "https://ror.org/0030zas98"}, {}, ["Name the organisation."]),
        ("people", [{"name": "A"}], {"rows": {"least": 2}}, ["At least 2 rows; these are 1."]),
        ("people", [{"name": "A"}] * 3, {"rows": {"most": 2}}, ["At most 2 rows; these are 3."]),
        ("people", [{"name": "A"}, {"email": "a@example.org"}], {}, ["Row 2: the name is missing."]),
        ("milestones", [{"title": "A"}, {"due": "2026-01-01"}], {}, MISSING_OF_TWO),
        ("milestones", [{"title": "B", "due": "2026-02-01"}, {"title": "A", "due": "2026-01-01"}], {}, []),
        (
            "budget",
            {"lines": [{"category": "staff", "year": 1, "amount_minor": 0}, {"justification": "x"}]},
            CATEGORIES,
            ["Row 2: the category is missing.", "Row 2: the year is missing.", "Row 2: the amount is missing."],
        ),
        ("budget", {"lines": [GONE]}, CATEGORIES, ["Row 1: the category is missing."]),
    ],
)
def test_what_is_not_enough(kind: str, answer: Any, facts: Any, words: list[str]) -> None:
    assert found(kind, answer, **facts) == words


def test_files() -> None:
    limits = {"files": {"endings": [".pdf"], "most": 2, "max_bytes": 2_621_440, "max_pages": 10}, "required": True}
    good = FileFacts(10, 2_621_440, "Letter.PDF")
    assert found("attachment", None, [good, good], **limits) == []
    assert found("attachment", "old junk", [good], **limits) == []
    assert found(
        "attachment", None, [good, FileFacts(11, 3_000_000, "b.pdf"), FileFacts(None, 1, "c.docx")], **limits
    ) == [
        "At most 2 files; these are 3.",
        "b.pdf is larger than 2.5 MB.",
        "b.pdf has 11 pages; at most 10.",
        "c.docx does not end in one of: .pdf.",
    ]


def test_themes_are_those_of_the_call() -> None:
    for required in (True, False):
        form = form_of(ask("theme", "theme_id", required=required))
        of = [
            [str(each.reason) for each in faults(form, {**WHOLE, "theme_id": theme}, files={}, themes=themes)]
            for theme, themes in ((1, [1, 2]), (3, [1, 2]), (None, [1, 2]), (None, []), (3, []))
        ]
        missing = ["Choose a theme of the call."]
        assert of == [[], missing, missing if required else [], [], []]


def test_faults_stand_in_the_order_of_the_form_and_hidden_questions_have_none() -> None:
    rule = {"all": [{"question": "first", "is": "equals", "value": True}]}
    form = form_of(ask("yes_no", "first", required=True), ask("date", "then", required=True, show_if=rule))
    assert faults(form, {}, files={}, themes=()) == [
        FormFault("main", "title", say("Give it a title.")),
        FormFault("main", "abstract", say("Write an abstract.")),
        FormFault("main", "first", say("Choose yes or no.")),
    ]
    assert [each.question for each in faults(form, {**WHOLE, "first": True}, files={}, themes=())] == ["then"]
    assert faults(form, {**WHOLE, "first": False, "then": "junk"}, files={}, themes=()) == []


@strategies.quick
@given(st.data())
def test_whatever_the_answers_hold_no_page_fails(data: st.DataObject) -> None:
    """Any JSON where an answer should be: it is told, found faulty, shown again and taken back without an accident."""
    form: Form = data.draw(strategies.forms())
    answers = data.draw(st.one_of(strategies.damaged_answers_to(form), strategies.damaged()))
    found = faults(form, answers, files={}, themes=[1])
    asked = shown(form, answers)
    assert {each.question for each in found} <= asked
    assert [each.key for each in form.questions if each.key in {one.question for one in found}] == list(
        dict.fromkeys(each.question for each in found)
    )
    for audience in Audience:
        told(form, answers, audience=audience, language="zh")
    for each in form.questions if isinstance(answers, dict) else ():
        texts = inputs(each, answers.get(each.key))
        read(each, texts)
        typed_back(each, texts)


@strategies.quick
@given(st.data())
def test_hidden_answers_have_no_faults_and_are_told_to_nobody(data: st.DataObject) -> None:
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    hidden = {each.key for each in form.questions} - shown(form, answers)
    files = {each.key: [FileFacts(99, 10**9, "x.exe")] for each in form.questions if each.kind is Kind.ATTACHMENT}
    assert not hidden & {each.question for each in faults(form, answers, files=files, themes=[1])}
    for audience in Audience:
        sections = told(form, answers, audience=audience, files=files)
        assert not hidden & {each.key for section in sections for each in section.answers}


@strategies.quick
@given(st.data())
def test_what_is_read_and_required_is_missing_or_there(data: st.DataObject) -> None:
    """A sound answer to a required question is never called missing, and an unanswered one always is."""
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    files = {each.key: [FileFacts(1, 1, "x.pdf")] for each in form.questions if each.kind is Kind.ATTACHMENT}
    now = {each.question for each in faults(form, answers, files=files, themes=range(1, 10))}
    for each in form.questions:
        unanswered = (
            each.kind is not Kind.ATTACHMENT and answers.get(each.key, False) is False and each.kind is not Kind.YES_NO
        )
        if each.required and unanswered and each.key in shown(form, answers):
            assert each.key in now
