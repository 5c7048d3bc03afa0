"""What may happen to an item once it is talked about: its minutes are written, actions come of it, its outcome moves
the match."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from intake import clock
from intake.audit.chain import canonical
from intake.audit.operations import record
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.match.pairing import step
from intake.meeting import letters
from intake.meeting.going_back import check_going_back
from intake.meeting.inviting import standing
from intake.meeting.known import actors
from intake.meeting.models import Item, Meeting, MeetingAction, NotesChange
from intake.meeting.reminding import office_today
from intake.notification.operations import tell
from intake.people.models import Person
from intake.people.queries import overseers
from intake.policy import UNSEEN, Actor, may, named_in, reads_item, writes_minutes
from intake.ruling import demand
from intake.vocabulary import Action, PairingKind, PairingState, say

MOST_ACTIONS = 30


def notes_edition(item: Item) -> str:
    """A mark of what the minutes of an item say. Its version will not do for a form: it rises too when the item is
    moved or changed."""
    return sha256(canonical([item.id, item.notes])).hexdigest()[:16]


def outcome_edition(item: Item) -> str:
    """A mark of the outcome that is recorded of an item."""
    at = item.outcome_at.isoformat() if item.outcome_at is not None else ""
    return sha256(canonical([item.id, item.outcome or "", at, item.outcome_note])).hexdigest()[:16]


def write(meeting: Meeting, item: Item, notes: str, version: int, *, by: Actor) -> bool:
    """Write the minutes of an item. Once the meeting was held, what they said before is kept with who changed it.

    Demands: policy.writes_minutes. Records: the text; after the meeting also the one before, and an event. Raises:
    Refused; Stale where somebody wrote since the form was shown; Incomplete for a meeting that was cancelled.
    Returns: whether anything changed.
    """
    demand(writes_minutes(by, item, meeting))
    _demand_not_cancelled(meeting)
    if item.notes == notes:
        return False
    if item.version != version:
        raise Stale
    if meeting.held_at is not None and item.notes:
        item.changes.append(NotesChange(was=item.notes, by_id=by.id))
        _note(meeting, item, "minutes_changed", by)
    item.notes, item.notes_at = notes, clock.now()
    db.session.flush()
    return True


def owners(meeting: Meeting, item: Item, *, by: Actor) -> list[Person]:
    """To whom the actor may give an action of the item, by name: those with an account, and the call's coordinators,
    who may read the item and whom the actor may learn of. Statements: 6."""
    ids = {each.person_id for each in standing(meeting)}
    ids |= {each.id for each in overseers(meeting.call.programme_id, meeting.call_id)}
    known = (number for number in ids if number is not None and named_in(by, number, item, meeting))
    return [each for each, who in actors(known) if each.active and reads_item(who, item, meeting)]


def give_action(
    meeting: Meeting, item: Item, what: str, owner_id: int | None, due_on: date, *, by: Actor
) -> MeetingAction:
    """Note that somebody is to do something by the end of a day.

    Demands: policy.writes_minutes. Records: the action, an event. Tells: its owner, unless they wrote it. Raises:
    Refused; Incomplete for an owner who may not read the item, a day that is over, or too many. Returns: the action.
    """
    demand(writes_minutes(by, item, meeting))
    _demand_not_cancelled(meeting)
    owner = next((each for each in owners(meeting, item, by=by) if each.id == owner_id), None)
    if owner is None:
        raise Incomplete(say("Choose who is to do it."), {"owner_id": say("Choose one from the list.")})
    if due_on < office_today():
        raise Incomplete(say("This day is over."), {"due_on": say("Choose today or a day to come.")})
    if len(item.actions) >= MOST_ACTIONS:
        raise Incomplete(say("An item has at most %(most)s actions.", most=MOST_ACTIONS))
    made = MeetingAction(what=what, owner_id=owner.id, due_on=due_on, made_by_id=by.id)
    made.owner = owner
    item.actions.append(made)
    db.session.flush()
    _note(meeting, item, "action_given", by)
    if owner.id != by.id:
        tell([owner], letters.action_given(meeting.title, due_on, meeting.id))
    return made


def mark(meeting: Meeting, action: MeetingAction, done: bool, *, by: Actor) -> None:
    """Say that an action is done, or is not after all; by its owner or by who writes the minutes. Said twice, it counts
    once.

    Records: when and by whom, an event. Raises: Refused.
    """
    item = next(each for each in meeting.items if each.id == action.item_id)
    if not reads_item(by, item, meeting):
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    if action.owner_id != by.id:
        demand(writes_minutes(by, item, meeting))
    if (action.done_at is not None) is done:
        return
    action.done_at, action.done_by_id = (clock.now(), by.id) if done else (None, None)
    db.session.flush()
    _note(meeting, item, "action_done" if done else "action_reopened", by)


def drop(meeting: Meeting, action: MeetingAction, *, by: Actor) -> None:
    """Take an action away that was noted by mistake. Demands: policy.writes_minutes. Records: an event. Raises:
    Refused."""
    item = next(each for each in meeting.items if each.id == action.item_id)
    demand(writes_minutes(by, item, meeting))
    item.actions.remove(action)
    db.session.flush()
    _note(meeting, item, "action_dropped", by)


def conclude(
    meeting: Meeting,
    item: Item,
    outcome: PairingState,
    kind: PairingKind,
    note: str,
    *,
    by: Actor,
    back: bool = False,
    seen: str | None = None,
) -> None:
    """Record what came of an item, which moves its proposal's pairing with the item's theme or contact (``kind``).

    ``seen`` is the ``outcome_edition`` that the form showed (None: there was no form); ``back`` says that the board may
    go back from "matched".
    Demands: policy.writes_minutes, and proposal.pair. Records: the outcome, the pairing's step. Raises: Refused; Stale;
    Incomplete for an item without a proposal, or without such a theme or contact, a step that the board does not know,
    or one that would undo a match (``check_going_back``); Conflicted where a conflict stands between the contact and
    the proposal.
    """
    demand(writes_minutes(by, item, meeting))
    _demand_not_cancelled(meeting)
    target = item.theme_id if kind is PairingKind.THEME else item.contact_id
    if item.proposal is None or target is None:
        raise Incomplete(say("This item has no proposal, or nothing that it could be matched with."))
    demand(may(by, Action.PROPOSAL_PAIR, item.proposal))
    if seen is not None and seen != outcome_edition(item):
        raise Stale
    check_going_back(item.proposal, kind, target, outcome, on_purpose=back)
    step(item.proposal, kind, target, outcome, note, by=by)
    item.outcome, item.outcome_at, item.outcome_note = outcome, clock.now(), note.strip()
    db.session.flush()


def _demand_not_cancelled(meeting: Meeting) -> None:
    if meeting.cancelled_at is not None:
        raise Incomplete(say("The meeting was cancelled."))


def _note(meeting: Meeting, item: Item, happened: str, by: Actor) -> None:
    """In the log of the item's proposal, where it has one, so that only who reads that learns of it."""
    if item.proposal_id is not None:
        record(f"meeting.{happened}", "proposal", item.proposal_id, by=by, meeting=meeting.id)
    else:
        record(f"meeting.{happened}", "meeting", meeting.id, by=by)
