"""The collaboration and its history, help, and what is kept about people."""

from __future__ import annotations

from datetime import date
from itertools import groupby

from babel.dates import format_date
from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext

from intake.programme import queries
from intake.programme.models import Programme
from intake.views.gate import door
from intake.views.public import public
from intake.vocabulary import Action


@door(public, "/history", Action.PUBLIC)
def history() -> ResponseReturnValue:
    """The programmes by sponsor, and what happened when."""
    rows = queries.programmes()
    lines = [(spoken(row.since), row.since[:4], row.what) for row in queries.history()]
    return render_template("public/history.html", lines=lines, groups=_by_sponsor(rows))


@door(public, "/help", Action.PUBLIC)
def help() -> ResponseReturnValue:
    """How it works for each role, the keys, and whom to ask."""
    return render_template("public/help.html", programmes=[row for row in queries.programmes() if row.enquiry])


@door(public, "/privacy", Action.PUBLIC)
def privacy() -> ResponseReturnValue:
    """What is kept about people and who sees it."""
    return render_template("public/privacy.html")


def spoken(since: str) -> str:
    """``2007``, ``2016-06``, ``2016-11-30`` or two of them with a slash, as people write it: ``Jun 2016``."""
    first, _, last = since.partition("/")
    if last:
        return gettext("%(first)s to %(last)s", first=_spoken(first), last=_spoken(last))
    return _spoken(first)


def _spoken(text: str) -> str:
    parts = [int(each) for each in text.split("-")]
    shape = (gettext("y"), gettext("MMM y"), gettext("d MMM y"))[len(parts) - 1]
    year, month, day = (*parts, 1, 1)[:3]
    return str(format_date(date(year, month, day), shape, locale=get_locale() or "en"))


def _by_sponsor(rows: object) -> list[tuple[str, list[Programme]]]:
    """Programmes under their sponsor's name, in the order given; those without one under an empty name."""
    named = groupby(rows, key=lambda row: row.sponsor.name if row.sponsor else "")  # type: ignore[call-overload]
    return [(name, list(group)) for name, group in named]
