"""What the office has of each submission: its PDF, and what the team changed since the one before."""

from __future__ import annotations

from itertools import pairwise

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.proposal.changes import changes as changes_of
from intake.proposal.models import Proposal, Receipt
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import to_read
from intake.views.errors import page
from intake.views.files import send_stored
from intake.views.gate import door
from intake.vocabulary import Action


@door(coordinator, "/desk/proposals/<id:proposal_id>/changes", Action.PROPOSAL_VIEW_AS_OFFICE, to_read)
def changes(proposal: Proposal) -> ResponseReturnValue:
    """Each submission beside the one before it, the newest first."""
    received = proposal.received
    pairs = [(after, changes_of(before.content, after.content)) for before, after in pairwise(received)]
    return render_template("coordinator/proposal/changes.html", proposal=proposal, pairs=list(reversed(pairs)))


def _with_receipt(proposal_id: int, receipt_id: int) -> tuple[Proposal, Receipt] | None:
    """The proposal and what was received of it at one time."""
    proposal = to_read(proposal_id)
    receipt = next((each for each in proposal.received if each.id == receipt_id), None) if proposal else None
    return (proposal, receipt) if proposal and receipt else None


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/receipt/<id:receipt_id>.pdf",
    Action.PROPOSAL_VIEW_AS_OFFICE,
    _with_receipt,
)
def receipt_pdf(proposal: Proposal, receipt: Receipt) -> ResponseReturnValue:
    """What was received, as the PDF that the worker made."""
    if receipt.file_key is None:
        return page(404, gettext("The PDF is being made. Look again in a minute."))
    return send_stored(
        receipt.file_key, f"{receipt.content['number']}-receipt-{receipt.ordinal}.pdf", "application/pdf"
    )
