"""What text, declared themes and keywords count in the affinities of a call."""

from __future__ import annotations

from intake.call.arranging import enter, note
from intake.call.models import Call
from intake.errors import Incomplete
from intake.policy import Actor
from intake.vocabulary import say

WHOLE = 100
USUAL = {"text": 60, "themes": 25, "keywords": 15}
"""In percent, in the order in which they are shown. The same as ``affinity.blend.Weights``, which a page need not
load; a test holds the two equal."""


def weights_of(call: Call) -> dict[str, int]:
    """What each part counts in the call, in percent, together 100."""
    return {part: call.affinity_weights.get(part, usual) for part, usual in USUAL.items()}


def differs(call: Call) -> bool:
    """Whether the call's weights are other than usual."""
    return weights_of(call) != USUAL


def set_weights(call: Call, wanted: dict[str, int], *, version: int, by: Actor) -> bool:
    """Set what each part counts, in whole percent.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``; the call's affinities are wanted anew. Raises: Refused;
    Stale; Incomplete where one is not 0 to 100 or they do not add up to 100. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    outside = [part for part in USUAL if not 0 <= wanted[part] <= WHOLE]
    if outside:
        raise Incomplete(say("The weights do not fit."), {part: say("From 0 to 100.") for part in outside})
    total = sum(wanted[part] for part in USUAL)
    if total != WHOLE:
        raise Incomplete(say("The weights add up to %(total)s. They must add up to 100.", total=total))
    before = weights_of(call)
    if wanted == before:
        return False
    call.affinity_weights = {} if wanted == USUAL else {part: wanted[part] for part in USUAL}
    note(call, {"affinity_weights": [before, dict(wanted)]}, by=by)
    return True
