"""The rulings on a call and on a programme: who starts a proposal, sends a notice of intent, coordinates."""

from __future__ import annotations

from typing import Any

from intake import clock
from intake.opening import Opening, opening
from intake.policy.actor import Actor
from intake.policy.relations import oversees
from intake.policy.ruling import UNSEEN, YES, Ruling, no
from intake.policy.when_open import not_open
from intake.vocabulary import Role, say


def propose(actor: Actor, call: Any) -> Ruling:
    """Starting a proposal in the call."""
    if actor.id is None:
        return no(say("Sign in to start a proposal."))
    if not actor.holds(Role.FACULTY):
        return no(say("Your account may not start proposals. Ask the office for the applicant's role."))
    if (call.by_invitation or call.programme.by_invitation) and not _invited_to(actor, call):
        return no(say("This call is by the sponsor's invitation only. Ask the office."))
    why = not_open(call)
    return no(why) if why and not _extended(actor, call) else YES


def notice(actor: Actor, call: Any) -> Ruling:
    """Sending a notice of intent to the call."""
    if actor.id is None:
        return no(say("Sign in to send a notice of intent."))
    if not actor.holds(Role.FACULTY):
        return no(say("Your account may not start proposals. Ask the office for the applicant's role."))
    if (call.by_invitation or call.programme.by_invitation) and not _invited_to(actor, call):
        return no(say("This call is by the sponsor's invitation only. Ask the office."))
    if call.notice_due_at is None or opening(call, clock.arrived()) in (Opening.IN_PREPARATION, Opening.CLOSED):
        return no(say("This call takes no notices of intent."))
    if clock.arrived() >= call.notice_due_at:
        return no(say("Notices of intent were due at %(when)s.", when=call.notice_due_at))
    return YES


def _invited_to(actor: Actor, call: Any) -> bool:
    return any(row.person_id == actor.id and row.withdrawn_at is None for row in call.invitations)


def _extended(actor: Actor, call: Any) -> bool:
    """The call has closed to others, and the actor holds an extension that has not ended."""
    if opening(call, clock.arrived()) is not Opening.CLOSED:
        return False
    mine = (row for row in call.extensions if row.person_id == actor.id and row.withdrawn_at is None)
    return any(clock.arrived() < row.until for row in mine)


def oversee(actor: Actor, call: Any) -> Ruling:
    """Coordinating the call."""
    return YES if oversees(actor, call) else UNSEEN


def oversee_programme(actor: Actor, programme: Any) -> Ruling:
    """Its coordinators set up its calls, and administrators may."""
    if any(grant.role is Role.COORDINATOR and grant.programme_id == programme.id for grant in actor.grants):
        return YES
    if actor.holds(Role.ADMINISTRATOR):
        return YES
    return no(say("Only a coordinator of the programme may do this."))
