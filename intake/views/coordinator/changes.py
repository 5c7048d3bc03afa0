"""What a team changed when it submitted again."""

from __future__ import annotations

from itertools import pairwise

from flask import render_template
from flask.typing import ResponseReturnValue

from intake.proposal.changes import changes as changes_of
from intake.proposal.models import Proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import to_read
from intake.views.gate import door
from intake.vocabulary import Action


@door(coordinator, "/desk/proposals/<id:proposal_id>/changes", Action.PROPOSAL_VIEW_AS_OFFICE, to_read)
def changes(proposal: Proposal) -> ResponseReturnValue:
    """Each submission beside the one before it, the newest first."""
    received = proposal.received
    pairs = [(after, changes_of(before.content, after.content)) for before, after in pairwise(received)]
    return render_template("coordinator/proposal/changes.html", proposal=proposal, pairs=list(reversed(pairs)))
