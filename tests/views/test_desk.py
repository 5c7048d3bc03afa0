"""The coordinator's home: what waits, in numbers that their lists keep, and what has waited longest."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.award.models import Award
from intake.desk.queries import board
from intake.desk.waiting import KINDS, Wait
from intake.extensions import db
from intake.forward.models import Packet
from intake.people.sign_in import actor_of
from intake.proposal.models import Receipt
from intake.vocabulary import Interest, Role, State
from tests.factories import listing as make

ClientFor = Callable[[Any], FlaskClient]


def full(call: Any, who: Any) -> None:
    """One proposal for each wait of the call, and one in each state that waits for others."""
    reviewers = [make.person(f"Reviewer {call.code} {n}") for n in range(2)]
    for state in State:
        make.proposal(call, state)
    late, ready = make.proposal(call, State.IN_REVIEW, days=20), make.proposal(call, State.IN_REVIEW)
    make.review(late, reviewers[0], "3.00")
    make.review(late, reviewers[1], None, due=-1)
    for each in reviewers:
        make.review(ready, each, "4.00")
    answered = make.proposal(call, State.WITH_SPONSOR)
    receipt = Receipt(proposal_id=answered.id, ordinal=1, received_at=clock.now(), content={}, sha256="0" * 64)
    make.keep(receipt)
    make.keep(
        Packet(
            proposal_id=answered.id,
            ordinal=1,
            receipt_id=receipt.id,
            sponsor_id=call.programme.sponsor_id,
            manifest={},
            sha256="0" * 64,
            sent_at=clock.now(),
            interest=Interest.WANTS_TO_TALK,
            interest_at=clock.now(),
        )
    )
    awarded = make.proposal(call, State.AWARDED)
    make.keep(
        Award(proposal_id=awarded.id, programme_id=call.programme_id, title="Won", year=2026, made_at=clock.now())
    )


def tiles(text: str) -> dict[str, tuple[int, str]]:
    """The tiles of the page: number and address by label."""
    found = re.findall(
        r'<a class="tile[^"]*" href="([^"]+)"><span class="big">(\d+)</span> <span class="tile-label">([^<]+)<', text
    )
    return {label: (int(number), url) for url, number, label in found}


def test_each_tile_counts_the_rows_of_the_list_that_it_opens(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call, ideas = make.call(), make.call("IDEAS", sponsored=False, panel=False, sponsor_decides=False)
        who = make.coordinator(call)
        make.grant(who, Role.COORDINATOR, call_id=ideas.id)
        db.session.refresh(call, ["programme"])
        full(call, who)
        make.proposal(ideas, State.MATCHED)
        make.proposal(ideas, State.SELECTED)
        number = who.id
        db.session.commit()
    client = client_for(number)
    text = client.get("/desk").text
    found = tiles(text)
    expected = {
        Wait.SCREEN: 1, Wait.MATCH: 1, Wait.FORWARD: 1, Wait.LATE: 1, Wait.DECIDE: 2, Wait.RELEASE: 1, Wait.SEND: 1,
        Wait.ANSWERED: 1, Wait.OUTCOME: 1, Wait.PUBLISH: 1,
    }  # fmt: skip
    assert {label: count for label, (count, _) in found.items()} == {
        str(KINDS[wait].label): count for wait, count in expected.items()
    }
    for count, url in found.values():
        rows = client.get(url.replace("&amp;", "&")).text
        assert rows.count("data-open-row") == count, url
    assert "11 things wait for you" in text
    assert text.count('class="btn btn-primary"') == 1
    assert "Begin with: Reviews late" in text


def test_nothing_waits_and_no_call_are_said(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        idle = make.coordinator(call).id
        without = make.person("No Call Yet")
        other = make.call("AIR-2021")
        make.grant(without, Role.COORDINATOR, call_id=other.id)
        make.proposal(call, State.DRAFT)
        db.session.commit()
    text = client_for(idle).get("/desk").text
    assert "Nothing waits for you now." in text
    assert tiles(text) == {}
    assert "Nothing is under way" in text


def test_a_call_shows_its_counts_and_a_past_one_goes_to_the_index(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call, past = make.call(), make.call("OLD-2019")
        who = make.coordinator(call)
        make.grant(who, Role.COORDINATOR, call_id=past.id)
        for state in (State.DRAFT, State.DRAFT, State.SUBMITTED, State.ELIGIBLE):
            make.proposal(call, state)
        make.proposal(past, State.DECLINED)
        number = who.id
        db.session.commit()
    client = client_for(number)
    text = client.get("/desk").text
    assert "2 in, 2 drafts" in text
    assert "Call OLD-2019" not in text
    assert "All calls, with 1 past one" in text
    index = client.get("/desk/calls").text
    assert "Call OLD-2019" in index
    assert 'href="/desk/calls/OLD-2019/proposals"' in index
    assert 'href="/desk/calls/OLD-2019/setup"' in index


def test_the_longest_waiting_come_first_with_their_next_step(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        who = make.coordinator(call).id
        for days in range(1, 13):
            make.proposal(call, title=f"Title {days:02d}", days=days)
        make.proposal(call, State.DECLINED, title="Closed long ago", days=300)
        make.proposal(call, State.AWARDED, title="Awarded long ago", days=300)
        late = make.proposal(call, State.IN_REVIEW, title="Late one", days=50)
        make.review(late, make.person("R"), None, due=-2)
        db.session.commit()
    text = client_for(who).get("/desk").text
    titles = re.findall(r"data-open-row>([^<]+)<", text)
    assert titles == ["Late one", *(f"Title {days:02d}" for days in range(12, 3, -1))]
    assert "Nudge: 1 late, 0 reviews are in, 2 needed" in text
    assert "Screen it" in text


@pytest.mark.parametrize("state", [state for state in State if state is not State.DRAFT])
def test_a_withheld_proposal_is_in_no_count(room: Flask, state: State) -> None:
    call = make.call()
    who = make.coordinator(call)
    row = make.proposal(call, state, days=99)
    make.review(row, make.person("R"), None, due=-2)
    db.session.refresh(who, ["grants"])
    me, now = actor_of(who), clock.now() + timedelta(minutes=1)
    assert board(me, [call.id], now).states == {call.id: {state: 1}}
    make.conflict(row, who)
    emptied = board(me, [call.id], now)
    assert emptied.states == {}
    assert emptied.waiting == 0
    assert all(count.since is None for count in emptied.waits.values())
