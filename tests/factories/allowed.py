"""What the office gives and asks in the world of the permission scenarios: places and notices, more time and waivers, a
form that is worked on, a request to hand over, messages, a revision, and links by mail."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from intake import clock
from intake.allowance.models import Extension, Waiver
from intake.call import form_versions, queries
from intake.call.models import Call
from intake.conversation.operations import write as write_message
from intake.endorsement.models import Endorsement
from intake.extensions import db
from intake.form.building import add_question
from intake.form.definition import Kind, Label
from intake.people.sign_in import hashed
from intake.proposal import handing_over
from intake.proposal.models import TeamMember
from intake.proposal.operations import send_back, submit
from intake.proposal.writing import write
from intake.slot import operations as slots
from intake.slot.noticing import give_notice
from intake.vocabulary import Region, Relation, TeamAnswer
from intake.workday.models import WorkingDay
from tests.factories.world import BEGAN, World, complete

TEAM_LINK, ENDORSEMENT_LINK = "a-link-to-a-team", "a-link-to-an-endorsement"
"""The tokens of the two mailed links."""


def allow(world: World) -> None:
    """All of it, in the current application context. Commits."""
    with clock.at(BEGAN + timedelta(days=2, hours=1)):
        _places(world)
        _more_time_and_a_waiver(world)
        _a_form_is_worked_on(world)
        _a_revision_and_messages(world)
        _links(world)
        handing_over.ask(complete(world, "P1"), world.people["F2"], "Ben carries it now.", by=world.actor("F1"))
        db.session.add(WorkingDay(region=Region.HONG_KONG, day=BEGAN.date(), working=False, name="A typhoon"))
        db.session.commit()


def _call(letter: str) -> Call:
    found = queries.to_set_up(f"CALL-{letter}")
    assert found is not None
    return found


def _places(world: World) -> None:
    """Call A takes two and asks for notices: P3 holds a place, P1 is offered one, P4 and P2 are on the reserve."""
    call = _call("A")
    call.slots, call.notice_due_at = 2, BEGAN + timedelta(days=6)
    db.session.flush()
    for who in ("Q", "F1"):
        give_notice(_call("A"), title=f"What {who} means to do", about="", theme_id=None, by=world.actor(who))
    coordinator = world.actor("C1")
    slots.give(complete(world, "P3"), seen=0, by=coordinator)
    slots.offer(complete(world, "P1"), seen=0, by=coordinator)
    for name in ("P4", "P2"):
        slots.put_on_reserve(complete(world, name), seen=0, by=coordinator)


def _more_time_and_a_waiver(world: World) -> None:
    given = {"call_id": world.calls["A"], "person_id": world.people["Q"], "granted_by_id": world.people["C1"]}
    until = BEGAN + timedelta(days=35)
    db.session.add_all(
        [
            Extension(until=until, reason="Ill for a week.", **given),
            Waiver(rule_code="award-cap", reason="The sponsor agreed.", **given),
        ]
    )
    db.session.flush()


def _a_form_is_worked_on(world: World) -> None:
    call = _call("A")
    seen = form_versions.edition(form_versions.present(call))
    form_versions.change(
        call,
        lambda form: add_question(form, "summary", Kind.YES_NO, Label("Does a company take part?")),
        seen=seen,
        by=world.actor("C1"),
    )


def _a_revision_and_messages(world: World) -> None:
    """P2 was returned and is in again; both sides wrote about it."""
    leader, coordinator = world.actor("F2"), world.actor("C1")
    until = BEGAN + timedelta(days=9)
    send_back(complete(world, "P2"), "Please say more.", ["description"], until, by=coordinator)
    proposal = complete(world, "P2")
    write(proposal, {"description": "The work has four steps now."}, version=proposal.version, by=leader)
    submit(complete(world, "P2"), by=leader)
    store = current_app.extensions["store"]
    write_message(complete(world, "P2"), "May we add a figure?", store=store, by=leader)
    write_message(complete(world, "P2"), "Gladly.", store=store, by=coordinator)


def _links(world: World) -> None:
    """Somebody from outside is invited to P5, and its supervisor is asked."""
    last = sa.select(sa.func.max(TeamMember.position)).where(TeamMember.proposal_id == world.proposals["P5"])
    db.session.add(
        TeamMember(
            proposal_id=world.proposals["P5"],
            name="Olga Outside",
            email="olga.outside@example.org",
            organisation="Elsewhere",
            relation=Relation.CO_INVESTIGATOR,
            answer=TeamAnswer.INVITED,
            invited_at=clock.now(),
            token_hash=hashed(TEAM_LINK),
            position=1 + (db.session.scalar(last) or 0),
        )
    )
    db.session.add(
        Endorsement(
            proposal_id=world.proposals["P5"],
            name="Prof. Sue Visor",
            email="sue.visor@example.org",
            token_hash=hashed(ENDORSEMENT_LINK),
        )
    )
    db.session.flush()
