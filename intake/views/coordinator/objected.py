"""Whom the applicants object to, for the office: it says whom an objection by name alone means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conflict.models import Objection
from intake.conflict.objecting import by_address, could_be_meant, mean, mean_nobody, standing
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import names
from intake.proposal.models import Proposal
from intake.proposal.queries import folded
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import pressed, to_change
from intake.views.gate import actor, door
from intake.vocabulary import Action

_PATH = "/desk/proposals/<id:proposal_id>/objections/<id:objection_id>"
Choice = tuple[int, str, bool]


@dataclass(frozen=True, slots=True)
class Shown:
    """An objection; whom it can mean, where nobody is known yet (id, words, whether the name is the same); and whom the
    office said that it means."""

    row: Objection
    choices: list[Choice]
    meant: str


def objections_shown(proposal: Proposal) -> list[Shown]:
    """The objections that stand, the oldest first. Statements: 1; 7 more at most, and 1 for each with an address."""
    rows = standing(proposal.id)
    said = {row.id for row in rows if row.meant_by_id is not None}
    known = names(row.person_id for row in rows if row.id in said) if said else {}
    people = could_be_meant(proposal) if any(row.person_id is None for row in rows) else []
    return [
        Shown(
            row,
            _choices(row, people) if row.person_id is None and not by_address(row) else [],
            known.get(row.person_id or 0, "") if row.id in said else "",
        )
        for row in rows
    ]


def _choices(row: Objection, people: Sequence[Person]) -> list[Choice]:
    """Whom it can mean. Who alone has exactly that name is chosen already."""
    alike = [each.id for each in people if folded(each.name) == folded(row.name)]
    only = alike[0] if len(alike) == 1 else None
    return [(each.id, _words(each), each.id == only) for each in people]


def _words(person: Person) -> str:
    place = person.department.name if person.department else person.organisation
    return " · ".join(each for each in (person.name, place, person.email) if each)


def _of_proposal(proposal_id: int, objection_id: int) -> tuple[Proposal, Objection] | None:
    proposal = to_change(proposal_id)
    row = db.session.get(Objection, objection_id) if proposal else None
    return (proposal, row) if proposal and row and row.proposal_id == proposal.id else None


@door(coordinator, f"{_PATH}/means", Action.PROPOSAL_DECLARE_AS_OFFICE, _of_proposal, methods=["POST"])
def objection_means(proposal: Proposal, row: Objection) -> ResponseReturnValue:
    """Note whom the objection means."""
    person = request.form.get("person", 0, type=int)
    done = gettext("Noted. From now on the objection counts like one with an address.")
    return pressed(proposal, lambda: mean(row, proposal, person, by=actor()), done, "conflicts")


@door(coordinator, f"{_PATH}/means-nobody", Action.PROPOSAL_DECLARE_AS_OFFICE, _of_proposal, methods=["POST"])
def objection_means_nobody(proposal: Proposal, row: Objection) -> ResponseReturnValue:
    """Undo it."""
    done = gettext("Undone. The objection keeps nobody away until somebody says whom it means.")
    return pressed(proposal, lambda: mean_nobody(row, proposal, by=actor()), done, "conflicts")
