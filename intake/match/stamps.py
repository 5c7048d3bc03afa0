"""Which calls have affinities to keep, and whether anything may have changed since: counts and dates, no texts read."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.affinity import model
from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.match.models import AffinityRun, ThemeLevel
from intake.match.texts import SCORED
from intake.match.wanting import want
from intake.people.models import Person, Publication, RoleGrant
from intake.proposal.models import Proposal, Receipt
from intake.vocabulary import Role

JUDGES = (Role.REVIEWER, Role.SPONSOR_CONTACT)


def stamps() -> dict[int, str]:
    """The stamp of each call that has proposals to score and is not sealed; the language model counts, which may be
    installed meanwhile. Statements: 4, whatever there is."""
    common = [model.name(), _people(), _publications(), _levels()]
    return {
        call_id: hashlib.sha256(json.dumps([*common, *facts], default=str).encode()).hexdigest()
        for call_id, *facts in _calls()
    }


def look() -> int:
    """Ask for the affinities of every call whose stamp differs from that of its last run, and begin to keep those of
    calls that are new to it. Commits. Returns: how many were asked for."""
    found = stamps()
    known = {row.call_id: row.stamp for row in db.session.execute(sa.select(AffinityRun.call_id, AffinityRun.stamp))}
    db.session.rollback()
    new = sorted(found.keys() - known.keys())
    stale = sorted(call_id for call_id, stamp in known.items() if found.get(call_id, "") != stamp)
    if not new and not stale:
        return 0
    with writing():
        db.session.add_all(AffinityRun(call_id=call_id, wanted_at=clock.now()) for call_id in new)
        db.session.flush()
        if stale:
            want(AffinityRun.call_id.in_(stale), AffinityRun.lease_until.is_(None), AffinityRun.failed == "")
        db.session.commit()
    return len(new) + len(stale)


def _calls() -> list[Any]:
    """Id, version, and the number, the ids and the newest receipt of the proposals to score. Statements: 1."""
    newest = sa.select(sa.func.max(Receipt.id)).where(Receipt.proposal_id == Proposal.id).scalar_subquery()
    return [
        tuple(row)
        for row in db.session.execute(
            sa.select(
                Call.id,
                Call.version,
                sa.func.count(Proposal.id),
                sa.func.sum(Proposal.id),
                sa.func.sum(newest),
            )
            .join(Proposal, Proposal.call_id == Call.id)
            .where(Proposal.state.in_(SCORED), sa.or_(Call.sealed_until.is_(None), Call.sealed_until <= clock.now()))
            .group_by(Call.id, Call.version)
            .order_by(Call.id)
        )
    ]


def _people() -> list[Any]:
    """The standing grants of active reviewers and contacts, and how often their accounts changed. Statements: 1."""
    asked = (
        sa.select(sa.func.count(), sa.func.sum(RoleGrant.id), sa.func.sum(Person.version))
        .select_from(RoleGrant)
        .join(RoleGrant.person)
        .where(RoleGrant.role.in_(JUDGES), RoleGrant.revoked_at.is_(None), Person.active)
    )
    return list(db.session.execute(asked).one())


def _publications() -> list[Any]:
    """Statements: 1."""
    asked = sa.select(sa.func.count(), sa.func.sum(Publication.id)).where(Publication.removed_at.is_(None))
    return list(db.session.execute(asked).one())


def _levels() -> list[Any]:
    """Statements: 1."""
    asked = sa.select(sa.func.count(), sa.func.sum(ThemeLevel.level), sa.func.max(ThemeLevel.set_at))
    return list(db.session.execute(asked).one())
