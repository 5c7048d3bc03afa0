"""The rows of the page of loads: as they stand, as they were typed, and what somebody else set meanwhile."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext

from intake.call.models import Call
from intake.people.models import Person
from intake.review.capacity import Bounds, bounds_of, given, given_elsewhere
from intake.views.gate import actor
from intake.vocabulary import Limit

_SENT = re.compile(r"(?:most|least|seen)_([1-9][0-9]{0,8})")


@dataclass(slots=True)
class Row:
    """One reviewer: bounds as typed or as they stand, what they have in the call and elsewhere, what is wrong.

    ``seen`` are the bounds that the form showed, as ``most|least``; ``now`` those that somebody else set since, where
    others were typed. ``faults`` are by the field, most or least.
    """

    person: Person
    most: str
    least: str
    seen: str
    here: int
    elsewhere: int
    now: Bounds | None = None
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def wanted(self) -> Bounds:
        """The bounds as they were typed, which are numbers."""
        return _bounds(self.most, self.least)

    @property
    def before(self) -> Bounds:
        """The bounds that the form showed."""
        return _bounds(*self.seen.split("|"))


def rows_of(call: Call, people: Sequence[Person]) -> list[Row]:
    """The rows of these people as they stand. Statements: 3."""
    ids = [person.id for person in people]
    here, elsewhere = given(call.id, ids, seen_by=actor()), given_elsewhere(call.id, ids, seen_by=actor())
    bounds = bounds_of(call.id, ids)
    rows = []
    for person in people:
        each = bounds.get(person.id, Bounds())
        most, least = "" if each.most is None else str(each.most), str(each.least) if each.least else ""
        rows.append(
            Row(person, most, least, f"{most}|{least}", here.get(person.id, 0), elsewhere.get(person.id, 0)),
        )
    return rows


def sent_ids() -> set[int]:
    """Whose numbers the form brought, whatever page of the list they stand on today."""
    return {int(found[1]) for name in request.form if (found := _SENT.fullmatch(name))}


def typed(rows: Sequence[Row]) -> bool:
    """Take what was sent into the rows; whether all of it are numbers that fit, and in order. Every fault is told."""
    for row in rows:
        _take(row)
        wrong = gettext("Write a whole number from 0 to %(most)s, or nothing.", most=Limit.LOAD)
        row.faults = {name: wrong for name in ("most", "least") if not _number(getattr(row, name))}
        if not row.faults and row.wanted != row.before and not _in_order(row.wanted):
            row.faults["least"] = gettext("The least is more than the most.")
    return not any(row.faults for row in rows)


def _take(row: Row) -> None:
    number = row.person.id
    row.most = request.form.get(f"most_{number}", row.most).strip()[: Limit.CODE]
    row.least = request.form.get(f"least_{number}", row.least).strip()[: Limit.CODE]
    sent = request.form.get(f"seen_{number}", row.seen)
    most, bar, least = sent.partition("|")
    row.seen = sent if bar and _number(most) and _number(least) else row.seen


def typed_over(rows: Sequence[Row], mine: Mapping[int, Row]) -> None:
    """Put what was typed (``mine``) into rows as they stand now, with what stands there where it is new; what nobody
    typed anew stays as it stands."""
    for row in rows:
        was = mine.get(row.person.id)
        if was is None or was.wanted == was.before:
            continue
        row.now = row.wanted if row.wanted != was.before else None
        row.most, row.least = was.most, was.least


def _in_order(bounds: Bounds) -> bool:
    return bounds.most is None or bounds.least <= bounds.most


def _number(text: str) -> bool:
    """Nothing, or a load that can be kept."""
    return not text or (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= Limit.LOAD)


def _bounds(most: str, least: str) -> Bounds:
    return Bounds(int(most) if most else None, int(least) if least else 0)
