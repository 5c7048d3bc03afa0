"""The time of a meeting on its pages: who said no, what speaks against a time, and one that is over already."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from intake import clock
from intake.call.queries import one as call_with
from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting import closing, minutes, planning, slots
from intake.meeting.doubts import doubts_about
from intake.meeting.inviting import standing
from intake.meeting.times import on_a_weekend, outside_hours
from intake.people.models import Person
from intake.vocabulary import ComesAs, MeetingKind, SlotAnswer
from tests.factories.meetings import LATER, NOON, about, fresh, line_of, planned
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import BEGAN
from tests.views.meeting_pages import DAY_BEFORE, HOUR_AFTER, get, item, made, post, text

Y, N = SlotAnswer.YES, SlotAnswer.NO
FRIDAY, SATURDAY = "2026-03-13T15:00", "2026-03-14T03:00"


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def bare(office: Office) -> int:
    """A meeting with C1 and F1, all in Hong Kong."""
    w = office.w

    def plan() -> int:
        by = w.actor("C1")
        facts: dict[str, Any] = {"title": "A talk", "place": "", "zone": "Asia/Hong_Kong", "minutes": 60, "by": by}
        call = call_with("CALL-A")
        assert call is not None
        number = planning.make(call, kind=MeetingKind.MATCHING, **facts).id
        person = db.session.get_one(Person, w.people["F1"])
        planning.ask_person(fresh(number), person, ComesAs.APPLICANT, "Asia/Hong_Kong", by=by)
        return number

    with clock.at(BEGAN):
        found: int = office.ask(plan)
    return found


def refused(office: Office) -> int:
    """The meeting with two times that are offered: F1 says no to the first, S1 to the second."""
    number, w = made(office, planned), office.w

    def offer() -> None:
        slots.offer(fresh(number), [NOON, LATER], by=w.actor("C1"))
        first, second = (each.id for each in fresh(number).slots)
        slots.answer(fresh(number), {first: N, second: Y}, by=w.actor("F1"))
        slots.answer(fresh(number), {first: Y, second: N}, by=w.actor("S1"))

    with clock.at(BEGAN):
        office.ask(offer)
    return number


def test_the_office_reads_who_said_no_and_others_read_only_their_own_answer(office: Office) -> None:
    number = refused(office)
    page = get(office, "C1", f"/meetings/{number}").text
    rows = [words(each) for each in re.findall(r'<th scope="row">.*?</th>', page, re.DOTALL) if "HKT" in each]
    assert ["No: Ada Applicant" in rows[0], "No: Jun Alba" in rows[0]] == [True, False]
    assert ["No: Ada Applicant" in rows[1], "No: Jun Alba" in rows[1]] == [False, True]
    assert "No answer: Dora Desk, Ben Bidder" in rows[0]
    for who in ("F1", "F2", "R1", "S1"):
        assert "No: " not in text(office, who, f"/meetings/{number}"), who


def test_a_time_that_somebody_refused_is_chosen_only_on_purpose(office: Office) -> None:
    number = refused(office)
    first = office.ask(lambda: fresh(number).slots[0].id)
    page = get(office, "C1", f"/meetings/{number}/time?slot={first}").text
    assert "Said no to this time: Ada Applicant." in words(page)
    assert f'name="asked" value="{NOON.isoformat()}"' in page
    sent = {"begins_at": "2026-03-12T12:00"}
    plain = post(office, "C1", f"/meetings/{number}/time", **sent)
    assert plain.status_code == 422
    assert "Choose another time, or tick that it is to stand." in words(plain.text)
    other = {**sent, "anyway": "y", "asked": LATER.isoformat()}
    again = post(office, "C1", f"/meetings/{number}/time", **other)
    assert again.status_code == 422, "ticked for what speaks against another time"
    assert not re.search(r'name="anyway"[^>]*checked|checked[^>]*name="anyway"', again.text)
    assert office.ask(lambda: fresh(number).begins_at) is None
    told = {**sent, "anyway": "y", "asked": NOON.isoformat()}
    assert post(office, "C1", f"/meetings/{number}/time", **told).status_code == 302
    assert office.ask(lambda: fresh(number).begins_at) == NOON


def test_a_night_and_a_weekend_are_asked_about_and_a_working_day_is_not(office: Office) -> None:
    number = bare(office)
    assert 'name="anyway"' not in get(office, "C1", f"/meetings/{number}/time").text
    asks = post(office, "C1", f"/meetings/{number}/time", begins_at=SATURDAY)
    assert asks.status_code == 422
    names = "Dora Desk, Ada Applicant: 14 Mar 2026, 03:00 HKT."
    for said in ("Before 08:00 or after 20:00 for", "On a weekend for"):
        assert f"{said} {names}" in words(asks.text)
    assert post(office, "C1", f"/meetings/{number}/time", begins_at=FRIDAY).status_code == 302


@pytest.mark.parametrize(
    ("hour", "minutes", "outside"), [(8, 60, False), (7, 60, True), (19, 60, False), (19, 61, True), (23, 90, True)]
)
def test_hours_are_those_of_each_clock(hour: int, minutes: int, outside: bool) -> None:
    at = datetime(2026, 3, 13, hour, tzinfo=UTC)
    assert outside_hours(at, minutes, "UTC") is outside
    assert outside_hours(at - timedelta(hours=8), minutes, "Asia/Hong_Kong") is outside


def test_a_weekend_is_that_of_each_clock() -> None:
    late_on_friday = datetime(2026, 3, 13, 20, tzinfo=UTC)
    assert [on_a_weekend(late_on_friday, zone) for zone in ("UTC", "Asia/Hong_Kong")] == [False, True]


def test_what_speaks_against_a_time_names_nobody_of_whom_the_reader_may_not_learn(office: Office) -> None:
    """F2 attends nothing but P1 and P4; with P1 gone C3, from whom P4 is withheld, does not learn of them."""
    number = refused(office)

    def said(who: str) -> str:
        meeting = fresh(number)
        return " ".join(str(each) for each in doubts_about(meeting, NOON, office.w.actor(who)))

    def refuse() -> None:
        first, second = (each.id for each in fresh(number).slots)
        slots.answer(fresh(number), {first: N, second: N}, by=office.w.actor("F2"))
        about(fresh(number), office.w, "P1").attendance = []

    with clock.at(BEGAN):
        office.ask(refuse)
    names = [office.ask(lambda who=who: "Ben Bidder" in said(who)) for who in ("C1", "C3")]
    assert names == [True, False]


def test_a_time_that_cannot_be_offered_is_marked_where_it_was_typed(office: Office) -> None:
    number = bare(office)
    sent = {"at_1": FRIDAY, "at_2": "2026-03-01T10:00", "at_3": "2026-03-16T10:00"}
    wrong = post(office, "C1", f"/meetings/{number}/slots", **sent)
    assert wrong.status_code == 422
    assert re.findall(r'id="(at_\d)-error"', wrong.text) == ["at_2"]
    assert "Time 2: This time is over." in words(wrong.text)
    assert post(office, "C1", f"/meetings/{number}/slots", at_1=FRIDAY).status_code == 302
    again = post(office, "C1", f"/meetings/{number}/slots", at_1="2026-03-16T10:00", at_2=FRIDAY)
    assert re.findall(r'id="(at_\d)-error"', again.text) == ["at_2"]
    assert "Time 2: This time is offered already." in words(again.text)
    assert office.ask(lambda: len(fresh(number).slots)) == 1


def test_a_meeting_that_was_held_already_is_recorded_and_nobody_gets_a_letter(office: Office) -> None:
    number = made(office, planned)
    before = office.last_letter()
    page, sent = f"/meetings/{number}/time", {"begins_at": "2026-03-02T15:00"}
    over = post(office, "C1", page, **sent)
    assert over.status_code == 422
    assert "This time is over. If the meeting was held then, tick that it was." in words(over.text)
    assert re.search(
        r'name="already"[^>]*checked|checked[^>]*name="already"', get(office, "C1", f"{page}?already=y").text
    )
    ahead = post(office, "C1", page, begins_at=FRIDAY, already="y")
    assert (ahead.status_code, "This time is to come." in words(ahead.text)) == (422, True)
    assert get(office, "F1", f"/meetings/{number}").status_code == 404
    done = post(office, "C1", page, **sent, already="y")
    assert done.status_code == 302
    facts = office.ask(lambda: (fresh(number).begins_at, fresh(number).held_at))
    assert facts == (datetime(2026, 3, 2, 7, 0, tzinfo=UTC), DAY_BEFORE)
    assert office.ask(lambda: {each.invited for each in standing(fresh(number))}) == {False}
    assert office.letters(before) == set()
    notes = f"/meetings/{number}/items/{item(office, number, 'P1')}/minutes"
    mark = office.ask(lambda: minutes.notes_edition(about(fresh(number), office.w, "P1")))
    assert post(office, "C1", notes, notes="They agreed.", seen=mark).status_code == 302
    assert "They agreed." in text(office, "F1", f"/meetings/{number}")
    assert "They agreed." not in text(office, "F3", f"/meetings/{number}")
    assert post(office, "C1", page, begins_at=FRIDAY).status_code == 422, "it is over"


def test_a_meeting_that_everybody_still_expects_is_not_recorded_as_held_before(office: Office) -> None:
    number = made(office)
    sent = {"begins_at": "2026-03-02T15:00", "already": "y"}
    early = post(office, "C1", f"/meetings/{number}/time", NOON - timedelta(hours=1), **sent)
    assert (early.status_code, "Everybody expects it at another time." in words(early.text)) == (422, True)
    assert office.ask(lambda: (fresh(number).begins_at, fresh(number).held_at)) == (NOON, None)
    assert post(office, "C1", f"/meetings/{number}/time", HOUR_AFTER, **sent).status_code == 302
    assert office.ask(lambda: fresh(number).held_at) == HOUR_AFTER


def test_a_meeting_that_was_held_needs_somebody_who_was_there(office: Office) -> None:
    number = bare(office)

    def alone() -> None:
        by = office.w.actor("C1")
        row = line_of(fresh(number), office.w, "F1")
        planning.take_off(fresh(number), next(e for e in standing(fresh(number)) if e.id == row), by=by)
        with pytest.raises(Incomplete, match="put down who was there"):
            closing.record_held(fresh(number), BEGAN, by=by)

    with clock.at(NOON):
        office.ask(alone)


def test_one_word_says_when_minutes_are_read(office: Office) -> None:
    number = made(office)
    path = f"/meetings/{number}/items/{item(office, number, 'P1')}/minutes"
    before = [text(office, "C1", each, HOUR_AFTER) for each in (path, f"/meetings/{number}")]
    assert "Who attends the item reads this once the meeting was held." in before[0]
    assert "It was held" in before[1]
    assert post(office, "C1", f"/meetings/{number}/hold", HOUR_AFTER).status_code == 302
    after = [text(office, "C1", each, HOUR_AFTER) for each in (f"/meetings/{number}", path)]
    assert "The meeting is held." in after[0]
    assert [each for each in (*before, *after) if "meeting is closed" in each] == []
