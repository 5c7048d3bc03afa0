"""The files of a proposal, for its reviewers."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.form.telling import Audience
from intake.proposal.models import Attachment, Proposal
from intake.proposal.queries import attachments_of, one
from intake.proposal.telling import file_readers
from intake.views.faces import names_applicants
from intake.views.files import send_stored
from intake.views.gate import actor, door
from intake.views.reviewer import reviewer
from intake.vocabulary import Action, FileState


def shown_files(proposal: Proposal) -> list[tuple[Attachment, str]]:
    """The proposal's files that are for reviewers, each with the name that the actor may read: where applicants are
    hidden, a file's own name could tell. Statements: 1."""
    named = names_applicants(actor(), proposal)
    return [
        (file, file.name if named else _numbered(place, file.name)) for place, file in enumerate(_for_us(proposal), 1)
    ]


def _for_us(proposal: Proposal) -> list[Attachment]:
    """What the form gives to reviewers, and nothing that is not known to be clean."""
    who = audience(proposal)
    found = attachments_of(proposal)
    return [each for each in found if each.state is FileState.CLEAN and who in file_readers(proposal, each)]


def audience(proposal: Proposal) -> Audience:
    """As which reader the actor is told the answers: with the names of the applicants, or without."""
    return Audience.REVIEWER if names_applicants(actor(), proposal) else Audience.BLIND_REVIEWER


def _numbered(place: int, name: str) -> str:
    return gettext("Attachment %(number)s", number=place) + PurePosixPath(name).suffix.lower()


def _one_file(proposal_id: int, attachment_id: int) -> tuple[Proposal, Attachment, str] | None:
    proposal = one(proposal_id)
    if proposal is None:
        return None
    found = next((each for each in shown_files(proposal) if each[0].id == attachment_id), None)
    return (proposal, *found) if found else None


@door(reviewer, "/reviews/<id:proposal_id>/files/<id:attachment_id>", Action.PROPOSAL_READ, _one_file)
def file(proposal: Proposal, attachment: Attachment, name: str) -> ResponseReturnValue:
    """The file itself, for saving."""
    return send_stored(attachment.file_key, name, attachment.content_type)
