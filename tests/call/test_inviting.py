"""People are invited to a call by their address, told once it is announced, and let in with the account they get."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.allowance.inviting import invite_all, withdraw_invitation
from intake.allowance.models import CallInvitation
from intake.call.preparing import announce
from intake.catalogue import load
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, RoleGrant
from intake.people.operations import invite
from intake.policy import Actor, Grant, may
from intake.vocabulary import Action, Role
from tests.call.setting_up import NOW, call, events, office
from tests.catalogue.files import small


@pytest.fixture(autouse=True)
def invited_only(room: Flask) -> Iterator[None]:
    with clock.at(NOW):
        load(small())
        ada = Person(id=5, email="ada@example.org", name="Ada Applicant", grants=[RoleGrant(role=Role.FACULTY)])
        db.session.add(ada)
        one = call()
        one.by_invitation, one.standing = True, True
        db.session.commit()
        yield


def letters() -> list[tuple[str, str, int | None]]:
    asked = sa.select(Message.kind, Message.to_address, Message.to_person_id).order_by(Message.id)
    return [tuple(row) for row in db.session.execute(asked)]


ADA = Actor(5, frozenset({Grant(Role.FACULTY)}))


def test_the_invited_are_told_and_may_propose() -> None:
    assert "invitation only" in str(may(ADA, Action.CALL_PROPOSE, call()).reason)
    made = invite_all(call(), ["ada@example.org", "new@example.org"], "Please do.", by=office())
    db.session.commit()
    assert [(each.email, each.person_id) for each in made] == [("ada@example.org", 5), ("new@example.org", None)]
    assert letters() == [
        ("call.invitation", "ada@example.org", 5),
        ("call.invitation", "new@example.org", None),
    ]
    assert "Please do." in db.session.scalars(sa.select(Message.body_text)).first()
    assert may(ADA, Action.CALL_PROPOSE, call())
    assert events("call.invited") == [{"addresses": ["ada@example.org", "new@example.org"]}]


def test_nobody_is_told_twice() -> None:
    invite_all(call(), ["ada@example.org"], "", by=office())
    assert invite_all(call(), ["ada@example.org", "ada@example.org"], "", by=office()) == []
    assert len(letters()) == 1


def test_an_invitation_is_taken_back() -> None:
    (made,) = invite_all(call(), ["ada@example.org"], "", by=office())
    withdraw_invitation(call(), made.id, by=office())
    db.session.commit()
    assert not may(ADA, Action.CALL_PROPOSE, call())
    with pytest.raises(Incomplete, match="taken back already"):
        withdraw_invitation(call(), made.id, by=office())
    assert len(invite_all(call(), ["ada@example.org"], "", by=office())) == 1


def test_an_invitation_of_another_call_is_none() -> None:
    (made,) = invite_all(call(), ["ada@example.org"], "", by=office())
    with pytest.raises(Incomplete, match="taken back already"):
        withdraw_invitation(call("IDEAS"), made.id, by=office())


def test_only_its_coordinators_invite() -> None:
    with pytest.raises(Refused):
        invite_all(call(), ["ada@example.org"], "", by=ADA)
    with pytest.raises(Refused):
        withdraw_invitation(call(), 1, by=ADA)


def test_a_call_in_preparation_tells_when_it_is_announced() -> None:
    one = call()
    one.in_preparation, one.summary = True, "For a few."
    db.session.commit()
    invite_all(call(), ["ada@example.org", "off@example.org"], "", by=office())
    db.session.commit()
    withdraw_invitation(call(), call().invitations[1].id, by=office())
    db.session.commit()
    assert letters() == []
    one = call()
    announce(one, version=one.version, by=office())
    assert letters() == [("call.invitation", "ada@example.org", 5)]


def test_whoever_gets_an_account_later_is_invited_with_it() -> None:
    invite_all(call(), ["new@example.org"], "", by=office())
    admin = Actor(5, frozenset({Grant(Role.ADMINISTRATOR)}))
    person = invite("new@example.org", "Neo New", [Grant(Role.FACULTY)], by=admin)
    db.session.commit()
    assert db.session.scalars(sa.select(CallInvitation.person_id)).all() == [person.id]
    assert may(Actor(person.id, frozenset({Grant(Role.FACULTY)})), Action.CALL_PROPOSE, call())
