"""The forms of the faculty's pages. A draft may be left unfinished, so hardly anything is needed before submitting."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from intake.views.fields import Form, Paragraph
from intake.vocabulary import Limit


class FileForm(Form):
    """A file to attach; what it is is read from its bytes later."""

    file = FileField(lazy_gettext("File"))  # type: ignore[arg-type]


class ReasonForm(Form):
    """Why something is done that stands apart."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)


class FreeReasonForm(ReasonForm):
    """The same, where no reason is needed."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON, required=False)
