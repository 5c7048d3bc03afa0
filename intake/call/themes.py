"""The themes of a call: written, ordered, and retired rather than deleted once a proposal has one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from intake import clock
from intake.call.arranging import enter, note
from intake.call.models import Call, Theme
from intake.errors import Incomplete
from intake.extensions import Base, db
from intake.policy import Actor
from intake.typed import line
from intake.vocabulary import Limit, Words, say

MOST_THEMES = 200
_NUMBERED = re.compile(r"^\s*(?:\(?\d{1,3}[.)、]|[-–•*·])\s+")
_BETWEEN = re.compile(r"\s*[\t|｜]\s*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A theme as the office wants it; ``id`` None is a new one."""

    id: int | None
    name: str
    name_zh: str = ""
    retired: bool = False
    description: str | None = None
    """What the sponsor means by it; None leaves it as it is."""


def pasted(text: str) -> list[Wanted]:
    """Themes out of many lines: each ``English name``, or ``English name | 中文名`` (a tab, as from a sheet, does too).
    Numbers and bullets in front are left out, and so are empty lines."""
    rows = []
    for each in text.splitlines():
        parts = [line(part) for part in _BETWEEN.split(_NUMBERED.sub("", each), maxsplit=1)]
        if parts[0]:
            rows.append(Wanted(None, parts[0], parts[1] if len(parts) > 1 else ""))
    return rows


def set_themes(call: Call, wanted: Sequence[Wanted], *, version: int, by: Actor) -> list[str]:
    """Make the themes of the call what ``wanted`` says, in its order. One that is left out goes; if proposals have it,
    it is retired instead: nobody new chooses it.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete at ``name-<place>``,
    ``name_zh-<place>`` or ``description-<place>``. Returns: the names of themes that were to go and were retired.
    """
    enter(call, version, by=by)
    known = {theme.id: theme for theme in call.themes}
    rows = [row for row in wanted if row.id is None or row.id in known]
    if wrong := _wrong(rows):
        raise Incomplete(say("The themes do not fit."), wrong)
    before, meant = _told(call.themes), _meant(call.themes)
    kept = {row.id for row in rows}
    leaving = [theme for theme in call.themes if theme.id not in kept]
    needed = in_use([theme.id for theme in leaving])
    retired = [theme for theme in leaving if theme.id in needed]
    places = [*rows, *(Wanted(theme.id, theme.name, theme.name_zh, retired=True) for theme in retired)]
    if wrong := _wrong(places):
        raise Incomplete(say("The themes do not fit."), wrong)
    _let_go(call, [theme for theme in leaving if theme not in retired])
    _free_names(known, places)
    for position, row in enumerate(places):
        _place(call, known, row, position)
    call.themes.sort(key=lambda theme: theme.position)
    changes = {
        name: [was, became]
        for name, was, became in (
            ("themes", before, _told(call.themes)),
            ("theme_descriptions", meant, _meant(call.themes)),
        )
        if was != became
    }
    if changes:
        note(call, changes, by=by)
    return [theme.name for theme in retired]


def in_use(ids: Sequence[int]) -> set[int]:
    """Of these themes those that a row of another table names, unless it goes with its theme. Statements: 1 for each
    such table, none for no ids."""
    if not ids:
        return set()
    naming = [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is Theme.__table__ and key.ondelete is None for key in column.foreign_keys)
    ]
    return {
        number
        for column in naming
        for number in db.session.scalars(sa.select(column).where(column.in_(ids)).distinct())
    }


def _wrong(rows: Sequence[Wanted]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    seen: set[str] = set()
    for place, row in enumerate(rows):
        if not row.name:
            wrong[f"name-{place}"] = say("Give the theme a name, or take it away.")
        elif row.name.casefold() in seen:
            wrong[f"name-{place}"] = say("Another theme has this name: %(name)s.", name=row.name)
        texts = (
            ("name", row.name, Limit.NAME),
            ("name_zh", row.name_zh, Limit.NAME),
            ("description", row.description or "", Limit.ABSTRACT),
        )
        for field, text, limit in texts:
            if len(text) > limit:
                wrong[f"{field}-{place}"] = say(
                    "At most %(limit)s characters; this has %(length)s.", limit=limit, length=len(text)
                )
        seen.add(row.name.casefold())
    if len(rows) > MOST_THEMES:
        wrong["pasted"] = say("At most %(most)s themes.", most=MOST_THEMES)
    return wrong


def _let_go(call: Call, themes: list[Theme]) -> None:
    for theme in themes:
        call.themes.remove(theme)
        db.session.delete(theme)
    db.session.flush()


def _free_names(known: dict[int, Theme], rows: Sequence[Wanted]) -> None:
    """Two themes may change names with each other: names that go elsewhere are given up first."""
    renamed = [known[row.id] for row in rows if row.id is not None and known[row.id].name != row.name]
    for theme in renamed:
        theme.name = f"\N{MIDDLE DOT}{theme.id}"
    if renamed:
        db.session.flush()


def _place(call: Call, known: dict[int, Theme], row: Wanted, position: int) -> None:
    theme = known.get(row.id or 0)
    if theme is None:
        theme = Theme(call_id=call.id)
        call.themes.append(theme)
    theme.name, theme.name_zh, theme.position = row.name, row.name_zh, position
    if row.description is not None:
        theme.description = row.description
    if row.retired and theme.retired_at is None:
        theme.retired_at = clock.now()
    elif not row.retired:
        theme.retired_at = None


def _told(themes: Sequence[Theme]) -> list[str]:
    """The themes as the log keeps them."""
    return [
        theme.name
        + (f" | {theme.name_zh}" if theme.name_zh else "")
        + (" (retired)" if theme.retired_at is not None else "")
        for theme in themes
    ]


def _meant(themes: Sequence[Theme]) -> list[str]:
    """The descriptions as the log keeps them."""
    return [f"{theme.name}: {theme.description}" for theme in themes if theme.description]
