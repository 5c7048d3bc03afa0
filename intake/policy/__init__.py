"""THE POLICY: may(actor, action, subject) -> Ruling. The one place that says who may do what, and when.

It reads plain attributes of what it is given (they must be loaded) and knows neither Flask nor SQLAlchemy. Read in this
order; a module looks back along it, never forward:

1. ``actor`` and ``ruling``: who asks, and what is answered.
2. ``relations`` and ``seeing``: what somebody is to a call or a proposal, and who sees a proposal at all.
3. ``when_open``, ``moments`` and ``who``: the moments and the people that rules are made of.
4. ``rules``: THE TABLE, one row for each action on a proposal; ``proposals`` asks four questions of its row, in this
   order: does the actor see the proposal; is the relation right; is there a conflict (conflict beats role); is the
   moment right.
5. ``calls``, ``areas``, ``attending``, ``naming`` and ``meetings``: the rulings on everything else.
6. ``asking``: ``may``, which finds the ruling by the action's word.

To find a ruling by its action: ``PROPOSAL_*`` stands in ``rules``, ``CALL_*`` and ``PROGRAMME_*`` in ``calls``,
``MEETING_*`` in ``meetings``, ``AREA_*`` in ``areas``.
"""

from __future__ import annotations

from intake.policy.actor import NOBODY, Actor, Grant
from intake.policy.areas import AREA_WHO
from intake.policy.asking import may
from intake.policy.attending import attends, comes_rightly, participant_of, reads_item
from intake.policy.meetings import slots_closed, writes_minutes
from intake.policy.moments import Moment
from intake.policy.naming import chair_named, meets, named_in
from intake.policy.proposals import reads_as_office
from intake.policy.relations import (
    accepted_by,
    assignment_of,
    conflict_of,
    declared_by,
    membership_of,
    named_on_team,
    oversees,
    own_review_submitted,
    packet_with_sponsor,
    relation_of,
    sent_packet_to,
    standing,
    submitted_reviews,
)
from intake.policy.rules import RULES, Rule
from intake.policy.ruling import UNSEEN, YES, Ruling, no
from intake.policy.seeing import (
    ENDED,
    RELEASED,
    REVIEWERS_SEE,
    SPONSORS_READ,
    concerns,
    of_office,
    sealed,
    sees,
)
from intake.policy.when_open import not_open, not_open_for

__all__ = [
    "AREA_WHO",
    "ENDED",
    "NOBODY",
    "RELEASED",
    "REVIEWERS_SEE",
    "RULES",
    "SPONSORS_READ",
    "UNSEEN",
    "YES",
    "Actor",
    "Grant",
    "Moment",
    "Rule",
    "Ruling",
    "accepted_by",
    "assignment_of",
    "attends",
    "chair_named",
    "comes_rightly",
    "concerns",
    "conflict_of",
    "declared_by",
    "may",
    "meets",
    "membership_of",
    "named_in",
    "named_on_team",
    "no",
    "not_open",
    "not_open_for",
    "of_office",
    "oversees",
    "own_review_submitted",
    "packet_with_sponsor",
    "participant_of",
    "reads_as_office",
    "reads_item",
    "relation_of",
    "sealed",
    "sees",
    "sent_packet_to",
    "slots_closed",
    "standing",
    "submitted_reviews",
    "writes_minutes",
]
