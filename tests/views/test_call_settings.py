"""The coordinator's page of a call's dates and review settings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.audit.models import Event
from intake.call.models import Call
from intake.catalogue import load
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.vocabulary import ReadsOthers, Role
from tests.catalogue.files import small

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
PAGE = "/desk/calls/PRG-1/settings"
FORM = {
    "opens_at": "2026-02-01T09:00",
    "closes_at": "2026-03-31T17:00",
    "grace_minutes": "0",
    "reviews_needed": "3",
    "reads_others": "never",
    "reviewers_named": "y",
    "team_may_edit": "y",
}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def people(app: Flask) -> dict[str, int]:
    """A coordinator of both programmes, one of another programme's call, an applicant, an administrator."""
    with app.app_context():
        load(small())
        calls = {each.code: each for each in db.session.scalars(sa.select(Call))}
        own = [RoleGrant(role=Role.COORDINATOR, programme_id=each.programme_id) for each in calls.values()]
        grants = {
            "office": own,
            "elsewhere": [RoleGrant(role=Role.COORDINATOR, call_id=calls["IDEAS"].id)],
            "faculty": [RoleGrant(role=Role.FACULTY)],
            "administrator": [RoleGrant(role=Role.ADMINISTRATOR)],
        }
        made = {name: Person(email=f"{name}@example.org", name=name, grants=each) for name, each in grants.items()}
        db.session.add_all(made.values())
        db.session.commit()
        return {name: each.id for name, each in made.items()}


@pytest.fixture
def office(people: dict[str, int], client_for: Callable[[int], FlaskClient]) -> FlaskClient:
    return client_for(people["office"])


def kept(app: Flask) -> Call:
    with app.app_context():
        return db.session.scalars(sa.select(Call).where(Call.code == "PRG-1")).one()


def sent(app: Flask, **changes: str) -> dict[str, str]:
    return FORM | {"version": str(kept(app).version)} | changes


def test_a_coordinator_sets_the_dates_in_the_offices_time(app: Flask, office: FlaskClient) -> None:
    page = office.get(PAGE).text
    assert "Asia/Hong Kong" in page
    assert "it is only announced" in page
    answer = office.post(PAGE, data=sent(app))
    assert (answer.status_code, answer.location) == (302, PAGE)
    call = kept(app)
    assert call.opens_at == datetime(2026, 2, 1, 1, tzinfo=UTC)
    assert call.closes_at == datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert (call.reviews_needed, call.reads_others) == (3, ReadsOthers.NEVER)
    assert (call.reviewers_named, call.applicants_named, call.team_may_edit) == (True, False, True)
    page = office.get(PAGE).text
    assert 'value="2026-03-31T17:00"' in page
    assert "The settings are saved." in page
    assert "The call is running" in page


def test_nobody_else_finds_the_page(
    people: dict[str, int], client: FlaskClient, client_for: Callable[[int], FlaskClient], app: Flask
) -> None:
    for name in ("elsewhere", "faculty", "administrator"):
        other = client_for(people[name])
        assert other.get(PAGE).status_code == 404
        assert other.post(PAGE, data=sent(app)).status_code == 404
    assert client.get(PAGE).location.startswith("/sign-in")
    assert client.post(PAGE, data=sent(app)).status_code == 401
    assert kept(app).opens_at is None


def test_a_stale_save_gets_its_own_words_back_and_reads_what_differs(app: Flask, office: FlaskClient) -> None:
    old = kept(app).version
    office.post(PAGE, data=sent(app))
    answer = office.post(PAGE, data=sent(app, version=str(old), closes_at="2026-03-30T12:00", reviews_needed="4"))
    assert answer.status_code == 409
    page = answer.text
    assert "Somebody changed this while you were writing" in page
    assert 'value="2026-03-30T12:00"' in page
    for words in ("31 Mar 2026, 17:00 HKT", "30 Mar 2026, 12:00 HKT", '<td data-label="Now">3</td>'):
        assert words in page
    assert kept(app).reviews_needed == 3
    assert f'name="version" value="{kept(app).version}"' in page
    again = office.post(PAGE, data=sent(app, closes_at="2026-03-30T12:00", reviews_needed="4", sure="y"))
    assert again.status_code == 302
    assert kept(app).reviews_needed == 4


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999999"])
def test_a_form_without_a_usable_version_is_stale(app: Flask, office: FlaskClient, version: str) -> None:
    assert office.post(PAGE, data=sent(app, version=version)).status_code == 409
    assert kept(app).opens_at is None


def test_closing_a_running_call_earlier_asks_once_more(app: Flask, office: FlaskClient) -> None:
    office.post(PAGE, data=sent(app))
    assert 'name="sure"' not in office.get(PAGE).text
    earlier = sent(app, closes_at="2026-03-03T17:00")
    answer = office.post(PAGE, data=earlier)
    assert answer.status_code == 422
    assert 'name="sure"' in answer.text
    assert kept(app).closes_at == datetime(2026, 3, 31, 9, tzinfo=UTC)
    assert office.post(PAGE, data=earlier | {"sure": "y"}).status_code == 302
    assert kept(app).closes_at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    with app.app_context():
        last = db.session.scalars(sa.select(Event).order_by(Event.position.desc()).limit(1)).one()
    assert last.facts["changes"] == {"closes_at": ["2026-03-31T09:00:00+00:00", "2026-03-03T09:00:00+00:00"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"closes_at": ""},
        {"opens_at": "yesterday"},
        {"closes_at": "2026-01-01T00:00"},
        {"closes_at": "9999-12-31T23:59"},
        {"reviews_needed": "0"},
        {"reviews_needed": "-1"},
        {"reviews_needed": "9" * 400},
        {"reviews_needed": "two"},
        {"reads_others": "always"},
        {"opens_at": "\uffff"},
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(app: Flask, office: FlaskClient, changes: dict[str, str]) -> None:
    answer = office.post(PAGE, data=sent(app, **changes))
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text
    assert kept(app).opens_at is None


def test_a_standing_call_shows_what_it_has(app: Flask, office: FlaskClient) -> None:
    page = office.get("/desk/calls/IDEAS/settings").text
    assert "open all year" in page
    for name in ("opens_at", "reviews_needed", "reads_others"):
        assert f'name="{name}"' not in page
    with app.app_context():
        version = db.session.scalar(sa.select(Call.version).where(Call.code == "IDEAS"))
    answer = office.post(
        "/desk/calls/IDEAS/settings", data={"version": str(version)} | {"opens_at": "2026-02-01T09:00"}
    )
    assert answer.status_code == 302
    with app.app_context():
        ideas = db.session.scalars(sa.select(Call).where(Call.code == "IDEAS")).one()
    assert (ideas.team_may_edit, ideas.opens_at, ideas.reviews_needed) == (False, None, 2)


def test_an_empty_form_is_no_fault(app: Flask, office: FlaskClient) -> None:
    assert office.post(PAGE, data={}).status_code == 422  # every field that is needed says so
    assert office.post(PAGE, data={"version": str(kept(app).version)}).status_code == 422
    assert kept(app).closes_at is None


def test_the_day_before_stays_as_the_page_shows_it(app: Flask, office: FlaskClient) -> None:
    """What the page shows can be saved again and is the same instant."""
    office.post(PAGE, data=sent(app))
    closes = kept(app).closes_at
    assert closes is not None
    assert closes - timedelta(hours=9) == datetime(2026, 3, 31, tzinfo=UTC)
    office.post(PAGE, data=sent(app))
    assert kept(app).closes_at == closes


# --- the seven dates --------------------------------------------------------------------------------------------------

WHOLE = {
    "notice_due_at": "2026-03-10T17:00",
    "check_by_at": "2026-04-09T17:00",
    "sponsor_deadline_at": "2026-04-13T23:59",
    "sponsor_deadline_zone": "Etc/GMT+12",
    "review_due_at": "2026-05-29T17:00",
    "decision_at": "2026-06-30T17:00",
    "grace_minutes": "15",
}


def test_each_date_is_read_in_its_zone_and_shown_with_the_slack(app: Flask, office: FlaskClient) -> None:
    assert office.post(PAGE, data=sent(app, **WHOLE)).status_code == 302
    call = kept(app)
    assert call.sponsor_deadline_at == datetime(2026, 4, 14, 11, 59, tzinfo=UTC)
    assert call.check_by_at == datetime(2026, 4, 9, 9, tzinfo=UTC)
    assert (call.zones, call.grace_minutes, call.sealed_until) == ({"sponsor_deadline": "Etc/GMT+12"}, 15, None)
    page = office.get(PAGE).text
    assert 'value="2026-04-13T23:59"' in page
    assert '<option selected value="Etc/GMT+12">Anywhere on Earth (UTC-12)</option>' in page
    for words in (
        "13 Apr 2026, 23:59 UTC-12",
        "= 14 Apr 2026, 19:59 HKT",
        "closes to check-by <strong>4 working days</strong>",
        "check-by to sponsor's deadline <strong>3 working days</strong>",
    ):
        assert words in page.replace("&#39;", "'"), words
    assert office.post(PAGE, data=sent(app, **WHOLE)).status_code == 302
    assert kept(app).version == call.version, "what the page shows is the same when it is saved again"


def test_the_public_page_tells_the_public_dates_alone(app: Flask, office: FlaskClient, client: FlaskClient) -> None:
    office.post(PAGE, data=sent(app, **WHOLE))
    page = client.get("/calls/PRG-1").text
    for words in ("10 Mar 2026, 17:00 HKT", "31 Mar 2026, 17:00 HKT", "30 Jun 2026, 17:00 HKT", "Answer expected"):
        assert words in page
    for words in ("9 Apr 2026", "13 Apr 2026", "14 Apr 2026", "29 May 2026", "working day", "17:15", "check-by"):
        assert words not in page


def test_a_date_out_of_order_is_told_at_its_field(app: Flask, office: FlaskClient) -> None:
    answer = office.post(PAGE, data=sent(app, **(WHOLE | {"check_by_at": "2026-03-30T17:00"})))
    assert answer.status_code == 422
    assert re.search(r'id="check_by_at-error"[^>]*>.*?The call has not closed by then', answer.text)
    assert 'value="2026-03-30T17:00"' in answer.text
    assert kept(app).closes_at is None


def test_no_time_to_check_is_warned_about_and_saved(app: Flask, office: FlaskClient) -> None:
    tight = WHOLE | {"closes_at": "2026-04-02T17:00", "check_by_at": "2026-04-07T12:00"}
    assert office.post(PAGE, data=sent(app, **tight)).status_code == 302
    page = office.get(PAGE).text
    assert "Is this meant?" in page
    assert "<strong>no working day</strong>" in page


def test_a_later_close_is_an_extension(app: Flask, office: FlaskClient) -> None:
    office.post(PAGE, data=sent(app))
    answer = office.post(PAGE, data=sent(app, closes_at="2026-04-30T17:00"))
    assert answer.status_code == 422
    assert "Extend it instead" in answer.text
    assert 'href="/desk/calls/PRG-1/extensions">Extend the call for everybody' in answer.text
    assert kept(app).closes_at == datetime(2026, 3, 31, 9, tzinfo=UTC)


def test_a_seal_is_set_before_the_opening_and_stays(app: Flask, office: FlaskClient) -> None:
    coming = {"opens_at": "2026-03-01T20:00", "grace_minutes": "15"}
    assert office.post(PAGE, data=sent(app, **coming, sealed="y")).status_code == 302
    assert kept(app).sealed_until == datetime(2026, 3, 31, 9, 15, tzinfo=UTC)
    assert re.search(r'<input[^>]*checked[^>]*id="sealed"', office.get(PAGE).text)
    with clock.at(datetime(2026, 3, 1, 13, tzinfo=UTC)):
        answer = office.post(PAGE, data=sent(app, **coming))
        assert answer.status_code == 422
        assert "People were promised the seal" in answer.text
    assert kept(app).sealed_until is not None


@pytest.mark.parametrize(
    "changes",
    [{"grace_minutes": "241"}, {"grace_minutes": "-1"}, {"grace_minutes": "x"}, {"closes_zone": "Mars/Olympus"}],
)
def test_a_wrong_grace_or_zone_is_told(app: Flask, office: FlaskClient, changes: dict[str, str]) -> None:
    answer = office.post(PAGE, data=sent(app, **changes))
    assert answer.status_code == 422
    assert 'class="wrong"' in answer.text


def test_a_stale_save_tells_a_zone_that_differs(app: Flask, office: FlaskClient) -> None:
    old = str(kept(app).version)
    office.post(PAGE, data=sent(app, **WHOLE))
    answer = office.post(PAGE, data=sent(app, **(WHOLE | {"sponsor_deadline_zone": "UTC", "version": old})))
    assert answer.status_code == 409
    assert "Sponsor&#39;s deadline: zone" in answer.text
    assert "Anywhere on Earth (UTC-12)" in answer.text
