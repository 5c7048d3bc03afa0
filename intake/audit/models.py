"""What the log keeps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from intake.extensions import Instant, Model, limited
from intake.vocabulary import Limit


class Event(Model):
    """One thing that happened: who did what to which subject, when, from what to what.

    Rows form one chain: ``hash`` covers the row and the hash before it. The database refuses UPDATE and DELETE.
    """

    __tablename__ = "event"

    position: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    action: Mapped[str] = limited("action", Limit.CODE)
    subject_type: Mapped[str] = limited("subject_type", Limit.CODE)
    subject_id: Mapped[int | None] = mapped_column(sa.BigInteger)
    was: Mapped[str] = limited("was", Limit.NAME)
    became: Mapped[str] = limited("became", Limit.NAME)
    note: Mapped[str] = limited("note", Limit.COMMENT)
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    request_id: Mapped[str] = limited("request_id", Limit.CODE)
    previous: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)

    __table_args__ = (sa.Index("ix_event_subject", "subject_type", "subject_id"),)
