"""A principal investigator hands a proposal over to a co-investigator: they ask, the office approves or refuses.

The office does not read drafts. Of a request about one it learns the call, both names and the reason, and no more.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.allowance.queries import extended_until
from intake.audit.operations import record
from intake.errors import IllegalMove, Incomplete, Refused
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person, RoleGrant
from intake.policy import RULES, Actor, conflict_of, may, of_office
from intake.proposal import team_letters as letters
from intake.proposal.lifecycle import demand
from intake.proposal.models import Handover, Proposal, TeamMember
from intake.proposal.operations import needs, office_of, team_of
from intake.vocabulary import Action, Relation, Role, TeamAnswer, say


def candidates(proposal: Proposal) -> Sequence[TeamMember]:
    """Who may lead the proposal instead: co-investigators who accepted, with an open account and the applicant's role,
    in the team's order. Statements: 1."""
    able = set(
        db.session.scalars(
            sa.select(Person.id)
            .join(RoleGrant, RoleGrant.person_id == Person.id)
            .where(
                Person.id.in_([member.person_id for member in proposal.team if member.person_id is not None]),
                Person.active,
                RoleGrant.role == Role.FACULTY,
                RoleGrant.revoked_at.is_(None),
            )
        )
    )
    return [
        member
        for member in proposal.team
        if member.person_id in able
        and member.relation is Relation.CO_INVESTIGATOR
        and member.answer is TeamAnswer.ACCEPTED
    ]


def waiting_of(proposal: Proposal) -> Handover | None:
    """The request about the proposal that waits for the office, with both people, or None. Statements: 1."""
    return db.session.scalars(_with_people().where(Handover.proposal_id == proposal.id, waiting())).one_or_none()


def waiting() -> sa.ColumnElement[bool]:
    """Requests that have not been answered."""
    return Handover.answered_at.is_(None)


def handover(handover_id: int) -> Handover | None:
    """The request with both people, or None. Statements: 1."""
    return db.session.scalars(_with_people().where(Handover.id == handover_id)).one_or_none()


def _with_people() -> sa.Select[Handover]:
    return (
        sa.select(Handover)
        .options(joinedload(Handover.to_person), joinedload(Handover.asked_by))
        .execution_options(populate_existing=True)
    )


def ask(proposal: Proposal, to_person_id: int | None, reason: str, *, by: Actor) -> Handover:
    """Ask the office that a co-investigator lead the proposal.

    Demands: proposal.hand_over. Records: the request, an event. Tells: the office, whoever is to lead. Raises: Refused;
    Incomplete without a reason, for somebody who cannot lead it, or while another request waits. Returns: the request.
    """
    demand(may(by, Action.PROPOSAL_HAND_OVER, proposal))
    needs(reason, "reason", say("Say why you hand it over."))
    to = _able(proposal, to_person_id)
    if waiting_of(proposal) is not None:
        raise Incomplete(say("A request of yours waits for the office already. Take it back first."))
    old = proposal.principal
    made = Handover(proposal_id=proposal.id, to_person_id=to.person_id, asked_by_id=by.id, reason=reason)
    db.session.add(made)
    db.session.flush()
    record("handover.asked", "proposal", proposal.id, by=by, person=to.person_id)
    tell(office_of(proposal), letters.hand_over_asked(proposal, old.name, to.name, reason), proposal_id=proposal.id)
    assert to.person is not None
    tell([to.person], letters.hand_over_named(proposal, old.name, reason), proposal_id=proposal.id)
    return made


def _able(proposal: Proposal, person_id: int | None) -> TeamMember:
    found = next((each for each in candidates(proposal) if each.person_id == person_id), None)
    if found is None:
        cannot = say("Choose a co-investigator who accepted, has an account, and may lead proposals.")
        raise Incomplete(cannot, {"to": cannot})
    return found


def take_back(asked: Handover, proposal: Proposal, *, by: Actor) -> None:
    """Take the request back before the office has answered.

    Demands: proposal.hand_over. Records: when, an event. Raises: Refused; IllegalMove once it is answered.
    """
    demand(may(by, Action.PROPOSAL_HAND_OVER, proposal))
    _still_waiting(asked)
    asked.answered_at, asked.answered_by_id = clock.now(), by.id
    record("handover.taken_back", "proposal", proposal.id, by=by, person=asked.to_person_id)
    db.session.flush()


def demand_office(proposal: Proposal, *, by: Actor) -> None:
    """Go on only for a coordinator of the proposal's call, or who stands in for it, without a conflict. Raises
    Refused."""
    if not of_office(by, proposal):
        demand(may(by, Action.CALL_OVERSEE, proposal.call))
    if (why := conflict_of(by, proposal)) is not None:
        raise Refused(why)


def approve(asked: Handover, proposal: Proposal, words: str = "", *, by: Actor) -> None:
    """Let the other lead: they become the principal investigator, whoever led becomes a co-investigator.

    Demands: call.oversee and no conflict, and of proposal.hand_over the moment. Records: the answer, both relations, an
    event; a later close that goes with the person is the new one's. Tells: the team. Raises: Refused; IllegalMove once
    it is answered; Incomplete when the other cannot lead it any more.
    """
    demand_office(proposal, by=by)
    _still_waiting(asked)
    if (why := RULES[Action.PROPOSAL_HAND_OVER].moment(by, proposal)) is not None:
        raise Refused(why)
    old, new = proposal.principal, _able(proposal, asked.to_person_id)
    _answer(asked, words, approved=True, by=by)
    _swap(old, new)
    proposal.extended_until = extended_until(proposal.call_id, asked.to_person_id)
    proposal.changed_at = clock.now()
    record("handover.approved", "proposal", proposal.id, by=by, was=old.name, became=new.name, person=new.person_id)
    db.session.flush()
    tell(team_of(proposal), letters.handed_over(proposal, old.name, new.name, words), proposal_id=proposal.id)


def _swap(old: TeamMember, new: TeamMember) -> None:
    """A proposal has one principal investigator at every moment that the database sees, so the old one goes first."""
    old.relation, old.confirmed_at = Relation.CO_INVESTIGATOR, None
    db.session.flush()
    new.relation, new.confirmed_at = Relation.PRINCIPAL, None
    old.position, new.position = new.position, old.position
    db.session.flush()


def refuse(asked: Handover, proposal: Proposal, words: str, *, by: Actor) -> None:
    """Leave everything as it is.

    Demands: call.oversee and no conflict. Records: the answer, an event. Tells: the principal investigator and whoever
    was to lead. Raises: Refused; IllegalMove once it is answered; Incomplete without a reason.
    """
    demand_office(proposal, by=by)
    _still_waiting(asked)
    needs(words, "answer", say("Say why it stays as it is."))
    _answer(asked, words, approved=False, by=by)
    record("handover.refused", "proposal", proposal.id, by=by, person=asked.to_person_id)
    db.session.flush()
    two = [asked.asked_by, asked.to_person]
    tell(two, letters.not_handed_over(proposal, asked.to_person.name, words), proposal_id=proposal.id)


def _still_waiting(asked: Handover) -> None:
    if asked.answered_at is not None:
        raise IllegalMove(say("This request was answered or taken back at %(when)s.", when=asked.answered_at))


def _answer(asked: Handover, words: str, *, approved: bool, by: Actor) -> None:
    asked.answered_at, asked.answered_by_id = clock.now(), by.id
    asked.approved, asked.answer = approved, words
