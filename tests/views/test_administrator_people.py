"""People in the administrator's pages: invited, listed, changed, given roles, closed and opened again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.policy import Grant
from intake.vocabulary import ConflictKind, Declared, Role, State
from tests.people.somebody import PASSWORD, happened, letters_to, link_in, read, somebody
from tests.views.administration import ODD, a_proposal, a_world, details


@pytest.fixture
def world(app: Flask) -> dict[str, int]:
    return a_world(app)


@pytest.fixture
def admin(world: dict[str, int], client_for: Callable[[int], FlaskClient]) -> FlaskClient:
    return client_for(world["ada"])


def test_inviting_to_opening_the_account(
    app: Flask, world: dict[str, int], admin: FlaskClient, client: FlaskClient
) -> None:
    role = f"coordinator.programme_{world['programme']}"
    answer = admin.post(
        "/administration/people/invite", data=details(role=role, department_id=str(world["department"]))
    )
    assert answer.status_code == 302
    page = admin.get(answer.location).text
    assert "Coordinator of the programme AIR: Alba Research" in page
    assert "Send the invitation again" in page
    path = link_in(letters_to(app, "nell@example.edu")[0])
    assert [client.get(path).status_code for _ in range(2)] == [200, 200]
    sent = {"name": "Nell Newton", "name_zh": "牛", "password": "a blue kettle sings", "again": "a blue kettle sings"}
    assert client.post(path, data=sent).location == "/sign-in"
    assert client.post(path, data=sent).status_code == 404
    opened = client.post("/sign-in", data={"email": "nell@example.edu", "password": "a blue kettle sings"})
    assert opened.location == "/desk"
    assert "Nell Newton" in client.get("/account").text


def test_an_invitation_works_for_two_weeks_and_only_the_newest(
    app: Flask, world: dict[str, int], admin: FlaskClient, client: FlaskClient
) -> None:
    person_id = admin.post("/administration/people/invite", data=details()).location.rpartition("/")[2]
    assert admin.post(f"/administration/people/{person_id}/link").status_code == 302
    first, second = (link_in(each) for each in letters_to(app, "nell@example.edu"))
    assert client.get(first).status_code == 404
    with clock.at(clock.now() + timedelta(days=13)):
        assert client.get(second).status_code == 200
    with clock.at(clock.now() + timedelta(days=15)):
        assert client.get(second).status_code == 404


def test_a_double_click_invites_once(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    sent = details(once="one-time-key-1")
    first, second = (admin.post("/administration/people/invite", data=sent) for _ in range(2))
    assert first.location == second.location
    assert len(letters_to(app, "nell@example.edu")) == 1


def test_a_taken_address_is_told_beside_its_field(world: dict[str, int], admin: FlaskClient) -> None:
    answer = admin.post("/administration/people/invite", data=details(email="RITA@example.edu"))
    assert answer.status_code == 422
    assert "Somebody with this address has an account already." in answer.text
    assert "Nell New" in answer.text


def test_the_list_is_filtered_sorted_and_paged_by_its_address(
    app: Flask, world: dict[str, int], admin: FlaskClient
) -> None:
    for number in range(60):
        somebody(app, f"p{number:02}@example.edu", name=f"Person {number:02}", password=None)
    page = admin.get("/administration/people").text
    assert "62 in all, page 1 of 2" in page
    assert "Person 59" in admin.get("/administration/people?sort=-email").text.split("Person 58")[0]
    assert "Rita" in admin.get("/administration/people?role=reviewer").text
    assert "Person 01" not in admin.get("/administration/people?role=reviewer").text
    assert "Person 01" in admin.get("/administration/people?q=person+01&state=invited").text
    for odd in (
        "page=999999999999",
        "page=-1",
        "page=x",
        "sort=;drop",
        "role=x",
        "state=x",
        "q=%00%EF%BF%BF%25_",
        "q=" + "x" * 3000,
    ):
        assert admin.get(f"/administration/people?{odd}").status_code == 200


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    counted: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        counted.append(statement)

    with app.app_context():
        target = db.engines[None]
    sa.event.listen(target, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(target, "before_cursor_execute", note)
    return len([each for each in counted if "SAVEPOINT" not in each.upper()])


@pytest.mark.parametrize(
    "path", ["/administration/people", "/administration/log", "/administration/mail", "/administration/conflicts"]
)
def test_a_list_issues_as_many_statements_for_many_rows(
    app: Flask, world: dict[str, int], admin: FlaskClient, path: str
) -> None:
    admin.post("/administration/people/invite", data=details(email="p0@example.edu"))
    few = statements(app, admin, path)
    for number in range(1, 12):
        admin.post("/administration/people/invite", data=details(email=f"p{number}@example.edu", role="reviewer"))
        with app.app_context():
            more = a_proposal(world["call"], f"AIR-1-1{number:03}", State.SUBMITTED)
            db.session.add(more)
            db.session.flush()
            other = Conflict(
                proposal_id=more.id, person_id=world["rita"], declared=Declared.CONFLICT, kind=ConflictKind.OTHER
            )
            db.session.add(other)
            db.session.commit()
    assert statements(app, admin, path) == few


def test_changing_a_person_and_a_stale_form(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    path, version = f"/administration/people/{world['rita']}", read(app, world["rita"]).version
    sent = details(name="Rita Rowe", email="rita@example.edu", version=str(version), expertise="Glass\r\nand light")
    assert admin.post(path, data=sent).status_code == 302
    assert (read(app, world["rita"]).name, read(app, world["rita"]).expertise) == ("Rita Rowe", "Glass\nand light")
    stale = admin.post(path, data=sent | {"name": "Rita Wrote Later"})
    assert stale.status_code == 409
    assert "Rita Wrote Later" in stale.text
    assert "Saved now, and not as you wrote it:" in stale.text
    assert read(app, world["rita"]).name == "Rita Rowe"
    again = re.search(r'name="version" value="(\d+)"', stale.text)
    assert again
    assert admin.post(path, data=sent | {"name": "Rita Wrote Later", "version": again.group(1)}).status_code == 302
    assert read(app, world["rita"]).name == "Rita Wrote Later"
    (event, _) = happened(app, "person.changed")
    assert event.facts["changes"]["name"] == ["Rita Reviewer", "Rita Rowe"]


FIELDS = ["name", "name_zh", "email", "department_id", "organisation", "appointment", "expertise", "version"]


@pytest.mark.parametrize("field", FIELDS)
def test_odd_details_are_answered_cleanly(app: Flask, world: dict[str, int], admin: FlaskClient, field: str) -> None:
    for odd in ODD:
        version = read(app, world["rita"]).version
        sent = details(email="rita@example.edu", organisation="Kept Typed", version=str(version)) | {field: odd}
        answer = admin.post(f"/administration/people/{world['rita']}", data=sent)
        assert answer.status_code in (302, 409, 422), odd
        if answer.status_code != 302 and field != "organisation":
            assert "Kept Typed" in answer.text
        sent |= {"role": odd}
        assert admin.post("/administration/people/invite", data=sent).status_code in (302, 422), odd


def test_roles_are_granted_with_their_scope_and_taken_back(
    app: Flask, world: dict[str, int], admin: FlaskClient
) -> None:
    rita = world["rita"]
    for role in (f"coordinator.call_{world['call']}", f"sponsor_contact.sponsor_{world['sponsor']}", "faculty"):
        assert admin.post(f"/administration/people/{rita}/roles", data={"role": role}).status_code == 302
    page = admin.get(f"/administration/people/{rita}").text
    for words in (
        "Coordinator of the call AIR-1: The first round",
        "Contact of the sponsor ALBA: Alba",
        "Applicant (faculty)",
    ):
        assert words in page
    again = admin.post(f"/administration/people/{rita}/roles", data={"role": "faculty"})
    assert (again.status_code, "They hold this role already." in again.text) == (422, True)
    given = next(each for each in read(app, rita).grants if each.role is Role.COORDINATOR)
    assert (given.call_id, given.granted_by_id) == (world["call"], world["ada"])
    assert "Take the role back from Rita Reviewer?" in admin.get(f"/administration/roles/{given.id}/revoke").text
    assert admin.post(f"/administration/roles/{given.id}/revoke").status_code == 302
    assert admin.post(f"/administration/roles/{given.id}/revoke").status_code == 302
    assert next(each for each in read(app, rita).grants if each.id == given.id).revoked_at is not None
    assert len(happened(app, "role.revoked")) == 1


@pytest.mark.parametrize(
    "role", ["", "boss", "coordinator", "coordinator.call_987654", "administrator\x00", "coordinator.call_" + "9" * 30]
)
def test_a_role_that_is_not_offered_is_refused(
    app: Flask, world: dict[str, int], admin: FlaskClient, role: str
) -> None:
    answer = admin.post(f"/administration/people/{world['rita']}/roles", data={"role": role})
    assert (answer.status_code, "Choose one from the list." in answer.text) == (422, True)
    assert len(read(app, world["rita"]).grants) == 1


def test_a_revoked_role_is_gone_at_the_next_request(
    app: Flask, world: dict[str, int], admin: FlaskClient, client_for: Callable[[int], FlaskClient]
) -> None:
    bob = somebody(app, "bob@example.edu", Grant(Role.ADMINISTRATOR))
    second = client_for(bob)
    assert second.get("/administration").status_code == 200
    admin.post(f"/administration/roles/{read(app, bob).grants[0].id}/revoke")
    assert second.get("/administration").status_code == 403


def test_the_last_administrator_stays(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    grant_id = read(app, world["ada"]).grants[0].id
    answer = admin.post(f"/administration/roles/{grant_id}/revoke")
    assert (answer.status_code, "This is the last administrator." in answer.text) == (422, True)
    closing = admin.post(f"/administration/people/{world['ada']}/close")
    assert (closing.status_code, "This is your own account." in closing.text) == (422, True)
    assert admin.get("/administration").status_code == 200


def test_closing_an_account_and_opening_it_again(
    app: Flask, world: dict[str, int], admin: FlaskClient, client: FlaskClient, client_for: Callable[[int], FlaskClient]
) -> None:
    rita = client_for(world["rita"])
    path = f"/administration/people/{world['rita']}"
    assert "Close the account of Rita Reviewer?" in admin.get(f"{path}/close").text
    assert admin.post(f"{path}/close").status_code == 302
    assert rita.get("/account").status_code == 302
    assert client.post("/sign-in", data={"email": "rita@example.edu", "password": PASSWORD}).status_code == 422
    assert "Open the account again" in admin.get(path).text
    assert admin.post(f"{path}/reopen").status_code == 302
    assert client.post("/sign-in", data={"email": "rita@example.edu", "password": PASSWORD}).status_code == 302
