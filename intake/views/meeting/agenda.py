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
from intake.views.display import tr
from intake.views.gate import actor, door, one_time_key
from intake.views.meeting import meeting
from intake.views.meeting.forms import ItemForm
from intake.views.meeting.loading import back, meeting_by_id, pressed, to_plan, tried
from intake.views.meeting.told import agenda_of
from intake.vocabulary import Action, Role, say

USUAL_MINUTES = 15
CHANGED = say("Somebody changed the agenda while you were at it. Nothing was done: look at it again.")
GONE = say("This item is not on the agenda any more. Save again if it is to be put on anew.")


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
    to_plan,
    methods=["GET", "POST"],
)
def item(found: Meeting, changed: Item | None) -> ResponseReturnValue:
    """An item as it is, to be changed. Of one that was taken off meanwhile, what was typed is the form of a new one."""
    if changed is None:
        form = ItemForm()
        _offer(form, found, None)
        form.form_errors.append(tr(GONE))
        return _page(found, None, form, ""), 409
    held: dict[str, Any] = {name: _text(getattr(changed, name)) for name in ("proposal_id", "theme_id", "contact_id")}
    held |= {"heading": changed.heading, "minutes": changed.minutes}
    held["attendee_ids"] = [str(row.participant_id) for row in changed.attendance]
    return _form(found, changed, ItemForm(data=held))


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _form(found: Meeting, changed: Item | None, form: ItemForm) -> ResponseReturnValue:
    number, item_id = found.id, changed.id if changed is not None else None
    _offer(form, found, changed)
    status, put = 200, list[Item]()
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: put.append(_put(found, changed, form)))
        if status == 200:
            return back(found, _done(found, put[0], changed is None), f"item-{put[0].id}")
    again = one(number)
    assert again is not None
    kept = next((each for each in again.items if each.id == item_id), None)
    seen = acts.edition(again, kept, actor()) if kept is not None else ""
    if status == 409 and kept is not None:
        return _page(again, kept, form, seen, theirs=_as_it_is(again, kept, form)), status
    return _page(again, kept, form, request.form.get("seen", seen)), status


def _page(found: Meeting, kept: Item | None, form: ItemForm, seen: str, **values: Any) -> str:
    """The form, with the mark of what it shows, or showed when it was sent."""
    once = one_time_key()
    return render_template("meeting/item.html", meeting=found, item=kept, form=form, seen=seen, once=once, **values)


def _as_it_is(found: Meeting, kept: Item, form: ItemForm) -> list[tuple[str, str]]:
    """What the item says now, line by line as its form asks, for whoever wrote while somebody else saved."""
    line = next(each for each in agenda_of(found, actor()) if each.item is kept)
    chosen = {name: _label(form[name], getattr(kept, name)) for name in ("proposal_id", "theme_id", "contact_id")}
    said = {**chosen, "heading": kept.heading, "minutes": str(kept.minutes), "attendee_ids": ", ".join(line.people)}
    return [(each.label.text, said[each.name]) for each in form if each.name in said]


def _label(field: Any, number: int | None) -> str:
    return next((str(label) for value, label in field.choices if number and value == str(number)), "")


def _offer(form: ItemForm, found: Meeting, kept: Item | None) -> None:
    """What can be chosen; of proposals only those that the reader handles as the office, and of contacts also the
    item's own, who may have left. Statements: 2 or 3."""
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
    offered = {each.id: each.name for each in contacts}
    if kept is not None and kept.contact is not None:
        offered.setdefault(kept.contact.id, kept.contact.name)
    form.contact_id.offer(offered.items())
    asked = [each for each in found.participants if each.removed_at is None and meets(who, each, found)]
    form.attendee_ids.offer((each.id, each.called) for each in asked)
    form.attendee_ids.data = [each for each in form.attendee_ids.data or [] if each in {str(p.id) for p in asked}]


def _done(found: Meeting, put: Item, new: bool) -> str:
    """What was done, and who does not come by it."""
    said = gettext("It is on the agenda.") if new else gettext("The item is changed.")
    without = [
        gettext("%(name)s, who leads the proposal, is not asked: the account is closed.", name=name)
        for name in acts.left_out(found, put)
    ]
    return " ".join((said, *without))


def _put(found: Meeting, changed: Item | None, form: ItemForm) -> Item:
    return acts.put(
        found,
        changed,
        heading=form.heading.data,
        minutes=form.minutes.data,
        proposal_id=_number(form.proposal_id.data),
        theme_id=_number(form.theme_id.data),
        contact_id=_number(form.contact_id.data),
        attendee_ids=[int(each) for each in form.attendee_ids.data],
        by=actor(),
        seen=request.form.get("seen", ""),
    )


def _number(text: str | None) -> int | None:
    return int(text) if text else None


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/move",
    Action.MEETING_RUN,
    to_plan,
    methods=["POST"],
)
def item_move(found: Meeting, moved: Item | None) -> ResponseReturnValue:
    """Up or down, as the button said."""
    if moved is None:
        return back(found, gettext("The item is not on the agenda any more."), "agenda")
    up, seen = request.form.get("act") == "up", request.form.get("seen", "")
    act = lambda: acts.move(found, moved, up=up, seen=seen, by=actor())  # noqa: E731 - one line, once
    return pressed(found.id, act, gettext("Moved."), f"item-{moved.id}", stale=CHANGED)


@door(
    meeting,
    "/meetings/<id:meeting_id>/items/<id:item_id>/remove",
    Action.MEETING_RUN,
    to_plan,
    methods=["POST"],
)
def item_remove(found: Meeting, gone: Item | None) -> ResponseReturnValue:
    """Off the agenda."""
    if gone is None:
        return back(found, gettext("The item is not on the agenda any more."), "agenda")
    seen, done = request.form.get("seen", ""), gettext("The item is taken off the agenda.")
    act = lambda: acts.take_away(found, gone, seen=seen, by=actor())  # noqa: E731 - one line, once
    return pressed(found.id, act, done, "agenda", stale=CHANGED)
