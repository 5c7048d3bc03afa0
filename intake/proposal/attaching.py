"""What an applicant may do with files: attach them to a question or freely, replace them, take them off again."""

from __future__ import annotations

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.form.definition import FileLimits, Question
from intake.form.showing import shown
from intake.notification.operations import WRITTEN
from intake.policy import Actor, may
from intake.proposal.answers import answers_of, demand_change, form_of, part_of
from intake.proposal.file_limits import fit, limits_of, look_at, place_of
from intake.proposal.lifecycle import demand
from intake.proposal.models import Attachment, Proposal
from intake.proposal.upload import Checked
from intake.scanning import Scanner
from intake.storage import Store
from intake.vocabulary import Action, FileState, Words, say


def kept(proposal: Proposal, question: str = "") -> list[Attachment]:
    """The files that stand with a question (or freely), oldest first; ``attachments`` must be loaded."""
    return [each for each in proposal.attachments if each.removed_at is None and each.question == question]


def attach(
    proposal: Proposal,
    name: str,
    data: bytes,
    *,
    store: Store,
    scanner: Scanner | None,
    by: Actor,
    question: str = "",
    replaces: Attachment | None = None,
    checked: Checked | None = None,
) -> Attachment:
    """Add a file to a question, or freely, perhaps in the place of another, which is then history.

    Its bytes are stored before the row and after every check, so a failure leaves at most bytes that the sweep takes,
    never a dead link. ``checked`` is what ``look_at`` said of the same bytes, where that was asked before the proposal
    was locked. With a ``scanner`` the file waits for the worker's verdict. ``attachments``, ``form``, and ``call`` with
    themes and rules, must be loaded.

    Demands: proposal.edit, and of a returned proposal that the question may change. Records: the file, an event; that
    the other is removed. Raises: Refused; BadUpload with the reason; Incomplete when there are too many files, this one
    is there, or the other is not there any more.
    """
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    limits = limits_of(_allowed(proposal, question))
    file = checked or look_at(name, data, limits)
    fit(file, limits)
    _make_room(proposal, question, file, limits, replaces)
    attachment = Attachment(
        proposal=proposal,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        pages=file.pages,
        sha256=file.sha256,
        file_key=store.put(data),
        added_by_id=by.id,
        question=question,
        state=FileState.CHECKING if scanner else FileState.CLEAN,
        replaces_id=replaces.id if replaces else None,
    )
    db.session.add(attachment)
    proposal.changed_at = clock.now()
    if replaces is not None:
        replaces.removed_at = clock.now()
    record(
        "attachment.replaced" if replaces else "attachment.added",
        "proposal",
        proposal.id,
        by=by,
        name=file.name,
        sha256=file.sha256,
        question=question,
        **({"replaced": replaces.sha256} if replaces else {}),
    )
    db.session.flush()
    if scanner:
        db.session().info[WRITTEN] = True  # the worker is woken after the commit
    return attachment


def _allowed(proposal: Proposal, question: str) -> Question | None:
    """The question whose files may change now. Raises Refused."""
    place = place_of(form_of(proposal), question)
    if place is None:
        raise Refused(say("The form of this proposal asks for no such files."))
    section, asked = place
    demand_change(proposal, section, asked)
    return asked


def _make_room(
    proposal: Proposal, question: str, file: Checked, limits: FileLimits, replaces: Attachment | None
) -> None:
    """Go on only if there is a place for the file. Raises Incomplete."""
    standing = kept(proposal, question)
    if replaces is not None and replaces not in standing:
        raise Incomplete(say("The file that it should replace is not there any more. Please look again."))
    if any(each.sha256 == file.sha256 for each in standing):
        raise Incomplete(say("This file is attached already."))
    if replaces is None and len(standing) >= limits.most:
        if limits.most == 1:
            raise Incomplete(say("One file has its place here. Replace the one that is there."))
        raise Incomplete(say("At most %(most)s files have their place here. Remove or replace one.", most=limits.most))


def detach(attachment: Attachment, proposal: Proposal, *, by: Actor) -> None:
    """Remove a file from the proposal; what was received with it keeps it. Loaded: as for ``attach``.

    Demands: proposal.edit, and of a returned proposal that the question may change. Records: the removal, an event.
    """
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    _allowed(proposal, attachment.question)
    attachment.removed_at = clock.now()
    proposal.changed_at = clock.now()
    record(
        "attachment.removed",
        "proposal",
        proposal.id,
        by=by,
        name=attachment.name,
        sha256=attachment.sha256,
        question=attachment.question,
    )
    db.session.flush()


def file_faults(proposal: Proposal) -> list[tuple[str, str, Words]]:
    """Part, field and reason of every file that stands in the way of submitting: it is still being checked, or was
    refused. Files of a question that is not asked count for nothing. Loaded: as for ``attach``."""
    form = form_of(proposal)
    asked = shown(form, answers_of(proposal))
    found = []
    for each in proposal.attachments:
        place = place_of(form, each.question)
        counts = each.removed_at is None and (not each.question or each.question in asked)
        if place and counts and each.state is not FileState.CLEAN:
            found.append((part_of(place[0]), each.question or "files", not_clean(each)))
    return found


def not_clean(file: Attachment) -> Words:
    """Why a file cannot be opened or submitted."""
    if file.state is FileState.CHECKING:
        return say("%(name)s is still being checked.", name=file.name)
    return say("%(name)s was refused: it %(reason)s.", name=file.name, reason=file.refused_reason)
