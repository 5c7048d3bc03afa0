"""What somebody notes of a person for conflicts to be found by: whom they supervised, and for which sponsor they work.

The person notes it themselves, or an administrator does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.audit.operations import record
from intake.conflict.models import Employment, Supervision
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.granting import demand
from intake.people.known_as import has_address, tell_of_change
from intake.people.models import Person
from intake.policy import Actor
from intake.programme.models import Sponsor
from intake.vocabulary import Action, say

Note = TypeVar("Note", Supervision, Employment)
EARLIEST = 1950
"""The earliest year that anybody notes."""


def supervisions_of(person_id: int) -> Sequence[Supervision]:
    """Whom the person supervised and by whom they were supervised, with both people, the oldest note first.
    Statements: 1."""
    of_them = sa.or_(Supervision.supervisor_id == person_id, Supervision.student_id == person_id)
    both = (joinedload(Supervision.supervisor), joinedload(Supervision.student))
    return db.session.scalars(sa.select(Supervision).where(of_them).options(*both).order_by(Supervision.id)).all()


def employments_of(person_id: int) -> Sequence[Employment]:
    """For which sponsors the person works or worked, with the sponsor, the oldest note first. Statements: 1."""
    asked = sa.select(Employment).where(Employment.person_id == person_id).options(joinedload(Employment.sponsor))
    return db.session.scalars(asked.order_by(Employment.id)).all()


def note_supervision(
    person: Person, other_email: str, *, supervised: bool, since: int | None, until: int | None, by: Actor
) -> Supervision:
    """Note that the person supervised somebody (``supervised``), or was supervised by them, in these years.

    Demands: area.administration; for one's own, to be signed in. Records: it, an event. Raises: Refused; Incomplete at
    ``other`` for somebody without an account, oneself, or noted already, at ``until`` for years out of order.
    Returns: the row.
    """
    _demand(person, by)
    _in_order(since, until)
    other = _other(person, other_email)
    supervisor, student = (person.id, other) if supervised else (other, person.id)
    known = sa.select(Supervision.id).where(Supervision.supervisor_id == supervisor, Supervision.student_id == student)
    if db.session.scalars(known).first() is not None:
        raise Incomplete(say("Nothing was noted."), {"other": say("This is noted already.")})
    row = Supervision(supervisor_id=supervisor, student_id=student, since=since, until=until, noted_by_id=by.id)
    return _noted(row, person, by, "supervision_noted", other=other, since=since, until=until)


def _other(person: Person, email: str) -> int:
    other = has_address(email)
    if other is None:
        raise Incomplete(say("Nothing was noted."), {"other": say("Nobody here has this address.")})
    if other == person.id:
        raise Incomplete(say("Nothing was noted."), {"other": say("This is the same person.")})
    return other


def note_employment(person: Person, sponsor_id: int, since: int | None, until: int | None, *, by: Actor) -> Employment:
    """Note that the person works or worked for a sponsor in these years.

    Demands: as ``note_supervision``. Records: it, an event. Raises: Refused; Incomplete at ``sponsor`` for none or one
    that is noted already, at ``until`` for years out of order. Returns: the row.
    """
    _demand(person, by)
    _in_order(since, until)
    sponsor = db.session.get(Sponsor, sponsor_id)
    if sponsor is None:
        raise Incomplete(say("Nothing was noted."), {"sponsor": say("Choose a sponsor.")})
    if any(each.sponsor_id == sponsor.id for each in employments_of(person.id)):
        raise Incomplete(say("Nothing was noted."), {"sponsor": say("This is noted already.")})
    row = Employment(person_id=person.id, sponsor_id=sponsor.id, since=since, until=until, noted_by_id=by.id)
    return _noted(row, person, by, "employment_noted", sponsor=sponsor.code, since=since, until=until)


def _noted(row: Note, person: Person, by: Actor, event: str, **facts: Any) -> Note:
    db.session.add(row)
    db.session.flush()
    record(f"person.{event}", "person", person.id, by=by, **facts)
    tell_of_change(person, by)
    return row


def unconfirmed(row: Supervision) -> bool:
    """Only one of the two says so: on a proposal of whoever noted it, it warns at most."""
    return row.confirmed_at is None and row.noted_by_id in (row.supervisor_id, row.student_id)


def confirm(row: Supervision, person: Person, *, by: Actor) -> None:
    """Say that a note is true, as the other of the two or as an administrator: it counts in full from now on.

    Demands: as ``note_supervision``, of one of the two. Records: who and when, an event. Raises: Refused; Incomplete
    for one that was confirmed already, or that ``by`` noted.
    """
    _demand(person, by)
    if row.confirmed_at is not None:
        raise Incomplete(say("This was confirmed already."))
    if row.noted_by_id == by.id:
        raise Incomplete(say("You noted it yourself, so somebody else confirms it."))
    row.confirmed_at, row.confirmed_by_id = clock.now(), by.id
    db.session.flush()
    record("person.supervision_confirmed", "person", person.id, by=by, note_id=row.id)
    tell_of_change(person, by)


def may_forget(row: Supervision | Employment, person_id: int, by: Actor) -> bool:
    """Whether ``by`` may take the note about the person away without administering: they noted it of themselves, and
    nobody has confirmed it."""
    confirmed = isinstance(row, Supervision) and row.confirmed_at is not None
    return person_id == by.id == row.noted_by_id and not confirmed


def forget(row: Supervision | Employment, person: Person, *, by: Actor) -> None:
    """Take a note away that was wrong. What others noted of a person, or confirmed, only an administrator takes away.

    Demands: as ``note_supervision``; area.administration for what somebody else noted or confirmed. Records: an event.
    """
    demand(by, Action.SIGNED_IN if may_forget(row, person.id, by) else Action.AREA_ADMINISTRATION)
    record("person.note_removed", "person", person.id, by=by, was=type(row).__name__.lower(), note_id=row.id)
    db.session.delete(row)
    db.session.flush()


def _demand(person: Person, by: Actor) -> None:
    demand(by, Action.SIGNED_IN if person.id == by.id else Action.AREA_ADMINISTRATION)


def _in_order(since: int | None, until: int | None) -> None:
    this_year = clock.now().year
    for name, year in (("since", since), ("until", until)):
        if year is not None and not EARLIEST <= year <= this_year:
            years = say("Give a year from %(first)s to %(last)s.", first=EARLIEST, last=this_year)
            raise Incomplete(say("Nothing was noted."), {name: years})
    if since is not None and until is not None and since > until:
        raise Incomplete(say("Nothing was noted."), {"until": say("This is before the first year.")})
