"""The letters about a team: who is invited to it, what they answered, who is to confirm their part, who leads."""

from __future__ import annotations

from datetime import datetime

from intake.notification.letters import Letter
from intake.proposal.letters import TO_OFFICE, page_of_team, to_team
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Relation, State, Words, say

ROLES: dict[Relation, Words] = {
    Relation.PRINCIPAL: say("principal investigator"),
    Relation.CO_INVESTIGATOR: say("co-investigator"),
    Relation.ASSISTANT: say("assistant, who helps to write"),
    Relation.VIEWER: say("viewer, who reads along"),
}
HANDOVERS = "/desk/handovers"


def page_of_place(token: str) -> str:
    """Where somebody who was invited answers, with or without an account."""
    return f"/team/{token}"


def invited(proposal: Proposal, member: TeamMember, token: str, until: datetime) -> Letter:
    """The invitation to the team. The title stays on the page behind the link."""
    leader, call = proposal.principal.name, proposal.call.title
    return Letter(
        kind="team.invited",
        subject=say("%(leader)s invites you to a proposal in %(call)s", leader=leader, call=call),
        paragraphs=(
            say(
                "%(leader)s invites you to the team of a proposal in the call %(call)s, as %(role)s.",
                leader=leader,
                call=call,
                role=ROLES[member.relation],
            ),
            *_due(proposal),
            say("The link shows which proposal it is. You need no account for your answer."),
            say("Please accept or decline by %(until)s; the link works until then.", until=until),
        ),
        path=page_of_place(token),
        link=say("Accept or decline"),
        why=say("You get this because %(leader)s gave this address. If it is not for you, ignore it.", leader=leader),
        secret=True,
    )


def _due(proposal: Proposal) -> tuple[Words, ...]:
    """Until when the proposal is being written, where that is known."""
    if proposal.state is State.RETURNED and proposal.returned_until is not None:
        return (say("It is being revised until %(when)s.", when=proposal.returned_until),)
    if proposal.call.closes_at is not None:
        return (say("The call closes at %(when)s.", when=proposal.call.closes_at),)
    return ()


def answered(proposal: Proposal, member: TeamMember, accepts: bool) -> Letter:
    """What somebody said to their invitation, to the principal investigator."""
    kind, words = ("team.joined", say("joined the team")) if accepts else ("team.declined", say("declined"))
    rest = say("They are on the team as %(role)s from now on.", role=ROLES[member.relation])
    if not accepts:
        rest = say("They cannot open the proposal any more. You can invite them again, or somebody else.")
    return to_team(
        proposal,
        kind,
        say("%(name)s %(did)s", name=member.name, did=words),
        say("%(name)s answered your invitation to the proposal “%(title)s”.", name=member.name, title=titled(proposal)),
        rest,
    )


def to_confirm(proposal: Proposal, member: TeamMember, token: str | None, until: datetime) -> Letter:
    """The request to confirm one's part, to a co-investigator; ``token`` is for somebody without an account."""
    leader = proposal.principal.name
    return Letter(
        kind="team.to_confirm",
        subject=say("Please confirm your part in a proposal of %(leader)s", leader=leader),
        paragraphs=(
            say(
                "The call %(call)s asks each co-investigator to confirm their part, and %(leader)s can submit the"
                " proposal only then.",
                call=proposal.call.title,
                leader=leader,
            ),
            *_due(proposal),
            *((say("The link works until %(until)s.", until=until),) if token else ()),
        ),
        path=page_of_place(token) if token else page_of_team(proposal),
        link=say("Confirm your part"),
        why=say("You get this because you are on the team of this proposal."),
        secret=token is not None,
    )


def all_confirmed(proposal: Proposal) -> Letter:
    """That every co-investigator has confirmed, to the principal investigator."""
    return to_team(
        proposal,
        "team.confirmed",
        say("Every co-investigator has confirmed"),
        say("Every co-investigator of “%(title)s” has confirmed their part.", title=titled(proposal)),
        say("Nothing of the team stands in the way of submitting it any more."),
    )


def titled(proposal: Proposal) -> Words | str:
    """The title, or words where there is none yet."""
    return proposal.title or proposal.title_zh or say("Untitled proposal")


def hand_over_asked(proposal: Proposal, old: str, new: str, reason: str) -> Letter:
    """That a principal investigator wants to hand over, to the office, which may not know the draft's title."""
    return Letter(
        "handover.asked",
        say("%(old)s asks to hand a proposal over to %(new)s", old=old, new=new),
        (
            say(
                "%(old)s asks that %(new)s lead a proposal in %(call)s from now on. You approve or refuse it.",
                old=old,
                new=new,
                call=proposal.call.title,
            ),
            say("The reason given:"),
        ),
        HANDOVERS,
        say("Answer the request"),
        TO_OFFICE,
        reason,
    )


def hand_over_named(proposal: Proposal, old: str, reason: str) -> Letter:
    """That somebody is to lead the proposal if the office agrees, to them."""
    return to_team(
        proposal,
        "handover.named",
        say("%(old)s wants to hand a proposal over to you", old=old),
        say(
            "%(old)s asks the office that you lead “%(title)s” from now on. You need do nothing; tell %(old)s or the"
            " office if you do not want to.",
            old=old,
            title=titled(proposal),
        ),
        say("The reason given:"),
        quoted=reason,
    )


def handed_over(proposal: Proposal, old: str, new: str, words: str) -> Letter:
    """That the office approved it, to the team."""
    return to_team(
        proposal,
        "handover.approved",
        say("%(new)s now leads “%(title)s”", new=new, title=titled(proposal)),
        say(
            "The office approved that %(old)s hands “%(title)s” over. %(new)s is its principal investigator from now"
            " on; %(old)s stays as a co-investigator.",
            old=old,
            new=new,
            title=titled(proposal),
        ),
        *((say("The office wrote:"),) if words else ()),
        quoted=words,
    )


def not_handed_over(proposal: Proposal, new: str, words: str) -> Letter:
    """That the office refused it, to the two whom it concerns."""
    return to_team(
        proposal,
        "handover.refused",
        say("“%(title)s” is not handed over", title=titled(proposal)),
        say(
            "The office did not agree that %(new)s lead “%(title)s”. Everything stays as it was. The office wrote:",
            new=new,
            title=titled(proposal),
        ),
        quoted=words,
    )
