"""The writing of a proposal, part by part. A save that would undo somebody else's shows both texts first."""

from __future__ import annotations

import hashlib
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.audit.chain import canonical
from intake.errors import Incomplete, Stale
from intake.money import shown
from intake.policy import may
from intake.proposal.models import Proposal
from intake.proposal.parts import PARTS
from intake.proposal.rulebook import pages
from intake.proposal.writing import write
from intake.views.faculty import faculty
from intake.views.faculty.forms import PartForm, form_of, standing
from intake.views.faculty.loading import with_part
from intake.views.faculty.progress import OWN_PAGES, part_url, progress
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, State


@door(
    faculty,
    "/proposals/<id:proposal_id>/edit/<part>",
    Action.PROPOSAL_VIEW_AS_TEAM,
    with_part,
    methods=["GET", "POST"],
    ask_on_post=Action.PROPOSAL_EDIT,
)
def edit(proposal: Proposal, part: str) -> ResponseReturnValue:
    """One part's form; what it holds, where it cannot change."""
    if part in OWN_PAGES:
        return redirect(part_url(proposal, part))
    form = form_of(proposal, part)
    if request.method == "GET":
        return _page(proposal, part, form, proposal.version)
    if not form.validate():
        return _page(proposal, part, form, sent_version()), 422
    try:
        write(proposal, form.answers(), version=_version(proposal, part), by=actor())
    except Stale:
        return _changed_meanwhile(proposal, part, form), 409
    except Incomplete as error:
        form.blame(error)
        return _page(proposal, part, form, sent_version()), 422
    return redirect(_after(proposal, part))


def _version(proposal: Proposal, part: str) -> int:
    """The version that the form was made from. Where other parts changed since but this one did not, nothing would be
    overwritten, and the present version stands for it."""
    return proposal.version if request.form.get("seen") == seen(proposal, part) else sent_version()


def seen(proposal: Proposal, part: str) -> str:
    """A print of what stands in the part, the same as long as it does not change."""
    return hashlib.sha256(canonical(standing(proposal, part))).hexdigest()[:24]


def _after(proposal: Proposal, part: str) -> str:
    """Where a save leads: to the same part, or on to the next."""
    if request.form.get("and") != "next":
        return part_url(proposal, part)
    names = list(PARTS)
    following = names[names.index(part) + 1 :]
    if proposal.state is State.RETURNED:
        following = [name for name in following if name in proposal.returned_parts]
    if not following:
        return url_for("faculty.check", proposal_id=proposal.id)
    return part_url(proposal, following[0])


def _page(proposal: Proposal, part: str, form: PartForm, version: int) -> str:
    known = progress(proposal, actor())
    return render_template(
        f"faculty/edit/{part}.html",
        proposal=proposal,
        part=known.part(part),
        progress=known,
        form=form,
        version=version,
        seen=request.form.get("seen") or seen(proposal, part),
        editing=may(actor(), Action.PROPOSAL_EDIT, proposal),
        pages=pages(proposal.description),
        rules={rule.code: rule for rule in proposal.call.rules},
    )


def _changed_meanwhile(proposal: Proposal, part: str, form: PartForm) -> str:
    """The person's own text beside the present one, and a form that saves over it now that both have been seen."""
    names = {theme.id: theme.name for theme in proposal.call.themes}
    now = {name: _told(name, value, proposal, names) for name, value in standing(proposal, part).items()}
    mine = {name: _told(name, value, proposal, names) for name, value in form.answers().items()}
    differing = [name for name in mine if mine[name] != now[name]]
    known = progress(proposal, actor())
    return render_template(
        "faculty/edit/changed.html",
        proposal=proposal,
        part=known.part(part),
        form=form,
        now=now,
        mine=mine,
        differing=differing,
        seen=seen(proposal, part),
    )


def _told(name: str, value: Any, proposal: Proposal, themes: dict[int, str]) -> str:
    """An answer as text to read."""
    if isinstance(value, bool):
        return gettext("ticked") if value else gettext("not ticked")
    if value is None or value == "":
        return ""
    if name == "theme_id":
        return themes.get(value, "")
    if name == "amount_minor":
        return shown(value, proposal.call.currency)
    return str(value)
