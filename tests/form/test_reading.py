"""What a browser sends becomes an answer or an error beside the field, and stands in the inputs again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from intake import typed
from intake.form.definition import Form, Kind, storage_limit
from intake.form.reading import UNANSWERED, Inputs, inputs, read, rows_of, typed_back
from intake.form.values import standing
from intake.vocabulary import Limit
from tests.form import strategies
from tests.form.asking import options, question

pytestmark = pytest.mark.once


def sent(**texts: Any) -> MultiDict[str, str]:
    """What was sent; ``it__0__name`` stands for ``it-0-name``."""
    return MultiDict({name.replace("__", "-"): each for name, each in texts.items()})


def kept(kind: str, text: str, **facts: Any) -> Any:
    """What is kept of one text."""
    found = read(question(kind, **facts), sent(it=text))
    assert found.present and found.error is None, found
    return found.value


def wrong(kind: str, text: str, **facts: Any) -> str:
    """What is told of one text."""
    found = read(question(kind, **facts), sent(it=text))
    assert found.present and found.value is None and found.error is not None
    return str(found.error)


@pytest.mark.parametrize(
    ("kind", "text", "value", "facts"),
    [
        ("short_text", "  Optical\tinter\r\nconnects ", "Optical inter connects", {}),
        ("short_text", "Cafe\u0301", "Café", {}),
        ("short_text", " \u200b ", UNANSWERED, {}),
        ("long_text", "One\r\n\r\n  two\rthree\u2028four\n", "One\n\n  two\nthree\nfour", {}),
        ("rich_text", "# Head\r\n* one", "# Head\n* one", {}),
        ("number", " 1,234.5 ", "1234.50", {"number": {"decimals": 2}}),
        ("number", "-0.0", "0", {}),
        ("number", "\u22127", "-7", {}),
        ("number", "12.000", "12", {}),
        ("number", "999999999999999", "999999999999999", {}),
        ("number", " ", UNANSWERED, {}),
        ("money", "70,000.50", 7_000_050, {}),
        ("money", "0", 0, {}),
        ("date", " 2026-03-31 ", "2026-03-31", {}),
        ("yes_no", "yes", True, {}),
        ("yes_no", "no", False, {}),
        ("yes_no", "", UNANSWERED, {}),
        ("choice", "b", "b", {"options": options("a", "b")}),
        ("choice", "", UNANSWERED, {"options": options("a", "b")}),
        ("choices", "b", ["b"], {"options": options("a", "b")}),
        ("declaration", "y", True, {}),
        ("declaration", "", False, {}),
    ],
)
def test_what_is_kept(kind: str, text: str, value: Any, facts: Any) -> None:
    found = kept(kind, text, **facts)
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "words", "facts"),
    [
        ("short_text", "x" * 501, "At most 500 characters; this has 501, 1 too many.", {}),
        ("long_text", "x" * 61_000, "At most 60,000 characters; this has 61,000, 1,000 too many.", {}),
        (
            "short_text",
            "a\x07b",
            "It held an invisible sign (U+0007). It is taken out: check the text and send it again.",
            {},
        ),
        ("number", "twelve", "Write a number such as 12,000.", {}),
        ("number", "1,2", "Write a number such as 12,000.5.", {"number": {"decimals": 1}}),
        ("number", "１２", "Write a number such as 12,000.", {}),
        ("number", "9" * 5000, "Write a number such as 12,000.", {}),
        ("number", "9" * 16, "This number is too large.", {}),
        ("number", "1.5", "Write a whole number.", {}),
        ("number", "1.255", "Digits after the point: at most 2.", {"number": {"decimals": 2}}),
        ("money", "-5", "Write an amount such as 70,000 or 70000.50.", {}),
        ("money", "99999999999999", "At most 10,000,000,000.", {}),
        ("date", "31/3/2026", "Write a date such as 2026-03-31.", {}),
        ("date", "2026-02-30", "Write a date such as 2026-03-31.", {}),
        ("date", "20260331", "Write a date such as 2026-03-31.", {}),
        ("date", "1066-10-14", "Write a date such as 2026-03-31.", {}),
        ("yes_no", "maybe", "Choose yes or no.", {}),
        ("choice", "z", "Choose one from the list.", {"options": options("a", "b")}),
        ("choices", "z", "Choose one from the list.", {"options": options("a", "b")}),
    ],
)
def test_what_cannot_be_kept_is_told(kind: str, text: str, words: str, facts: Any) -> None:
    assert wrong(kind, text, **facts) == words


def test_core_questions_keep_what_their_columns_hold() -> None:
    months = question("number", "duration_months")
    assert read(months, sent(duration_months="24")).value == "24"
    for text in ("0", "121", "-3"):
        assert str(read(months, sent(duration_months=text)).error) == "Write a whole number from 1 to 120."
    theme = question("theme", "theme_id")
    assert read(theme, sent(theme_id="7")).value == 7
    assert read(theme, sent(theme_id="")).value is UNANSWERED
    for text in ("x", "-1", "0", "2147483648", "9" * 99, "７"):
        assert str(read(theme, sent(theme_id=text)).error) == "Choose one from the list."
    assert str(read(question("short_text", "title_zh"), sent(title_zh="題" * 301)).error).startswith("At most 300")


def test_what_is_not_in_the_form_is_no_answer() -> None:
    for kind in Kind:
        facts: dict[str, Any] = {"options": options("a")} if kind in (Kind.CHOICE, Kind.CHOICES) else {}
        facts |= {"budget": {"categories": options("a")}} if kind is Kind.BUDGET else {}
        key = "theme_id" if kind is Kind.THEME else "it"
        asked = question(kind.value, key, **facts)
        for nothing in (sent(), sent(other="x"), sent(it__0__nothing="x", it__x="y", it2="z")):
            assert not read(asked, nothing).present


def test_an_empty_box_is_an_answer() -> None:
    tick, several = question("declaration"), question("choices", options=options("a", "b", "c"))
    assert read(tick, sent(it__sent="1")).value is False
    assert read(tick, sent(it__sent="1", it="yes")).value is True
    assert read(several, sent(it__sent="1")).value is UNANSWERED
    assert read(several, sent(it__sent="1", it=["c", "a", "c"])).value == ["a", "c"]
    assert read(question("people"), sent(it__sent="1")).value is UNANSWERED


def test_people() -> None:
    people = question("people")
    found = read(
        people,
        sent(
            it__0__name=" Ann  Example ",
            it__0__email="Ann@Example.ORG",
            it__0__orcid="https://orcid.org/0000-0002-9079-593x",
            it__0__ror="0030ZAS98",
            it__1__name="",
            it__1__email=" ",
            it__7__organisation="Plain University",
        ),
    )
    assert found.value == [
        {
            "name": "Ann Example",
            "organisation": "",
            "email": "ann@example.org",
            "orcid": "0000-0002-9079-593X",
            "ror": "https://ror.org/0030zas98",
        },
        {"name": "", "organisation": "Plain University", "email": "", "orcid": "", "ror": ""},
    ]
    assert rows_of(people, inputs(people, found.value)) == [0, 1]


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("0000-0002-1825-0097", True),
        ("0000000218250097", True),
        ("0000 0002 1825 0097", True),
        ("http://orcid.org/0000-0002-1825-0097", True),
        ("orcid.org/0000-0002-1825-0097", True),
        ("0000-0002-1825-0098", False),
        ("0000-0002-1825-009", False),
        ("0000-0002-1825-00970", False),
        ("https://example.org/0000-0002-1825-0097", False),
        ("00０0-0002-1825-0097", False),
        ("9999-0002-1825-0097", False),
        ("x" * 9999, False),
    ],
)
def test_an_orcid_is_checked(text: str, good: bool) -> None:
    found = read(question("people"), sent(it__0__orcid=text))
    if good:
        assert found.value[0]["orcid"] == "0000-0002-1825-0097"
    else:
        assert "ORCID" in str(found.error) and found.value is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("https://ror.org/0030zas98", True),
        ("ror.org/0030zas98", True),
        (" HTTP://ROR.ORG/0030ZAS98 ", True),
        ("0030zas99", False),
        ("0030zsa98", False),
        ("0030ias98", False),
        ("1030zas98", False),
        ("https://ror.org/0030zas98/", False),
        ("0030zas98\n0030zas98", False),
    ],
)
def test_a_ror_is_checked(text: str, good: bool) -> None:
    found = read(question("organisation"), sent(it__name="A", it__ror=text))
    if good:
        assert found.value == {"name": "A", "ror": "https://ror.org/0030zas98"}
    else:
        assert "ROR" in str(found.error) and list(found.cells) == ["it-ror"]


def test_wrong_cells_are_told_each_and_the_first_with_its_row() -> None:
    people = question("people")
    typed_in = sent(it__0__name="A", it__4__email="at home", it__4__orcid="1", it__9__name="x" * 201)
    found = read(people, typed_in)
    assert str(found.error) == "Row 2, e-mail address: Write an address such as name@example.edu."
    assert {name: str(words)[:12] for name, words in found.cells.items()} == {
        "it-4-email": "Write an add",
        "it-4-orcid": "This is no O",
        "it-9-name": "At most 200 ",
    }
    assert found.value is None
    assert typed_back(people, typed_in)["it-4-email"] == "at home"
    assert rows_of(people, typed_back(people, typed_in)) == [0, 4, 9]


def test_budget_lines() -> None:
    budget = question("budget", budget={"categories": options("staff", "travel"), "years": 2})
    found = read(
        budget,
        sent(
            it__0__category="staff",
            it__0__year="2",
            it__0__amount="1,000.50",
            it__0__justification="One\r\nperson",
            it__1__category="travel",
            it__2__year="1",
            it__3__amount="",
        ),
    )
    assert found.value == {
        "lines": [
            {"category": "staff", "year": 2, "amount_minor": 100_050, "justification": "One\nperson"},
            {"category": "travel", "year": None, "amount_minor": None, "justification": ""},
        ]
    }
    for name, text, words in (
        ("category", "cake", "Row 1, category: Choose one from the list."),
        ("year", "3", "Row 1, year: Write a whole number from 1 to 2."),
        ("amount", "much", "Row 1, amount: Write an amount such as 70,000 or 70000.50."),
    ):
        assert str(read(budget, MultiDict({f"it-0-{name}": text})).error) == words


def test_a_budget_of_one_year_need_not_say_it() -> None:
    budget = question("budget", budget={"categories": options("staff")})
    line = {"category": "staff", "year": 1, "amount_minor": None, "justification": ""}
    assert read(budget, sent(it__0__category="staff")).value == {"lines": [line]}


def test_milestones() -> None:
    milestones = question("milestones")
    found = read(milestones, sent(it__0__title="Design", it__0__due="2026-09-30", it__1__deliverable="A\r\nB"))
    assert found.value == [
        {"title": "Design", "due": "2026-09-30", "deliverable": ""},
        {"title": "", "due": "", "deliverable": "A\nB"},
    ]
    assert str(read(milestones, sent(it__5__due="soon")).error) == "Row 1, date: Write a date such as 2026-03-31."


def test_more_rows_than_are_kept_are_an_error() -> None:
    people = question("people")
    many = MultiDict({f"it-{number}-name": "A" for number in range(101)})
    assert str(read(people, many).error) == "At most 100 rows; these are 101, 1 too many."
    assert len(typed_back(people, many)) == 101
    many.pop("it-3-name")
    assert len(read(people, many).value) == 100


def test_inputs_answer_like_a_sent_form() -> None:
    several = inputs(question("choices", options=options("a", "b")), ["a", "b"])
    assert several["it"] == "a" and several.getlist("it") == ["a", "b"] and several.get("no", "") == ""
    assert list(several) == ["it", "it-sent"] and len(several) == 2
    assert several == Inputs({"it": ["a", "b"], "it-sent": ["1"]})
    assert several != Inputs({"it": ["a"], "it-sent": ["1"]})
    assert dict(inputs(question("declaration"), False)) == {"it-sent": "1"}
    assert dict(inputs(question("money"), 7_000_050)) == {"it": "70000.50"}
    assert dict(inputs(question("number", "duration_months"), 24)) == {"duration_months": "24"}
    assert dict(inputs(question("yes_no"), True)) == {"it": "yes"}


def test_what_was_typed_comes_back_as_it_was() -> None:
    typed_in = sent(it="  a\r\nb\x07\u202e ", other="x", it__sent="1")
    assert dict(typed_back(question("long_text"), typed_in)) == {"it": "  a\nb ", "it-sent": "1"}


@strategies.quick
@given(st.data())
def test_what_stands_in_the_inputs_is_read_as_it_was(data: st.DataObject) -> None:
    form: Form = data.draw(strategies.forms())
    answers = data.draw(strategies.answers_to(form))
    for key, value in answers.items():
        asked = form.question(key)
        assert standing(asked, value) == value
        found = read(asked, inputs(asked, value))
        assert (found.value, found.error) == (value, None), asked
        assert type(found.value) is type(value)
        assert typed_back(asked, inputs(asked, value)) == inputs(asked, value)


@strategies.quick
@given(st.data())
def test_whatever_is_sent_is_kept_told_or_absent(data: st.DataObject) -> None:
    """Reading never raises; what is kept stands, and reads the same the second time."""
    form: Form = data.draw(strategies.forms())
    for asked in form.questions:
        form_sent = data.draw(strategies.sent_for(asked))
        found, back = read(asked, form_sent), typed_back(asked, form_sent)
        assert found.present == bool(back)
        assert (found.value is None) == (found.error is not None or not found.present)
        assert set(found.cells) <= set(back)
        if found.value not in (None, UNANSWERED):
            assert standing(asked, found.value) == found.value
            assert read(asked, inputs(asked, found.value)).value == found.value


TEXT_KINDS = st.sampled_from(["short_text", "long_text", "rich_text"])


@strategies.quick
@given(TEXT_KINDS, st.text(min_size=1, max_size=60), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 9))
def test_no_answer_is_ever_cut(kind: str, text: str, end: str, over: int) -> None:
    """Up to the limit every text comes back whole, whatever line ends the browser makes; a longer one is an error, and
    nothing of it is kept."""
    asked = question(kind)
    clean = typed.line if kind == "short_text" else typed.paragraphs
    text = clean(typed.without_unkeepable(clean(text)))
    if typed.blank(text):
        return
    limit = storage_limit(asked)
    full = (text + "x" * limit)[:limit]
    for whole in (text, full):
        found = read(asked, MultiDict({"it": whole.replace("\n", end)}))
        assert (found.value, found.error) == (clean(whole), None)
        assert inputs(asked, found.value)["it"] == clean(whole)
    longer = full + "x" * over
    found = read(asked, MultiDict({"it": longer.replace("\n", end)}))
    assert found.value is None
    assert f"{len(clean(longer)) - limit:,} too many" in str(found.error)
    assert typed_back(asked, MultiDict({"it": longer.replace("\n", end)}))["it"] == longer


@strategies.quick
@given(st.sampled_from(["name", "organisation"]), st.integers(1, 9))
def test_no_cell_is_ever_cut(part: str, over: int) -> None:
    people = question("people")
    longest = "名" * Limit.NAME
    assert read(people, MultiDict({f"it-0-{part}": longest})).value[0][part] == longest
    found = read(people, MultiDict({f"it-0-{part}": longest + "字" * over}))
    assert found.value is None and f"{over} too many" in str(found.error)
