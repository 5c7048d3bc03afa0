"""The panel's decision: the lead records it with all reviews in view; nobody else can (S22)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.decision.operations import release
from intake.decision.queries import of_proposal as decisions_of
from intake.extensions import db
from intake.vocabulary import State
from tests.factories.review import LATER, events, told, words
from tests.factories.world import World, build, review

ClientFor = Callable[[int], FlaskClient]
GOOD = {"verdict": "reserve", "rationale": "Close to the line.", "feedback": "Say more on risks.", "sure": "y"}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def world(app: Flask) -> World:
    """P1 with two submitted reviews: R1 (lead) gave 4, R2 gave 2; R3 has not declared."""
    with app.app_context():
        made = build()
        review(made, "P1", "R2", 2)
        db.session.commit()
        return made


def state_of(app: Flask, world: World, name: str = "P1") -> State:
    with app.app_context():
        return world.proposal(name).state


def test_the_lead_sees_all_reviews_side_by_side_and_records(app: Flask, world: World, client_for: ClientFor) -> None:
    r1, page = client_for(world.people["R1"]), f"/reviews/{world.proposals['P1']}"
    assert f'href="{page}/decision"' in r1.get(page).text
    shown = r1.get(f"{page}/decision").text
    read = words(shown)
    assert "Merit weight 50 % 4 2 3.0 2.0 far apart" in read
    assert "Overall, weighted 4.00 2.00 3.0 2.0 far apart" in read
    assert "R2 tells the applicant of P1." in read
    assert "Reviewer B" in read
    assert "Hana" not in shown
    assert "R2 tells the office" not in shown
    for change, message in (
        ({"verdict": ""}, "Choose one from the list."),
        ({"verdict": "accept"}, "Choose one from the list."),
        ({"rationale": " "}, "Please fill this in."),
        ({"sure": ""}, "Tick this to go on."),
        ({"feedback": "x" * 10_001}, "At most 10,000 characters"),
    ):
        wrong = r1.post(f"{page}/decision", data={name: text for name, text in (GOOD | change).items() if text})
        assert wrong.status_code == 422
        assert message in words(wrong.text)
        assert "rationale" in change or "Close to the line." in wrong.text
    assert state_of(app, world) is State.IN_REVIEW
    data = GOOD | {"once": "one-key"}
    done = r1.post(f"{page}/decision", data=data, follow_redirects=True)
    assert "is recorded. The office releases it." in done.text
    assert "Reserve: keep on the reserve list" in done.text
    assert "not released yet" in words(done.text)
    assert r1.post(f"{page}/decision", data=data).location == page
    assert state_of(app, world) is State.DECIDED
    letters = told(app, "decision.recorded")[-2:]
    assert [to for to, _ in letters] == ["c1@example.org", "c3@example.org"]
    assert len(events(app, "proposal.decide")) == 4  # three came with the world
    again = r1.post(f"{page}/decision", data=GOOD | {"rationale": "On second thoughts."})
    assert again.status_code == 403
    assert "On second thoughts." in again.text


def test_nobody_else_records_it_or_sees_the_button(app: Flask, world: World, client_for: ClientFor) -> None:
    page = f"/reviews/{world.proposals['P1']}"
    for who, status in (
        ("R2", 403),
        ("R3", 403),
        ("C1", 403),
        ("F1", 403),
        ("AD", 403),
        ("S1", 404),
        ("N", 404),
        ("C2", 404),
    ):
        client = client_for(world.people[who])
        assert client.post(f"{page}/decision", data=GOOD).status_code == status, who
        assert client.get(f"{page}/decision").status_code == status, who
        assert "/decision" not in client.get(page).text, who
        assert "/decision" not in client.get("/reviews").text, who
    assert state_of(app, world) is State.IN_REVIEW
    assert client_for(world.people["R1"]).post(f"{page}/decision", data=GOOD).status_code == 302


def test_a_reviewer_can_do_nothing_of_the_offices(app: Flask, world: World, client_for: ClientFor) -> None:
    r2, number = client_for(world.people["R2"]), world.proposals["P1"]
    for verb in ("release", "forward", "send", "return", "recall", "assign", "reopen"):
        assert r2.post(f"/desk/proposals/{number}/{verb}", data=GOOD).status_code in (403, 404, 405), verb
    assert state_of(app, world) is State.IN_REVIEW


def test_the_other_reviewers_learn_the_decision_when_it_is_released(
    app: Flask, world: World, client_for: ClientFor
) -> None:
    page = f"/reviews/{world.proposals['P6']}"
    r1, r2 = client_for(world.people["R1"]), client_for(world.people["R2"])
    assert "Select: forward to the sponsor" in r1.get(page).text
    assert "Select: forward to the sponsor" not in r2.get(page).text
    with app.app_context():
        release(world.proposal("P6"), by=world.actor("C1"))
        db.session.commit()
    after = words(r2.get(page).text)
    assert "Select: forward to the sponsor" in after
    assert "released 4 Mar 2026" in after
    assert "It fits." not in after
    assert {to for to, _ in told(app, "review.thanks")} >= {"r1@example.org", "r2@example.org"}


def test_too_few_reviews_say_what_is_missing(world: World, client_for: ClientFor) -> None:
    page = f"/reviews/{world.proposals['P4']}"
    html = client_for(world.people["R1"]).get(page).text
    assert "1 of 2 needed reviews are submitted." in html
    assert f'href="{page}/decision"' not in html
    refused = client_for(world.people["R1"]).post(f"{page}/decision", data=GOOD)
    assert refused.status_code == 403
    assert "Close to the line." in refused.text


def test_the_amount_recommended_stands_apart_and_the_applicant_never_reads_it(
    app: Flask, world: World, client_for: ClientFor
) -> None:
    number, lead = world.proposals["P1"], client_for(world.people["R1"])
    refused = lead.post(f"/reviews/{number}/decision", data={**GOOD, "recommended_minor": "0", "once": "k"})
    assert (refused.status_code, "more than nothing" in refused.text) == (422, True)
    with app.app_context():
        before = world.proposal("P1").amount_minor
    sent = {**GOOD, "recommended_minor": "12,345.67", "once": "k2"}
    assert lead.post(f"/reviews/{number}/decision", data=sent).status_code == 302
    with app.app_context():
        made = decisions_of(world.proposal("P1"))[-1]
        assert (made.recommended_minor, world.proposal("P1").amount_minor) == (1_234_567, before)
    assert "12,345.67" in client_for(world.people["C1"]).get(f"/desk/proposals/{number}?tab=reviews").text
    with app.app_context():
        release(world.proposal("P1"), by=world.actor("C1"))
        db.session.commit()
    assert "12,345.67" not in client_for(world.people["F1"]).get(f"/proposals/{number}").text
