"""The alternates of a proposal: who is asked next when a reviewer says no. And a yes that the office notes for somebody
who gave it by telephone."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.errors import Incomplete
from intake.extensions import db
from intake.match.pairing import LABELS
from intake.proposal.models import Proposal
from intake.review import alternates as room
from intake.review import answering
from intake.review.alternates import Following, demand_choosing, missing, waits
from intake.review.models import Alternate, Assignment
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import pressed, shown, to_change, tried
from intake.views.coordinator.candidates import Candidate, candidates
from intake.views.coordinator.reviewers import assigned_one
from intake.views.display import tr
from intake.views.fields import Chosen, Form
from intake.views.gate import actor, door
from intake.vocabulary import Action

_PATH = "/desk/proposals/<id:proposal_id>"


class AlternateForm(Form):
    """Whom to put at the end of the line."""

    person_id = Chosen(lazy_gettext("Reviewer"), blank=lazy_gettext("Choose somebody"))


def _offered(rows: list[Candidate], line: list[Alternate]) -> AlternateForm:
    """Those who could be asked without a reason and are not in the line."""
    taken = {each.reviewer_id for each in line if waits(each)}
    form = AlternateForm()
    free = [row for row in rows if not row.blocked and not row.warned and row.person.id not in taken]
    form.person_id.offer((row.person.id, _label(row)) for row in free)
    return form


def _label(row: Candidate) -> str:
    where = row.person.department.code if row.person.department else row.person.organisation
    told = [gettext("%(load)s to do", load=row.load)]
    if row.score is not None:
        told.append(gettext("%(points)s points", points=round(row.score * 100)))
    if row.state is not None:
        told.append(tr(LABELS[row.state]).lower())
    return f"{', '.join(filter(None, (row.person.name, where)))} ({'; '.join(told)})"


@door(
    coordinator,
    f"{_PATH}/alternates",
    Action.PROPOSAL_VIEW_AS_OFFICE,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def alternates(proposal: Proposal) -> ResponseReturnValue:
    """The line, and a form that puts somebody at its end."""
    demand_choosing(proposal, actor())
    rows, line = candidates(proposal, seen_by=actor()), list(room.of_proposal(proposal.id))
    form = _offered(rows, line)
    if form.validate_on_submit() and tried(
        form, proposal, lambda: room.add(proposal, int(form.person_id.data), by=actor())
    ):
        return _back(proposal.id, gettext("They are at the end of the list."))
    line = list(room.of_proposal(proposal.id))
    by_id = {row.person.id: row for row in candidates(proposal, seen_by=actor())}
    asked = {each.id: each for each in proposal.assignments}
    return shown(
        "alternates",
        form,
        proposal,
        line=[(each, by_id.get(each.reviewer_id)) for each in line if waits(each)],
        past=[(each, asked.get(each.asked_id) if each.asked_id else None) for each in line if not waits(each)],
        missing=missing(proposal),
        labels={state: tr(words) for state, words in LABELS.items()},
        gone=any(row.removed_at is not None for row in proposal.assignments),
    )


def _back(proposal_id: int, done: str, kind: str = "success") -> ResponseReturnValue:
    flash(done, kind)
    return redirect(url_for("coordinator.alternates", proposal_id=proposal_id))


def _one(proposal_id: int, alternate_id: int) -> tuple[Proposal, Alternate] | None:
    """The proposal, as ``to_change`` gives it, with that alternate of its own."""
    proposal = to_change(proposal_id)
    rows = room.of_proposal(proposal_id) if proposal else []
    row = next((each for each in rows if each.id == alternate_id), None)
    return (proposal, row) if proposal and row else None


@door(
    coordinator,
    f"{_PATH}/alternates/<id:alternate_id>",
    Action.PROPOSAL_VIEW_AS_OFFICE,
    _one,
    methods=["POST"],
    once=True,
)
def alternate(proposal: Proposal, row: Alternate) -> ResponseReturnValue:
    """Up, down or out of the line."""
    name = row.reviewer.name
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "up": (lambda: room.move(proposal, row, up=True, by=actor()), gettext("%(name)s moved up.", name=name)),
        "down": (lambda: room.move(proposal, row, up=False, by=actor()), gettext("%(name)s moved down.", name=name)),
        "out": (lambda: room.remove(proposal, row, by=actor()), gettext("%(name)s is out of the list.", name=name)),
    }
    asked = acts.get(request.form.get("act", ""))
    if asked is None:
        return _back(proposal.id, gettext("Choose what is to happen."), "error")
    asked[0]()
    return _back(proposal.id, asked[1])


@door(coordinator, f"{_PATH}/alternates/ask", Action.PROPOSAL_ASSIGN, to_change, methods=["POST"], once=True)
def ask_alternate(proposal: Proposal) -> ResponseReturnValue:
    """Ask the first of the line now."""
    number = proposal.id
    try:
        following = room.ask_first(proposal, by=actor())
    except Incomplete as error:
        db.session.rollback()
        return _back(number, tr(error.reason), "error")
    return _back(number, _told(following), "success" if following.asked else "error")


def _told(following: Following) -> str:
    told = following.told
    return tr(told) if told is not None else gettext("Nobody was asked.")


@door(
    coordinator,
    f"{_PATH}/reviewers/<id:assignment_id>/said-yes",
    Action.PROPOSAL_ASSIGN,
    assigned_one,
    methods=["POST"],
)
def said_yes(proposal: Proposal, row: Assignment) -> ResponseReturnValue:
    """Note that somebody agreed by telephone or mail."""
    done = gettext("Noted: they agreed. They declare on their page, then the text opens to them.")
    return pressed(proposal, lambda: answering.accept_for(proposal, row, by=actor()), done, "reviews")
