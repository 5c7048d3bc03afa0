"""How many reviews each reviewer is given in a call, beside what they have."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import holders
from intake.review.capacity import Bounds, bounds_of, given, given_elsewhere, set_bounds, set_usual
from intake.views.coordinator import coordinator
from intake.views.display import tr
from intake.views.fields import Form, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit, Role

PAGE = 100


@dataclass(slots=True)
class Row:
    """One reviewer: bounds as typed or as they stand, what they have in the call and elsewhere, what is wrong."""

    person: Person
    most: str
    least: str
    seen: str
    here: int
    elsewhere: int
    fault: str = ""


class UsualForm(Form):
    """What holds for everybody for whom nothing is set."""

    usual = Whole(lazy_gettext("Usually at most"), least=1, most=Limit.LOAD)


@door(coordinator, "/desk/calls/<code>/loads", Action.CALL_OVERSEE, call_with, methods=["GET", "POST"])
def loads(call: Call) -> ResponseReturnValue:
    """Every reviewer, 100 a page; the form sets the bounds of those on the page. Statements: 7, whatever there is."""
    people = list(holders(Role.REVIEWER))
    pages = max(1, -(-len(people) // PAGE))
    page = min(_page_number(), pages)
    part = people[(page - 1) * PAGE : page * PAGE]
    rows = _rows(call, part)
    if request.method == "GET":
        return _page(call, rows, len(people), page, pages)
    if not _typed(rows):
        return _page(call, rows, len(people), page, pages), 422
    wanted = {row.person.id: _bounds(row.most, row.least) for row in rows}
    seen = {row.person.id: _bounds(*row.seen.split("|")) for row in rows}
    try:
        changed = set_bounds(call, wanted, seen, by=actor())
    except Incomplete as error:
        faults = {name: tr(words) for name, words in error.fields.items()}
        for row in rows:
            row.fault = faults.get(f"most_{row.person.id}", "")
        return _page(call, rows, len(people), page, pages), 422
    except Stale:
        db.session.rollback()
        return _page(_again(call.code), _rows_anew(call.code, page), len(people), page, pages, stale=True), 409
    flash(gettext("Saved.") if changed else gettext("Nothing was different, so nothing changed."), "success")
    return redirect(url_for("coordinator.loads", code=call.code, page=page if page > 1 else None))


@door(coordinator, "/desk/calls/<code>/loads/usual", Action.CALL_OVERSEE, call_with, methods=["POST"])
def usual_load(call: Call) -> ResponseReturnValue:
    """Set what is usual in the call."""
    form, code = UsualForm(), call.code
    if not form.validate():
        people = list(holders(Role.REVIEWER))
        return _page(call, _rows(call, people[:PAGE]), len(people), 1, max(1, -(-len(people) // PAGE)), form=form), 422
    changed = set_usual(call, form.usual.data, sent_version(), by=actor())
    flash(gettext("Saved.") if changed else gettext("Nothing was different, so nothing changed."), "success")
    return redirect(url_for("coordinator.loads", code=code))


def _again(code: str) -> Call:
    call = call_with(code)
    assert call is not None
    return call


def _rows_anew(code: str, page: int) -> list[Row]:
    return _rows(_again(code), list(holders(Role.REVIEWER))[(page - 1) * PAGE : page * PAGE])


def _rows(call: Call, people: list[Person]) -> list[Row]:
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


def _typed(rows: list[Row]) -> bool:
    """Take what was sent into the rows; whether all of it are numbers that fit."""
    for row in rows:
        number = row.person.id
        row.most = request.form.get(f"most_{number}", row.most).strip()[: Limit.CODE]
        row.least = request.form.get(f"least_{number}", row.least).strip()[: Limit.CODE]
        sent = request.form.get(f"seen_{number}", row.seen)
        most, bar, least = sent.partition("|")
        row.seen = sent if bar and _number(most) and _number(least) else row.seen
        if not (_number(row.most) and _number(row.least)):
            row.fault = gettext("Write a whole number from 0 to %(most)s, or nothing.", most=Limit.LOAD)
    return not any(row.fault for row in rows)


def _number(text: str) -> bool:
    """Nothing, or a load that can be kept."""
    return not text or (text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= Limit.LOAD)


def _bounds(most: str, least: str) -> Bounds:
    return Bounds(int(most) if most else None, int(least) if least else 0)


def _page_number() -> int:
    asked = request.args.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _page(
    call: Call,
    rows: list[Row],
    total: int,
    page: int,
    pages: int,
    *,
    stale: bool = False,
    form: UsualForm | None = None,
) -> str:
    return render_template(
        "coordinator/call/loads.html",
        call=call,
        rows=rows,
        total=total,
        page=page,
        pages=pages,
        stale=stale,
        form=form or UsualForm(formdata=None, data={"usual": call.reviewer_load}),
    )
