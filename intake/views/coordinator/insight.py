"""Who can see one proposal, and why: every person concerned, asked of the same policy that guards the pages."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from intake.forward.packing import RELATIONS
from intake.people.models import Person
from intake.people.queries import holders, overseers, standing_in, with_grants
from intake.people.sign_in import actor_of
from intake.policy import (
    Actor,
    Ruling,
    accepted_by,
    assignment_of,
    declared_by,
    may,
    of_office,
    oversees,
    relation_of,
)
from intake.proposal.models import Proposal
from intake.views.display import tr
from intake.vocabulary import Action, Declared, Role, Words, say

LOOKS: tuple[tuple[Action, Words], ...] = (
    (Action.PROPOSAL_VIEW, say("title and state")),
    (Action.PROPOSAL_READ, say("the full text")),
    (Action.PROPOSAL_READ_PACKET, say("the packet")),
    (Action.PROPOSAL_READ_REVIEWS, say("the reviews")),
    (Action.PROPOSAL_READ_FEEDBACK, say("the decision with its feedback")),
    (Action.PROPOSAL_CONVERSE, say("the messages between team and office")),
    (Action.PROPOSAL_LOG, say("the log and the office's notes")),
)


@dataclass(frozen=True, slots=True)
class Insight:
    """One person: what they are to the proposal, what they may read now, and why not more."""

    name: str
    where: str
    roles: list[str]
    sees: list[str]
    why_not: list[Words]


def insights(proposal: Proposal) -> list[Insight]:
    """Everybody concerned: team, office, reviewers (taken off ones too), sponsor contacts, administrators; by name.

    Statements: 8 at most, however many there are.
    """
    sponsor_id = proposal.call.programme.sponsor_id
    ids = {each.person_id for each in proposal.team}
    ids |= {each.reviewer_id for each in proposal.assignments}
    ids |= {each.id for each in overseers(proposal.call.programme_id, proposal.call_id)}
    ids |= {each.person_id for each in standing_in(proposal.id)}
    ids |= {each.id for each in holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id)} if sponsor_id else set()
    ids |= {each.id for each in holders(Role.ADMINISTRATOR)}
    return [_insight(proposal, person) for person in with_grants(ids)]


def _insight(proposal: Proposal, person: Person) -> Insight:
    who = actor_of(person)
    rulings = [(words, may(who, action, proposal)) for action, words in LOOKS] if person.active else []
    allowed = [words for words, ruling in rulings if ruling]
    return Insight(
        name=person.name,
        where=person.department.code if person.department else person.organisation,
        roles=_roles(proposal, person, who),
        sees=[tr(each) for each in allowed],
        why_not=_why_not(proposal, person, who, [ruling for _, ruling in rulings[:2]]) if not allowed[1:] else [],
    )


def _why_not(proposal: Proposal, person: Person, who: Actor, rulings: list[Ruling]) -> list[Words]:
    """The nearest reason is enough; a closed account needs no other."""
    if not person.active:
        return [say("The account is closed.")]
    if assignment_of(who, proposal) is not None and not accepted_by(who, proposal):
        return [say("Has not answered yet whether they will review it.")]
    if assignment_of(who, proposal) is not None and declared_by(who, proposal) is Declared.UNKNOWN:
        return [say("Has not declared yet whether there is a conflict of interest.")]
    refused = [ruling for ruling in rulings if not ruling]
    if refused and refused[0].hidden:
        return [say("To them it does not exist: no packet was sent to them, and they do not work on it.")]
    return [ruling.reason for ruling in refused[:1] if ruling.reason]


def _roles(proposal: Proposal, person: Person, who: Actor) -> list[str]:
    relation = relation_of(who, proposal)
    rows = [tr(RELATIONS[relation])] if relation else []
    if oversees(who, proposal.call):
        rows.append(gettext("Coordinator"))
    elif of_office(who, proposal):
        rows.append(gettext("Stands in for the office"))
    mine = assignment_of(who, proposal)
    if mine is not None:
        rows.append(gettext("Lead reviewer") if mine.lead else gettext("Reviewer"))
    elif any(each.reviewer_id == person.id for each in proposal.assignments):
        rows.append(gettext("Reviewer, taken off"))
    if proposal.call.programme.sponsor_id in who.sponsor_ids:
        rows.append(gettext("Contact of the sponsor"))
    if who.holds(Role.ADMINISTRATOR):
        rows.append(gettext("Administrator"))
    return rows
