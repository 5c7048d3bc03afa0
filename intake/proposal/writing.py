"""What an applicant may do to a proposal before it is in: start, write, gather a team, attach files."""

from __future__ import annotations

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.notification.operations import tell
from intake.people import queries as people
from intake.people.models import Person
from intake.policy import Actor, may, standing
from intake.proposal import letters
from intake.proposal.lifecycle import demand
from intake.proposal.models import Attachment, Proposal, TeamMember
from intake.proposal.operations import office_of
from intake.proposal.parts import PART_OF, PARTS
from intake.proposal.queries import folded
from intake.proposal.upload import check as checked_upload
from intake.storage import Store
from intake.vocabulary import Action, Limit, Relation, State, say


def start(call: Call, *, by: Actor, organisation: str) -> Proposal:
    """Begin a draft in the call, with ``by`` as its principal investigator (of ``organisation``).

    Demands: call.propose. Records: a draft, its team of one, an event. Returns: the proposal.
    """
    demand(may(by, Action.CALL_PROPOSE, call))
    person = db.session.get_one(Person, by.id)
    proposal = Proposal(call_id=call.id, title="", search_text="")
    db.session.add(proposal)
    db.session.flush()
    db.session.add(
        TeamMember(
            proposal_id=proposal.id,
            person_id=person.id,
            name=person.name,
            email=person.email,
            organisation=organisation,
            relation=Relation.PRINCIPAL,
        )
    )
    record("proposal.started", "proposal", proposal.id, by=by, became=State.DRAFT.value, call=call.code)
    db.session.flush()
    return proposal


def write(proposal: Proposal, answers: dict[str, object], *, version: int, by: Actor) -> None:
    """Save answers (columns of the proposal, already within their limits).

    Demands: proposal.edit, and of a returned proposal that the part may change. Records: the answers.
    Raises: Refused; Stale when somebody saved since ``version`` was shown; Incomplete for a theme of another call.
    """
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    if proposal.version != version:
        raise Stale
    for part in {PART_OF[name] for name in answers}:
        allow_part(proposal, part)
    theme = answers.get("theme_id")
    if theme is not None and theme not in {each.id for each in proposal.call.themes}:
        raise Incomplete(say("That theme is not one of this call."), {"theme_id": say("Choose a theme of this call.")})
    for name, value in answers.items():
        setattr(proposal, name, value)
    proposal.search_text = folded(
        " ".join((proposal.number or "", proposal.title, proposal.title_zh, proposal.keywords, proposal.abstract))
    )
    proposal.changed_at = clock.now()
    db.session.flush()


def allow_part(proposal: Proposal, part: str) -> None:
    """Go on only if the part may change. Raises Refused with its name."""
    if proposal.state is State.RETURNED and part not in proposal.returned_parts:
        raise Refused(
            say("The office returned the proposal for other parts; “%(part)s” stays as it is.", part=PARTS[part])
        )


def add_member(
    proposal: Proposal, *, name: str, email: str, organisation: str, relation: Relation, by: Actor
) -> TeamMember:
    """Add somebody to the team; whoever has an account with that address sees the proposal from now on.

    Demands: proposal.team. Records: a member, an event. Tells: the office, when the new member reviews this proposal.
    Raises: Refused; Incomplete when they are on the team, or for a second principal investigator.
    """
    demand(may(by, Action.PROPOSAL_TEAM, proposal))
    if relation is Relation.PRINCIPAL:
        raise Incomplete(
            say("A proposal has one principal investigator."), {"relation": say("Choose another relation.")}
        )
    address = email.strip().lower()
    person = people.with_email(address) if address else None
    if any((person and m.person_id == person.id) or (address and m.email == address) for m in proposal.team):
        raise Incomplete(say("They are on the team already."), {"email": say("This person is on the team already.")})
    member = TeamMember(
        proposal=proposal,
        person_id=person.id if person else None,
        name=person.name if person else name,
        email=address,
        organisation=organisation,
        relation=relation,
        position=1 + max((m.position for m in proposal.team), default=0),
    )
    db.session.add(member)
    proposal.changed_at = clock.now()
    record("team.joined", "proposal", proposal.id, by=by, became=relation.value, member=person.id if person else None)
    db.session.flush()
    if person and any(row.reviewer_id == person.id for row in standing(proposal.assignments)):
        tell(office_of(proposal), letters.reviewer_joined(proposal, person.name), proposal_id=proposal.id)
    return member


def remove_member(proposal: Proposal, member: TeamMember, *, by: Actor) -> None:
    """Take somebody off the team; they lose access with the next request.

    Demands: proposal.team. Raises: Refused; Incomplete for the principal investigator.
    """
    demand(may(by, Action.PROPOSAL_TEAM, proposal))
    if member.relation is Relation.PRINCIPAL:
        raise Incomplete(say("The principal investigator stays. Ask the office to hand the proposal over."))
    record("team.left", "proposal", proposal.id, by=by, was=member.relation.value, member=member.person_id)
    proposal.team.remove(member)
    proposal.changed_at = clock.now()
    db.session.delete(member)
    db.session.flush()


def attach(proposal: Proposal, name: str, data: bytes, *, store: Store, by: Actor) -> Attachment:
    """Add a file. Its bytes are stored before the row, so a failure can leave bytes (swept later), never a dead link.

    Demands: proposal.edit. Raises: Refused; BadUpload with the reason; Incomplete when there are too many files.
    """
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    allow_part(proposal, "attachments")
    file = checked_upload(name, data)
    kept = [each for each in proposal.attachments if each.removed_at is None]
    if len(kept) >= Limit.FILES_OF_A_PROPOSAL:
        raise Incomplete(
            say("At most %(most)s files.", most=Limit.FILES_OF_A_PROPOSAL), {"file": say("Remove one first.")}
        )
    if any(each.sha256 == file.sha256 for each in kept):
        raise Incomplete(say("This file is attached already."), {"file": say("This very file is attached already.")})
    attachment = Attachment(
        proposal=proposal,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        pages=file.pages,
        sha256=file.sha256,
        file_key=store.put(data),
        added_by_id=by.id,
    )
    db.session.add(attachment)
    proposal.changed_at = clock.now()
    record("attachment.added", "proposal", proposal.id, by=by, name=file.name, sha256=file.sha256)
    db.session.flush()
    return attachment


def detach(attachment: Attachment, proposal: Proposal, *, by: Actor) -> None:
    """Remove a file from the proposal; what was received with it keeps it.

    Demands: proposal.edit. Records: the removal, an event.
    """
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    allow_part(proposal, "attachments")
    attachment.removed_at = clock.now()
    proposal.changed_at = clock.now()
    record("attachment.removed", "proposal", proposal.id, by=by, name=attachment.name, sha256=attachment.sha256)
    db.session.flush()
