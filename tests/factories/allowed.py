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
from intake.conflict.objecting import object_to
from intake.conflict.standing_in import name_stand_in
from intake.conversation.operations import write as write_message
from intake.endorsement.models import Endorsement
from intake.extensions import db
from intake.form.building import add_question
from intake.form.definition import Kind, Label
from intake.meeting import minutes
from intake.meeting import slots as meeting_slots
from intake.meeting.models import MeetingLink
from intake.notification.models import Message
from intake.people.models import PersonAddress
from intake.people.sign_in import hashed
from intake.proposal import handing_over
from intake.proposal.models import TeamMember
from intake.proposal.operations import send_back, submit
from intake.proposal.writing import write
from intake.review import alternates, planning
from intake.review.answering import decline
from intake.review.models import Assignment
from intake.review.operations import Asked, assign
from intake.review.wishes import Wishes
from intake.slot import operations as slots
from intake.slot.noticing import give_notice
from intake.vocabulary import DeclineReason, Region, Relation, TeamAnswer
from intake.workday.models import WorkingDay
from tests.factories.meetings import LATER, NOON, about, arranged, fresh, planned
from tests.factories.team import accepted
from tests.factories.world import BEGAN, World, complete

TEAM_LINK, ENDORSEMENT_LINK, REVIEW_LINK = "a-link-to-a-team", "a-link-to-an-endorsement", "a-link-to-a-review"
"""The tokens of the three mailed links."""

MEETING_LINK = "a-link-to-a-meeting"


def allow(world: World) -> None:
    """All of it, in the current application context. Commits."""
    with clock.at(BEGAN + timedelta(days=2, hours=1)):
        _places(world)
        _more_time_and_a_waiver(world)
        _a_form_is_worked_on(world)
        _a_revision_and_messages(world)
        _links(world)
        _requests_to_review(world)
        _meetings(world)
        _conflicts(world)
        _a_batch(world)
        handing_over.ask(complete(world, "P1"), world.people["F2"], "Ben carries it now.", by=world.actor("F1"))
        db.session.add(WorkingDay(region=Region.HONG_KONG, day=BEGAN.date(), working=False, name="A typhoon"))
        db.session.commit()


def _call(letter: str) -> Call:
    found = queries.to_set_up(f"CALL-{letter}")
    assert found is not None
    return found


def _a_batch(world: World) -> None:
    """A proposed batch of call A for what is in review, among it P4, which C3 may know nothing of."""
    call, due = _call("A"), BEGAN + timedelta(days=40)
    names = ("P1", "P3", "P4")
    wishes = Wishes(
        proposals=tuple(sorted(world.proposals[each] for each in names)),
        reviewers=tuple(sorted(world.people[each] for each in ("R1", "R2", "R3"))),
        due_at=due,
        need=3,
        loads={world.people["R3"]: 9},
    )
    planning.propose(call, "A batch", wishes, by=world.actor("C1"))


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


def _requests_to_review(world: World) -> None:
    """F3 is asked to review P1 and has not answered; R3 said no to P4, for which F3 is the alternate."""
    coordinator, reply_by = world.actor("C1"), clock.now() + timedelta(days=5)
    due_at = clock.now() + timedelta(days=20)
    for name, who in (("P1", "F3"), ("P4", "R3")):
        assign(complete(world, name), Asked(world.people[who]), due_at, by=coordinator, reply_by=reply_by)
    alternates.add(complete(world, "P4"), world.people["F3"], by=coordinator)
    decline(complete(world, "P4"), DeclineReason.TOO_BUSY, "Two theses to read.", by=world.actor("R3"))
    asked = sa.select(Assignment).where(Assignment.token_hash.is_not(None), Assignment.removed_at.is_(None))
    db.session.scalars(asked).one().token_hash = hashed(REVIEW_LINK)
    db.session.flush()


def _conflicts(world: World) -> None:
    """N stands in for P4, whose applicants object to R2. C3 is on the team of P6 under another
    address of theirs."""
    name_stand_in(complete(world, "P4"), world.people["N"], "In place of Fay.", by=world.actor("AD"))
    object_to(complete(world, "P4"), "Hana Reader", "r2@example.org", "A rival of ours.", by=world.actor("F2"))
    db.session.add(PersonAddress(person_id=world.people["C3"], email="fay@home.example"))
    member = accepted(world.proposals["P6"], name="F. Conflicted", email="fay@home.example")
    db.session.flush()
    # A page of its team names the line by its id, which must not tell in a twin how many rows came before.
    db.session.execute(sa.update(TeamMember).where(TeamMember.id == member.id).values(id=9001))
    db.session.expire_all()


def _meetings(world: World) -> None:
    """One is arranged, with minutes and an action of its first item; of another the times are offered."""
    number, by = arranged(world), world.actor("C1")
    first = about(fresh(number), world, "P1")
    minutes.write(fresh(number), first, "They want to see the figures.", first.version, by=by)
    due = BEGAN.date() + timedelta(days=20)
    for who in ("F1", "C1"):
        minutes.give_action(
            fresh(number), about(fresh(number), world, "P1"), f"{who} sends them", world.people[who], due, by=by
        )
    meeting_slots.offer(fresh(planned(world)), [NOON, LATER], by=by)
    link = sa.select(MeetingLink).order_by(MeetingLink.made_at.desc(), MeetingLink.participant_id.desc()).limit(1)
    found = db.session.scalars(link).one()
    db.session.add(MeetingLink(token_hash=hashed(MEETING_LINK), participant_id=found.participant_id))
    sent = {"body_text": "", "body_html": "", "calendar": ""}  # each has a link of its own, which no twin has too
    db.session.execute(sa.update(Message).where(Message.secret).values(**sent))
    db.session.flush()
