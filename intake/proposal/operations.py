"""What may happen to a whole proposal on its way in: it is submitted, screened, returned, withdrawn, restored."""

from __future__ import annotations

from datetime import datetime, timedelta

from intake import clock
from intake.call.operations import next_number
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people import queries as people
from intake.people.models import Person
from intake.policy import Actor, conflict_of, may, packet_with_sponsor, standing
from intake.proposal import letters
from intake.proposal.answers import changeable
from intake.proposal.content import frozen, sha256_of
from intake.proposal.known import wait_for_others
from intake.proposal.lifecycle import advance, demand
from intake.proposal.models import Move, Proposal, Receipt
from intake.proposal.rulebook import judge
from intake.proposal.writing import searched
from intake.vocabulary import Action, Role, State, TeamAnswer, Words, say

A_WEEK = timedelta(days=7)


def office_of(proposal: Proposal) -> list[Person]:
    """Who handles the proposal as the office: the coordinators of its call, and who stands in, without those who have a
    conflict with it, on the team under any address or declared. Statements: 4."""
    everyone = {each.id: each for each in people.overseers(proposal.call.programme_id, proposal.call_id)}
    everyone |= {row.person_id: row.person for row in people.standing_in(proposal.id)}
    return [person for person in everyone.values() if conflict_of(known_as(person), proposal) is None]


def known_as(person: Person) -> Actor:
    """The person as their conflicts are found, without any role; their other addresses must be loaded."""
    emails = frozenset((person.email, *(each.email for each in person.addresses)))
    return Actor(person.id, emails=emails, orcid=person.orcid)


def team_of(proposal: Proposal) -> list[Person]:
    """The team members who have an account and have accepted."""
    accepted = (member for member in proposal.team if member.answer is TeamAnswer.ACCEPTED)
    return [member.person for member in accepted if member.person is not None]


def submit(proposal: Proposal, *, by: Actor) -> Receipt:
    """Hand the proposal in.

    Demands: proposal.submit. From: draft, returned. Records: the number (at the first time), a receipt with the frozen
    content and its SHA-256, the move. Tells: the team (receipt), the office.
    Raises: Refused; Incomplete with every missing answer and unmet rule. Returns: the receipt.
    """
    demand(may(by, Action.PROPOSAL_SUBMIT, proposal))
    wait_for_others(proposal)
    stands = judge(proposal)
    if stands.faults:
        raise Incomplete(
            say("%(count)s things stand in the way of submitting.", count=len(stands.faults)),
            {f.field: f.reason for f in stands.faults},
        )
    instant = clock.arrived()  # the receipt says when it reached us, which is what the deadline was held against
    number = proposal.number or next_number(proposal.call)
    content = frozen(proposal, number, instant.isoformat(timespec="seconds"), aside=stands.aside)
    first = proposal.number is None
    facts = {"number": number, "submitted_at": instant} if first else {}
    advance(proposal, Action.PROPOSAL_SUBMIT, by=by, facts=facts)
    proposal.search_text = searched(proposal)
    receipt = Receipt(
        proposal_id=proposal.id,
        ordinal=1 + len(proposal.received),
        received_at=instant,
        submitted_by_id=by.id,
        content=content,
        sha256=sha256_of(content),
    )
    db.session.add(receipt)
    db.session.flush()
    tell(team_of(proposal), letters.received(proposal, receipt), proposal_id=proposal.id)
    tell(office_of(proposal), letters.arrived(proposal), proposal_id=proposal.id)
    return receipt


def screen_in(proposal: Proposal, *, by: Actor, note: str = "") -> Move:
    """Accept it as eligible. Demands: proposal.screen_in. From: submitted. Tells: nobody."""
    move = advance(proposal, Action.PROPOSAL_SCREEN_IN, by=by, note=note)
    db.session.flush()
    return move


def screen_out(proposal: Proposal, rule_code: str, explanation: str, *, by: Actor) -> Move:
    """Mark it ineligible by a rule of its call.

    Demands: proposal.screen_out. From: submitted. Records: the rule's code, the explanation. Tells: the team, with the
    rule and its source. Raises: Refused; Incomplete for no explanation or a rule of another call.
    """
    demand(may(by, Action.PROPOSAL_SCREEN_OUT, proposal))
    rule = next((each for each in proposal.call.rules if each.code == rule_code), None)
    if rule is None:
        raise Incomplete(say("Choose the rule that it does not meet."), {"rule": say("Choose a rule of this call.")})
    needs(explanation, "explanation", say("Say in a sentence how the rule is not met."))
    move = advance(proposal, Action.PROPOSAL_SCREEN_OUT, by=by, told=explanation, facts={"ineligible_rule": rule.code})
    db.session.flush()
    tell(
        team_of(proposal), letters.screened_out(proposal, rule.text, rule.source, explanation), proposal_id=proposal.id
    )
    return move


def send_back(proposal: Proposal, reason: str, parts: list[str], until: datetime, *, by: Actor) -> Move:
    """Return it for revision of ``parts`` until an instant.

    Demands: proposal.return. From: submitted, eligible. Tells: the team. Raises: Refused; Incomplete for a missing
    reason, no or unknown parts, or an instant that has passed.
    """
    demand(may(by, Action.PROPOSAL_RETURN, proposal))
    needs(reason, "reason", say("Say what is to be revised."))
    possible = changeable(proposal)
    if not parts or not set(parts) <= set(possible):
        raise Incomplete(say("Choose what may change."), {"parts": say("Choose at least one part.")})
    if until <= clock.now():
        raise Incomplete(say("That time has passed."), {"until": say("Give a time that is still to come.")})
    ordered = [part for part in possible if part in parts]
    move = advance(
        proposal,
        Action.PROPOSAL_RETURN,
        by=by,
        told=reason,
        facts={"returned_parts": ordered, "returned_until": until, "returned_reason": reason},
    )
    db.session.flush()
    names = [say("%(part)s", part=possible[part]) for part in ordered]
    tell(team_of(proposal), letters.returned(proposal, reason, names, until), proposal_id=proposal.id)
    return move


def withdraw(proposal: Proposal, reason: str, *, by: Actor) -> Move:
    """Take it back. A draft needs no reason.

    Demands: proposal.withdraw. From: any open state. Tells: the office, and reviewers or sponsor contacts who hold it.
    Raises: Refused; Incomplete without a reason.
    """
    demand(may(by, Action.PROPOSAL_WITHDRAW, proposal))
    if proposal.number is not None:
        needs(reason, "reason", say("Say why you withdraw it."))
    was = proposal.state
    move = advance(proposal, Action.PROPOSAL_WITHDRAW, by=by, told=reason, facts={"withdrawn_from": was})
    db.session.flush()
    if proposal.number is not None:
        tell(office_of(proposal), letters.withdrawn(proposal, reason), proposal_id=proposal.id)
        tell(_holders(proposal, was), letters.gone(proposal, _list_of(was)), proposal_id=proposal.id)
    return move


def _holders(proposal: Proposal, state: State) -> list[Person]:
    """The reviewers or the sponsor's contacts on whose desk a proposal in ``state`` lies."""
    if state is State.IN_REVIEW:
        return [db.session.get_one(Person, row.reviewer_id) for row in standing(proposal.assignments)]
    packet = packet_with_sponsor(proposal) if state in (State.WITH_SPONSOR, State.RESERVE) else None
    if packet is None:
        return []
    contacts = list(people.holders(Role.SPONSOR_CONTACT, sponsor_id=packet.sponsor_id))
    return [each for each in contacts if each.id == packet.contact_id] or contacts


def _list_of(state: State) -> str:
    """Where they find what lies on their desk."""
    return "/reviews" if state is State.IN_REVIEW else "/packets"


def restore(proposal: Proposal, reason: str, *, by: Actor) -> Move:
    """Undo a withdrawal: it returns to where it was. One that was returned for revision gets a fresh week.

    Demands: proposal.restore. From: withdrawn. Tells: the team, and whoever
    holds it again. Raises: Refused; Incomplete without a reason (office).
    """
    demand(may(by, Action.PROPOSAL_RESTORE, proposal))
    if proposal.number is not None:
        needs(reason, "reason", say("Say why it is restored."))
    target = proposal.withdrawn_from or State.DRAFT
    facts = {"returned_until": clock.now() + A_WEEK} if target is State.RETURNED else {}
    move = advance(proposal, Action.PROPOSAL_RESTORE, by=by, to=target, told=reason, facts=facts)
    db.session.flush()
    if proposal.number is not None:
        tell(team_of(proposal), letters.restored(proposal, reason), proposal_id=proposal.id)
        tell(_holders(proposal, target), letters.back(proposal, _list_of(target)), proposal_id=proposal.id)
    return move


def needs(text: str, field: str, message: Words) -> None:
    """Go on only with a text. Raises Incomplete with the message beside the field."""
    if not text.strip():
        raise Incomplete(message, {field: message})
