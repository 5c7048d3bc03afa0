"""What a catalogue file says, checked and put into the columns of the tables. Nothing here asks the database."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from intake.catalogue.call import WrittenCall, read_call
from intake.catalogue.reading import Part, bad, clean, once
from intake.vocabulary import Limit, ProgrammeKind

Columns = dict[str, Any]
FIRST_YEAR, LAST_YEAR = 1990, 2100
MOST_FACTS = 50
_WHEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass
class Content:
    """The whole file. Other rows are named by their codes, under ``sponsor``, ``programme`` and ``call``."""

    office: Columns
    departments: list[Columns]
    sponsors: list[Columns]
    programmes: list[Columns]
    calls: list[WrittenCall]
    awards: list[Columns] | None
    history: list[Columns] | None
    ignored: list[str] = field(default_factory=list)


def read(data: Any) -> Content:
    """Check the whole file. Raises BadCatalogue with the place of the first thing that is wrong."""
    whole = Part.of(data, "")
    whole.asked.add("about")
    office = whole.part("office")
    parts = {key: whole.parts(key) for key in ("departments", "sponsors", "programmes", "calls")}
    parts |= {key: whole.parts(key, needed=False) for key in ("past_awards", "history")}
    departments = [_department(part) for part in parts["departments"]]
    sponsors = [_sponsor(part) for part in parts["sponsors"]]
    sponsor_codes = _codes(sponsors, "sponsors")
    programmes = [_programme(part, sponsor_codes) for part in parts["programmes"]]
    sponsored = {each["code"]: each["sponsor"] for each in programmes}
    _codes(programmes, "programmes")
    calls = [read_call(part, sponsored) for part in parts["calls"]]
    _codes([call.columns for call in calls], "calls")
    known = _Known(
        _codes(departments, "departments"), set(sponsored), {call.columns["code"]: call.programme for call in calls}
    )
    content = Content(_office(office), departments, sponsors, programmes, calls, None, None)
    if whole.get("past_awards") is not None:
        content.awards = _awards(parts["past_awards"], known)
    if whole.get("history") is not None:
        content.history = _history(parts["history"])
    asked = [whole, office, *(part for group in parts.values() for part in group)]
    content.ignored = [place for part in asked for place in part.left()]
    content.ignored += [place for call in calls for place in call.ignored]
    return content


@dataclass
class _Known:
    """The codes that a past award may name; a call leads to its programme."""

    departments: set[str]
    programmes: set[str]
    calls: dict[str, str]


def _codes(rows: list[Columns], place: str) -> set[str]:
    return set(once([row["code"] for row in rows], place))


def _office(part: Part) -> Columns:
    part.asked.add("note")
    return {
        "name": part.text("name", Limit.NAME),
        "short": part.text("short", Limit.CODE),
        "institution": part.text("institution", Limit.NAME),
        "ror": part.text("ror", Limit.NAME, needed=False),
        "time_zone": part.zone("time_zone"),
    }


def _department(part: Part) -> Columns:
    return {"code": part.code(), "name": part.text("name", Limit.NAME)}


def _sponsor(part: Part) -> Columns:
    return {
        "code": part.code(),
        "name": part.text("name", Limit.NAME),
        "units": part.texts("units", Limit.NAME),
        "email_domains": [each.lower() for each in part.texts("email_domains", Limit.NAME)],
        "time_zone": part.zone("time_zone"),
    }


def _programme(part: Part, sponsors: set[str]) -> Columns:
    """What the file says beyond the columns is kept as the programme's facts."""
    columns = {
        "code": part.code(),
        "sponsor": part.known("sponsor", sponsors, "sponsor"),
        "name": part.text("name", Limit.NAME),
        "kind": part.choice("kind", ProgrammeKind),
        "for_whom": part.text("for", Limit.NAME),
        "purpose": part.text("purpose", Limit.ABSTRACT, needed=False),
        "enquiry": part.text("enquiry", Limit.NAME, needed=False),
        "by_invitation": part.flag("by_invitation"),
    }
    beyond = [key for key in part.content if key not in part.asked]
    if len(beyond) > MOST_FACTS:
        bad(part.place, "has %(count)s further facts; at most %(most)s", count=len(beyond), most=MOST_FACTS)
    return columns | {"facts": {clean(key, part.place, Limit.CODE): _fact(part, key) for key in beyond}}


def _fact(part: Part, key: str) -> str | bool | int | list[str]:
    value = part.get(key)
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return part.whole(key, -Limit.MONEY_MINOR, Limit.MONEY_MINOR) or 0
    if isinstance(value, list):
        return part.texts(key, Limit.TITLE)
    return part.text(key, Limit.ABSTRACT, needed=False)


def _awards(parts: list[Part], known: _Known) -> list[Columns]:
    rows = [_award(part, known) for part in parts]
    return once(rows, "past_awards", [(row["programme"], row["title"], row["year"]) for row in rows])


def _award(part: Part, known: _Known) -> Columns:
    call = part.known("call", known.calls, "call")
    programme = part.known("programme", known.programmes, "programme")
    if call is not None and programme not in (None, known.calls[call]):
        bad(part.at("programme"), "is not the programme of the call %(call)s", call=call)
    programme = known.calls[call] if call is not None else programme
    if programme is None:
        bad(part.place, "needs a call or a programme")
    first = part.known("department", known.departments, "department")
    others = part.texts("with", Limit.CODE)
    for number, other in enumerate(others):
        if other not in known.departments:
            bad(f"{part.at('with')}[{number}]", "there is no department with the code %(code)s", code=other)
    year = part.whole("year", FIRST_YEAR, LAST_YEAR)
    if year is None:
        bad(part.at("year"), "is missing")
    return {
        "call": call,
        "programme": programme,
        "title": part.text("title", Limit.TITLE),
        "year": year,
        "departments": list(dict.fromkeys([first, *others] if first else others)),
        "source": part.text("source", Limit.TITLE, needed=False),
    }


def _history(parts: list[Part]) -> list[Columns]:
    rows = [{"since": _since(part), "what": part.text("what", Limit.TITLE)} for part in parts]
    return once(rows, "history", [(row["since"], row["what"]) for row in rows])


def _since(part: Part) -> str:
    """2007, 2016-06, 2016-11-30, or two of them with a slash between: from and to."""
    text = part.text("when", Limit.CODE)
    if len(text.split("/")) > 2 or not all(_is_date(each) for each in text.split("/")):
        bad(part.at("when"), "must read like 2007, 2016-11, 2016-11-30 or 2017-08/2017-10")
    return text


def _is_date(text: str) -> bool:
    found = _WHEN.fullmatch(text)
    if found is None:
        return False
    try:
        date(*(int(each or 1) for each in found.groups()))
    except ValueError:
        return False
    return True
