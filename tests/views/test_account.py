"""Signing in and out, links by mail, one's own account: through the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.extensions import db
from intake.people import passwords
from intake.people.models import Guess, Person, SignIn
from intake.policy import Grant
from intake.views.account.session import own_path
from intake.vocabulary import Role
from tests.people.somebody import PASSWORD, happened, letters_to, link_in, read, somebody

NEW = "a blue kettle sings"
ODD = ["", " ", "x" * 100_000, "\x00", "\x1b[2J", "\uffff", "שלום", "𠮷野", "9" * 400, "-1", "' OR 1=1 --", "\u202e"]


@pytest.fixture
def ada(app: Flask) -> int:
    return somebody(app, "ada@example.edu", Grant(Role.FACULTY), name="Ada Lovelace")


def enter(client: FlaskClient, email: str = "ada@example.edu", password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password}, **more)


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def test_the_right_password_opens_and_the_event_holds_no_secret(app: Flask, client: FlaskClient, ada: int) -> None:
    assert enter(client, "  ADA@example.edu ").status_code == 302
    page = client.get("/account").text
    assert "Ada Lovelace" in page
    assert "Applicant (faculty)" in page
    (event,) = happened(app, "account.signed_in")
    assert (event.actor_id, event.subject_id, event.facts) == (ada, ada, {})


@pytest.mark.parametrize(("email", "password"), [("ada@example.edu", "w-r-o-n-g"), ("nobody@example.edu", PASSWORD)])
def test_a_wrong_address_and_a_wrong_password_read_the_same(
    client: FlaskClient, ada: int, email: str, password: str
) -> None:
    answer = enter(client, email, password)
    assert answer.status_code == 422
    assert "The address or the password is wrong." in answer.text
    assert f'value="{email}"' in answer.text
    assert password not in answer.text
    assert not is_in(client)


def test_an_unknown_address_takes_the_same_work(app: Flask, client: FlaskClient, ada: int, monkeypatch: Any) -> None:
    asked: list[str | None] = []
    real = passwords.fits
    monkeypatch.setattr(passwords, "fits", lambda hash_, password: asked.append(hash_) or real(hash_, password))
    enter(client, "nobody@example.edu", "wrong")
    enter(client, "ada@example.edu", "wrong")
    assert asked[0] is None
    assert asked[1]


def test_closed_accounts_and_accounts_without_a_password_do_not_open(app: Flask, client: FlaskClient) -> None:
    somebody(app, "closed@example.edu", active=False)
    somebody(app, "invited@example.edu", password=None)
    for email, password in (("closed@example.edu", PASSWORD), ("invited@example.edu", "")):
        assert enter(client, email, password).status_code == 422
    assert enter(client, "invited@example.edu", "nobody has this password").status_code == 422


def test_two_browsers_see_two_people(app: Flask, ada: int, client_for: Callable[[int], FlaskClient]) -> None:
    bob = somebody(app, "bob@example.edu", name="Bob Babbage")
    first, second = client_for(ada), client_for(bob)
    assert "Ada Lovelace" in first.get("/account").text
    assert "Bob Babbage" in second.get("/account").text
    assert "Bob Babbage" not in first.get("/account").text


def test_signing_out_kills_a_copied_cookie(app: Flask, client: FlaskClient, ada: int) -> None:
    enter(client)
    thief = app.test_client()
    thief.set_cookie("intake", client.get_cookie("intake").value)  # type: ignore[union-attr]
    assert is_in(thief)
    assert client.post("/sign-out").status_code == 302
    assert not is_in(client)
    assert not is_in(thief)
    assert len(happened(app, "account.signed_out")) == 1


def test_signing_in_leaves_nothing_of_the_cookie_before(app: Flask, client: FlaskClient, ada: int) -> None:
    with client.session_transaction() as before:
        before["planted"] = "by somebody else"
        before["_user_id"] = "a token that somebody else knows"
    enter(client)
    with client.session_transaction() as after:
        assert "planted" not in after
        assert after["_user_id"] != "a token that somebody else knows"
    assert is_in(client)


def test_a_session_ends_after_a_day_of_work(client: FlaskClient, ada: int) -> None:
    enter(client)
    with clock.at(clock.now() + timedelta(hours=11, minutes=59)):
        assert is_in(client)
    with clock.at(clock.now() + timedelta(hours=12, seconds=1)):
        assert not is_in(client)


def test_a_closed_account_is_out_at_once(app: Flask, client: FlaskClient, ada: int) -> None:
    enter(client)
    with app.app_context():
        db.session.get_one(Person, ada).active = False
        db.session.commit()
    assert not is_in(client)


# --- guesses --------------------------------------------------------------------------------------


def test_five_wrong_guesses_close_an_address_for_a_while(app: Flask, client: FlaskClient, ada: int) -> None:
    for _ in range(5):
        assert enter(client, password="wrong").status_code == 422
    refused = enter(client)
    assert refused.status_code == 429
    assert "Too many tries. Try again at" in refused.text
    assert enter(app.test_client()).status_code == 429
    with clock.at(clock.now() + timedelta(minutes=15, seconds=1)):
        assert enter(client).status_code == 302
    assert len(happened(app, "account.sign_in_failed")) == 5


def test_unknown_addresses_are_closed_alike(client: FlaskClient) -> None:
    answers = [enter(client, "nobody@example.edu").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_thirty_wrong_guesses_close_a_network(app: Flask, client: FlaskClient, ada: int) -> None:
    for number in range(30):
        enter(client, f"n{number}@example.edu", "wrong")
    assert enter(client).status_code == 429
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert enter(app.test_client(), environ_base=elsewhere).status_code == 302


def test_one_subscribers_many_addresses_are_one_network(app: Flask, client: FlaskClient, ada: int) -> None:
    for number in range(30):
        enter(client, f"n{number}@example.edu", "wrong", environ_base={"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"})
    assert enter(client, environ_base={"REMOTE_ADDR": "2001:db8:1:2:ffff::1"}).status_code == 429
    assert enter(client, environ_base={"REMOTE_ADDR": "2001:db8:1:3::1"}).status_code == 302


def test_the_right_password_starts_the_count_anew(client: FlaskClient, ada: int) -> None:
    for _ in range(4):
        enter(client, password="wrong")
    assert enter(client).status_code == 302
    client.post("/sign-out")
    assert [enter(client, password="wrong").status_code for _ in range(4)] == [422] * 4


def test_a_link_by_mail_opens_an_address_that_guesses_closed(app: Flask, client: FlaskClient, ada: int) -> None:
    for _ in range(6):
        enter(client, password="wrong")
    ask(client)
    assert set_new(client, link_in(letters_to(app, "ada@example.edu")[0])).status_code == 302
    assert enter(client, password=NEW).status_code == 302


def test_guesses_are_kept_as_hashes_and_not_for_long(app: Flask, client: FlaskClient, ada: int) -> None:
    enter(client, password="wrong")
    with app.app_context():
        rows = db.session.scalars(sa.select(Guess)).all()
        assert len(rows) == 2
        assert all(len(row.key_hash) == 64 for row in rows)
    with clock.at(clock.now() + timedelta(days=2)):
        enter(client, "bob@example.edu", "wrong")
    with app.app_context():
        assert len(db.session.scalars(sa.select(Guess)).all()) == 2


def test_a_hash_of_an_old_cost_is_made_anew(app: Flask, client: FlaskClient, ada: int) -> None:
    before = read(app, ada).password_hash
    passwords.arrange((2, 16, 1))
    try:
        assert enter(client).status_code == 302
        assert read(app, ada).password_hash != before
        client.post("/sign-out")
        assert enter(client).status_code == 302
    finally:
        passwords.arrange(app.config["ARGON2_COST"])


# --- where to -------------------------------------------------------------------------------------

FOREIGN = [
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https://evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n/evil.example",
    " //evil.example",
    "/%0d%0a\r\nSet-Cookie: x=y",
    "evil.example",
    "",
    "/" + "x" * 3000,
    "/\x00",
]


@pytest.mark.parametrize("going", FOREIGN)
def test_nobody_is_led_to_another_site(client: FlaskClient, ada: int, going: str) -> None:
    assert own_path(going) is None
    answer = client.post(
        "/sign-in", query_string={"next": going}, data={"email": "ada@example.edu", "password": PASSWORD}
    )
    assert answer.location == "/proposals"
    assert client.get("/sign-in", query_string={"next": going}).location == "/proposals"


@pytest.mark.parametrize("going", ["/account", "/proposals/7?tab=team&q=%E5%85%89", "/search?q=a//b"])
def test_a_path_of_ours_is_gone_to(client: FlaskClient, ada: int, going: str) -> None:
    page = client.get("/sign-in", query_string={"next": going})
    assert page.status_code == 200
    answer = client.post(
        "/sign-in", query_string={"next": going}, data={"email": "ada@example.edu", "password": PASSWORD}
    )
    assert answer.location == going


def test_a_private_page_asks_to_sign_in_and_comes_back(client: FlaskClient, ada: int) -> None:
    answer = client.get("/account/password?x=1")
    assert answer.location == "/sign-in?next=/account/password?x%3D1"
    assert enter(client).status_code == 302


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.FACULTY, "/proposals"), (Role.REVIEWER, "/reviews"), (Role.ADMINISTRATOR, "/administration")],
)
def test_everybody_starts_in_their_own_area(app: Flask, client: FlaskClient, role: Role, place: str) -> None:
    somebody(app, "zoe@example.edu", Grant(role))
    assert enter(client, "zoe@example.edu").location == place


# --- a forgotten password -------------------------------------------------------------------------


def ask(client: FlaskClient, email: str = "ada@example.edu") -> Any:
    return client.post("/password", data={"email": email})


def set_new(client: FlaskClient, path: str, password: str = NEW, again: str | None = None) -> Any:
    return client.post(path, data={"password": password, "again": password if again is None else again})


def test_a_new_password_by_mail(
    app: Flask, client: FlaskClient, ada: int, client_for: Callable[[int], FlaskClient]
) -> None:
    elsewhere = client_for(ada)
    assert ask(client).location == "/password/asked"
    (letter,) = letters_to(app, "ada@example.edu")
    assert letter.secret
    path = link_in(letter)
    assert [client.get(path).status_code for _ in range(3)] == [200] * 3
    assert set_new(client, path).location == "/sign-in"
    assert not is_in(elsewhere)
    assert not is_in(client)
    assert set_new(client, path).status_code == 404
    assert client.get(path).status_code == 404
    assert enter(client).status_code == 422
    assert enter(client, password=NEW).status_code == 302
    token = path.rpartition("/")[2]
    for event in (*happened(app, "account.reset_sent"), *happened(app, "account.password_set")):
        assert token not in repr((event.facts, event.note, event.was, event.became))


def test_the_answer_is_the_same_for_an_unknown_address(app: Flask, client: FlaskClient, ada: int) -> None:
    somebody(app, "closed@example.edu", active=False)
    known, unknown, closed = ask(client), ask(client, "nobody@example.edu"), ask(client, "closed@example.edu")
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert (closed.status_code, closed.location) == (known.status_code, known.location)
    assert letters_to(app, "nobody@example.edu") == letters_to(app, "closed@example.edu") == []


def test_a_link_is_over_after_an_hour(app: Flask, client: FlaskClient, ada: int) -> None:
    ask(client)
    path = link_in(letters_to(app, "ada@example.edu")[0])
    with clock.at(clock.now() + timedelta(minutes=59)):
        assert client.get(path).status_code == 200
    with clock.at(clock.now() + timedelta(minutes=61)):
        assert client.get(path).status_code == 404
        assert set_new(client, path).status_code == 404
    assert enter(client).status_code == 302


def test_one_used_link_kills_the_others(app: Flask, client: FlaskClient, ada: int) -> None:
    ask(client)
    ask(client)
    first, second = (link_in(each) for each in letters_to(app, "ada@example.edu"))
    assert set_new(client, second).status_code == 302
    assert set_new(client, first).status_code == 404


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "%EF%BF%BF", "..%2F..", "陳"])
@pytest.mark.parametrize("kind", ["password", "invitation"])
def test_wrong_links_say_so(client: FlaskClient, kind: str, token: str) -> None:
    for answer in (client.get(f"/{kind}/{token}"), set_new(client, f"/{kind}/{token}")):
        assert answer.status_code == 404


def test_a_link_of_one_kind_is_not_one_of_the_other(app: Flask, client: FlaskClient, ada: int) -> None:
    ask(client)
    path = link_in(letters_to(app, "ada@example.edu")[0])
    assert client.get(path.replace("/password/", "/invitation/")).status_code == 404


@pytest.mark.parametrize(
    ("password", "told"), [("short", "At least 10"), ("ada@example.edu", "your address"), ("", "fill this in")]
)
def test_a_bad_new_password_leaves_the_link_alive(
    app: Flask, client: FlaskClient, ada: int, password: str, told: str
) -> None:
    ask(client)
    path = link_in(letters_to(app, "ada@example.edu")[0])
    answer = set_new(client, path, password)
    assert (answer.status_code, told in answer.text) == (422, True)
    assert "not the same as above" in set_new(client, path, NEW, NEW + "!").text
    assert set_new(client, path).status_code == 302


def test_requests_for_links_are_counted(app: Flask, client: FlaskClient, ada: int) -> None:
    assert [ask(client).status_code for _ in range(4)] == [302, 302, 302, 429]
    assert [ask(client, "nobody@example.edu").status_code for _ in range(4)] == [302, 302, 302, 429]
    assert len(letters_to(app, "ada@example.edu")) == 3


# --- one's own account ----------------------------------------------------------------------------


def test_changing_the_password_ends_every_other_session(
    app: Flask, ada: int, client_for: Callable[[int], FlaskClient]
) -> None:
    here, elsewhere = client_for(ada), client_for(ada)
    copied = here.get_cookie("intake").value  # type: ignore[union-attr]
    answer = here.post("/account/password", data={"old": PASSWORD, "password": NEW, "again": NEW})
    assert answer.location == "/account"
    assert is_in(here)
    assert not is_in(elsewhere)
    thief = app.test_client()
    thief.set_cookie("intake", copied)
    assert not is_in(thief)
    assert [each.kind for each in letters_to(app, "ada@example.edu")] == ["account.password_changed"]
    assert len(happened(app, "account.password_changed")) == 1
    with app.app_context():
        assert len(db.session.scalars(sa.select(SignIn).where(SignIn.person_id == ada)).all()) == 1


def test_changing_the_password_needs_the_present_one_and_guesses_count(
    app: Flask, ada: int, client_for: Callable[[int], FlaskClient]
) -> None:
    client = client_for(ada)
    sent = {"old": "wrong", "password": NEW, "again": NEW}
    answers = [client.post("/account/password", data=sent) for _ in range(6)]
    assert [each.status_code for each in answers] == [422] * 5 + [429]
    assert "not your present password" in answers[0].text
    assert is_in(client)
    assert enter(app.test_client(), password=NEW).status_code == 429


def test_ones_own_name(app: Flask, ada: int, client_for: Callable[[int], FlaskClient]) -> None:
    client = client_for(ada)
    version = read(app, ada).version
    sent = {"name": "Ada King", "name_zh": "愛達", "version": version}
    assert client.post("/account", data=sent).location == "/account"
    assert (read(app, ada).name, read(app, ada).name_zh) == ("Ada King", "愛達")
    stale = client.post("/account", data=sent | {"name": "Ada Old"})
    assert stale.status_code == 409
    assert "Ada Old" in stale.text
    assert read(app, ada).name == "Ada King"


def test_nobody_changes_more_of_themselves_than_the_form_holds(
    app: Flask, ada: int, client_for: Callable[[int], FlaskClient]
) -> None:
    version = read(app, ada).version
    sent = {
        "name": "Ada",
        "version": version,
        "email": "boss@example.edu",
        "active": "",
        "password_hash": "x",
        "id": "1",
    }
    client_for(ada).post("/account", data=sent)
    person = read(app, ada)
    assert (person.name, person.email, person.active) == ("Ada", "ada@example.edu", True)


# --- odd input ------------------------------------------------------------------------------------


@pytest.mark.parametrize("odd", ODD)
def test_odd_input_is_answered_cleanly(app: Flask, client: FlaskClient, ada: int, odd: str) -> None:
    for path, data in (
        ("/sign-in", {"email": odd, "password": odd}),
        ("/password", {"email": odd}),
        (f"/sign-in?next={'%00' if odd == chr(0) else ''}", {}),
    ):
        assert client.post(path, data=data).status_code in (302, 422, 429)
    enter(client)
    for data in ({"name": odd, "name_zh": odd, "version": odd}, {}):
        assert client.post("/account", data=data).status_code in (302, 409, 422)
    answer = client.post("/account/password", data={"old": odd, "password": odd, "again": odd})
    assert answer.status_code == 422


def test_a_name_too_long_is_kept_on_the_page(app: Flask, ada: int, client_for: Callable[[int], FlaskClient]) -> None:
    answer = client_for(ada).post("/account", data={"name": "陳" * 201, "version": 1})
    assert answer.status_code == 422
    assert "At most 200 characters; this has 201." in answer.text
    assert "陳" * 201 in answer.text


def test_looking_writes_nothing(
    app: Flask, client: FlaskClient, ada: int, client_for: Callable[[int], FlaskClient]
) -> None:
    ask(client)
    path = link_in(letters_to(app, "ada@example.edu")[0])
    signed_in = client_for(ada)
    written: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            written.append(statement)

    with app.app_context():
        target = db.engines[None]
    sa.event.listen(target, "before_cursor_execute", note)
    try:
        for page in ("/sign-in", "/password", "/password/asked", path, "/account", "/account/password"):
            (signed_in if page.startswith("/account") else client).get(page)
    finally:
        sa.event.remove(target, "before_cursor_execute", note)
    assert written == []
