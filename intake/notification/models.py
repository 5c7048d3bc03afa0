"""What the outbox keeps."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from intake.extensions import Instant, Model, if_and_only_if, limited, word
from intake.vocabulary import Limit, MessageState


class Message(Model):
    """One mail to one address, written in the transaction of what it tells of and sent later by the worker.

    ``message_id`` is fixed here, so that a second sending of the same row is recognisably the same mail.
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(sa.String(Limit.NAME), unique=True)
    to_person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    to_address: Mapped[str] = limited("to_address", Limit.EMAIL)
    kind: Mapped[str] = limited("kind", Limit.CODE)
    subject: Mapped[str] = limited("subject", Limit.TITLE)
    body_text: Mapped[str] = limited("body_text", Limit.DESCRIPTION)
    body_html: Mapped[str] = limited("body_html", Limit.DESCRIPTION * 2)
    calendar: Mapped[str] = limited("calendar", Limit.DESCRIPTION)
    """The iCalendar file that goes with it, or nothing. It names its own method."""
    proposal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal.id"), index=True)
    secret: Mapped[bool] = mapped_column(default=False)
    """Holds a link that opens an account: the body is wiped once sent and never shown to an administrator in
    production."""
    state: Mapped[MessageState] = word("state", MessageState, default=MessageState.WAITING)
    created_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    last_error: Mapped[str] = limited("last_error", Limit.REASON)

    __table_args__ = (
        if_and_only_if("state = 'sent'", "sent_at IS NOT NULL", "sent_has_an_instant"),
        if_and_only_if("state = 'sending'", "leased_until IS NOT NULL", "sending_has_a_lease"),
        sa.Index("ix_message_due", "state", "not_before"),
    )
