"""What may be asked about meetings. Lists are the policy's twin: ``seen_by`` gives the meetings where ``may(view)``
holds, ``read_by`` the items that ``policy.reads_item`` allows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from intake.call.models import Call
from intake.extensions import db
from intake.meeting.models import (
    Attendance,
    Item,
    Meeting,
    MeetingAction,
    MeetingLink,
    MeetingSlot,
    NotesChange,
    Participant,
    SlotReply,
)
from intake.meeting.times import overlap
from intake.people.models import Person, PersonAddress
from intake.people.sign_in import hashed
from intake.policy import Actor
from intake.programme.models import Programme
from intake.proposal.loading import fill
from intake.proposal.models import Proposal
from intake.proposal.queries import READ_BY_POLICY, assigned_to, conflicted, on_team, open_to_office, sealed
from intake.review.models import Assignment
from intake.vocabulary import ComesAs, Limit, Role


def one(meeting_id: int, *, for_update: bool = False) -> Meeting | None:
    """The meeting with all that the policy and its pages read, fresh from the database, or None. Statements: 17,
    whatever it holds."""
    asked = sa.select(Meeting).where(Meeting.id == meeting_id).options(*_whole())
    if for_update:
        asked = asked.with_for_update(of=Meeting, key_share=True)
    found = db.session.scalars(asked.execution_options(populate_existing=True)).one_or_none()
    if found is not None:
        fill(found.call, ("themes",))  # after all: the same call is behind the proposals, without its themes
    return found


def _whole() -> Sequence[ExecutableOption]:
    items = selectinload(Meeting.items)
    paper = items.selectinload(Item.proposal)
    read = [selectinload(getattr(Proposal, name)) for name in READ_BY_POLICY if name != "assignments"]
    return (
        joinedload(Meeting.call).joinedload(Call.programme).joinedload(Programme.sponsor),
        joinedload(Meeting.chair),
        selectinload(Meeting.participants).joinedload(Participant.person),
        selectinload(Meeting.slots).selectinload(MeetingSlot.replies),
        items.options(
            joinedload(Item.theme),
            joinedload(Item.contact),
            selectinload(Item.attendance),
            selectinload(Item.actions).joinedload(MeetingAction.owner),
            selectinload(Item.changes).joinedload(NotesChange.by),
        ),
        paper.options(
            joinedload(Proposal.call).joinedload(Call.programme).joinedload(Programme.sponsor),
            joinedload(Proposal.award),
            joinedload(Proposal.slot),
            selectinload(Proposal.assignments).joinedload(Assignment.review),
            *read,
        ),
    )


def overseen(actor: Actor) -> sa.Select[int]:
    """The ids of the calls that the actor coordinates."""
    programmes = [g.programme_id for g in actor.grants if g.role is Role.COORDINATOR and g.programme_id]
    calls = [g.call_id for g in actor.grants if g.role is Role.COORDINATOR and g.call_id]
    return sa.select(Call.id).where(sa.or_(Call.id.in_(calls), Call.programme_id.in_(programmes)))


def seen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The meetings that the actor may know of: where ``may(actor, MEETING_VIEW, meeting)`` holds."""
    if actor.id is None:
        return sa.false()
    as_office = Meeting.items.any(Item.proposal_id.in_(_as_office(actor)))
    put_down = sa.exists().where(Attendance.participant_id == Participant.id)
    mine = Meeting.participants.any(sa.and_(_is(actor), sa.or_(sa.not_(put_down), _attends_one(actor))))
    return sa.or_(Meeting.call_id.in_(overseen(actor)), as_office, mine)


def read_by(actor: Actor) -> sa.ColumnElement[bool]:
    """The items of which the actor may know what they are about: where ``policy.reads_item`` holds."""
    if actor.id is None:
        return sa.false()
    theirs = sa.select(Meeting.id).where(Meeting.call_id.in_(overseen(actor)))
    office = sa.or_(
        sa.and_(Item.proposal_id.is_(None), Item.meeting_id.in_(theirs)), Item.proposal_id.in_(_as_office(actor))
    )
    mine = sa.exists().where(
        Attendance.item_id == Item.id, Attendance.participant_id == Participant.id, _is(actor), _rightly(actor, Item)
    )
    return sa.or_(office, mine)


def _is(actor: Actor) -> sa.ColumnElement[bool]:
    """The actor's standing line as a participant who was told."""
    return sa.and_(
        Participant.person_id == actor.id, Participant.removed_at.is_(None), Participant.told_at.is_not(None)
    )


def _as_office(actor: Actor) -> sa.Select[int]:
    return sa.select(Proposal.id).where(open_to_office(actor))


def _attends_one(actor: Actor) -> sa.ColumnElement[bool]:
    """``Participant`` was put down for an item that they may read."""
    each = sa.orm.aliased(Item)
    return sa.exists().where(
        Attendance.participant_id == Participant.id, Attendance.item_id == each.id, _rightly(actor, each)
    )


def _rightly(actor: Actor, item: Any) -> sa.ColumnElement[bool]:
    """Whoever ``Participant`` is put down as may read the item: it is about no proposal, or about one of theirs."""
    open_to_all = sa.select(Proposal.id).where(sa.not_(conflicted(actor)), sa.not_(sealed()))
    programmes = sa.select(Programme.id).where(Programme.sponsor_id.in_(sorted(actor.sponsor_ids)))
    ours = Proposal.call_id.in_(sa.select(Call.id).where(Call.programme_id.in_(programmes)))
    as_part = {
        ComesAs.APPLICANT: sa.select(Proposal.id).where(on_team(actor)),
        ComesAs.REVIEWER: sa.select(Proposal.id).where(assigned_to(actor)),
        ComesAs.CONTACT: open_to_all.where(ours),
        ComesAs.OFFICE: open_to_all,
        ComesAs.GUEST: open_to_all,
    }
    theirs = (sa.and_(Participant.comes_as == part, item.proposal_id.in_(ids)) for part, ids in as_part.items())
    return sa.or_(item.proposal_id.is_(None), *theirs)


def of_call(call: Call) -> Sequence[Meeting]:
    """The meetings of a call, those without a time first, then the latest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.call_id == call.id)
        .order_by(Meeting.begins_at.is_not(None), Meeting.begins_at.desc(), Meeting.id.desc())
    ).all()


def mine(actor: Actor) -> Sequence[Meeting]:
    """The meetings that the actor takes part in, or of whose proposals they stand in for one, and may know of; in the
    same order, with call. Statements: 1."""
    stood_in_for = Meeting.items.any(Item.proposal_id.in_(sorted(actor.stands_in)))
    return db.session.scalars(
        sa.select(Meeting)
        .where(seen_by(actor), sa.or_(Meeting.participants.any(_is(actor)), stood_in_for))
        .options(joinedload(Meeting.call))
        .order_by(Meeting.begins_at.is_not(None), Meeting.begins_at.desc(), Meeting.id.desc())
    ).all()


def to_answer(actor: Actor) -> Sequence[Meeting]:
    """The meetings that offer times, of which the actor has not answered all, and whose time is not chosen yet; those
    offered first first. Statements: 1."""
    said = sa.exists().where(SlotReply.slot_id == MeetingSlot.id, SlotReply.participant_id == Participant.id)
    left = sa.exists().where(MeetingSlot.meeting_id == Meeting.id, sa.not_(said.correlate(MeetingSlot, Participant)))
    return db.session.scalars(
        sa.select(Meeting)
        .join(Meeting.participants)
        .where(
            _is(actor),
            left.correlate(Meeting, Participant),
            seen_by(actor),
            Meeting.begins_at.is_(None),
            Meeting.cancelled_at.is_(None),
        )
        .order_by(Meeting.made_at, Meeting.id)
    ).all()


def about(proposal_id: int, actor: Actor) -> Sequence[Item]:
    """The items about a proposal that the actor may read, each with its meeting, which they may see too: those whose
    time is still to be found first, then the latest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Item)
        .join(Item.meeting)
        .where(Item.proposal_id == proposal_id, read_by(actor))
        .options(sa.orm.contains_eager(Item.meeting))
        .order_by(Meeting.begins_at.is_not(None), Meeting.begins_at.desc(), Meeting.id.desc(), Item.position)
    ).all()


def actions_of(actor: Actor, *, done: bool | None = False) -> Sequence[MeetingAction]:
    """The actions that the actor owns, of items that they may read: to do (or done; None: both), by due day, with item
    and meeting. Statements: 1."""
    asked = (
        sa.select(MeetingAction)
        .join(MeetingAction.item)
        .join(Item.meeting)
        .where(MeetingAction.owner_id == actor.id, read_by(actor), Meeting.cancelled_at.is_(None))
        .options(sa.orm.contains_eager(MeetingAction.item).contains_eager(Item.meeting))
        .order_by(MeetingAction.due_on, MeetingAction.id)
    )
    if done is not None:
        asked = asked.where(MeetingAction.done_at.is_not(None) if done else MeetingAction.done_at.is_(None))
    return db.session.scalars(asked).all()


def clashes(meeting: Meeting, instants: Iterable[datetime]) -> dict[datetime, set[int]]:
    """For each instant the ids of the participants who are asked to another meeting that is arranged for then, if this
    one took place at it. Statements: 1."""
    starts = sorted(set(instants))
    standing = [each for each in meeting.participants if each.removed_at is None]
    ids = {each.person_id: each.id for each in standing if each.person_id is not None}
    addresses = {each.email: each.id for each in standing if each.person_id is None}
    found: dict[datetime, set[int]] = {each: set() for each in starts}
    if not starts:
        return found
    longest = timedelta(minutes=Limit.MEETING_MINUTES)
    rows = db.session.execute(
        sa.select(Participant.person_id, Participant.email, Meeting.begins_at, Meeting.minutes)
        .join(Participant.meeting)
        .where(
            Meeting.id != meeting.id,
            Meeting.cancelled_at.is_(None),
            Meeting.begins_at.between(starts[0] - longest, starts[-1] + longest),
            Participant.removed_at.is_(None),
            sa.or_(Participant.person_id.in_(sorted(ids)), Participant.email.in_(sorted(addresses))),
        )
    ).all()
    for row in rows:
        known = ids.get(row.person_id) if row.person_id is not None else addresses.get(row.email)
        for start in starts:
            if known is not None and overlap(start, meeting.minutes, row.begins_at, row.minutes):
                found[start].add(known)
    return found


def known_under(email: str) -> Person | None:
    """The person whose other address this is, in any case, or None. Statements: 1."""
    other = sa.select(PersonAddress.person_id).where(PersonAddress.email == email.strip().lower())
    return db.session.scalars(sa.select(Person).where(Person.id.in_(other))).one_or_none()


def behind_link(token: str) -> Participant | None:
    """The guest whom the link was mailed to, while they are asked, or None. Looking does not use it up.
    Statements: 1."""
    return db.session.scalars(
        sa.select(Participant)
        .join(MeetingLink, MeetingLink.participant_id == Participant.id)
        .where(MeetingLink.token_hash == hashed(token), Participant.removed_at.is_(None))
    ).one_or_none()
