"""How an operation asks the policy for leave."""

from __future__ import annotations

from intake.errors import Refused
from intake.policy import Ruling
from intake.vocabulary import say


def demand(ruling: Ruling) -> None:
    """Go on only if the policy allows. Raises Refused with its reason."""
    if not ruling:
        raise Refused(ruling.reason or say("This is not allowed."), hidden=ruling.hidden)
