"""When affinities are to be made anew: what changed one of their inputs says so, in one statement.

Nothing waits for it: a run that somebody else is marking or taking is passed over, and the look of each minute finds
what was missed (``stamps.look``).
"""

from __future__ import annotations

import sqlalchemy as sa

from intake import clock
from intake.call import arranging
from intake.call.models import Call
from intake.extensions import db
from intake.match.models import AffinityRun
from intake.people import granting
from intake.people.models import Person, RoleGrant
from intake.programme.models import Programme
from intake.proposal import lifecycle
from intake.proposal.models import Proposal
from intake.vocabulary import Role


def want(*which: sa.ColumnElement[bool]) -> None:
    """Ask for the affinities of the calls whose run is one of ``which``; of all calls without any. Statements: 1."""
    free = sa.select(AffinityRun.call_id).where(AffinityRun.wanted_at.is_(None), *which)
    mark = (
        sa.update(AffinityRun)
        .where(AffinityRun.call_id.in_(free.with_for_update(skip_locked=True)))
        .values(wanted_at=clock.now())
    )
    with db.session.no_autoflush:  # whoever calls may not be done with a row that is half changed
        db.session.execute(mark, execution_options={"synchronize_session": False})


def of_proposal(proposal: Proposal) -> None:
    """A proposal of the call moved."""
    want(AffinityRun.call_id == proposal.call_id)


def of_call(call: Call) -> None:
    """A setting of the call changed: its themes or its weights perhaps."""
    want(AffinityRun.call_id == call.id)


def of_person(person: Person) -> None:
    """A profile changed. ``grants`` must be loaded."""
    roles = {each.role for each in person.grants if each.revoked_at is None}
    if roles & {Role.REVIEWER, Role.SPONSOR_CONTACT}:
        want()


def of_grant(given: RoleGrant) -> None:
    """A role was granted or revoked."""
    if given.role is Role.REVIEWER:
        want()
    elif given.role is Role.SPONSOR_CONTACT:
        theirs = sa.select(Call.id).join(Call.programme).where(Programme.sponsor_id == given.sponsor_id)
        want(AffinityRun.call_id.in_(theirs))


lifecycle.MOVED.append(of_proposal)
arranging.NOTED.append(of_call)
granting.GRANTED.append(of_grant)
