"""The letters about offers of another call."""

from __future__ import annotations

from dataclasses import replace

from intake.call.models import Call
from intake.notification.letters import Letter
from intake.proposal.letters import to_office, to_team
from intake.proposal.models import Proposal
from intake.vocabulary import say


def referred(proposal: Proposal, call: Call, theme: str, note: str) -> Letter:
    """That the office offers another call, to the team."""
    closes = (say("It takes proposals until %(when)s.", when=call.closes_at),) if call.closes_at else ()
    themes = (say("The office thinks of the theme “%(theme)s”.", theme=theme),) if theme else ()
    letter = to_team(
        proposal,
        "proposal.referred",
        say("Another call for %(number)s: %(call)s", number=proposal.number, call=call.title),
        say(
            "The office suggests to bring your proposal “%(title)s” before another call: %(call)s.",
            title=proposal.title,
            call=call.title,
        ),
        *themes,
        *closes,
        say(
            "If the principal investigator says yes, a draft begins there with your answers as far as they fit. Nothing"
            " is sent until you submit it. You can also say no."
        ),
        quoted=note,
    )
    return replace(letter, path=f"/proposals/{proposal.id}/referrals", link=say("See the offer and answer"))


def referral_answered(proposal: Proposal, call: Call, *, accepted: bool) -> Letter:
    """What the applicant said to the offer, to the office."""
    words = say("%(number)s: yes to %(call)s", number=proposal.number, call=call.title)
    told = say("The applicant said yes and began a draft in %(call)s.", call=call.title)
    if not accepted:
        words = say("%(number)s: no to %(call)s", number=proposal.number, call=call.title)
        told = say("The applicant does not want to bring it before %(call)s.", call=call.title)
    return to_office(proposal, "proposal.referral_answered", words, told)
