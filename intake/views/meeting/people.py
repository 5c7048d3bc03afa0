"""Who is asked to a meeting: the office asks them and takes them off."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting import planning
from intake.meeting.models import Meeting, Participant
from intake.meeting.queries import one
from intake.people.models import Person
from intake.people.queries import holders, overseers
from intake.policy import reads_as_office, reads_item
from intake.views.gate import actor, door
from intake.views.meeting import meeting
from intake.views.meeting.forms import GuestForm, PersonForm, labelled, part_of, zones
from intake.views.meeting.loading import back, meeting_by_id, pressed, shown, tried, with_participant
from intake.views.meeting.told import people_of
from intake.vocabulary import Action, ComesAs, Role, say


@door(
    meeting,
    "/meetings/<id:meeting_id>/people",
    Action.MEETING_RUN,
    meeting_by_id,
    methods=["GET", "POST"],
    once=True,
)
def people(found: Meeting) -> ResponseReturnValue:
    """Two forms: somebody with an account out of those whom it may concern, or anybody by name and address."""
    number = found.id
    person, guest = _forms(found)
    form: Any = guest if request.form.get("form") == "guest" else person
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            status = tried(form, lambda: _ask(found, person, guest, form))
        if status == 200:
            return back(found, _done(found), "people")
        again = one(number)
        assert again is not None
        found = again
    return shown("people", number, form, status, person=person, guest=guest)


def _forms(found: Meeting) -> tuple[PersonForm, GuestForm]:
    typed = request.form.get("form")
    person = PersonForm(data={"zone": found.zone}, **({"formdata": None} if typed == "guest" else {}))
    guest = GuestForm(data={"zone": found.zone}, **({} if typed == "guest" else {"formdata": None}))
    person.who.offer(_candidates(found))
    for each in (person, guest):
        each.zone.offer(zones(found.zone, *_sponsor_zone(found)))
    return person, guest


def _candidates(found: Meeting) -> list[tuple[str, str]]:
    """Contacts of the sponsor, coordinators, and of the proposals on the agenda the teams and the reviewers, as far as
    the reader handles them; less who is asked already, where the reader may learn of that. Statements: 4."""
    asked = {each.person_id for each in people_of(found, actor())}
    sponsor_id = found.call.programme.sponsor_id
    rows: dict[int, tuple[ComesAs, str]] = {}
    for each in holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id) if sponsor_id else ():
        rows.setdefault(each.id, (ComesAs.CONTACT, each.name))
    for each in overseers(found.call.programme_id, found.call_id):
        rows.setdefault(each.id, (ComesAs.OFFICE, each.name))
    papers = [i.proposal for i in found.items if i.proposal is not None and reads_item(actor(), i, found)]
    ours = [each for each in papers if reads_as_office(actor(), each)]
    team = {member.person_id for paper in ours for member in paper.team}
    reviewers = {row.reviewer_id for paper in ours for row in paper.assignments if row.removed_at is None}
    known = sa.select(Person.id, Person.name).where(Person.id.in_(sorted((team | reviewers) - {None})), Person.active)
    for row in db.session.execute(known.order_by(Person.name, Person.id)):
        part = ComesAs.APPLICANT if row.id in team else ComesAs.REVIEWER
        rows.setdefault(row.id, (part, row.name))
    return [(f"{part.value}:{key}", labelled(part, name)) for key, (part, name) in rows.items() if key not in asked]


def _sponsor_zone(found: Meeting) -> tuple[str, ...]:
    sponsor = found.call.programme.sponsor
    return (sponsor.time_zone,) if sponsor is not None and sponsor.time_zone else ()


def _ask(found: Meeting, person: PersonForm, guest: GuestForm, form: Any) -> None:
    if form is guest:
        planning.ask_guest(found, guest.name.data, guest.email.data, guest.zone.data, by=actor())
        return
    part, number = part_of(person.who.data)
    who = db.session.get(Person, number)
    if who is None:
        raise Incomplete(say("Choose one from the list."))
    planning.ask_person(found, who, part, person.zone.data, by=actor())


def _done(found: Meeting) -> str:
    if found.begins_at is not None:
        return gettext("They are asked, and the invitation is on its way.")
    return gettext("They are on the list. They hear of it once you offer times or choose one.")


@door(
    meeting,
    "/meetings/<id:meeting_id>/people/<id:participant_id>/remove",
    Action.MEETING_RUN,
    with_participant,
    methods=["POST"],
)
def take_off(found: Meeting, line: Participant | None) -> ResponseReturnValue:
    """What the button beside a name asks."""
    if line is None:
        return back(found, gettext("They are not on the list any more."), "people")
    done = gettext("%(name)s is taken off.", name=line.called)
    return pressed(found.id, lambda: planning.take_off(found, line, by=actor()), done, "people")
