"""Adjusting a batch: one proposal with everybody who might review it, and each change with its cost before it is
kept."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Call
from intake.conflict.evidence import Evidence
from intake.errors import Conflicted, Incomplete, IntakeError, Refused, Stale
from intake.extensions import db
from intake.policy import UNSEEN
from intake.review import batches, engine, planning, solving, wished
from intake.review.barring import evidence_for
from intake.review.costing import costs as costs_of
from intake.review.explaining import Standing
from intake.review.gathering import Facts
from intake.review.models import Batch
from intake.review.picture import Picture, picture
from intake.review.planning import demand_same_eyes
from intake.review.solution import Difference
from intake.review.wishes import Said, Wishes
from intake.views.coordinator import coordinator
from intake.views.coordinator.batch import PATH, batch_of, page
from intake.views.coordinator.batch_asked import Asked, asked
from intake.views.coordinator.batch_forms import POINTS, Kept, Wished, objectives
from intake.views.coordinator.batch_telling import said
from intake.views.display import tr
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door
from intake.vocabulary import Action, Objective, say

ANY_REASON = "a reason, to see the cost"
"""Stands for the reason that is typed only once the cost was read."""

NEAREST = 12
"""So many of those who might review a proposal are shown; the rest when they are asked for."""
SWAPS = 500


def _near(row: Standing) -> bool:
    """Whether the row is shown without being asked for: the nearest, and whom a bar keeps from being one of them."""
    return row.there is not None or (row.rank or NEAREST + 1) <= NEAREST or (row.rank is None and row.score > 0)


def _one(code: str, batch_id: int, proposal_id: int) -> tuple[Call, Batch, Picture, int] | None:
    """The batch with one of its proposals that the reader handles."""
    found = batch_of(code, batch_id)
    if found is None:
        return None
    seen = picture(found[1], found[0], seen_by=actor())
    return (*found, seen, proposal_id) if proposal_id in seen.proposals else None


@door(coordinator, f"{PATH}/proposals/<id:proposal_id>", Action.CALL_OVERSEE, _one)
def batch_proposal(call: Call, batch: Batch, seen: Picture, proposal_id: int) -> ResponseReturnValue:
    """One proposal: why each reviewer is there, and why not another, with the cost or the conflict."""
    people = seen.standings(proposal_id)
    ids = [row.reviewer_id for row in people]
    facts = solving.facts_of(batch)
    costs = costs_of(facts, seen.wishes, proposal_id) if facts and people else {}
    evidence = evidence_for([proposal_id], ids, seen_by=actor()).get(proposal_id, {})
    line = seen.line(proposal_id)
    others = [
        (row, seen.proposals[key].number, seen.names.get(row.reviewer_id, ""))
        for key, lot in seen.rows.items()
        for row in lot
        if key != proposal_id and row.came_by != "standing"
    ]
    shown = people if request.args.get("all") else [row for row in people if _near(row)]
    values = {"line": line, "people": shown, "costs": costs, "evidence": evidence, "others": others[:SWAPS]}
    values["more"] = len(people) - len(shown)
    return page(call, batch, "proposal", seen, affinities=batches.affinities_of(proposal_id), **values)


@door(coordinator, f"{PATH}/adjust", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_adjust(call: Call, batch: Batch) -> ResponseReturnValue:
    """Show what a change would do and cost; keep it."""
    demand_same_eyes(batch, call, actor())
    facts = solving.facts_of(batch)
    if facts is None:
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    form, code, number = Kept(), call.code, batch.id
    try:
        change = asked(batch, facts, request.args if request.method in SAFE else request.form)
    except Incomplete as error:
        flash(tr(error.reason), "error")
        return redirect(url_for("coordinator.batch", code=code, batch_id=number))
    if request.method in SAFE:
        return _cost(call, batch, form, change, facts), 200
    if form.validate():
        try:
            act = lambda wishes: change.act(wishes, form.reason.data.strip())  # noqa: E731 - one line, once
            planning.change(batch, call, act, change.said, seen=sent_version(), by=actor())
        except (Incomplete, Conflicted, Stale) as error:
            db.session.rollback()
            call, batch = cast(tuple[Call, Batch], batches.one(code, number))
            form.blame(error)
        else:
            flash(gettext("Kept. You can undo it."), "success")
            return _home(call, batch, change)
    return _cost(call, batch, form, change, solving.facts_of(batch) or facts), 422


def _home(call: Call, batch: Batch, change: Asked) -> ResponseReturnValue:
    proposal = change.said.proposal_id
    if proposal is not None:
        return redirect(url_for("coordinator.batch_proposal", code=call.code, batch_id=batch.id, proposal_id=proposal))
    return redirect(url_for("coordinator.batch", code=call.code, batch_id=batch.id))


def _cost(call: Call, batch: Batch, form: Kept, change: Asked, facts: Facts) -> str:
    seen = picture(batch, call, seen_by=actor())
    difference, wrong = _tried(batch, call, change)
    warned = change.pair is not None and engine.mark_of(facts, change.pair) == "warn"
    values = {"form": form, "change": change, "difference": difference, "wrong": wrong, "warned": warned}
    told = said(change.said, seen.proposals, seen.names)
    return page(call, batch, "adjust", seen, told=told, evidence=_evidence(change), **values)


def _tried(batch: Batch, call: Call, change: Asked) -> tuple[Difference | None, str]:
    """What the change would do, or why it cannot be."""
    try:
        return planning.tried(batch, call, lambda wishes: change.act(wishes, ANY_REASON), by=actor()), ""
    except (Incomplete, Conflicted) as error:
        return None, tr(error.reason)
    except IntakeError as error:  # the engine says that the locks do not fit
        return None, tr(error.reason)


def _evidence(change: Asked) -> list[Evidence]:
    if change.pair is None:
        return []
    proposal, reviewer = change.pair
    return evidence_for([proposal], [reviewer], seen_by=actor()).get(proposal, {}).get(reviewer, [])


@door(coordinator, f"{PATH}/wishes", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_wishes(call: Call, batch: Batch) -> ResponseReturnValue:
    """What the engine looks for, changed."""
    demand_same_eyes(batch, call, actor())
    wishes, code, number = wished.now(batch), call.code, batch.id
    shown = {"objective": wishes.objective.value, "stability": wishes.stability}
    points = {name: None if value is None else value * POINTS for name, value in _points(wishes).items()}
    form = Wished(data=shown | points)
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


def _points(wishes: Wishes) -> dict[str, float | None]:
    return {"floor": wishes.floor, "threshold": wishes.threshold}


def _wished(now: Wishes, form: Wished) -> Wishes:
    floor, threshold = form.floor.data, form.threshold.data
    return replace(
        now,
        objective=Objective(form.objective.data),
        stability=form.stability.data,
        floor=None if floor is None else floor / POINTS,
        threshold=None if threshold is None else threshold / POINTS,
    )
