"""Who was off a proposal comes back only where nothing stands between them and it: not past the office, nor past a
conflict that came up meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.conflict.looking_again import look_again
from intake.conflict.models import Notice
from intake.conflict.objecting import object_to
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.policy import NOBODY, standing
from intake.review import alternates, answering
from intake.review.operations import Asked, assign, forward, recall, unassign
from intake.vocabulary import ConflictLevel, ConflictRule, DeclineReason, ReviewerAnswer, Role
from tests.factories.invited import (
    ASKED_ON,
    DUE,
    REASON,
    REPLY_BY,
    answers_of,
    invited,
    last_to,
    line_up,
    link_of,
    row_of,
)
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import complete

ASKED, ACCEPTED = ReviewerAnswer.ASKED, ReviewerAnswer.ACCEPTED
DECLINED = ReviewerAnswer.DECLINED
DESCRIPTION = "The work on quiet sensing of queues has three steps."
STANDS_BETWEEN = "A conflict of interest of yours with it is known now"
SECRET = "Their group sells what we replace."


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    made = Office(app)
    invited(made)
    return made


def hours(number: int, office: Office, act: Callable[[], object]) -> object:
    """Do it so many hours after they were asked."""
    with clock.at(ASKED_ON + timedelta(hours=number)):
        return office.ask(act)


def declines(office: Office, after: int = 1) -> None:
    """R3 says no."""
    hours(
        after,
        office,
        lambda: answering.decline(complete(office.w, "P2"), DeclineReason.TOO_BUSY, "", by=office.w.actor("R3")),
    )


def asked_anew(office: Office, after: int = 2) -> None:
    """The office asks R3 again."""
    asked = Asked(office.w.people["R3"], override_reason=REASON)
    hours(
        after,
        office,
        lambda: assign(complete(office.w, "P2"), asked, DUE, by=office.w.actor("C1"), reply_by=REPLY_BY),
    )


def take_off(office: Office, who: str) -> None:
    """The office ends somebody's standing assignment."""
    proposal = complete(office.w, "P2")
    (row,) = [each for each in standing(proposal.assignments) if each.reviewer_id == office.w.people[who]]
    unassign(proposal, row, "They must not read it.", by=office.w.actor("C1"))


def taken_off(office: Office, after: int = 3) -> None:
    """The office takes R3 off again."""

    hours(after, office, lambda: take_off(office, "R3"))


def found_out(office: Office, after: int = 3) -> None:
    """A conflict that blocks is found, which ends the assignment; then it is found no more."""

    def act() -> None:
        blocked_by_department(office)
        look_again([office.w.proposals["P2"]], by=NOBODY)
        db.session.get_one(Call, office.w.calls["A"]).conflict_levels = {"department": "off"}

    hours(after, office, act)


def shares_department(office: Office) -> None:
    """R3 is of the principal investigator's department, as nobody noticed."""
    theirs = db.session.get_one(Person, office.w.people["F2"]).department_id
    db.session.get_one(Person, office.w.people["R3"]).department_id = theirs


def blocked_by_department(office: Office) -> None:
    """The same, where the call lets nobody past it."""
    shares_department(office)
    db.session.get_one(Call, office.w.calls["A"]).conflict_levels = {"department": "block"}


def blocked_by_objection(office: Office) -> None:
    """The applicants object to R3, where the call lets nobody past it."""
    db.session.get_one(Call, office.w.calls["A"]).conflict_levels = {"objection": "block"}
    object_to(complete(office.w, "P2"), "Ivo", "r3@example.org", SECRET, by=office.w.actor("F2"))


def accepts_after_all(office: Office, number: int, after: int = 5) -> str:
    """What R3 reads when they press the button of that answer, which must not have been there."""
    path = f"/reviews/answers/{number}"
    with clock.at(ASKED_ON + timedelta(hours=after)):
        page = office.browser("R3").get(path).text
        assert "Accept after all" not in page
        return words(page) + words(office.browser("R3").post(path, follow_redirects=True).text)


def reads_nothing(office: Office) -> None:
    """The proposal is not there for R3."""
    assert office.browser("R3").get(f"/reviews/{office.w.proposals['P2']}").status_code == 404


# --- an older answer --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ended", [taken_off, found_out])
def test_whom_the_office_took_off_does_not_come_back_by_an_older_no(
    office: Office, ended: Callable[[Office], None]
) -> None:
    older = office.assignment("P2", "R3")
    declines(office)
    asked_anew(office)
    ended(office)
    assert "The office took it back, so nothing is asked of you any more." in accepts_after_all(office, older)
    assert row_of(office, "R3")["removed_at"] is not None
    reads_nothing(office)


def test_of_two_answers_the_newer_one_can_be_changed(office: Office) -> None:
    older = office.assignment("P2", "R3")
    declines(office)
    asked_anew(office)
    declines(office, after=3)
    assert "You were asked anew, and answered that." in accepts_after_all(office, older)
    reads_nothing(office)
    path = f"/reviews/answers/{office.assignment('P2', 'R3')}"
    with clock.at(ASKED_ON + timedelta(hours=6)):
        assert "Accept after all" in office.browser("R3").get(path).text
        assert office.browser("R3").post(path).status_code == 302
    assert row_of(office, "R3")["answer"] is ACCEPTED


def test_an_alternate_whom_the_office_took_off_is_not_asked_by_itself(office: Office) -> None:
    line_up(office, "R1")
    asked = Asked(office.w.people["R1"], override_reason=REASON)
    hours(1, office, lambda: assign(complete(office.w, "P2"), asked, DUE, by=office.w.actor("C1"), reply_by=REPLY_BY))
    hours(2, office, lambda: take_off(office, "R1"))
    declines(office, after=3)
    assert answers_of(office)["R1"] is ASKED
    assert row_of(office, "R1")["removed_at"] is not None, "the one from before, and no other"
    skipped = office.ask(lambda: [row.skipped for row in alternates.of_proposal(office.w.proposals["P2"])])
    assert skipped == ["Gus Reader was taken off this proposal."]


# --- a conflict that came up meanwhile --------------------------------------------------------------------------------


@pytest.mark.parametrize("conflict", [blocked_by_department, blocked_by_objection])
def test_nobody_accepts_after_all_past_a_conflict_that_blocks(
    office: Office, conflict: Callable[[Office], None]
) -> None:
    declines(office)
    hours(2, office, lambda: conflict(office))
    said = accepts_after_all(office, office.assignment("P2", "R3"))
    assert STANDS_BETWEEN in said
    assert SECRET not in said, "what the applicants wrote is the office's alone"
    assert row_of(office, "R3")["answer"] is DECLINED
    reads_nothing(office)


def test_the_office_is_told_of_a_warning_that_came_up_before_they_accepted_after_all(office: Office) -> None:
    declines(office)
    hours(2, office, lambda: shares_department(office))
    letters = office.last_letter()
    with clock.at(ASKED_ON + timedelta(hours=3)):
        office.browser("R3").post(f"/reviews/answers/{office.assignment('P2', 'R3')}")
    assert row_of(office, "R3")["answer"] is ACCEPTED
    assert {each for each in office.letters(letters) if each[0] == "conflict.arose"} == {
        ("conflict.arose", "C1"), ("conflict.arose", "C3")
    }  # fmt: skip
    assert "Ivo Outside reviews it. A warning: Same department as" in last_to(office, "C1", "conflict.arose")


@pytest.mark.parametrize("by_link", [False, True])
def test_who_is_asked_does_not_accept_past_a_conflict_that_nobody_noticed(office: Office, by_link: bool) -> None:
    hours(1, office, lambda: blocked_by_department(office))
    letters, path = office.last_letter(), f"/reviews/{office.w.proposals['P2']}/answer"
    browser = office.app.test_client() if by_link else office.browser("R3")
    with clock.at(ASKED_ON + timedelta(hours=2)):
        reply = browser.post(
            link_of(office, "R3") if by_link else path, data={"answer": "accept"}, follow_redirects=True
        )
    assert STANDS_BETWEEN in reply.text
    assert DESCRIPTION not in reply.text
    assert row_of(office, "R3")["removed_at"] is not None
    told = office.letters(letters)
    assert told == {("conflict.arose", "C1"), ("conflict.arose", "C3"), ("conflict.suspended", "R3")}
    reads_nothing(office)


def test_a_block_that_the_office_knew_once_still_stands_in_the_way(office: Office) -> None:
    known = Notice(
        proposal_id=office.w.proposals["P2"],
        person_id=office.w.people["R3"],
        rule=ConflictRule.DEPARTMENT,
        level=ConflictLevel.BLOCK,
    )
    office.ask(lambda: db.session.add(known))
    hours(1, office, lambda: blocked_by_department(office))
    address = f"/reviews/{office.w.proposals['P2']}/answer"
    with clock.at(ASKED_ON + timedelta(hours=2)):
        reply = office.browser("R3").post(address, data={"answer": "accept"}, follow_redirects=True)
    assert STANDS_BETWEEN in reply.text
    assert row_of(office, "R3")["answer"] is ASKED


def test_the_office_notes_no_yes_past_a_conflict_that_blocks(office: Office) -> None:
    hours(1, office, lambda: blocked_by_department(office))
    path = office.address("P2", f"/reviewers/{office.assignment('P2', 'R3')}/said-yes")
    with clock.at(ASKED_ON + timedelta(hours=2)):
        reply = office.browser("C1").post(path, data={"version": office.version("P2")}, follow_redirects=True)
    assert "Ivo Outside may not review this: Same department as" in words(reply.text)
    assert row_of(office, "R3")["answer"] is ASKED


def revoked(office: Office) -> None:
    """R3 is no reviewer any more."""
    gone = sa.update(RoleGrant).where(RoleGrant.person_id == office.w.people["R3"], RoleGrant.role == Role.REVIEWER)
    office.ask(lambda: db.session.execute(gone.values(revoked_at=clock.now())))


def closed(office: Office) -> None:
    """R3's account is closed."""
    office.ask(lambda: setattr(db.session.get_one(Person, office.w.people["R3"]), "active", False))


def accept(office: Office) -> None:
    answering.accept(complete(office.w, "P2"), by=office.w.actor("R3"))


def accept_after_all(office: Office) -> None:
    proposal, by = complete(office.w, "P2"), office.w.actor("R3")
    row = [each for each in proposal.assignments if each.reviewer_id == by.id][-1]
    answering.accept_again(proposal, row, by=by)


def accept_for_them(office: Office) -> None:
    proposal = complete(office.w, "P2")
    (row,) = [each for each in proposal.assignments if each.reviewer_id == office.w.people["R3"]]
    answering.accept_for(proposal, row, by=office.w.actor("C1"))


@pytest.mark.parametrize("left", [revoked, closed])
@pytest.mark.parametrize(
    ("act", "why"),
    [
        (accept, "You are no reviewer here any more"),
        (accept_after_all, "You are no reviewer here any more"),
        (accept_for_them, "Ivo Outside is no reviewer with an open account any more."),
    ],
)
def test_who_is_no_reviewer_any_more_accepts_nothing(
    office: Office, left: Callable[[Office], None], act: Callable[[Office], None], why: str
) -> None:
    if act is accept_after_all:
        declines(office)
    before = answers_of(office)
    left(office)
    with pytest.raises(Incomplete, match=why):
        hours(2, office, lambda: act(office))
    assert answers_of(office) == before


def away(office: Office, who: str) -> None:
    answering.decline(complete(office.w, "P2"), DeclineReason.AWAY, "", by=office.w.actor(who))


def test_an_earlier_round_is_not_accepted_after_all(office: Office) -> None:
    """R3 said no; the proposal was recalled from the other and forwarded anew to two, who said no as well."""
    declines(office)

    def anew() -> None:
        recall(complete(office.w, "P2"), "The wrong panel.", by=office.w.actor("C1"))
        people = [Asked(office.w.people[who], lead=who == "F3", override_reason=REASON) for who in ("F3", "R1")]
        forward(complete(office.w, "P2"), people, DUE, by=office.w.actor("C1"), reply_by=REPLY_BY)

    hours(2, office, anew)
    for who in ("F3", "R1"):
        hours(3, office, lambda who=who: away(office, who))
    with pytest.raises(Incomplete, match="That was an earlier round of review, which is over"):
        hours(4, office, lambda: accept_after_all(office))
