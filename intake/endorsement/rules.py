"""The rule on a supervisor's endorsement: it needs to know the endorsements, so it stands here and registers itself."""

from __future__ import annotations

from intake.call.models import Rule
from intake.endorsement.models import Endorsement
from intake.endorsement.queries import CHECK, standing
from intake.proposal.checks import Found, Known, check
from intake.proposal.known import source
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say

ENDORSEMENT = "endorsement"


@source(ENDORSEMENT)
def endorsement(proposal: Proposal) -> Endorsement | None:
    """The endorsement that was asked for, answered or not."""
    return standing(proposal.id)


def _saw(proposal: Proposal, rule: Rule, known: Known) -> Words:
    given = known.facts.get(ENDORSEMENT)
    if given is None:
        return say("Nobody was asked for an endorsement.")
    if given.endorsed is None:
        return say("%(name)s was asked at %(when)s and has not answered.", name=given.name, when=given.asked_at)
    words = say("%(name)s endorsed it at %(when)s.", name=given.name, when=given.answered_at)
    return words if given.endorsed else say("%(name)s does not endorse it.", name=given.name)


@check(
    CHECK,
    say("A supervisor's endorsement"),
    say("The supervisor whom the applicant named has endorsed the proposal by a link that comes by mail."),
    asks=(ENDORSEMENT,),
    saw=_saw,
)
def supervisor_endorsed(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    """Somebody was asked and endorses it."""
    given = known.facts.get(ENDORSEMENT)
    if given is not None and given.endorsed:
        return []
    reason = say("Your supervisor has not endorsed it yet.")
    if given is not None and given.endorsed is False:
        reason = say("Your supervisor does not endorse it.")
    return [Found("team", "endorsement", reason)]
