"""The list as a file for a spreadsheet: the rows of the page, with every answer and the mean of each criterion."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from io import TextIOWrapper
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

from flask import Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.call.forms import published, read
from intake.call.models import Call
from intake.desk.queries import to_list, withheld
from intake.desk.sheet import Whole, wholes
from intake.form.definition import CORE, Form, Kind
from intake.form.showing import shown
from intake.form.texts import Reader
from intake.proposal.telling import text_of
from intake.views.coordinator import coordinator
from intake.views.coordinator.asked import DESKS, asked_of
from intake.views.display import state_label, tr
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action
from intake.workflow import desk_of

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet takes a cell that begins with one of these (the last four are the wide signs of a Chinese keyboard) for
a formula, which a stranger may have typed."""
IN_MEMORY = 1024 * 1024
"""Bytes of the file that are kept in memory; a longer one goes to disk while it is made."""

PIECE = 64 * 1024

Column = tuple[str, Callable[[Whole], object]]


@door(coordinator, "/desk/calls/<code>/proposals.csv", Action.CALL_OVERSEE, to_list)
def proposals_csv(call: Call) -> ResponseReturnValue:
    """The rows of the list as CSV, with the same filters and order, of all pages. Statements: 6.

    The file is complete before the first byte is sent, so that a fault never leaves a short file that looks whole.
    """
    themes = {theme.id: theme.name for theme in call.themes}
    asked = asked_of(request.args, themes=themes, calls={}, panel=call.panel)
    hidden = [] if asked.filtered else [number for _, number in withheld(actor(), [call.id])]
    table = _table(columns_of(call), wholes(actor(), [call.id], asked, clock.now()), hidden)
    name = f"{call.code}-proposals.csv"
    return Response(
        _pieces(_written(table)),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _written(table: Iterator[list[str]]) -> IO[bytes]:
    """The table as CSV in UTF-8 with the mark that tells a spreadsheet so, ready to be read."""
    made = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever reads it closes it
    text = TextIOWrapper(cast(IO[bytes], made), encoding="utf-8-sig", newline="")
    csv.writer(text).writerows(table)
    text.flush()
    text.detach()
    made.seek(0)
    return cast(IO[bytes], made)


def _pieces(made: IO[bytes]) -> Iterator[bytes]:
    """The file, a piece at a time; it is gone afterwards."""
    with made:
        while piece := made.read(PIECE):
            yield piece


def _table(columns: list[Column], rows: Iterator[Whole], hidden: list[str]) -> Iterator[list[str]]:
    yield [cell(label) for label, _ in columns]
    for whole in rows:
        yield [cell(value(whole)) for _, value in columns]
    for number in hidden:
        yield [number, gettext("withheld: conflict")] + [""] * (len(columns) - 2)


def cell(value: object) -> str:
    """A value as a cell: nothing for None, and typed text that a spreadsheet would run with an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, datetime):
        zone = ZoneInfo(current_app.config["TIME_ZONE"])
        return value.astimezone(zone).isoformat(sep=" ", timespec="minutes")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def columns_of(call: Call) -> list[Column]:
    """The columns: what the page shows, the answers, then the reviews where the call has a panel."""
    return [*_shown(), *_answers(call), *_of_the_form(call), *(_reviews(call) if call.panel else [])]


def _of_the_form(call: Call) -> list[Column]:
    """Every question of every published version of the call's form beyond the core ones, under its newest label: what
    an earlier version asked does not get lost. Questions that are not asked of a proposal stay empty. Statements: 1."""
    forms = {version.id: read(version) for version in published(call.id)}
    questions = {each.key: each for form in forms.values() for each in form.questions if each.key not in CORE}
    reader = Reader(language(), {theme.id: theme.name for theme in call.themes}, str(call.currency))
    told = [each for each in questions.values() if each.kind is not Kind.ATTACHMENT]
    return [(reader.say(each.label), _answer(each.key, forms, reader)) for each in told]


def _answer(key: str, forms: Mapping[int, Form], reader: Reader) -> Callable[[Whole], str]:
    """The text of one answer, read by the version of the form that it was given to."""

    def of(whole: Whole) -> str:
        form = forms.get(whole.row.form_version_id)
        asked = shown(form, whole.row.answers) if form else frozenset()
        return text_of(reader, form.question(key), whole.row.answers.get(key)) if form and key in asked else ""

    return of


def _shown() -> list[Column]:
    return [
        (gettext("Number"), lambda each: each.row.number),
        (gettext("Title"), lambda each: each.row.title),
        (gettext("Title in Chinese"), lambda each: each.row.title_zh),
        (gettext("Principal investigator"), lambda each: each.row.principal),
        (gettext("E-mail"), lambda each: each.row.email),
        (gettext("Department"), lambda each: each.row.department),
        (gettext("State"), lambda each: state_label(each.row.state)),
        (gettext("On the desk of"), lambda each: tr(DESKS[desk_of(each.row.state)])),
        (gettext("Since"), lambda each: each.row.state_since),
        (gettext("Theme"), lambda each: each.row.theme),
    ]


def _answers(call: Call) -> list[Column]:
    return [
        (gettext("Theme chosen by the applicant"), lambda each: each.row.chosen),
        (gettext("Theme matched by the office"), lambda each: each.row.matched),
        (gettext("Keywords"), lambda each: each.row.keywords),
        (gettext("Abstract"), lambda each: each.row.abstract),
        (gettext("Description"), lambda each: each.row.description),
        (gettext("Team"), lambda each: "; ".join(each.team)),
        (gettext("Amount (%(currency)s)", currency=call.currency.value), lambda each: _major(each.row.amount_minor)),
        (gettext("Duration (months)"), lambda each: each.row.duration_months),
        (gettext("Nothing confidential"), lambda each: each.row.nothing_confidential),
        (gettext("Own work"), lambda each: each.row.own_work),
        (gettext("One university"), lambda each: each.row.one_university),
        (gettext("First submitted"), lambda each: each.row.submitted_at),
    ]


def _reviews(call: Call) -> list[Column]:
    tally: list[Column] = [
        (gettext("Reviews asked"), lambda each: each.tally.asked),
        (gettext("Reviews submitted"), lambda each: each.tally.submitted),
        (gettext("Reviews needed"), lambda each: each.row.needed),
        (gettext("Reviews late"), lambda each: each.tally.late),
        (gettext("Mean"), lambda each: each.tally.mean),
        (gettext("Spread"), lambda each: each.tally.spread),
    ]
    return tally + [(gettext("Mean: %(name)s", name=each.name), _mean_of(each.id)) for each in call.criteria]


def _mean_of(criterion_id: int) -> Callable[[Whole], Any]:
    return lambda each: each.means.get(criterion_id)


def _major(minor: int | None) -> Decimal | None:
    """Minor units as a plain number of whole units with two decimals, which a spreadsheet can add up."""
    return None if minor is None else (Decimal(minor) / 100).quantize(Decimal("0.01"))
