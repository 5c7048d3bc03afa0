"""The administrator's pages: who gets in, programmes, the office's settings, conflicts, the first administrator."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake.conflict.models import Conflict
from intake.extensions import db
from intake.people.models import RoleGrant
from intake.policy import Grant
from intake.programme.models import Programme
from intake.views.administrator import commands
from intake.vocabulary import Role
from tests.people.somebody import happened, letters_to, read, somebody
from tests.views.administration import ODD, PAGES, SECRET_TITLE, a_world


@pytest.fixture
def world(app: Flask) -> dict[str, int]:
    return a_world(app)


@pytest.fixture
def admin(world: dict[str, int], client_for: Callable[[int], FlaskClient]) -> FlaskClient:
    return client_for(world["ada"])


# --- who gets in ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_administrators_see_it_others_are_refused(
    world: dict[str, int], admin: FlaskClient, client: FlaskClient, client_for: Callable[[int], FlaskClient], path: str
) -> None:
    assert admin.get(path).status_code == 200
    refused = client_for(world["rita"]).get(path)
    assert refused.status_code == 403
    assert "This part is for administrators." in refused.text
    assert client.get(path).location.startswith("/sign-in?next=")


def test_only_administrators_find_the_way_in(
    world: dict[str, int], admin: FlaskClient, client_for: Callable[[int], FlaskClient]
) -> None:
    assert 'href="/administration"' in admin.get("/account").text
    assert 'href="/administration"' not in client_for(world["rita"]).get("/account").text


@pytest.mark.parametrize(
    "path",
    [
        "/administration/people/{}",
        "/administration/people/{}/close",
        "/administration/roles/{}/revoke",
        "/administration/programmes/{}",
        "/administration/mail/{}",
        "/administration/conflicts/{}",
    ],
)
def test_others_do_not_learn_what_exists(
    world: dict[str, int], client_for: Callable[[int], FlaskClient], path: str
) -> None:
    rita = client_for(world["rita"])
    there, not_there = rita.get(path.format(world["conflict"])), rita.get(path.format(987_654))
    assert there.status_code in (403, 404)
    assert (there.status_code, _plain(there.text)) == (not_there.status_code, _plain(not_there.text))


def _plain(text: str) -> str:
    """A page without what differs at every look: tokens, and its own address."""
    return re.sub(r'value="[^"]*"|X-CSRFToken[^}]*|/administration/\S+', "", text)


@pytest.mark.parametrize(
    "number", ["0", "987654", "9223372036854775807", "9223372036854775808", "9" * 60, "-1", "x", "%00"]
)
def test_unknown_numbers_are_nothing(admin: FlaskClient, number: str) -> None:
    for path in ("people", "programmes", "mail", "conflicts"):
        assert admin.get(f"/administration/{path}/{number}").status_code == 404
    assert admin.post(f"/administration/roles/{number}/revoke").status_code == 404


def test_others_cannot_post(app: Flask, world: dict[str, int], client_for: Callable[[int], FlaskClient]) -> None:
    rita, ada = client_for(world["rita"]), world["ada"]
    grant_id = read(app, ada).grants[0].id
    for path, data in (
        ("/administration/people/invite", {"name": "M", "email": "m@example.edu", "appointment": "staff"}),
        (f"/administration/people/{ada}", {"name": "M"}),
        (f"/administration/people/{world['rita']}/roles", {"role": "administrator"}),
        (f"/administration/roles/{grant_id}/revoke", {}),
        (f"/administration/people/{ada}/close", {}),
        (f"/administration/people/{ada}/reopen", {}),
        (f"/administration/people/{ada}/link", {}),
        (f"/administration/programmes/{world['programme']}", {"purpose": "x"}),
        ("/administration/office", {"name": "x"}),
        (f"/administration/conflicts/{world['conflict']}", {"reason": "x"}),
    ):
        assert rita.post(path, data=data).status_code in (403, 404), path
    assert [each.role for each in read(app, world["rita"]).grants] == [Role.REVIEWER]
    assert letters_to(app, "m@example.edu") == letters_to(app, "ada@example.edu") == []


# --- programmes and settings ----------------------------------------------------------------------


def test_a_programmes_words_and_a_stale_form(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    path = f"/administration/programmes/{world['programme']}"
    page = admin.get(path).text
    assert "AIR-1" in page
    edition = re.search(r'name="version" value="(\w+)"', page)
    assert edition
    sent = {"purpose": "Better work.", "enquiry": "Desk 7", "version": edition.group(1)}
    assert admin.post(path, data=sent).status_code == 302
    stale = admin.post(path, data=sent | {"purpose": "Mine, later."})
    assert stale.status_code == 409
    assert "Mine, later." in stale.text
    assert "Better work." in stale.text
    with app.app_context():
        assert db.session.get_one(Programme, world["programme"]).purpose == "Better work."
    (event,) = happened(app, "programme.changed")
    assert event.facts["changes"]["enquiry"] == ["", "Desk 7"]
    for odd in ODD:
        assert admin.post(path, data={"purpose": odd, "enquiry": odd, "version": odd}).status_code in (302, 409, 422)


def test_office_settings(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    sent = {
        "name": "Knowledge Transfer",
        "short": "KTEO",
        "institution": "A University",
        "time_zone": "Asia/Hong_Kong",
        "version": "1",
    }
    assert admin.post("/administration/office", data=sent).status_code == 302
    assert "Knowledge Transfer, A University" in admin.get("/account").text
    assert admin.post("/administration/office", data=sent | {"short": "X"}).status_code == 409
    bad = admin.post("/administration/office", data=sent | {"version": "2", "time_zone": "Mars/Base"})
    assert (bad.status_code, "Write a zone such as" in bad.text) == (422, True)
    for odd in ODD:
        assert admin.post("/administration/office", data=dict.fromkeys(sent, odd)).status_code in (302, 409, 422)
    (event,) = happened(app, "office.changed")
    assert event.facts["changes"]["short"] == ["OC", "KTEO"]


def test_settings_before_there_is_an_office(app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
    admin = client_for(somebody(app, "ada@example.edu", Grant(Role.ADMINISTRATOR)))
    assert "load the catalogue first" in admin.get("/administration/office").text


# --- conflicts ------------------------------------------------------------------------------------


def test_a_conflict_is_lifted_with_a_reason(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    path = f"/administration/conflicts/{world['conflict']}"
    for page in ("/administration/conflicts", path):
        text = admin.get(page).text
        assert "AIR-1-0001" in text
        assert "Rita Reviewer" in text
        assert SECRET_TITLE not in text
    assert admin.post(path, data={"reason": "  "}).status_code == 422
    assert admin.post(path, data={"reason": "x" * 2001}).status_code == 422
    assert admin.post(path, data={"reason": "Declared by mistake"}).status_code == 302
    again = admin.post(path, data={"reason": "Twice"})
    assert (again.status_code, "no standing conflict" in again.text) == (422, True)
    with app.app_context():
        assert db.session.get_one(Conflict, world["conflict"]).lifted_reason == "Declared by mistake"
    assert "Declared by mistake" in admin.get("/administration/log?action=conflict.").text


def test_no_page_here_tells_a_proposals_title(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    for path in (*PAGES, f"/administration/people/{world['rita']}", f"/administration/programmes/{world['programme']}"):
        assert SECRET_TITLE not in admin.get(path).text


# --- the command ----------------------------------------------------------------------------------


def test_an_installation_gets_its_first_administrator(app: Flask, client: FlaskClient) -> None:
    if "person" not in app.cli.commands:
        commands.register(app)
    run = app.test_cli_runner().invoke
    done = run(args=["person", "add", "First@Example.edu", "--name", "First One", "--administrator"])
    assert done.exit_code == 0, done.output
    path = re.search(r"http://127.0.0.1:8000(/invitation/\S+)", done.output)
    assert path
    sent = {"name": "First One", "password": "a blue kettle sings", "again": "a blue kettle sings"}
    assert client.post(path.group(1), data=sent).status_code == 302
    opened = client.post("/sign-in", data={"email": "first@example.edu", "password": "a blue kettle sings"})
    assert opened.location == "/administration"
    for address, name in (("nonsense", "X"), ("a@example.edu", " "), ("a@example.edu", "x" * 201)):
        assert run(args=["person", "add", address, "--name", name, "--administrator"]).exit_code == 2
    with app.app_context():
        assert len(db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == Role.ADMINISTRATOR)).all()) == 1
