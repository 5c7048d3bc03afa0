"""The coordinator's page of more time: for everybody, for one applicant, and taken back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.allowance.models import Extension
from intake.call.models import Call
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import Proposal
from intake.vocabulary import Role, State
from tests.factories import listing as make

ClientFor = Callable[[Any], FlaskClient]
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 3, 31, 9, tzinfo=UTC)
HERE = "/desk/calls/HIRP-2020/extensions"
ONE = {"one-email": "ada@example.org", "one-until": "2026-04-02T17:00", "one-reason": "A child was born."}
ALL = {"all-until": "2026-04-03T12:00", "all-reason": "The network was down."}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """A call that closes on 31 March at 17:00 in Hong Kong; its coordinator, another's; an applicant's draft."""
    with app.app_context():
        call = make.call(opens_at=NOW - timedelta(days=9), closes_at=CLOSES, grace_minutes=37)
        other = make.call("AIR-2021")
        ada = make.person("Ada Applicant", email="ada@example.org")
        make.grant(ada, Role.FACULTY)
        draft = make.proposal(call, State.DRAFT, by=ada, title="A secret of light")
        found = {
            "office": make.coordinator(call).id,
            "elsewhere": make.coordinator(other, "Dan Desk").id,
            "ada": ada.id,
            "draft": draft.id,
        }
        db.session.commit()
        return found


@pytest.fixture
def office(people: dict[str, int], client_for: ClientFor) -> FlaskClient:
    return client_for(people["office"])


def kept(app: Flask) -> Call:
    with app.app_context():
        return db.session.scalars(sa.select(Call).where(Call.code == "HIRP-2020")).one()


def standing(app: Flask) -> list[Extension]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Extension).where(Extension.withdrawn_at.is_(None))))


def test_one_applicant_is_given_time_in_the_zone_of_the_close(
    app: Flask, office: FlaskClient, people: dict[str, int]
) -> None:
    page = office.get(HERE).text
    assert "31 Mar 2026, 17:00 HKT" in page
    assert "A secret of light" not in page
    answer = office.post(f"{HERE}/applicant", data=ONE)
    assert (answer.status_code, answer.location) == (302, HERE)
    row = standing(app)[0]
    assert (row.person_id, row.until) == (people["ada"], datetime(2026, 4, 2, 9, tzinfo=UTC))
    with app.app_context():
        assert db.session.get_one(Proposal, people["draft"]).extended_until == row.until
    page = office.get(HERE).text
    for words in ("Ada Applicant has until 2 Apr 2026, 17:00 HKT and is told.", "A child was born.", "ada@example.org"):
        assert words in page
    assert "A secret of light" not in page


def test_the_applicant_reads_the_later_close_on_their_pages(
    office: FlaskClient, client_for: ClientFor, people: dict[str, int]
) -> None:
    ada, draft = client_for(people["ada"]), f"/proposals/{people['draft']}"
    assert "2 Apr 2026" not in ada.get("/proposals").text
    office.post(f"{HERE}/applicant", data=ONE)
    for path in ("/proposals", draft, f"{draft}/edit/summary"):
        assert "2 Apr 2026, 17:00 HKT" in ada.get(path).text, path


def test_the_zone_of_the_close_is_the_one_that_is_typed_in(app: Flask, office: FlaskClient) -> None:
    with app.app_context():
        db.session.scalars(sa.select(Call).where(Call.code == "HIRP-2020")).one().zones = {"closes": "UTC"}
        db.session.commit()
    assert "Time of UTC" in office.get(HERE).text
    office.post(f"{HERE}/applicant", data=ONE)
    assert standing(app)[0].until == datetime(2026, 4, 2, 17, tzinfo=UTC)


def test_everybody_is_given_time_and_the_public_page_says_so(
    app: Flask, office: FlaskClient, client: FlaskClient, people: dict[str, int]
) -> None:
    version = kept(app).version
    answer = office.post(f"{HERE}/everybody", data=ALL | {"version": str(version)})
    assert (answer.status_code, answer.location) == (302, HERE)
    assert kept(app).closes_at == datetime(2026, 4, 3, 4, tzinfo=UTC)
    with app.app_context():
        letters = db.session.scalars(sa.select(Message).where(Message.kind == "call.extended")).all()
        assert [each.to_person_id for each in letters] == [people["ada"]]
    assert "It was extended on" in office.get(HERE).text
    page = client.get("/calls/HIRP-2020").text
    for words in ("3 Apr 2026, 12:00 HKT", "The close was moved on", "The network was down."):
        assert words in page
    assert office.post(f"{HERE}/everybody", data=ALL | {"version": str(version)}).status_code == 409


@pytest.mark.parametrize(
    ("form", "changes", "words"),
    [
        ("applicant", {"one-email": "nobody@example.org"}, "Nobody with this address has an account."),
        ("applicant", {"one-email": "cora.office@example.org"}, "may not start proposals"),
        ("applicant", {"one-email": "ada"}, "Write an address"),
        ("applicant", {"one-email": ""}, "Please fill this in."),
        ("applicant", {"one-until": "2026-03-31T17:00"}, "It must be later than the close of the call."),
        ("applicant", {"one-until": "tomorrow"}, "Write a date and time"),
        ("applicant", {"one-reason": " "}, "Please fill this in."),
        ("applicant", {"one-reason": "x" * 2001}, "At most 2,000 characters"),
        ("everybody", {"all-until": "2026-03-30T17:00"}, "It must be later than the close of the call."),
        ("everybody", {"all-reason": ""}, "Please fill this in."),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_kept(
    app: Flask, office: FlaskClient, form: str, changes: dict[str, str], words: str
) -> None:
    sent = (ONE if form == "applicant" else ALL | {"version": str(kept(app).version)}) | changes
    answer = office.post(f"{HERE}/{form}", data=sent)
    assert answer.status_code == 422
    name, typed = next(iter(changes.items()))
    assert re.search(rf'id="{name}-error"[^>]*>.*?{re.escape(words)}', answer.text)
    assert not typed.strip() or typed in answer.text
    assert standing(app) == []
    assert kept(app).closes_at == CLOSES


def test_an_extension_is_withdrawn_with_a_reason(app: Flask, office: FlaskClient, people: dict[str, int]) -> None:
    office.post(f"{HERE}/applicant", data=ONE)
    path = f"{HERE}/{standing(app)[0].id}/withdraw"
    assert f'href="{path}"' in office.get(HERE).text
    assert "Ada Applicant" in office.get(path).text
    assert office.post(path, data={"reason": ""}).status_code == 422
    answer = office.post(path, data={"reason": "It was for somebody else."})
    assert (answer.status_code, answer.location) == (302, HERE)
    assert standing(app) == []
    with app.app_context():
        assert db.session.get_one(Proposal, people["draft"]).extended_until is None
    assert "Withdrawn or replaced" in office.get(HERE).text
    assert office.get(path).status_code == office.post(path, data={"reason": "x"}).status_code == 404


def test_nobody_else_finds_the_pages(
    app: Flask, office: FlaskClient, client: FlaskClient, client_for: ClientFor, people: dict[str, int]
) -> None:
    office.post(f"{HERE}/applicant", data=ONE)
    path = f"{HERE}/{standing(app)[0].id}/withdraw"
    for name in ("elsewhere", "ada"):
        other = client_for(people[name])
        assert other.get(HERE).status_code == other.get(path).status_code == 404
        assert other.post(f"{HERE}/applicant", data=ONE).status_code == 404
        assert other.post(f"{HERE}/everybody", data=ALL).status_code == 404
        assert other.post(path, data={"reason": "x"}).status_code == 404
        assert HERE not in other.get("/calls/HIRP-2020").text
    assert client.get(HERE).location.startswith("/sign-in")
    assert len(standing(app)) == 1
    assert office.get(f"/desk/calls/AIR-2021/extensions/{standing(app)[0].id}/withdraw").status_code == 404


def test_a_call_that_has_not_opened_or_has_no_close_says_what_to_do(app: Flask, office: FlaskClient) -> None:
    with clock.at(NOW - timedelta(days=10)):
        page = office.get(HERE).text
        assert "The call has not opened yet." in page
        assert "Extend the call" not in page
        assert "Give more time" in page
    with app.app_context():
        call = db.session.scalars(sa.select(Call).where(Call.code == "HIRP-2020")).one()
        call.opens_at = call.closes_at = None
        db.session.commit()
    assert "there is nothing to extend" in office.get(HERE).text
    assert office.post(f"{HERE}/applicant", data=ONE).status_code == 422


def test_the_grace_is_on_no_page_of_an_applicant(client_for: ClientFor, people: dict[str, int]) -> None:
    """Before the close and within the grace: pages say when it closed, and nothing of 37 minutes."""
    draft = f"/proposals/{people['draft']}"
    paths = ["/", "/calls/HIRP-2020", "/proposals", draft, f"{draft}/check", f"{draft}/edit/summary"]
    for at in (CLOSES - timedelta(minutes=1), CLOSES + timedelta(minutes=1), CLOSES + timedelta(minutes=20)):
        with clock.at(at):
            ada = client_for(people["ada"])
            for path in paths:
                answer = ada.get(path)
                assert answer.status_code == 200, path
                assert "17:37" not in answer.text, path
                assert "09:37" not in answer.text, path
                assert not re.search(r"in 3[678] minutes", answer.text), path
            page = ada.post(f"{draft}/edit/summary", data={"title": "Light", "version": "0"}).text
            assert "17:37" not in page
