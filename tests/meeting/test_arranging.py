"""A meeting from the first plan to its time: slots, answers, invitations, changes, the end; who is told what, and what
their calendar reads."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from intake import clock
from intake.audit.models import Event
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.meeting import agenda, closing, planning, slots
from intake.meeting.inviting import standing
from intake.meeting.models import Meeting, MeetingLink
from intake.meeting.queries import behind_link, clashes
from intake.notification.models import Message
from intake.notification.relay import written
from intake.people.models import PersonAddress
from intake.proposal.models import TeamMember
from intake.vocabulary import ComesAs, SlotAnswer
from tests.factories.meetings import GUEST, LATER, NOON, TITLE, about, arranged, fresh, line_of, planned
from tests.factories.world import BEGAN, PEOPLE, TITLES, World, build

Y, M, N = SlotAnswer.YES, SlotAnswer.IF_NEED_BE, SlotAnswer.NO


@pytest.fixture
def world(room: Flask) -> World:
    return build()


def letters(kind: str = "") -> list[Message]:
    asked = sa.select(Message).where(Message.kind.startswith(f"meeting.{kind}")).order_by(Message.id)
    return list(db.session.scalars(asked))


def told(world: World, kind: str) -> set[str]:
    names = {number: name for name, number in world.people.items()}
    return {names.get(each.to_person_id or 0, "guest") for each in letters(kind)}


def event_of(message: Message) -> tuple[str, Any]:
    """The method and the one event of the letter's file, as a mail program reads them."""
    mail = written(message, "intake@example.org", BEGAN)
    (part,) = (each for each in mail.walk() if each.get_content_type() == "text/calendar")
    text = part.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert text.decode() == message.calendar
    found = Calendar.from_ical(text)
    assert part.get_param("method") == found["METHOD"]
    (event,) = found.walk("VEVENT")
    return found["METHOD"], event


def link_in(message: Message) -> str:
    found = re.search(r"/meeting/([\w-]+)", message.body_text)
    assert found is not None
    return found.group(1)


def test_times_are_offered_answered_and_one_is_chosen(world: World) -> None:
    with clock.at(BEGAN):
        number = planned(world)
        by = world.actor("C1")
        assert letters() == []
        slots.offer(fresh(number), [NOON, LATER], by=by)
        assert told(world, "offered") == {"C1", "C3", "F1", "F2", "F3", "R1", "S1", "guest"}
        assert {each.calendar for each in letters()} == {""}
        first, second = fresh(number).slots
        slots.answer(fresh(number), {first.id: Y, second.id: N}, by=world.actor("F1"))
        slots.answer(fresh(number), {first.id: N, second.id: N}, by=world.actor("F3"))
        slots.answer(fresh(number), {first.id: M, second.id: N}, by=world.actor("F3"))
        token = link_in(next(each for each in letters("offered") if each.to_person_id is None))
        slots.answer_by_link(token, fresh(number), {first.id: Y, second.id: Y})
        meeting = fresh(number)
        assert slots.suits(meeting, meeting.slots[0], standing(meeting)) == {Y: 2, M: 1, None: 5}
        assert slots.suits(meeting, meeting.slots[1], standing(meeting)) == {Y: 1, N: 2, None: 5}
        slots.choose(meeting, NOON, anyway=True, by=by)
        with pytest.raises(Refused):
            slots.answer(fresh(number), {first.id: Y, second.id: Y}, by=world.actor("F1"))
        with pytest.raises(Incomplete):
            slots.answer_by_link(token, fresh(number), {first.id: Y, second.id: Y})
    assert told(world, "invited") == told(world, "offered")
    for message in letters("invited"):
        method, event = event_of(message)
        assert (method, event["SEQUENCE"], event["DTSTART"].dt) == ("REQUEST", 0, NOON)
        assert event["ATTENDEE"] == f"mailto:{message.to_address}"


def test_a_file_gives_away_nothing_of_proposals_and_nobody_else(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
        closing.cancel(fresh(number), "The room is flooded.", by=world.actor("C1"))
    addresses = {f"{name.lower()}@example.org" for name in PEOPLE} | {GUEST[1]}
    names = {full for _, _, full in PEOPLE.values()} | {GUEST[0]}
    assert {message.kind.split(".")[-1] for message in letters()} >= {"invited", "cancelled"}
    for message in letters():
        whole = message.calendar.replace("\r\n ", "") + message.subject + message.body_text + message.body_html
        assert not [title for title in TITLES.values() if title in whole]
        assert "CALL-A-" not in whole
        assert [each for each in addresses if each in whole] in ([], [message.to_address])
        others = [each for each in names if each in whole]
        assert len(others) <= 1, others
        assert [each.heading for each in fresh(number).items if each.heading in whole] == []


def test_a_meeting_keeps_its_name_and_its_sequence_rises(world: World) -> None:
    with clock.at(BEGAN):
        number, by = arranged(world), world.actor("C1")
        meeting = fresh(number)
        slots.choose(meeting, LATER, by=by)
        meeting = fresh(number)
        planning.change(
            meeting,
            meeting.version,
            title=TITLE,
            place="Online",
            minutes=60,
            zone="Asia/Hong_Kong",
            chair_id=None,
            by=by,
        )
        closing.cancel(fresh(number), "The sponsor asked for it.", by=by)
    mine = [each for each in letters() if each.to_person_id == world.people["F1"]]
    assert [each.kind for each in mine] == [f"meeting.{k}" for k in ("invited", "moved", "changed", "cancelled")]
    read = [event_of(each) for each in mine]
    assert [method for method, _ in read] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [event["SEQUENCE"] for _, event in read] == [0, 1, 2, 3]
    assert len({event["UID"] for _, event in read}) == 1
    assert [event["DTSTART"].dt for _, event in read] == [NOON, LATER, LATER, LATER]
    assert "The sponsor asked for it." in mine[-1].body_text


def test_each_side_reads_the_time_on_its_own_clock(world: World) -> None:
    with clock.at(BEGAN):
        arranged(world)
    guest = next(each for each in letters("invited") if each.to_person_id is None)
    applicant = next(each for each in letters("invited") if each.to_person_id == world.people["F1"])
    assert "12 Mar 2026, 05:00 CET" in guest.body_text
    assert "At the office that is 12 Mar 2026, 12:00 HKT." in guest.body_text
    assert "12 Mar 2026, 12:00 HKT" in applicant.body_text
    assert "At the office" not in applicant.body_text
    _, event = event_of(guest)
    assert event["DTSTART"].params["TZID"] == "Europe/Berlin"


def test_a_guests_link_is_kept_as_a_hash_and_ends_when_they_are_taken_off(world: World) -> None:
    with clock.at(BEGAN):
        number, by = arranged(world), world.actor("C1")
        message = next(each for each in letters("invited") if each.to_person_id is None)
        token = link_in(message)
        assert message.secret
        assert token in message.calendar.replace("\r\n ", "")
        assert token not in set(db.session.scalars(sa.select(MeetingLink.token_hash)))
        found = behind_link(token)
        assert found is not None
        planning.take_off(fresh(number), next(e for e in standing(fresh(number)) if e.id == found.id), by=by)
        assert behind_link(token) is None
    method, event = event_of(letters("taken_off")[0])
    assert (method, event["SEQUENCE"]) == ("CANCEL", 1)


def test_who_left_the_team_gets_no_news_but_that_they_need_not_come(world: World) -> None:
    with clock.at(BEGAN):
        number, by = arranged(world), world.actor("C1")
        about(fresh(number), world, "P4").attendance = []
        db.session.flush()
        db.session.execute(
            sa.delete(TeamMember).where(
                TeamMember.proposal_id == world.proposals["P1"], TeamMember.person_id == world.people["F2"]
            )
        )
        db.session.expire_all()
        slots.choose(fresh(number), LATER, by=by)
    assert told(world, "moved") == {"C1", "C3", "F1", "F3", "R1", "S1", "guest"}
    assert told(world, "taken_off") == {"F2"}
    assert event_of(letters("taken_off")[0])[0] == "CANCEL"


def test_somebody_busy_elsewhere_is_seen_before_a_time_is_chosen(world: World) -> None:
    with clock.at(BEGAN):
        arranged(world)
        number, by = planned(world), world.actor("C1")
        meeting = fresh(number)
        soon, after = NOON + timedelta(minutes=60), NOON + timedelta(minutes=90)
        found = clashes(meeting, [soon, after])
        assert found[soon] == {each.id for each in standing(meeting)}
        assert found[after] == set()
        with pytest.raises(Incomplete, match="another meeting"):
            slots.choose(meeting, soon, by=by)
        slots.choose(fresh(number), soon, anyway=True, by=by)
        assert fresh(number).begins_at == soon


@pytest.mark.parametrize("who", ["F1", "S1", "C2", "AD", "R1"])
def test_nobody_but_a_coordinator_of_the_call_runs_it(world: World, who: str) -> None:
    with clock.at(BEGAN):
        number, by = arranged(world), world.actor(who)
        for act in (
            lambda: slots.choose(fresh(number), LATER, by=by),
            lambda: closing.cancel(fresh(number), "no", by=by),
            lambda: closing.hold(fresh(number), by=by),
            lambda: planning.copy(fresh(number), by=by),
            lambda: planning.ask_guest(fresh(number), "X", "x@example.org", "UTC", by=by),
        ):
            with pytest.raises(Refused):
                act()


def test_an_item_takes_only_whom_and_what_fits(world: World) -> None:
    with clock.at(BEGAN):
        number, by = planned(world), world.actor("C1")
        common: dict[str, Any] = {"heading": "", "minutes": 10, "theme_id": None, "contact_id": None, "by": by}
        wrong = line_of(fresh(number), world, "F3")
        for values in (
            {"proposal_id": None, "attendee_ids": []},
            {"proposal_id": world.proposals["Q1"], "attendee_ids": []},
            {"proposal_id": world.proposals["P1"], "attendee_ids": [wrong]},
            {"proposal_id": world.proposals["P1"], "attendee_ids": [], "contact_id": world.people["S2"]},
        ):
            with pytest.raises(Incomplete):
                agenda.put(fresh(number), None, **{**common, **values})
        conflicted = {**common, "by": world.actor("C3")}
        with pytest.raises(Incomplete):
            agenda.put(fresh(number), None, **conflicted, proposal_id=world.proposals["P4"], attendee_ids=[])
        with pytest.raises(Refused):
            agenda.take_away(fresh(number), about(fresh(number), world, "P4"), seen="", by=world.actor("C3"))
        agenda.put(fresh(number), None, **common, proposal_id=world.proposals["P2"], attendee_ids=[])
        new = about(fresh(number), world, "P2")
        assert [row.participant_id for row in new.attendance] == [line_of(fresh(number), world, "F2")]
        agenda.move(fresh(number), new, up=True, seen=agenda.order(fresh(number)), by=by)
        assert [each.id for each in fresh(number).items].index(new.id) == 3
        new = about(fresh(number), world, "P2")
        agenda.take_away(fresh(number), new, seen=agenda.edition(fresh(number), new, by), by=by)
        assert len(fresh(number).items) == 4


def test_a_copy_holds_what_its_maker_may_see(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
        whole = fresh(planning.copy(fresh(number), by=world.actor("C1")).id)
        less = fresh(planning.copy(fresh(number), by=world.actor("C3")).id)

    def shape(meeting: Meeting) -> list[tuple[str, int]]:
        return [(each.heading, len(each.attendance)) for each in meeting.items]

    assert shape(whole) == shape(fresh(number))
    assert shape(less) == shape(fresh(number))[:3]
    assert (whole.begins_at, whole.slots, whole.uid != fresh(number).uid) == (None, [], True)
    assert len(letters("invited")) == 8


def test_the_log_tells_it_of_the_proposals_and_nothing_more_of_the_meeting(world: World) -> None:
    with clock.at(BEGAN):
        number = arranged(world)
        db.session.commit()
    rows = db.session.execute(
        sa.select(Event.subject_type, Event.subject_id, Event.note, Event.facts).where(
            Event.action == "meeting.arranged"
        )
    ).all()
    assert {(row.subject_type, row.subject_id) for row in rows} == {
        ("meeting", number), *(("proposal", world.proposals[name]) for name in ("P1", "P3", "P4"))
    }  # fmt: skip
    assert {row.note for row in rows} == {""}
    assert [row.facts for row in rows if row.subject_type == "meeting"] == [{}]


def test_somebody_with_an_account_is_asked_as_such_by_their_address(world: World) -> None:
    with clock.at(BEGAN):
        number, by = planned(world), world.actor("C1")
        line = planning.ask_guest(fresh(number), "Whoever", "R2@Example.org", "UTC", by=by)
        assert (line.person_id, line.comes_as, line.email) == (world.people["R2"], ComesAs.GUEST, "")
        with pytest.raises(Incomplete, match="asked already"):
            planning.ask_guest(fresh(number), "Whoever", "r2@example.org", "UTC", by=by)


def test_somebody_with_an_account_is_known_under_every_address(world: World) -> None:
    with clock.at(BEGAN):
        number, by = planned(world), world.actor("C1")
        db.session.add(PersonAddress(person_id=world.people["R2"], email="hana@elsewhere.example"))
        db.session.flush()
        line = planning.ask_guest(fresh(number), "Whoever", "Hana@elsewhere.example", "UTC", by=by)
        assert line.person_id == world.people["R2"]


def test_the_contact_of_an_item_is_asked_and_attends_it(world: World) -> None:
    with clock.at(BEGAN):
        number, by = planned(world), world.actor("C1")
        planning.take_off(
            fresh(number), next(e for e in standing(fresh(number)) if e.person_id == world.people["S1"]), by=by
        )
        agenda.put(
            fresh(number), None, heading="Anew", minutes=5, proposal_id=None, theme_id=None,
            contact_id=world.people["S1"], attendee_ids=[], by=by,
        )  # fmt: skip
        new = fresh(number).items[-1]
        line = next(each for each in standing(fresh(number)) if each.person_id == world.people["S1"])
        assert [row.participant_id for row in new.attendance] == [line.id]
        assert (line.comes_as, line.zone) == (ComesAs.CONTACT, "Asia/Shanghai")
