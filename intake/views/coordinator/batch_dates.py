"""The dates of a proposed batch: when its reviews are due, and until when reviewers answer."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.review import batches, planning, wished
from intake.review.models import Batch
from intake.review.picture import picture
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import in_days
from intake.views.coordinator.batch import PATH, batch_of, page
from intake.views.coordinator.batch_forms import DAYS_TO_ANSWER, Dates
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door
from intake.vocabulary import Action


@door(coordinator, f"{PATH}/dates", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_dates(call: Call, batch: Batch) -> ResponseReturnValue:
    """Other dates for the same pairs; nothing is solved anew."""
    planning.demand_same_eyes(batch, call, actor())
    form, code, number, status = _form(batch), call.code, batch.id, 200
    if request.method not in SAFE:
        status = 422
        if form.validate():
            try:
                changed = _set(batch, call, form)
            except (Incomplete, Stale) as error:
                db.session.rollback()
                call, batch = cast(tuple[Call, Batch], batches.one(code, number))
                form.blame(error)
                status = 409 if isinstance(error, Stale) else 422
            else:
                flash(
                    gettext("The dates are changed. You can undo it.")
                    if changed
                    else gettext("Nothing was different."),
                    "success",
                )
                return redirect(url_for("coordinator.batch", code=code, batch_id=number, _anchor="dates"))
    return page(call, batch, "dates", picture(batch, call, seen_by=actor()), form=form, stale=status == 409), status


def _form(batch: Batch) -> Dates:
    """The dates as they stand. Where nobody is asked first, the usual date to answer by stands ready."""
    wishes = wished.now(batch)
    first = wishes.reply_by is not None
    reply_by = wishes.reply_by or in_days(DAYS_TO_ANSWER)
    return Dates(data={"due_at": wishes.due_at, "ask_first": first, "reply_by": reply_by})


def _set(batch: Batch, call: Call, form: Dates) -> bool:
    return planning.set_dates(batch, call, form.due_at.data, form.until, seen=sent_version(), by=actor())
