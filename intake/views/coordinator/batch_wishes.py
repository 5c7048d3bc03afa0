"""What the engine looks for in a batch, changed on a page of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Call
from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.review import batches, planning, wished
from intake.review.models import Batch
from intake.review.picture import picture
from intake.review.planning import demand_same_eyes
from intake.review.wishes import Said, Wishes
from intake.views.coordinator import coordinator
from intake.views.coordinator.batch import PATH, batch_of, page
from intake.views.coordinator.batch_forms import POINTS, Wished, objectives
from intake.views.coordinator.batch_telling import points
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door
from intake.vocabulary import Action, Objective


@door(coordinator, f"{PATH}/wishes", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_wishes(call: Call, batch: Batch) -> ResponseReturnValue:
    """What the engine looks for, changed."""
    demand_same_eyes(batch, call, actor())
    wishes, code, number = wished.now(batch), call.code, batch.id
    shown = {"objective": wishes.objective.value, "stability": wishes.stability}
    form = Wished(data=shown | {"floor": _shown(wishes.floor), "threshold": _shown(wishes.threshold)})
    form.objective.offer(objectives())
    status = 200
    if request.method not in SAFE:
        status = 422
        if form.validate():
            try:
                act = lambda now: _wished(now, form)  # noqa: E731 - one line, once
                planning.change(batch, call, act, Said("wishes"), seen=sent_version(), by=actor())
            except (Incomplete, Conflicted, Stale) as error:
                db.session.rollback()
                call, batch = cast(tuple[Call, Batch], batches.one(code, number))
                form.blame(error)
            else:
                flash(gettext("Solved with other wishes. You can undo it."), "success")
                return redirect(url_for("coordinator.batch", code=code, batch_id=number))
    return page(call, batch, "wishes", picture(batch, call, seen_by=actor()), form=form), status


def _shown(score: float | None) -> float | None:
    return None if score is None else points(score)


def _wished(now: Wishes, form: Wished) -> Wishes:
    return replace(
        now,
        objective=Objective(form.objective.data),
        stability=form.stability.data,
        floor=_typed(form.floor.data, now.floor),
        threshold=_typed(form.threshold.data, now.threshold),
    )


def _typed(number: float | None, before: float | None) -> float | None:
    """The score that was typed in points. What the page showed, rounded, and got back is what it was: rounded up it
    might be a floor that no assignment has."""
    if number is None:
        return None
    return before if number == _shown(before) else number / POINTS
