"""How many reviews a person is given in one call: what is set for them, what they have, and whether it is full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call.arranging import enter, note
from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.policy import Actor, may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.queries import conflicted, sealed
from intake.review.models import Assignment, Capacity
from intake.vocabulary import Action, Words, say


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many reviews one person is given in a call: at most (None: the call's usual) and at least."""

    most: int | None = None
    least: int = 0


def bounds_of(call_id: int, person_ids: Iterable[int]) -> dict[int, Bounds]:
    """What is set for each of these people in the call; nobody for whom nothing is. Statements: 1."""
    ids = list(person_ids)
    rows = db.session.scalars(sa.select(Capacity).where(Capacity.call_id == call_id, Capacity.person_id.in_(ids)))
    return {row.person_id: Bounds(row.most, row.least) for row in rows}


def given(call_id: int, person_ids: Iterable[int], *, seen_by: Actor | None = None) -> dict[int, int]:
    """How many proposals of the call each person was asked to review or reviews, or has reviewed: their standing
    assignments. Those that ``seen_by`` has a conflict with, and of sealed calls, are left out. Statements: 1."""
    rows = db.session.execute(_counted(person_ids, seen_by).where(Proposal.call_id == call_id))
    return {row[0]: row[1] for row in rows}


def given_elsewhere(call_id: int, person_ids: Iterable[int], *, seen_by: Actor) -> dict[int, int]:
    """How many proposals of other calls each person reviews now, without the same. Statements: 1."""
    busy = sa.and_(Proposal.call_id != call_id, Proposal.state == "in_review")
    return {row[0]: row[1] for row in db.session.execute(_counted(person_ids, seen_by).where(busy))}


def _counted(person_ids: Iterable[int], seen_by: Actor | None) -> sa.Select[*tuple[Any, ...]]:
    asked = (
        sa.select(Assignment.reviewer_id, sa.func.count(Assignment.id))
        .join(Assignment.proposal)
        .where(Assignment.reviewer_id.in_(list(person_ids)), Assignment.removed_at.is_(None))
        .group_by(Assignment.reviewer_id)
    )
    # not open_to_office: loads of other calls count too, and for a stand-in those of the whole call
    return asked if seen_by is None else asked.where(sa.not_(conflicted(seen_by)), sa.not_(sealed()))


def most_of(call: Call, bounds: Bounds | None) -> int:
    """How many reviews somebody with these bounds is given in the call at most."""
    return call.reviewer_load if bounds is None or bounds.most is None else bounds.most


def full(call: Call, bounds: Bounds | None, has: int) -> Words | None:
    """Why somebody who ``has`` that many reviews in the call gets no more without a reason, or None."""
    most = most_of(call, bounds)
    if has < most:
        return None
    return say("They have %(has)s reviews in this call, and %(most)s at most.", has=has, most=most)


def set_bounds(call: Call, wanted: Mapping[int, Bounds], seen: Mapping[int, Bounds], *, by: Actor) -> int:
    """Set how many reviews people are given in the call; ``seen`` is what stood there when the form was shown.

    Demands: call.oversee. Records: each that differs, an event for it. Raises: Refused; Incomplete at ``most_<id>`` for
    bounds out of order; Stale when somebody else changed one meanwhile. Returns: how many changed. Statements: 1, and 2
    for each that changed.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    differing = {key: each for key, each in wanted.items() if each != seen.get(key, Bounds())}
    wrong = {key: each for key, each in differing.items() if each.most is not None and each.least > each.most}
    if wrong:
        fault = say("The least is more than the most.")
        raise Incomplete(fault, {f"most_{key}": fault for key in wrong})
    now = bounds_of(call.id, differing)
    if any(now.get(key, Bounds()) != seen.get(key, Bounds()) for key in differing):
        raise Stale
    for key, each in differing.items():
        _set(call, key, each, now.get(key, Bounds()), by)
    db.session.flush()
    return len(differing)


def _set(call: Call, person_id: int, wanted: Bounds, was: Bounds, by: Actor) -> None:
    row = db.session.get(Capacity, (call.id, person_id)) or Capacity(call_id=call.id, person_id=person_id)
    row.most, row.least, row.set_by_id, row.set_at = wanted.most, wanted.least, by.id, clock.now()
    db.session.add(row)
    told = {"most": [was.most, wanted.most], "least": [was.least, wanted.least]}
    record("call.load_set", "call", call.id, by=by, person=person_id, changes=told)


def set_usual(call: Call, most: int, version: int, *, by: Actor) -> bool:
    """Set how many reviews a person is given at most where nothing is set for them. ``version`` is that of the call as
    it was shown.

    Demands: call.oversee. Records: the number, an event. Raises: Refused; Stale. Returns: whether it changed.
    """
    enter(call, version, by=by)
    if call.reviewer_load == most:
        return False
    was, call.reviewer_load = call.reviewer_load, most
    note(call, {"reviewer_load": [was, most]}, by=by)
    return True
