"""What may be asked about conversations. Who may have one is the policy's to say: proposal.converse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake.conversation.models import Post, PostsRead
from intake.extensions import db
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import open_to_office
from intake.vocabulary import WRITERS, Side, TeamAnswer


def posts_of(proposal: Proposal) -> Sequence[Post]:
    """The messages of the proposal, oldest first, with who wrote them. Statements: 1."""
    return db.session.scalars(
        sa.select(Post).where(Post.proposal_id == proposal.id).options(joinedload(Post.by)).order_by(Post.id)
    ).all()


def post_of(proposal: Proposal, post_id: int) -> Post | None:
    """One message of the proposal, or None. Statements: 1."""
    return db.session.scalars(sa.select(Post).where(Post.id == post_id, Post.proposal_id == proposal.id)).one_or_none()


def read_up_to(proposal: Proposal, person_id: int | None) -> int:
    """The id of the last message that the person has read, 0 for none. Statements: 1."""
    return (
        db.session.scalar(
            sa.select(PostsRead.post_id).where(PostsRead.proposal_id == proposal.id, PostsRead.person_id == person_id)
        )
        or 0
    )


def unread(posts: Iterable[Post], side: Side, read: int) -> int:
    """How many of the messages the other side wrote after what was read."""
    return sum(1 for post in posts if post.side is not side and post.id > read)


def unread_in(proposal: Proposal, actor: Actor, side: Side) -> int:
    """How many messages of the other side in this proposal the actor has not read. Statements: 1."""
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(Post).where(Post.proposal_id == proposal.id, _new_to(actor, side))
    ) or 0  # fmt: skip


def unread_of_team(actor: Actor) -> dict[int, int]:
    """How many of the office's messages the actor has not read, by id of the proposals whose team they write on: only
    those that have any. Statements: 1."""
    mine = sa.select(TeamMember.proposal_id).where(
        TeamMember.person_id == actor.id,
        TeamMember.answer == TeamAnswer.ACCEPTED,
        TeamMember.relation.in_(WRITERS),
    )
    rows = db.session.execute(
        sa.select(Post.proposal_id, sa.func.count())
        .where(Post.proposal_id.in_(mine), _new_to(actor, Side.TEAM))
        .group_by(Post.proposal_id)
    )
    return {row[0]: row[1] for row in rows}


def unread_of_office(actor: Actor, most: int) -> Sequence[Any]:
    """The proposals of the calls that the actor oversees in which a team's message is unread by them (``id``,
    ``number``, ``title``, ``unread``, ``since``), the longest waiting first, at most ``most``; none with a conflict,
    none of a sealed call. Statements: 1."""
    return db.session.execute(
        sa.select(
            Proposal.id,
            Proposal.number,
            Proposal.title,
            sa.func.count(Post.id).label("unread"),
            sa.func.min(Post.at).label("since"),
        )
        .join(Post, Post.proposal_id == Proposal.id)
        .where(open_to_office(actor), _new_to(actor, Side.OFFICE))
        .group_by(Proposal.id, Proposal.number, Proposal.title)
        .order_by(sa.func.min(Post.at), Proposal.id)
        .limit(most)
    ).all()


def _new_to(actor: Actor, side: Side) -> sa.ColumnElement[bool]:
    """Messages of the other side that the actor has not read."""
    read = (
        sa.select(PostsRead.post_id)
        .where(PostsRead.proposal_id == Post.proposal_id, PostsRead.person_id == actor.id)
        .correlate(Post)
        .scalar_subquery()
    )
    return sa.and_(Post.side != side, Post.id > sa.func.coalesce(read, 0))
