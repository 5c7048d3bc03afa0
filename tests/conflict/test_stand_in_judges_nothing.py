"""Who stands in for the office with a proposal neither reviews it nor is its contact, whichever way they would become
that; once they no longer stand in, they may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call, Theme
from intake.conflict.evidence import found
from intake.conflict.standing_in import end_stand_in, name_stand_in
from intake.errors import Conflicted, Incomplete
from intake.extensions import db
from intake.people.models import Person, RoleGrant, StandIn
from intake.programme.models import Sponsor
from intake.review import alternates, answering
from intake.review.barring import BLOCK, barred
from intake.review.operations import Asked, assign, unassign
from intake.review.uploading import judged, read
from intake.vocabulary import DeclineReason, PairingKind, ReviewerAnswer, Role
from tests.factories import office as days
from tests.factories.invited import ASKED_ON, DUE, REPLY_BY, answers_of, invited, last_to, line_up
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import complete

WHY = "Stands in for the office with this proposal."


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    """N is a reviewer."""
    made = Office(app)
    made.ask(lambda: db.session.add(RoleGrant(person_id=made.w.people["N"], role=Role.REVIEWER)))
    return made


def stands_in(office: Office, name: str = "P2") -> None:
    """N is named to stand in."""
    office.ask(
        lambda: name_stand_in(complete(office.w, name), office.w.people["N"], "holidays", by=office.w.actor("AD"))
    )


def is_contact(office: Office) -> None:
    """Later N becomes a contact of the sponsor."""

    def act() -> None:
        alba = db.session.scalars(sa.select(Sponsor.id).where(Sponsor.code == "ALBA")).one()
        grant = RoleGrant(person_id=office.w.people["N"], role=Role.SPONSOR_CONTACT, sponsor_id=alba)
        db.session.add(grant)

    office.ask(act)


def step(office: Office, kind: str, state: str = "approached") -> Any:
    sent = {"kind": kind, "target": office.w.people["N"], "state": state, "seen": 0, "note": "all the same"}
    return office.post("C1", "P2", "/board/step", **sent)


@pytest.mark.parametrize("kind", ["reviewer", "contact"])
def test_the_board_greys_them_with_the_reason_and_takes_no_step(office: Office, kind: str) -> None:
    days.eligible(office)
    stands_in(office)
    if kind == "contact":
        is_contact(office)
    page = words(office.get("C1", "P2", f"/board?kind={kind}").text)
    assert f"Blocked: {WHY}" in page
    answer = step(office, kind)
    assert answer.status_code == 422
    assert f"Moe Nobody: {WHY}" in words(answer.text)
    target = f"/desk/calls/CALL-A/board?kind={kind}&target={office.w.people['N']}"
    assert f"Blocked: {WHY}" in words(office.browser("C1").get(target).text), "from the other side too"


def test_the_proposal_is_not_matched_with_them_as_its_contact(office: Office) -> None:
    days.eligible(office)
    stands_in(office)
    is_contact(office)
    theme = office.ask(lambda: db.session.scalars(sa.select(Theme.id).order_by(Theme.id)).first())
    answer = office.post("C1", "P2", "/match", theme_id=theme, contact_id=office.w.people["N"], note="")
    assert answer.status_code == 422
    assert f"Moe Nobody: {WHY}" in words(answer.text)
    assert office.post("C1", "P2", "/match", theme_id=theme, contact_id=office.w.people["S1"]).status_code == 302


def test_it_is_not_forwarded_to_them_and_they_are_not_added(office: Office) -> None:
    days.matched(office)
    stands_in(office)
    people, r3 = office.w.people["N"], office.w.people["R3"]
    page = words(office.get("C1", "P2", "/forward").text)
    assert WHY in page
    sent = {"reviewers": [people, r3], "lead": r3, "due_at": "2099-03-31T17:00"}
    assert office.post("C1", "P2", "/forward", **sent).status_code == 422
    stands_in(office, "P3")
    with office.app.app_context(), pytest.raises(Conflicted, match="Moe Nobody may not review this: Stands in"):
        assign(complete(office.w, "P3"), Asked(people, override_reason="why not"), DUE, by=office.w.actor("C1"))


def test_a_list_that_names_them_says_why_not_and_the_engine_never_chooses_them(office: Office) -> None:
    days.matched(office)
    stands_in(office)

    def look() -> tuple[str, str, dict[Any, str]]:
        proposal = complete(office.w, "P2")
        call = db.session.get_one(Call, office.w.calls["A"])
        text = f"number,reviewer,reason\n{proposal.number},n@example.org,all the same\n"
        (row,) = judged(call, read(text), by=office.w.actor("C1")).rows
        return str(row.wrong), str(row.pair), barred([proposal.id], [office.w.people["N"], office.w.people["R3"]])

    wrong, _, bars = office.ask(look)
    assert wrong == WHY
    assert bars == {(office.w.proposals["P2"], office.w.people["N"]): BLOCK}


def test_they_are_no_alternate_and_one_who_became_a_stand_in_is_passed_over(office: Office) -> None:
    invited(office)
    line_up(office, "N")
    stands_in(office)
    with clock.at(ASKED_ON):
        office.ask(
            lambda: answering.decline(complete(office.w, "P2"), DeclineReason.TOO_BUSY, "", by=office.w.actor("F3"))
        )
    assert "N" not in answers_of(office)
    skipped = office.ask(lambda: [row.skipped for row in alternates.of_proposal(office.w.proposals["P2"])])
    assert skipped == [f"Moe Nobody may not review this: {WHY}"]
    with office.app.app_context(), pytest.raises(Incomplete, match="Nobody was added") as refused:
        alternates.add(complete(office.w, "P2"), office.w.people["N"], by=office.w.actor("C1"))
    assert str(refused.value.fields["person_id"]) == f"Moe Nobody may not review this: {WHY}"


def test_a_colleague_whom_a_reviewer_suggests_is_not_asked_where_they_stand_in(office: Office) -> None:
    invited(office)
    stands_in(office)
    office.ask(
        lambda: answering.pass_on(complete(office.w, "P2"), "Moe Nobody", "n@example.org", "", by=office.w.actor("R3"))
    )
    assert "suggests Moe Nobody" in last_to(office, "C1", "review.answered")
    assert WHY in words(office.get("C1", "P2", "/assign").text)
    with office.app.app_context(), pytest.raises(Conflicted, match="Stands in for the office"):
        assign(complete(office.w, "P2"), Asked(office.w.people["N"]), DUE, by=office.w.actor("C1"), reply_by=REPLY_BY)


@pytest.mark.parametrize("said_no", [True, False])
def test_who_was_off_it_and_stands_in_now_does_not_come_back(office: Office, said_no: bool) -> None:
    invited(office, "R3", "N")
    number = office.assignment("P2", "N")

    def leave() -> None:
        proposal = complete(office.w, "P2")
        if said_no:
            answering.decline(proposal, DeclineReason.TOO_BUSY, "", by=office.w.actor("N"))
            return
        (row,) = [each for each in proposal.assignments if each.id == number]
        row.answer, row.answered_at = ReviewerAnswer.ACCEPTED, clock.now()
        unassign(proposal, row, "a while", by=office.w.actor("C1"))

    office.ask(leave)
    stands_in(office)
    if said_no:
        page = office.browser("N").post(f"/reviews/answers/{number}", follow_redirects=True)
        assert "A conflict of interest of yours with it is known now" in words(page.text)
    else:
        sent = {"version": office.version("P2")}
        path = office.address("P2", f"/reviewers/{number}/put-back")
        page = office.browser("C1").post(path, data=sent, follow_redirects=True)
        assert f"Moe Nobody may not review this: {WHY}" in words(page.text)
    assert office.ask(lambda: db.session.scalar(sa.text(f"SELECT removed_at FROM assignment WHERE id = {number}")))


def test_whoever_stood_in_and_no_longer_does_may_be_asked_and_others_always(office: Office) -> None:
    days.matched(office)
    stands_in(office)

    def against(name: str, who: str) -> list[str]:
        person = db.session.get_one(Person, office.w.people[who])
        told = found(complete(office.w, name), [person]).get(person.id, [])
        return [str(each.reason) for each in told]

    assert office.ask(lambda: against("P2", "N")) == [WHY]
    assert office.ask(lambda: against("P3", "N")) == [], "of that proposal alone"
    assert office.ask(lambda: against("P2", "R3")) == []

    def ended() -> None:
        row = db.session.scalars(sa.select(StandIn)).one()
        end_stand_in(row, complete(office.w, "P2"), by=office.w.actor("AD"))

    office.ask(ended)
    assert office.ask(lambda: against("P2", "N")) == []


def test_standing_in_keeps_nobody_from_handling_it(office: Office) -> None:
    days.matched(office)
    stands_in(office)
    assert office.get("N", "P2").status_code == 200
    page = words(office.get("C1", "P2", "?tab=conflicts").text)
    assert page.count(WHY) == 1, "as somebody who could be asked, not as the office"
    listed = words(office.browser("AD").get("/administration/stand-ins").text)
    assert "Moe Nobody" in listed
    assert "Nobody handles" not in listed
    assert str(PairingKind.REVIEWER) in office.get("N", "P2", "/board?kind=reviewer").text
