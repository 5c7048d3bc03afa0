"""What may happen to a packet: it is prepared, sent, recalled; the sponsor shows interest."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete
from intake.extensions import db
from intake.forward import letters
from intake.forward.models import Packet, PacketFile
from intake.forward.packing import MANIFEST, content_of, leaving, manifest_of, readable
from intake.forward.pdf import proposal_pdf
from intake.match.queries import standing_of
from intake.notification.operations import tell
from intake.people.models import Person
from intake.people.queries import holders
from intake.policy import Actor, may, packet_with_sponsor, sent_packet_to
from intake.programme.models import Office
from intake.proposal.attaching import not_clean
from intake.proposal.content import sha256_of
from intake.proposal.lifecycle import advance, demand
from intake.proposal.models import Attachment, Proposal
from intake.proposal.operations import needs, office_of, team_of
from intake.proposal.queries import receipts_of
from intake.proposal.rulebook import going_on
from intake.storage import FileMissing, Store
from intake.vocabulary import Action, FileState, Interest, Role, Words, say

INTERESTS: dict[Interest, Words] = {
    Interest.INTERESTED: say("interested"),
    Interest.WANTS_TO_TALK: say("would like to talk first"),
    Interest.NOT_INTERESTED: say("not interested"),
}


def prepare(proposal: Proposal, *, store: Store, by: Actor) -> Packet:
    """Build a packet from what was last received: the printed proposal, its attachments, and a manifest with hashes.

    Demands: proposal.prepare_packet. Records: a packet with its files, an event. Raises: Refused; Incomplete when a
    file is not clean, is missing, or its bytes are not what was received. Returns: the packet, not sent yet.
    """
    demand(may(by, Action.PROPOSAL_PREPARE_PACKET, proposal))
    receipt = receipts_of(proposal)[-1]
    office = db.session.scalar(sa.select(Office)) or Office(name="", institution="")
    printed = proposal_pdf(content_of(receipt, office.institution, office.name))
    ordinal = 1 + max((each.ordinal for each in proposal.packets), default=0)
    files = [_file(1, f"{proposal.number}.pdf", "application/pdf", printed, store.put(printed))]
    taken = {files[0].name}
    for held in leaving(receipt.content):
        attachment = db.session.get_one(Attachment, held["id"])
        if attachment.state is not FileState.CLEAN:
            raise Incomplete(not_clean(attachment))
        data = _bytes(store, attachment.file_key, attachment.name, held["sha256"])
        name = _free(attachment.name, taken)
        files.append(_file(len(files) + 1, name, attachment.content_type, data, attachment.file_key))
    rows = [{"name": f.name, "type": f.content_type, "size": f.size, "sha256": f.sha256} for f in files]
    manifest = manifest_of(proposal.number or "", ordinal, receipt, rows, clock.now())
    text = readable(manifest)
    files.append(_file(len(files) + 1, MANIFEST, "application/json", text, store.put(text)))
    made = standing_of(proposal)
    packet = Packet(
        proposal=proposal,
        ordinal=ordinal,
        receipt_id=receipt.id,
        sponsor_id=proposal.call.programme.sponsor_id,
        contact_id=made.contact_id if made else None,
        manifest=manifest,
        sha256=sha256_of(manifest),
        built_at=clock.now(),
        built_by_id=by.id,
        files=files,
    )
    db.session.add(packet)
    record("packet.prepared", "proposal", proposal.id, by=by, packet=ordinal, sha256=packet.sha256)
    db.session.flush()
    return packet


def _file(position: int, name: str, content_type: str, data: bytes, key: str) -> PacketFile:
    digest = hashlib.sha256(data).hexdigest()
    return PacketFile(
        position=position, name=name, content_type=content_type, size=len(data), sha256=digest, file_key=key
    )


def _free(name: str, taken: set[str]) -> str:
    """The name, with a number before its ending when the packet holds that name already."""
    stem, dot, ending = name.rpartition(".")
    candidate, count = name, 1
    while candidate.casefold() in {each.casefold() for each in taken | {MANIFEST}}:
        count += 1
        candidate = f"{stem} ({count}){dot}{ending}"
    taken.add(candidate)
    return candidate


def _bytes(store: Store, key: str, name: str, sha256: str) -> bytes:
    """The bytes of a file that must be there and unchanged. Raises Incomplete with its name."""
    try:
        data = store.get(key)
    except FileMissing:
        raise Incomplete(
            say("The file %(name)s is missing from the store. Tell an administrator.", name=name)
        ) from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Incomplete(say("The file %(name)s is not what was received. Tell an administrator.", name=name))
    return data


def verify(packet: Packet, *, store: Store) -> None:
    """Go on only if every file of the packet is there and its hash is the manifest's. Raises Incomplete with the
    file."""
    listed = {row["name"]: row["sha256"] for row in packet.manifest["files"]}
    if sha256_of(packet.manifest) != packet.sha256:
        raise Incomplete(say("The manifest of the packet was changed. Prepare a new one."))
    for file in packet.files:
        _bytes(store, file.file_key, file.name, listed.get(file.name, file.sha256))


def send(proposal: Proposal, packet_id: int, *, store: Store, by: Actor, although: str = "") -> Packet:
    """Send the packet that was read (``packet_id``) to its sponsor; ``although`` says why, where a rule of the call is
    not met any more.

    Demands: proposal.send. From: selected, reserve. Records: when it was sent, the move, with ``although`` in its note.
    Tells: the sponsor's contacts, the team. Raises: Refused; Incomplete when a rule is not met and no reason is given,
    a file fails its check or a newer packet has been prepared.
    """
    demand(may(by, Action.PROPOSAL_SEND, proposal))
    although = going_on(proposal, although)
    packet = db.session.scalars(
        sa.select(Packet)
        .where(Packet.proposal_id == proposal.id, Packet.sent_at.is_(None))
        .options(selectinload(Packet.files), joinedload(Packet.sponsor))
        .order_by(Packet.ordinal.desc())
        .limit(1)
    ).one()
    if packet.id != packet_id:
        raise Incomplete(say("A newer packet has been prepared. Read that one before you send it."))
    verify(packet, store=store)
    note = f"packet {packet.manifest['packet']}"
    advance(proposal, Action.PROPOSAL_SEND, by=by, note=f"{note}. {although}" if although else note)
    packet.sent_at = clock.now()
    db.session.flush()
    tell(contacts_of(packet), letters.sent(proposal), proposal_id=proposal.id)
    tell(team_of(proposal), letters.forwarded(proposal), proposal_id=proposal.id)
    return packet


def contacts_of(packet: Packet) -> list[Person]:
    """The contact that the match named, or every contact of the sponsor when it named none."""
    people = list(holders(Role.SPONSOR_CONTACT, sponsor_id=packet.sponsor_id))
    named = [each for each in people if each.id == packet.contact_id]
    return named or people


def recall_packet(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """Take the packet back from the sponsor; nobody there can open it from now on.

    Demands: proposal.recall_packet. From: with_sponsor. Records: when and why, the move. Tells: the sponsor's contacts.
    Raises: Refused; Incomplete without a reason.
    """
    demand(may(by, Action.PROPOSAL_RECALL_PACKET, proposal))
    needs(reason, "reason", say("Say why it is recalled."))
    packet = packet_with_sponsor(proposal)
    if packet is None:
        raise Incomplete(say("No packet is with the sponsor."))
    packet.recalled_at, packet.recalled_reason = clock.now(), reason
    advance(proposal, Action.PROPOSAL_RECALL_PACKET, by=by, note=reason)
    db.session.flush()
    tell(contacts_of(packet), letters.recalled(proposal), proposal_id=proposal.id)


def show_interest(proposal: Proposal, interest: Interest, note: str, *, by: Actor) -> None:
    """A sponsor contact says what they think before the outcome; saying it again replaces it.

    Demands: proposal.show_interest. Records: the interest on the packet, an event. Tells: the office. Raises: Refused.
    """
    demand(may(by, Action.PROPOSAL_SHOW_INTEREST, proposal))
    found = sent_packet_to(by, proposal)
    packet = db.session.scalars(
        sa.select(Packet).where(Packet.id == found.id).options(joinedload(Packet.sponsor))  # type: ignore[union-attr]
    ).one()
    was = packet.interest
    packet.interest, packet.interest_note, packet.interest_at = interest, note, clock.now()
    record("packet.interest", "proposal", proposal.id, by=by, was=was.value if was else "", became=interest.value)
    db.session.flush()
    tell(office_of(proposal), letters.interest(proposal, packet, INTERESTS[interest]), proposal_id=proposal.id)


def record_look(proposal: Proposal, what: str, *, by: Actor) -> None:
    """Note that a sponsor contact opened something of a packet. Demands: proposal.read_packet. Records: an event."""
    demand(may(by, Action.PROPOSAL_READ_PACKET, proposal))
    record("packet.opened", "proposal", proposal.id, by=by, note=what)
