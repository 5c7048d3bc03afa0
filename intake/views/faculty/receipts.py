"""Receipts: what was received, as a page to print, as a PDF, and as the very bytes whose SHA-256 the receipt gives."""

from __future__ import annotations

from flask import Response, render_template
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from intake.audit.chain import canonical
from intake.proposal.models import Proposal, Receipt
from intake.proposal.printing import given_up
from intake.views.display import tr
from intake.views.errors import page
from intake.views.faculty import faculty
from intake.views.faculty.loading import with_receipt
from intake.views.faculty.telling import RELATIONS
from intake.views.files import send_stored
from intake.views.gate import door
from intake.vocabulary import Action, Relation, say

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


@door(faculty, PATH + ".pdf", Action.PROPOSAL_VIEW_AS_TEAM, with_receipt)
def receipt_pdf(proposal: Proposal, receipt: Receipt) -> ResponseReturnValue:
    """The PDF of it, once the worker has made it; never made here."""
    if receipt.file_key is None:
        return page(404, tr(_NOT_MADE if given_up(receipt) else _IN_THE_MAKING))
    name = f"{receipt.content['number']}-receipt-{receipt.ordinal}.pdf"
    return send_stored(receipt.file_key, name, "application/pdf")


_IN_THE_MAKING = say("The PDF is being made. Look again in a minute.")
_NOT_MADE = say("The PDF could not be made. What was received is safe: print the page of the receipt.")


@faculty.record_once
def know_pdfs(state: BlueprintSetupState) -> None:
    """Let the macro of a receipt ask whether its PDF is still to come; macros see the globals alone."""
    state.app.jinja_env.globals["pdf_given_up"] = given_up
