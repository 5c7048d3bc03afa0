"""How many reviews each reviewer is given in a call, beside what they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import holders
from intake.review.capacity import set_bounds, set_usual
from intake.views.coordinator import coordinator
from intake.views.coordinator.load_rows import Row, rows_of, sent_ids, typed, typed_over
from intake.views.display import tr
from intake.views.fields import Form, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit, Role

PAGE = 100


class UsualForm(Form):
    """What holds for everybody for whom nothing is set."""

    usual = Whole(lazy_gettext("Usually at most"), least=1, most=Limit.LOAD)


@door(coordinator, "/desk/calls/<code>/loads", Action.CALL_OVERSEE, call_with, methods=["GET", "POST"])
def loads(call: Call) -> ResponseReturnValue:
    """Every reviewer, 100 a page; the form sets the bounds of those whom it showed.
    Statements: 7, whatever there is."""
    people = holders(Role.REVIEWER)
    if request.method == "GET":
        return _page(call, rows_of(call, _part(people)), people)
    sent, code = sent_ids(), call.code
    rows = rows_of(call, [each for each in people if each.id in sent])
    if not typed(rows):
        return _page(call, rows, people), 422
    try:
        changed = set_bounds(
            call,
            {row.person.id: row.wanted for row in rows},
            {row.person.id: row.before for row in rows},
            by=actor(),
        )
    except Incomplete as error:
        for row in rows:
            faults = {name: error.fields.get(f"{name}_{row.person.id}") for name in ("most", "least")}
            row.faults = {name: tr(words) for name, words in faults.items() if words}
        return _page(call, rows, people), 422
    except Stale:
        db.session.rollback()
        return _stale(code, {row.person.id: row for row in rows}), 409
    flash(gettext("Saved.") if changed else gettext("Nothing was different, so nothing changed."), "success")
    _tell_of_others(len(sent - {row.person.id for row in rows}))
    return redirect(url_for("coordinator.loads", code=code, page=_page_number() if _page_number() > 1 else None))


def _part(people: Sequence[Person]) -> Sequence[Person]:
    """Those of the page that is asked for; of the last one beyond it."""
    page = min(_page_number(), _pages(people))
    return people[(page - 1) * PAGE : page * PAGE]


def _stale(code: str, mine: dict[int, Row]) -> str:
    """The same people as they stand now, with what was typed over it."""
    call = _again(code)
    people = holders(Role.REVIEWER)
    rows = rows_of(call, [each for each in people if each.id in mine])
    typed_over(rows, mine)
    return _page(call, rows, people, stale=True)


def _tell_of_others(count: int) -> None:
    """Nothing is kept of people who reviewed when the page was shown and do not any more."""
    if count:
        flash(
            ngettext(
                "%(num)s of them is no reviewer any more: their numbers were not kept.",
                "%(num)s of them are no reviewers any more: their numbers were not kept.",
                count,
            ),
            "warning",
        )


@door(coordinator, "/desk/calls/<code>/loads/usual", Action.CALL_OVERSEE, call_with, methods=["POST"])
def usual_load(call: Call) -> ResponseReturnValue:
    """Set what is usual in the call."""
    form, code = UsualForm(), call.code
    if not form.validate():
        people = holders(Role.REVIEWER)
        return _page(call, rows_of(call, _part(people)), people, form=form), 422
    changed = set_usual(call, form.usual.data, sent_version(), by=actor())
    flash(gettext("Saved.") if changed else gettext("Nothing was different, so nothing changed."), "success")
    return redirect(url_for("coordinator.loads", code=code))


def _again(code: str) -> Call:
    call = call_with(code)
    assert call is not None
    return call


def _page_number() -> int:
    asked = request.args.get("page", "")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _pages(people: Sequence[Person]) -> int:
    return max(1, -(-len(people) // PAGE))


def _page(call: Call, rows: list[Row], people: Sequence[Person], **more: Any) -> str:
    usual = UsualForm(formdata=None, data={"usual": call.reviewer_load})
    values: dict[str, Any] = {"stale": False, "form": usual, **more}
    return render_template(
        "coordinator/call/loads.html",
        call=call,
        rows=rows,
        total=len(people),
        page=min(_page_number(), _pages(people)),
        pages=_pages(people),
        **values,
    )
