"""The form builder: a form is made and changed in the browser, tried, published, and its old versions stay readable."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake.audit.models import Event
from intake.call import form_versions, queries
from intake.call.models import FormVersion
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.form.definition import Form, Kind, Question
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.operations import submit
from intake.vocabulary import ConflictKind, Declared, Role
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.typing import fields_of

CODE = "HIRP-2020"
PAGE = f"/desk/calls/{CODE}/form"


class Desk:
    """Cora coordinates HIRP 2020; Ada applies; Emil coordinates another programme."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            call = call_with(CODE)
            cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            other = call_with("AIR-2021").programme_id
            emil = person_with("Emil Elsewhere", (Role.COORDINATOR, {"programme_id": other}))
            ada = faculty_member()
            db.session.commit()
            self.ids = {"cora": cora.id, "emil": emil.id, "ada": ada.id}
        self.cora, self.emil, self.ada = (client_for(self.ids[name]) for name in ("cora", "emil", "ada"))

    def form(self) -> Form:
        """The form that is worked on."""
        with self.app.app_context():
            call = queries.to_set_up(CODE)
            assert call is not None
            return form_versions.present(call)

    def seen(self) -> str:
        return form_versions.edition(self.form())

    def post(self, path: str = "", seen: str | None = None, **data: Any) -> Any:
        """Send a form of the builder."""
        return self.cora.post(PAGE + path, data={"seen": self.seen() if seen is None else seen, **data})

    def get(self, path: str = "", status: int = 200) -> str:
        answer = self.cora.get(PAGE + path)
        assert answer.status_code == status
        return answer.text

    def add(self, kind: str, label: str, section: str = "summary") -> str:
        """Add a question; its key."""
        before = {each.key for each in self.form().questions}
        answer = self.post("/add", section=section, label_en=label, label_zh="", kind=kind)
        assert answer.status_code == 302, answer.text
        (key,) = {each.key for each in self.form().questions} - before
        assert answer.location == f"{PAGE}/questions/{key}"
        return key

    def save(self, key: str, **data: Any) -> Any:
        """Save a question's page with what it shows, but for what ``data`` says."""
        text = self.get(f"/questions/{key}")
        return self.post(f"/questions/{key}", **fields_of(text) | data)

    def question(self, key: str) -> Question:
        return self.form().question(key)

    def publish(self, **data: Any) -> Any:
        return self.post("/publish", **data)


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


# --- order ------------------------------------------------------------------------------------------------------------


def keys(desk: Desk) -> list[str]:
    return [each.key for each in desk.form().questions]


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


# --- removing, and who was quicker ------------------------------------------------------------------------------------


def begun(desk: Desk, **answers: Any) -> int:
    """A draft of Ada's in the call as it is; its id."""
    with desk.app.app_context():
        made = draft(call_with(CODE), db.session.get_one(Person, desk.ids["ada"]), **answers).id
        db.session.commit()
    return made


def test_before_something_goes_it_is_said_how_many_drafts_answered(desk: Desk) -> None:
    begun(desk)
    text = desk.get("/questions/keywords/remove")
    assert "1 draft has an answer to this." in text
    assert "Ada" not in text and "Optical interconnects" not in text
    key = desk.add("date", "Start")
    assert "No draft has an answer to this." in desk.get(f"/questions/{key}/remove")
    assert desk.post(f"/questions/{key}/remove").location == f"{PAGE}#section-summary"
    assert key not in keys(desk)
    assert "1 draft has an answer" in desk.get("/sections/budget/remove")
    assert desk.post("/sections/budget/remove").status_code == 302
    assert "amount_minor" not in keys(desk)


def test_what_must_stay_has_no_button_and_a_reason(desk: Desk) -> None:
    for path in ("/questions/title/remove", "/sections/summary/remove", "/sections/team/remove"):
        text = desk.get(path)
        assert "Remove it" not in text
        assert desk.post(path).status_code == 422
    assert "asks for the title and the abstract" in desk.get("/questions/title/remove")
    assert {"title", "abstract"} <= set(keys(desk))


def test_whoever_was_slower_keeps_what_they_typed(desk: Desk) -> None:
    old, page = desk.seen(), fields_of(desk.get("/questions/keywords"))
    desk.add("date", "Start")
    answer = desk.post("/questions/keywords", seen=old, **page | {"label_en": ["Words of mine"]})
    assert answer.status_code == 409
    assert "Words of mine" in answer.text and "Somebody changed this form" in answer.text
    assert desk.question("keywords").label.en == "Keywords"
    again = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert again
    assert desk.post("/questions/keywords", seen=again[1], **fields_of(answer.text)).status_code == 302
    assert desk.question("keywords").label.en == "Words of mine"
    acts: dict[str, dict[str, str]] = {
        "": {"do": "up-question-abstract"},
        "/add": {"section": "summary", "label_en": "X", "kind": "date"},
        "/questions/keywords/remove": {},
        "/publish": {},
        "/discard": {},
        "/sections/theme": {"label_en": "Mine"},
    }
    for path, data in acts.items():
        before = desk.form()
        assert desk.post(path, seen=old, **data).status_code == 409, path
        assert desk.form() == before


# --- publishing -------------------------------------------------------------------------------------------------------


def letters(desk: Desk) -> list[tuple[str, str]]:
    with desk.app.app_context():
        rows = db.session.scalars(sa.select(Message).where(Message.kind == "proposal.form_changed")).all()
        return [(each.to_address, each.body_text) for each in rows]


def version_of(desk: Desk, number: int) -> int:
    with desk.app.app_context():
        found = whole(number).form
        return found.ordinal if found else 0


def test_a_form_is_published_to_new_proposals_only(desk: Desk) -> None:
    first = begun(desk)
    desk.post("/questions/keywords/remove")
    text = desk.get("/publish")
    assert "The question “Keywords” was removed." in text
    assert "1 draft has answers to questions that change." in text
    assert "Ada" not in text and "Optical interconnects" not in text
    answer = desk.publish()
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text, "with drafts it must be said"
    assert desk.publish(reach="new", note="No keywords wanted").status_code == 302
    assert version_of(desk, first) == 0
    assert letters(desk) == []
    assert version_of(desk, begun(desk)) == 1
    assert "There is nothing to publish." in desk.get("/publish")
    assert desk.publish(reach="new").status_code == 422


def test_a_form_is_published_to_drafts_too_and_their_teams_are_told(desk: Desk) -> None:
    first = begun(desk)
    with desk.app.app_context():
        held = whole(first)
        before = (held.version, held.changed_at, held.keywords)
    desk.post("/questions/keywords/remove")
    desk.add("yes_no", "Human subjects")
    assert desk.publish(reach="drafts").status_code == 302
    assert version_of(desk, first) == 1
    with desk.app.app_context():
        held = whole(first)
        assert held.keywords == before[2], "what was written is kept"
        assert (held.version, held.changed_at) == (before[0] + 1, before[1])
        event = db.session.scalars(sa.select(Event).where(Event.action == "proposal.form_changed")).one()
        assert (event.subject_id, event.was, event.became) == (first, "0", "1")
    ((address, body),) = letters(desk)
    assert address == "ada.applicant@example.org"
    assert "Title and abstract, Theme and keywords" in body
    page = desk.ada.get(f"/proposals/{first}/edit/summary").text
    assert "Human subjects" in page
    assert "keywords" not in desk.ada.get(f"/proposals/{first}/edit/theme").text.lower().replace(
        "theme and keywords", ""
    )


def test_without_drafts_it_is_just_published(desk: Desk) -> None:
    desk.add("date", "Start")
    text = desk.get("/publish")
    assert "No draft has been begun." in text and 'name="reach"' not in text
    assert desk.publish().status_code == 302
    assert "version 1" in desk.get()


def test_received_proposals_are_listed_as_far_as_one_may_see_them(desk: Desk) -> None:
    seen_by_all, hidden = received(desk), received(desk, title="A conflicted thing")
    with desk.app.app_context():
        db.session.add(
            Conflict(
                proposal_id=hidden, person_id=desk.ids["cora"], declared=Declared.CONFLICT, kind=ConflictKind.PERSONAL
            )
        )
        db.session.commit()
    desk.add("date", "Start")
    text = desk.get("/publish")
    assert "Optical interconnects" in text and "A conflicted thing" not in text
    assert "1 proposal was received." in text
    desk.publish()
    assert version_of(desk, seen_by_all) == version_of(desk, hidden) == 0


def test_changes_are_discarded_after_a_question(desk: Desk) -> None:
    desk.add("date", "Start")
    assert "The question “Start” was added." in desk.get("/discard")
    assert desk.post("/discard").status_code == 302
    assert "start" not in keys(desk)
    assert desk.post("/discard").status_code == 302, "there is nothing left to discard, and that is said"
    assert "There are no changes to discard." in desk.get()


def test_every_version_is_listed_and_shown(desk: Desk) -> None:
    desk.add("date", "Start")
    desk.publish(note="a date was asked for")
    desk.post("/questions/start/remove")
    text = desk.get("/versions")
    assert "a date was asked for" in text and "Cora Office" in text
    assert "The question “Start” was added." in text and "The question “Start” was removed." in text
    assert "Start" in desk.get("/versions/1") and "Start" not in desk.get("/versions/2").split("<main")[1]
    assert "Title and abstract" in desk.get("/versions/0")
    desk.get("/versions/3", 404)


# --- the preview ------------------------------------------------------------------------------------------------------


def rows(desk: Desk) -> dict[str, int]:
    with desk.app.app_context():
        return {
            table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in db.metadata.tables.values()
        }


def test_the_preview_tries_the_form_and_saves_nothing(desk: Desk) -> None:
    human, ethics = desk.add("yes_no", "Human subjects"), desk.add("long_text", "Ethics approval")
    rule = {"conditions": "all", "cond-question-0": human, "cond-is-0": "equals", "cond-value-0": "yes"}
    desk.save(ethics, limit="3", unit="words", required="y", **rule)
    before = rows(desk)
    text = desk.get("/preview")
    assert re.search(rf'id="{ethics}-question"[^>]*hidden', text), "not asked yet"
    assert "disabled" not in text.split("<main")[1]

    answer = desk.post("/preview", **{human: "no", ethics: "kept all the same", "duration_months": "x"})
    assert answer.status_code == 422
    assert "Duration: Write a number such as 12,000." in answer.text
    assert "Ethics approval <span" in answer.text and "(only if “Human subjects” is yes)" in answer.text
    assert "Title: Give it a title." in answer.text
    assert "kept all the same" in answer.text

    answer = desk.post("/preview", **{human: "yes", ethics: "four words are many", "title": "T"})
    assert answer.status_code == 200
    assert "At most 3 words; this has 4, 1 too many." in answer.text
    assert not re.search(rf'id="{ethics}-question"[^>]*hidden', answer.text)
    answer = desk.cora.post(f"{PAGE}/preview", data={human: "yes"}, headers={"X-Autosave": "1"})
    assert ethics in answer.json["shown"]
    assert answer.json["faults"][ethics] == "Please fill this in."
    answer = desk.post("/preview", **{"and": "more:nothing"})
    assert answer.status_code == 200
    assert rows(desk) == before


# --- old versions -----------------------------------------------------------------------------------------------------


def received(desk: Desk, **answers: Any) -> int:
    """A proposal of Ada's that was submitted; its id."""
    number = begun(desk, **answers)
    with desk.app.app_context():
        submit(whole(number), by=actor(db.session.get_one(Person, desk.ids["ada"])))
        db.session.commit()
    return number


def test_an_old_version_renders_whatever_became_of_the_form(desk: Desk) -> None:
    made = {
        kind: desk.add(kind, f"Asked as {kind}")
        for kind in ("choice", "long_text", "number", "people", "budget", "date")
    }
    desk.publish()
    number = received(
        desk,
        **{
            made["choice"]: "first_answer",
            made["long_text"]: "The long answer.",
            made["number"]: "12",
            made["people"]: [{"name": "Pat Partner", "organisation": "Elsewhere", "email": "", "orcid": "", "ror": ""}],
            made["budget"]: {
                "lines": [{"category": "staff", "year": 1, "amount_minor": 6_500_000, "justification": "pay"}]
            },
            made["date"]: "2026-03-31",
        },
    )
    for kind in ("long_text", "people", "budget"):
        assert desk.post(f"/questions/{made[kind]}/remove").status_code == 302
    assert desk.save(made["choice"], label_en="Renamed", **{"en-0": "Another label"}).status_code == 302
    assert desk.save(made["number"], most="3").status_code == 302
    assert desk.post("/questions/keywords/remove").status_code == 302
    assert desk.publish().status_code == 302
    assert [each.ordinal for each in versions(desk)] == [1, 2]

    told = [
        "Asked as choice",
        "First answer",
        "The long answer.",
        "Asked as people",
        "Pat Partner",
        "Asked as budget",
        "Staff",
    ]
    with desk.app.app_context():
        receipt = whole(number).received[0].id
    pages = {
        "overview": desk.ada.get(f"/proposals/{number}"),
        "applicant": desk.ada.get(f"/proposals/{number}/edit/summary"),
        "office": desk.cora.get(f"/desk/proposals/{number}"),
        "receipt": desk.ada.get(f"/proposals/{number}/receipt/{receipt}"),
        "export": desk.cora.get(f"/desk/calls/{CODE}/proposals.csv"),
        "version": desk.cora.get(f"{PAGE}/versions/1"),
    }
    for name, page in pages.items():
        assert page.status_code == 200, name
    for name in ("overview", "applicant", "office", "receipt"):
        missing = [words for words in told if words not in pages[name].text]
        assert not missing, (name, missing)
        assert "Renamed" not in pages[name].text and "Another label" not in pages[name].text


def versions(desk: Desk) -> list[FormVersion]:
    with desk.app.app_context():
        return list(db.session.scalars(sa.select(FormVersion).order_by(FormVersion.ordinal)))


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
