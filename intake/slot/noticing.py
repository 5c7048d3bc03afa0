"""Notices of intent: given by whoever means to propose, changed and taken back until they are due."""

from __future__ import annotations

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.people.queries import overseers
from intake.policy import Actor, may
from intake.ruling import demand
from intake.slot import letters
from intake.slot.models import Notice
from intake.slot.queries import notice_of
from intake.vocabulary import Action, Limit, say


def give_notice(call: Call, *, title: str, about: str, theme_id: int | None, by: Actor) -> Notice:
    """Say that one means to propose; a notice that stands already is changed.

    Demands: call.notice. Records: the notice, notice.given or notice.changed. Tells: the person and the office, of a
    new one. Raises: Refused; Incomplete without a title, or for a theme that cannot be chosen.
    """
    demand(may(by, Action.CALL_NOTICE, call))
    if not title.strip():
        raise Incomplete(say("Give it a title."), {"title": say("Give it a working title.")})
    if theme_id is not None and theme_id not in {each.id for each in call.themes if each.retired_at is None}:
        raise Incomplete(say("That theme is not one of this call."), {"theme_id": say("Choose a theme of this call.")})
    person = db.session.get_one(Person, by.id)
    notice = notice_of(by.id, call)
    if notice is not None:
        was = notice.title
        notice.title, notice.about, notice.theme_id = title, about, theme_id
        record("notice.changed", "call", call.id, by=by, was=was[: Limit.NAME], became=title[: Limit.NAME])
        db.session.flush()
        return notice
    notice = Notice(call_id=call.id, person_id=person.id, title=title, about=about, theme_id=theme_id)
    db.session.add(notice)
    db.session.flush()
    record("notice.given", "call", call.id, by=by, became=title[: Limit.NAME])
    tell([person], letters.noticed(call, title))
    tell(_office(call, person), letters.notice_in(call, person.name, title))
    return notice


def withdraw_notice(call: Call, *, by: Actor) -> None:
    """Take the notice back.

    Demands: call.notice. Records: when, notice.withdrawn. Tells: the office. Raises: Refused; Incomplete without one.
    """
    demand(may(by, Action.CALL_NOTICE, call))
    notice = notice_of(by.id, call)
    if notice is None:
        raise Incomplete(say("You have no notice of intent for this call."))
    person = db.session.get_one(Person, by.id)
    notice.withdrawn_at = clock.now()
    record("notice.withdrawn", "call", call.id, by=by, was=notice.title[: Limit.NAME])
    db.session.flush()
    tell(_office(call, person), letters.notice_gone(call, person.name, notice.title))


def _office(call: Call, but: Person) -> list[Person]:
    return [each for each in overseers(call.programme_id, call.id) if each.id != but.id]
