"""Calendar files: what a parser reads back, how lines are folded, and whose names stand in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from intake.meeting.calendar import Entry, Party, download_file, feed_file, letter_file
from intake.meeting.times import OFFERED, is_zone, overlap, told, told_in

pytestmark = pytest.mark.once
STAMP = datetime(2026, 3, 1, 9, tzinfo=UTC)
OFFICE, ONE = Party("Example Office, Example University", "intake@example.org"), Party("Ada 陳", "f1@example.org")


def entry(**changes: object) -> Entry:
    values = {
        "uid": "abc@example.org",
        "title": "Spring round",
        "at": datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        "stamp": STAMP,
        "minutes": 90,
        "zone": "Europe/Berlin",
        "place": "Room 5; upstairs",
        "url": "https://intake.example.org/meetings/1",
    }
    return Entry(**{**values, **changes})  # type: ignore[arg-type]


def read(text: str) -> Calendar:
    """The file as a parser reads it, once its form is seen to be right."""
    raw = text.encode()
    lines = raw.split(b"\r\n")
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    assert max(map(len, lines)) <= 75
    found = Calendar.from_ical(raw)
    assert [error for part in found.walk() for error in part.errors] == []
    return found  # type: ignore[return-value]


def test_an_invitation_reads_back_as_it_was_meant() -> None:
    found = read(letter_file(entry(sequence=3), OFFICE, ONE))
    (event,) = found.walk("VEVENT")
    assert (found["METHOD"], found["VERSION"]) == ("REQUEST", "2.0")
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == ("abc@example.org", 3, "CONFIRMED")
    assert event["DTSTART"].dt == datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    assert event["DTEND"].dt.astimezone(UTC) == entry().at + timedelta(minutes=90)
    assert event["ORGANIZER"] == "mailto:intake@example.org"
    assert event["ATTENDEE"] == "mailto:f1@example.org"
    assert event["ATTENDEE"].params["CN"] == "Ada 陳"
    assert [zone["TZID"] for zone in found.walk("VTIMEZONE")] == ["Europe/Berlin"]


def test_the_end_of_an_invitation_names_the_same_meeting() -> None:
    found = read(letter_file(entry(sequence=4, cancelled=True), OFFICE, ONE))
    (event,) = found.walk("VEVENT")
    assert (found["METHOD"], event["STATUS"], event["UID"]) == ("CANCEL", "CANCELLED", "abc@example.org")


def test_a_download_names_nobody() -> None:
    text = download_file(entry())
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text
    assert read(text)["METHOD"] == "PUBLISH"


def test_a_feed_holds_days_and_instants_and_each_zone_once() -> None:
    rows = [entry(), entry(uid="b", minutes=0, zone="Asia/Hong_Kong"), entry(uid="c", at=date(2026, 4, 1))]
    found = read(feed_file(rows, "Intake"))
    assert [event["DTSTART"].dt for event in found.walk("VEVENT")] == [rows[0].at, rows[1].at, date(2026, 4, 1)]
    assert "DTEND" not in found.walk("VEVENT")[1]
    assert {zone["TZID"] for zone in found.walk("VTIMEZONE")} == {"Europe/Berlin", "Asia/Hong_Kong"}
    assert read(feed_file([], "Intake")).walk("VEVENT") == []


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=120)


@given(title=WORDS, place=WORDS, name=WORDS, zone=st.sampled_from(OFFERED))
def test_whatever_is_typed_a_parser_reads_it_back(title: str, place: str, name: str, zone: str) -> None:
    found = read(letter_file(entry(title=title, place=place, zone=zone), OFFICE, Party(name, "x@example.org")))
    (event,) = found.walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, place)
    assert event["DTSTART"].dt == entry().at


@pytest.mark.parametrize(
    ("at", "zone", "words"),
    [
        (datetime(2026, 3, 12, 9, tzinfo=UTC), "Asia/Hong_Kong", "12 Mar 2026, 17:00 HKT"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "Europe/Berlin", "29 Mar 2026, 01:59 CET"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "Europe/Berlin", "29 Mar 2026, 03:00 CEST"),
        (datetime(2026, 11, 1, 6, 0, tzinfo=UTC), "America/New_York", "1 Nov 2026, 01:00 EST"),
        (datetime(2026, 3, 12, 9, tzinfo=UTC), "Asia/Dubai", "12 Mar 2026, 13:00 UTC+04"),
        (datetime(2026, 3, 12, 9, tzinfo=UTC), "Asia/Shanghai", "12 Mar 2026, 17:00 Shanghai"),
        (datetime(2026, 3, 12, 9, tzinfo=UTC), "America/Los_Angeles", "12 Mar 2026, 02:00 Los Angeles"),
        (datetime(2026, 3, 12, 9, tzinfo=UTC), "UTC", "12 Mar 2026, 09:00 UTC"),
    ],
)
def test_a_time_reads_as_the_clock_there_shows_it(at: datetime, zone: str, words: str) -> None:
    assert told(at, zone) == words


def test_both_sides_read_their_own_clock_once() -> None:
    at = datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert told_in(at, ["Asia/Hong_Kong", "Europe/Berlin", "Asia/Hong_Kong"]) == (
        "1 Jul 2026, 17:00 HKT = 1 Jul 2026, 11:00 CEST"
    )


def test_one_clock_is_told_once_whatever_it_is_called() -> None:
    winter, summer = datetime(2026, 1, 9, 6, tzinfo=UTC), datetime(2026, 7, 9, 6, tzinfo=UTC)
    assert told_in(winter, ["Asia/Hong_Kong", "Asia/Shanghai"]) == "9 Jan 2026, 14:00 HKT"
    assert told_in(winter, ["Europe/London", "UTC"]) == "9 Jan 2026, 06:00 GMT"
    assert told_in(summer, ["Europe/London", "UTC"]) == "9 Jul 2026, 07:00 London = 9 Jul 2026, 06:00 UTC"


def test_every_zone_that_is_offered_is_one() -> None:
    assert all(is_zone(each) for each in OFFERED)
    assert not is_zone("Mars/Olympus")


def test_a_meeting_that_begins_when_another_ends_does_not_clash() -> None:
    at = datetime(2026, 3, 12, 9, tzinfo=UTC)
    assert [overlap(at, 60, at + timedelta(minutes=m), 30) for m in (-30, -29, 0, 59, 60)] == [
        False, True, True, True, False
    ]  # fmt: skip
