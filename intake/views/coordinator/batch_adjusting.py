"""Adjusting a batch: one proposal with everybody who might review it, and each change with its cost before it is
kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Call
from intake.conflict.evidence import Evidence
from intake.errors import Conflicted, Incomplete, IntakeError, Refused, Stale
from intake.extensions import db
from intake.policy import UNSEEN
from intake.review import batches, engine, planning, solving
from intake.review.barring import FOR_THE_CALL, NEED_A_REASON, evidence_for
from intake.review.costing import costs as costs_of
from intake.review.explaining import Standing
from intake.review.gathering import Facts
from intake.review.models import Batch
from intake.review.picture import Picture, picture
from intake.review.planning import demand_same_eyes
from intake.review.refusals import SaidNo, declines
from intake.review.solution import Difference
from intake.views.coordinator import coordinator
from intake.views.coordinator.batch import PATH, Mistyped, batch_of, page, reviewers_page
from intake.views.coordinator.batch_asked import Asked, asked
from intake.views.coordinator.batch_forms import Kept
from intake.views.coordinator.batch_telling import points, said
from intake.views.display import tr
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door
from intake.vocabulary import Action, say

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
    return _proposal_page(call, batch, seen, proposal_id)


def _proposal_page(call: Call, batch: Batch, seen: Picture, proposal_id: int, mistyped: Mistyped | None = None) -> str:
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
    values |= {"more": len(people) - len(shown), "refused": _refused(call, proposal_id, ids), "mistyped": mistyped}
    return page(call, batch, "proposal", seen, affinities=batches.affinities_of(proposal_id), **values)


def _refused(call: Call, proposal_id: int, ids: Sequence[int]) -> dict[int, list[SaidNo]]:
    """What each said no to in the call that speaks against this proposal: it itself, or for a reason that holds for
    all. Statements: 1."""
    found = declines(ids, seen_by=actor(), call_id=call.id)
    return {
        who: [each for each in lot if each.proposal_id == proposal_id or each.reason in FOR_THE_CALL]
        for who, lot in found.items()
    }


@door(coordinator, f"{PATH}/adjust", Action.CALL_OVERSEE, batch_of, methods=["GET", "POST"], once=True)
def batch_adjust(call: Call, batch: Batch) -> ResponseReturnValue:
    """Show what a change would do and cost; keep it."""
    demand_same_eyes(batch, call, actor())
    facts = solving.facts_of(batch)
    if facts is None:
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    form, code, number = Kept(), call.code, batch.id
    sent = request.args if request.method in SAFE else request.form
    try:
        change = asked(batch, facts, sent)
    except Incomplete as error:
        return _not_asked(call, batch, sent, error)
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


def _not_asked(call: Call, batch: Batch, sent: Mapping[str, str], error: Incomplete) -> ResponseReturnValue:
    """The page where a number was mistyped, with the word at its field; else the batch with the word on top."""
    if "number" in error.fields and sent.get("act") in ("load", "need"):
        about = int(sent["reviewer" if sent["act"] == "load" else "proposal"])
        mistyped = Mistyped(about, sent.get("number", ""), tr(error.fields["number"]))
        if sent["act"] == "load":
            return reviewers_page(call, batch, mistyped), 422
        seen = picture(batch, call, seen_by=actor())
        if about in seen.proposals:
            return _proposal_page(call, batch, seen, about, mistyped), 422
    flash(tr(error.reason), "error")
    return redirect(url_for("coordinator.batch", code=call.code, batch_id=batch.id))


def _home(call: Call, batch: Batch, change: Asked) -> ResponseReturnValue:
    proposal = change.said.proposal_id
    if proposal is not None:
        return redirect(url_for("coordinator.batch_proposal", code=call.code, batch_id=batch.id, proposal_id=proposal))
    return redirect(url_for("coordinator.batch", code=call.code, batch_id=batch.id))


def _cost(call: Call, batch: Batch, form: Kept, change: Asked, facts: Facts) -> str:
    seen = picture(batch, call, seen_by=actor())
    difference, wrong = _tried(batch, call, change)
    warned = change.pair is not None and engine.mark_of(facts, change.pair) in NEED_A_REASON
    form.reason.flags.required = warned
    values = {"form": form, "change": change, "difference": difference, "wrong": wrong, "warned": warned}
    sums = _sums(difference) if difference else {}
    told = said(change.said, seen.proposals, seen.names)
    return page(
        call,
        batch,
        "adjust",
        seen,
        told=told,
        evidence=_evidence(change),
        refused=_refusals(call, change),
        **sums,
        **values,
    )


def _tried(batch: Batch, call: Call, change: Asked) -> tuple[Difference | None, str]:
    """What the change would do, or why it cannot be."""
    try:
        return planning.tried(batch, call, lambda wishes: change.act(wishes, ANY_REASON), by=actor()), ""
    except (Incomplete, Conflicted) as error:
        return None, tr(error.reason)
    except IntakeError as error:  # the engine says that the locks do not fit
        return None, tr(error.reason)


def _sums(difference: Difference) -> dict[str, float]:
    """What the total and the best possible total lose, in points: differences of the numbers that the page shows."""
    before, after = difference.before.report, difference.after.report
    return {
        name: round(points(before[key]) - points(after[key]), 1)
        for name, key in (("cost", "total"), ("falls", "best_total"))
    }


def _refusals(call: Call, change: Asked) -> list[SaidNo]:
    if change.pair is None:
        return []
    proposal, reviewer = change.pair
    return _refused(call, proposal, [reviewer]).get(reviewer, [])


def _evidence(change: Asked) -> list[Evidence]:
    if change.pair is None:
        return []
    proposal, reviewer = change.pair
    return evidence_for([proposal], [reviewer], seen_by=actor()).get(proposal, {}).get(reviewer, [])
