"""The reminders of open drafts."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from intake import clock
from intake.extensions import Instant, Model
from intake.vocabulary import Limit


class Reminder(Model):
    """A reminder of an open draft that was sent: which one, to whom, for which close, so that none is sent twice."""

    __tablename__ = "reminder"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(Limit.CODE), primary_key=True)
    closes_at: Mapped[datetime] = mapped_column(Instant, primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(Instant, default=clock.now)
