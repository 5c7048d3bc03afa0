"""The administrator's area: who gets in, what they do there, and what they do not read."""

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
from intake.audit.operations import record
from intake.call.models import Call
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Department, RoleGrant
from intake.policy import Actor, Grant
from intake.programme.models import Office, Programme, Sponsor
from intake.proposal.models import Proposal
from intake.views.administrator import commands
from intake.vocabulary import ConflictKind, Currency, Declared, ProgrammeKind, Role, State
from tests.people.somebody import PASSWORD, happened, letters_to, link_in, read, somebody

SECRET_TITLE = "Braided photons in molten glass"
PAGES = [
    "/administration",
    "/administration/people",
    "/administration/people/invite",
    "/administration/programmes",
    "/administration/office",
    "/administration/log",
    "/administration/log/chain",
    "/administration/mail",
    "/administration/conflicts",
]


@pytest.fixture
def world(app: Flask) -> dict[str, int]:
    """An office with a programme, a call, a received proposal with a conflict, a draft, and an administrator."""
    with app.app_context():
        db.session.add(
            Office(id=1, name="Office of Calls", short="OC", institution="A University", time_zone="Asia/Hong_Kong")
        )
        sponsor = Sponsor(code="ALBA", name="Alba", time_zone="UTC")
        department = Department(code="COMP", name="Computing")
        db.session.add_all([sponsor, department])
        db.session.flush()
        programme = Programme(
            code="AIR",
            sponsor_id=sponsor.id,
            name="Alba Research",
            kind=ProgrammeKind.RESEARCH_PROJECT,
            purpose="Good work.",
        )
        db.session.add(programme)
        db.session.flush()
        call = Call(code="AIR-1", programme_id=programme.id, title="The first round", currency=Currency.USD)
        db.session.add(call)
        db.session.commit()
        ids = {"sponsor": sponsor.id, "department": department.id, "programme": programme.id, "call": call.id}
    ids["ada"] = somebody(app, "ada@example.edu", Grant(Role.ADMINISTRATOR), name="Ada Adminson")
    ids["rita"] = somebody(app, "rita@example.edu", Grant(Role.REVIEWER), name="Rita Reviewer")
    with app.app_context():
        received = _proposal(ids["call"], "AIR-1-0001", State.SUBMITTED)
        draft = _proposal(ids["call"], None, State.DRAFT)
        db.session.add_all([received, draft])
        db.session.flush()
        conflict = Conflict(
            proposal_id=received.id, person_id=ids["rita"], declared=Declared.CONFLICT, kind=ConflictKind.PERSONAL
        )
        db.session.add(conflict)
        by = Actor(ids["rita"])
        record("proposal.submit", "proposal", received.id, by=by, was="draft", became="submitted", note=SECRET_TITLE)
        record("proposal.started", "proposal", draft.id, by=by, became="draft")
        db.session.commit()
        ids |= {"received": received.id, "draft": draft.id, "conflict": conflict.id}
    return ids


def _proposal(call_id: int, number: str | None, state: State) -> Proposal:
    received = {"submitted_at": clock.now()} if number else {}
    return Proposal(call_id=call_id, number=number, state=state, title=SECRET_TITLE, abstract=SECRET_TITLE, **received)


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


# --- people ---------------------------------------------------------------------------------------


def details(**changes: Any) -> dict[str, Any]:
    sent = {"name": "Nell New", "name_zh": "", "email": "nell@example.edu", "department_id": "", "organisation": ""}
    return sent | {"appointment": "staff", "expertise": ""} | changes


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
            more = _proposal(world["call"], f"AIR-1-1{number:03}", State.SUBMITTED)
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


ODD = ["", "x" * 100_000, "\x00", "\x1b", "\uffff", "\u202e", "שלום", "𠮷" * 300, "9" * 400, "-1", "9" * 19]


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


# --- what happened --------------------------------------------------------------------------------


def test_the_log_shows_who_did_what_and_no_words_of_proposals(
    app: Flask, world: dict[str, int], admin: FlaskClient
) -> None:
    admin.post(f"/administration/people/{world['rita']}/roles", data={"role": "faculty"})
    page = admin.get("/administration/log").text
    assert "role.granted" in page
    assert "AIR-1-0001" in page
    assert "draft → submitted" in page
    assert SECRET_TITLE not in page
    assert "proposal.started" not in page


def test_the_log_is_filtered_by_its_address(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    admin.post(f"/administration/people/{world['rita']}/roles", data={"role": "faculty"})

    def shown(query: str) -> set[str]:
        return set(
            re.findall(
                r'<span class="number">((?:proposal|role)\.\w+)</span>', admin.get(f"/administration/log?{query}").text
            )
        )

    assert shown("") == {"proposal.submit", "role.granted"}
    assert shown("action=role.") == {"role.granted"}
    assert shown("who=ada@example.edu") == {"role.granted"}
    assert shown("who=Rita") == {"proposal.submit"}
    assert shown("about=rita@example.edu") == {"role.granted"}
    assert shown("about=air-1-0001") == {"proposal.submit"}
    assert shown("until=2001-01-01") == shown("since=2150-01-01") == shown("about=AIR-9") == set()
    for odd in (
        "since=x",
        "until=9999-12-31",
        "since=0001-01-01",
        "about=%00",
        "who=%25",
        "action=%EF%BF%BF",
        "page=9",
    ):
        assert admin.get(f"/administration/log?{odd}").status_code == 200


def test_the_log_tells_changes_in_words_and_changes_from_to(
    app: Flask, world: dict[str, int], admin: FlaskClient
) -> None:
    with app.app_context():
        record("form.changed", "call", 1, by=Actor(), became="1", changes=["“Budget” is a new question."])
        record("call.arranged", "call", 1, by=Actor(), changes={"grace_minutes": [5, 15]})
        db.session.commit()
    page = admin.get("/administration/log").text
    assert "“Budget” is a new question." in page
    assert "grace_minutes: 5 → 15" in page


def test_a_draft_is_not_found_through_the_log(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    total = re.search(r"(\d+) in all", admin.get("/administration/log?action=proposal.").text)
    assert total
    assert total.group(1) == "1"


def test_the_chain_is_verified(world: dict[str, int], admin: FlaskClient) -> None:
    assert "The chain is whole" in admin.get("/administration/log/chain").text


def test_a_broken_chain_is_told(app: Flask, world: dict[str, int], admin: FlaskClient, monkeypatch: Any) -> None:
    from intake.audit import chain

    monkeypatch.setattr(chain, "verify", lambda: (7, "event 8 was changed"))
    page = admin.get("/administration/log/chain").text
    assert "The chain is broken" in page
    assert "event 8 was changed" in page


# --- sent mail ------------------------------------------------------------------------------------


@pytest.fixture
def letters(app: Flask, world: dict[str, int]) -> dict[str, int]:
    """A plain letter, one that opens an account, and one about a proposal."""
    ids = {}
    with app.app_context():
        for kind, more in {
            "plain": {},
            "secret": {"secret": True},
            "proposal": {"proposal_id": world["received"]},
        }.items():
            row = Message(
                message_id=f"<{kind}@example.edu>",
                to_address="sam@example.edu",
                kind=f"test.{kind}",
                subject=f"Subject of {kind}",
                body_text=f"Words of {kind}\n\nsecond part",
                created_at=clock.now(),
                not_before=clock.now(),
                **more,
            )
            db.session.add(row)
            db.session.flush()
            ids[kind] = row.id
        db.session.commit()
    return ids


def test_mail_can_be_read_where_the_product_is_tried(letters: dict[str, int], admin: FlaskClient) -> None:
    page = admin.get("/administration/mail?to=SAM@&kind=test.&state=waiting").text
    assert all(f"Subject of {kind}" in page for kind in letters)
    assert all(f"Words of {kind}" in admin.get(f"/administration/mail/{key}").text for kind, key in letters.items())
    assert "Subject of plain" not in admin.get("/administration/mail?state=sent").text


def test_in_production_letters_that_are_not_for_administrators_stay_closed(
    app: Flask, letters: dict[str, int], admin: FlaskClient, monkeypatch: Any
) -> None:
    monkeypatch.setitem(app.config, "INTAKE_ENV", "production")
    page = admin.get("/administration/mail").text
    assert "Subject of plain" in page
    for kind in ("secret", "proposal"):
        assert f"of {kind}" not in page
        assert f"of {kind}" not in admin.get(f"/administration/mail/{letters[kind]}").text
    assert "Words of plain" in admin.get(f"/administration/mail/{letters['plain']}").text


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
