"""The letters about a supervisor's endorsement."""

from __future__ import annotations

from intake.endorsement.models import Endorsement
from intake.notification.letters import Letter
from intake.proposal.letters import to_team
from intake.proposal.models import Proposal
from intake.vocabulary import say


def asked(proposal: Proposal, name: str, token: str) -> Letter:
    """The request to a supervisor, with the link."""
    leader, call = proposal.principal.name, proposal.call.title
    closes = proposal.returned_until or proposal.call.closes_at
    return Letter(
        kind="endorsement.asked",
        subject=say("%(leader)s asks for your endorsement in %(call)s", leader=leader, call=call),
        paragraphs=(
            say(
                "%(leader)s is writing a proposal in the call %(call)s, which asks for the endorsement of a supervisor,"
                " and named you.",
                leader=leader,
                call=call,
            ),
            *((say("It has to be in by %(when)s.", when=closes),) if closes else ()),
            say("The link shows the title and the abstract, and takes your answer. You need no account."),
            say("You can change your answer until the proposal is submitted."),
        ),
        path=f"/endorse/{token}",
        link=say("Read it and answer"),
        why=say("You get this because %(leader)s gave this address. If it is not for you, ignore it.", leader=leader),
        secret=True,
    )


def answered(proposal: Proposal, given: Endorsement) -> Letter:
    """What the supervisor said, to the applicant."""
    words = say("%(name)s endorses your proposal", name=given.name)
    if not given.endorsed:
        words = say("%(name)s does not endorse your proposal", name=given.name)
    return to_team(
        proposal,
        "endorsement.answered",
        words,
        say("%(what)s in %(call)s. The statement:", what=words, call=proposal.call.title),
        quoted=given.statement,
    )
