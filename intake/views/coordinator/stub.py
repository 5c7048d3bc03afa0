from flask import abort

from intake.proposal import queries
from intake.views.coordinator import coordinator
from intake.views.gate import door
from intake.vocabulary import Action


@door(coordinator, "/desk/proposals/<id:proposal_id>", Action.PROPOSAL_VIEW_AS_OFFICE, queries.one)
def proposal(proposal):
    abort(404)
