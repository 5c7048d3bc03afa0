"""Who sees a proposal: as its team, as the office, as a reviewer, as a sponsor; and who may not learn that it exists.

``proposal.queries.visible_to`` is the twin of ``sees`` in SQL.
"""

from __future__ import annotations

from typing import Any

from intake import clock
from intake.opening import sealed_at
from intake.policy.actor import Actor
from intake.policy.relations import assignment_of, conflict_of, oversees, relation_of, sent_packet_to
from intake.vocabulary import Role, State

REVIEWERS_SEE = frozenset(State) - {
    State.DRAFT, State.SUBMITTED, State.RETURNED, State.INELIGIBLE, State.ELIGIBLE, State.MATCHED, State.WITHDRAWN
}  # fmt: skip
SPONSORS_READ = frozenset({State.WITH_SPONSOR, State.RESERVE, State.AWARDED, State.DECLINED})
ENDED = frozenset({State.INELIGIBLE, State.DECLINED, State.WITHDRAWN})
RELEASED = frozenset({State.SELECTED, State.WITH_SPONSOR, State.RESERVE, State.AWARDED, State.DECLINED})


def sealed(proposal: Any) -> bool:
    """The office may not read the proposal yet: its call is sealed until it has closed."""
    return sealed_at(proposal.call, clock.now())


def as_team(actor: Actor, proposal: Any) -> bool:
    """The actor is on the proposal's team."""
    return relation_of(actor, proposal) is not None


def of_office(actor: Actor, proposal: Any) -> bool:
    """The actor handles the received proposal as the office: coordinates its call or stands in. A conflict aside."""
    if proposal.number is None:
        return False
    return oversees(actor, proposal.call) or proposal.id in actor.stands_in


def as_reviewer(actor: Actor, proposal: Any) -> bool:
    """The proposal is the actor's to review, it has gone to reviewers, and no conflict stands between."""
    return (
        assignment_of(actor, proposal) is not None
        and proposal.state in REVIEWERS_SEE
        and conflict_of(actor, proposal) is None
    )


def as_sponsor(actor: Actor, proposal: Any) -> bool:
    """The proposal was sent to a sponsor of the actor, recalled or not."""
    return sent_packet_to(actor, proposal) is not None


def reads_packet(actor: Actor, proposal: Any) -> bool:
    """The actor's sponsor still has the packet of a proposal that sponsors read."""
    packet = sent_packet_to(actor, proposal)
    return packet is not None and packet.recalled_at is None and proposal.state in SPONSORS_READ


def concerns(actor: Actor, proposal: Any) -> bool:
    """The actor may learn the proposal's title. A coordinator with a conflict may not, or while the call is sealed; nor
    a sponsor once the packet is recalled or the proposal withdrawn."""
    if as_team(actor, proposal) or as_reviewer(actor, proposal) or reads_packet(actor, proposal):
        return True
    return of_office(actor, proposal) and conflict_of(actor, proposal) is None and not sealed(proposal)


def sees(actor: Actor, proposal: Any) -> bool:
    """The actor may know that the proposal exists."""
    if actor.id is None:
        return False
    if as_team(actor, proposal) or as_reviewer(actor, proposal) or as_sponsor(actor, proposal):
        return True
    return of_office(actor, proposal) or (proposal.number is not None and actor.holds(Role.ADMINISTRATOR))
