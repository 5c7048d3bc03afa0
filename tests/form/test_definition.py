"""A definition is read whole or refused with its place, and written back as it was."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form.definition import (
    CORE,
    OPERATORS,
    BadForm,
    Bounds,
    BudgetRule,
    Condition,
    FileLimits,
    Form,
    Is,
    Kind,
    Label,
    Option,
    Page,
    RowLimits,
    SeenBy,
    ShowIf,
    Unit,
    as_data,
    label_in,
    parse,
    storage_limit,
)
from intake.form.standard import standard
from intake.vocabulary import Limit
from tests.form import strategies

pytestmark = pytest.mark.once

TITLE = {"key": "title", "kind": "short_text", "label": {"en": "Title"}}
ABSTRACT = {"key": "abstract", "kind": "long_text", "label": {"en": "Abstract"}}
TEAM = {"key": "team", "label": {"en": "Team"}, "page": "team"}


def definition(*questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A definition that asks ``questions`` after title and abstract; ``more`` is said of their section."""
    first = {"key": "summary", "label": {"en": "Summary"}, "questions": [TITLE, ABSTRACT, *questions]} | more
    return {"sections": [first, TEAM]}


def asking(kind: str, **facts: Any) -> dict[str, Any]:
    """A question of that kind."""
    return {"key": "it", "kind": kind, "label": {"en": "It"}} | facts


def options(*keys: str) -> list[dict[str, Any]]:
    return [{"key": key, "label": {"en": key}} for key in keys]


def refused(data: Any) -> tuple[str, str]:
    """The place and the reason of the refusal."""
    with pytest.raises(BadForm) as caught:
        parse(data)
    return caught.value.place, str(caught.value.reason)


def test_the_example_of_every_setting() -> None:
    form = parse(
        {
            "sections": [
                {
                    "key": "summary",
                    "label": {"en": "Title and abstract", "zh": "題目與摘要"},
                    "help": {"en": "Two lines.\r\nOf help.", "zh": ""},
                    "page": "questions",
                    "questions": [
                        TITLE | {"limit": 100, "required": True},
                        ABSTRACT | {"limit": 300, "unit": "words", "show_if": None},
                        {
                            "key": "partner",
                            "kind": "choice",
                            "label": {"zh": "合作"},
                            "options": options("none", "company"),
                            "seen_by": "reviewers",
                            "leaves": True,
                            "listed": True,
                        },
                        {
                            "key": "rate",
                            "kind": "number",
                            "label": {"en": "Rate"},
                            "number": {"least": "0.5", "most": 12, "decimals": 2, "unit": "GHz"},
                            "blind": True,
                            "show_if": {"any": [{"question": "partner", "is": "equals", "value": "company"}]},
                        },
                        {
                            "key": "costs",
                            "kind": "budget",
                            "label": {"en": "Costs"},
                            "rows": {"least": 1, "most": 30},
                            "budget": {
                                "categories": options("staff", "travel"),
                                "years": 3,
                                "overhead_percent": "15",
                                "overhead_on": ["staff"],
                            },
                        },
                        {
                            "key": "letter",
                            "kind": "attachment",
                            "label": {"en": "Letter"},
                            "files": {"endings": [".PDF"], "most": 3, "max_bytes": 1000, "max_pages": 10},
                        },
                    ],
                },
                TEAM,
                {"key": "more", "label": {"en": "Files"}, "page": "files", "questions": []},
            ]
        }
    )
    assert form.section("summary").label == Label("Title and abstract", "題目與摘要")
    assert form.section("summary").help == Label("Two lines.\nOf help.")
    assert [each.page for each in form.sections] == [Page.QUESTIONS, Page.TEAM, Page.FILES]
    title, abstract, partner, rate, costs, letter = form.questions
    assert (title.limit, title.unit, title.required) == (100, Unit.CHARACTERS, True)
    assert (title.seen_by, title.leaves, title.blind) == (SeenBy.REVIEWERS, True, False)
    assert (abstract.limit, abstract.unit, abstract.required, abstract.show_if) == (300, Unit.WORDS, True, None)
    assert partner.options == (Option("none", Label("none")), Option("company", Label("company")))
    assert (partner.required, partner.seen_by, partner.leaves, partner.listed) == (False, "reviewers", True, True)
    assert rate.number == Bounds(Decimal("0.5"), Decimal(12), 2, "GHz")
    assert (rate.seen_by, rate.leaves, rate.blind) == (SeenBy.OFFICE, False, True)
    assert rate.show_if == ShowIf(False, (Condition("partner", Is.EQUALS, "company"),))
    assert costs.rows == RowLimits(1, 30)
    assert costs.budget == BudgetRule(
        (Option("staff", Label("staff")), Option("travel", Label("travel"))), 3, Decimal(15), ("staff",)
    )
    assert letter.files == FileLimits((".pdf",), 3, 1000, 10)
    assert parse(as_data(form)) == form


def test_what_holds_where_nothing_is_said() -> None:
    form = parse(definition(*(asking(kind) | {"key": kind} for kind in ("number", "money", "people", "attachment"))))
    assert form.question("number").number == Bounds(None, None, 0, "")
    assert form.question("money").number == Bounds()
    assert form.question("people").rows == RowLimits(0, 100)
    assert form.question("attachment").files == FileLimits(
        (".pdf", ".docx", ".xlsx", ".png", ".jpg", ".jpeg"), 1, Limit.FILE_BYTES, None
    )
    number = form.question("number")
    assert (number.required, number.seen_by, number.blind, number.leaves, number.listed) == (
        False,
        SeenBy.OFFICE,
        False,
        False,
        False,
    )
    assert as_data(form)["sections"][0]["questions"][2] == asking("number") | {"key": "number"}


def test_finding_parts_of_a_form() -> None:
    form = parse(definition(asking("date")))
    assert [each.key for each in form.questions] == ["title", "abstract", "it"]
    assert form.question("it").kind is Kind.DATE
    assert form.section_of("it").key == "summary"
    for find in (form.question, form.section, form.section_of):
        with pytest.raises(KeyError):
            find("nothing")


def test_a_label_falls_back_to_the_other_language() -> None:
    both, english, chinese = Label("Title", "題目"), Label("Title"), Label("", "題目")
    assert [label_in(each, "en") for each in (both, english, chinese)] == ["Title", "Title", "題目"]
    assert [label_in(each, "zh_Hant") for each in (both, english, chinese)] == ["題目", "Title", "題目"]


def test_limits_of_what_is_kept() -> None:
    form = parse(
        definition(
            *({"key": key, "kind": CORE[key].value, "label": {"en": key}} for key in ("title_zh", "description")),
            {"key": "keywords", "kind": "short_text", "label": {"en": "K"}},
            asking("short_text"),
            asking("rich_text") | {"key": "rich"},
        )
    )
    assert {each.key: storage_limit(each) for each in form.questions} == {
        "title": 300,
        "abstract": 5_000,
        "title_zh": 300,
        "description": 60_000,
        "keywords": 500,
        "it": 500,
        "rich": 60_000,
    }


IT = "sections[0].questions[2]"
CHOICE = asking("choice", options=options("a", "b")) | {"key": "pick"}
SHOWN = {"question": "pick", "is": "equals", "value": "a"}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], ""),
        (None, ""),
        ({"sections": 1}, "sections"),
        ({"sections": [1]}, "sections[0]"),
        ({"sections": [], "more": 1}, "more"),
        ({"sections": []}, "sections"),
        ({"sections": [TEAM]}, "sections"),
        ({"sections": [*definition()["sections"], TEAM | {"key": "again"}]}, "sections"),
        ({"sections": [definition()["sections"][0]]}, "sections"),
        (
            {"sections": [*definition()["sections"], *({"key": k, "label": {"en": k}, "page": "files"} for k in "ab")]},
            "sections",
        ),
        ({"sections": [*definition()["sections"], {"key": "team", "label": {"en": "T"}}]}, "sections[2].key"),
        ({"sections": [{"key": f"s{n}", "label": {"en": "S"}} for n in range(41)]}, "sections"),
        ({"sections": [TEAM | {"questions": [TITLE]}]}, "sections[0].questions"),
        ({"sections": [{"key": "a", "label": {"en": "A"}, "page": "pictures"}]}, "sections[0].page"),
        ({"sections": [{"key": "a", "label": {"en": " \u200b "}}]}, "sections[0].label"),
        ({"sections": [{"key": "a"}]}, "sections[0].label"),
        ({"sections": [{"key": "a", "label": "A"}]}, "sections[0].label"),
        ({"sections": [{"key": "a", "label": {"en": "A", "fr": "A"}}]}, "sections[0].label.fr"),
        ({"sections": [{"key": "a", "label": {"en": "x" * 201}}]}, "sections[0].label.en"),
        ({"sections": [{"key": "a", "label": {"en": "a\x07"}}]}, "sections[0].label.en"),
        ({"sections": [{"key": "a", "label": {"en": "A"}, "help": {"zh": "x" * 2001}}]}, "sections[0].help.zh"),
        (definition(asking("poem")), f"{IT}.kind"),
        (definition(asking("date", colour="red")), f"{IT}.colour"),
        (definition(asking("date", key="Date")), f"{IT}.key"),
        (definition(asking("date", key="x" * 41)), f"{IT}.key"),
        (definition(asking("date", key="_x")), f"{IT}.key"),
        (definition(asking("date", key="title")), f"{IT}.key"),
        (definition(asking("date", key="version")), f"{IT}.key"),
        (definition(asking("date", key="submit")), f"{IT}.key"),
        (definition(asking("date", key=7)), f"{IT}.key"),
        (definition(asking("date", required=1)), f"{IT}.required"),
        (definition(asking("date", seen_by="everybody")), f"{IT}.seen_by"),
        (definition(asking("date", leaves=True)), f"{IT}.leaves"),
        (definition(asking("date", limit=3)), f"{IT}.limit"),
        (definition(asking("short_text", options=[])), f"{IT}.options"),
        (definition(asking("short_text", limit=0)), f"{IT}.limit"),
        (definition(asking("short_text", limit=501)), f"{IT}.limit"),
        (definition(asking("short_text", limit=True)), f"{IT}.limit"),
        (definition(asking("long_text", limit=60_001)), f"{IT}.limit"),
        (definition(asking("long_text", unit="lines")), f"{IT}.unit"),
        (definition(asking("choice")), f"{IT}.options"),
        (definition(asking("choice", options=[])), f"{IT}.options"),
        (definition(asking("choices", options=options("a", "a"))), f"{IT}.options[1].key"),
        (
            definition(asking("choices", options=[*options("a"), {"key": "b", "label": {"en": "A"}}])),
            f"{IT}.options[1].label.en",
        ),
        (definition(asking("choice", options=options(*(f"o{n}" for n in range(101))))), f"{IT}.options"),
        (definition(asking("choice", options=[{"label": {"en": "A"}}])), f"{IT}.options[0].key"),
        (definition(asking("number", number={"least": 0.5})), f"{IT}.number.least"),
        (definition(asking("number", number={"least": "0.5"})), f"{IT}.number.least"),
        (definition(asking("number", number={"least": "1e3"})), f"{IT}.number.least"),
        (definition(asking("number", number={"least": 3, "most": 2})), f"{IT}.number.most"),
        (definition(asking("number", number={"decimals": 7})), f"{IT}.number.decimals"),
        (definition(asking("number", number={"most": 10**15})), f"{IT}.number.most"),
        (definition(asking("money", number={"most": Limit.MONEY_MINOR + 1})), f"{IT}.number.most"),
        (definition(asking("money", number={"least": "5"})), f"{IT}.number.least"),
        (definition(asking("money", number={"unit": "USD"})), f"{IT}.number.unit"),
        (definition(asking("people", rows={"least": 3, "most": 2})), f"{IT}.rows.most"),
        (definition(asking("people", rows={"most": 101})), f"{IT}.rows.most"),
        (definition(asking("budget")), f"{IT}.budget.categories"),
        (definition(asking("budget", budget={"categories": options("a"), "years": 11})), f"{IT}.budget.years"),
        (
            definition(asking("budget", budget={"categories": options("a"), "overhead_percent": "100.1"})),
            f"{IT}.budget.overhead_percent",
        ),
        (
            definition(asking("budget", budget={"categories": options("a"), "overhead_on": ["b"]})),
            f"{IT}.budget.overhead_on[0]",
        ),
        (definition(asking("attachment", files={"endings": [".exe"]})), f"{IT}.files.endings[0]"),
        (definition(asking("attachment", files={"endings": []})), f"{IT}.files.endings"),
        (definition(asking("attachment", files={"max_bytes": Limit.FILE_BYTES + 1})), f"{IT}.files.max_bytes"),
        (definition(asking("attachment", files={"most": 11})), f"{IT}.files.most"),
        (definition(asking("theme")), f"{IT}.kind"),
        (definition({"key": "keywords", "kind": "long_text", "label": {"en": "K"}}), f"{IT}.kind"),
        (definition({"key": "keywords", "kind": "short_text", "label": {"en": "K"}, "blind": True}), f"{IT}.blind"),
        (definition({"key": "keywords", "kind": "short_text", "label": {"en": "K"}, "leaves": False}), f"{IT}.leaves"),
        (
            definition({"key": "keywords", "kind": "short_text", "label": {"en": "K"}, "seen_by": "office"}),
            f"{IT}.seen_by",
        ),
        (
            definition(asking("number", number={"most": 121}) | {"key": "duration_months"}),
            f"{IT}.number.most",
        ),
        (
            definition(asking("number", number={"decimals": 1}) | {"key": "duration_months"}),
            f"{IT}.number.decimals",
        ),
        (definition(questions=[TITLE | {"required": False}, ABSTRACT]), "sections[0].questions[0].required"),
        (definition(questions=[TITLE]), "sections"),
        (definition(asking("date", show_if={})), f"{IT}.show_if"),
        (definition(asking("date", show_if={"all": [], "any": []})), f"{IT}.show_if"),
        (definition(asking("date", show_if={"all": []})), f"{IT}.show_if.all"),
        (definition(asking("date", show_if={"all": [SHOWN]})), f"{IT}.show_if.all[0].question"),
        (definition(asking("date", show_if={"all": [SHOWN]}), CHOICE), f"{IT}.show_if.all[0].question"),
        (definition(CHOICE | {"show_if": {"all": [SHOWN]}}), f"{IT}.show_if.all[0].question"),
        (
            definition(CHOICE, asking("date", show_if={"any": [SHOWN | {"value": "c"}]})),
            "sections[0].questions[3].show_if.any[0].value",
        ),
        (
            definition(CHOICE, asking("date", show_if={"any": [SHOWN | {"is": "at_least"}]})),
            "sections[0].questions[3].show_if.any[0].is",
        ),
        (
            definition(CHOICE, asking("date", show_if={"any": [SHOWN | {"is": "one_of"}]})),
            "sections[0].questions[3].show_if.any[0].value",
        ),
        (
            definition(CHOICE, asking("date", show_if={"any": [SHOWN | {"is": "one_of", "value": []}]})),
            "sections[0].questions[3].show_if.any[0].value",
        ),
        (
            definition(CHOICE, asking("date", show_if={"any": [SHOWN | {"is": "answered"}]})),
            "sections[0].questions[3].show_if.any[0].value",
        ),
        (definition(CHOICE, asking("date", show_if={"any": [SHOWN] * 11})), "sections[0].questions[3].show_if.any"),
    ],
)
def test_a_bad_definition_is_refused_with_its_place(data: Any, place: str) -> None:
    told, reason = refused(data)
    assert told == place
    assert reason.endswith((".", "?")) and "%(" not in reason


def test_title_and_abstract_are_always_asked() -> None:
    hidden = ABSTRACT | {"show_if": {"all": [{"question": "pick", "is": "answered"}]}}
    assert refused(definition(questions=[CHOICE, TITLE, hidden]))[0] == "sections[0].questions[2].show_if"


def test_at_most_200_questions() -> None:
    many = [asking("date") | {"key": f"q{number}"} for number in range(99)]
    data = definition(*many)
    data["sections"].append(
        {"key": "b", "label": {"en": "B"}, "questions": [q | {"key": q["key"] + "b"} for q in many]}
    )
    assert len(parse(data).questions) == 200
    data["sections"].append({"key": "c", "label": {"en": "C"}, "questions": [asking("date")]})
    assert refused(data)[0] == "sections[3].questions"


@pytest.mark.parametrize(
    ("kind", "facts", "operator", "value", "kept"),
    [
        ("number", {"number": {"decimals": 1}}, "at_least", "1.50", Decimal("1.5")),
        ("number", {}, "equals", 3, Decimal(3)),
        ("money", {}, "at_most", 70_000, 70_000),
        ("date", {}, "at_least", "2026-03-31", "2026-03-31"),
        ("yes_no", {}, "equals", False, False),
        ("declaration", {}, "not_equals", True, True),
        ("choices", {"options": options("a", "b")}, "includes", "b", "b"),
        ("choice", {"options": options("a", "b")}, "one_of", ["b", "a", "b"], ("b", "a")),
        ("long_text", {}, "answered", None, None),
    ],
)
def test_what_an_answer_is_compared_with(kind: str, facts: Any, operator: str, value: Any, kept: Any) -> None:
    rule = {"all": [{"question": "it", "is": operator, "value": value}]}
    form = parse(definition(asking(kind, **facts), asking("date", show_if=rule) | {"key": "then"}))
    shown = form.question("then").show_if
    assert shown is not None
    found = shown.conditions[0].value
    assert found == kept and type(found) is type(kept)
    assert parse(as_data(form)) == form


def test_a_comparison_that_is_no_answer_is_refused() -> None:
    for kind, value in (("money", "5"), ("date", "tomorrow"), ("yes_no", "yes"), ("declaration", 1), ("number", "1.5")):
        operator = OPERATORS[Kind(kind)][1].value
        rule = {"all": [{"question": "it", "is": operator, "value": value}]}
        place = refused(definition(asking(kind), asking("date", show_if=rule) | {"key": "then"}))[0]
        assert place == "sections[0].questions[3].show_if.all[0].value", kind


@strategies.quick
@given(strategies.forms())
def test_a_form_is_its_definition(form: Form) -> None:
    data = as_data(form)
    assert parse(json.loads(json.dumps(data))) == form
    assert as_data(parse(data)) == data


@strategies.quick
@given(strategies.damaged())
def test_any_json_is_a_form_or_a_bad_one(data: Any) -> None:
    for content in (data, {"sections": data}, {"sections": [data]}, definition(questions=[data]), definition(data)):
        _read_or_refused(content)


@strategies.quick
@given(strategies.forms(4), st.data())
def test_a_form_with_one_wrong_value_is_a_form_or_a_bad_one(form: Form, data: st.DataObject) -> None:
    content = copy.deepcopy(as_data(form))
    here: Any = content
    while True:
        at = data.draw(st.sampled_from(list(here) if isinstance(here, dict) else range(len(here))))
        inside = here[at]
        if not isinstance(inside, (dict, list)) or not inside or data.draw(st.booleans()):
            here[at] = data.draw(strategies.damaged())
            break
        here = inside
    _read_or_refused(content)


def _read_or_refused(content: Any) -> None:
    try:
        form = parse(content)
    except BadForm as bad:
        assert str(bad.reason) and "%(" not in bad.reason.text % dict.fromkeys(bad.reason.values, "")
    else:
        assert parse(as_data(form)) == form


@pytest.mark.parametrize("key", ["team", "attachments"])
def test_a_section_of_questions_does_not_bear_the_name_of_a_page(key: str) -> None:
    data = as_data(standard(themes=False, standing=False, declarations=()))
    data["sections"][0]["key"] = key
    with pytest.raises(BadForm) as refused:
        parse(data)
    assert refused.value.place == "sections[0].key"
