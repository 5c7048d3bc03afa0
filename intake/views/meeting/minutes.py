"""Minutes of an item, which save themselves while they are written; actions that come of it; and its outcome."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.match.pairing import LABELS
from intake.meeting import minutes as acts
from intake.meeting.models import Item, Meeting
from intake.meeting.queries import one
from intake.meeting.reminding import office_today
from intake.policy import reads_as_office
from intake.views.fields import sent_version
from intake.views.gate import SAFE, actor, door, one_time_key
from intake.views.meeting import meeting
from intake.views.meeting.forms import ActionForm, NotesForm, OutcomeForm
from intake.views.meeting.loading import back, leading_to, to_write, told_at, tried
from intake.views.meeting.saving import autosaved, keep
from intake.views.meeting.told import agenda_of
from intake.vocabulary import Action, PairingKind, PairingState

USUAL_DAYS = 7


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/minutes",
    Action.MEETING_VIEW,
    to_write,
    methods=["GET", "POST"],
)
def minutes(found: Meeting, item: Item) -> ResponseReturnValue:
    """The minutes with their actions and outcome; what is typed is kept by the button or by itself."""
    form = NotesForm(data={"notes": item.notes})
    if request.method in SAFE:
        return _page(found.id, item.id, notes=form)
    good = form.validate()
    if request.headers.get("X-Autosave"):
        return autosaved(found, item, form, good)
    number, item_id = found.id, item.id
    status = tried(form, lambda: keep(found, item, form)) if good else 422
    if status == 200:
        return back(found, gettext("The minutes are saved."), f"item-{item_id}")
    return _page(number, item_id, notes=form, status=status)


def _page(
    number: int, item_id: int, *, notes: Any = None, action: Any = None, outcome: Any = None, status: int = 200
) -> ResponseReturnValue:
    """The item's page with what was typed and not kept; loaded anew."""
    found = one(number)
    assert found is not None
    item = next(each for each in found.items if each.id == item_id)
    line = next(each for each in agenda_of(found, actor()) if each.item is item)
    again = status == 422  # what the form was made from stays with it, so that mending it makes it no newer
    version = sent_version() if notes is not None and again else item.version
    seen = request.form.get("seen", "") if again else ""
    html = render_template(
        "meeting/minutes.html",
        meeting=found,
        item=item,
        line=line,
        notes=notes or NotesForm(formdata=None, data={"notes": item.notes}),
        action=action or _action_form(found, item, bare=True),
        outcome=outcome or _outcome_form(item, bare=True),
        decides=reads_as_office(actor(), item.proposal) if item.proposal is not None else False,
        version=version,
        notes_seen=seen if notes is not None and again else acts.notes_edition(item),
        outcome_seen=seen if outcome is not None and again else acts.outcome_edition(item),
        stale=notes is not None and status == 409,
        late=outcome is not None and status == 409,
        LABELS=LABELS,
        once=one_time_key(),
        person=actor().id,
        **told_at(("actions", "outcome")),
    )
    return html, status


def _action_form(found: Meeting, item: Item, *, bare: bool = False) -> ActionForm:
    """The form for one more action. Statements: those of ``owners``."""
    due = office_today() + timedelta(days=USUAL_DAYS)
    form = ActionForm(data={"due_on": due}, **({"formdata": None} if bare else {}))
    form.owner_id.offer((each.id, each.name) for each in acts.owners(found, item, by=actor()))
    return form


def _outcome_form(item: Item, *, bare: bool = False) -> OutcomeForm:
    kinds = []
    if item.contact is not None:
        kinds.append((PairingKind.CONTACT.value, item.contact.name))
    if item.theme is not None:
        kinds.append((PairingKind.THEME.value, item.theme.name))
    form = OutcomeForm(data={"kind": kinds[0][0] if kinds else None}, **({"formdata": None} if bare else {}))
    form.kind.offer(kinds)
    return form


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/actions",
    Action.MEETING_VIEW,
    to_write,
    methods=["POST"],
    once=True,
)
def action_new(found: Meeting, item: Item) -> ResponseReturnValue:
    """One more action."""
    number, item_id, form = found.id, item.id, _action_form(found, item)
    status = 422
    if form.validate():
        status = tried(form, lambda: _give(found, item, form))
    if status == 200:
        return _again(number, item_id, gettext("The action is noted, and its owner is told."), "actions")
    return _page(number, item_id, action=form, status=status)


def _give(found: Meeting, item: Item, form: ActionForm) -> None:
    acts.give_action(found, item, form.what.data, int(form.owner_id.data), form.due_on.data, by=actor())


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/outcome",
    Action.MEETING_VIEW,
    to_write,
    methods=["POST"],
)
def outcome(found: Meeting, item: Item) -> ResponseReturnValue:
    """What came of it; it moves the match."""
    number, item_id, form = found.id, item.id, _outcome_form(item)
    status = 422
    if form.validate():
        status = tried(form, lambda: _conclude(found, item, form))
    if status == 200:
        return _again(number, item_id, gettext("The outcome is recorded, and the match board shows it."), "outcome")
    return _page(number, item_id, outcome=form, status=status)


def _conclude(found: Meeting, item: Item, form: OutcomeForm) -> None:
    state, kind = PairingState(form.outcome.data), PairingKind(form.kind.data)
    seen = request.form.get("seen", "")
    acts.conclude(found, item, state, kind, form.note.data, by=actor(), back=form.back.data, seen=seen)


def _again(number: int, item_id: int, done: str, anchor: str) -> ResponseReturnValue:
    return leading_to(anchor, done, "meeting.minutes", meeting_id=number, item_id=item_id)
