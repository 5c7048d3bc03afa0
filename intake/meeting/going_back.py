"""What a meeting says of a pairing does not undo a match by the way."""

from __future__ import annotations

from intake.errors import Incomplete
from intake.match.pairing import LABELS, of
from intake.match.queries import standing_of
from intake.proposal.models import Proposal
from intake.vocabulary import PairingKind, PairingState, State, say

NOT_MATCHED = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.ELIGIBLE})
"""Before the match; after a revision the match of the round before may still be on record."""


def check_going_back(
    proposal: Proposal, kind: PairingKind, target_id: int, outcome: PairingState, *, on_purpose: bool
) -> None:
    """An outcome moves the board back from "matched" only ``on_purpose``, and never while the proposal is matched with
    that very theme or contact. Raises Incomplete. Statements: 3 or none."""
    if outcome is PairingState.MATCHED:
        return
    made = standing_of(proposal) if proposal.state not in NOT_MATCHED else None
    if made is not None and target_id == (made.theme_id if kind is PairingKind.THEME else made.contact_id):
        target = made.theme if kind is PairingKind.THEME else made.contact
        words = say(
            "The proposal is matched with %(name)s. The match is undone on the proposal's own page, not by an outcome.",
            name=target.name if target is not None else "",
        )
        raise Incomplete(words, {"outcome": words})
    pairing = of(proposal, kind, target_id)
    if pairing is not None and pairing.state is PairingState.MATCHED and not on_purpose:
        words = say("On the match board they are matched. Tick this if they are to be “%(now)s” again.",
                    now=LABELS[outcome])  # fmt: skip
        raise Incomplete(words, {"back": words})
