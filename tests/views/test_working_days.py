"""The administrator's page of working days."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.audit.models import Event
from intake.extensions import db
from intake.vocabulary import Region, Role
from intake.workday.models import WorkingDay
from tests.factories import listing as make

ClientFor = Callable[[Any], FlaskClient]
HERE = "/administration/working-days"
STORM = {"region": "HK", "day": "2026-03-03", "works": "off", "name": "Typhoon"}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(datetime(2026, 3, 1, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    with app.app_context():
        found = {"admin": make.person("Lea Admin"), "office": make.person("Cora Office")}
        make.grant(found["admin"], Role.ADMINISTRATOR)
        make.grant(found["office"], Role.COORDINATOR, call_id=make.call().id)
        db.session.commit()
        return {name: each.id for name, each in found.items()}


@pytest.fixture
def admin(people: dict[str, int], client_for: ClientFor) -> FlaskClient:
    return client_for(people["admin"])


def kept(app: Flask) -> list[tuple[Region, date, bool, str]]:
    with app.app_context():
        rows = db.session.scalars(sa.select(WorkingDay).order_by(WorkingDay.id)).all()
        return [(row.region, row.day, row.working, row.name) for row in rows]


def test_the_published_calendar_stands_there(admin: FlaskClient) -> None:
    page = re.sub(r"<[^>]+>", "", admin.get(HERE).text)
    assert "The published calendar of 2026" in page
    for words in ("3 Apr 2026 Good Friday", "14 Feb 2026 worked, for a day off", "26 Dec 2026 The first weekday after"):
        assert words in page
    assert "The published calendar of 2027" in admin.get(f"{HERE}?year=2027").text
    for year in ("", "x", "12", "99999999999", "-3"):
        assert "The published calendar of 2026" in admin.get(f"{HERE}?year={year}").text
    assert "Nothing is known of this year." in admin.get(f"{HERE}?year=2199").text


def test_a_day_is_set_changed_and_left_to_the_calendar_again(app: Flask, admin: FlaskClient) -> None:
    answer = admin.post(HERE, data=STORM)
    assert (answer.status_code, answer.location) == (302, f"{HERE}?year=2026")
    assert kept(app) == [(Region.HONG_KONG, date(2026, 3, 3), False, "Typhoon")]
    admin.post(HERE, data=STORM | {"works": "worked", "name": "It turned away"})
    assert kept(app) == [(Region.HONG_KONG, date(2026, 3, 3), True, "It turned away")]
    page = admin.get(HERE).text
    assert "It turned away" in page
    path = re.search(r'action="(/administration/working-days/\d+/leave)"', page)
    assert path
    assert admin.post(path[1]).status_code == 302
    assert kept(app) == []
    assert admin.post(path[1]).status_code == 404
    with app.app_context():
        asked = sa.select(Event).where(Event.subject_type == "workday").order_by(Event.position)
        events = [(each.action, each.was, each.became, each.facts["day"]) for each in db.session.scalars(asked)]
    assert events == [
        ("workday.set", "", "off", "2026-03-03"),
        ("workday.set", "off", "working", "2026-03-03"),
        ("workday.left", "working", "", "2026-03-03"),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"region": "US"},
        {"region": ""},
        {"day": "2026-02-30"},
        {"day": "1889-01-01"},
        {"day": "x"},
        {"works": "perhaps"},
        {"name": ""},
        {"name": "x" * 201},
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(app: Flask, admin: FlaskClient, changes: dict[str, str]) -> None:
    answer = admin.post(HERE, data=STORM | changes)
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert kept(app) == []


def test_slack_is_counted_with_it(
    admin: FlaskClient, people: dict[str, int], client_for: ClientFor, app: Flask
) -> None:
    with app.app_context():
        call = db.session.scalars(sa.select(make.call.__globals__["Call"])).one()
        call.opens_at, call.closes_at = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)
        call.check_by_at = datetime(2026, 3, 5, 9, tzinfo=UTC)
        db.session.commit()
    office = client_for(people["office"])
    assert "closes to check-by <strong>3 working days</strong>" in office.get("/desk").text
    admin.post(HERE, data=STORM)
    assert "closes to check-by <strong>2 working days</strong>" in office.get("/desk").text


def test_it_is_for_administrators(
    app: Flask, client: FlaskClient, client_for: ClientFor, people: dict[str, int]
) -> None:
    office = client_for(people["office"])
    assert office.get(HERE).status_code == office.post(HERE, data=STORM).status_code == 403
    assert office.post(f"{HERE}/1/leave").status_code == 403
    assert client.get(HERE).location.startswith("/sign-in")
    assert HERE not in office.get("/desk").text
    assert kept(app) == []
