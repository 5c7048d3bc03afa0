"""An objection by name alone: the office says whom it means, it then counts like one with an address, and can be
undone."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.audit.models import Event
from intake.conflict.models import Objection
from intake.extensions import db
from intake.people.known_as import add_address, addresses_of, remove_address
from intake.people.models import Person
from intake.proposal.models import Proposal
from tests.factories.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    """The world of the scenarios; F1 objects to R3 by name alone."""
    office = Office(app)
    address = f"/proposals/{office.w.proposals['P1']}/objections"
    told = office.browser("F1").post(
        address, data={"name": "Ivo  OUTSIDE", "reason": "A rival.", "once": "k"}, follow_redirects=True
    )
    page = text(told)
    assert "The office knows now and alone reads it. A name without an address it has to look up first." in page
    return office


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def row_of(office: Office) -> tuple[int, int | None]:
    asked = sa.select(Objection.id, Objection.person_id)
    found = office.ask(lambda: db.session.execute(asked).one())
    return found.id, found.person_id


def press(office: Office, who: str, verb: str, **sent: Any) -> int:
    number = office.w.proposals["P1"]
    version = office.ask(lambda: db.session.get_one(Proposal, number).version)
    path = f"/desk/proposals/{number}/objections/{row_of(office)[0]}/{verb}"
    return office.browser(who).post(path, data={"version": version, **sent}).status_code


def events(office: Office) -> list[str]:
    asked = sa.select(Event.action).where(Event.action.like("conflict.objection_%")).order_by(Event.position)
    return list(office.ask(lambda: db.session.scalars(asked).all()))


def test_the_office_says_whom_it_means_and_undoes_it(office: Office) -> None:
    page = text(office.get("C1", "P1", "?tab=conflicts"))
    assert "The applicants object: A rival." not in page
    r3, s1, n = (office.w.people[who] for who in ("R3", "S1", "N"))
    assert f'<option value="{r3}" selected' in page, "who has exactly that name is offered first"
    assert f'<option value="{s1}"' in page
    assert f'<option value="{n}"' not in page, "who neither reviews nor is a contact judges nothing"
    before = office.last_letter()
    assert press(office, "C1", "means", person=r3) == 302
    assert row_of(office)[1] == r3
    assert office.letters(before) == {("conflict.arose", "C1"), ("conflict.arose", "C3")}, "R3 reviews it already"
    page = text(office.get("C1", "P1", "?tab=conflicts"))
    assert "The applicants object: A rival." in page
    assert "It means Ivo Outside" in page
    assert press(office, "C1", "means-nobody") == 302
    assert row_of(office)[1] is None
    assert "The applicants object: A rival." not in text(office.get("C1", "P1", "?tab=conflicts"))
    assert events(office) == ["conflict.objection_meant", "conflict.objection_unmeant"]
    log = text(office.get("C1", "P1", "?tab=log"))
    assert "The office said whom an objection means" in log


def test_nobody_else_and_nobody_strange_is_meant(office: Office) -> None:
    r3 = office.w.people["R3"]
    for who, status in (("F1", 403), ("R1", 403), ("C2", 404), ("AD", 403), ("N", 404)):
        assert press(office, who, "means", person=r3) in (status, 404), who
    for strange in (office.w.people["N"], 999_999, "x"):
        assert press(office, "C1", "means", person=strange) == 302
    assert (row_of(office)[1], events(office)) == (None, [])


def test_an_objection_with_the_address_of_an_account_means_that_one(office: Office) -> None:
    office.ask(
        lambda: db.session.execute(sa.update(Objection).values(email="r1@example.org", person_id=office.w.people["R1"]))
    )
    page = text(office.get("C1", "P1", "?tab=conflicts"))
    assert "/means" not in page
    assert press(office, "C1", "means", person=office.w.people["R3"]) == 302
    assert press(office, "C1", "means-nobody") == 302
    assert (row_of(office)[1], events(office)) == (office.w.people["R1"], [])


def second(office: Office, email: str) -> str:
    """F1 objects once more, by an address; where the office answers it."""
    sent = {"name": "Ivo", "email": email, "reason": "Second.", "once": "k2"}
    office.browser("F1").post(f"/proposals/{office.w.proposals['P1']}/objections", data=sent)
    number = office.ask(lambda: db.session.scalar(sa.select(sa.func.max(Objection.id))))
    return f"/desk/proposals/{office.w.proposals['P1']}/objections/{number}"


def test_whom_the_office_meant_is_undone_though_the_address_is_known_by_now(office: Office) -> None:
    w, path = office.w, second(office, "ivo@new.example")
    said = {"version": office.version("P1"), "person": w.people["R1"]}
    assert office.browser("C1").post(f"{path}/means", data=said).status_code == 302
    office.ask(lambda: add_address(db.session.get_one(Person, w.people["R3"]), "ivo@new.example", by=w.actor("R3")))
    assert f"{path}/means-nobody" in text(office.get("C1", "P1", "?tab=conflicts"))
    office.browser("C1").post(f"{path}/means-nobody", data={"version": office.version("P1")})
    meant = sa.select(Objection.person_id).order_by(Objection.id.desc()).limit(1)
    assert office.ask(lambda: db.session.scalar(meant)) is None


def test_whom_an_address_meant_is_not_told_as_said_by_the_office(office: Office) -> None:
    w = office.w

    def forget() -> None:
        ivo = db.session.get_one(Person, w.people["R3"])
        remove_address(ivo, addresses_of(ivo)[0], by=w.actor("R3"))

    office.ask(lambda: add_address(db.session.get_one(Person, w.people["R3"]), "ivo@home.example", by=w.actor("R3")))
    second(office, "ivo@home.example")
    office.ask(forget)
    assert "as the office said" not in text(office.get("C1", "P1", "?tab=conflicts"))
