"""Asking somebody to review a proposal: the checks that every way of asking shares, the assignment, the letter.

Somebody who is asked with a reply-by date answers first and reads only title and abstract until then; without one they
have agreed already, so the proposal is theirs as soon as they declare.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.audit.operations import record
from intake.conflict.evidence import Evidence
from intake.conflict.knowing import known_when_asked
from intake.conflict.models import Notice
from intake.errors import Conflicted, Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.people.sign_in import hashed
from intake.policy import Actor, standing
from intake.proposal.models import Proposal
from intake.review import letters
from intake.review.models import Assignment
from intake.review.weighing import Weighed, active_reviewer, weigh
from intake.vocabulary import ConflictLevel, ConflictRule, ReviewerAnswer, Words, say

TO_ANSWER = timedelta(days=7)
"""How long somebody has to answer, where nobody says otherwise."""
ONE_ACT = timedelta(minutes=1)
"""What the office knew when it asked somebody is noted with the asking, a moment later."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A reviewer to be asked, whether they lead, and why in spite of a warning, if there is one."""

    person_id: int
    lead: bool = False
    override_reason: str = ""


def reviewer(person_id: int) -> Person | None:
    """The person with department if they are an active reviewer, or None. Statements: 1."""
    wanted = sa.select(Person).where(Person.id == person_id, active_reviewer())
    return db.session.scalars(wanted.options(joinedload(Person.department))).one_or_none()


def ask(
    proposal: Proposal,
    asked: Asked,
    due_at: datetime,
    *,
    by: Actor,
    reply_by: datetime | None = None,
    batch_id: int | None = None,
    weighed: Weighed | None = None,
) -> Assignment:
    """One new assignment, not flushed and not told: ``write_to`` sends its letter. They answer by ``reply_by``; without
    it they have agreed already. The caller has asked the policy, and holds the proposal's lock; who asks several gives
    what was ``weighed`` of all of them.

    Records: the assignment, an event, and that the office knows the evidence. Raises: Incomplete for a date that has
    passed or is out of order, somebody who is no reviewer or is asked already; Conflicted for a conflict that blocks,
    or a warning (of a conflict, of a load that is full) without a reason. Statements: those of ``weigh``, or none.
    """
    _in_order(due_at, reply_by)
    weighed = weighed or weigh(proposal.call, [(proposal.id, asked.person_id)], by=by)
    person = _to_ask(proposal, weighed.people.get(asked.person_id))
    warning = why_reason(proposal, person, weighed)
    reason = asked.override_reason.strip()
    if warning is not None and not reason:
        unexplained = say(
            "%(name)s: %(reason)s Give a reason to ask them all the same.", name=person.name, reason=warning
        )
        raise Conflicted(unexplained, person.id)
    row = Assignment(
        proposal=proposal,
        reviewer_id=person.id,
        lead=asked.lead,
        due_at=due_at,
        override_reason=reason if warning is not None else "",
        assigned_by_id=by.id,
        assigned_at=clock.now(),
        answer=ReviewerAnswer.ACCEPTED if reply_by is None else ReviewerAnswer.ASKED,
        answered_at=clock.now() if reply_by is None else None,
        reply_by=reply_by,
        batch_id=batch_id,
    )
    row.review = None
    db.session.add(row)
    know(proposal, person, weighed)
    weighed.has[person.id] += 1
    record(
        "review.asked",
        "proposal",
        proposal.id,
        by=by,
        became=row.answer.value,
        note=row.override_reason,
        reviewer=person.id,
        lead=asked.lead,
    )
    return row


def _in_order(due_at: datetime, reply_by: datetime | None) -> None:
    if due_at <= clock.now():
        raise Incomplete(say("The due date has passed."), {"due_at": say("Give a time that is still to come.")})
    if reply_by is None:
        return
    if reply_by <= clock.now():
        passed = say("Give a time that is still to come.")
        raise Incomplete(say("The time to answer has passed."), {"reply_by": passed})
    if reply_by >= due_at:
        late = say("Give a time before the reviews are due.")
        raise Incomplete(say("They would answer only when the reviews are due."), {"reply_by": late})


def _to_ask(proposal: Proposal, person: Person | None) -> Person:
    """The reviewer, who is not asked yet. Raises Incomplete."""
    if person is None:
        raise Incomplete(say("That is not a reviewer."), {"reviewers": say("Choose people who are reviewers.")})
    if any(row.reviewer_id == person.id for row in standing(proposal.assignments)):
        already = say("%(name)s is asked already.", name=person.name)
        raise Incomplete(already, {"reviewers": say("Somebody is asked already.")})
    return person


def unblocked(proposal: Proposal, person: Person, *, by: Actor) -> list[Evidence]:
    """The evidence against them as a reviewer, the heaviest first. Raises Conflicted for a conflict that no reason
    overrides. Statements: 20 at most."""
    return _unblocked(proposal, person, weigh(proposal.call, [(proposal.id, person.id)], by=by))


def _unblocked(proposal: Proposal, person: Person, weighed: Weighed) -> list[Evidence]:
    evidence = list(weighed.evidence.get((proposal.id, person.id), ()))
    blocking = next((each for each in evidence if each.blocks), None)
    if blocking is not None:
        why = say("%(name)s may not review this: %(reason)s", name=person.name, reason=blocking.reason)
        raise Conflicted(why, person.id)
    return evidence


def why_reason(proposal: Proposal, person: Person, weighed: Weighed, before: Assignment | None = None) -> Words | None:
    """Why the office needs a reason to let them review it (a warning of a conflict, a load that is full), or None. A
    warning for which the assignment ``before`` gave one needs none again. Raises as ``unblocked``."""
    evidence = _unblocked(proposal, person, weighed)
    explained = _explained(before)
    warning = next((each.reason for each in evidence if each.warns and each.rule not in explained), None)
    return warning or weighed.over(proposal.call, person.id)


def know(proposal: Proposal, person: Person, weighed: Weighed) -> None:
    """The office knows the evidence against them from now on: not before nothing can refuse them any more."""
    pair = (proposal.id, person.id)
    known_when_asked(*pair, weighed.evidence.get(pair, ()), weighed.known.get(pair, {}))


def _explained(before: Assignment | None) -> set[ConflictRule]:
    """The rules in spite of whose warning somebody was asked, with a reason. Statements: 0 or 1."""
    if before is None or not before.override_reason:
        return set()
    until = before.assigned_at + ONE_ACT
    known = sa.select(Notice.rule).where(
        Notice.proposal_id == before.proposal_id,
        Notice.person_id == before.reviewer_id,
        Notice.level == ConflictLevel.WARN,
        Notice.noted_at <= until,
    )
    return set(db.session.scalars(known))


def write_to(proposal: Proposal, row: Assignment, *, reminder: bool = False) -> None:
    """Send the reviewer their letter: the request with a link to answer by, or the word that it is theirs. The
    assignment must be flushed.

    Records: the hash of a link's token, in place of the one before; in a reminder only for somebody who has no password
    to sign in with, so that the first letter's link stays alive. Tells: the reviewer.
    """
    person = db.session.get_one(Person, row.reviewer_id)
    if row.answer is not ReviewerAnswer.ASKED:
        tell([person], letters.asked(proposal, row), proposal_id=proposal.id)
        return
    token = ""
    if not reminder or not person.password_hash:
        token = secrets.token_urlsafe(32)
        row.token_hash = hashed(token)
        db.session.flush()
    letter = letters.reminded(proposal, row, token) if reminder else letters.invited(proposal, row, token)
    tell([person], letter, proposal_id=proposal.id)
