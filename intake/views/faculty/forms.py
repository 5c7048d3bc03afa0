"""The forms of the faculty's pages that ask for a reason; the questions of a proposal are ``asking``'s."""

from __future__ import annotations

from flask_babel import lazy_gettext

from intake.views.fields import Form, Paragraph
from intake.vocabulary import Limit


class ReasonForm(Form):
    """Why something is done that stands apart."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)


class FreeReasonForm(ReasonForm):
    """The same, where no reason is needed."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON, required=False)
