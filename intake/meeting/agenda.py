"""What may happen to a meeting's agenda: items are put on it, changed, moved and taken off; who attends them is set.

Whoever changes something shows the mark of what they read (``edition``, ``order``), so that nobody undoes what they
have not seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from intake.audit.chain import canonical
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.meeting.fitting import (
    check_attending,
    check_kept,
    check_subject,
    check_words,
    proposal_of,
    unseen,
    written_down,
)
from intake.meeting.inviting import standing
from intake.meeting.models import Attendance, Item, Meeting
from intake.meeting.planning import ask_person, demand_plannable
from intake.people.queries import names
from intake.people.queries import one as person_with
from intake.policy import UNSEEN, Actor, meets, reads_item
from intake.ruling import demand
from intake.vocabulary import ComesAs, say

MOST_ITEMS = 40


def edition(meeting: Meeting, item: Item, by: Actor) -> str:
    """A mark of what the plan of an item says, as far as the actor may read it; it is another once somebody changed it.

    The item's version will not do: it rises with its minutes too, which save themselves, and with its place.
    """
    known = {each.id for each in standing(meeting) if meets(by, each, meeting)}
    attending = sorted({row.participant_id for row in item.attendance} & known)
    plan = [item.heading, item.minutes, item.proposal_id, item.theme_id, item.contact_id, attending]
    return sha256(canonical(plan)).hexdigest()[:16]


def order(meeting: Meeting) -> str:
    """A mark of which items are on the agenda, in which order."""
    return sha256(canonical([each.id for each in _in_order(meeting)])).hexdigest()[:16]


def put(
    meeting: Meeting,
    item: Item | None,
    *,
    heading: str,
    minutes: int,
    proposal_id: int | None,
    theme_id: int | None,
    contact_id: int | None,
    attendee_ids: Iterable[int],
    by: Actor,
    seen: str = "",
) -> Item:
    """Put an item at the end of the agenda, or change the one whose ``edition`` is the one ``seen``.

    Its contact, and its proposal's principal investigator, are asked to the meeting and attend the item, unless the
    account is closed (``left_out``).
    Demands: meeting.run, and that the actor handles the proposal as the office. Records: the item and who attends it;
    maybe participants. Tells: these, where the meeting is arranged. Raises: Refused; Stale; Incomplete for an item
    about nothing, another call's proposal or theme, a contact of another sponsor, somebody who may not attend it, or
    who may not read the proposal where no ``heading`` is given; or for another proposal, theme or contact once
    something was written down. Returns: the item.
    """
    demand_plannable(meeting, by)
    if item is not None:
        _demand_seen(meeting, item, seen, by)
        check_kept(item, proposal_id, theme_id, contact_id)
    check_subject(meeting, item, heading, proposal_id, theme_id, contact_id)
    proposal, chosen = proposal_of(meeting, proposal_id, by), set(attendee_ids)
    check_attending(meeting, proposal, chosen, by)
    check_words(meeting, heading, proposal, chosen, contact_id, by)
    attending = chosen | unseen(meeting, item, by)
    if proposal is not None and proposal.principal.person_id is not None:
        attending |= _asked(meeting, proposal.principal.person_id, ComesAs.APPLICANT, by)
    if contact_id is not None:
        attending |= _asked(meeting, contact_id, ComesAs.CONTACT, by)
    if item is None:
        if len(meeting.items) >= MOST_ITEMS:
            raise Incomplete(say("A meeting has at most %(most)s items.", most=MOST_ITEMS))
        item = Item(position=1 + max((each.position for each in meeting.items), default=0), minutes=minutes)
        item.attendance, item.actions, item.changes = [], [], []
        meeting.items.append(item)
    item.heading, item.minutes, item.proposal_id, item.proposal = heading, minutes, proposal_id, proposal
    item.theme_id, item.contact_id = theme_id, contact_id
    db.session.flush()
    known = {row.participant_id: row for row in item.attendance}
    item.attendance = [known.get(number) or Attendance(participant_id=number) for number in sorted(attending)]
    db.session.flush()
    return item


def move(meeting: Meeting, item: Item, *, up: bool, seen: str, by: Actor) -> None:
    """Let the item change places with the one before (or after) it; at the end nothing changes.

    Demands: meeting.run, and that the actor reads the item. Records: the order. Raises: Refused; Stale where the
    ``order`` is another than the one ``seen``; Incomplete.
    """
    demand_plannable(meeting, by)
    _demand_read(meeting, item, by)
    if order(meeting) != seen:
        raise Stale
    rows = _in_order(meeting)
    here = rows.index(item)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        rows[here], rows[there] = rows[there], rows[here]
        for position, each in enumerate(rows, start=1):
            each.position = position
        db.session.flush()


def take_away(meeting: Meeting, item: Item, *, seen: str, by: Actor) -> None:
    """Take an item off the agenda.

    Demands: meeting.run, and that the actor reads the item. Raises: Refused; Stale where its ``edition`` is another
    than the one ``seen``; Incomplete for one with minutes, actions or an outcome.
    """
    demand_plannable(meeting, by)
    _demand_seen(meeting, item, seen, by)
    if written_down(item):
        raise Incomplete(say("Something was written down for this item, so it stays on the agenda."))
    meeting.items.remove(item)
    db.session.flush()


def left_out(meeting: Meeting, item: Item) -> list[str]:
    """The name of the principal investigator, where they do not attend the item about their proposal because the
    account is closed; else nothing. Statements: 1 or none."""
    leader = item.proposal.principal.person_id if item.proposal is not None else None
    there = {row.participant_id for row in item.attendance}
    if leader is None or leader in {each.person_id for each in standing(meeting) if each.id in there}:
        return []
    return list(names([leader]).values())


def _in_order(meeting: Meeting) -> list[Item]:
    return sorted(meeting.items, key=lambda each: (each.position, each.id))


def _demand_seen(meeting: Meeting, item: Item, seen: str, by: Actor) -> None:
    _demand_read(meeting, item, by)
    if edition(meeting, item, by) != seen:
        raise Stale


def _demand_read(meeting: Meeting, item: Item, by: Actor) -> None:
    if not reads_item(by, item, meeting):
        demand(UNSEEN)


def _asked(meeting: Meeting, person_id: int, comes_as: ComesAs, by: Actor) -> set[int]:
    """The id of the person's line among the participants, made where there is none yet; none for a closed account."""
    line = next((each for each in standing(meeting) if each.person_id == person_id), None)
    if line is None:
        person = person_with(person_id)
        if person is None or not person.active:
            return set()
        sponsor = meeting.call.programme.sponsor
        zone = sponsor.time_zone if comes_as is ComesAs.CONTACT and sponsor is not None else ""
        line = ask_person(meeting, person, comes_as, zone or meeting.zone, by=by)
    return {line.id}
