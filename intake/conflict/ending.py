"""How an assignment ends because its reviewer has a conflict, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from intake import clock
from intake.audit.operations import record
from intake.conflict.finding import Row
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.vocabulary import Words

FOLLOWS: list[Callable[[Proposal, Any, bool], Words | None]] = []
"""What later rooms do once an assignment has ended (told whether it led), and what the office reads of that."""


def suspend(row: Any, proposal: Proposal, conflict: Row, reason: Words, *, by: Actor) -> None:
    """The assignment ends because of a conflict that blocks. Records: when and why, an event."""
    row.removed_at, row.removed_reason, row.lead = clock.now(), f"a conflict of interest was found: {reason}", False
    record(
        "review.suspended",
        "proposal",
        proposal.id,
        by=by,
        note=str(reason),
        reviewer=conflict.person_id,
        rule=conflict.rule.value,
    )


def follow(proposal: Proposal, ended: Sequence[tuple[Any, bool]]) -> list[Words]:
    """Let follow what follows on each assignment that has ended, given with whether it led. The proposal must be
    locked. Records, Tells: as ``FOLLOWS`` does. Returns: the sentences for the office, in the same order."""
    db.session.flush()
    said = [act(proposal, row, led) for row, led in ended for act in FOLLOWS]
    return [each for each in said if each is not None]
