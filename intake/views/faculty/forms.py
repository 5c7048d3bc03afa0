"""The forms of the faculty's pages. A draft may be left unfinished, so hardly anything is needed before submitting."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from intake.views.display import tr
from intake.views.faculty.telling import RELATIONS
from intake.views.fields import Email, Form, Line, Paragraph, Picked
from intake.vocabulary import Limit, Relation


class MemberForm(Form):
    """Somebody to add to the team."""

    name = Line(lazy_gettext("Name"), Limit.NAME)
    email = Email(lazy_gettext("E-mail address"))
    organisation = Line(lazy_gettext("University or company"), Limit.NAME)
    relation = Picked(lazy_gettext("What they are to the proposal"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        others = [each for each in Relation if each is not Relation.PRINCIPAL]
        self.relation.offer([(each.value, tr(RELATIONS[each])) for each in others])


class FileForm(Form):
    """A file to attach; what it is is read from its bytes later."""

    file = FileField(lazy_gettext("File"))  # type: ignore[arg-type]


class ReasonForm(Form):
    """Why something is done that stands apart."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)


class FreeReasonForm(ReasonForm):
    """The same, where no reason is needed."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON, required=False)
