"""How far the scores of a call are, and what made one of them."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import background, clock
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.match import queries
from intake.match.affinity import try_again
from intake.match.models import Affinity
from intake.match.weights import differs, weights_of
from intake.opening import sealed_at
from intake.policy import YES
from intake.proposal.models import Proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import to_read
from intake.views.gate import actor, after_commit, door
from intake.vocabulary import Action, PairingKind


@door(coordinator, "/desk/calls/<code>/affinities", Action.CALL_OVERSEE, call_with)
def affinities(call: Call) -> ResponseReturnValue:
    """When the scores were made, from what, and how far the present making is."""
    return render_template(
        "coordinator/call/affinities.html",
        call=call,
        run=queries.run_of(call),
        weights=weights_of(call),
        differs=differs(call),
        sealed=sealed_at(call, clock.now()),
        allowed=YES,
    )


@door(coordinator, "/desk/calls/<code>/affinities/again", Action.CALL_OVERSEE, call_with, methods=["POST"])
def affinities_again(call: Call) -> ResponseReturnValue:
    """Ask for the scores anew, after an error or just so."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if try_again(call, by=actor()):
        after_commit(lambda: background.wake(app))
        flash(gettext("New scores are asked for."), "success")
    else:
        flash(gettext("The scores are being made just now."), "success")
    return redirect(url_for("coordinator.affinities", code=call.code))


def _with_affinity(proposal_id: int, affinity_id: int) -> tuple[Proposal, Affinity] | None:
    """The proposal with one of its affinities, or None."""
    proposal = to_read(proposal_id)
    found = queries.affinity(affinity_id) if proposal is not None else None
    if proposal is None or found is None or found.proposal_id != proposal.id:
        return None
    return proposal, found


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/affinities/<id:affinity_id>",
    Action.PROPOSAL_VIEW_AS_OFFICE,
    _with_affinity,
)
def affinity(proposal: Proposal, found: Affinity) -> ResponseReturnValue:
    """What made one score."""
    theme = found.theme or proposal.theme
    what = found.theme.name if found.theme else found.person.name if found.person else ""
    return render_template(
        "coordinator/proposal/affinity.html",
        proposal=proposal,
        row=found,
        what=what,
        theme=theme.name if theme else "",
        profile=found.person_id if found.kind is not PairingKind.THEME else None,
    )
