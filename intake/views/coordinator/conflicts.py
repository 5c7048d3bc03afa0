"""The conflicts of one proposal, for the office: who reviews, could, or handles it; and declaring one of one's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.conflict.evidence import KINDS, Evidence, told_to
from intake.conflict.finding import rows
from intake.conflict.levels import LEVELS, RULES, WEIGHT
from intake.conflict.operations import declare_as_office
from intake.people.models import Person, RoleGrant
from intake.people.queries import holders, names, overseers, standing_in
from intake.policy import standing
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import shown, to_change, tried
from intake.views.coordinator.objected import objections_shown
from intake.views.display import tr
from intake.views.fields import Form, Paragraph, Picked
from intake.views.gate import actor, door
from intake.vocabulary import Action, ConflictKind, ConflictLevel, ConflictRule, Limit, Role

HIDES = (ConflictRule.TEAM, ConflictRule.DECLARED)
"""What keeps a coordinator from a proposal; the other rules are about judging it."""
ROWS = 50


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody with a conflict: what they are to the proposal, the heaviest level, the evidence, and why they were
    asked all the same."""

    person_id: int
    name: str
    parts: list[str]
    level: ConflictLevel
    evidence: list[Evidence]
    override: str
    since: datetime | None


class OwnConflictForm(Form):
    """A conflict of one's own."""

    kind = Picked(lazy_gettext("What stands between you and this proposal?"))
    note = Paragraph(lazy_gettext("Note for the administrators"), limit=Limit.REASON, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.offer((kind.value, tr(words)) for kind, words in KINDS.items())


def conflicts_of(proposal: Proposal) -> dict[str, Any]:
    """What the page shows: who reviews it before who could, the heaviest first, then by name, ``ROWS`` of these a page.
    Statements: 36 at most, whatever the number."""
    lines = [*_handling(proposal), *_reviewing(proposal)]
    pages = max(1, -(-len(lines) // ROWS))
    asked = request.args.get("page", "1")
    page = min(max(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1, 1), pages)
    return {
        "lines": lines[(page - 1) * ROWS : page * ROWS],
        "total": len(lines),
        "page": page,
        "pages": pages,
        "levels": {level: tr(words) for level, words in LEVELS.items()},
        "rules": {rule: tr(words) for rule, words in RULES.items()},
        "objections": objections_shown(proposal),
    }


def _handling(proposal: Proposal) -> list[Line]:
    """Coordinators, stand-ins and contacts of the sponsor."""
    sponsor_id = proposal.call.programme.sponsor_id
    office = {each.id: gettext("Coordinator") for each in overseers(proposal.call.programme_id, proposal.call_id)}
    office |= {row.person_id: gettext("Stands in for the office") for row in standing_in(proposal.id)}
    contacts = holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else []
    parts = {each.id: gettext("Contact of the sponsor") for each in contacts} | office
    told = told_to(actor(), rows([proposal.id], sorted(parts), judging=False)).get(proposal.id, {})
    if office:
        told = {
            key: [each for each in evidence if key not in office or each.rule in HIDES]
            for key, evidence in told.items()
        }
    return _lines({key: evidence for key, evidence in told.items() if evidence}, {k: [v] for k, v in parts.items()}, {})


def _reviewing(proposal: Proposal) -> list[Line]:
    """Who reviews it, then who could be asked."""
    asked = {row.reviewer_id: row for row in standing(proposal.assignments)}
    held = sa.and_(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None))
    able = sa.select(Person.id).where(sa.or_(sa.and_(Person.active, Person.grants.any(held)), Person.id.in_(asked)))
    told = told_to(actor(), rows([proposal.id], able)).get(proposal.id, {})
    parts = {key: [gettext("Lead reviewer") if row.lead else gettext("Reviews it")] for key, row in asked.items()}
    overrides = {key: row.override_reason for key, row in asked.items()}
    now = _lines({key: told[key] for key in told if key in asked}, parts, overrides)
    return now + _lines({key: told[key] for key in told if key not in asked}, {}, {})


def _lines(told: dict[int, list[Evidence]], parts: dict[int, list[str]], overrides: dict[int, str]) -> list[Line]:
    known = names(told)
    lines = [
        Line(
            key,
            known[key],
            parts.get(key, [gettext("Could be asked")]),
            evidence[0].level,
            evidence,
            overrides.get(key, ""),
            max((each.at for each in evidence if each.at is not None), default=None),
        )
        for key, evidence in told.items()
    ]
    return sorted(lines, key=lambda line: (-WEIGHT[line.level], line.name))


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/declare",
    Action.PROPOSAL_DECLARE_AS_OFFICE,
    to_change,
    methods=["GET", "POST"],
    once=True,
    name="declare_as_office",
)
def declare(proposal: Proposal) -> ResponseReturnValue:
    """Say what happens, then take the coordinator's own declaration; the proposal is hidden from them from then on."""
    form, number = OwnConflictForm(), proposal.number
    if form.validate_on_submit() and tried(form, proposal, lambda: _declare(proposal, form)):
        flash(gettext("Your conflict with %(number)s is noted. It is withheld from you now.", number=number), "success")
        return redirect(url_for("coordinator.desk"))
    alone = not _others(proposal)
    return shown("declare", form, proposal, alone=alone)


def _declare(proposal: Proposal, form: OwnConflictForm) -> None:
    declare_as_office(proposal, ConflictKind(str(form.kind.data)), form.note.data or "", by=actor())


def _others(proposal: Proposal) -> bool:
    """Somebody else may handle the proposal."""
    return any(person.id != actor().id for person in office_of(proposal))
