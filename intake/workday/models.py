"""The days that the office knows better than the published holidays."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from intake.extensions import Model, limited, word
from intake.vocabulary import Limit, Region


class WorkingDay(Model):
    """A day that the office knows better than the published holidays of a region: working, or off."""

    __tablename__ = "working_day"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[Region] = word("region", Region)
    day: Mapped[date] = mapped_column(sa.Date)
    working: Mapped[bool]
    name: Mapped[str] = limited("name", Limit.NAME)

    __table_args__ = (sa.UniqueConstraint("region", "day"),)
