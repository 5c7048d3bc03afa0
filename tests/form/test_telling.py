"""Each reader is told what is for them, in words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.definition import Form, Kind, SeenBy
from intake.form.faults import FileFacts
from intake.form.showing import shown
from intake.form.telling import Audience, ToldAnswer, told
from tests.form import strategies
from tests.form.asking import ask, form_of, options

pytestmark = pytest.mark.once


def answer(kind: str, value: Any, key: str = "it", **facts: Any) -> ToldAnswer:
    """What the office is told of one answer in English."""
    return _one(kind, value, key, "en", facts)


def in_chinese(kind: str, value: Any, **facts: Any) -> str:
    return _one(kind, value, "it", "zh", facts).text


def _one(kind: str, value: Any, key: str, language: str, facts: dict[str, Any]) -> ToldAnswer:
    form = form_of(ask(kind, key, **facts))
    sections = told(
        form, {key: value}, audience=Audience.OFFICE, language=language, theme_names={7: "Networks"}, currency="USD"
    )
    return next(each for section in sections for each in section.answers if each.key == key)


@pytest.mark.parametrize(
    ("kind", "value", "text", "facts"),
    [
        ("short_text", "As typed", "As typed", {}),
        ("rich_text", "# As *typed*", "# As *typed*", {}),
        ("number", "1234.50", "1,234.50 kg", {"number": {"decimals": 2, "unit": "kg"}}),
        ("number", "-7", "-7", {}),
        ("money", 7_000_050, "USD 70,000.50", {}),
        ("date", "2026-03-09", "9 Mar 2026", {}),
        ("yes_no", False, "No", {}),
        ("declaration", True, "Declared", {}),
        ("declaration", False, "", {}),
        ("choice", "a", "A", {"options": options("a", "b")}),
        ("choices", ["a", "b"], "A; B", {"options": options("a", "b")}),
        ("organisation", {"name": "A", "ror": ""}, "A", {}),
        ("organisation", {"name": "A", "ror": "https://ror.org/0030zas98"}, "A · https://ror.org/0030zas98", {}),
        ("date", None, "", {}),
    ],
)
def test_answers_in_words(kind: str, value: Any, text: str, facts: Any) -> None:
    assert answer(kind, value, **facts).text == text
    assert answer(kind, value, **facts).value == value


def test_core_answers_are_flagged_and_themes_named() -> None:
    theme = answer("theme", 7, "theme_id")
    assert (theme.text, theme.value, theme.core) == ("Networks", 7, True)
    assert answer("theme", 8, "theme_id").text == ""
    assert answer("number", 24, "duration_months", number={"unit": "months"}).text == "24 months"
    assert answer("date", "2026-03-09").core is False


def test_in_chinese() -> None:
    assert in_chinese("date", "2026-03-09") == "2026年3月9日"
    assert in_chinese("yes_no", True) == "是"
    assert in_chinese("choice", "a", options=options("a")) == "a（中）"
    sections = told(form_of(), {"title": "T"}, audience=Audience.TEAM, language="zh")
    assert [(each.key, each.label) for each in sections] == [("main", "主要")]


def test_rows_are_tables_and_lines() -> None:
    rule = {"categories": options("staff", "travel"), "years": 2, "overhead_percent": "12.5"}
    lines = [
        {"category": "staff", "year": 1, "amount_minor": 100_000, "justification": "One person"},
        {"category": "travel", "year": None, "amount_minor": None, "justification": ""},
    ]
    costs = answer("budget", {"lines": lines}, budget=rule)
    assert costs.heads == ("Category", "Year", "Amount", "Justification")
    assert costs.rows == (("Staff", "1", "USD 1,000", "One person"), ("Travel", "", "", ""))
    assert costs.foot == (
        ("Direct costs", "", "USD 1,000", ""),
        ("Overhead (12.5 %)", "", "USD 125", ""),
        ("Total", "", "USD 1,125", ""),
    )
    assert costs.text.splitlines()[0] == "Staff · 1 · USD 1,000 · One person"
    people = answer("people", [{"name": "A", "organisation": "B", "orcid": "0000-0002-1825-0097"}])
    assert people.rows == (("A", "B", "", "0000-0002-1825-0097", ""),)
    assert people.text == "A · B · 0000-0002-1825-0097"
    plan = answer("milestones", [{"title": "Design", "due": "2026-09-30", "deliverable": "A report"}])
    assert (plan.heads, plan.rows) == (("Milestone", "Date", "Deliverable"), (("Design", "30 Sep 2026", "A report"),))


def test_files_are_named() -> None:
    form = form_of(ask("attachment"))
    files = {"it": [FileFacts(3, 900, "Letter.pdf"), FileFacts(None, 900, "Table.xlsx")]}
    letter = told(form, {}, audience=Audience.OFFICE, files=files)[0].answers[-1]
    assert letter.rows == (("Letter.pdf", "3"), ("Table.xlsx", ""))
    assert letter.text == "Letter.pdf · 3\nTable.xlsx"


def keys(form: Form, audience: Audience) -> list[str]:
    return [each.key for section in told(form, {}, audience=audience) for each in section.answers]


def test_who_is_told_what() -> None:
    reviewers = {"seen_by": "reviewers"}
    form = form_of(
        ask("date", "office_only"),
        ask("date", "read", **reviewers),
        ask("date", "blind", blind=True, **reviewers),
        ask("date", "leaving", leaves=True, **reviewers),
        ask("date", "both", blind=True, leaves=True, **reviewers),
        ask("declaration", "own_work"),
    )
    everything = ["title", "abstract", "office_only", "read", "blind", "leaving", "both", "own_work"]
    assert keys(form, Audience.TEAM) == keys(form, Audience.OFFICE) == everything
    assert keys(form, Audience.REVIEWER) == ["title", "abstract", "read", "blind", "leaving", "both"]
    assert keys(form, Audience.BLIND_REVIEWER) == ["title", "abstract", "read", "leaving"]
    assert keys(form, Audience.SPONSOR) == ["title", "abstract", "leaving", "both"]


def test_a_section_with_nothing_for_the_reader_is_not_named() -> None:
    form = form_of()
    secret = form_of(ask("date", "note")).section("main")
    alone = Form((*form.sections, type(secret)("secret", secret.label, questions=secret.questions[2:])))
    assert [each.key for each in told(alone, {}, audience=Audience.OFFICE)] == ["main", "secret"]
    assert [each.key for each in told(alone, {}, audience=Audience.REVIEWER)] == ["main"]


@strategies.quick
@given(st.data())
def test_nobody_is_told_what_is_not_for_them(data: st.DataObject) -> None:
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    for audience in (Audience.REVIEWER, Audience.BLIND_REVIEWER, Audience.SPONSOR):
        for section in told(form, answers, audience=audience):
            assert section.answers
            for each in section.answers:
                question = form.question(each.key)
                assert question.seen_by is SeenBy.REVIEWERS
                assert audience is not Audience.BLIND_REVIEWER or not question.blind
                assert audience is not Audience.SPONSOR or question.leaves


@strategies.quick
@given(st.data())
def test_an_office_only_answer_changes_nothing_that_others_are_told(data: st.DataObject) -> None:
    """Unless the coordinator's own rule shows or hides by it."""
    form: Form = data.draw(strategies.forms())
    one, other = data.draw(strategies.answers_to(form)), data.draw(strategies.answers_to(form))
    open_keys = {each.key for each in form.questions if each.seen_by is SeenBy.REVIEWERS}
    mixed = {
        key: (one if key in open_keys else other)[key]
        for key in {**one, **other}
        if key in (one if key in open_keys else other)
    }
    if shown(form, one) & open_keys == shown(form, mixed) & open_keys:
        for audience in (Audience.REVIEWER, Audience.BLIND_REVIEWER, Audience.SPONSOR):
            assert told(form, one, audience=audience) == told(form, mixed, audience=audience)


@strategies.quick
@given(st.data())
def test_every_version_tells_every_answer_that_it_took(data: st.DataObject) -> None:
    """An old version renders with its answers, and whatever was typed stands whole in what is told."""
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    newer: Form = data.draw(strategies.forms())
    told(newer, answers, audience=Audience.TEAM)
    rows = {each.key: each for section in told(form, answers, audience=Audience.TEAM) for each in section.answers}
    assert set(rows) == shown(form, answers)
    for key, each in rows.items():
        if key in answers:
            assert each.value == answers[key]
            if each.kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT):
                assert each.text == answers[key]
            elif answers[key] is not False and each.kind is not Kind.THEME:
                assert each.text
