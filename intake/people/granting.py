"""What may happen to roles: they are granted with a scope, and revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.policy import Actor, Grant, may
from intake.vocabulary import Action, Role, say

GRANTED: list[Callable[[RoleGrant], None]] = []
"""What later rooms do when a role was granted or revoked."""


def demand(by: Actor, action: Action) -> None:
    """Go on only if the policy allows. Raises Refused with its reason."""
    ruling = may(by, action)
    if not ruling:
        raise Refused(ruling.reason or say("This is not allowed."), hidden=ruling.hidden)


def grant(person: Person, scope: Grant, *, by: Actor) -> RoleGrant:
    """Give the person a role with its scope.

    Demands: area.administration. Records: the grant, an event. Raises: Refused; Incomplete at ``role`` when the scope
    does not fit the role or the person holds it already. Returns: the grant.
    """
    demand(by, Action.AREA_ADMINISTRATION)
    if not _fits(scope):
        raise Incomplete(say("Nothing was granted."), {"role": say("This role needs another scope.")})
    if any(each.revoked_at is None and _scope_of(each) == scope for each in person.grants):
        raise Incomplete(say("Nothing was granted."), {"role": say("They hold this role already.")})
    return give(person, scope, by=by)


def give(person: Person, scope: Grant, *, by: Actor) -> RoleGrant:
    """Give the role to whom it was decided to give it. Records: the grant, an event. Returns: the grant."""
    given = RoleGrant(
        person_id=person.id,
        role=scope.role,
        programme_id=scope.programme_id,
        call_id=scope.call_id,
        sponsor_id=scope.sponsor_id,
        granted_by_id=by.id,
    )
    person.grants.append(given)
    db.session.flush()
    record("role.granted", "person", person.id, by=by, became=scope.role.value, **_facts(given))
    _tell(given)
    return given


def _scope_of(given: RoleGrant) -> Grant:
    return Grant(given.role, given.programme_id, given.call_id, given.sponsor_id)


def _fits(scope: Grant) -> bool:
    of_programme, of_call = scope.programme_id is not None, scope.call_id is not None
    of_sponsor = scope.sponsor_id is not None
    if scope.role is Role.COORDINATOR:
        return of_programme != of_call and not of_sponsor
    return of_sponsor == (scope.role is Role.SPONSOR_CONTACT) and not of_programme and not of_call


def _facts(given: RoleGrant) -> dict[str, Any]:
    names = ("programme_id", "call_id", "sponsor_id")
    return {"grant": given.id} | {name: getattr(given, name) for name in names if getattr(given, name) is not None}


def revoke(given: RoleGrant, *, by: Actor) -> None:
    """Take a role back; what it opened is closed at the person's next request.

    Demands: area.administration. Records: when, an event. Tells: administrators of proposals that nobody in the office
    handles now. Raises: Refused; Incomplete for the last administrator's.
    """
    demand(by, Action.AREA_ADMINISTRATION)
    if given.revoked_at is not None:
        return
    if given.role is Role.ADMINISTRATOR:
        keep_an_administrator(given.person_id)
    given.revoked_at = clock.now()
    record("role.revoked", "person", given.person_id, by=by, was=given.role.value, **_facts(given))
    db.session.flush()
    _tell(given)


def _tell(given: RoleGrant) -> None:
    for tell in GRANTED:
        tell(given)


def keep_an_administrator(but: int) -> None:
    """Refuse what would leave the installation without an administrator. Two who revoke each other wait here."""
    holders = db.session.scalars(
        sa.select(RoleGrant.person_id)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, RoleGrant.revoked_at.is_(None), Person.active)
        .order_by(RoleGrant.id)
        .with_for_update(of=[RoleGrant, Person])
    ).all()
    if set(holders) <= {but}:
        raise Incomplete(say("This is the last administrator. Make somebody else one first."))
