"""The form builder: a form is made and changed in the browser, and only by the coordinators of its call."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake.call.models import FormVersion
from intake.extensions import db
from intake.form.definition import Kind
from tests.factories.typing import fields_of
from tests.views.form_desk import CODE, PAGE, Desk, keys


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


def test_every_kind_of_question_is_added_and_saved_as_it_is(desk: Desk) -> None:
    for kind in Kind:
        if kind is Kind.THEME:
            continue
        key = desk.add(kind.value, f"A {kind.value}")
        before = desk.question(key)
        assert before.kind is kind
        answer = desk.save(key)
        assert answer.status_code == 302, (kind, answer.text)
        assert desk.question(key) == before, "saving the page as it is changes nothing"
    for each in desk.form().questions:
        assert desk.save(each.key).status_code == 302
    assert desk.get()
    assert desk.get("/preview")


# --- building ---------------------------------------------------------------------------------------------------------


def test_a_form_with_options_and_rules_is_built_from_nothing(desk: Desk) -> None:
    answer = desk.post(do="add", label_en="About the project", label_zh="項目", page="questions")
    assert answer.location == f"{PAGE}#section-about_the_project"
    section = "about_the_project"
    kind, human = desk.add("choice", "Kind of project", section), desk.add("yes_no", "Human subjects", section)
    ethics, funds = desk.add("long_text", "Ethics approval", section), desk.add("money", "Own funds", section)
    company = desk.add("short_text", "Company", section)

    pasted = "Clinical | 臨床\nOther\t其他"
    assert desk.save(kind, **{"en-0": "Basic", "en-1": "Industrial", "pasted": pasted}).status_code == 302
    made = [(each.key, each.label.en, each.label.zh) for each in desk.question(kind).options]
    assert made == [
        ("first_answer", "Basic", "選項一"),
        ("second_answer", "Industrial", "選項二"),
        ("clinical", "Clinical", "臨床"),
        ("other", "Other", "其他"),
    ]
    conditions = {
        "conditions": "any",
        "cond-question-0": human,
        "cond-is-0": "equals",
        "cond-value-0": "yes",
        "cond-question-1": kind,
        "cond-is-1": "one_of",
        "cond-value-1": ["clinical", "other"],
    }
    limits = {"limit": "200", "unit": "words", "required": "y", "seen_by": "reviewers", "blind": "y", "leaves": "y"}
    assert (
        desk.save(ethics, help_en="Say which board.", help_zh="哪個委員會", **limits, **conditions).status_code == 302
    )
    one = {"conditions": "all", "cond-question-0": funds, "cond-is-0": "at_least", "cond-value-0": "10,000"}
    assert desk.save(company, **one).status_code == 302

    with desk.app.app_context():
        version = db.session.scalars(sa.select(FormVersion)).one()
        assert version.published_at is None
        asked = {each["key"]: each for each in version.definition["sections"][-1]["questions"]}
    assert asked["ethics_approval"] == {
        "key": "ethics_approval",
        "kind": "long_text",
        "label": {"en": "Ethics approval"},
        "help": {"en": "Say which board.", "zh": "哪個委員會"},
        "required": True,
        "limit": 200,
        "unit": "words",
        "seen_by": "reviewers",
        "blind": True,
        "leaves": True,
        "show_if": {
            "any": [
                {"question": "human_subjects", "is": "equals", "value": True},
                {"question": "kind_of_project", "is": "one_of", "value": ["clinical", "other"]},
            ]
        },
    }
    assert asked["company"]["show_if"] == {"all": [{"question": "own_funds", "is": "at_least", "value": 1_000_000}]}
    page = desk.get()
    assert "Asked only if “Human subjects” is yes or “Kind of project” is one of “Clinical”, “Other”" in page
    assert "Asked only if “Own funds” is at least USD 10,000" in page
    assert "Hidden when blind" in page and "Leaves the university" in page and "at most 200 words" in page
    for each in desk.form().questions:
        assert desk.save(each.key).status_code == 302, "a page with conditions saves as it is"


def test_limits_of_each_kind(desk: Desk) -> None:
    number = desk.add("number", "Staff")
    desk.save(number, least="0.5", most="1,000", decimals="1", number_unit="people")
    bounds = desk.question(number).number
    assert bounds is not None
    assert (str(bounds.least), str(bounds.most), bounds.decimals, bounds.unit) == ("0.5", "1000", 1, "people")
    files = desk.add("attachment", "Vitae")
    desk.save(files, endings=[".pdf", ".docx"], files_most="3", max_mb="1.5", max_pages="4")
    limits = desk.question(files).files
    assert limits is not None
    assert (limits.endings, limits.most, limits.max_bytes, limits.max_pages) == ((".pdf", ".docx"), 3, 1_572_864, 4)
    budget = desk.add("budget", "Costs")
    desk.save(budget, years="3", overhead_percent="12.5", overhead_on=["staff"], rows_least="1", rows_most="20")
    found = desk.question(budget)
    assert found.budget is not None and found.rows is not None
    assert (found.budget.years, str(found.budget.overhead_percent), found.budget.overhead_on) == (3, "12.5", ("staff",))
    assert (found.rows.least, found.rows.most) == (1, 20)
    desk.save(budget, do="remove-0")
    assert desk.question(budget) == found, "a button that rearranges the page saves nothing"


def test_a_ready_made_question_brings_its_words_and_its_key(desk: Desk) -> None:
    desk.post("/questions/keywords/remove")
    assert "keywords" not in {each.key for each in desk.form().questions}
    answer = desk.post("/add", section="description", label_en="", label_zh="", kind="core-keywords")
    assert answer.location == f"{PAGE}/questions/keywords"
    assert desk.question("keywords").label.en == "Keywords"
    assert desk.form().section_of("keywords").key == "description"
    assert "who reads" not in desk.get("/questions/keywords").lower(), "reviewers and the sponsor always get it"


@pytest.mark.parametrize(
    ("kind", "typed", "field", "message"),
    [
        ("short_text", {"label_en": " "}, "label_en", "Give it a label."),
        ("short_text", {"label_en": "x" * 201}, "label_en", "At most 200 characters; this has 201."),
        ("long_text", {"limit": "0"}, "limit", "Write a whole number from 1 to 60,000."),
        ("long_text", {"limit": "a few"}, "limit", "Write a whole number from 1 to 60,000."),
        ("number", {"least": "9", "most": "3"}, "most", "The most must not be below the least."),
        ("number", {"least": "1.5"}, "least", "Digits after the point: at most 0."),
        ("number", {"least": "many"}, "least", "Write a number such as 12 or 12.50."),
        ("money", {"most": "-4"}, "most", "Write an amount such as 70,000 or 70000.50."),
        ("choice", {"en-0": "", "zh-0": "", "key-0": "", "en-1": "", "zh-1": "", "key-1": ""}, "en-0", "Give at least"),
        ("choices", {"en-1": "First answer"}, "en-1", "“first answer” stands here twice."),
        ("budget", {"overhead_percent": "101"}, "overhead_percent", "Write a number of percent from 0 to 100."),
        ("budget", {"years": "11"}, "years", "Write a whole number from 1 to 10."),
        ("people", {"rows_least": "5", "rows_most": "2"}, "rows_most", "The most must not be below the least."),
        ("attachment", {"max_mb": "11"}, "max_mb", "More than 0 and at most 10 MB."),
        ("attachment", {"endings": []}, "endings", "Choose at least one."),
        ("yes_no", {"leaves": "y"}, "leaves", "An answer for the office only does not leave the university."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_is_kept(
    desk: Desk, kind: str, typed: dict[str, Any], field: str, message: str
) -> None:
    key = desk.add(kind, "A question")
    before = desk.form()
    answer = desk.save(key, help_en="These words stay.", **typed)
    assert answer.status_code == 422
    told = re.search(rf'id="{field}-error">(.*?)</p>', answer.text) or re.search(
        rf'#{field}[^"]*">(.*?)</a>', answer.text
    )
    assert told and message in told[1], answer.text
    assert "These words stay." in answer.text
    for text in typed.values():
        if isinstance(text, str) and text.strip():
            assert text in answer.text
    assert desk.form() == before


def test_a_condition_says_what_it_lacks(desk: Desk) -> None:
    human, ethics = desk.add("yes_no", "Human subjects"), desk.add("long_text", "Ethics approval")
    page = fields_of(desk.get(f"/questions/{ethics}"))
    text = desk.post(f"/questions/{ethics}", **page | {"do": "add-condition", "new_condition": human}).text
    assert "Not saved yet" in text
    answer = desk.post(f"/questions/{ethics}", **fields_of(text))
    assert answer.status_code == 422
    assert "Say what to compare with." in answer.text
    answer = desk.post(f"/questions/{ethics}", **fields_of(text) | {"cond-is-0": "answered", "cond-value-0": "yes"})
    assert "compares with nothing" in answer.text
    answer = desk.post(f"/questions/{ethics}", **fields_of(text) | {"cond-value-0": "no"})
    assert answer.status_code == 302
    dropped = desk.post(f"/questions/{ethics}", **fields_of(desk.get(f"/questions/{ethics}")) | {"do": "drop-0"}).text
    assert desk.post(f"/questions/{ethics}", **fields_of(dropped)).status_code == 302
    assert desk.question(ethics).show_if is None


def test_an_option_that_another_question_waits_for_stays(desk: Desk) -> None:
    kind, other = desk.add("choice", "Kind of project"), desk.add("short_text", "Which company")
    rule = {"conditions": "all", "cond-question-0": kind, "cond-is-0": "equals", "cond-value-0": ["second_answer"]}
    desk.save(other, **rule)
    text = desk.post(f"/questions/{kind}", **fields_of(desk.get(f"/questions/{kind}")) | {"do": "remove-1"}).text
    answer = desk.post(f"/questions/{kind}", **fields_of(text))
    assert answer.status_code == 422
    assert "Which company" in answer.text
    assert len(desk.question(kind).options) == 2


def test_rows_of_options_are_moved_and_pasted_without_saving(desk: Desk) -> None:
    key = desk.add("choice", "Colour")
    page = fields_of(desk.get(f"/questions/{key}")) | {"en-0": "Red", "en-1": "Green", "en-2": "Blue"}
    text = desk.post(f"/questions/{key}", **page | {"do": "up-2"}).text
    assert [fields_of(text)[f"en-{n}"] for n in range(3)] == [["Red"], ["Blue"], ["Green"]]
    assert 'id="up-1" autofocus' in text, "the button pressed is come back to"
    text = desk.post(f"/questions/{key}", **fields_of(text) | {"do": "add-row"}).text
    assert fields_of(text)["en-3"] == [""]
    lines = "\n".join(f"Colour {n}" for n in range(101))
    answer = desk.post(f"/questions/{key}", **fields_of(text) | {"pasted": lines})
    assert answer.status_code == 422
    assert "At most 100 in all." in answer.text and "Colour 100" in answer.text, "nothing that was pasted is cut"
    assert desk.post(f"/questions/{key}", **fields_of(text)).status_code == 302
    assert [each.label.en for each in desk.question(key).options] == ["Red", "Blue", "Green"]
    assert [each.key for each in desk.question(key).options] == ["first_answer", "blue", "second_answer"]


def test_questions_and_sections_are_moved_by_buttons(desk: Desk) -> None:
    assert keys(desk)[:5] == ["title", "title_zh", "abstract", "theme_id", "keywords"]
    answer = desk.post(do="up-question-abstract")
    assert answer.location == f"{PAGE}#up-question-abstract"
    assert keys(desk)[:3] == ["title", "abstract", "title_zh"]
    answer = desk.post(do="up-question-abstract")
    assert answer.location == f"{PAGE}#down-question-abstract", "it is on top: the other button is left"
    desk.post(do="down-question-title_zh")
    assert desk.form().section_of("title_zh").key == "theme", "behind the last of a section comes the next one"
    assert [each.key for each in desk.form().section("theme").questions] == ["title_zh", "theme_id", "keywords"]
    desk.post(do="down-section-summary")
    assert [each.key for each in desk.form().sections][:2] == ["theme", "summary"]
    before = desk.form()
    assert desk.post(do="up-section-theme").status_code == 302
    assert desk.post(do="up-question-nonsense").status_code == 302
    assert desk.form() == before


def test_a_question_is_put_anywhere_at_once(desk: Desk) -> None:
    desk.post(do="place", key="keywords", to="summary:1")
    assert keys(desk)[:3] == ["title", "keywords", "title_zh"]
    for to in ("team:0", "nowhere:1", "summary", "summary:x", "summary:-1", ""):
        assert desk.post(do="place", key="keywords", to=to).status_code == 302
    assert keys(desk)[:3] == ["title", "keywords", "title_zh"]


def test_a_question_stays_behind_what_decides_whether_it_is_asked(desk: Desk) -> None:
    human, ethics = desk.add("yes_no", "Human subjects"), desk.add("long_text", "Ethics approval")
    desk.save(ethics, **{"conditions": "all", "cond-question-0": human, "cond-is-0": "equals", "cond-value-0": "yes"})
    before = desk.form()
    answer = desk.post(do=f"up-question-{ethics}")
    assert answer.status_code == 422
    assert "Ethics approval" in answer.text and "Human subjects" in answer.text
    assert desk.form() == before


# --- who may ----------------------------------------------------------------------------------------------------------


PATHS = ["", "/add", "/preview", "/publish", "/discard", "/versions", "/versions/0", "/questions/title",
         "/questions/title/remove", "/sections/team", "/sections/team/remove"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_only_the_calls_coordinators_get_to_its_form(desk: Desk, path: str) -> None:
    assert desk.cora.get(PAGE + path).status_code == 200
    for client in (desk.emil, desk.ada):
        assert client.get(PAGE + path).status_code == 404
        if path not in ("/versions", "/versions/0"):
            assert client.post(PAGE + path, data={"seen": desk.seen()}).status_code == 404
    assert desk.cora.get("/desk/calls/NO-SUCH/form" + path).status_code == 404


def test_nobody_elses_pages_lead_there(desk: Desk) -> None:
    for client, path in ((desk.ada, f"/calls/{CODE}"), (desk.emil, f"/calls/{CODE}"), (desk.emil, "/desk")):
        assert f"{CODE}/form" not in client.get(path).text
    assert desk.cora.get("/desk/calls/HIRP-2020/form/questions/nothing").status_code == 404
    assert desk.cora.get("/desk/calls/HIRP-2020/form/sections/nothing").status_code == 404
