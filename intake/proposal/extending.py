"""More time: a later close of a call for everybody, or for one applicant, each with a reason that is told."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from intake import clock
from intake.allowance.models import Extension
from intake.allowance.queries import extension_of
from intake.audit.operations import record
from intake.call.arranging import enter
from intake.call.models import Call
from intake.call.operations import seal
from intake.call.queries import EXTENDED
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.letters import Letter
from intake.notification.operations import tell
from intake.opening import Opening, opening
from intake.people import queries as people
from intake.people.models import Person
from intake.policy import Actor, may
from intake.proposal.known import in_conflict
from intake.proposal.models import Proposal, TeamMember
from intake.ruling import demand
from intake.vocabulary import WRITERS, Action, Relation, Role, State, TeamAnswer, Words, say

OWN_PROPOSALS = "/proposals"


def extend_all(call: Call, until: datetime, reason: str, *, by: Actor, version: int) -> None:
    """Let the call close later for everybody.

    Demands: ``CALL_OVERSEE``. Records: the close (and the seal's end with it); ``call.extended`` with the reason.
    Tells: everybody who writes a draft of the call. ``version`` is the one of the call that the office read.
    Raises: Refused; Stale; Incomplete at ``until`` or ``reason``.
    """
    enter(call, version, by=by)
    _check(call, until, reason)
    if opening(call, clock.now()) not in (Opening.OPEN, Opening.CLOSED):
        raise Incomplete(say("The call has not opened yet: change its dates instead."))
    if call.check_by_at is not None and until >= call.check_by_at:
        raise _wrong(say("The office checks by then. Move the check-by first."))
    was = _stated(call).isoformat()
    call.closes_at = until
    seal(call, call.sealed_until is not None)
    became = until.isoformat()
    record(EXTENDED, "call", call.id, by=by, was=was, became=became, note=reason, changes={"closes_at": [was, became]})
    db.session.flush()
    tell(_writing(call), _later_for_all(call, until, reason))


def applicant(email: str) -> Person:
    """The applicant with that address. Raises Incomplete at ``email`` where there is none."""
    person = people.with_email(email)
    if person is None or not person.active:
        raise Incomplete(say("Nobody was given more time."), {"email": say("Nobody with this address has an account.")})
    if not any(grant.role is Role.FACULTY and grant.revoked_at is None for grant in person.grants):
        words = say("%(name)s may not start proposals, so no deadline is theirs.", name=person.name)
        raise Incomplete(say("Nobody was given more time."), {"email": words})
    return person


def extend_one(call: Call, person: Person, until: datetime, reason: str, *, by: Actor) -> Extension:
    """Let the call close later for what one applicant leads in it, begun or yet to be begun. One extension stands; an
    earlier one is withdrawn by it.

    Demands: ``CALL_OVERSEE``, and no conflict with what they lead. Records: the extension; the later close of their
    drafts; ``extension.granted``. Tells: the applicant. Raises: Refused; Incomplete at ``until``, ``reason`` or
    ``email``. Returns: the extension.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    if (why := _partial(call, person.id, by)) is not None:
        raise Incomplete(say("Nobody was given more time."), {"email": why})
    _check(call, until, reason)
    earlier = extension_of(call.id, person.id)
    if earlier is not None:
        earlier.withdrawn_at = clock.now()
        db.session.flush()
    made = Extension(call_id=call.id, person_id=person.id, until=until, reason=reason, granted_by_id=by.id)
    db.session.add(made)
    db.session.expire(call, ["extensions"])
    _close_at(call, person.id, until)
    was = earlier.until.isoformat() if earlier is not None else ""
    record(
        "extension.granted", "call", call.id, by=by, was=was, became=until.isoformat(), note=reason, person=person.id
    )
    db.session.flush()
    tell([person], _later_for_one(call, until, reason))
    return made


def withdraw_extension(call: Call, extension: Extension, reason: str, *, by: Actor) -> None:
    """Take an extension back; the call's own close holds again for what the applicant leads.

    Demands: ``CALL_OVERSEE``, and no conflict with what they lead. Records: the withdrawal; ``extension.withdrawn``.
    Tells: the applicant. Raises: Refused; Incomplete where it was withdrawn already, or without a reason. ``person``
    must be loaded.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    if (why := _partial(call, extension.person_id, by)) is not None:
        raise Refused(why)
    db.session.refresh(extension, ["withdrawn_at"], with_for_update={"of": Extension})  # somebody may do so right now
    if extension.withdrawn_at is not None:
        raise Incomplete(say("This extension was withdrawn already."))
    if not reason.strip():
        raise Incomplete(say("Say why."), {"reason": say("Say why.")})
    extension.withdrawn_at = clock.now()
    db.session.expire(call, ["extensions"])
    _close_at(call, extension.person_id, None)
    was = extension.until.isoformat()
    record("extension.withdrawn", "call", call.id, by=by, was=was, note=reason, person=extension.person_id)
    db.session.flush()
    tell([extension.person], _no_longer(call, reason))


def _partial(call: Call, person_id: int, by: Actor) -> Words | None:
    """Why somebody else in the office decides about that person's time, or None. Statements: 1."""
    if person_id == by.id:
        return say("This is you: somebody else in the office decides about your own proposals.")
    if person_id in in_conflict(by, call.id):
        return say("You have a conflict of interest with a proposal of theirs, so somebody else handles it.")
    return None


def _check(call: Call, until: datetime, reason: str) -> None:
    """Raises Incomplete for a time that gives nobody more time, or more than there is."""
    if call.standing or call.closes_at is None:
        raise Incomplete(say("This call has no close, so there is nothing to extend."))
    if not reason.strip():
        raise Incomplete(say("Say why."), {"reason": say("Say why.")})
    if until <= call.closes_at:
        raise _wrong(say("It must be later than the close of the call."))
    if until <= clock.now():
        raise _wrong(say("This time has passed."))
    if call.sponsor_deadline_at is not None and until >= call.sponsor_deadline_at:
        raise _wrong(say("It must be earlier than the sponsor's deadline, %(when)s.", when=call.sponsor_deadline_at))


def _wrong(why: Words) -> Incomplete:
    return Incomplete(say("The call was not extended."), {"until": why})


def _stated(call: Call) -> datetime:
    assert call.closes_at is not None
    return call.closes_at


def _close_at(call: Call, person_id: int, until: datetime | None) -> None:
    """Set the later close of what the person leads in the call and has not submitted. Their versions stay: nothing of
    what is being written changed. Statements: 1."""
    led = sa.select(TeamMember.proposal_id).where(
        TeamMember.person_id == person_id, TeamMember.relation == Relation.PRINCIPAL
    )
    db.session.execute(
        sa.update(Proposal)
        .where(Proposal.call_id == call.id, Proposal.number.is_(None), Proposal.id.in_(led))
        .values(extended_until=until)
    )


def _writing(call: Call) -> list[Person]:
    """Everybody who writes a draft of the call, by id. Statements: 1."""
    drafts = sa.select(TeamMember.person_id).join(Proposal, Proposal.id == TeamMember.proposal_id)
    theirs = drafts.where(
        Proposal.call_id == call.id,
        Proposal.state == State.DRAFT,
        TeamMember.relation.in_(WRITERS),
        TeamMember.answer == TeamAnswer.ACCEPTED,
    )
    return list(db.session.scalars(sa.select(Person).where(Person.id.in_(theirs), Person.active).order_by(Person.id)))


def _letter(kind: str, subject: Words, why: Words, reason: str, *paragraphs: Words) -> Letter:
    return Letter(kind, subject, paragraphs, OWN_PROPOSALS, say("Open my proposals"), why, reason)


def _later_for_all(call: Call, until: datetime, reason: str) -> Letter:
    return _letter(
        "call.extended",
        say("%(call)s now closes at %(when)s", call=call.title, when=until),
        say("You get this because you are writing a proposal for this call."),
        reason,
        say("The office extended %(call)s for everybody. It now closes at %(when)s.", call=call.title, when=until),
        say("Your draft stays as it is; you have until then to submit it. The office wrote:"),
    )


def _later_for_one(call: Call, until: datetime, reason: str) -> Letter:
    return _letter(
        "extension.granted",
        say("You have until %(when)s for %(call)s", when=until, call=call.title),
        say("You get this because the office gave you more time."),
        reason,
        say(
            "You may submit what you lead in %(call)s until %(when)s, even after it has closed to others.",
            call=call.title,
            when=until,
        ),
        say("This holds for you alone. The office wrote:"),
    )


def _no_longer(call: Call, reason: str) -> Letter:
    return _letter(
        "extension.withdrawn",
        say("Your extension for %(call)s was withdrawn", call=call.title),
        say("You get this because the office had given you more time."),
        reason,
        say("The office took back the extra time for %(call)s.", call=call.title),
        say("It closes for you as for everybody else: at %(when)s. The office wrote:", when=call.closes_at),
    )
