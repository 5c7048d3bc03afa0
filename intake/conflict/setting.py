"""A call's own levels of conflicts, and what setting them would change: pairs counted, and the assignments that would
end by name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from intake.audit.operations import record
from intake.call.models import Call
from intake.conflict.ending import ends
from intake.conflict.finding import rows
from intake.conflict.levels import SETTABLE, kept_of, levels_of
from intake.conflict.looking_again import look_again, reviewing
from intake.errors import Stale
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.people.queries import names
from intake.policy import ENDED, Actor, may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.queries import conflicted, sealed
from intake.vocabulary import Action, ConflictLevel, ConflictRule, Role

Counted = dict[ConflictRule, Counter[ConflictLevel]]
"""By rule and level: how many pairs of a proposal and a reviewer come under it."""


def pairs_of(call: Call, levels: Mapping[ConflictRule, ConflictLevel], years: int, *, seen_by: Actor) -> Counted:
    """How many pairs of the call's open proposals and the reviewers come under each rule and level, if the call had
    these levels. Proposals that the viewer has a conflict with count nowhere. Statements: 16 at most."""
    found = rows(_open(call, seen_by), _reviewers(), instead=({**levels_of({}), **levels}, years))
    counted: Counted = {rule: Counter() for rule in ConflictRule}
    for row in found:
        counted[row.rule][row.level] += 1
    return counted


@dataclass(frozen=True, slots=True)
class Ending:
    """An assignment that would end: the proposal's number, and who reviews it."""

    number: str
    name: str


def would_end(call: Call, levels: Mapping[ConflictRule, ConflictLevel], years: int, *, seen_by: Actor) -> list[Ending]:
    """The assignments that would end if the call had these levels, by number and name; those of proposals that the
    viewer has a conflict with are not told. Statements: 17 at most."""
    standing = reviewing(_open(call, seen_by))
    ids, people = sorted({pair[0] for pair in standing}), sorted({pair[1] for pair in standing})
    found = rows(ids, people, instead=({**levels_of({}), **levels}, years)) if standing else []
    gone = {row[:2] for row in found if row[:2] in standing and ends(standing[row[:2]], row)}
    if not gone:
        return []
    numbered = sa.select(Proposal.id, Proposal.number).where(Proposal.id.in_({pair[0] for pair in gone}))
    numbers = {row[0]: row[1] or "" for row in db.session.execute(numbered)}
    known = names(pair[1] for pair in gone)
    told = [Ending(numbers[number], known[who]) for number, who in gone]
    return sorted(told, key=lambda each: (len(each.number), each.number, each.name))


def _open(call: Call, seen_by: Actor) -> sa.Select[int]:
    wanted = sa.and_(Proposal.call_id == call.id, Proposal.number.is_not(None), Proposal.state.not_in(ENDED))
    return sa.select(Proposal.id).where(wanted, sa.not_(conflicted(seen_by)), sa.not_(sealed()))


def _reviewers() -> sa.Select[int]:
    held = sa.and_(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None))
    return sa.select(Person.id).where(Person.active, Person.grants.any(held))


def set_levels(
    call: Call, levels: Mapping[ConflictRule, ConflictLevel], years: int, *, version: int, by: Actor
) -> int | None:
    """Set what each rule does in the call, and how many years back joint work counts.

    Demands: call.oversee. Records: the levels that are not usual, the years, an event with from and to; assignments
    that cannot stay end. Tells: the office of those, and their reviewers. Raises: Refused; Stale. Returns: how many
    ended of those that ``by`` may know of, or None where nothing differed.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    if call.version != version:
        raise Stale
    was, became = levels_of(call.conflict_levels), levels_of(kept_of(levels))
    told = {rule.value: [was[rule].value, became[rule].value] for rule in SETTABLE if was[rule] is not became[rule]}
    if years != call.conflict_years:
        told["years"] = [str(call.conflict_years), str(years)]
    if not told:
        return None
    call.conflict_levels, call.conflict_years = kept_of(levels), years
    db.session.flush()
    record("call.conflicts_set", "call", call.id, by=by, changes=told)
    ended = look_again(sa.select(Proposal.id).where(Proposal.call_id == call.id), by=by)
    seen = set(db.session.scalars(_open(call, by)))
    return sum(number in seen for number, _ in ended)
