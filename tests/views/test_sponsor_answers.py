"""What a sponsor's contact answers: interest, then the outcome; who is told; what is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.award.models import Award
from intake.decision.models import SponsorOutcome
from intake.extensions import db
from intake.forward.models import Packet
from intake.vocabulary import Interest, State
from tests.factories.review import LATER, events, told, words
from tests.factories.world import World, build

ClientFor = Callable[[int], FlaskClient]
SELECTED = {"result": "selected", "amount": "60,000.50", "reference": "ALBA-77", "reason": "We look forward to it."}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build()


@pytest.fixture
def s1(world: World, client_for: ClientFor) -> FlaskClient:
    return client_for(world.people["S1"])


@pytest.fixture
def address(world: World) -> str:
    return f"/packets/{world.proposals['P7']}"


def state_of(app: Flask, world: World) -> State:
    with app.app_context():
        return world.proposal("P7").state


def outcomes(app: Flask, world: World) -> list[SponsorOutcome]:
    with app.app_context():
        found = list(
            db.session.scalars(
                sa.select(SponsorOutcome)
                .where(SponsorOutcome.proposal_id == world.proposals["P7"])
                .order_by(SponsorOutcome.id)
            )
        )
        db.session.expunge_all()
        return found


def test_interest_is_kept_shown_and_told(app: Flask, world: World, s1: FlaskClient, address: str) -> None:
    wrong = s1.post(f"{address}/interest", data={"interest": "perhaps", "note": "We wonder."})
    assert wrong.status_code == 422
    assert "Choose one from the list." in wrong.text
    assert "We wonder." in wrong.text
    said = s1.post(
        f"{address}/interest", data={"interest": "wants_to_talk", "note": "On 5 May?"}, follow_redirects=True
    )
    assert "Thank you. The office is told." in said.text
    assert "We would like to talk first" in words(said.text)
    assert "We would like to talk first" in words(s1.get("/packets").text)
    s1.post(f"{address}/interest", data={"interest": "interested", "note": "語"})
    with app.app_context():
        packet = db.session.scalars(sa.select(Packet).where(Packet.proposal_id == world.proposals["P7"])).one()
        assert (packet.interest, packet.interest_note) == (Interest.INTERESTED, "語")
    assert [to for to, _ in told(app, "packet.interest")] == ["c1@example.org", "c3@example.org"] * 2
    assert "On 5 May?" in told(app, "packet.interest")[0][1]
    assert len(events(app, "packet.interest")) == 2
    assert state_of(app, world) is State.WITH_SPONSOR


def test_a_selection_makes_the_award_and_is_told(app: Flask, world: World, s1: FlaskClient, address: str) -> None:
    assert "USD" in s1.get(f"{address}/outcome").text
    data = SELECTED | {"once": "of-this-form"}
    done = s1.post(f"{address}/outcome", data=data, follow_redirects=True)
    read = words(done.text)
    assert "Your outcome is recorded. The office and the team are told." in read
    for shown in ("We select it for funding", "USD 60,000.50", "ALBA-77", "We look forward to it."):
        assert shown in read, shown
    assert "/outcome" not in done.text
    assert "/interest" not in done.text
    assert s1.post(f"{address}/outcome", data=data).location == address
    assert [each.amount_minor for each in outcomes(app, world)] == [6_000_050]
    assert state_of(app, world) is State.AWARDED
    with app.app_context():
        award = db.session.scalars(sa.select(Award)).one()
        assert (award.amount_minor, award.reference, award.published_at) == (6_000_050, "ALBA-77", None)
    assert [to for to, _ in told(app, "outcome.recorded")] == ["f1@example.org"]
    assert [to for to, _ in told(app, "outcome.arrived")] == ["c1@example.org", "c3@example.org"]
    again = s1.post(f"{address}/outcome", data={"result": "declined", "reason": "No money left."})
    assert again.status_code == 403
    assert "No money left." in again.text
    assert "You selected it for funding" in words(s1.get("/packets").text)


def test_reserve_can_still_become_a_decline(app: Flask, world: World, s1: FlaskClient, address: str) -> None:
    s1.post(f"{address}/outcome", data={"result": "reserve"})
    assert state_of(app, world) is State.RESERVE
    assert "On your reserve list" in words(s1.get("/packets").text)
    assert f'href="{address}/outcome"' in s1.get(address).text
    assert s1.post(f"{address}/interest", data={"interest": "interested"}).status_code == 403
    s1.post(f"{address}/outcome", data={"result": "declined", "reason": "No place became free."})
    assert state_of(app, world) is State.DECLINED
    assert "No place became free." in s1.get(address).text
    assert "No place became free." in told(app, "outcome.recorded")[-1][1]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no result": ({"result": None}, "Choose one from the list."),
    "unknown result": ({"result": "perhaps"}, "Choose one from the list."),
    "no amount": ({"amount": ""}, "Say how much is awarded."),
    "nothing": ({"amount": "0"}, "Say how much is awarded."),
    "negative": ({"amount": "-5"}, "Write an amount such as"),
    "huge": ({"amount": "9" * 40}, "At most"),
    "words": ({"amount": "七萬"}, "Write an amount such as"),
    "three places": ({"amount": "1.234"}, "Write an amount such as"),
    "no reference": ({"reference": " "}, "Give the sponsor"),
    "a long reference": ({"reference": "r" * 101}, "At most 100 characters"),
    "declined without a reason": ({"result": "declined", "reason": ""}, "Give the sponsor"),
    "a long reason": ({"reason": "字" * 2_001}, "At most 2,000 characters"),
    "a control character": ({"reason": "a\x1bb"}, "U+001B"),
    "no character": ({"reference": "a\uffff"}, "U+FFFF"),
    "turned text": ({"reference": "\u202eabc"}, "U+202E"),
}


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    app: Flask, world: World, s1: FlaskClient, address: str
) -> None:
    for what, (change, message) in WRONG.items():
        data = {name: text for name, text in (SELECTED | change).items() if text is not None}
        reply = s1.post(f"{address}/outcome", data=data)
        assert reply.status_code == 422, what
        assert message in words(reply.text), what
        for name in ("amount", "reference", "reason"):
            typed = data[name].replace("\x1b", "").replace("\uffff", "").replace("\u202e", "").strip()
            assert typed in reply.text, (what, name)
    assert not outcomes(app, world)
    assert state_of(app, world) is State.WITH_SPONSOR
    assert not told(app, "outcome.recorded")


def test_no_odd_input_breaks_the_server(s1: FlaskClient, address: str) -> None:
    for odd in ("\x00", "\U0001f600", "[" * 5000, str(2**70), "é" * 300):
        for field in (*SELECTED, "once", "version"):
            data = SELECTED | {"result": "?", field: odd}
            assert s1.post(f"{address}/outcome", data=data).status_code < 500, (field, odd[:9])
        for field in ("interest", "note"):
            data = {"interest": "?", field: odd}
            assert s1.post(f"{address}/interest", data=data).status_code < 500, (field, odd[:9])


def test_only_that_sponsor_answers(app: Flask, world: World, address: str, client_for: ClientFor) -> None:
    for who in ("S2", "F1", "R1", "N", "AD", "C1", "C2"):
        client = client_for(world.people[who])
        for path, data in ((f"{address}/outcome", SELECTED), (f"{address}/interest", {"interest": "interested"})):
            assert client.post(path, data=data).status_code in (403, 404), (who, path)
        assert client.get(f"{address}/outcome").status_code in (403, 404), who
    assert client_for(world.people["S2"]).post(f"{address}/outcome", data=SELECTED).status_code == 404
    assert not outcomes(app, world)
    assert client_for(world.people["S1"]).post(f"{address}/outcome", data=SELECTED).status_code == 302
