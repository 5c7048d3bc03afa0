"""What may be asked about matches."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload
from sqlalchemy.sql.base import ExecutableOption

from intake.call.models import Call, Theme
from intake.extensions import db
from intake.match.models import Affinity, AffinityRun, Match
from intake.people.models import Person
from intake.policy import Actor, may
from intake.proposal.models import Proposal
from intake.proposal.queries import open_to_office
from intake.vocabulary import Action, PairingKind


def standing_of(proposal: Proposal) -> Match | None:
    """The match that stands, with theme and contact, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Match)
        .where(Match.proposal_id == proposal.id, Match.undone_at.is_(None))
        .options(joinedload(Match.theme), joinedload(Match.contact))
    ).one_or_none()


def of_proposal(proposal: Proposal) -> Sequence[Match]:
    """Every match of the proposal, undone ones too, oldest first, with theme and contact. Statements: 1."""
    return db.session.scalars(
        sa.select(Match)
        .where(Match.proposal_id == proposal.id)
        .options(joinedload(Match.theme), joinedload(Match.contact))
        .order_by(Match.id)
    ).all()


def run_of(call: Call) -> AffinityRun | None:
    """How far the call's affinities are, or None where it has had no proposal to score. Statements: 1."""
    return db.session.get(AffinityRun, call.id)


def current() -> sa.ColumnElement[bool]:
    """Affinities that count: of the generation that their call's run names. Whoever reads affinities asks for these;
    the others are being written, or are about to be cleared away."""
    theirs = aliased(Proposal)
    named = (
        sa.select(AffinityRun.generation)
        .join(theirs, theirs.call_id == AffinityRun.call_id)
        .where(theirs.id == Affinity.proposal_id)
        .correlate(Affinity)
    )
    return Affinity.generation == sa.func.coalesce(named.scalar_subquery(), 0)


def affinities_of(proposal: Proposal, kind: PairingKind, *, by: Actor, most: int | None = None) -> Sequence[Affinity]:
    """What suits the proposal, the best first, equals by id, at most ``most``: with its theme, or its person and their
    department. Nobody but its office sees any: a coordinator in conflict sees none, and so does everybody while the
    call is sealed. ``proposal`` must hold all that the policy reads. Statements: 1, or 0."""
    if not may(by, Action.PROPOSAL_VIEW_AS_OFFICE, proposal):
        return []
    asked = (
        sa.select(Affinity)
        .where(Affinity.proposal_id == proposal.id, Affinity.kind == kind, current())
        .order_by(Affinity.score.desc(), Affinity.theme_id, Affinity.person_id)
        .limit(most)
    )
    return db.session.scalars(asked.options(*_with_what())).all()


def affinities_for(
    what: Person | Theme, kind: PairingKind, *, by: Actor, call_id: int | None = None, most: int | None = None
) -> Sequence[Affinity]:
    """The proposals that suit a theme, or a person as a contact or a reviewer, the best first, equals by id, at most
    ``most``, in one call if given; each with its proposal and call. Of the proposals that ``by`` handles as the office,
    less their conflicts and what is sealed. Statements: 1."""
    own = Affinity.theme_id == what.id if isinstance(what, Theme) else Affinity.person_id == what.id
    asked = (
        sa.select(Affinity)
        .join(Affinity.proposal)
        .where(own, Affinity.kind == kind, current(), open_to_office(by))
        .where(sa.true() if call_id is None else Proposal.call_id == call_id)
        .options(contains_eager(Affinity.proposal).joinedload(Proposal.call))
        .order_by(Affinity.score.desc(), Affinity.proposal_id)
        .limit(most)
    )
    return db.session.scalars(asked).all()


def affinity(affinity_id: int) -> Affinity | None:
    """One affinity with its theme or person, or None. Statements: 1."""
    return db.session.scalars(
        sa.select(Affinity).where(Affinity.id == affinity_id, current()).options(*_with_what())
    ).one_or_none()


def _with_what() -> Sequence[ExecutableOption]:
    return joinedload(Affinity.theme), joinedload(Affinity.person).joinedload(Person.department)
