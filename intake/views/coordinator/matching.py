"""Matching: a theme of the call and a contact of its sponsor, for one proposal."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Theme
from intake.match import operations
from intake.people.models import Person
from intake.people.queries import holders
from intake.proposal.models import Proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import back, shown, to_change, tried
from intake.views.coordinator.forms import Matched, Reasoned
from intake.views.gate import actor, door
from intake.vocabulary import Action, Role


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/match",
    Action.PROPOSAL_MATCH,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def match(proposal: Proposal) -> ResponseReturnValue:
    """The theme (the applicant's own choice first) and the contact."""
    themes = sorted(proposal.call.themes, key=lambda each: each.id != proposal.theme_id)
    contacts = contacts_of_sponsor(proposal)
    form = _form(proposal, themes, contacts)
    if form.validate_on_submit():
        theme, contact = (form[name].data if name in form else None for name in ("theme_id", "contact_id"))
        chosen = int(theme) if theme else None, int(contact) if contact else None
        if tried(form, proposal, lambda: operations.match(proposal, *chosen, form.note.data, by=actor())):
            return back(proposal, gettext("%(number)s is matched.", number=proposal.number), "match")
        contacts = contacts_of_sponsor(proposal)
    return shown("match_form", form, proposal, contacts=contacts)


def contacts_of_sponsor(proposal: Proposal) -> Sequence[Person]:
    """The contacts of the call's sponsor, by name; nobody where it has none."""
    sponsor_id = proposal.call.programme.sponsor_id
    return holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else []


def _form(proposal: Proposal, themes: Sequence[Theme], contacts: Sequence[Person]) -> Matched:
    only = contacts[0].id if len(contacts) == 1 else None
    asked = {
        name: request.args.get(name, type=int) for name in ("theme", "contact")
    }  # what the match board led here with
    form = Matched(data={"theme_id": asked["theme"] or proposal.theme_id, "contact_id": asked["contact"] or only})
    own = gettext("the applicant's own choice")
    form.theme_id.offer((t.id, f"{t.name} ({own})" if t.id == proposal.theme_id else t.name) for t in themes)
    form.contact_id.offer((each.id, " · ".join(filter(None, (each.name, each.organisation)))) for each in contacts)
    if not themes:
        del form.theme_id
    if not contacts:
        del form.contact_id
    return form


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/unmatch",
    Action.PROPOSAL_UNMATCH,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def unmatch(proposal: Proposal) -> ResponseReturnValue:
    """Undo the match, with a reason."""
    form = Reasoned()
    if form.validate_on_submit() and tried(
        form, proposal, lambda: operations.unmatch(proposal, form.reason.data, by=actor())
    ):
        return back(proposal, gettext("The match is undone. Match it anew."), "match")
    return shown("unmatch", form, proposal)
