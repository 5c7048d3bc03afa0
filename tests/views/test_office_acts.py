"""Each act of the office on one proposal: who can, who is refused and how, and what it leaves behind.

For each act, by hand: where it starts, what is sent, where it leads, what the log says, and who is written to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from intake.vocabulary import State
from tests.factories import office as days
from tests.factories.office import FUTURE, Office


def _as_it_is(office: Office) -> None:
    """The world needs no more."""


@dataclass(frozen=True)
class Case:
    """One act. ``data`` may need ids, so it is made from the office; ``told`` are kinds of letters and readers."""

    path: str
    name: str
    event: str
    becomes: State
    told: set[tuple[str, str]]
    before: Callable[[Office], Any] = _as_it_is
    data: Callable[[Office], dict[str, Any]] = field(default=lambda office: {})
    shows: str = ""
    then: int = 403
    """What the same act answers once it is done."""


def _reviewers(office: Office) -> dict[str, Any]:
    number = office.w.people
    return {
        "reviewers": [number["R1"], number["R3"]],
        "lead": number["R3"],
        "due_at": FUTURE,
    }


def _theme(office: Office) -> dict[str, Any]:
    from intake.call.models import Theme
    from intake.extensions import db

    def first() -> int:
        import sqlalchemy as sa

        return db.session.scalars(
            sa.select(Theme.id).where(Theme.call_id == office.w.calls["A"]).order_by(Theme.position)
        ).first()  # type: ignore[return-value]

    return {"theme_id": office.ask(first), "contact_id": office.w.people["S1"], "note": "suits them"}


def _read(office: Office) -> dict[str, Any]:
    page = office.get("C1", "P6", "/release").get_data(as_text=True)
    return {"read": "y", "seen": page.split('name="seen" type="hidden" value="')[1][:64]}


def _packet(office: Office) -> dict[str, Any]:
    from intake.extensions import db
    from intake.forward.models import Packet

    def newest() -> int:
        import sqlalchemy as sa

        return db.session.scalar(sa.select(sa.func.max(Packet.id)))  # type: ignore[return-value]

    return {"read": "y", "packet_id": office.ask(newest)}


REASON = {"reason": "a good reason"}
CASES = (
    Case(
        "/screen",
        "P2",
        "proposal.screen_in",
        State.ELIGIBLE,
        set(),
        data=lambda o: {"rules": ["award-cap"]},
        shows="Screen it",
    ),
    Case(
        "/return",
        "P2",
        "proposal.return",
        State.RETURNED,
        {("proposal.returned", "F2")},
        data=lambda o: {**REASON, "parts": ["summary", "budget"], "until": FUTURE},
        shows="Return for revision",
    ),
    Case(
        "/ineligible",
        "P2",
        "proposal.screen_out",
        State.INELIGIBLE,
        {("proposal.ineligible", "F2")},
        data=lambda o: {"rule": "award-cap", "explanation": "It asks for more."},
        shows="Mark ineligible",
    ),
    Case("/match", "P2", "proposal.match", State.MATCHED, set(), days.eligible, _theme, "Match it"),
    Case("/unmatch", "P2", "proposal.unmatch", State.ELIGIBLE, set(), days.matched, lambda o: REASON, "Undo the match"),
    Case(
        "/forward",
        "P2",
        "proposal.forward",
        State.IN_REVIEW,
        {("review.asked", "R1"), ("review.asked", "R3"), ("proposal.forwarded", "F2")},
        days.matched,
        _reviewers,
        "Forward to reviewers",
    ),
    Case(
        "/recall",
        "P3",
        "proposal.recall",
        State.MATCHED,
        {("review.recalled", "R1"), ("review.recalled", "R2")},
        data=lambda o: REASON,
        shows="Recall from reviewers",
    ),
    Case(
        "/assign",
        "P3",
        "review.asked",
        State.IN_REVIEW,
        {("review.asked", "R3")},
        data=lambda o: {"reviewers": o.w.people["R3"], "due_at": FUTURE},
        shows="Add a reviewer",
        then=422,
    ),
    Case(
        "/decide",
        "P2",
        "proposal.decide",
        State.DECIDED,
        {("decision.recorded", "C1")},
        days.without_panel,
        lambda o: {"verdict": "select", "rationale": "It fits.", "feedback": "Well done."},
        "Record the decision",
    ),
    Case(
        "/reopen",
        "P6",
        "proposal.reopen",
        State.IN_REVIEW,
        {("decision.reopened", "R1"), ("decision.reopened", "R2")},
        data=lambda o: REASON,
        shows="Reopen the decision",
    ),
    Case(
        "/release",
        "P6",
        "proposal.release",
        State.SELECTED,
        {("decision.released", "F1"), ("review.thanks", "R1"), ("review.thanks", "R2")},
        data=_read,
        shows="Read the letter and release",
    ),
    Case(
        "/packet",
        "P6",
        "packet.prepared",
        State.SELECTED,
        set(),
        days.selected,
        shows="Prepare a packet",
        then=302,
    ),
    Case(
        "/send",
        "P6",
        "proposal.send",
        State.WITH_SPONSOR,
        {("packet.sent", "S1"), ("proposal.sent", "F1")},
        days.packed,
        _packet,
        "Read the packet and send it",
    ),
    Case(
        "/recall-packet",
        "P7",
        "proposal.recall_packet",
        State.SELECTED,
        {("packet.recalled", "S1")},
        data=lambda o: REASON,
        shows="Recall the packet",
    ),
    Case(
        "/outcome",
        "P7",
        "proposal.record_outcome",
        State.AWARDED,
        {("outcome.recorded", "F1"), ("outcome.arrived", "C1")},
        data=lambda o: {"result": "selected", "amount": "50,000", "reference": "ALBA-7"},
        shows="Record the outcome",
    ),
    Case("/publish", "P7", "award.published", State.AWARDED, set(), days.awarded, shows="Publish the award"),
    Case(
        "/restore",
        "P2",
        "proposal.restore",
        State.SUBMITTED,
        {("proposal.restored", "F2")},
        days.withdrawn,
        lambda o: REASON,
        "Restore it",
    ),
)
LEADERS = {"P2": "F2", "P3": "F3", "P6": "F1", "P7": "F1"}
SEES = {"P2": set(), "P3": {"R1", "R2"}, "P6": {"R1", "R2"}, "P7": {"R1", "R2", "S1"}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path)
def test_an_act(app: Flask, case: Case) -> None:
    office = Office(app)
    office.conflict(case.name, "C3")
    case.before(office)
    data, was = case.data(office), office.state(case.name)
    letters, events = office.last_letter(), office.events(case.name)
    _refused(office, case, data)
    assert office.post("C1", case.name, case.path, version=10**6, **data).status_code == 409
    assert office.post("C1", case.name, case.path, version=-5, **data).status_code == 409
    assert (office.state(case.name), office.events(case.name)) == (was, events)
    assert office.letters(letters) == set()

    page = office.get("C1", case.name).get_data(as_text=True)
    assert f'href="{office.address(case.name, case.path)}"' in page
    assert case.shows in page
    assert office.get("C1", case.name, case.path).status_code == 200

    answer = office.post("C1", case.name, case.path, **data)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert office.state(case.name) is case.becomes
    added = office.events(case.name)[len(events) :]
    assert case.event in {action for action, *_ in added}
    assert {who for _, who, *_ in added} == {"C1"}
    assert office.letters(letters) == case.told

    again = office.post("C1", case.name, case.path, **data)
    assert again.status_code == case.then
    if case.then == 403:
        assert f'href="{office.address(case.name, case.path)}"' not in office.get("C1", case.name).get_data(
            as_text=True
        )
        assert office.get("C1", case.name, case.path).status_code == 403


def _refused(office: Office, case: Case, data: dict[str, Any]) -> None:
    """Everybody else, with a token of their own and the right version."""
    for who in ("X", "N", "C2", "C3", "AD", "R1", "S1", LEADERS[case.name]):
        answer = office.post(who, case.name, case.path, **data)
        text = answer.get_data(as_text=True)
        assert answer.status_code == _status(case.name, who), who
        shown = office.get(who, case.name, case.path)
        assert shown.status_code == (302 if who == "X" else _status(case.name, who)), who
        if who == "C3":
            assert "You declared a conflict of interest with this proposal" in text
            assert "<h1>This is not yours to do</h1>" in text


def _status(name: str, who: str) -> int:
    if who == "X":
        return 401
    knows = who in {LEADERS[name], "C3", "AD"} | SEES[name]
    return 403 if knows else 404
