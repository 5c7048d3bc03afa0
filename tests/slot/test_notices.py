"""Notices of intent: given, changed and taken back until they are due; read by the office of the call alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.call.models import Call, Theme
from intake.extensions import db
from intake.slot.models import Notice
from intake.vocabulary import Limit
from tests.factories.office import Office
from tests.factories.world import BEGAN

DUE = BEGAN + timedelta(days=10)
FORM, PAGE, DESK = "/calls/CALL-A/notice", "/calls/CALL-A", "/desk/calls/CALL-A/places"


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """The world three days on; call A asks for notices and takes three."""
    made = Office(app, notice_due_at=DUE)
    made.ask(lambda: setattr(db.session.get_one(Call, made.w.calls["A"]), "slots", 3))
    for who in ("F1", "F2", "F3", "C1", "N"):
        made.browser(who)
    with clock.at(BEGAN + timedelta(days=3)):
        yield made


def give(office: Office, who: str = "F1", title: str = "Light for racks", **more: Any) -> Any:
    """Send the form."""
    return office.browser(who).post(FORM, data={"title": title, "about": "", **more})


def notices(office: Office) -> list[tuple[str, str, bool]]:
    """Who, title and whether it stands, of every notice."""
    names = {number: who for who, number in office.w.people.items()}
    rows = office.ask(lambda: db.session.scalars(sa.select(Notice).order_by(Notice.id)).all() and [
        (names[each.person_id], each.title, each.withdrawn_at is None)
        for each in db.session.scalars(sa.select(Notice).order_by(Notice.id))
    ])  # fmt: skip
    return list(rows)


def theme(office: Office, call: str = "A") -> int:
    """A theme of a call."""
    asked = sa.select(Theme.id).where(Theme.call_id == office.w.calls[call]).order_by(Theme.position)
    return int(office.ask(lambda: db.session.scalars(asked).first()))


def test_faculty_give_change_and_take_back_a_notice(office: Office) -> None:
    assert "Give notice" in office.browser("F1").get(PAGE).text
    since = office.last_letter()
    assert give(office, theme_id=theme(office), about="With EE.").status_code == 302
    assert office.letters(since) == {("notice.taken", "F1"), ("notice.arrived", "C1"), ("notice.arrived", "C3")}
    page = office.browser("F1").get(PAGE).text
    assert "Light for racks" in page
    assert "Change it or take it back" in page
    assert "Light for racks" not in office.browser("F2").get(PAGE).text
    assert "Light for racks" in office.browser("F1").get(FORM).text
    assert give(office, title="Light for whole halls").status_code == 302
    assert notices(office) == [("F1", "Light for whole halls", True)]
    assert office.browser("F1").post(f"{FORM}/withdraw").status_code == 302
    assert notices(office) == [("F1", "Light for whole halls", False)]
    assert ("notice.withdrawn", "C1") in office.letters(since)
    give(office, title="After all")
    assert notices(office) == [("F1", "Light for whole halls", False), ("F1", "After all", True)]
    asked = sa.select(Event.action).where(Event.subject_type == "call").order_by(Event.position)
    noted = [each for each in office.ask(lambda: db.session.scalars(asked).all()) if each.startswith("notice.")]
    assert noted == ["notice.given", "notice.changed", "notice.withdrawn", "notice.given"]


def test_the_office_reads_them_and_whether_they_fit(office: Office) -> None:
    for who in ("F1", "F2"):
        give(office, who, f"Title of {who}", about="Words of it.")
    text = office.browser("C1").get(DESK).text
    assert "No competition needed: notices 2, places 3." in text
    assert "Title of F1" in text
    assert "Words of it." in text
    assert "Ada Applicant, COMP" in text
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "slots", 1))
    assert "A competition is needed: notices 2, places 1." in office.browser("C1").get(DESK).text
    for who in ("F1", "N", "C2", "R1"):
        assert office.browser(who).get(DESK).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("N", 403), ("S1", 403), ("X", 401)])
def test_nobody_else_gives_one(office: Office, who: str, status: int) -> None:
    assert give(office, who).status_code == status
    assert 'href="/calls/CALL-A/notice"' not in office.browser(who).get(PAGE).text
    assert notices(office) == []


@pytest.mark.parametrize(
    ("at", "status"), [(DUE - timedelta(seconds=1), 302), (DUE, 403), (DUE + timedelta(days=9), 403)]
)
def test_until_they_are_due_and_not_a_second_longer(office: Office, at: datetime, status: int) -> None:
    give(office, "F2")
    with clock.at(at):
        assert give(office).status_code == status
        assert give(office, "F2", "Changed").status_code == status
        assert office.browser("F2").post(f"{FORM}/withdraw").status_code == status
        page = office.browser("F1").get(PAGE).text
    assert ("Notices were due at" in page) is (status == 403)
    assert ("Give notice" in page or "Change it" in page) is (status == 302)


def test_a_call_that_asks_for_none_takes_none(office: Office) -> None:
    assert office.browser("F1").post("/calls/CALL-B/notice", data={"title": "x"}).status_code == 403
    assert "Notice of intent" not in office.browser("F1").get("/calls/CALL-B").text
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "in_preparation", True))
    assert give(office).status_code == 404


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(office: Office) -> None:
    for wrong in (
        {"title": " "},
        {"title": "x" * (Limit.TITLE + 1)},
        {"about": "y" * (Limit.REASON + 1)},
        {"theme_id": theme(office, "B")},
    ):
        refused = give(office, **wrong)
        assert refused.status_code == 422, wrong
        assert 'class="wrong"' in refused.text
    assert "y" * (Limit.REASON + 1) in give(office, about="y" * (Limit.REASON + 1)).text
    assert notices(office) == []


def test_a_retired_theme_is_not_chosen(office: Office) -> None:
    number = theme(office)
    office.ask(lambda: setattr(db.session.get_one(Theme, number), "retired_at", BEGAN))
    assert give(office, theme_id=number).status_code == 422


def test_the_same_form_sent_twice_gives_one(office: Office) -> None:
    assert [give(office, once="a" * 20).status_code for _ in range(2)] == [302, 302]
    assert len(notices(office)) == 1


def test_the_form_carries_its_key(office: Office) -> None:
    assert re.search(r'name="once" value="[\w-]{20,}"', office.browser("F1").get(FORM).text)
