"""The agenda of a meeting: the office puts items on it, changes their order and says who attends them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.extensions import db
from intake.meeting import agenda as acts
from intake.meeting.models import Item, Meeting
from intake.meeting.queries import one
from intake.people.queries import holders
from intake.policy import meets
from intake.proposal.models import Proposal
from intake.proposal.queries import open_to_office
from intake.views.gate import actor, door, one_time_key
from intake.views.meeting import meeting
from intake.views.meeting.forms import ItemForm
from intake.views.meeting.loading import back, meeting_by_id, pressed, tried, with_item
from intake.vocabulary import Action, Role

USUAL_MINUTES = 15


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/new",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["GET", "POST"],
    once=True,
)
def item_new(found: Meeting) -> ResponseReturnValue:
    """One more item at the end."""
    proposal = request.args.get("proposal", "")
    return _form(found, None, ItemForm(data={"minutes": USUAL_MINUTES, "proposal_id": proposal}))


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>",
    Action.MEETING_RUN,
    with_item,
    methods=["GET", "POST"],
)
def item(found: Meeting, changed: Item) -> ResponseReturnValue:
    """An item as it is, to be changed."""
    held: dict[str, Any] = {name: _text(getattr(changed, name)) for name in ("proposal_id", "theme_id", "contact_id")}
    held |= {"heading": changed.heading, "minutes": changed.minutes}
    held["attendee_ids"] = [str(row.participant_id) for row in changed.attendance]
    return _form(found, changed, ItemForm(data=held))


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _form(found: Meeting, changed: Item | None, form: ItemForm) -> ResponseReturnValue:
    number, item_id = found.id, changed.id if changed is not None else None
    _offer(form, found)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: _put(found, changed, form))
        if status == 200:
            return back(found, gettext("The agenda is changed."), "agenda")
    again = one(number)
    assert again is not None
    kept = next((each for each in again.items if each.id == item_id), None)
    values = {"meeting": again, "item": kept, "form": form, "once": one_time_key()}
    return render_template("meeting/item.html", **values), status


def _offer(form: ItemForm, found: Meeting) -> None:
    """What can be chosen; of proposals only those that the reader handles as the office. Statements: 2 or 3."""
    who = actor()
    papers = db.session.execute(
        sa.select(Proposal.id, Proposal.number, Proposal.title, Proposal.title_zh)
        .where(Proposal.call_id == found.call_id, open_to_office(who))
        .order_by(Proposal.number)
    ).all()
    form.proposal_id.offer((row.id, f"{row.number} {row.title or row.title_zh}") for row in papers)
    form.theme_id.offer((each.id, each.name) for each in found.call.themes)
    sponsor_id = found.call.programme.sponsor_id
    contacts = holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else ()
    form.contact_id.offer((each.id, each.name) for each in contacts)
    asked = [each for each in found.participants if each.removed_at is None and meets(who, each, found)]
    form.attendee_ids.offer((each.id, each.called) for each in asked)
    form.attendee_ids.data = [each for each in form.attendee_ids.data or [] if each in {str(p.id) for p in asked}]


def _put(found: Meeting, changed: Item | None, form: ItemForm) -> None:
    acts.put(
        found,
        changed,
        heading=form.heading.data,
        minutes=form.minutes.data,
        proposal_id=_number(form.proposal_id.data),
        theme_id=_number(form.theme_id.data),
        contact_id=_number(form.contact_id.data),
        attendee_ids=[int(each) for each in form.attendee_ids.data],
        by=actor(),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/move",
    Action.MEETING_RUN,
    with_item,
    methods=["POST"],
)
def item_move(found: Meeting, moved: Item) -> ResponseReturnValue:
    """Up or down, as the button said."""
    up = request.form.get("act") == "up"
    return pressed(found.id, lambda: acts.move(found, moved, up=up, by=actor()), gettext("Moved."), "agenda")


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/remove",
    Action.MEETING_RUN,
    with_item,
    methods=["POST"],
)
def item_remove(found: Meeting, gone: Item) -> ResponseReturnValue:
    """Off the agenda."""
    done = gettext("The item is taken off the agenda.")
    return pressed(found.id, lambda: acts.take_away(found, gone, by=actor()), done, "agenda")
