"""The messages between the team of a proposal and the office."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from intake import clock
from intake.extensions import Instant, Model, lazily, limited, word
from intake.people.models import Person
from intake.vocabulary import Limit, Side


class Post(Model):
    """One message of the conversation between a proposal's team and the office, with a file if one was sent."""

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    side: Mapped[Side] = word("side", Side)
    by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
    text: Mapped[str] = limited("text", Limit.COMMENT)
    file_key: Mapped[str | None] = limited("file_key", Limit.REFERENCE, optional=True, unique=True)
    file_name: Mapped[str] = limited("file_name", Limit.FILE_NAME)
    content_type: Mapped[str] = limited("content_type", Limit.REFERENCE)
    size: Mapped[int | None]

    by: Mapped[Person] = relationship(**lazily())

    __table_args__ = (sa.CheckConstraint("text <> ''", name="says_something"),)


class PostsRead(Model):
    """Up to which message of a conversation a person has read."""

    __tablename__ = "posts_read"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(sa.ForeignKey("post.id"))
