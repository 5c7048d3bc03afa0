"""The link of a letter that asks somebody to review: what it is for, and whether it still opens anything."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake.errors import Refused
from intake.extensions import db
from intake.people.models import Person
from intake.people.sign_in import actor_of, hashed
from intake.policy import Actor, conflict_of
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.review.coming_back import TAKEN_BACK
from intake.review.models import Assignment
from intake.review.queries import SAID_NO
from intake.review.refusals import REASONS
from intake.vocabulary import DeclineReason, ReviewerAnswer, Role, State, Words, say

LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody's request to review behind their link; ``actor`` is that person as the policy knows them. ``over`` says
    why the link opens nothing any more, if it does, without a word of the proposal; ``answered`` that it is because
    they answered."""

    proposal: Proposal
    assignment: Assignment
    person: Person
    actor: Actor
    over: Words | None
    answered: bool


def behind(token: str, *, for_update: bool = False) -> Invitation | None:
    """What the link is for, with all that the policy reads; None for an unknown link, one that a newer letter replaced,
    and one whose reviewer has no account or role any more. Looking does not use it up. Statements: 1, and 10 at most
    for a known link."""
    if not token.isascii() or len(token) > LONGEST_TOKEN:
        return None
    mark = hashed(token)
    found = db.session.execute(
        sa.select(Assignment.id, Assignment.proposal_id, Assignment.reviewer_id).where(Assignment.token_hash == mark)
    ).one_or_none()
    if found is None:
        return None
    proposal = one(found.proposal_id, for_update=for_update)
    row = next((each for each in proposal.assignments if each.token_hash == mark), None) if proposal else None
    person = _reviewer(found.reviewer_id)
    if proposal is None or row is None or person is None:
        return None
    who = actor_of(person)
    return Invitation(proposal, row, person, who, _over(proposal, row, who), row.answer is not ReviewerAnswer.ASKED)


def _reviewer(person_id: int) -> Person | None:
    """The person with grants, while their account is open and they are a reviewer."""
    asked = sa.select(Person).where(Person.id == person_id, Person.active).options(selectinload(Person.grants))
    person = db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    holds = person is not None and any(g.role is Role.REVIEWER and g.revoked_at is None for g in person.grants)
    return person if holds else None


def told(row: Assignment) -> Words | None:
    """What the reviewer said to the request, without a word of the proposal; None while they have not."""
    values = {"when": row.answered_at}
    match row.answer:
        case ReviewerAnswer.ACCEPTED:
            return say("You accepted this invitation at %(when)s.", **values)
        case ReviewerAnswer.DECLINED:
            why = REASONS[row.decline_reason] if row.decline_reason else REASONS[DeclineReason.OTHER]
            return say("You declined this invitation at %(when)s: %(why)s.", why=why, **values)
        case ReviewerAnswer.PASSED:
            named = row.passed_to_name
            return say("You passed this invitation on at %(when)s and named %(named)s.", named=named, **values)
        case ReviewerAnswer.LAPSED:
            return say("The time to answer this invitation ended at %(when)s.", when=row.reply_by)
    return None


def _over(proposal: Proposal, row: Assignment, who: Actor) -> Words | None:
    taken_back = row.removed_at is not None and row.answer not in SAID_NO
    if taken_back or (row.removed_at is None and conflict_of(who, proposal) is not None):
        return TAKEN_BACK
    if row.answer is not ReviewerAnswer.ASKED:
        return told(row)
    if proposal.state is not State.IN_REVIEW:
        return say("The review is over, so nothing is asked of you any more.")
    return None


def locked(token: str) -> Invitation:
    """The invitation behind a link, to be answered now. Raises Refused for a link that is over."""
    found = behind(token, for_update=True)
    if found is None or found.over is not None:
        over = say("This link is over.") if found is None or found.over is None else found.over
        raise Refused(over, hidden=found is None)
    return found
