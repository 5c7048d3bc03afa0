"""The pages of meetings: who opens which, what stands on them, and what their buttons do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from intake import clock
from intake.extensions import db
from intake.meeting import agenda, slots
from intake.meeting.models import CalendarFeed, Meeting, MeetingSlot, Participant, SlotReply
from intake.notification.models import Message
from intake.people.guesses import Guess
from intake.people.models import PersonAddress
from tests.factories.counting import statements
from tests.factories.meetings import GUEST, LATER, NOON, TITLE, about, arranged, fresh, line_of, planned
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import BEGAN, PEOPLE, TITLES
from tests.views.meeting_pages import DAY_BEFORE, get, item, made, post, text


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


# --- who sees what ----------------------------------------------------------------------------------------------------


def test_the_page_tells_each_what_they_may_know(office: Office) -> None:
    number = made(office)
    seen = {"F1": {"P1"}, "F2": {"P1", "P4"}, "F3": {"P3"}, "R1": {"P1"}, "S1": set(), "C1": {"P1", "P3", "P4"}}
    for who, names in seen.items():
        page = text(office, who, f"/meetings/{number}")
        assert {name for name, title in TITLES.items() if title in page} == names, who
        paper = text(office, who, f"/meetings/{number}/paper")
        assert {name for name, title in TITLES.items() if title in paper} == names, who
    contact = text(office, "S1", f"/meetings/{number}")
    assert [words for words in ("A first look", "A second look", "A third look") if words in contact] == [
        "A first look",
        "A second look",
    ]
    assert "An item of 20 minutes" in contact
    assert "Gus Reader" not in contact


def test_a_coordinator_in_conflict_sees_nothing_of_the_item(office: Office) -> None:
    number = made(office)
    page = text(office, "C3", f"/meetings/{number}")
    assert "An item of 20 minutes" in page
    assert TITLES["P4"] not in page
    assert "A third look" not in page
    inside = item(office, number, "P4")
    for path in (f"items/{inside}", f"items/{inside}/minutes"):
        assert get(office, "C3", f"/meetings/{number}/{path}").status_code == 404
    for path in (f"items/{inside}/outcome", f"items/{inside}/actions"):
        assert post(office, "C3", f"/meetings/{number}/{path}").status_code == 404
    for path in ("remove", "move"):
        replies = [post(office, "C3", f"/meetings/{number}/items/{each}/{path}") for each in (inside, 999_999)]
        assert {(each.status_code, each.location) for each in replies} == {(302, replies[0].location)}
    assert inside in office.ask(lambda: [each.id for each in fresh(number).items])
    new = get(office, "C3", f"/meetings/{number}/items/new").get_data(as_text=True)
    assert TITLES["P4"] not in new
    assert TITLES["P1"] in new


@pytest.mark.parametrize("who", ["C2", "AD", "N", "Q", "R2", "S2"])
def test_for_all_others_there_is_no_such_meeting(office: Office, who: str) -> None:
    number = made(office)
    for path in ("", "/paper", "/meeting.ics", "/plan", "/people", "/items/new", "/slots", "/time", "/cancel"):
        assert get(office, who, f"/meetings/{number}{path}").status_code == 404, path
    for path in ("/answer", "/hold", "/copy"):
        assert post(office, who, f"/meetings/{number}{path}").status_code == 404, path
    assert TITLE not in text(office, who, "/meetings")


def test_who_only_comes_finds_no_buttons_of_the_office(office: Office) -> None:
    number = made(office)
    page = get(office, "F1", f"/meetings/{number}").get_data(as_text=True)
    assert [word for word in ("/plan", "/items/new", "/cancel", "/copy", "/hold", "/minutes") if word in page] == []
    refused = get(office, "F1", f"/meetings/{number}/plan")
    assert refused.status_code == 403
    assert "Only a coordinator of the call may do this." in refused.get_data(as_text=True)
    first = item(office, number, "P1")
    assert get(office, "F1", f"/meetings/{number}/items/{first}/minutes").status_code == 403


def test_the_file_of_the_page_names_nobody(office: Office) -> None:
    number = made(office)
    reply = get(office, "F1", f"/meetings/{number}/meeting.ics")
    assert reply.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(reply.get_data()).walk("VEVENT")
    assert (str(event["SUMMARY"]), event["DTSTART"].dt) == (TITLE, NOON)
    assert "ATTENDEE" not in reply.get_data(as_text=True)
    without = made(office, planned)
    assert get(office, "C1", f"/meetings/{without}/meeting.ics").status_code == 404


# --- planning ---------------------------------------------------------------------------------------------------------


def test_a_meeting_is_planned_from_nothing_to_its_time(office: Office) -> None:
    before = office.last_letter()
    assert "No meetings yet" in text(office, "C1", "/desk/calls/CALL-A/meetings")
    data = {"title": "A round", "kind": "matching", "place": "P5", "minutes": "60", "zone": "Asia/Hong_Kong"}
    reply = post(office, "C1", "/desk/calls/CALL-A/meetings/new", **data)
    assert reply.status_code == 302
    place = reply.location
    empty = post(office, "C1", "/desk/calls/CALL-A/meetings/new", **{**data, "title": " ", "minutes": "0"})
    assert empty.status_code == 422
    assert post(office, "C1", f"{place}/items/new", heading="", minutes="10").status_code == 422
    wrong = post(office, "C1", f"{place}/items/new", proposal_id=office.w.proposals["Q1"], minutes="10")
    assert wrong.status_code == 422
    assert (
        post(office, "C1", f"{place}/items/new", proposal_id=office.w.proposals["P2"], minutes="20").status_code == 302
    )
    who = f"contact:{office.w.people['S1']}"
    assert post(office, "C1", f"{place}/people", form="person", who=who, zone="Asia/Shanghai").status_code == 302
    guest = {"form": "guest", "name": GUEST[0], "email": GUEST[1], "zone": "Europe/Berlin"}
    assert post(office, "C1", f"{place}/people", **guest).status_code == 302
    again = post(office, "C1", f"{place}/people", **guest)
    assert again.status_code == 422
    assert "asked already" in again.get_data(as_text=True)
    assert office.letters(before) == set()
    assert post(office, "C1", f"{place}/slots", at_1="2026-03-01T10:00").status_code == 422
    assert post(office, "C1", f"{place}/slots", at_1="2026-03-12T12:00", at_2="2026-04-02T15:00").status_code == 302
    assert office.letters(before) == {("meeting.offered", who) for who in ("C1", "F2", "S1", "?")}
    page = text(office, "S1", place)
    assert "12 Mar 2026, 12:00 Shanghai" in page
    assert "12:00 HKT" not in page, "it is the same clock"
    slot = office.ask(lambda: db.session.scalars(sa.select(MeetingSlot.id).order_by(MeetingSlot.begins_at)).first())
    assert 'value="2026-03-12T12:00"' in get(office, "C1", f"{place}/time?slot={slot}").get_data(as_text=True)
    early = post(office, "C1", f"{place}/time", begins_at="2026-03-12T12:00")
    assert early.status_code == 422
    assert "Before 08:00 or after 20:00 for Olga Guest: 12 Mar 2026, 05:00 CET." in words(early.text)
    anyway = {"anyway": "y", "asked": NOON.isoformat()}
    assert post(office, "C1", f"{place}/time", begins_at="2026-03-12T12:00", **anyway).status_code == 302
    assert office.ask(lambda: db.session.scalar(sa.select(Meeting.begins_at))) == NOON
    assert text(office, "F2", "/meetings").count("A round") == 1


def test_the_plan_of_a_stale_page_is_not_kept(office: Office) -> None:
    number = made(office)
    version = office.ask(lambda: fresh(number).version)
    data = {"title": "Another title", "place": "Online", "minutes": "90", "zone": "Asia/Hong_Kong"}
    assert post(office, "C1", f"/meetings/{number}/plan", version=version - 1, **data).status_code == 409
    assert post(office, "C1", f"/meetings/{number}/plan", version=version, **data).status_code == 302
    assert office.ask(lambda: (fresh(number).title, fresh(number).sequence)) == ("Another title", 1)


def test_a_busy_time_is_taken_only_on_purpose(office: Office) -> None:
    made(office)
    number = made(office, planned)
    asked = post(office, "C1", f"/meetings/{number}/time", begins_at="2026-03-12T12:30")
    assert asked.status_code == 422
    assert "In another meeting then: Dora Desk, Ada Applicant" in words(asked.text)
    told = (NOON + timedelta(minutes=30)).isoformat()
    taken = post(office, "C1", f"/meetings/{number}/time", begins_at="2026-03-12T12:30", anyway="y", asked=told)
    assert taken.status_code == 302


def seen_of(office: Office, number: int, name: str) -> str:
    """The mark of the item about a proposal, as C1 reads it."""

    def mark() -> str:
        meeting = fresh(number)
        return agenda.edition(meeting, about(meeting, office.w, name), office.w.actor("C1"))

    found: str = office.ask(mark)
    return found


def test_buttons_of_the_plan(office: Office) -> None:
    number = made(office)
    home = f"/meetings/{number}"
    theme, third = item(office, number, ""), item(office, number, "P3")
    seen = office.ask(lambda: agenda.order(fresh(number)))
    assert post(office, "C1", f"/meetings/{number}/items/{theme}/move", act="up", seen=seen).status_code == 302
    order = office.ask(lambda: [each.id for each in fresh(number).items])
    assert order.index(theme) < order.index(third)
    assert f'name="seen" value="{seen_of(office, number, "P3")}"' in get(office, "C1", f"{home}/items/{third}").text
    assert post(office, "C1", f"{home}/items/{third}/remove", seen=seen_of(office, number, "P3")).status_code == 302
    assert third not in office.ask(lambda: [each.id for each in fresh(number).items])
    line = office.ask(lambda: line_of(fresh(number), office.w, "F3"))
    assert post(office, "C1", f"/meetings/{number}/people/{line}/remove").status_code == 302
    assert office.ask(lambda: db.session.get_one(Participant, line).removed_at) is not None
    assert get(office, "F3", f"/meetings/{number}").status_code == 404
    copied = post(office, "C1", f"/meetings/{number}/copy", once="k")
    assert copied.status_code == 302
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count(Meeting.id)))) == 2
    assert post(office, "C1", f"/meetings/{number}/cancel", reason=" ").status_code == 422
    assert post(office, "C1", f"/meetings/{number}/cancel", reason="The room is flooded.").status_code == 302
    assert "It does not take place. The room is flooded." in text(office, "F1", f"/meetings/{number}")


# --- answering --------------------------------------------------------------------------------------------------------


def offered(office: Office) -> int:
    number = made(office, planned)
    with clock.at(BEGAN):
        office.ask(lambda: slots.offer(fresh(number), [NOON, LATER], by=office.w.actor("C1")))
    return number


def test_times_are_answered_with_an_account(office: Office) -> None:
    number = offered(office)
    first, second = office.ask(lambda: [each.id for each in fresh(number).slots])
    half = post(office, "F1", f"/meetings/{number}/answer", **{f"slot_{first}": "yes"})
    assert half.status_code == 422
    assert re.search(rf'id="slot_{first}-0"[^>]*checked|checked[^>]*id="slot_{first}-0"', half.get_data(as_text=True))
    whole = {f"slot_{first}": "yes", f"slot_{second}": "if_need_be"}
    assert post(office, "F1", f"/meetings/{number}/answer", **whole).status_code == 302
    rows = office.ask(lambda: sorted(db.session.scalars(sa.select(SlotReply.answer)), key=str))
    assert rows == ["if_need_be", "yes"]
    assert post(office, "C2", f"/meetings/{number}/answer", **whole).status_code == 404


def test_a_guest_answers_by_a_button_and_never_by_opening_the_link(office: Office) -> None:
    number = offered(office)
    asked = sa.select(Message.body_text).where(Message.to_address == GUEST[1])
    (path,) = set(re.findall(r"/meeting/[\w-]+", office.ask(lambda: db.session.scalars(asked).one())))
    page = get(office, "X", path)
    seen = words(page.get_data(as_text=True))
    assert "12 Mar 2026, 05:00 CET = 12 Mar 2026, 12:00 HKT" in seen
    assert "The theme as a whole" in seen
    assert "A first look" not in seen
    assert [full for _, _, full in PEOPLE.values() if full in seen] == []
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(SlotReply))) == 0
    first, second = office.ask(lambda: [each.id for each in fresh(number).slots])
    assert post(office, "X", path, **{f"slot_{first}": "no"}).status_code == 422
    assert post(office, "X", path, **{f"slot_{first}": "no", f"slot_{second}": "yes"}).status_code == 302
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(SlotReply))) == 2
    assert get(office, "X", "/meeting/nothing").status_code == 404
    assert post(office, "X", "/meeting/nothing").status_code == 404


def test_a_guests_link_shows_nothing_to_somebody_who_is_signed_in_as_another(office: Office) -> None:
    number = offered(office)
    asked = sa.select(Message.body_text).where(Message.to_address == GUEST[1])
    (path,) = set(re.findall(r"/meeting/[\w-]+", office.ask(lambda: db.session.scalars(asked).one())))
    sent = office.ask(lambda: {f"slot_{each.id}": "yes" for each in fresh(number).slots})
    for reply in (get(office, "F1", path), post(office, "F1", path, **sent)):
        assert reply.status_code == 403
        assert TITLE not in reply.get_data(as_text=True)
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(SlotReply))) == 0

    def known() -> None:
        db.session.add(PersonAddress(person_id=office.w.people["F3"], email=GUEST[1]))

    office.ask(known)
    assert get(office, "F3", path).status_code == 200


# --- one's own calendar -----------------------------------------------------------------------------------------------


def test_the_secret_address_opens_the_calendar_until_it_is_revoked(office: Office) -> None:
    made(office)
    assert "You have no such address yet." in text(office, "F1", "/account/calendar")
    page = post(office, "F1", "/account/calendar", act="make").get_data(as_text=True)
    (path,) = set(re.findall(r"/calendar/[\w-]+\.ics", page))
    reply = get(office, "X", path)
    assert (reply.status_code, reply.mimetype) == (200, "text/calendar")
    assert [str(each["SUMMARY"]) for each in Calendar.from_ical(reply.get_data()).walk("VEVENT")] == [TITLE]
    assert path not in get(office, "F1", "/account/calendar").get_data(as_text=True)
    assert post(office, "F1", "/account/calendar", act="revoke").status_code == 302
    gone = get(office, "X", path)
    assert (gone.status_code, gone.get_data()) == (404, b"")
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count(CalendarFeed.id)))) == 1


def test_a_guests_page_has_the_file_of_the_meeting_for_the_same_eyes(office: Office) -> None:
    number = made(office)
    asked = sa.select(Message.body_text).where(Message.to_address == GUEST[1])
    (path,) = set(re.findall(r"/meeting/[\w-]+", office.ask(lambda: db.session.scalars(asked).one())))
    assert f'href="{path}/meeting.ics"' in get(office, "X", path).text
    reply = get(office, "X", f"{path}/meeting.ics")
    assert (reply.status_code, reply.mimetype, reply.headers["Cache-Control"]) == (200, "text/calendar", "no-store")
    (event,) = Calendar.from_ical(reply.get_data()).walk("VEVENT")
    begins = event["DTSTART"]
    assert (str(event["SUMMARY"]), begins.dt, begins.params["TZID"]) == (TITLE, NOON, "Europe/Berlin")
    whole = reply.text.replace("\r\n ", "")
    assert path in whole
    assert [name for name in (*TITLES.values(), *(full for _, _, full in PEOPLE.values())) if name in whole] == []
    for who, where, status in (("F1", path, 403), ("X", "/meeting/nothing", 404)):
        refused = get(office, who, f"{where}/meeting.ics")
        assert (refused.status_code, TITLE in refused.text) == (status, False)
    line = office.ask(lambda: next(each.id for each in fresh(number).participants if each.email == GUEST[1]))
    assert post(office, "C1", f"/meetings/{number}/people/{line}/remove").status_code == 302
    assert get(office, "X", f"{path}/meeting.ics").status_code == 404


def test_a_guests_page_has_no_file_before_there_is_a_time(office: Office) -> None:
    offered(office)
    asked = sa.select(Message.body_text).where(Message.to_address == GUEST[1])
    (path,) = set(re.findall(r"/meeting/[\w-]+", office.ask(lambda: db.session.scalars(asked).one())))
    assert "meeting.ics" not in get(office, "X", path).text
    assert get(office, "X", f"{path}/meeting.ics").status_code == 404


def test_guessing_addresses_is_slowed_down(office: Office) -> None:
    for _ in range(20):
        assert get(office, "X", "/calendar/nothing.ics").status_code == 404
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count(Guess.id)))) == 20
    assert get(office, "X", "/calendar/nothing.ics").status_code == 429
    assert get(office, "X", "/calendar/nothing.ics", DAY_BEFORE + timedelta(minutes=16)).status_code == 404


def asked_by(office: Office, who: str, path: str) -> int:
    """How many statements a page issues."""
    office.browser(who)
    with statements() as sent:
        assert get(office, who, path).status_code == 200
    return len(sent)


def test_more_meetings_and_items_ask_no_more_statements(office: Office) -> None:
    first = made(office)
    paths = ("/desk/calls/CALL-A/meetings", "/meetings", "/meetings/actions", f"/meetings/{first}")
    before = {path: asked_by(office, "C1", path) for path in paths}
    made(office, planned)
    made(office, lambda world: arranged(world, LATER))
    with clock.at(BEGAN):
        for name in ("P2", "P6", "P7"):
            reply = post(
                office, "C1", f"/meetings/{first}/items/new", proposal_id=office.w.proposals[name], minutes="10"
            )
            assert reply.status_code == 302
    assert {path: asked_by(office, "C1", path) for path in paths} == before
