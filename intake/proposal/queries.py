"""What may be asked about proposals. Lists are the policy's twin: the rows where ``may(view)`` holds, and no others."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from intake import clock
from intake.call.models import Call
from intake.extensions import db
from intake.policy import REVIEWERS_SEE, SPONSORS_READ, Actor
from intake.proposal.loading import behind, fill, loaded
from intake.proposal.models import Attachment, Move, Proposal, Receipt, TeamMember
from intake.vocabulary import Declared, Relation, Role, TeamAnswer


def folded(text: str) -> str:
    """Text as it is searched: without accents and case, Chinese as it is."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return " ".join(bare.casefold().split())


def holding(words: str) -> sa.ColumnElement[bool]:
    """Proposals whose title, number, keywords or abstract hold every one of ``words`` (any order, part words too)."""
    return sa.and_(
        sa.true(), *(Proposal.search_text.contains(part, autoescape=True) for part in folded(words).split()[:12])
    )


def on_team(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals that the actor is on the team of, or is invited to."""
    mine = sa.and_(TeamMember.person_id == actor.id, TeamMember.answer != TeamAnswer.DECLINED)
    return Proposal.team.any(mine)


def overseen_by(actor: Actor) -> sa.ColumnElement[bool]:
    """Received proposals that the actor handles as the office, conflicts or not: of the calls that they coordinate, and
    those that they stand in for."""
    programmes = [g.programme_id for g in actor.grants if g.role is Role.COORDINATOR and g.programme_id]
    calls = [g.call_id for g in actor.grants if g.role is Role.COORDINATOR and g.call_id]
    ours = sa.select(Call.id).where(sa.or_(Call.id.in_(calls), Call.programme_id.in_(programmes)))
    own = sa.or_(Proposal.call_id.in_(ours), Proposal.id.in_(sorted(actor.stands_in)))
    return sa.and_(Proposal.number.is_not(None), own if actor.stands_in else Proposal.call_id.in_(ours))


def sealed() -> sa.ColumnElement[bool]:
    """Proposals of calls that are sealed now: the office may not read them."""
    return Proposal.call_id.in_(sa.select(Call.id).where(Call.sealed_until > clock.now()))


def named_on_team(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals on whose team the actor is under any of their addresses or their ORCID."""
    names = [TeamMember.person_id == actor.id, TeamMember.email.in_(sorted(actor.emails))]
    if actor.orcid:
        names.append(TeamMember.orcid == actor.orcid)
    return Proposal.team.any(sa.and_(sa.or_(*names), TeamMember.answer != TeamAnswer.DECLINED))


def conflicted(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals that the actor has a conflict with: on the team under any name, or declared and not lifted."""
    from_team = named_on_team(actor)
    row = behind("conflicts")
    declared = Proposal.conflicts.any(
        sa.and_(row.person_id == actor.id, row.declared == Declared.CONFLICT, row.lifted_at.is_(None))
    )
    return sa.or_(from_team, declared)


def assigned_to(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals that lie with the actor as a reviewer, without a conflict."""
    row = behind("assignments")
    assigned = Proposal.assignments.any(sa.and_(row.reviewer_id == actor.id, row.removed_at.is_(None)))
    return sa.and_(assigned, Proposal.state.in_(REVIEWERS_SEE), sa.not_(conflicted(actor)))


def open_to_sponsor(actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals whose packet lies open before a sponsor of the actor: sent, not recalled, not withdrawn."""
    row = behind("packets")
    ours = row.sponsor_id.in_(sorted(actor.sponsor_ids))
    lies_open = Proposal.packets.any(sa.and_(row.sent_at.is_not(None), row.recalled_at.is_(None), ours))
    return sa.and_(lies_open, Proposal.state.in_(SPONSORS_READ))


def open_to_office(actor: Actor) -> sa.ColumnElement[bool]:
    """The proposals that the actor may read as the office: where ``may(actor, PROPOSAL_VIEW_AS_OFFICE, proposal)``
    holds. For the office's own lists and counts: ``visible_to`` also holds what they see as a member of its team."""
    return sa.and_(overseen_by(actor), sa.not_(conflicted(actor)), sa.not_(sealed()))


def visible_to(actor: Actor) -> sa.ColumnElement[bool]:
    """The proposals whose title the actor may read: where ``may(actor, PROPOSAL_VIEW, proposal)`` holds."""
    if actor.id is None:
        return sa.false()
    return sa.or_(on_team(actor), open_to_office(actor), assigned_to(actor), open_to_sponsor(actor))


READ_BY_POLICY = ("team", "assignments", "conflicts", "packets")


def one(proposal_id: int, *, for_update: bool = False) -> Proposal | None:
    """The proposal with all that the policy reads (team, call, programme, assignments with reviews, conflicts, packets,
    award), or None. Statements: 5, whatever it holds."""
    return loaded(proposal_id, READ_BY_POLICY, for_update)


def whole(proposal_id: int, *, for_update: bool = False) -> Proposal | None:
    """As ``one``, and with the call's themes and rules, the files (removed ones too) and the receipts: what writing
    and submitting read. Statements: 9, whatever it holds."""
    proposal = loaded(proposal_id, (*READ_BY_POLICY, "attachments", "received"), for_update)
    if proposal is not None:
        fill(proposal.call, ("themes", "rules"))
    return proposal


def _read_by_policy() -> Sequence[ExecutableOption]:
    return (
        joinedload(Proposal.call).joinedload(Call.programme),
        joinedload(Proposal.award),
        joinedload(Proposal.slot),
        selectinload(Proposal.team),
        selectinload(Proposal.assignments).joinedload(behind("assignments").review),
        selectinload(Proposal.conflicts),
        selectinload(Proposal.packets),
    )


def of_applicant(actor: Actor) -> Sequence[Proposal]:
    """The proposals on whose team the actor is, newest change first, with call and team. Statements: 2."""
    return db.session.scalars(
        sa.select(Proposal)
        .where(on_team(actor))
        .options(joinedload(Proposal.call), selectinload(Proposal.team))
        .order_by(Proposal.changed_at.desc(), Proposal.id.desc())
    ).all()


def found_by(actor: Actor, words: str, most: int) -> Sequence[Proposal]:
    """The proposals that the actor may see and that hold all of ``words``, newest first, at most ``most``, with call
    and all that the policy reads. Statements: 5, whatever they are."""
    return db.session.scalars(
        sa.select(Proposal)
        .where(visible_to(actor), holding(words))
        .options(*_read_by_policy())
        .order_by(Proposal.state_since.desc(), Proposal.id.desc())
        .limit(most)
    ).all()


def moves_of(proposal: Proposal) -> Sequence[Move]:
    """The proposal's moves, oldest first, with who made them. Statements: 1."""
    return db.session.scalars(
        sa.select(Move).where(Move.proposal_id == proposal.id).options(joinedload(Move.by)).order_by(Move.at, Move.id)
    ).all()


def attachments_of(proposal: Proposal) -> Sequence[Attachment]:
    """The files that stand with the proposal, oldest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Attachment)
        .where(Attachment.proposal_id == proposal.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def receipts_of(proposal: Proposal) -> Sequence[Receipt]:
    """What was received of the proposal, oldest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Receipt).where(Receipt.proposal_id == proposal.id).order_by(Receipt.ordinal)
    ).all()


def last_received(proposal: Proposal) -> dict[str, Any]:
    """What the newest receipt of the proposal holds; nothing where there is none. Statements: 1."""
    newest = sa.select(Receipt.content).where(Receipt.proposal_id == proposal.id).order_by(Receipt.ordinal.desc())
    return db.session.scalars(newest.limit(1)).one_or_none() or {}


def principal_of() -> sa.ColumnElement[bool]:
    """The join of ``TeamMember`` to ``Proposal`` that gives the principal investigator's line."""
    return sa.and_(TeamMember.proposal_id == Proposal.id, TeamMember.relation == Relation.PRINCIPAL)
