"""The match board as it is seen: what reviewers have, where a step leads back to, what is blocked, in which order."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.extensions import db
from intake.match.models import Affinity, PairingStep
from intake.programme.models import Programme
from intake.proposal.models import Proposal
from intake.review.models import Capacity
from intake.vocabulary import PairingKind, State
from tests.factories import office as days
from tests.factories.office import Office


@pytest.fixture
def office(app: Flask) -> Office:
    """The world, with P2 eligible."""
    office = Office(app)
    days.eligible(office)
    return office


def words(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page)).replace("&#39;", "'")


def row(office: Office, who: str, kind: str = "reviewer", query: str = "") -> str:
    """The row of somebody on the board of P2."""
    page = office.get("C1", "P2", f"/board?kind={kind}{query}").text
    found = re.search(rf'<tr[^>]* id="to-{office.w.people[who]}".*?</tr>', page, re.DOTALL)
    assert found, f"{who} is not on the board"
    return found[0]


def take(
    office: Office, who: str, state: str, seen: int = 0, note: str = "", kind: str = "contact", **more: str
) -> str:
    """Take a step of P2 on the board; the address that it leads to, or the page that refuses it."""
    sent = {"kind": kind, "target": office.w.people[who], "state": state, "seen": seen, "note": note, **more}
    answer = office.post("C1", "P2", "/board/step", **sent)
    return answer.location if answer.status_code == 302 else answer.text


def test_a_reviewers_load_is_that_of_the_loads_page(office: Office) -> None:
    """R1 was given five of this call and owes one of them; of the other call, none counts."""
    assert "5 of 9 reviews in this call" in words(row(office, "R1"))
    office.ask(lambda: db.session.add(Capacity(call_id=office.w.calls["A"], person_id=office.w.people["R1"], most=5)))
    assert "Full: 5 of 5 reviews in this call" in words(row(office, "R1"))


@pytest.mark.parametrize("side", ["", "target"])
def test_a_step_leads_back_to_its_row_which_says_so_once(office: Office, side: str) -> None:
    target = office.w.people["S1"] if not side else office.w.proposals["P2"]
    location = take(office, "S1", "approached", **({"from": side} if side else {}))
    assert location.endswith(f"&at={target}#to-{target}")
    page = office.browser("C1").get(location).text
    found = re.search(rf'<tr[^>]* id="to-{target}".*?</tr>', page, re.DOTALL)
    assert found
    assert re.search(r'role="status" tabindex="-1" data-focus>.*?Jun Alba: Approached\.', found[0], re.DOTALL)
    assert page.count("Jun Alba: Approached.") == 1
    assert "Jun Alba: Approached." not in office.browser("C1").get(location).text


def test_what_was_done_is_told_on_the_next_page_whichever_it_is(office: Office) -> None:
    take(office, "S1", "approached")
    assert "Jun Alba: Approached." in office.browser("C1").get("/desk").text


def test_what_is_blocked_says_so_first_and_draws_no_bar(office: Office) -> None:
    office.ask(
        lambda: db.session.add(
            Affinity(
                proposal_id=office.w.proposals["P2"], kind=PairingKind.REVIEWER, person_id=office.w.people["R3"],
                score=0.5, parts={}, why={},
            )
        )
    )  # fmt: skip
    open_to_all = row(office, "R3")
    assert 'class="fill"' in open_to_all
    office.conflict("P2", "R3")
    blocked = row(office, "R3")
    assert 'class="barred"' in blocked
    assert 'class="fill"' not in blocked
    assert words(blocked).strip().startswith("Blocked:")


def test_a_second_call_is_noted_without_a_step(office: Office) -> None:
    assert "/board?" in take(office, "S1", "approached", note="rang, nobody there")
    assert "Approached (note only)" in row(office, "S1", "contact")
    assert "Say in a note what happened." in take(office, "S1", "approached", seen=1)
    assert "/board?" in take(office, "S1", "approached", seen=1, note="rang again")
    asked = sa.select(PairingStep.was, PairingStep.became, PairingStep.note).order_by(PairingStep.id)
    steps = office.ask(lambda: [tuple(each) for each in db.session.execute(asked)])
    assert steps[-2:] == [(None, "approached", "rang, nobody there"), ("approached", "approached", "rang again")]
    assert "rang again" in words(row(office, "S1", "contact"))
    assert ("pairing.noted", "C1", "approached", "approached") in office.events("P2")


def test_the_board_says_in_which_order_it_stands(office: Office) -> None:
    said = "What is furthest on comes first, then the highest score; what was declined or is blocked comes last."
    assert said in words(office.get("C1", "P2", "/board?kind=reviewer").text)


def test_the_calls_board_counts_what_it_shows(office: Office) -> None:
    take(office, "S1", "interested")
    address = "/desk/calls/CALL-A/board?kind=contact"

    def interested() -> str:
        found = re.search(r'data-label="Interested">([^<]*)<', office.browser("C1").get(address).text)
        assert found
        return found[1]

    assert interested() == "1"
    office.ask(lambda: setattr(db.session.get_one(Proposal, office.w.proposals["P2"]), "state", State.DECIDED))
    assert interested() == "—"


def test_a_call_without_a_sponsor_says_so_of_its_contacts(office: Office) -> None:
    office.ask(lambda: db.session.execute(sa.update(Programme).values(sponsor_id=None)))
    page = words(office.browser("C1").get("/desk/calls/CALL-A/board?kind=contact").text)
    assert "This call has no sponsor" in page
    assert "An administrator adds them" not in page
