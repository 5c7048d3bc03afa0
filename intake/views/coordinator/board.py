"""The match board of one proposal: what suits it, and the steps between the two."""

from __future__ import annotations

import secrets
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from intake.call.models import Theme
from intake.desk.board import Suits, board_of
from intake.errors import Conflicted, Incomplete, Stale
from intake.extensions import db
from intake.match.models import Pairing
from intake.match.pairing import KINDS, LABELS, STEPS, step
from intake.people.models import Person
from intake.policy import may
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.views.beside import tell_beside, told_beside
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import to_change, to_read
from intake.views.coordinator.proposal import tab_page
from intake.views.display import tr
from intake.views.fields import Form, Paragraph, Picked
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit, PairingKind, PairingState

ROWS = 30
"""So many suggestions stand on the board of a proposal; the rest is found by its filter, or shown in full."""


class StepForm(Form):
    """One step of one pairing. ``seen`` is the version of the pairing that was on the page, 0 for none."""

    kind = Picked(lazy_gettext("Kind"))
    target = HiddenField()
    seen = HiddenField()
    state = Picked(lazy_gettext("What happened"))
    note = Paragraph(lazy_gettext("Note"), limit=Limit.REASON, required=False)

    @classmethod
    def made(cls) -> StepForm:
        """The form with its choices."""
        form = cls()
        form.kind.offer((each.value, tr(KINDS[each])) for each in PairingKind)
        form.state.offer((each.value, tr(LABELS[each])) for each in PairingState)
        return form


def words() -> dict[str, Any]:
    """What the templates of the board need to speak of states and steps."""
    return {
        "kinds": {each: tr(label) for each, label in KINDS.items()},
        "labels": {each: tr(label) for each, label in LABELS.items()},
        "steps_from": STEPS,
        "Kind": PairingKind,
    }


def asked_kind() -> PairingKind:
    """The kind that the address asks for; themes where it asks for none."""
    text = request.values.get("kind", "")
    return PairingKind(text) if text in set(PairingKind) else PairingKind.THEME


@door(coordinator, "/desk/proposals/<id:proposal_id>/board", Action.PROPOSAL_VIEW_AS_OFFICE, to_read)
def board(proposal: Proposal) -> ResponseReturnValue:
    """What suits one proposal."""
    return _board(proposal, asked_kind())


def _board(proposal: Proposal, kind: PairingKind, form: StepForm | None = None) -> str:
    sought = request.args.get("q", "").strip()[: Limit.NAME]
    rows = board_of(proposal, kind, seen_by=actor(), words=sought)
    full = "all" in request.args or bool(sought) or form is not None
    shown = rows if full or any(row.target_id == stepped_on() for row in rows[ROWS:]) else rows[:ROWS]
    return tab_page(
        proposal,
        "board",
        {
            "kind": kind,
            "rows": shown,
            "more": len(rows) - len(shown),
            "sought": sought,
            "why": next((row for row in rows if row.score is not None and row.target_id == _asked_why()), None),
            "counted": any(row.score is not None for row in rows),
            "pairing_ruling": may(actor(), Action.PROPOSAL_PAIR, proposal),
            "form": form,
            "once": secrets.token_urlsafe(16),
            "ready": _ready(proposal),
            "stepped_on": stepped_on(),
            "told_beside": told_beside(),
            **words(),
        },
    )


def stepped_on() -> int:
    """The row on which a step was just taken, as the address says; 0 for none."""
    return request.args.get("at", 0, type=int)


def _asked_why() -> int:
    """Whose score the address asks to see explained."""
    return request.args.get("why", 0, type=int)


def _ready(proposal: Proposal) -> str | None:
    """The address of the form that matches the proposal with what the board calls matched, where it can be matched."""
    if not may(actor(), Action.PROPOSAL_MATCH, proposal):
        return None
    found = {
        kind: [row.target_id for row in board_of(proposal, kind, seen_by=actor()) if _is_matched(row)]
        for kind in (PairingKind.THEME, PairingKind.CONTACT)
    }
    theme, contact = (found[kind][0] if found[kind] else None for kind in found)
    if theme is None and contact is None:
        return None
    return url_for("coordinator.match", proposal_id=proposal.id, theme=theme, contact=contact)


def _is_matched(row: Suits) -> bool:
    return row.state is PairingState.MATCHED


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/board/step",
    Action.PROPOSAL_PAIR,
    to_change,
    methods=["POST"],
    once=True,
)
def pair(proposal: Proposal) -> ResponseReturnValue:
    """One step of one pairing; back to the board that it was taken on."""
    form = StepForm.made()
    number, kind = proposal.id, asked_kind()
    if form.validate():
        try:
            made = step(
                proposal,
                kind,
                _number(form.target.data),
                PairingState(form.state.data),
                form.note.data or "",
                by=actor(),
                version=_number(form.seen.data),
            )
        except (Incomplete, Conflicted) as error:
            db.session.rollback()
            form.blame(error)
        except Stale:
            db.session.rollback()
            form.form_errors.append(
                gettext("Somebody else took a step here meanwhile. See it below, and take yours again.")
            )
        else:
            name = _name_of(made)
            tell_beside(gettext("%(name)s: %(state)s.", name=name, state=tr(LABELS[made.state])))
            return redirect(_back(proposal, kind))
    again = whole(number)
    assert again is not None
    return _board(again, kind, form), 422


def _back(proposal: Proposal, kind: PairingKind) -> str:
    """The row that the step was taken on: of the proposal's board, or of the other side's."""
    target = _number(request.form.get("target"))
    if request.form.get("from") == "target":
        code, row = proposal.call.code, proposal.id
        there = url_for("coordinator.call_board", code=code, kind=kind.value, target=target, at=row)
    else:
        row = target
        there = url_for("coordinator.board", proposal_id=proposal.id, kind=kind.value, at=row)
    return f"{there}#to-{row}"


def _name_of(pairing: Pairing) -> str:
    """The theme's, contact's or reviewer's name."""
    if pairing.theme_id is not None:
        return db.session.get_one(Theme, pairing.theme_id).name
    return db.session.get_one(Person, pairing.person_id).name


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
