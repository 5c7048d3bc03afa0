"""The page of one batch: how good it is, what could be chosen instead, and every proposal with its reviewers."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import StringIO

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Call
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.models import Person
from intake.review import batches, planning, solving, wished
from intake.review.explaining import most_of, room_of
from intake.review.health import histogram, load_counts
from intake.review.models import Batch
from intake.review.picture import Picture, picture
from intake.views.coordinator import coordinator
from intake.views.coordinator.batch_telling import CAME_BY, DESKS, MARKS, STATES, said
from intake.views.coordinator.export import cell
from intake.views.display import tr
from intake.views.fields import sent_version, whole_number
from intake.views.gate import SAFE, actor, door, one_time_key
from intake.vocabulary import Action, BatchState

PATH = "/desk/calls/<code>/batches/<id:batch_id>"
PAGE = 25


def batch_of(code: str, batch_id: int) -> tuple[Call, Batch] | None:
    """The call and its batch, locked where it is changed."""
    return batches.one(code, batch_id, for_update=request.method not in SAFE)


def page_number() -> int:
    """The page that is asked for, from 1 on."""
    return max(1, whole_number(request.args.get("page", "")) or 1)


def page(call: Call, batch: Batch, template: str, seen: Picture, **values: object) -> str:
    """A page of a batch, with what all of them say."""
    words = {
        "words": {state: tr(each) for state, each in STATES.items()},
        "desks": DESKS,
        "came_by": {key: tr(each) for key, each in CAME_BY.items()},
        "marks": {key: tr(each) for key, each in MARKS.items()},
    }
    open_ = batch.state is BatchState.PROPOSED and batch.wanted_at is None and batch.solved_at is not None
    given = {"call": call, "batch": batch, "seen": seen, "version": batch.wishes["version"], "once": one_time_key()}
    state = {"can_change": open_ and seen.own_eyes, "State": BatchState}
    return render_template(f"coordinator/batch/{template}.html", **(given | words | state | values))


@door(coordinator, PATH, Action.CALL_OVERSEE, batch_of)
def batch(call: Call, batch: Batch) -> ResponseReturnValue:
    """The page. Statements: 5 beside what loaded the batch, whatever it holds; 6 where a replay is asked for."""
    seen = picture(batch, call, seen_by=actor())
    total = len(seen.proposals)
    pages = max(1, -(-total // PAGE))
    number = min(page_number(), pages)
    solved = batch.solved_at is not None and seen.own_eyes
    return page(
        call,
        batch,
        "batch",
        seen,
        lines=seen.lines((number - 1) * PAGE, PAGE),
        number=number,
        pages=pages,
        total=total,
        bins=histogram(list(seen.health.scores.values())),
        load_bars=load_counts(seen.health.loads),
        changes=[(each, said(each.said, seen.proposals, seen.names)) for each in wished.versions(batch)],
        replay=solving.replay(batch) if solved and request.args.get("check") else None,
        standing=batches.standing_of(batch) if batch.applied_at else {},
        can_undo=planning.can_undo(batch),
    )


@door(coordinator, f"{PATH}/reviewers", Action.CALL_OVERSEE, batch_of)
def batch_reviewers(call: Call, batch: Batch) -> ResponseReturnValue:
    """Every reviewer of the batch with what they have and may have. Statements: as for the batch's page."""
    return reviewers_page(call, batch)


@dataclass(frozen=True, slots=True)
class Mistyped:
    """What somebody typed in the row of a proposal or a reviewer, and what is wrong with it."""

    id: int
    typed: str
    told: str


def reviewers_page(call: Call, batch: Batch, mistyped: Mistyped | None = None) -> str:
    """The reviewers, at the page that is asked for or where something was mistyped."""
    seen = picture(batch, call, seen_by=actor())
    facts, rows = seen.facts, []
    if facts is not None:
        room = room_of(facts, seen.wishes)
        people = sorted(room, key=lambda key: (seen.names.get(key, ""), key))
        rows = [
            (key, seen.health.loads.get(key, 0), facts["reviewers"][str(key)], most_of(facts, seen.wishes, key))
            for key in people
        ]
    pages = max(1, -(-len(rows) // PAGE))
    at = next((place for place, row in enumerate(rows) if mistyped and row[0] == mistyped.id), None)
    number = min(page_number(), pages) if at is None else at // PAGE + 1
    values = {"rows": rows[(number - 1) * PAGE : number * PAGE], "number": number, "pages": pages, "total": len(rows)}
    return page(call, batch, "reviewers", seen, mistyped=mistyped, **values)


@door(coordinator, f"{PATH}/file.csv", Action.CALL_OVERSEE, batch_of)
def batch_file(call: Call, batch: Batch) -> ResponseReturnValue:
    """The pairs as a file for a spreadsheet, which the upload of a list reads again."""
    seen = picture(batch, call, seen_by=actor())
    emails = dict(db.session.execute(db.select(Person.id, Person.email).where(Person.id.in_(list(seen.names)))).all())
    text = StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["number", "reviewer", "lead", "reason", "name", "points", "rank", "came by", "title"])
    for key in seen.proposals:
        for row, why in seen.line(key).pairs:
            proposal = seen.proposals[key]
            cells = [proposal.number, emails.get(row.reviewer_id), "yes" if row.lead else "", row.override_reason]
            told = [seen.names.get(row.reviewer_id), f"{row.score * 100:.1f}", why.rank if why else None]
            table.writerow([cell(each) for each in [*cells, *told, row.came_by, proposal.title]])
    name = f"{call.code}-batch-{batch.id}.csv"
    return Response(
        text.getvalue().encode("utf-8-sig"),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _pressed(call: Call, batch: Batch, act: object, done: str) -> ResponseReturnValue:
    """Do what a single button asks, and come back with ``done`` or with what stands in the way."""
    number = batch.id
    try:
        act()  # type: ignore[operator]
    except Incomplete as error:
        db.session.rollback()
        flash(tr(error.reason), "error")
    else:
        flash(done, "success")
    return redirect(url_for("coordinator.batch", code=call.code, batch_id=number))


@door(coordinator, f"{PATH}/undo", Action.CALL_OVERSEE, batch_of, methods=["POST"], once=True)
def batch_undo(call: Call, batch: Batch) -> ResponseReturnValue:
    """Take the last change of the wishes back."""
    act = lambda: planning.undo(batch, call, seen=sent_version(), by=actor())  # noqa: E731 - one line, once
    return _pressed(call, batch, act, gettext("Undone."))


@door(coordinator, f"{PATH}/renew", Action.CALL_OVERSEE, batch_of, methods=["POST"], once=True)
def batch_renew(call: Call, batch: Batch) -> ResponseReturnValue:
    """Solve again from what the database says now."""
    act = lambda: planning.renew(batch, call, by=actor())  # noqa: E731 - one line, once
    return _pressed(call, batch, act, gettext("Solved again from the present data."))


@door(coordinator, f"{PATH}/discard", Action.CALL_OVERSEE, batch_of, methods=["POST"], once=True)
def batch_discard(call: Call, batch: Batch) -> ResponseReturnValue:
    """Put the batch aside."""
    act = lambda: planning.discard(batch, call, by=actor())  # noqa: E731 - one line, once
    return _pressed(call, batch, act, gettext("The batch is discarded. Nothing was changed by it."))
