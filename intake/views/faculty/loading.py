"""What the paths of the faculty's pages stand for. None: there is no such thing."""

from __future__ import annotations

from flask import request

from intake.form.definition import Section
from intake.policy import may
from intake.proposal import queries
from intake.proposal.answers import form_of, section_of
from intake.proposal.models import Attachment, Proposal, Receipt, TeamMember
from intake.views.gate import SAFE, actor
from intake.vocabulary import Action, State


def whole(proposal_id: int) -> Proposal | None:
    """The proposal with all that its pages show, its row locked where the request may change it."""
    return queries.whole(proposal_id, for_update=request.method not in SAFE)


def with_section(proposal_id: int, part: str) -> tuple[Proposal, Section] | None:
    """The proposal and one section of its form."""
    proposal = whole(proposal_id)
    section = section_of(form_of(proposal), part) if proposal else None
    return (proposal, section) if proposal and section else None


def with_member(proposal_id: int, member_id: int) -> tuple[Proposal, TeamMember] | None:
    """The proposal and somebody on its team."""
    proposal = whole(proposal_id)
    member = next((each for each in proposal.team if each.id == member_id), None) if proposal else None
    return (proposal, member) if proposal and member else None


def with_file(proposal_id: int, attachment_id: int) -> tuple[Proposal, Attachment] | None:
    """The proposal and a file that stands with it."""
    proposal = whole(proposal_id)
    found = [each for each in proposal.attachments if each.id == attachment_id] if proposal else []
    return (proposal, found[0]) if proposal and found and found[0].removed_at is None else None


def with_any_file(proposal_id: int, attachment_id: int) -> tuple[Proposal, Attachment] | None:
    """The proposal and a file of it. A removed one is still there for team and office, whose receipts name it."""
    proposal = whole(proposal_id)
    found = [each for each in proposal.attachments if each.id == attachment_id] if proposal else []
    if not proposal or not found:
        return None
    who = actor()
    all_of_it = may(who, Action.PROPOSAL_VIEW_AS_TEAM, proposal) or may(who, Action.PROPOSAL_VIEW_AS_OFFICE, proposal)
    return (proposal, found[0]) if found[0].removed_at is None or all_of_it else None


def with_receipt(proposal_id: int, receipt_id: int) -> tuple[Proposal, Receipt] | None:
    """The proposal and what was received of it at one time."""
    proposal = whole(proposal_id)
    receipt = next((each for each in proposal.received if each.id == receipt_id), None) if proposal else None
    return (proposal, receipt) if proposal and receipt else None


def withdrawn_draft(proposal_id: int) -> Proposal | None:
    """A draft that was withdrawn, which its principal investigator may take back themselves."""
    proposal = whole(proposal_id)
    return proposal if proposal and proposal.number is None and proposal.state is State.WITHDRAWN else None
