"""How an assignment ends because its reviewer has a conflict, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from intake import clock
from intake.audit.operations import record
from intake.conflict.finding import Row
from intake.conflict.levels import RULES
from intake.extensions import db
from intake.notification.letters import desk
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.vocabulary import ConflictLevel, ConflictRule, ReviewState, Words

FOLLOWS: list[Callable[[Proposal, Any, bool], Words | None]] = []
"""What later rooms do once an assignment has ended (told whether it led), and what the office reads of that."""


def ends(row: Any, conflict: Row) -> bool:
    """Whether the conflict ends this assignment by itself: no reason gets past a block. On a team it only hides the
    proposal, and a review that is submitted is the office's to take off. The review must be loaded."""
    submitted = row.review is not None and row.review.state is ReviewState.SUBMITTED
    return conflict.level is ConflictLevel.BLOCK and conflict.rule is not ConflictRule.TEAM and not submitted


def suspend(row: Any, proposal: Proposal, conflict: Row, reason: Words, *, by: Actor) -> None:
    """The assignment ends because of a conflict that blocks. Records: when and by which rule; an event with the
    evidence, which may be as long as an objection."""
    row.removed_at, row.lead = clock.now(), False
    row.removed_reason = f"a conflict of interest was found: {desk.speak(RULES[conflict.rule])}"
    record(
        "review.suspended",
        "proposal",
        proposal.id,
        by=by,
        note=desk.speak(reason),
        reviewer=conflict.person_id,
        rule=conflict.rule.value,
    )


def follow(proposal: Proposal, ended: Sequence[tuple[Any, bool]]) -> list[Words]:
    """Let follow what follows on each assignment that has ended, given with whether it led. The proposal must be
    locked. Records, Tells: as ``FOLLOWS`` does. Returns: the sentences for the office, in the same order."""
    db.session.flush()
    said = [act(proposal, row, led) for row, led in ended for act in FOLLOWS]
    return [each for each in said if each is not None]
