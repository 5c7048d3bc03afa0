"""Forwarding, and the line of alternates, know what the match board says of each reviewer."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from intake.extensions import db
from intake.match.models import Affinity
from intake.vocabulary import PairingKind
from tests.factories import office as days
from tests.factories.office import FUTURE, Office


@pytest.fixture
def office(app: Flask) -> Office:
    """P2 waits for reviewers; R1 and F3 are matched on the board, R3 declined; R1 suits it with 62 points."""
    office = Office(app)
    days.matched(office)
    for who, state, note in (("R1", "matched", "will gladly"), ("R3", "declined", "on leave"), ("F3", "matched", "")):
        sent = {"kind": "reviewer", "target": office.w.people[who], "state": state, "seen": 0, "note": note}
        assert office.post("C1", "P2", "/board/step", **sent).status_code == 302
    scored = {"kind": PairingKind.REVIEWER, "score": 0.62, "parts": {}, "why": {}}
    number = office.w.proposals["P2"]
    office.ask(lambda: db.session.add(Affinity(proposal_id=number, person_id=office.w.people["R1"], **scored)))
    return office


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def rows(office: Office, page: str) -> dict[str, str]:
    """The rows of the reviewers who could be asked, in their order."""
    names = {str(number): name for name, number in office.w.people.items()}
    parts = re.findall(r'<tr[^>]*>(?:(?!</tr>).)*?id="who-(\d+)"', page, re.DOTALL)
    return {names[each]: next(tr for tr in page.split("<tr")[1:] if f'id="who-{each}"' in tr) for each in parts}


def ticked(page: dict[str, str]) -> set[str]:
    """Whose box is ticked."""
    boxes = {who: re.search(r'<input[^>]*name="reviewers"[^>]*>', row) for who, row in page.items()}
    return {who for who, box in boxes.items() if box and " checked" in box[0]}


def test_who_is_matched_comes_first_and_is_ticked_and_who_declined_last(office: Office) -> None:
    found = rows(office, office.get("C1", "P2", "/forward").text)
    assert list(found) == ["F3", "R1", "R2", "R3"]
    assert ticked(found) == {"F3", "R1"}
    assert "Match board: Matched will gladly" in words(found["R1"]).replace(" . ", " ")
    assert "Match board: Declined on leave" in words(found["R3"])
    assert "62 of 100" in words(found["R1"])
    assert "Match board" not in words(found["R2"])


def test_a_tick_that_was_taken_away_stays_away(office: Office) -> None:
    answer = office.post("C1", "P2", "/forward", due_at=FUTURE, lead=office.w.people["R1"])
    assert answer.status_code == 422
    assert ticked(rows(office, answer.text)) == set()


def test_nobody_blocked_is_ticked(office: Office) -> None:
    office.conflict("P2", "R1")
    found = rows(office, office.get("C1", "P2", "/forward").text)
    assert list(found)[-1] == "R1"
    assert ticked(found) == {"F3"}


@pytest.mark.parametrize("chosen", [(), ("R1",)])
def test_one_number_is_asked_for(office: Office, chosen: tuple[str, ...]) -> None:
    sent = {"reviewers": [office.w.people[each] for each in chosen], "lead": office.w.people["R1"], "due_at": FUTURE}
    page = words(office.post("C1", "P2", "/forward", **sent).text)
    assert "Choose at least 2 reviewers, one of them as the lead" in page
    assert "Choose at least 2 different reviewers." in page
    assert "Choose at least one" not in page


def test_the_line_of_alternates_says_it_too(office: Office) -> None:
    page = office.get("C1", "P2", "/alternates").text
    offered = re.findall(r'<option value="\d+">([^<]*)<', page)
    assert offered == [
        "Cleo Double, AP (0 to do; matched)",
        "Gus Reader, COMP (1 to do; 62 points; matched)",
        "Ivo Outside (1 to do; declined)",
    ]
    assert office.post("C1", "P2", "/alternates", person_id=office.w.people["R3"]).status_code == 302
    line = office.get("C1", "P2", "/alternates").text.split("<tbody>")[1].split("</tbody>")[0]
    assert "Match board: Declined on leave" in words(line)
