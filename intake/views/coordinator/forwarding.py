"""Forwarding to the sponsor: the packet is prepared, read, sent, recalled; the outcome and the award."""

from __future__ import annotations

from flask import current_app
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.award import operations as awards
from intake.forward import letters, operations
from intake.forward.models import Packet, PacketFile
from intake.forward.packing import FIELDS
from intake.forward.queries import file_of, of_proposal
from intake.notification.operations import preview
from intake.policy import packet_with_sponsor
from intake.proposal.models import Attachment, Proposal
from intake.proposal.operations import team_of
from intake.proposal.rulebook import unmet_now
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import addressed, back, shown, to_change, to_read, tried
from intake.views.coordinator.forms import Answered, Confirmed, Reasoned, Sent
from intake.views.files import send_attachment, send_stored
from intake.views.gate import actor, door
from intake.vocabulary import Action, Outcome

_PATH = "/desk/proposals/<id:proposal_id>"


@door(coordinator, f"{_PATH}/packet", Action.PROPOSAL_PREPARE_PACKET, to_change, methods=["GET", "POST"], once=True)
def prepare_packet(proposal: Proposal) -> ResponseReturnValue:
    """What the sponsor will see; then build it."""
    form = Confirmed()
    store = current_app.extensions["store"]
    if form.validate_on_submit() and tried(
        form, proposal, lambda: operations.prepare(proposal, store=store, by=actor())
    ):
        return back(proposal, gettext("The packet is ready. Read it, then send it."), "packets")
    return shown("prepare", form, proposal, fields=FIELDS)


@door(coordinator, f"{_PATH}/send", Action.PROPOSAL_SEND, to_change, methods=["GET", "POST"], once=True)
def send(proposal: Proposal) -> ResponseReturnValue:
    """The packet, the letter and who gets it; then send it."""
    packet, unmet = _newest_unsent(proposal), unmet_now(proposal)
    form = Sent(data={"packet_id": packet.id})
    form.fit(unmet)
    if form.validate_on_submit() and form.decided() and _sent(form, proposal):
        return back(proposal, gettext("The packet is with the sponsor."), "packets")
    packet = _newest_unsent(proposal)
    form.packet_id.data = str(packet.id)
    people = operations.contacts_of(packet)
    return shown(
        "send",
        form,
        proposal,
        packet=packet,
        unmet=unmet,
        fields=FIELDS,
        contacts=addressed(people),
        team=addressed(team_of(proposal)),
        letter=preview(letters.sent(proposal), people[0].name if people else ""),
    )


def _sent(form: Sent, proposal: Proposal) -> bool:
    """Whether it went to the sponsor."""
    store, number, although = current_app.extensions["store"], _number(form.packet_id.data), form.reason_to_go_on
    return tried(
        form,
        proposal,
        lambda: operations.send(proposal, number, store=store, by=actor(), although=although),
    )


def _newest_unsent(proposal: Proposal) -> Packet:
    """The packet that would be sent; the policy has made sure that there is one."""
    return [each for each in of_proposal(proposal) if each.sent_at is None][-1]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


@door(
    coordinator, f"{_PATH}/recall-packet", Action.PROPOSAL_RECALL_PACKET, to_change, methods=["GET", "POST"], once=True
)
def recall_packet(proposal: Proposal) -> ResponseReturnValue:
    """Take the packet back from the sponsor, with a reason."""
    form = Reasoned()
    if form.validate_on_submit() and tried(
        form, proposal, lambda: operations.recall_packet(proposal, form.reason.data, by=actor())
    ):
        return back(proposal, gettext("The packet is recalled; nobody at the sponsor can open it."), "packets")
    return shown("recall_packet", form, proposal)


@door(coordinator, f"{_PATH}/outcome", Action.PROPOSAL_RECORD_OUTCOME, to_change, methods=["GET", "POST"], once=True)
def record_outcome(proposal: Proposal) -> ResponseReturnValue:
    """What the sponsor answered, recorded on their behalf; or the office's own outcome, where no sponsor decides."""
    form = Answered.made()
    if form.validate_on_submit() and tried(
        form,
        proposal,
        lambda: awards.answer(
            proposal,
            Outcome(form.result.data),
            amount_minor=form.amount.data,
            reference=form.reference.data,
            reason=form.reason.data,
            by=actor(),
        ),
    ):
        return back(proposal, gettext("The outcome is recorded; the team is told."), "packets")
    return shown("outcome", form, proposal, sponsored=packet_with_sponsor(proposal) is not None)


@door(coordinator, f"{_PATH}/publish", Action.PROPOSAL_PUBLISH, to_change, methods=["GET", "POST"], once=True)
def publish(proposal: Proposal) -> ResponseReturnValue:
    """What the public page will say; then publish it."""
    form = Confirmed()
    if form.validate_on_submit() and tried(form, proposal, lambda: awards.publish(proposal, by=actor())):
        return back(proposal, gettext("The award is on the public page."), "packets")
    return shown("publish", form, proposal, award=proposal.award)


def _file_of_packet(proposal_id: int, packet_id: int, file_id: int) -> tuple[Proposal, PacketFile] | None:
    proposal = to_read(proposal_id)
    own = proposal is not None and any(each.id == packet_id for each in proposal.packets)
    file = file_of(packet_id, file_id) if own else None
    return (proposal, file) if proposal and file else None


@door(
    coordinator,
    f"{_PATH}/packets/<id:packet_id>/files/<id:file_id>",
    Action.PROPOSAL_VIEW_AS_OFFICE,
    _file_of_packet,
)
def packet_file(proposal: Proposal, file: PacketFile) -> ResponseReturnValue:
    """A file of a packet, as the sponsor gets it."""
    return send_stored(file.file_key, file.name, file.content_type)


def _attachment_of(proposal_id: int, attachment_id: int) -> tuple[Proposal, Attachment] | None:
    proposal = to_read(proposal_id)
    files = proposal.attachments if proposal else []
    file = next((each for each in files if each.id == attachment_id), None)
    return (proposal, file) if proposal and file else None


@door(coordinator, f"{_PATH}/files/<id:attachment_id>", Action.PROPOSAL_VIEW_AS_OFFICE, _attachment_of)
def attachment(proposal: Proposal, file: Attachment) -> ResponseReturnValue:
    """A file of the proposal."""
    return send_attachment(file, file.name)
