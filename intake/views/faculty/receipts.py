"""Receipts: what was received, as a page to print and as the very bytes whose SHA-256 the receipt gives."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from intake.audit.chain import canonical
from intake.proposal.models import Proposal, Receipt
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.loading import with_receipt
from intake.views.faculty.telling import RELATIONS
from intake.views.gate import door
from intake.vocabulary import Action, Relation

PATH = "/proposals/<id:proposal_id>/receipt/<id:receipt_id>"


@door(faculty, PATH, Action.PROPOSAL_VIEW_AS_TEAM, with_receipt)
def receipt(proposal: Proposal, receipt: Receipt) -> ResponseReturnValue:
    """The frozen content of one submission."""
    held = receipt.content
    team = [(each, tr(RELATIONS[Relation(each["relation"])])) for each in held["team"]]
    return render_template("faculty/proposals/receipt.html", proposal=proposal, receipt=receipt, held=held, team=team)


@door(faculty, PATH + ".json", Action.PROPOSAL_VIEW_AS_TEAM, with_receipt)
def receipt_json(proposal: Proposal, receipt: Receipt) -> ResponseReturnValue:
    """The canonical JSON of it: the SHA-256 of these bytes is the receipt's."""
    response = Response(canonical(receipt.content), mimetype="application/json")
    name = f"{receipt.content['number']}-receipt-{receipt.ordinal}.json"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
