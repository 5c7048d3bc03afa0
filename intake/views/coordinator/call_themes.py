"""The themes of a call: named, pasted, put in order, retired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from intake.call import queries
from intake.call.models import Call
from intake.call.themes import MOST_THEMES, Wanted, in_use, pasted, set_themes
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import shown, tried
from intake.views.coordinator.call_rows import Lines, after, rows_form, sent_rows, typed_row
from intake.views.fields import Form, Line, Paragraph, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

MOST_PASTED = 40_000
FIELDS = {
    "name": lambda: Line(lazy_gettext("Name"), limit=Limit.NAME),
    "name_zh": lambda: Line(lazy_gettext("Name in Chinese"), limit=Limit.NAME, required=False),
    "description": lambda: Paragraph(lazy_gettext("What is meant"), limit=Limit.ABSTRACT, required=False),
}


class Themes(Form):
    """The themes, a row each, and room for more."""

    pasted = Lines(lazy_gettext("More themes, one on each line"), limit=MOST_PASTED, required=False)


@door(coordinator, "/desk/calls/<code>/setup/themes", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def call_themes(call: Call) -> ResponseReturnValue:
    """Show the themes; whatever button is pressed, all that was typed is saved with what the button does."""
    if request.method != "POST":
        return _page(call, _present(call))
    form = rows_form(Themes, FIELDS, sent_rows("name", MOST_THEMES))
    typed = _typed(form)
    if not form.validate():
        return _page(call, typed, form, 422)
    button = request.form.get("do", "")
    rows, place = after(typed, button)
    if button.startswith("back-") and place is not None:
        rows[place] = replace(rows[place], retired=False)
    wanted = [*rows, *pasted(form["pasted"].data)]
    form = _form(wanted)
    done = tried(call, form, partial(set_themes, call, wanted, version=sent_version(), by=actor()))
    if not done:
        missed = [row for row in _present(done.call) if row.id not in {each.id for each in wanted}]
        return _page(done.call, wanted, form, done.status, missed if done.status == 409 else [])
    _tell(done.result, len(wanted) - len(rows))
    at = f"theme-{place}" if place is not None else None
    return redirect(url_for("coordinator.call_themes", code=call.code, _anchor=at))


def _present(call: Call) -> list[Wanted]:
    return [
        Wanted(each.id, each.name, each.name_zh, each.retired_at is not None, each.description) for each in call.themes
    ]


def _form(rows: Sequence[Wanted]) -> Form:
    data = [{"name": row.name, "name_zh": row.name_zh, "description": row.description or ""} for row in rows]
    return rows_form(Themes, FIELDS, len(rows), data)


def _typed(form: Form) -> list[Wanted]:
    """The themes as the form has them, in its order."""
    rows, place = [], 0
    while f"name-{place}" in form:
        number = request.form.get(f"id-{place}", "")
        known = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None
        rows.append(Wanted(known, **typed_row(form, FIELDS, place), retired=f"retired-{place}" in request.form))
        place += 1
    return rows


def _tell(retired: list[str], added: int) -> None:
    if retired:
        names = gettext(", ").join(retired)
        flash(gettext("Proposals have it, so it is retired and not deleted: %(names)s.", names=names), "message")
    elif added:
        flash(ngettext("%(num)s theme was added.", "%(num)s themes were added.", added), "success")
    else:
        flash(gettext("The themes are saved."), "success")


def _page(
    call: Call, rows: list[Wanted], form: Form | None = None, status: int = 200, missed: Sequence[Wanted] = ()
) -> ResponseReturnValue:
    """The page; ``missed`` are themes that somebody else added while these were written."""
    if missed:
        rows = [*rows, *missed]
        form = _form(rows)
    values: dict[str, Any] = {
        "form": form or _form(rows),
        "rows": rows,
        "used": in_use([row.id for row in rows if row.id is not None]),
        "missed": [row.name for row in missed],
    }
    return shown("themes", call, status, **values)
