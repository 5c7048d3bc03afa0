"""The batches of a call: the list, a new one, and one out of an uploaded list of pairs."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from intake import clock
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.errors import BadUpload, Incomplete
from intake.extensions import db
from intake.opening import sealed_at
from intake.review import batches as queries
from intake.review import planning, uploading
from intake.review.gathering import demand_open, reviewers, withheld
from intake.review.wishes import Wishes
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import in_days
from intake.views.coordinator.batch_forms import POINTS, Proposed, Uploaded, objectives
from intake.views.coordinator.batch_telling import DESKS, STATES
from intake.views.display import state_label, tr
from intake.views.gate import SAFE, actor, door, one_time_key
from intake.vocabulary import Action, Limit, Objective, say

_PATH = "/desk/calls/<code>/batches"


@door(coordinator, _PATH, Action.CALL_OVERSEE, call_with)
def batches(call: Call) -> ResponseReturnValue:
    """Every batch of the call, and nothing while it is sealed. Statements: 3, whatever there is."""
    return render_template(
        "coordinator/batch/list.html",
        call=call,
        rows=queries.of_call(call),
        waiting=queries.to_assign(call, actor()),
        withheld=len(withheld(call.id, actor())),
        sealed=sealed_at(call, clock.now()),
        words={state: tr(words) for state, words in STATES.items()},
        desks=DESKS,
    )


@door(coordinator, f"{_PATH}/new", Action.CALL_OVERSEE, call_with, methods=["GET", "POST"], once=True)
def batch_new(call: Call) -> ResponseReturnValue:
    """Say what the engine is asked for, and let it answer."""
    demand_open(call, actor())
    form = _form(call)
    if form.validate_on_submit():
        try:
            batch = planning.propose(call, form.name.data, _wishes(form), by=actor())
        except Incomplete as error:
            db.session.rollback()
            call = call_with(call.code) or call
            form = _form(call)
            form.validate()
            form.blame(error)
        else:
            return redirect(url_for("coordinator.batch", code=call.code, batch_id=batch.id))
    status = 200 if request.method in SAFE else 422
    return render_template("coordinator/batch/new.html", call=call, form=form, once=one_time_key()), status


def _form(call: Call) -> Proposed:
    """The form with everything that can be chosen, all of it chosen. Statements: 2."""
    open_, people = queries.to_assign(call, actor()), reviewers()
    usual = Proposed.usual(call, tr(say("Assignment of %(day)s", day=in_days(0).date())))
    everything = {"proposals": [str(each.id) for each in open_], "reviewers": [str(key) for key in people]}
    form = Proposed(data=usual | everything)
    form.objective.offer(objectives())
    form.proposals.offer((each.id, _choice(each, call)) for each in open_)
    form.reviewers.offer(sorted(people.items(), key=lambda row: (row[1], row[0])))
    return form


def _choice(each: queries.Choice, call: Call) -> str:
    if each.has:
        has = gettext("%(has)s of %(needed)s reviewers", has=each.has, needed=call.reviews_needed)
        return f"{each.number} · {each.title} ({has})"
    return f"{each.number} · {each.title} ({state_label(each.state)})"


def _wishes(form: Proposed) -> Wishes:
    return Wishes(
        proposals=tuple(sorted(map(int, form.proposals.data))),
        reviewers=tuple(sorted(map(int, form.reviewers.data))),
        due_at=form.due_at.data,
        reply_by=form.until,
        need=form.need.data,
        objective=Objective(form.objective.data),
        floor=None if form.floor.data is None else form.floor.data / POINTS,
        stability=form.stability.data,
        threshold=None if form.threshold.data is None else form.threshold.data / POINTS,
    )


@door(coordinator, f"{_PATH}/upload", Action.CALL_OVERSEE, call_with, methods=["GET", "POST"], once=True)
def batch_upload(call: Call) -> ResponseReturnValue:
    """Report on an uploaded list row by row; the second time make a batch of its good rows."""
    demand_open(call, actor())
    usual = Uploaded.usual(call, tr(say("List of %(day)s", day=in_days(0).date())))
    form, report, status = Uploaded(data=usual), None, 200
    if request.method not in SAFE:
        status = 422
        if _taken(form):
            try:
                report = uploading.judged(call, uploading.read(form.text.data), by=actor())
                if request.form.get("and") == "keep" and report.good:
                    return _kept(call, form, report)
            except Incomplete as error:
                db.session.rollback()
                call, report = call_with(call.code) or call, None
                form.blame(error)
    values = {"call": call, "form": form, "report": report, "once": one_time_key()}
    return render_template("coordinator/batch/upload.html", **values), status


def _taken(form: Uploaded) -> bool:
    """Whether the form is right, with the text of a chosen file in place of what was pasted: a browser does not keep
    the file, so its text stays in the form whatever else is wrong."""
    try:
        form.text.data, wrong = _text_of(form), None
    except BadUpload as error:
        wrong = error
    fine = form.validate()
    if wrong is not None:
        form.blame(wrong)
    return fine and wrong is None


def _text_of(form: Uploaded) -> str:
    """The text of the file, or what was pasted. Raises BadUpload."""
    sent = form.file.data
    if not sent:
        if not form.text.data.strip():
            none = say("Choose a file, or paste the list.")
            raise BadUpload(none, {"file": none})
        return str(form.text.data)
    data = sent.stream.read(uploading.MOST_BYTES + 1)
    if len(data) > uploading.MOST_BYTES:
        raise BadUpload(say("The list is larger than %(most)s KB.", most=uploading.MOST_BYTES // 1000))
    try:
        return str(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        words = say("The file is not in UTF-8. Save it as “CSV UTF-8” and send it again.")
        raise BadUpload(words, {"file": words}) from None


def _kept(call: Call, form: Uploaded, report: uploading.Report) -> ResponseReturnValue:
    wishes = uploading.wishes_of(call, report, form.due_at.data, form.until)
    batch = planning.propose(call, form.name.data[: Limit.NAME], wishes, by=actor())
    left = len(report.rows) - len(report.good)
    done = ngettext("%(num)s row is a proposed batch now.", "%(num)s rows are a proposed batch now.", len(report.good))
    out = ngettext("%(num)s row was left out.", "%(num)s rows were left out.", left) if left else ""
    flash(f"{done} {out}", "success")
    return redirect(url_for("coordinator.batch", code=call.code, batch_id=batch.id))
