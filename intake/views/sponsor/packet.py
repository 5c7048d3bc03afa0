"""One packet: what it holds, its files, and what the sponsor answers. Each look at it is noted in the log."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from intake.decision.queries import outcomes_of
from intake.forward.models import PacketFile
from intake.forward.operations import record_look
from intake.forward.packing import FIELDS, content_of
from intake.forward.queries import file_of, with_content
from intake.policy import may, sent_packet_to
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.views.files import send_stored
from intake.views.gate import actor, door
from intake.views.shell import office
from intake.views.sponsor import sponsor
from intake.views.sponsor.forms import INTERESTS, OUTCOMES, InterestForm
from intake.views.sponsor.words import STANDS
from intake.vocabulary import Action


@door(sponsor, "/packets/<id:proposal_id>", Action.PROPOSAL_VIEW_AS_SPONSOR, one, records_look=True)
def packet(proposal: Proposal) -> ResponseReturnValue:
    """The packet; of one that was recalled or withdrawn only that, and the day."""
    if not may(actor(), Action.PROPOSAL_READ_PACKET, proposal):
        return closed(proposal)
    record_look(proposal, "page", by=actor())
    return opened(proposal, InterestForm(formdata=None))


def closed(proposal: Proposal) -> str:
    """That a packet was, and since when it is no more."""
    newest = sent_packet_to(actor(), proposal)
    assert newest is not None
    return render_template(
        "sponsor/packet/closed.html",
        number=f"{proposal.number}/{newest.ordinal}",
        recalled_at=newest.recalled_at,
        withdrawn_at=proposal.state_since,
    )


def opened(proposal: Proposal, form: InterestForm) -> str:
    """The page of a packet, all from the frozen receipt. Statements: 4."""
    newest, receipt = with_content(_packet_id(proposal))
    outcomes = outcomes_of(proposal)
    return render_template(
        "sponsor/packet/packet.html",
        proposal=proposal,
        packet=newest,
        content=content_of(receipt, office().institution, office().name),
        received_at=receipt.received_at,
        fields=FIELDS,
        form=form,
        interests=INTERESTS,
        outcome=outcomes[-1] if outcomes else None,
        outcomes=OUTCOMES,
        stands=STANDS[proposal.state],
    )


def _packet_id(proposal: Proposal) -> int:
    newest = sent_packet_to(actor(), proposal)
    assert newest is not None
    number: int = newest.id
    return number


def _one_file(proposal_id: int, file_id: int) -> tuple[Proposal, PacketFile] | None:
    """A file of the packet that lies open before the actor's sponsor; none of an older or a recalled packet."""
    proposal: Any = one(proposal_id)
    if proposal is None or not may(actor(), Action.PROPOSAL_READ_PACKET, proposal):
        return None
    found = file_of(_packet_id(proposal), file_id)
    return (proposal, found) if found else None


@door(
    sponsor,
    "/packets/<id:proposal_id>/files/<id:file_id>",
    Action.PROPOSAL_READ_PACKET,
    _one_file,
    records_look=True,
)
def file(proposal: Proposal, found: PacketFile) -> ResponseReturnValue:
    """The file itself, for saving."""
    record_look(proposal, found.name, by=actor())
    return send_stored(found.file_key, found.name, found.content_type)


def page_of(proposal: Proposal) -> str:
    """The address of the packet's page."""
    return url_for("sponsor.packet", proposal_id=proposal.id)
