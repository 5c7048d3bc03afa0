"""The match board: steps between a proposal and a theme, a contact or a reviewer, on both sides of the board."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Theme
from intake.conflict.models import Conflict
from intake.desk.suited import ON_BOARD
from intake.extensions import db
from intake.match.models import Affinity, Pairing, PairingStep
from intake.match.pairing import STEPS
from intake.notification.models import Message
from intake.proposal.models import Proposal
from intake.vocabulary import PairingKind, PairingState, Role, State
from tests.factories import office as days
from tests.factories.counting import statements
from tests.factories.office import Office
from tests.factories.people import person_with


@pytest.fixture
def office(app: Flask) -> Office:
    """The world, with P2 eligible."""
    office = Office(app)
    days.eligible(office)
    return office


def theme(office: Office, position: int = 1, call: str = "A") -> int:
    """The id of a theme of a call."""
    asked = sa.select(Theme.id).where(Theme.call_id == office.w.calls[call]).order_by(Theme.position)
    return int(office.ask(lambda: db.session.scalars(asked).all())[position - 1])


def take(office: Office, who: str, kind: str, target: int, state: str, *, seen: int = 0, **more: Any) -> int:
    """Post a step and tell the status."""
    sent = {"kind": kind, "target": target, "state": state, "seen": seen, "note": "", **more}
    return office.post(who, "P2", "/board/step", **sent).status_code


def pairings(office: Office) -> list[tuple[str, int, str, int]]:
    """Kind, target, state and version of each pairing of P2."""
    asked = sa.select(Pairing).where(Pairing.proposal_id == office.w.proposals["P2"]).order_by(Pairing.id)
    found: list[tuple[str, int, str, int]] = office.ask(
        lambda: [(p.kind.value, p.theme_id or p.person_id, p.state.value, p.version) for p in db.session.scalars(asked)]
    )
    return found


def forget(office: Office) -> None:
    """P2 was never on the board."""
    mine = sa.select(Pairing.id).where(Pairing.proposal_id == office.w.proposals["P2"])
    office.ask(lambda: db.session.execute(sa.delete(PairingStep).where(PairingStep.pairing_id.in_(mine))))
    office.ask(lambda: db.session.execute(sa.delete(Pairing).where(Pairing.id.in_(mine))))


def test_a_pairing_goes_step_by_step_with_its_notes_and_nobody_is_told(office: Office) -> None:
    contact, before = office.w.people["S1"], office.last_letter()
    assert take(office, "C1", "contact", contact, "approached", note="by telephone") == 302
    assert take(office, "C1", "contact", contact, "interested", seen=1) == 302
    assert pairings(office) == [("contact", contact, "interested", 2)]
    steps = office.ask(
        lambda: db.session.execute(
            sa.select(PairingStep.was, PairingStep.became, PairingStep.note)
            .join(PairingStep.pairing)
            .where(Pairing.proposal_id == office.w.proposals["P2"])
            .order_by(PairingStep.id)
        ).all()
    )
    assert [tuple(step) for step in steps] == [
        (None, PairingState.APPROACHED, "by telephone"),
        (PairingState.APPROACHED, PairingState.INTERESTED, ""),
    ]
    assert office.letters(before) == set()
    assert office.state("P2") is State.ELIGIBLE
    assert ("pairing.interested", "C1", "approached", "interested") in office.events("P2")
    text = office.get("C1", "P2", "/board?kind=contact").get_data(as_text=True)
    assert "by telephone" in text


def test_a_stale_step_changes_nothing_and_keeps_the_note(office: Office) -> None:
    contact = office.w.people["S1"]
    assert take(office, "C1", "contact", contact, "approached") == 302
    sent = {"kind": "contact", "target": contact, "state": "declined", "seen": 0, "note": "typed words"}
    answer = office.post("C1", "P2", "/board/step", **sent)
    assert answer.status_code == 422
    assert "typed words" in answer.get_data(as_text=True)
    assert pairings(office) == [("contact", contact, "approached", 1)]


def test_the_same_step_twice_is_one(office: Office) -> None:
    contact = office.w.people["S1"]
    assert take(office, "C1", "contact", contact, "approached", note="by telephone") == 302
    assert take(office, "C1", "contact", contact, "approached", seen=1) == 422
    assert take(office, "C1", "contact", contact, "approached", seen=1, note="by telephone") == 302
    mine = sa.select(sa.func.count(PairingStep.id)).join(PairingStep.pairing)
    where = Pairing.proposal_id == office.w.proposals["P2"]
    assert office.ask(lambda: db.session.scalar(mine.where(where))) == 1


@pytest.mark.once
def test_every_state_leads_on_and_nowhere_twice() -> None:
    assert set(STEPS) == {None, *PairingState}
    for was, ways in STEPS.items():
        assert len(set(ways)) == len(ways)
        assert was not in ways


def test_back_from_an_end_needs_a_note(office: Office) -> None:
    contact = office.w.people["S1"]
    assert take(office, "C1", "contact", contact, "declined") == 302
    assert take(office, "C1", "contact", contact, "approached", seen=1) == 422
    assert take(office, "C1", "contact", contact, "approached", seen=1, note="they called back") == 302


@pytest.mark.parametrize(("kind", "who"), [("contact", "S2"), ("contact", "R1"), ("reviewer", "S1"), ("reviewer", "N")])
def test_only_a_contact_of_the_sponsor_and_only_a_reviewer_is_paired(office: Office, kind: str, who: str) -> None:
    assert take(office, "C1", kind, office.w.people[who], "suggested") == 422
    assert pairings(office) == []


def test_a_theme_of_another_call_is_refused(office: Office) -> None:
    assert take(office, "C1", "theme", theme(office, call="B"), "suggested") == 422
    assert pairings(office) == []


def test_who_has_a_conflict_is_not_approached(office: Office) -> None:
    reviewer = office.w.people["R3"]
    office.conflict("P2", "R3")
    assert take(office, "C1", "reviewer", reviewer, "suggested") == 302
    assert take(office, "C1", "reviewer", reviewer, "approached", seen=1, note="all the same") == 422
    assert pairings(office) == [("reviewer", reviewer, "suggested", 1)]
    assert "Blocked:" in office.get("C1", "P2", "/board?kind=reviewer").get_data(as_text=True)


def test_a_team_member_is_never_approached_as_a_reviewer(office: Office) -> None:
    assert (
        take(office, "C1", "reviewer", office.w.people["F3"], "approached") == 302
    )  # F3 is on the team of P3, not of P2
    sent = {"kind": "reviewer", "target": office.w.people["F3"], "state": "approached", "seen": 0, "note": "because"}
    answer = office.post("C1", "P3", "/board/step", **sent)
    assert answer.status_code == 422
    assert "On the team" in answer.get_data(as_text=True)


def test_only_the_office_without_a_conflict_uses_the_board(office: Office) -> None:
    contact = office.w.people["S1"]
    for who, status in {"C2": 404, "F2": 403, "R1": 404, "S1": 404, "N": 404}.items():
        assert take(office, who, "contact", contact, "suggested") == status, who
        assert office.get(who, "P2", "/board").status_code == status, who
    office.conflict("P2", "C1")
    assert take(office, "C1", "contact", contact, "suggested") == 403
    assert office.get("C1", "P2", "/board").status_code == 403
    assert pairings(office) == []


def test_matching_says_so_on_the_board_and_undoing_takes_it_back(office: Office) -> None:
    chosen, contact = theme(office), office.w.people["S1"]
    assert office.post("C1", "P2", "/match", theme_id=chosen, contact_id=contact, note="").status_code == 302
    assert {row[:3] for row in pairings(office)} == {("theme", chosen, "matched"), ("contact", contact, "matched")}
    assert office.post("C1", "P2", "/unmatch", reason="too early").status_code == 302
    assert {row[2] for row in pairings(office)} == {"interested"}


def test_what_is_matched_on_the_board_stands_in_the_form_that_matches(office: Office) -> None:
    chosen, contact = theme(office, 2), office.w.people["S1"]
    take(office, "C1", "theme", chosen, "matched")
    take(office, "C1", "contact", contact, "matched")
    page = office.get("C1", "P2", "/board").get_data(as_text=True)
    address = f"/desk/proposals/{office.w.proposals['P2']}/match?theme={chosen}&amp;contact={contact}"
    assert address in page
    form = office.browser("C1").get(address.replace("&amp;", "&")).get_data(as_text=True)
    [box] = re.findall(rf'<[^>]*name="theme_id"[^>]*value="{chosen}"[^>]*>', form)
    assert "checked" in box


def score(office: Office, name: str, kind: PairingKind, target: int, value: float) -> None:
    """A score as the worker leaves it."""
    column = {"theme_id": target} if kind is PairingKind.THEME else {"person_id": target}
    row = Affinity(
        proposal_id=office.w.proposals[name], kind=kind, score=value, parts={"text": value}, why={"terms": []}, **column
    )
    office.ask(lambda: db.session.add(row))


def test_the_best_comes_first_on_both_sides(office: Office) -> None:
    first, second = theme(office, 1), theme(office, 2)
    score(office, "P2", PairingKind.THEME, first, 0.2)
    score(office, "P2", PairingKind.THEME, second, 0.7)
    page = office.get("C1", "P2", "/board?kind=theme").get_data(as_text=True)
    assert page.index("Theme 2 of A</a>") < page.index("Theme 1 of A</a>")
    other = office.browser("C1").get(f"/desk/calls/CALL-A/board?kind=theme&target={second}").get_data(as_text=True)
    assert ">70</b>" in other


def test_the_other_side_shows_no_proposal_in_conflict_not_even_in_a_count(office: Office) -> None:
    contact = office.w.people["S1"]
    take(office, "C1", "contact", contact, "interested")
    number = office.ask(lambda: office.w.proposals["P2"])
    address = f"/desk/calls/CALL-A/board?kind=contact&target={contact}"
    assert f"/desk/proposals/{number}/board" in office.browser("C1").get(address).get_data(as_text=True)
    before = office.browser("C1").get("/desk/calls/CALL-A/board?kind=contact").get_data(as_text=True)
    office.conflict("P2", "C1")
    assert f"/desk/proposals/{number}/board" not in office.browser("C1").get(address).get_data(as_text=True)
    after = office.browser("C1").get("/desk/calls/CALL-A/board?kind=contact").get_data(as_text=True)
    assert before != after
    office.ask(lambda: db.session.execute(sa.delete(Conflict).where(Conflict.person_id == office.w.people["C1"])))
    forget(office)
    office.conflict("P2", "C1")
    assert office.browser("C1").get("/desk/calls/CALL-A/board?kind=contact").get_data(as_text=True) == after


def test_the_other_side_shows_nobody_their_own_proposal(office: Office) -> None:
    """C3 coordinates the call and is on the team of P4: the office's view of it is not theirs."""
    reviewer = office.w.people["R3"]
    for who, there in {"C1": True, "C3": False}.items():
        text = (
            office.browser(who).get(f"/desk/calls/CALL-A/board?kind=reviewer&target={reviewer}").get_data(as_text=True)
        )
        assert (f"/desk/proposals/{office.w.proposals['P4']}/" in text) is there, who


def test_a_step_on_the_other_side_leads_back_there(office: Office) -> None:
    contact = office.w.people["S1"]
    sent = {"kind": "contact", "target": contact, "state": "approached", "seen": 0, "note": "", "from": "target"}
    answer = office.post("C1", "P2", "/board/step", **sent)
    assert answer.location.endswith(
        f"/desk/calls/CALL-A/board?kind=contact&target={contact}&at={office.w.proposals['P2']}"
        f"#to-{office.w.proposals['P2']}"
    )


def test_junk_is_refused_in_words(office: Office) -> None:
    for sent in (
        {"kind": "planet"},
        {"state": "married"},
        {"target": "x"},
        {"target": "99999999999999999999"},
        {"note": "x" * 2001},
    ):
        good = {"kind": "contact", "target": office.w.people["S1"], "state": "approached", "seen": 0, "note": ""}
        assert office.post("C1", "P2", "/board/step", **(good | sent)).status_code == 422, sent
    assert pairings(office) == []
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count(Message.id)).where(Message.kind == "x"))) == 0


def more_reviewers(count: int) -> None:
    """So many more reviewers, each with a score and a step beside every proposal of call A."""
    proposals = db.session.scalars(sa.select(Proposal).where(Proposal.state.in_(ON_BOARD))).all()
    for number in range(count):
        made = person_with(f"Extra {number} {clock.now().timestamp()}", (Role.REVIEWER, {}))
        for each in proposals:
            kind = PairingKind.REVIEWER
            db.session.add(Affinity(proposal_id=each.id, kind=kind, person_id=made.id, score=0.5, parts={}, why={}))
            pairing = Pairing(proposal_id=each.id, kind=kind, person_id=made.id)
            pairing.steps = [PairingStep(became=PairingState.SUGGESTED)]
            db.session.add(pairing)


def test_the_boards_send_as_many_statements_for_many_rows_as_for_few(office: Office) -> None:
    counts = []
    first = office.w.people["R1"]
    for more in (1, 12):
        office.ask(lambda more=more: more_reviewers(more))
        seen = []
        for ask in (
            lambda: office.get("C1", "P2", "/board?kind=reviewer&all=1"),
            lambda: office.browser("C1").get("/desk/calls/CALL-A/board?kind=reviewer"),
            lambda: office.browser("C1").get(f"/desk/calls/CALL-A/board?kind=reviewer&target={first}"),
        ):
            ask()
            with statements() as sent:
                assert ask().status_code == 200
            seen.append(len(sent))
        counts.append(seen)
    assert counts[0] == counts[1]
