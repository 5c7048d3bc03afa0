"""The rubric of a call: what reviewers judge by. Only Save saves; the other buttons rearrange the page."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from intake.call import queries
from intake.call.arranging import held
from intake.call.criteria import LEAST_VALUE, MOST_CRITERIA, MOST_VALUE, Scale, change_rubric
from intake.call.models import Call
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import shown, tried
from intake.views.coordinator.call_rows import Fields, Lines, after, rows_form, sent_rows, typed_row
from intake.views.display import tr
from intake.views.fields import Form, Line, Paragraph, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

MOST_ANCHORS = (MOST_VALUE - LEAST_VALUE + 1) * (Limit.TITLE + 1)
FIELDS: Fields = {
    "code": HiddenField,
    "name": lambda: Line(lazy_gettext("Criterion"), limit=Limit.NAME),
    "question": lambda: Paragraph(lazy_gettext("The question it asks"), limit=Limit.REASON, required=False),
    "weight": lambda: Whole(lazy_gettext("Weight, in percent"), least=1, most=100),
    "least": lambda: Whole(lazy_gettext("Lowest value"), least=LEAST_VALUE, most=MOST_VALUE),
    "most": lambda: Whole(lazy_gettext("Highest value"), least=LEAST_VALUE, most=MOST_VALUE),
    "anchors": lambda: Lines(lazy_gettext("What each value means"), limit=MOST_ANCHORS, required=False),
}
NEW = {"code": "", "name": "", "question": "", "weight": None, "least": 1, "most": 5, "anchors": ""}


@door(coordinator, "/desk/calls/<code>/setup/rubric", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def call_rubric(call: Call) -> ResponseReturnValue:
    """Show the rubric; rearrange the page, or save all of it."""
    if request.method != "POST":
        return _page(call, _present(call))
    form = rows_form(Form, FIELDS, sent_rows("name", MOST_CRITERIA))
    fits, button = form.validate(), request.form.get("do", "save")
    if button != "save":
        return _rearranged(call, button)
    scales = _scales(form) if fits else []
    if form.errors:
        return _page(call, _sent(), form, 422)
    done = tried(call, form, partial(change_rubric, call, scales, version=sent_version(), by=actor()))
    if not done:
        return _page(done.call, _sent(), form, done.status)
    words = gettext("The rubric is saved.") if done.result else gettext("Nothing was different, so nothing changed.")
    flash(words, "success" if done.result else "message")
    return redirect(url_for("coordinator.call_rubric", code=call.code))


def _rearranged(call: Call, button: str) -> ResponseReturnValue:
    """The page with a criterion more, less or elsewhere; nothing is saved."""
    rows, _ = after(_sent(), button)
    if button == "add" and len(rows) < MOST_CRITERIA:
        rows.append(dict(NEW))
    return _page(call, rows, moved=True)


def _present(call: Call) -> list[dict[str, Any]]:
    return [
        {name: getattr(each, name) for name in FIELDS if name != "anchors"} | {"anchors": _lines(each)}
        for each in call.criteria
    ]


def _lines(criterion: Any) -> str:
    values = range(criterion.least, criterion.most + 1)
    return "\n".join(criterion.anchors.get(str(value), "") for value in values).strip("\n") if criterion.anchors else ""


def _sent() -> list[dict[str, Any]]:
    """The rows as they were typed."""
    count = sent_rows("name", MOST_CRITERIA)
    return [{name: request.form.get(f"{name}-{place}", "") for name in FIELDS} for place in range(count)]


def _scales(form: Form) -> list[Scale]:
    """What the form says; where the meanings do not fit their scale, it says so beside them."""
    scales = []
    for place in range(sent_rows("name", MOST_CRITERIA)):
        row = typed_row(form, FIELDS, place)
        lines = [each.strip() for each in row["anchors"].splitlines()]
        values = range(row["least"], row["most"] + 1)
        if problem := _misfit(lines, len(values)):
            form[f"anchors-{place}"].errors = [problem]
        anchors = dict(zip(map(str, values), lines, strict=False)) if lines else {}
        scales.append(Scale(**{**row, "anchors": anchors, "code": row["code"] or ""}))
    return scales


def _misfit(lines: Sequence[str], values: int) -> str:
    if lines and len(lines) != values:
        return gettext(
            "The scale has %(values)s values; these are %(lines)s lines. Write one line for each, or none.",
            values=values,
            lines=len(lines),
        )
    if any(len(each) > Limit.TITLE for each in lines):
        return gettext("At most %(limit)s characters on a line.", limit=Limit.TITLE)
    return ""


def _total(rows: Sequence[dict[str, Any]]) -> int:
    weights = [str(row["weight"] or "").strip() for row in rows]
    return sum(int(each) for each in weights if each.isascii() and each.isdigit() and len(each) < 4)


def _page(
    call: Call, rows: list[dict[str, Any]], form: Form | None = None, status: int = 200, *, moved: bool = False
) -> ResponseReturnValue:
    stuck = held(call, "rubric")
    return shown(
        "rubric",
        call,
        status,
        form=form or _filled(rows),
        places=range(len(rows)),
        names=[row["name"] for row in rows],
        total=_total(rows),
        moved=moved,
        stuck=tr(stuck) if stuck else "",
        full=len(rows) >= MOST_CRITERIA,
    )


def _filled(rows: list[dict[str, Any]]) -> Form:
    return rows_form(Form, FIELDS, len(rows), rows)
