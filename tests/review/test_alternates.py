"""Who is asked next: in the order that was set, each looked at again, never more than are needed, by nobody twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock, watch
from intake.conflict.models import Notice
from intake.engine import writing
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, RoleGrant
from intake.policy import assignment_of
from intake.review import alternates, answering
from intake.review.capacity import Bounds, set_bounds
from intake.review.models import Alternate, Assignment
from intake.slot.offering import SLACK
from intake.vocabulary import DeclineReason, ReviewerAnswer, Role, State
from tests.factories import office as days
from tests.factories.invited import (
    ASKED_ON,
    DUE,
    REPLY_BY,
    answers_of,
    invited,
    last_to,
    line_up,
    link_of,
    row_of,
)
from tests.factories.office import Office
from tests.factories.world import complete
from tests.people.test_races import at_once

ASKED, ACCEPTED = ReviewerAnswer.ASKED, ReviewerAnswer.ACCEPTED
DECLINED, LAPSED = ReviewerAnswer.DECLINED, ReviewerAnswer.LAPSED
LATER, SOON = ASKED_ON + timedelta(days=1), ASKED_ON + timedelta(hours=1)
OVER = REPLY_BY + SLACK


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


def spare(office: Office, *names: str) -> None:
    """More reviewers, known in the world by these names."""

    def add(name: str) -> int:
        person = Person(name=f"{name} Spare", email=f"{name.lower()}@example.org")
        person.grants = [RoleGrant(role=Role.REVIEWER)]
        db.session.add(person)
        db.session.flush()
        return person.id

    for name in names:
        office.w.people[name] = office.ask(lambda name=name: add(name))


@pytest.fixture
def office(app: Flask) -> Office:
    made = Office(app)
    spare(made, "A1", "A2", "A3")
    invited(made)
    return made


def declines(office: Office, who: str) -> None:
    """Somebody says no, a day later."""
    with clock.at(LATER):
        office.ask(
            lambda: answering.decline(complete(office.w, "P2"), DeclineReason.TOO_BUSY, "", by=office.w.actor(who))
        )


def skipped(office: Office) -> dict[str, str]:
    """Who was passed over, and why."""
    names = {number: name for name, number in office.w.people.items()}
    rows = office.ask(
        lambda: db.session.execute(sa.select(Alternate.reviewer_id, Alternate.skipped).order_by(Alternate.id)).all()
    )
    return {names[row[0]]: row[1] for row in rows if row[1]}


def test_whoever_declines_is_followed_by_the_first_in_line_who_leads_where_they_led(office: Office) -> None:
    line_up(office, "A1", "A2")
    letters = office.last_letter()
    declines(office, "R3")
    assert answers_of(office) == {"R3": DECLINED, "F3": ASKED, "A1": ASKED}
    assert office.letters(letters) == {("review.invited", "A1"), ("review.answered", "C1"), ("review.answered", "C3")}
    row = row_of(office, "A1")
    assert (row["lead"], row["due_at"], row["reply_by"]) == (True, DUE, LATER + timedelta(days=7))
    assert "A1 Spare, the next alternate, is asked now." in last_to(office, "C1", "review.answered")
    declines(office, "F3")
    assert answers_of(office) == {"R3": DECLINED, "F3": DECLINED, "A1": ASKED, "A2": ASKED}
    assert row_of(office, "A2")["lead"] is False


def test_each_is_looked_at_again_when_their_turn_comes(office: Office) -> None:
    spare(office, "A4")
    line_up(office, "A1", "A2", "R1", "A3", "A4")
    office.conflict("P2", "A1")
    office.ask(lambda: setattr(db.session.get_one(Person, office.w.people["A2"]), "active", False))

    def full() -> None:
        proposal = complete(office.w, "P2")
        set_bounds(proposal.call, {office.w.people["R1"]: Bounds(5)}, {}, by=office.w.actor("C1"))

    office.ask(full)
    declines(office, "R3")
    assert answers_of(office) == {"R3": DECLINED, "F3": ASKED, "A3": ASKED}
    why = skipped(office)
    assert list(why) == ["A1", "A2", "R1"]
    assert "A1 Spare may not review this: Declared on" in why["A1"]
    assert why["A2"] == "That is not a reviewer."
    assert "They have 5 reviews in this call, and 5 at most." in why["R1"]
    page = office.get("C1", "P2", "/alternates").text
    for reason in why.values():
        assert reason.split(":")[0] in page
    assert [each[0] for each in office.events("P2")][-5:-1] == [
        "review.declined",
        *["review.alternate_passed_over"] * 3,
    ]


def test_nobody_left_is_said_and_the_office_asks_by_hand(office: Office) -> None:
    declines(office, "R3")
    assert "Nobody is left to ask" in last_to(office, "C1", "review.answered")
    with office.app.app_context(), pytest.raises(Incomplete), clock.at(LATER):
        alternates.ask_first(complete(office.w, "P1"), by=office.w.actor("C1"))
    line_up(office, "A1")
    letters = office.last_letter()
    assert office.post("C1", "P2", "/alternates/ask").status_code == 302
    assert office.letters(letters) == {("review.invited", "A1")}
    assert row_of(office, "A1")["lead"] is True
    assert office.post("C1", "P2", "/alternates/ask").status_code == 302
    assert answers_of(office) == {"R3": DECLINED, "F3": ASKED, "A1": ASKED}


def test_never_more_than_the_call_needs_are_asked_by_themselves(app: Flask) -> None:
    office = Office(app)
    spare(office, "A1", "A2")
    invited(office, "R3", "F3", "A2")
    line_up(office, "A1")
    declines(office, "R3")
    assert answers_of(office) == {"R3": DECLINED, "F3": ASKED, "A2": ASKED}, "two are needed and two are asked"


def test_too_little_time_asks_nobody_and_says_so(office: Office) -> None:
    line_up(office, "A1")
    with clock.at(DUE - timedelta(days=1, hours=20)):
        office.ask(lambda: answering.decline(complete(office.w, "P2"), DeclineReason.AWAY, "", by=office.w.actor("R3")))
    assert answers_of(office) == {"R3": DECLINED, "F3": ASKED}
    assert "Too little time is left" in last_to(office, "C1", "review.answered")


def test_who_accepts_after_all_may_while_nobody_was_asked_instead(office: Office) -> None:
    declines(office, "F3")

    def again(who: str) -> None:
        with clock.at(LATER + timedelta(hours=1)):
            proposal, by = complete(office.w, "P2"), office.w.actor(who)
            row = [each for each in proposal.assignments if each.reviewer_id == by.id][-1]
            answering.accept_again(proposal, row, by=by)

    office.ask(lambda: again("F3"))
    assert answers_of(office) == {"R3": ASKED, "F3": ACCEPTED}
    line_up(office, "A1")
    declines(office, "R3")
    with pytest.raises(Incomplete, match="asked somebody else meanwhile"):
        office.ask(lambda: again("R3"))
    assert answers_of(office) == {"R3": DECLINED, "F3": ACCEPTED, "A1": ASKED}


# --- by the time ------------------------------------------------------------------------------------------------------


def lapse(office: Office) -> int:
    """What a worker does each minute."""
    with office.app.app_context(), clock.at(OVER):
        return watch.end_invitations()


def remind(office: Office, after: timedelta) -> int:
    """The same, for the reminders, some time after they were asked."""
    with office.app.app_context(), clock.at(ASKED_ON + after):
        return watch.remind_invited()


def test_no_answer_ends_the_access_tells_the_office_and_asks_the_next(office: Office) -> None:
    line_up(office, "A1", "A2", "A3")
    with clock.at(REPLY_BY), office.app.app_context():
        assert watch.end_invitations() == 0, "the last second is heard"
    path, letters = link_of(office, "R3"), office.last_letter()
    assert lapse(office) == 2
    assert lapse(office) == 0
    assert answers_of(office) == {"R3": LAPSED, "F3": LAPSED, "A1": ASKED, "A2": ASKED}
    with office.app.app_context():
        told = db.session.execute(
            sa.select(Message.kind, sa.func.count()).where(Message.id > letters).group_by(Message.kind)
        ).all()
    assert {row[0]: row[1] for row in told} == {"review.answered": 4, "review.invited": 2}
    assert "did not answer by" in last_to(office, "C1", "review.answered")
    with clock.at(OVER):
        assert office.browser("R3").get(f"/reviews/{office.w.proposals['P2']}").status_code == 404
        over = office.app.test_client().get(path)
    assert over.status_code == 410
    assert "The time to answer this invitation ended" in over.text
    assert {"review.lapsed"} == {each[0] for each in office.events("P2") if each[1] == "?" and "lapsed" in each[0]}


def test_each_is_reminded_in_the_middle_and_a_day_before_and_not_once_they_answered(office: Office) -> None:
    office.ask(lambda: setattr(db.session.get_one(Person, office.w.people["F3"]), "password_hash", "x"))
    first = link_of(office, "F3")
    assert remind(office, timedelta(days=3)) == 0
    letters = office.last_letter()
    assert remind(office, timedelta(days=3, hours=13)) == 2
    assert office.letters(letters) == {("review.reminded", "R3"), ("review.reminded", "F3")}
    assert remind(office, timedelta(days=4)) == 0
    assert office.app.test_client().get(first).status_code == 200, "who has a password is led to their page"
    assert f"/reviews/{office.w.proposals['P2']}" in last_to(office, "F3", "review.reminded")
    assert office.app.test_client().get(link_of(office, "R3")).status_code == 200, "who has none gets a living link"
    office.ask(lambda: setattr(db.session.get_one(Person, office.w.people["R3"]), "reminders", False))
    office.ask(lambda: answering.accept(complete(office.w, "P2"), by=office.w.actor("F3")))
    assert remind(office, timedelta(days=6, hours=1)) == 0, "one answered, one switched reminders off"


def test_a_worker_that_was_away_sends_one_reminder(office: Office) -> None:
    assert remind(office, timedelta(days=6, hours=1)) == 2
    assert remind(office, timedelta(days=6, hours=2)) == 0


def test_nothing_lapses_once_the_review_is_over(office: Office) -> None:
    days.withdrawn(office)
    assert lapse(office) == 0
    assert remind(office, timedelta(days=6, hours=1)) == 0


# --- at once ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(fresh_app: Flask) -> Office:
    """The same in a database of its own that really commits."""
    with writing():
        made = Office(fresh_app)
        spare(made, "A1", "A2", "A3")
        invited(made)
        for who in ("R3", "C1", "C3"):
            made.browser(who)
    return made


def asked_count(office: Office) -> dict[str, int]:
    """How many letters of invitation each got."""
    names = {number: name for name, number in office.w.people.items()}
    with office.app.app_context():
        rows = db.session.execute(
            sa.select(Message.to_person_id, sa.func.count())
            .where(Message.kind == "review.invited")
            .group_by(Message.to_person_id)
        ).all()
    return {names[row[0]]: row[1] for row in rows}


def test_three_workers_at_once_ask_nobody_twice(busy: Office) -> None:
    with writing():
        line_up(busy, "A1", "A2", "A3")
    assert sum(at_once(*[lambda: lapse(busy)] * 3)) == 2
    assert answers_of(busy) == {"R3": LAPSED, "F3": LAPSED, "A1": ASKED, "A2": ASKED}
    assert asked_count(busy) == {"R3": 1, "F3": 1, "A1": 1, "A2": 1}


def test_three_workers_at_once_remind_once(busy: Office) -> None:
    assert sum(at_once(*[lambda: remind(busy, timedelta(days=4))] * 3)) == 2


def test_a_yes_and_a_taking_back_at_once_leave_one_of_both(busy: Office) -> None:
    number, version = busy.assignment("P2", "R3"), busy.version("P2")
    address = f"/reviews/{busy.w.proposals['P2']}/answer"

    def accept() -> int:
        with clock.at(SOON):
            return int(busy.browser("R3").post(address, data={"answer": "accept"}).status_code)

    def take_back() -> int:
        with clock.at(SOON):
            data = {"reason": "a while", "version": version}
            path = busy.address("P2", f"/reviewers/{number}/take-off")
            return int(busy.browser("C1").post(path, data=data).status_code)

    answers = at_once(accept, take_back)
    assert answers[1] == 302
    assert answers[0] in (302, 403)
    row = row_of(busy, "R3")
    assert row["removed_at"] is not None
    assert row["answer"] is (ACCEPTED if answers[0] == 302 else ASKED)


def test_a_link_pressed_six_times_at_once_answers_once(busy: Office) -> None:
    path = link_of(busy, "R3")
    with writing():
        line_up(busy, "A1", "A2")

    def press() -> int:
        with clock.at(LATER):
            data = {"answer": "decline", "decline_reason": "too_busy"}
            return int(busy.app.test_client().post(path, data=data).status_code)

    assert set(at_once(*[press] * 6)) == {302}
    assert answers_of(busy) == {"R3": DECLINED, "F3": ASKED, "A1": ASKED}
    assert asked_count(busy) == {"R3": 1, "F3": 1, "A1": 1}
    with busy.app.app_context():
        assert assignment_of(busy.w.actor("R3"), complete(busy.w, "P2")) is None
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Assignment)) > 0
    assert busy.state("P2") is State.IN_REVIEW


def test_what_was_found_of_somebody_passed_over_is_not_taken_for_known(office: Office) -> None:
    """R2 is of the principal investigator's department, which warns, so nobody asks them by itself."""
    line_up(office, "R2", "A1")
    declines(office, "F3")
    assert list(skipped(office)) == ["R2"]
    assert answers_of(office) == {"R3": ASKED, "F3": DECLINED, "A1": ASKED}
    theirs = sa.select(Notice.rule).where(Notice.person_id == office.w.people["R2"])
    assert (
        office.ask(lambda: db.session.scalars(theirs.where(Notice.proposal_id == office.w.proposals["P2"])).all()) == []
    )
