"""How a batch becomes assignments: previewed, and applied in one transaction only if nothing changed meanwhile."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.review import solving, wished
from intake.review.asking import Asked
from intake.review.differing import Changed, changes
from intake.review.gathering import Facts, gathered
from intake.review.models import Assignment, Batch, PlannedPair
from intake.review.operations import assign, forward
from intake.review.planning import demand_same_eyes
from intake.review.weighing import weigh
from intake.review.wishes import Wishes
from intake.vocabulary import BatchState, State, Words, say

RAISED = "their largest load was raised in this batch"


@dataclass(frozen=True, slots=True)
class Preview:
    """What applying would do: ``changed`` since it was solved (then it does nothing), the pairs that would be asked by
    proposal, which proposals would be forwarded, which stay as they are and why, and how many letters each reviewer
    gets."""

    changed: Sequence[Changed]
    asks: dict[int, list[PlannedPair]]
    forwards: Sequence[int]
    stays: dict[int, Words]
    letters: dict[int, int]


def preview(batch: Batch, call: Call, *, by: Actor) -> Preview:
    """What ``apply`` would do now; changes nothing and writes to nobody.

    Demands: call.oversee. Raises: Refused; Incomplete while it is not solved, or once it was applied or discarded.
    Statements: flat in the number of pairs.
    """
    facts = _to_apply(batch, call, by)
    now = gathered(call, wished.now(batch), by)
    by_proposal = _new_pairs(batch)
    stays = _staying(by_proposal, facts, call)
    asks = {key: rows for key, rows in by_proposal.items() if key not in stays}
    return Preview(
        changes(facts, now),
        asks,
        [key for key in asks if facts["proposals"][str(key)][0] == State.MATCHED],
        stays,
        dict(Counter(row.reviewer_id for rows in asks.values() for row in rows)),
    )


def _to_apply(batch: Batch, call: Call, by: Actor) -> Facts:
    demand_same_eyes(batch, call, by)
    facts = solving.facts_of(batch)
    if batch.state is not BatchState.PROPOSED:
        raise Incomplete(say("This batch was applied or discarded already."))
    if facts is None or batch.wanted_at is not None or batch.solved_at is None:
        raise Incomplete(say("The engine is still at work on it. Wait for its answer."))
    return facts


def _new_pairs(batch: Batch) -> dict[int, list[PlannedPair]]:
    """The pairs that are not assignments yet, by proposal, the lead first. Statements: 1."""
    rows = db.session.scalars(
        sa.select(PlannedPair)
        .where(PlannedPair.batch_id == batch.id, PlannedPair.came_by != "standing")
        .order_by(PlannedPair.proposal_id, PlannedPair.lead.desc(), PlannedPair.score.desc(), PlannedPair.reviewer_id)
    )
    found: dict[int, list[PlannedPair]] = defaultdict(list)
    for row in rows:
        found[row.proposal_id].append(row)
    return found


def _staying(by_proposal: dict[int, list[PlannedPair]], facts: Facts, call: Call) -> dict[int, Words]:
    """The matched proposals that have too few to be forwarded, and why they stay."""
    stays = {}
    for key, (state, _) in facts["proposals"].items():
        has = len(by_proposal.get(int(key), ()))
        if state == State.MATCHED and has < call.reviews_needed:
            words = "It stays matched: it has %(has)s of the %(needed)s reviewers that the call asks for."
            stays[int(key)] = say(words, has=has, needed=call.reviews_needed)
    return stays


def apply(batch: Batch, call: Call, *, although: str = "", by: Actor) -> Preview:
    """Forward the matched proposals to their reviewers, and ask whom those in review lack, all in one transaction.

    ``although`` says why, where rules of the call are not met any more by a proposal that is forwarded. ``batch`` must
    be locked.

    Demands: call.oversee, proposal.forward or proposal.assign for each. From: proposed. Records: assignments, moves,
    the batch as applied, events. Tells: reviewers and teams.
    Raises: Refused; Stale, and nothing was done, when the data changed since it was solved; Incomplete or Conflicted,
    with the proposal's number in front, for what ``forward`` and ``assign`` refuse. Returns: what was done.
    """
    _lock(_new_pairs(batch))
    todo = preview(batch, call, by=by)
    if todo.changed:
        raise Stale
    if not todo.asks:
        raise Incomplete(say("There is nobody to ask: nothing would change."))
    wishes, facts = wished.now(batch), solving.facts_of(batch) or {}
    asked = [(row.proposal_id, row.reviewer_id) for rows in todo.asks.values() for row in rows]
    weighed = weigh(call, asked, by=by)
    for proposal_id, pairs in sorted(todo.asks.items()):
        proposal = whole(proposal_id, for_update=True)
        if proposal is None:
            raise Stale
        rows = [
            Asked(each.reviewer_id, each.lead, each.override_reason or _raised(each, wishes, facts)) for each in pairs
        ]
        given = {"by": by, "reply_by": wishes.reply_by, "batch_id": batch.id, "weighed": weighed}
        made = _asked(proposal, rows, wishes.due_at, although, given)
        known = {row.reviewer_id: row.id for row in made}
        for pair in pairs:
            pair.assignment_id = known[pair.reviewer_id]
    batch.state, batch.applied_by_id, batch.applied_at = BatchState.APPLIED, by.id, clock.now()
    record("batch.applied", "call", call.id, by=by, batch=batch.id, proposals=len(todo.asks), asked=len(asked))
    db.session.flush()
    return todo


def _lock(by_proposal: Iterable[int]) -> None:
    """Lock the proposals, in the order in which every act locks several, before anything is read that decides: what is
    found of all of them at once is still so when each is asked. Statements: 1."""
    asked = sa.select(Proposal.id).where(Proposal.id.in_(sorted(by_proposal))).order_by(Proposal.id)
    db.session.execute(asked.with_for_update(of=Proposal, key_share=True)).all()


def _asked(
    proposal: Proposal, rows: Sequence[Asked], due_at: datetime, although: str, given: Mapping[str, Any]
) -> list[Assignment]:
    """The assignments of one proposal. Raises Incomplete and Conflicted with its number in front."""
    try:
        if proposal.state is State.MATCHED:
            return forward(proposal, rows, due_at, although=although, **given)
        return [assign(proposal, each, due_at, **given) for each in rows]
    except Conflicted as error:
        told = say("%(number)s: %(reason)s", number=proposal.number, reason=error.reason)
        raise Conflicted(told, error.person_id) from None
    except Incomplete as error:
        told = say("%(number)s: %(reason)s", number=proposal.number, reason=error.reason)
        raise Incomplete(told, error.fields) from None


def _raised(pair: PlannedPair, wishes: Wishes, facts: Facts) -> str:
    """Why somebody is asked although that is more than they usually have, where the coordinator raised their load or
    forced the pair."""
    most = facts["reviewers"][str(pair.reviewer_id)][0]
    raised = wishes.loads.get(pair.reviewer_id, most) > most
    return RAISED if raised or pair.came_by in ("forced", "locked") else ""
