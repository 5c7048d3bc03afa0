"""Inviting, granting, changing and closing: who may, what is recorded, what is told."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.notification.models import Message
from intake.people import operations, queries
from intake.people.models import AccountLink, Person, RoleGrant, SignIn
from intake.people.sign_in import actor_of, begin
from intake.policy import NOBODY, Actor, Grant
from intake.vocabulary import Appointment, Role

MASTER = Grant(Role.ADMINISTRATOR)


def person(email: str, *roles: Role) -> Person:
    someone = Person(email=email, name=email.partition("@")[0], grants=[RoleGrant(role=role) for role in roles])
    db.session.add(someone)
    db.session.flush()
    return someone


@pytest.fixture
def ada(room: Flask) -> Person:
    return person("ada@example.edu", Role.ADMINISTRATOR)


@pytest.fixture
def master(ada: Person) -> Actor:
    return actor_of(ada)


def messages() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).order_by(Message.id)))


def test_inviting_prepares_an_account_and_tells_the_person(master: Actor) -> None:
    someone = operations.invite("New@Example.edu", "New One", [Grant(Role.REVIEWER)], by=master)
    assert (someone.email, someone.password_hash) == ("new@example.edu", "")
    assert [each.role for each in someone.grants] == [Role.REVIEWER]
    (letter,) = messages()
    assert (letter.to_address, letter.secret, letter.kind) == ("new@example.edu", True, "account.invitation")
    link = db.session.scalars(sa.select(AccountLink)).one()
    assert link.token_hash not in letter.body_text


def test_an_address_is_invited_once(master: Actor) -> None:
    with pytest.raises(Incomplete) as refusal:
        operations.invite("ADA@example.edu", "Ada again", by=master)
    assert "email" in refusal.value.fields


@pytest.mark.parametrize("by", [NOBODY, Actor(7), Actor(7, frozenset({Grant(Role.COORDINATOR, programme_id=1)}))])
def test_others_do_none_of_it(ada: Person, by: Actor) -> None:
    for act in (
        lambda: operations.invite("x@example.edu", "X", by=by),
        lambda: operations.grant(ada, Grant(Role.REVIEWER), by=by),
        lambda: operations.revoke(ada.grants[0], by=by),
        lambda: operations.change_person(ada, ada.version, by=by, name="Mallory"),
        lambda: operations.close_account(ada, by=by),
        lambda: operations.reopen(ada, by=by),
        lambda: operations.send_link(ada, by=by),
    ):
        with pytest.raises(Refused):
            act()
    assert messages() == []


def test_a_coordinator_invites_a_reviewer_from_outside(ada: Person) -> None:
    by = Actor(ada.id, frozenset({Grant(Role.COORDINATOR, programme_id=1)}))
    rita = operations.invite_reviewer("rita@firm.example", "Rita", by=by, organisation="A firm", expertise="Optics")
    assert (rita.appointment, rita.organisation) == (Appointment.OUTSIDE, "A firm")
    assert [each.role for each in rita.grants] == [Role.REVIEWER]
    assert operations.invite_reviewer("RITA@firm.example", "Somebody else", by=by) is rita
    assert (rita.name, len(rita.grants), len(messages())) == ("Rita", 1, 1)


def test_somebody_with_an_account_becomes_a_reviewer_without_another_letter(ada: Person) -> None:
    someone = person("sam@example.edu", Role.FACULTY)
    by = Actor(ada.id, frozenset({Grant(Role.COORDINATOR, call_id=1)}))
    assert operations.invite_reviewer("sam@example.edu", "Sam", by=by) is someone
    assert {each.role for each in someone.grants} == {Role.FACULTY, Role.REVIEWER}
    assert messages() == []


def test_a_closed_account_is_not_invited_as_a_reviewer(ada: Person) -> None:
    someone = person("sam@example.edu")
    someone.active = False
    with pytest.raises(Incomplete):
        operations.invite_reviewer(
            "sam@example.edu", "Sam", by=Actor(ada.id, frozenset({Grant(Role.COORDINATOR, call_id=1)}))
        )


@pytest.mark.parametrize("role", [Role.FACULTY, Role.REVIEWER, Role.SPONSOR_CONTACT, Role.ADMINISTRATOR])
def test_only_coordinators_invite_reviewers(ada: Person, role: Role) -> None:
    with pytest.raises(Refused):
        operations.invite_reviewer("x@example.edu", "X", by=Actor(ada.id, frozenset({Grant(role)})))


@pytest.mark.parametrize(
    "scope",
    [
        Grant(Role.COORDINATOR),
        Grant(Role.COORDINATOR, programme_id=1, call_id=1),
        Grant(Role.COORDINATOR, sponsor_id=1),
        Grant(Role.SPONSOR_CONTACT),
        Grant(Role.REVIEWER, call_id=1),
        Grant(Role.ADMINISTRATOR, sponsor_id=1),
    ],
)
def test_a_scope_that_does_not_fit_is_refused(ada: Person, master: Actor, scope: Grant) -> None:
    with pytest.raises(Incomplete):
        operations.grant(ada, scope, by=master)


def test_a_role_is_held_once_and_can_be_given_again(ada: Person, master: Actor) -> None:
    given = operations.grant(ada, Grant(Role.REVIEWER), by=master)
    with pytest.raises(Incomplete):
        operations.grant(ada, Grant(Role.REVIEWER), by=master)
    operations.revoke(given, by=master)
    assert not actor_of(ada).holds(Role.REVIEWER)
    operations.grant(ada, Grant(Role.REVIEWER), by=master)
    assert actor_of(ada).holds(Role.REVIEWER)


def test_the_last_administrator_stays(ada: Person, master: Actor) -> None:
    with pytest.raises(Incomplete, match="last administrator"):
        operations.revoke(ada.grants[0], by=master)
    bob = person("bob@example.edu", Role.ADMINISTRATOR)
    bob.active = False
    db.session.flush()
    with pytest.raises(Incomplete, match="last administrator"):
        operations.revoke(ada.grants[0], by=master)
    bob.active = True
    db.session.flush()
    operations.revoke(ada.grants[0], by=master)
    with pytest.raises(Incomplete, match="last administrator"):
        operations.close_account(bob, by=Actor(999, frozenset({MASTER})))


def test_a_change_from_an_old_form_is_refused(ada: Person, master: Actor) -> None:
    old = ada.version
    operations.change_person(ada, old, by=master, name="Ada Two")
    with pytest.raises(Stale):
        operations.change_person(ada, old, by=master, name="Ada Three")
    assert ada.name == "Ada Two"


def test_a_person_changes_their_own_name_and_nothing_else(room: Flask) -> None:
    sam = person("sam@example.edu")
    me = Actor(sam.id)
    operations.change_person(sam, sam.version, by=me, name="Samuel", name_zh="山姆")
    with pytest.raises(Refused):
        operations.change_person(sam, sam.version, by=me, name="Samuel", email="boss@example.edu")
    assert sam.email == "sam@example.edu"


def test_a_new_address_must_be_free(ada: Person, master: Actor) -> None:
    person("sam@example.edu")
    with pytest.raises(Incomplete) as refusal:
        operations.change_person(ada, ada.version, by=master, email="sam@example.edu")
    assert "email" in refusal.value.fields


def test_closing_ends_sessions_and_links(ada: Person, master: Actor) -> None:
    sam = operations.invite("sam@example.edu", "Sam", by=master)
    begin(sam)
    operations.close_account(sam, by=master)
    assert db.session.scalars(sa.select(SignIn).where(SignIn.person_id == sam.id)).all() == []
    assert db.session.scalars(sa.select(AccountLink).where(AccountLink.used_at.is_(None))).all() == []
    with pytest.raises(Incomplete):
        operations.send_link(sam, by=master)
    operations.reopen(sam, by=master)
    assert operations.send_link(sam, by=master) == "invitation"
    with pytest.raises(Incomplete, match="your own"):
        operations.close_account(ada, by=master)


def test_everything_is_recorded_without_secrets(ada: Person, master: Actor) -> None:
    sam = operations.invite("sam@example.edu", "Sam", [Grant(Role.REVIEWER)], by=master)
    operations.change_person(sam, sam.version, by=master, name="Samuel")
    operations.revoke(sam.grants[0], by=master)
    operations.close_account(sam, by=master)
    operations.reopen(sam, by=master)
    events = db.session().info["unsealed events"]
    told: list[Any] = [(each.action, each.was, each.became) for each in events]
    assert told == [
        ("person.added", "", "sam@example.edu"),
        ("role.granted", "", "reviewer"),
        ("account.invited", "", ""),
        ("person.changed", "", ""),
        ("role.revoked", "reviewer", ""),
        ("person.closed", "open", "closed"),
        ("person.reopened", "closed", "open"),
    ]
    assert events[3].facts == {"changes": {"name": ["Sam", "Samuel"]}}
    assert {each.actor_id for each in events} == {ada.id}


def test_the_first_administrator_comes_from_the_machine(room: Flask) -> None:
    ada, token = operations.install_administrator("Ada@example.edu", "Ada")
    again, second = operations.install_administrator("ada@example.edu", "Ada")
    assert again is ada
    assert actor_of(ada).holds(Role.ADMINISTRATOR)
    assert len([each for each in ada.grants if each.revoked_at is None]) == 1
    assert token != second


def test_people_are_found_by_part_of_a_name(room: Flask) -> None:
    chan = person("chan@example.edu", Role.REVIEWER)
    chan.name, chan.name_zh, chan.password_hash = "Chan Tai Man", "陳大文", "x"
    person("percent@example.edu").name = "100% O'Neil_\\"
    db.session.flush()

    def found(**asked: Any) -> list[str]:
        where = queries.found(**asked)
        rows = [each.email for each in queries.page(where, "email", 0, 50)]
        assert queries.count(where) == len(rows)
        return rows

    assert found(words="tai CHAN") == ["chan@example.edu"]
    assert found(words="大文") == ["chan@example.edu"]
    assert found(words="%") == found(words="O'Neil_\\") == ["percent@example.edu"]
    assert found(role=Role.REVIEWER) == ["chan@example.edu"]
    assert found(state="invited") == ["percent@example.edu"]
    assert found(state="closed") == []
