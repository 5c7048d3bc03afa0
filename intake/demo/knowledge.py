"""What the people of the demonstration know and are tied to, and what the themes of its calls mean.

Everybody says it of themselves, some days after they got their account; the office describes its themes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from typing import Any

import sqlalchemy as sa

from intake.call import queries as calls
from intake.call.models import Theme
from intake.call.themes import Wanted, set_themes
from intake.conflict.ties import note_employment, note_supervision
from intake.demo.moments import OPENED_DAYS, office_day
from intake.demo.play import Company
from intake.demo.texts import Text
from intake.extensions import db
from intake.match.profile import add_all, set_profile
from intake.match.theme_levels import set_levels
from intake.people.models import Person, Publication
from intake.people.operations import change_person
from intake.people.queries import one
from intake.programme.models import Sponsor

TOLD_DAYS = OPENED_DAYS - 2
"""How long ago people said what they work on: before anything was submitted."""


def told(company: Company, said: Text) -> Iterator[tuple[datetime, Any]]:
    """What is told, each with its moment, in order. ``said`` are the texts of ``matching.json``."""
    place = 0
    for key, text in company.people.items():
        if text["keywords"] or text["expertise"]:
            place += 1
            at = office_day(company.now, TOLD_DAYS, time(10, place))
            yield at, partial(_profile, company, key, said["levels"].get(key, {}))
        if text["laboratory"]:
            yield office_day(company.now, TOLD_DAYS, time(11)), partial(_laboratory, company, key)
    for row in said["supervisions"]:
        yield office_day(company.now, TOLD_DAYS, time(11, 10)), partial(_supervision, company, row)
    for row in said["employments"]:
        yield office_day(company.now, TOLD_DAYS, time(11, 20)), partial(_employment, company, row)


def describe_themes(company: Company, code: str, words: Text) -> None:
    """The call's coordinator writes a sentence under each theme; ``words`` by the theme's name."""
    call = calls.one(code)
    assert call is not None
    rows = [
        Wanted(each.id, each.name, each.name_zh, each.retired_at is not None, words.get(each.name))
        for each in call.themes
    ]
    by = company.actors[company.coordinators[call.programme.code][0]]
    set_themes(call, rows, version=call.version, by=by)


def _profile(company: Company, key: str, levels: Text) -> None:
    text, by, person = company.people[key], company.actors[key], _person(company, key)
    set_profile(person, text["keywords"], text["expertise"], version=person.version, by=by)
    add_all(person, [Publication(**each) for each in text["publications"]], by=by)
    wanted: dict[int, int | None] = {}
    for code, known in levels.items():
        call = calls.one(code)
        assert call is not None
        wanted |= _levels(call.themes, known)
    set_levels(person, wanted, by=by)


def _levels(themes: list[Theme], known: Text) -> dict[int, int | None]:
    return {each.id: known[each.name] for each in themes if each.name in known}


def _laboratory(company: Company, key: str) -> None:
    person = _person(company, key)
    change_person(person, person.version, by=company.actors[key], laboratory=company.people[key]["laboratory"])


def _supervision(company: Company, row: Text) -> None:
    key, other = row["supervisor"], company.people[row["student"]]["email"]
    years = {"since": row["since"], "until": row["until"]}
    note_supervision(_person(company, key), other, supervised=True, by=company.actors[key], **years)


def _employment(company: Company, row: Text) -> None:
    sponsor = db.session.scalars(sa.select(Sponsor.id).where(Sponsor.code == row["sponsor"])).one()
    key = row["person"]
    note_employment(_person(company, key), sponsor, row["since"], row["until"], by=company.actors[key])


def _person(company: Company, key: str) -> Person:
    number = company.actors[key].id
    found = one(number) if number is not None else None
    assert found is not None
    return found
