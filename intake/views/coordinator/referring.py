"""A second life for a closed proposal or an idea: another open call is offered to its applicant."""

from __future__ import annotations

from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call.queries import one as call_with
from intake.match import referring
from intake.match.models import Referral
from intake.proposal.models import Proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import back, pressed, shown, to_change, tried
from intake.views.fields import Form, Paragraph, Picked
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

_PATH = "/desk/proposals/<id:proposal_id>/refer"


class Referring(Form):
    """Which call, and what the applicant reads about it."""

    place = Picked(lazy_gettext("Call, and theme where it has any"))
    note = Paragraph(lazy_gettext("Why it would suit, for the applicant to read"), limit=Limit.REASON, required=False)


@door(coordinator, _PATH, Action.PROPOSAL_REFER, to_change, methods=["GET", "POST"], once=True)
def refer(proposal: Proposal) -> ResponseReturnValue:
    """Offer another open call; its letter goes to the team."""
    form = Referring()
    form.place.offer(_places(proposal))
    if form.validate_on_submit():
        code, theme_id = _chosen(form.place.data)
        call = call_with(code)
        if call and tried(
            form, proposal, lambda: referring.refer(proposal, call, theme_id, form.note.data or "", by=actor())
        ):
            return back(proposal, gettext("The team has the offer."), "match")
    return shown("refer", form, proposal, offers=referring.standing_of(proposal), any_call=bool(form.place.choices))


def _places(proposal: Proposal) -> list[tuple[str, str]]:
    """Every open call, alone and with each of its themes."""
    rows = []
    for call, themes in referring.open_calls(proposal):
        rows.append((f"{call.code} 0", f"{call.title} ({call.code})"))
        rows += [(f"{call.code} {each.id}", f"{call.title} ({call.code}) · {each.name}") for each in themes]
    return rows


def _chosen(place: str) -> tuple[str, int | None]:
    code, _, theme = place.rpartition(" ")
    return code, int(theme) or None


def _of_proposal(proposal_id: int, referral_id: int) -> tuple[Proposal, Referral] | None:
    proposal = to_change(proposal_id)
    referral = referring.one(proposal, referral_id) if proposal else None
    return (proposal, referral) if proposal and referral else None


@door(
    coordinator,
    f"{_PATH}/<id:referral_id>/withdraw",
    Action.PROPOSAL_REFER,
    _of_proposal,
    methods=["POST"],
    once=True,
)
def withdraw_referral(proposal: Proposal, referral: Referral) -> ResponseReturnValue:
    """Take an unanswered offer back."""
    done = gettext("The offer is taken back.")
    return pressed(proposal, lambda: referring.withdraw(referral, proposal, by=actor()), done, "match")
