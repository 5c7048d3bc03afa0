"""What anybody reads: calls, awards, history, help."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.award.models import Award
from intake.call.models import Call
from intake.catalogue import load
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.programme.models import Office, Programme
from intake.views.public.about import spoken
from intake.vocabulary import Role
from tests.catalogue.files import ours

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PAGES = (
    "/",
    "/calls/HIRP-2020",
    "/calls/IDEAS",
    "/calls/RI-2021",
    "/calls/ARF-2021",
    "/awards",
    "/history",
    "/help",
    "/privacy",
)


@pytest.fixture(autouse=True)
def now() -> object:
    with clock.at(NOW):
        yield


@pytest.fixture
def calls(app: Flask) -> None:
    """HIRP closes in six days, AIR opens in two, ARF closed three days ago, RI has no dates."""
    with app.app_context():
        load(ours())
        for code, opens, closes in (("HIRP-2020", -10, 6), ("AIR-2021", 2, 30), ("ARF-2021", -30, -3)):
            db.session.execute(
                sa.update(Call)
                .where(Call.code == code)
                .values(opens_at=NOW + opens * DAY, closes_at=NOW + closes * DAY)
            )
        db.session.commit()


@pytest.fixture
def person(app: Flask, calls: None) -> Callable[..., int]:
    """Makes a person with roles."""

    def made(*roles: Role, oversees: str = "") -> int:
        with app.app_context():
            programme = db.session.scalar(sa.select(Programme.id).where(Programme.code == oversees))
            grants = [RoleGrant(role=role) for role in roles]
            grants += [RoleGrant(role=Role.COORDINATOR, programme_id=programme)] if oversees else []
            someone = Person(email="someone@example.org", name="Some One", grants=grants)
            db.session.add(someone)
            db.session.commit()
            return someone.id

    return made


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return str(answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_before_the_catalogue_is_loaded(client: FlaskClient, path: str) -> None:
    status = 404 if path.startswith("/calls/") else 200
    page = text_of(client, path, status)
    assert page.count("<h1") == 1


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_heading_and_at_most_one_primary_button(client: FlaskClient, calls: None, path: str) -> None:
    page = text_of(client, path)
    assert page.count("<h1") == 1
    assert page.count('class="sentence"') == 1
    assert page.count("btn-primary") <= 1
    assert "Innovation and Technology Development Office" in page


def test_open_calls_come_first_then_announced_then_closed(client: FlaskClient, calls: None) -> None:
    page = text_of(client, "/")
    places = [
        page.index(words)
        for words in (
            "Read HIRP OPEN 2020",
            ">Announced<",
            ">AIR 2021<",
            ">RI 2021<",
            ">Recently closed<",
            ">ARF 2021<",
        )
    ]
    assert places == sorted(places)
    for words in (
        "Huawei Technologies Co. Ltd.", "Research projects, up to USD\N{NO-BREAK SPACE}70,000 each, 12 to 24 months",
        "Faculty", "7 Mar 2026, 17:00 HKT (in 6 days)", "HIRP enquiries, ITDO", "Compiler &amp; Programming Language",
        "and 10 more",
        "Tell us your idea", "Modelling the COVID-19 pandemic", "Department of Applied Mathematics, School of Nursing",
        'data-own-time="2026-03-07T09:00:00+00:00"', 'href="/history"',
    ):  # fmt: skip
        assert words in page, words


def test_the_name_of_the_office_is_a_setting(client: FlaskClient, app: Flask, calls: None) -> None:
    with app.app_context():
        db.session.execute(sa.update(Office).values(name="Knowledge Office"))
        db.session.commit()
    page = text_of(client, "/help")
    assert "Knowledge Office" in page
    assert "Innovation and Technology Development Office" not in page


def test_a_call_tells_everything(client: FlaskClient, calls: None) -> None:
    page = text_of(client, "/calls/HIRP-2020")
    for words in (
        "Storage Technology", "The amount asked for is within the award cap of the call.",
        "sponsor&#39;s public page, undated",
        "National Academy of Sciences of Belarus announcement", "Scientific merit and novelty", "weight 35 %",
        "A leap: if it works, the field will do things differently", "reference number", "At least 2 reviewers",
    ):  # fmt: skip
        assert words in page, words
    assert page.count('id="rule-') == 6


def test_who_is_not_signed_in_is_led_to_sign_in_and_back(client: FlaskClient, calls: None) -> None:
    page = text_of(client, "/calls/HIRP-2020")
    assert "/sign-in?next=/calls/HIRP-2020" in page
    assert "Start a proposal" not in page
    for code in ("AIR-2021", "ARF-2021", "RI-2021"):
        assert "Sign in to start" not in text_of(client, f"/calls/{code}")


def test_faculty_start_a_proposal_in_an_open_call(
    person: Callable[..., int], client_for: Callable[[int], FlaskClient]
) -> None:
    faculty = client_for(person(Role.FACULTY))
    for code in ("HIRP-2020", "IDEAS"):
        page = text_of(faculty, f"/calls/{code}")
        form = page[page.index('<form class="act" method="post"') :]
        form = form[: form.index("</form>")]
        assert f'action="/calls/{code}/start"' in form
        assert 'name="csrf_token"' in form
        assert 'name="once" value="' in form
        assert "Start a proposal" in form
    assert "settings" not in page


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("ARF-2021", "The call closed at 26 Feb 2026, 17:00 HKT."),
        ("AIR-2021", "The call opens at 3 Mar 2026, 17:00 HKT."),
        ("RI-2021", "The call has no dates yet."),
    ],
)
def test_a_call_that_is_not_open_says_why_beside_the_button(
    person: Callable[..., int], client_for: Callable[[int], FlaskClient], code: str, reason: str
) -> None:
    page = text_of(client_for(person(Role.FACULTY)), f"/calls/{code}")
    assert reason in page
    assert f"/calls/{code}/start" not in page


def test_who_may_not_propose_reads_why(person: Callable[..., int], client_for: Callable[[int], FlaskClient]) -> None:
    page = text_of(client_for(person(Role.REVIEWER)), "/calls/HIRP-2020")
    assert "Your account may not start proposals." in page
    assert "/calls/HIRP-2020/start" not in page


def test_only_its_coordinator_finds_the_settings_of_a_call(
    person: Callable[..., int], client_for: Callable[[int], FlaskClient]
) -> None:
    client = client_for(person(oversees="HIRP"))
    assert "/desk/calls/HIRP-2020/setup" in text_of(client, "/calls/HIRP-2020")
    assert "/setup" not in text_of(client, "/calls/AIR-2021")


def test_a_call_by_invitation_is_described_without_a_way_to_start(
    app: Flask, client: FlaskClient, person: Callable[..., int], client_for: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        db.session.execute(sa.update(Programme).where(Programme.code == "HIRP").values(by_invitation=True))
        db.session.commit()
    for reader in (client, client_for(person(Role.FACULTY))):
        page = text_of(reader, "/calls/HIRP-2020")
        assert "By invitation" in page
        assert "Start a proposal" not in page
        assert "Sign in to start" not in page


@pytest.mark.parametrize("path", ["/calls/NONE", "/calls/%00", "/calls/%ff", "/calls/..", f"/calls/{'x' * 3000}"])
def test_a_call_that_is_not_there(client: FlaskClient, calls: None, path: str) -> None:
    text_of(client, path, 404)


def test_awards_are_the_published_ones_and_can_be_narrowed(app: Flask, client: FlaskClient, calls: None) -> None:
    with app.app_context():
        programme = db.session.scalars(sa.select(Programme).where(Programme.code == "HIRP")).one()
        for title, public in (("A public one", NOW), ("A private one", None)):
            db.session.add(
                Award(
                    programme_id=programme.id,
                    title=title,
                    year=2021,
                    departments=["EE"],
                    made_at=NOW,
                    published_at=public,
                )
            )
        db.session.commit()
    page = text_of(client, "/awards")
    titles = ("A public one", "Identification, Tracking", "Modelling the COVID-19")
    places = [page.index(title) for title in titles]
    assert places == sorted(places)
    assert "A private one" not in page
    narrowed = text_of(client, "/awards?year=2021&programme=AIR")
    assert [title in narrowed for title in titles] == [False, True, False]
    assert "No award fits" in text_of(client, "/awards?year=2020&programme=HIRP")


@pytest.mark.parametrize(
    "query", ["?year=x", "?year=99999999999999999999", "?year=%00&programme=%00", "?programme=%EF%BF%BF", "?year="]
)
def test_a_filter_that_no_award_has_shows_them_all(client: FlaskClient, calls: None, query: str) -> None:
    assert "2 awards" in text_of(client, f"/awards{query}")


def test_the_history_tells_in_order_and_in_words(client: FlaskClient, calls: None) -> None:
    page = text_of(client, "/history")
    places = [
        page.index(f">{words}<") for words in ("2007", "Jun 2016", "30 Nov 2016", "Aug 2017 to Oct 2017", "13 Nov 2018")
    ]
    assert places == sorted(places)
    assert "by the sponsor&#39;s invitation only" in page


def test_years_months_days_and_spans_are_spoken(app: Flask) -> None:
    with app.test_request_context():
        assert spoken("2007") == "2007"
        assert spoken("2016-06/2017") == "Jun 2016 to 2017"


@pytest.mark.parametrize("path", ["/", "/awards", "/history"])
def test_more_calls_ask_no_more_statements(app: Flask, client: FlaskClient, path: str) -> None:
    def asked(data: object) -> int:
        with app.app_context():
            load(data)
            db.session.commit()
            statements: list[str] = []

            def note(*given: object) -> None:
                statements.append(str(given[2]))

            engine = db.engine
        sa.event.listen(engine, "before_cursor_execute", note)
        client.get(path)
        sa.event.remove(engine, "before_cursor_execute", note)
        return len([each for each in statements if "SAVEPOINT" not in each])

    few, many = ours(), ours()
    many["calls"] += [{**many["calls"][n], "code": f"C{n}-{k}"} for k in range(9) for n in range(5)]
    many["past_awards"] += [{**many["past_awards"][1], "title": f"Award {k}"} for k in range(9)]
    assert asked(few) == asked(many) <= 12
