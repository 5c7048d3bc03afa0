"""What may happen to a conflict: it is declared, and an administrator may lift it."""

from __future__ import annotations

from typing import Any

from intake import clock
from intake.audit.operations import record
from intake.conflict.ending import follow
from intake.conflict.evidence import KINDS
from intake.conflict.models import Conflict
from intake.conflict.standing_in import tell_if_nobody
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import Actor, may, standing
from intake.proposal import letters
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs, office_of
from intake.vocabulary import Action, ConflictKind, Declared, say


def declare(proposal: Proposal, kind: ConflictKind | None, note: str, *, by: Actor) -> Conflict:
    """A reviewer declares a conflict of ``kind``, or none.

    Demands: proposal.declare. Records: the declaration, an event; a conflict ends the assignment, so access ends at
    once.
    Tells: the office of a conflict. Raises: Refused.
    """
    demand(may(by, Action.PROPOSAL_DECLARE, proposal))
    row = next((each for each in proposal.conflicts if each.person_id == by.id), None)
    if row is None:
        row = Conflict(proposal=proposal, person_id=by.id)
    row.declared = Declared.CONFLICT if kind else Declared.NONE
    row.kind, row.note, row.declared_at = kind, note, clock.now()
    row.lifted_at, row.lifted_by_id, row.lifted_reason = None, None, ""
    db.session.add(row)
    record("conflict.declared", "proposal", proposal.id, by=by, became=kind.value if kind else Declared.NONE.value)
    if kind:
        _leave(proposal, by)
        _tell_office(proposal, kind, note, by)
    db.session.flush()
    return row


def _leave(proposal: Proposal, by: Actor) -> list[tuple[Any, bool]]:
    """The assignment of whoever has a conflict ends; a draft of theirs stays unread. Returns: those that ended, and
    whether each led."""
    ended = [(row, row.lead) for row in standing(proposal.assignments) if row.reviewer_id == by.id]
    for row, _ in ended:
        row.removed_at, row.removed_reason, row.lead = clock.now(), "declared a conflict of interest", False
    return ended


def _tell_office(proposal: Proposal, kind: ConflictKind, note: str, by: Actor) -> None:
    name = db.session.get_one(Person, by.id).name
    letter = letters.to_office(
        proposal,
        "conflict.declared",
        say("Conflict declared on %(number)s", number=proposal.number),
        say("%(name)s declared a conflict of interest: %(kind)s.", name=name, kind=KINDS[kind]),
        say("Their access has ended. Please assign somebody else if a review is missing now."),
        quoted=note,
    )
    tell(office_of(proposal), letter, proposal_id=proposal.id)


def declare_as_office(proposal: Proposal, kind: ConflictKind | None, note: str, *, by: Actor) -> Conflict:
    """Somebody of the office declares a conflict of their own: the proposal is hidden from them at once. Where they
    review it as well, that ends, and the next alternate is asked.

    Demands: proposal.declare_as_office. Records: the declaration, an event. Tells: the rest of the office; the
    alternate; administrators, if nobody is left to handle it. Raises: Refused; Incomplete without a kind.
    """
    demand(may(by, Action.PROPOSAL_DECLARE_AS_OFFICE, proposal))
    if kind is None:
        raise Incomplete(say("Nothing was declared."), {"kind": say("Choose what it is.")})
    row = next((each for each in proposal.conflicts if each.person_id == by.id), None)
    if row is None:
        row = Conflict(proposal=proposal, person_id=by.id)
        db.session.add(row)
    row.declared, row.kind, row.note, row.declared_at = Declared.CONFLICT, kind, note, clock.now()
    row.lifted_at, row.lifted_by_id, row.lifted_reason = None, None, ""
    record("conflict.declared", "proposal", proposal.id, by=by, became=kind.value, person=by.id)
    then = follow(proposal, _leave(proposal, by))
    name = db.session.get_one(Person, by.id).name
    letter = letters.to_office(
        proposal,
        "conflict.declared",
        say("%(number)s: a coordinator declared a conflict", number=proposal.number),
        say("%(name)s declared a conflict of interest: %(kind)s.", name=name, kind=KINDS[kind]),
        say("The proposal is withheld from them; it is yours to handle."),
        *then,
    )
    tell(office_of(proposal), letter, proposal_id=proposal.id)
    tell_if_nobody(proposal)
    return row


def lift(conflict: Conflict, proposal: Proposal, reason: str, *, by: Actor) -> None:
    """An administrator lifts a declared conflict, with a reason; never their own, nor one on a proposal of theirs.

    Demands: proposal.lift_conflict, which a conflict of their own stops. Records: who lifted it, when and why; an
    event. Raises: Refused; Incomplete for no reason, or when there is nothing to lift.
    """
    demand(may(by, Action.PROPOSAL_LIFT_CONFLICT, proposal))
    needs(reason, "reason", say("Say why it is lifted."))
    if conflict.declared is not Declared.CONFLICT or conflict.lifted_at is not None:
        raise Incomplete(say("There is no standing conflict to lift."))
    conflict.lifted_at, conflict.lifted_by_id, conflict.lifted_reason = clock.now(), by.id, reason
    record(
        "conflict.lifted",
        "proposal",
        proposal.id,
        by=by,
        was=Declared.CONFLICT.value,
        note=reason,
        person=conflict.person_id,
    )
    db.session.flush()
