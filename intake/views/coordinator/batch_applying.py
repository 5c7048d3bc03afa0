"""A batch is previewed and applied; an applied one is reverted, or continued by another batch."""

from __future__ import annotations

from collections import Counter
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from intake.call.models import Call
from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.notification.letters import desk
from intake.notification.operations import preview as as_mail
from intake.people.queries import names
from intake.proposal.models import Proposal
from intake.review import applying, batches, letters, planning, reverting, wished
from intake.review.applying import Preview
from intake.review.models import Assignment, Batch
from intake.review.picture import picture
from intake.views.coordinator import coordinator
from intake.views.coordinator.batch import PATH, batch_of, page
from intake.views.coordinator.batch_forms import Applied, Dated
from intake.views.coordinator.batch_telling import changed
from intake.views.coordinator.forms import Reasoned
from intake.views.display import tr
from intake.views.fields import Form, sent_version
from intake.views.gate import SAFE, actor, door, one_time_key
from intake.vocabulary import Action, BatchState, ReviewerAnswer, say


@door(coordinator, f"{PATH}/apply", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_apply(call: Call, batch: Batch) -> ResponseReturnValue:
    """Every pair with its reason, every letter that would go; then all of it in one act."""
    form, code, number, status = Applied(), call.code, batch.id, 200
    if request.method not in SAFE:
        status = 422
        if form.validate():
            try:
                _as_read(batch)
                done = applying.apply(batch, call, although=form.although.data, by=actor())
            except (Incomplete, Conflicted, Stale) as error:
                db.session.rollback()
                status = 409 if isinstance(error, Stale) else 422
                call, batch = cast(tuple[Call, Batch], batches.one(code, number))
                form.read.data = False
                if status != 409:
                    form.blame(error)
            else:
                flash(_done(done), "success")
                return redirect(url_for("coordinator.batch", code=code, batch_id=number))
    return _preview(call, batch, form), status


def _as_read(batch: Batch) -> None:
    """Go on only with the pairs and dates that the page showed. Raises Incomplete."""
    if batch.state is BatchState.PROPOSED and sent_version() != batch.wishes["version"]:
        raise Incomplete(say("Somebody changed this batch since you opened the page. Read it again, then apply it."))


def _done(done: Preview) -> str:
    asked = sum(len(rows) for rows in done.asks.values())
    words = ngettext("Applied: %(num)s reviewer is asked.", "Applied: %(num)s reviewers are asked.", asked)
    return f"{words} {gettext('You can revert it.')}"


def _preview(call: Call, batch: Batch, form: Form) -> str:
    try:
        todo, wrong = applying.preview(batch, call, by=actor()), ""
    except Incomplete as error:
        todo, wrong = None, tr(error.reason)
    seen = picture(batch, call, seen_by=actor())
    people = dict(seen.names)
    if todo:
        people |= names({each.reviewer_id for each in todo.changed})
    told = list(dict.fromkeys(changed(each, seen.proposals, people) for each in todo.changed)) if todo else []
    lines = [seen.line(key) for key in todo.asks if key in seen.proposals] if todo else []
    values = {"form": form, "todo": todo, "wrong": wrong, "told": told, "lines": lines}
    return page(call, batch, "apply", seen, letter=_letter(call, batch), **values)


def _letter(call: Call, batch: Batch) -> tuple[str, str]:
    """The letter that each reviewer would get, with a proposal's number and the link left open."""
    wishes = wished.now(batch)
    until = wishes.reply_by
    row = Assignment(lead=False, due_at=wishes.due_at, reply_by=until)
    row.answer = ReviewerAnswer.ASKED if until else ReviewerAnswer.ACCEPTED
    proposal = Proposal(id=0, number=gettext("(number)"), title=gettext("(title)"), call=call)
    letter = letters.invited(proposal, row, "") if until else letters.asked(proposal, row)
    subject, text = as_mail(letter, gettext("(name)"))
    return subject, text.replace(desk.public_url + letter.path, gettext("(the link of each)"))


@door(coordinator, f"{PATH}/revert", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_revert(call: Call, batch: Batch) -> ResponseReturnValue:
    """What would end, what would stay, who is told; then all of it in one act, with a reason."""
    form, code, number = Reasoned(), call.code, batch.id
    if form.validate_on_submit():
        try:
            done = reverting.revert(batch, call, form.reason.data, by=actor())
        except (Incomplete, Stale) as error:
            db.session.rollback()
            call, batch = cast(tuple[Call, Batch], batches.one(code, number))
            form.blame(error)
        else:
            ended, stayed = len(done.ends), len(done.stays)
            words = ngettext("Reverted: %(num)s assignment ended.", "Reverted: %(num)s assignments ended.", ended)
            more = ngettext("%(num)s stays.", "%(num)s stay.", stayed) if stayed else ""
            flash(f"{words} {more}", "success")
            return redirect(url_for("coordinator.batch", code=code, batch_id=number))
    seen = picture(batch, call, seen_by=actor())
    todo = reverting.undoing(batch, call, seen_by=actor())
    told = sorted(Counter(row.reviewer.name for row in todo.ends).items())
    return page(call, batch, "revert", seen, form=form, todo=todo, told=told), 200 if request.method in SAFE else 422


@door(coordinator, f"{PATH}/again", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_again(call: Call, batch: Batch) -> ResponseReturnValue:
    """A new batch from this one, for what is short now; nothing else changes that need not."""
    planning.demand_same_eyes(batch, call, actor())
    code, number = call.code, batch.id
    form = Dated(data=Dated.usual(call, gettext("%(name)s, continued", name=batch.name)[:200]))
    if form.validate_on_submit():
        try:
            dates = {"due_at": form.due_at.data, "reply_by": form.until}
            made = planning.again(batch, call, form.name.data, **dates, by=actor())
        except Incomplete as error:
            db.session.rollback()
            call, batch = cast(tuple[Call, Batch], batches.one(code, number))
            form.blame(error)
        else:
            return redirect(url_for("coordinator.batch", code=code, batch_id=made.id))
    status = 200 if request.method in SAFE else 422
    once = one_time_key()
    return render_template("coordinator/batch/again.html", call=call, batch=batch, form=form, once=once), status
