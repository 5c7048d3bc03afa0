"""The demonstration is loaded: people, what they know, the calls, and every proposal played from its first line to now.

Its affinities are made once it is committed: what makes them commits by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta

import sqlalchemy as sa
from flask import current_app

from intake import clock
from intake.audit.operations import record
from intake.call import queries as calls
from intake.call.operations import Settings, arrange
from intake.catalogue import load_file
from intake.demo import knowledge, texts
from intake.demo.meetings import scenes_of
from intake.demo.moments import CLOSES_DAYS, OPENED_DAYS, office_day
from intake.demo.play import Company, Tale
from intake.demo.story import Scene, scenes
from intake.demo.texts import Text
from intake.errors import Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.notification.operations import WRITTEN
from intake.people import passwords
from intake.people.granting import give
from intake.people.models import Department, Person
from intake.people.queries import with_email
from intake.people.sign_in import actor_of
from intake.policy import NOBODY, Actor, Grant
from intake.programme.models import Office, Programme, Sponsor
from intake.vocabulary import Appointment, Limit, MessageState, Role, say

PREPARED_DAYS = OPENED_DAYS + 10
"""How long ago the accounts were made."""
LOAD = 15
"""The most reviews of one person in one call: few made-up reviewers share many made-up proposals."""
DATED = ("HIRP-2020", "AIR-2021", "ARF-2021", "RI-2021")


def load() -> str:
    """Load the demonstration, or say that it is here already. The caller commits, once: a killed run leaves nothing.

    Everything is dated relative to now, so that calls are open and somebody is always late. All of its mail counts as
    sent at the moment it was written: nothing is ever mailed to its made-up addresses, whatever SMTP_URL says.
    Needs the catalogue, and loads it where it is missing. Returns: a sentence. Raises: Refused in production.
    """
    demand_no_production()
    now = clock.now()
    if with_email(texts.people()[0]["email"]) is not None:
        return "The demonstration is here already."
    newest_mail = db.session.scalar(sa.select(sa.func.max(Message.id))) or 0
    with clock.at(office_day(now, PREPARED_DAYS, time(9, 30))):
        if calls.one(DATED[0]) is None:
            load_file(texts.CATALOGUE)
        company = _company(now)
    told, said = texts.proposals(), texts.matching()
    _date_calls(company, said["themes"])
    for at, tell in knowledge.told(company, said):
        with clock.at(at):
            tell()
    every = [scene for place, text in enumerate(told) for scene in scenes(text, place, company, said["steps"])]
    every += _meetings(company, said["meetings"], {scene.tale.text["key"]: scene.tale for scene in every})
    for scene in sorted(every, key=lambda each: each[:3]):
        with clock.at(scene.at):
            scene.act(scene.tale)
    _keep_mail(newest_mail)
    return f"The demonstration is loaded: {len(company.people)} people, {len(told)} proposals."


def _meetings(company: Company, told: list[Text], tales: dict[str, Tale]) -> Iterator[Scene]:
    """What happens to the meetings. They come after proposals of the same moment."""
    for place, text in enumerate(told):
        for line, (at, act) in enumerate(scenes_of(text, company)):
            yield Scene(at, len(tales) + place, line, tales[text["proposal"]], act)


def demand_no_production() -> None:
    """Go on only outside production. Raises Refused."""
    if not current_app.config["DEMO"]:
        raise Refused(say("The demonstration is not for production."))


def _company(now: datetime) -> Company:
    """Everybody with their account and roles."""
    facts = {text["key"]: text for text in texts.people()}
    secret = passwords.kept(texts.password())
    actors: dict[str, Actor] = {}
    for key, text in facts.items():
        granting = actors.get("admin", NOBODY)
        actors[key] = actor_of(_person(text, secret, granting))
    office = db.session.scalars(sa.select(Office)).one()
    store = current_app.extensions["store"]
    return Company(actors, facts, _coordinators(facts), office.institution, store, now)


def _person(text: Text, secret: str, by: Actor) -> Person:
    departments = {each.code: each.id for each in db.session.scalars(sa.select(Department))}
    person = Person(
        email=text["email"],
        name=text["name"],
        name_zh=text["name_zh"],
        department_id=departments.get(text["department"]),
        organisation=text["organisation"],
        appointment=Appointment(text["appointment"]),
        password_hash=secret,
        grants=[],
    )
    db.session.add(person)
    db.session.flush()
    record("person.added", "person", person.id, by=by, became=person.email[: Limit.NAME])
    for scope in _scopes(text):
        give(person, scope, by=by)
    return person


def _scopes(text: Text) -> list[Grant]:
    programmes = {each.code: each.id for each in db.session.scalars(sa.select(Programme))}
    sponsors = {each.code: each.id for each in db.session.scalars(sa.select(Sponsor))}
    found: list[Grant] = []
    for row in text["roles"]:
        role = Role(row["role"])
        if role is Role.COORDINATOR:
            found += [Grant(role, programme_id=programmes[code]) for code in row["programmes"]]
        else:
            found.append(Grant(role, sponsor_id=sponsors[row["sponsor"]] if "sponsor" in row else None))
    return found


def _coordinators(facts: dict[str, Text]) -> dict[str, list[str]]:
    """The coordinators of each programme by its code: who has the fewest programmes comes first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for key, text in facts.items():
        for row in text["roles"]:
            for code in row.get("programmes", []):
                found.setdefault(code, []).append((len(row["programmes"]), key))
    return {code: [key for _, key in sorted(rows)] for code, rows in found.items()}


def _date_calls(company: Company, said: Text) -> None:
    """The calls opened some months ago and close in some weeks, as their coordinators arranged; ``said`` is what their
    themes mean, by the calls' codes."""
    opens = office_day(company.now, OPENED_DAYS, time(9))
    closes = office_day(company.now, -CLOSES_DAYS, time(17))
    for code in DATED:
        call = calls.one(code)
        assert call is not None
        settings = Settings.of(call)
        by = company.actors[company.coordinators[call.programme.code][0]]
        with clock.at(opens - timedelta(days=4)):
            arrange(call, replace(settings, opens_at=opens, closes_at=closes), by=by, version=call.version)
            call.reviewer_load = LOAD
            if call.themes:
                knowledge.describe_themes(company, code, said[code])


def _keep_mail(after: int) -> None:
    """Every message of the demonstration is marked as sent when it was written."""
    db.session.flush()
    db.session.execute(
        sa.update(Message)
        .where(Message.id > after)
        .values(state=MessageState.SENT, sent_at=Message.created_at, attempts=1)
        .execution_options(synchronize_session=False)
    )
    db.session().info.pop(WRITTEN, None)
