"""iCalendar files (RFC 5545, 5546): one meeting for one participant, and a person's feed.

A file holds the meeting's title, place, time and a link, and of people only the office and the one whom it is for:
whoever passes it on gives away nothing of a proposal and nobody else's name. It says the same in every reader's
language, because calendars match it with the one before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Intake//Meetings//EN"
REQUEST, CANCEL, PUBLISH = "REQUEST", "CANCEL", "PUBLISH"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar shows once. ``at`` is an instant, or a day for what lasts all of it; ``minutes`` 0 has no end.

    ``zone`` is the IANA name in which an instant is told; it carries its rules for summer time with it.
    """

    uid: str
    title: str
    at: datetime | date
    stamp: datetime
    minutes: int = 0
    zone: str = "UTC"
    place: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody in a calendar file."""

    name: str
    email: str


def letter_file(entry: Entry, office: Party, to: Party) -> str:
    """The file that goes with an invitation, or with its end where ``entry`` is cancelled: from the office to one
    person. Lines end in CRLF and are folded at 75 octets."""
    event = _event(entry)
    event.add("organizer", _address(office))
    attendee = _address(to)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    if not entry.cancelled:
        attendee.params["PARTSTAT"] = vText("NEEDS-ACTION")
        attendee.params["RSVP"] = vText("FALSE")
    event.add("attendee", attendee)
    return _written(CANCEL if entry.cancelled else REQUEST, [event], [entry])


def feed_file(entries: Iterable[Entry], name: str) -> str:
    """A calendar to subscribe to, called ``name``, with the entries in the order given."""
    rows = list(entries)
    return _written(PUBLISH, [_event(each) for each in rows], rows, name)


def download_file(entry: Entry) -> str:
    """One meeting to be added to a calendar by hand."""
    return _written(PUBLISH, [_event(entry)], [entry])


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("summary", entry.title)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if isinstance(entry.at, datetime):
        begins = entry.at.astimezone(ZoneInfo(entry.zone))
        event.add("dtstart", begins)
        if entry.minutes:
            ends = entry.at + timedelta(minutes=entry.minutes)
            event.add("dtend", ends.astimezone(ZoneInfo(entry.zone)))
    else:
        event.add("dtstart", entry.at)
        event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
        event.add("description", entry.url)
    return event


def _address(party: Party) -> vCalAddress:
    address = vCalAddress(f"mailto:{party.email}")
    address.params["CN"] = vText(_plain(party.name))
    return address


def _plain(name: str) -> str:
    """A name that a parameter can hold: it may have no double quote and no control character (RFC 5545, 3.2)."""
    return "".join(each for each in name if each.isprintable() and each != '"')


def _written(method: str, events: list[Event], entries: list[Entry], name: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    if name:
        calendar.add("x-wr-calname", name)
    for event in events:
        calendar.add_component(event)
    years = [each.at.year for each in entries]
    if years:  # its rules for as long as needed: a file of a meeting need not tell those of 1970
        calendar.add_missing_timezones(date(min(years) - 1, 1, 1), date(max(years) + 1, 12, 31))
    raw: bytes = calendar.to_ical()
    return raw.decode()
