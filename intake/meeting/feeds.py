"""A person's own calendar under a secret address: made, revoked, and read."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.audit.operations import record
from intake.call.dates import LABELS, dates_of
from intake.call.models import Call
from intake.extensions import db
from intake.meeting.calendar import Entry, feed_file
from intake.meeting.inviting import entry_of
from intake.meeting.models import CalendarFeed, Meeting, Participant
from intake.meeting.queries import actions_of, mine, overseen
from intake.notification.letters import desk
from intake.people.models import Person
from intake.people.queries import with_grants
from intake.people.sign_in import actor_of, hashed
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import assigned_to
from intake.review.models import Assignment, Review
from intake.vocabulary import ReviewerAnswer, ReviewState, State, say

PAST = timedelta(days=180)
"""How long what is over stays in the calendar."""


def standing(person_id: int) -> CalendarFeed | None:
    """The person's feed that was not revoked, or None. Statements: 1."""
    asked = sa.select(CalendarFeed).where(CalendarFeed.person_id == person_id, CalendarFeed.revoked_at.is_(None))
    return db.session.scalars(asked).one_or_none()


def make(person: Person, *, by: Actor) -> str:
    """Give the person a new secret address; the one before is worth nothing from now on.

    Demands: that it is the actor's own. Records: the feed, an event. Returns: the secret, which is not kept.
    """
    _demand_own(person, by)
    _end(person)
    secret = secrets.token_urlsafe(32)
    db.session.add(CalendarFeed(person_id=person.id, token_hash=hashed(secret)))
    db.session.flush()
    record("calendar.made", "person", person.id, by=by)
    return secret


def revoke(person: Person, *, by: Actor) -> None:
    """End the person's feed, if there is one. Demands: that it is the actor's own. Records: when, an event."""
    _demand_own(person, by)
    if _end(person):
        record("calendar.revoked", "person", person.id, by=by)


def behind(secret: str) -> Person | None:
    """Whose feed the secret opens, with grants, or None: revoked, unknown, of a closed account. Statements: 1 to 3."""
    asked = sa.select(CalendarFeed.person_id).where(
        CalendarFeed.token_hash == hashed(secret), CalendarFeed.revoked_at.is_(None)
    )
    person_id = db.session.scalar(asked)
    person = with_grants([person_id])[0] if person_id is not None else None
    return person if person is not None and person.active else None


def written(person: Person, zone: str) -> str:
    """The person's calendar as it is at this moment: each entry only if they may know of it now. ``zone`` is the
    office's. Statements: 5, and those of ``actor_of``."""
    actor = actor_of(person)
    entries = [*_meetings(actor), *_actions(actor), *_reviews(actor, zone), *_calls(actor, zone)]
    return feed_file(entries, "Intake")


def _demand_own(person: Person, by: Actor) -> None:
    if by.id != person.id:
        raise PermissionError("a calendar is its person's own")


def _end(person: Person) -> bool:
    """Whether there was one."""
    feed = standing(person.id)
    if feed is not None:
        feed.revoked_at = clock.now()
        db.session.flush()
    return feed is not None


def _meetings(actor: Actor) -> Iterator[Entry]:
    lines = sa.select(Participant.meeting_id, Participant.zone).where(
        Participant.person_id == actor.id, Participant.removed_at.is_(None)
    )
    zones = {row.meeting_id: row.zone for row in db.session.execute(lines)}
    for meeting in mine(actor):
        if meeting.begins_at is not None and meeting.cancelled_at is None and _recent(meeting):
            yield entry_of(meeting, zones.get(meeting.id, meeting.zone), f"{desk.public_url}/meetings/{meeting.id}")


def _recent(meeting: Meeting) -> bool:
    return meeting.begins_at is not None and meeting.begins_at > clock.now() - PAST


def _actions(actor: Actor) -> Iterator[Entry]:
    url = f"{desk.public_url}/meetings/actions"
    for action in actions_of(actor):
        title = desk.speak(say("Action due: %(title)s", title=action.item.meeting.title))
        yield Entry(f"action-{action.id}@{_host()}", title, action.due_on, clock.now(), url=url)


def _reviews(actor: Actor, zone: str) -> Iterator[Entry]:
    """When the reviews that the actor owes are due: assigned, not declined, not submitted."""
    rows = db.session.execute(
        sa.select(Assignment.id, Assignment.due_at, Proposal.id.label("proposal_id"), Call.title)
        .join(Proposal, Proposal.id == Assignment.proposal_id)
        .join(Proposal.call)
        .outerjoin(Review, Review.assignment_id == Assignment.id)
        .where(
            Assignment.reviewer_id == actor.id,
            Assignment.removed_at.is_(None),
            Assignment.answer.in_((ReviewerAnswer.ASKED, ReviewerAnswer.ACCEPTED)),
            Proposal.state == State.IN_REVIEW,
            assigned_to(actor),
            sa.or_(Review.id.is_(None), Review.state != ReviewState.SUBMITTED),
        )
        .order_by(Assignment.due_at, Assignment.id)
    ).all()
    for row in rows:
        url = f"{desk.public_url}/reviews/{row.proposal_id}"
        title = desk.speak(say("Review due: %(title)s", title=row.title))
        yield Entry(f"review-{row.id}@{_host()}", title, row.due_at, clock.now(), zone=zone, url=url)


def _calls(actor: Actor, zone: str) -> Iterator[Entry]:
    calls = db.session.scalars(
        sa.select(Call).where(Call.id.in_(overseen(actor))).options(joinedload(Call.programme)).order_by(Call.id)
    )
    for call in calls:
        for each in dates_of(call):
            if each.at > clock.now() - PAST:
                yield Entry(
                    uid=f"call-{call.id}-{each.date.value}@{_host()}",
                    title=desk.speak(say("%(call)s: %(what)s", call=call.title, what=LABELS[each.date])),
                    at=each.at,
                    stamp=clock.now(),
                    zone=each.zone or zone,
                    url=f"{desk.public_url}/desk/calls/{call.code}/proposals",
                )


def _host() -> str:
    return desk.sender.rpartition("@")[2]
