"""The pages on which a coordinator sets up a call, and what everybody else finds there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.call import queries
from intake.call.models import Call
from intake.catalogue import load
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, RoleGrant
from intake.proposal.checks import check_of
from intake.proposal.rulebook import CATALOGUE
from intake.vocabulary import Role
from tests.catalogue.files import small

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DESK = "/desk/calls/PRG-1"
PAGES = [
    "/setup",
    "/setup/basics",
    "/setup/themes",
    "/setup/rules",
    "/setup/rules/new",
    "/setup/rules/cap",
    "/setup/rubric",
    "/setup/letters",
    "/setup/invitations",
    "/programme/rules",
    "/programme/form",
    "/programme/rubric",
    "/programme/phases",
    "/programme/letters",
    "/stage",
    "/clone",
    "/preview",
]
POSTS = ["/announce", "/setup/rules/cap/move", "/programme/rules/take", "/programme/rules/push"]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """A coordinator of both programmes, one of a single call, an applicant, an administrator."""
    with app.app_context():
        load(small())
        calls = {each.code: each for each in db.session.scalars(sa.select(Call))}
        grants = {
            "office": [RoleGrant(role=Role.COORDINATOR, programme_id=each.programme_id) for each in calls.values()],
            "of_call": [RoleGrant(role=Role.COORDINATOR, call_id=calls["PRG-1"].id)],
            "elsewhere": [RoleGrant(role=Role.COORDINATOR, call_id=calls["IDEAS"].id)],
            "faculty": [RoleGrant(role=Role.FACULTY)],
            "administrator": [RoleGrant(role=Role.ADMINISTRATOR)],
        }
        made = {name: Person(email=f"{name}@example.org", name=name, grants=each) for name, each in grants.items()}
        db.session.add_all(made.values())
        db.session.commit()
        return {name: each.id for name, each in made.items()}


@pytest.fixture
def office(people: dict[str, int], client_for: Callable[[int], FlaskClient]) -> FlaskClient:
    return client_for(people["office"])


def change(app: Flask, code: str = "PRG-1", **columns: Any) -> None:
    """Set columns of the call as if long ago."""
    with app.app_context():
        call = db.session.scalars(sa.select(Call).where(Call.code == code)).one()
        for name, value in columns.items():
            setattr(call, name, value)
        db.session.commit()


def ask(app: Flask, question: Callable[[Call], Any], code: str = "PRG-1") -> Any:
    with app.app_context():
        call = queries.to_set_up(code)
        assert call is not None
        return question(call)


def version(app: Flask, code: str = "PRG-1") -> int:
    found: int = ask(app, lambda call: call.version, code)
    return found


def words(page: str) -> str:
    """The page's text, in one line."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# --- who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_its_coordinator_opens_every_page(office: FlaskClient, path: str) -> None:
    assert office.get(DESK + path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_learns_of_them(
    people: dict[str, int], client_for: Callable[[int], FlaskClient], path: str
) -> None:
    for who, status in (("elsewhere", 404), ("faculty", 404), ("administrator", 404)):
        assert client_for(people[who]).get(DESK + path).status_code == status, who


@pytest.mark.parametrize("path", POSTS)
def test_nobody_else_changes_anything(
    app: Flask, people: dict[str, int], client_for: Callable[[int], FlaskClient], path: str
) -> None:
    for who in ("elsewhere", "faculty", "administrator"):
        answer = client_for(people[who]).post(DESK + path, data={"version": version(app)})
        assert answer.status_code == 404, who


def test_a_call_in_preparation_is_its_coordinators_alone(
    app: Flask, people: dict[str, int], client: FlaskClient, client_for: Callable[[int], FlaskClient]
) -> None:
    change(app, in_preparation=True, standing=True)
    assert client.get("/calls/PRG-1").status_code == 404
    for who in ("elsewhere", "faculty", "administrator", "of_call", "office"):
        assert client_for(people[who]).get("/calls/PRG-1").status_code == 404, who
        assert "First call" not in client_for(people[who]).get("/").text, who
    assert client_for(people["faculty"]).post("/calls/PRG-1/start").status_code == 404
    assert client_for(people["elsewhere"]).get("/desk/calls").text.count("First call") == 0
    for who in ("of_call", "office"):
        index = client_for(people[who]).get("/desk/calls").text
        assert "First call" in index and "In preparation" in index
        preview = client_for(people[who]).get(DESK + "/preview").text
        assert "Preview: nobody else sees this" in preview and "Light" in preview


def test_only_a_coordinator_of_the_programme_begins_a_call(
    app: Flask, people: dict[str, int], client_for: Callable[[int], FlaskClient]
) -> None:
    theirs = client_for(people["of_call"])
    assert "No programme is yours" in theirs.get("/desk/calls/new").text
    assert "Clone this call" not in theirs.get(DESK + "/setup").text
    form = {"code": "PRG-2", "title": "Second", "by": "weeks", "weeks": "52", "seen": "364", "do": "make"}
    answer = theirs.post(DESK + "/clone", data=form)
    assert answer.status_code == 403
    assert "Only a coordinator of the programme may do this." in answer.text
    assert client_for(people["faculty"]).get("/desk/calls/new").status_code == 403


# --- the set-up page --------------------------------------------------------------------------------------------------


def test_the_page_says_what_is_missing_and_how_each_part_stands(app: Flask, office: FlaskClient) -> None:
    change(app, in_preparation=True)
    page = words(office.get(DESK + "/setup").text)
    assert "Still missing before it can open: a few words on what it is for; when it opens and closes." in page
    for said in ("Up to USD 70,000, 12 to 24 months", "2 themes", "2 rules", "The standard form", "4 criteria"):
        assert said in page
    assert "disabled aria-describedby" in office.get(DESK + "/setup").text
    answer = office.post(DESK + "/announce", data={"version": version(app)}, follow_redirects=True)
    assert "Still missing: a few words on what it is for, when it opens and closes" in words(answer.text)
    assert ask(app, lambda call: call.in_preparation)


def test_a_whole_call_is_opened(app: Flask, office: FlaskClient, client: FlaskClient) -> None:
    closes = datetime(2026, 4, 1, tzinfo=UTC)
    change(app, in_preparation=True, summary="For everybody.", opens_at=NOW, closes_at=closes)
    page = office.get(DESK + "/setup").text
    assert "Everything that it needs is there" in page and "Open the call" in page
    assert office.post(DESK + "/announce", data={"version": 1}).status_code == 409
    answer = office.post(DESK + "/announce", data={"version": version(app), "once": "k"})
    assert (answer.status_code, answer.location) == (302, DESK + "/setup")
    again = office.post(DESK + "/announce", data={"version": version(app), "once": "k"})
    assert (again.status_code, again.location) == (302, DESK + "/setup")
    assert client.get("/calls/PRG-1").status_code == 200
    assert "For everybody." in client.get("/calls/PRG-1").text


# --- a new call -------------------------------------------------------------------------------------------------------


def test_a_call_is_begun_from_its_programme_once(app: Flask, office: FlaskClient) -> None:
    page = office.get("/desk/calls/new").text
    number = re.search(r'<option value="(\d+)">Alba Research', page)
    assert number is not None
    form = {"programme": number[1], "code": "PRG-2", "title": "Second call", "once": "abc"}
    for _ in range(2):
        answer = office.post("/desk/calls/new", data=form)
        assert (answer.status_code, answer.location) == (302, "/desk/calls/PRG-2/setup")
    assert ask(app, lambda call: (call.title, call.in_preparation), "PRG-2") == ("Second call", True)
    again = office.post("/desk/calls/new", data={**form, "once": "other", "title": "Kept as typed"})
    assert again.status_code == 422
    assert "Another call has this code." in again.text and "Kept as typed" in again.text


def test_a_programme_of_others_cannot_be_chosen(app: Flask, people: dict[str, int], office: FlaskClient) -> None:
    answer = office.post("/desk/calls/new", data={"programme": "999", "code": "X-1", "title": "X"})
    assert answer.status_code == 422 and "Choose one from the list." in answer.text


def test_a_clone_is_made_only_once_its_dates_were_read(app: Flask, office: FlaskClient) -> None:
    change(app, opens_at=datetime(2025, 3, 3, 1, tzinfo=UTC), closes_at=datetime(2025, 4, 4, 9, tzinfo=UTC))
    page = words(office.get(DESK + "/clone").text)
    assert "Mon 3 Mar 2025, 09:00 HKT" in page and "Mon 2 Mar 2026, 09:00 HKT" in page
    assert "Fri 3 Apr 2026, 17:00 HKT" in page
    form = {"code": "PRG-2", "title": "Second call", "by": "day", "day": "2026-09-01", "weeks": "52", "once": "k"}
    answer = office.post(DESK + "/clone", data={**form, "seen": "364", "do": "make"})
    assert answer.status_code == 200
    assert "The dates changed: read them" in answer.text and "Tue 1 Sep 2026, 09:00 HKT" in answer.text
    seen = re.search(r'name="seen" value="(\d+)"', answer.text)
    assert seen is not None
    once = re.search(r'name="once" value="(\w+)"', answer.text)
    assert once is not None and once[1] != "k", "the first answer used the key up"
    for _ in range(2):
        answer = office.post(DESK + "/clone", data={**form, "once": once[1], "seen": seen[1], "do": "make"})
        assert (answer.status_code, answer.location) == (302, "/desk/calls/PRG-2/setup")
    assert ask(app, lambda call: call.opens_at, "PRG-2") == datetime(2026, 9, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"by": "day", "day": "soon"}, "Write a day such as"),
        ({"by": "day", "day": "2999-01-01"}, "That is too far"),
        ({"by": "weeks", "weeks": ""}, "Say how many weeks."),
        ({"by": "weeks", "weeks": "9999"}, "Write a whole number"),
        ({"by": ""}, "Choose one from the list."),
    ],
)
def test_a_shift_that_says_nothing_is_refused_beside_its_field(
    app: Flask, office: FlaskClient, typed: dict[str, str], said: str
) -> None:
    change(app, opens_at=datetime(2025, 3, 3, 1, tzinfo=UTC), closes_at=datetime(2025, 4, 4, 9, tzinfo=UTC))
    answer = office.post(DESK + "/clone", data={"code": "PRG-2", "title": "Second call", **typed, "do": "make"})
    assert answer.status_code == 422 and said in answer.text


def test_a_next_stage_is_begun(app: Flask, office: FlaskClient) -> None:
    form = {"code": "PRG-1-FULL", "title": "Full", "stage": "Full proposal"}
    assert office.post(DESK + "/stage", data=form).location == "/desk/calls/PRG-1-FULL/setup"
    page = words(office.get(DESK + "/setup").text)
    assert "PRG-1-FULL comes next" in page
    assert "Follows PRG-1" in words(office.get("/desk/calls/PRG-1-FULL/setup").text).replace("follows", "Follows")


# --- the parts --------------------------------------------------------------------------------------------------------

BASICS = {
    "title": "First call",
    "currency": "USD",
    "max_award_minor": "70,000",
    "duration_least": "12",
    "duration_most": "24",
    "team_may_edit": "y",
    "panel": "y",
    "sponsor_decides": "y",
}


def test_the_basics_are_saved(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/setup/basics"
    assert 'value="70000"' in office.get(page).text.replace(",", "")
    answer = office.post(page, data={**BASICS, "summary": "Words.", "version": version(app)})
    assert (answer.status_code, answer.location) == (302, DESK + "/setup")
    assert ask(app, lambda call: (call.summary, call.max_award_minor)) == ("Words.", 7_000_000)


def test_a_stale_save_shows_both(app: Flask, office: FlaskClient) -> None:
    answer = office.post(DESK + "/setup/basics", data={**BASICS, "title": "As I typed", "version": 0})
    assert answer.status_code == 409
    assert "As I typed" in answer.text and "Somebody changed this call" in answer.text
    assert ask(app, lambda call: call.title) == "First call"


def rows(app: Flask) -> dict[str, str]:
    themes = ask(app, lambda call: [(each.id, each.name) for each in call.themes])
    return {
        f"{key}-{n}": str(value)
        for n, pair in enumerate(themes)
        for key, value in zip(("id", "name"), pair, strict=True)
    }


def test_themes_are_pasted_and_moved_without_scripts(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/setup/themes"
    answer = office.post(page, data={**rows(app), "pasted": "1. Heat | 熱\nCold", "version": version(app)})
    assert (answer.status_code, answer.location) == (302, page)
    answer = office.post(page, data={**rows(app), "do": "up-2", "version": version(app)})
    assert answer.location == page + "#theme-1"
    office.post(page, data={**rows(app), "do": "remove-0", "version": version(app)})
    assert ask(app, lambda call: [(each.name, each.name_zh) for each in call.themes]) == [
        ("Heat", ""),
        ("Sound", ""),
        ("Cold", ""),
    ]


def test_a_bad_theme_and_a_stale_one_keep_what_was_typed(app: Flask, office: FlaskClient) -> None:
    page, sent = DESK + "/setup/themes", rows(app)
    answer = office.post(page, data={**sent, "name-0": "SOUND", "pasted": "More", "version": version(app)})
    assert answer.status_code == 422
    assert "Another theme has this name: Sound." in answer.text.replace("SOUND", "Sound") and "More" in answer.text
    office.post(page, data={**sent, "pasted": "By another", "version": version(app)})
    answer = office.post(page, data={**sent, "name-0": "As I typed", "version": version(app) - 1})
    assert answer.status_code == 409
    assert "As I typed" in answer.text and "Somebody else added meanwhile: By another." in answer.text


def test_a_rule_is_written_with_the_settings_of_its_check(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/setup/rules/new"
    shown = office.get(page + "?check=appointment").text
    assert "full-time faculty" in shown and 'name="fact_' in shown
    name = re.search(r'name="(fact_\w+)"', shown)
    assert name is not None
    form = {"text": "Who may lead.", "source": "the guide", "level": "warn", "check_name": "appointment"}
    lacking = office.post(page, data={**form, "version": version(app)})
    assert lacking.status_code == 422 and "Choose at least one." in lacking.text and "the guide" in lacking.text
    sent = {**form, name[1]: ["phd_student", "staff"], "version": version(app), "once": "k"}
    for _ in range(2):
        assert office.post(page, data=sent).location == DESK + "/setup/rules"
    found = ask(app, lambda call: [(each.code, each.level.value, each.facts) for each in call.rules])
    assert found[2:] == [("appointment", "warn", {name[1].removeprefix("fact_"): ["phd_student", "staff"]})]
    assert "Who may lead." in office.get(DESK + "/setup/rules").text


def test_every_registered_check_can_be_chosen_and_kept(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/setup/rules/new"
    assert {"supervisor-endorsed", "running-projects", "judge"} <= set(CATALOGUE)
    for name, kind in CATALOGUE.items():
        shown = office.get(f"{page}?check={name}")
        assert shown.status_code == 200, name
        form: dict[str, Any] = {"text": "A rule.", "level": "stop", "check_name": name, "version": version(app)}
        for fact in kind.facts:
            usual = {"whole": str(fact.most), "money": "5", "words": "one\ntwo", "question": "abstract"}
            form[f"fact_{fact.name}"] = usual.get(fact.kind) or [fact.options[0][0]]
        assert office.post(page, data=form).location == DESK + "/setup/rules", name
        code = ask(app, lambda call: call.rules[-1].code)
        assert office.get(f"{DESK}/setup/rules/{code}").status_code == 200, name
    rows = ask(app, lambda call: [(each.check_name, check_of(each)) for each in call.rules[2:]])
    assert [name for name, _ in rows] == list(CATALOGUE)
    assert {name for name, kind in rows if kind is None} == {"judge"}


def test_changing_the_check_shows_its_settings_and_saves_nothing(app: Flask, office: FlaskClient) -> None:
    form = {"text": "As I typed", "level": "stop", "check_name": "page-limit", "do": "check", "version": version(app)}
    answer = office.post(DESK + "/setup/rules/cap", data=form)
    assert answer.status_code == 200
    assert "As I typed" in answer.text and 'name="fact_' in answer.text
    assert ask(app, lambda call: call.rules[0].text) == "Within the cap."


def test_rules_move_and_go(app: Flask, office: FlaskClient) -> None:
    move = DESK + "/setup/rules/alone/move"
    office.post(move, data={"do": "up", "version": version(app)})
    assert ask(app, lambda call: [each.code for each in call.rules]) == ["alone", "cap"]
    assert office.post(move, data={"do": "remove", "version": 0}).status_code == 409
    office.post(move, data={"do": "remove", "version": version(app)})
    assert ask(app, lambda call: [each.code for each in call.rules]) == ["cap"]
    assert office.get(DESK + "/setup/rules/alone").status_code == 404


def criteria(page: str) -> dict[str, str]:
    found = dict(re.findall(r'name="((?:code|name|weight|least|most)-\d+)"[^>]*value="([^"]*)"', page))
    found |= {key: value for value, key in re.findall(r'value="([^"]*)"[^>]*name="((?:code|name)-\d+)"', page)}
    anchors = re.findall(r'name="(anchors-\d+)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    return found | dict(anchors)


def test_the_rubric_is_rearranged_and_then_saved(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/setup/rubric"
    typed = criteria(office.get(page).text)
    assert typed["name-0"] == "Scientific merit and novelty" and len(typed) == 24
    moved = office.post(page, data={**typed, "do": "down-0", "version": version(app)})
    assert moved.status_code == 200 and "Not saved yet" in moved.text
    assert ask(app, lambda call: call.criteria[1].name).startswith("Fit")
    typed = criteria(moved.text)
    wrong = office.post(page, data={**typed, "weight-0": "26", "do": "save", "version": version(app)})
    assert wrong.status_code == 422 and "The weights add up to 101; they must add up to 100." in wrong.text
    lines = office.post(page, data={**typed, "anchors-0": "one\ntwo", "do": "save", "version": version(app)})
    assert lines.status_code == 422 and "The scale has 5 values; these are 2 lines." in lines.text
    assert office.post(page, data={**typed, "do": "save", "version": version(app)}).location == page
    assert ask(app, lambda call: [each.code for each in call.criteria]) == ["fit", "merit", "plan", "team"]
    added = office.post(page, data={**typed, "do": "add", "version": version(app)})
    assert 'name="name-4"' in added.text


def test_letters_are_previewed_and_saved(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/setup/letters"
    form = {"received": "Thank you, {name}, for {number}.", "version": version(app)}
    seen = office.post(page, data={**form, "do": "preview"})
    assert seen.status_code == 200 and "Thank you, Dr A. Example, for PRG-1-0001." in seen.text
    assert ask(app, lambda call: call.letters) == {}
    wrong = office.post(page, data={**form, "declined": "Dear {whoever}"})
    assert wrong.status_code == 422 and "No letter knows {whoever}." in wrong.text
    assert office.post(page, data=form).location == page
    assert ask(app, lambda call: call.letters) == {"received": "Thank you, {name}, for {number}."}


def test_people_are_invited_and_taken_off(app: Flask, office: FlaskClient, people: dict[str, int]) -> None:
    page = DESK + "/setup/invitations"
    bad = office.post(page, data={"addresses": "Ada <faculty@example.org>, nobody@", "note": "x"})
    assert bad.status_code == 422 and "Not an address: nobody@" in bad.text and "faculty@example.org" in bad.text
    sent = {"addresses": "Ada <FACULTY@example.org>;\nnew@example.org", "once": "k"}
    for _ in range(2):
        assert office.post(page, data=sent).location == page
    with app.app_context():
        assert db.session.scalars(sa.select(Message.to_address).order_by(Message.id)).all() == [
            "faculty@example.org",
            "new@example.org",
        ]
    number = ask(app, lambda call: call.invitations[0].id)
    shown = office.get(page).text
    assert "faculty@example.org" in shown and "none yet" in shown
    office.post(f"{page}/{number}/withdraw")
    assert "faculty@example.org" not in office.get(page).text


def test_a_part_is_given_to_the_programme_and_taken_back(app: Flask, office: FlaskClient) -> None:
    page = DESK + "/programme/rules"
    assert "Differs from its programme" in office.get(DESK + "/setup").text
    shown = office.get(page).text
    assert "Only in the call:" in shown and "Only in the programme:" in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen is not None
    form = {"version": version(app), "seen": seen[1]}
    assert office.post(page + "/push", data=form).location == page
    assert "Both say the same." in office.get(page).text
    assert office.post(page + "/take", data=form).status_code == 409
    assert office.get(DESK + "/programme/themes").status_code == 404


def test_a_coordinator_of_one_call_cannot_give_to_the_programme(
    app: Flask, people: dict[str, int], client_for: Callable[[int], FlaskClient]
) -> None:
    theirs, page = client_for(people["of_call"]), DESK + "/programme/rules"
    shown = theirs.get(page).text
    assert "Only a coordinator of the programme may do this." in shown
    seen = re.search(r'name="seen" value="(\w+)"', shown)
    assert seen is not None
    answer = theirs.post(page + "/push", data={"version": version(app), "seen": seen[1]})
    assert answer.status_code == 403
    assert theirs.post(page + "/take", data={"version": version(app), "seen": seen[1]}).status_code == 302


def test_forms_that_are_broken_on_purpose_never_break_the_page(app: Flask, office: FlaskClient) -> None:
    odd = {
        "version": "x" * 50,
        "do": "up-9999",
        "name-0": "\x00\ud800"[:1],
        "id-0": "９",
        "code-0": "x" * 90,
        "weight-0": "1e9",
        "programme": "x",
        "seen": "\x07",
        "check_name": "no-such",
        "level": "never",
        "by": "magic",
        "addresses": "@@@",
        "currency": "XXX",
    }
    for path in PAGES:
        assert office.post(DESK + path, data=odd).status_code in (200, 302, 405, 409, 422), path
    for path in POSTS:
        assert office.post(DESK + path, data=odd).status_code in (302, 409), path
    assert office.post("/desk/calls/new", data=odd).status_code == 422
