"""Every field says what is wrong in plain words, keeps what was typed, and gives rooms only what they can keep."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from intake.errors import Incomplete
from intake.views import typed
from intake.views.fields import (
    Chosen,
    Declaration,
    Email,
    Form,
    Line,
    Moment,
    Money,
    Paragraph,
    Picked,
    Several,
    Whole,
    sent_version,
)
from intake.vocabulary import say


@pytest.fixture(autouse=True)
def request_at_hand(shared_app: Flask) -> Any:
    with shared_app.test_request_context("/", method="POST"):
        yield


def sent(field: Any, value: Any) -> Any:
    """The field after ``value`` (None: the field is missing) was sent to it and checked."""

    class Only(Form):
        it = field

    form = Only(formdata=MultiDict([] if value is None else [("it", each) for each in _several(value)]))
    form.validate()
    return form.it


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def messages(field: Any) -> list[str]:
    return [str(each) for each in field.errors]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("  Optical\tinter\r\nconnects ", "Optical inter connects"),
        ("Cafe\u0301", "Café"),
        ("機櫃級運算 𝔘 שלום", "機櫃級運算 𝔘 שלום"),
        ("a" * 300, "a" * 300),
        ("e\u0301" * 300, "é" * 300),
        ("𠮷" * 300, "𠮷" * 300),
    ],
)
def test_a_line_is_kept_in_one_form(value: str, kept: str) -> None:
    field = sent(Line("Title", 300), value)
    assert (field.data, field.errors) == (kept, [])


@pytest.mark.parametrize("value", ["a" * 312, "𠮷" * 312])
def test_a_line_too_long_says_by_how_much_and_keeps_it(value: str) -> None:
    field = sent(Line("Title", 300), value)
    assert messages(field) == ["At most 300 characters; this has 312."]
    assert field._value() == value


@pytest.mark.parametrize("value", ["", "   ", "\u200b\u2060", "\u3000", None])
def test_nothing_to_see_counts_as_nothing(value: str | None) -> None:
    assert messages(sent(Line("Title", 300), value)) == ["Please fill this in."]
    field = sent(Line("Title", 300, required=False), value)
    assert (field.data, field.errors) == ("", [])


@pytest.mark.parametrize(
    "sign", ["\x00", "\x07", "\x1b", "\x7f", "\uffff", "\ufffe", "\ufdd0", "\U0001ffff", "\u202e", "\u2066", "\ud800"]
)
@pytest.mark.parametrize("kind", [Line, Paragraph])
def test_invisible_signs_are_refused_and_taken_out(sign: str, kind: Any) -> None:
    field = sent(kind("Title", 300), f"safe{sign}text")
    assert f"U+{ord(sign):04X}" in messages(field)[0]
    assert field._value() == "safetext"


def test_a_paragraph_keeps_its_lines_and_counts_each_line_end_once() -> None:
    field = sent(Paragraph("Abstract", 7), "one\r\n\ttwo")
    assert messages(field) == ["At most 7 characters; this has 8."]
    field = sent(Paragraph("Abstract", 8), "one\r\n\ttwo")
    assert (field.data, field.errors) == ("one\n\ttwo", [])
    assert sent(Paragraph("Abstract", 80), "soft\x0bbreak\u2028end").data == "soft\nbreak\nend"


@pytest.mark.parametrize(("value", "minor"), [("70,000", 7_000_000), (" 70000.50 ", 7_000_050), ("0", 0)])
def test_money_is_minor_units(value: str, minor: int) -> None:
    field = sent(Money("Amount"), value)
    assert (field.data, field.errors) == (minor, [])


@pytest.mark.parametrize("value", ["-5", "7e4", "70.000", "九", "9" * 5000, "1,00", "\x00"])
def test_money_that_is_none_is_kept_as_typed(value: str) -> None:
    field = sent(Money("Amount"), value)
    assert field.errors
    assert field.data is None
    assert field._value() == typed.without_unkeepable(value)


@pytest.mark.parametrize("value", ["0", "61", "1.5", "-3", "٣", "9" * 5000, "x"])
def test_a_whole_number_out_of_bounds_says_the_bounds(value: str) -> None:
    field = sent(Whole("Months", 1, 60), value)
    assert messages(field) == ["Write a whole number from 1 to 60."]
    assert field._value() == value


def test_a_whole_number() -> None:
    assert sent(Whole("Months", 1, 60), " 12 ").data == 12
    assert sent(Whole("Balance", -5, 60), "-5").data == -5
    assert sent(Whole("Months", 1, 60, required=False), "").data is None


def test_a_moment_is_the_wall_clock_of_the_office() -> None:
    field = sent(Moment("Closes"), "2026-03-31T17:00")
    assert field.data == datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert "Asia/Hong Kong" in field.description
    assert field._value() == "2026-03-31T17:00"


@pytest.mark.parametrize(
    "value",
    ["31/3/2026", "2026-02-30T10:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-03-31T17:00Z", "9" * 4000],
)
def test_a_moment_that_is_none_is_kept_as_typed(value: str) -> None:
    field = sent(Moment("Closes"), value)
    assert field.errors
    assert field._value() == value


def test_a_time_that_clocks_jump_over_is_refused() -> None:
    assert "does not exist" in messages(sent(Moment("Closes", zone="Europe/Berlin"), "2026-03-29T02:30"))[0]
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert sent(Moment("Closes", zone="Europe/Berlin"), "2026-10-25T02:30").data == first


@pytest.mark.parametrize("kind", [Chosen, Picked])
@pytest.mark.parametrize("value", ["3", "x", "9" * 5000, "-1", "1\x00"])
def test_an_unknown_choice_is_refused(kind: Any, value: str) -> None:
    field = sent(kind("Theme", [(1, "One"), (2, "Two")]), value)
    assert messages(field) == ["Choose one from the list."]
    assert field.data is None


@pytest.mark.parametrize("kind", [Chosen, Picked])
def test_a_choice(kind: Any) -> None:
    theme = kind("Theme", [(1, "One"), (2, "Two")])
    assert sent(theme, "2").data == "2"
    assert messages(sent(theme, None)) == ["Choose one from the list."]
    free = kind("Theme", [(1, "One")], required=False, blank="No theme")
    assert (sent(free, "").data, sent(free, "").errors) == (None, [])
    assert "No theme" in str(sent(free, "")())


def test_several() -> None:
    parts = Several("Parts", [("title", "Title"), ("team", "Team")])
    assert sent(parts, ["team", "title", "team"]).data == ["team", "title"]
    assert messages(sent(parts, ["team", "other"])) == ["Choose one from the list."]
    assert messages(sent(parts, None)) == ["Choose at least one."]
    assert sent(Several("Parts", [("a", "A")], required=False), None).data == []


def test_a_declaration_must_be_ticked() -> None:
    assert messages(sent(Declaration("I declare"), None)) == ["Tick this to go on."]
    assert sent(Declaration("I declare"), "y").data is True
    assert sent(Declaration("By the way", must=False), None).errors == []


def test_an_address_is_lower_case() -> None:
    assert sent(Email("E-mail"), " Ada@Example.EDU ").data == "ada@example.edu"


@pytest.mark.parametrize(
    "value",
    ["ada", "a@b", "x" * 300 + "@example.edu", "ａ@example.edu", "a\x00@example.edu", "@" * 900],
)
def test_an_address_that_is_none_is_kept_as_typed(value: str) -> None:
    field = sent(Email("E-mail"), value)
    assert field.errors
    assert field._value() == typed.without_unkeepable(value)


def test_a_body_that_is_no_form_fills_nothing_in(shared_app: Flask) -> None:
    class Two(Form):
        name = Line("Name")
        note = Paragraph("Note", required=False)

    for body in ({}, {"json": {"name": "Ada"}}, {"data": b"name=Ada", "content_type": "text/plain"}):
        with shared_app.test_request_context("/", method="POST", **body):
            form = Two(data={"name": "kept before", "note": "kept before"})
            assert not form.validate(), body
            assert (messages(form.name), form.note.data) == (["Please fill this in."], "")


def test_a_rooms_refusal_stands_at_its_field_or_on_top() -> None:
    class Two(Form):
        name = Line("Name", 10)

    form = Two(formdata=MultiDict({"name": "x"}))
    assert form.validate()
    form.blame(Incomplete(say("No."), {"name": say("Too %(how)s", how="odd")}))
    assert form.errors == {"name": ["Too odd"]}
    form.blame(Incomplete(say("Not so.")))
    assert form.form_errors == ["Not so."]


@pytest.mark.parametrize(("text", "version"), [("7", 7), ("", -1), ("x", -1), ("9" * 40, -1), ("-2", -1)])
def test_a_sent_version(shared_app: Flask, text: str, version: int) -> None:
    with shared_app.test_request_context("/", method="POST", data={"version": text}):
        assert sent_version() == version
