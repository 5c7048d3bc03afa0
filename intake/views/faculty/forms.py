"""The forms of the faculty's pages. A draft may be left unfinished, so hardly anything is needed before submitting."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import lazy_gettext
from flask_wtf.file import FileField

from intake.proposal.models import Proposal
from intake.proposal.parts import PART_OF
from intake.views.display import tr
from intake.views.faculty.telling import RELATIONS
from intake.views.fields import Chosen, Declaration, Email, Form, Line, Money, Paragraph, Picked, Whole
from intake.vocabulary import Limit, Relation

DECLARATIONS = {
    "nothing-confidential": "nothing_confidential",
    "not-for-students": "own_work",
    "one-university": "one_university",
}
"""Which answer meets which rule of a call."""


class PartForm(Form):
    """A part of a proposal. Its fields are named as the answers that they hold."""

    def answers(self) -> dict[str, Any]:
        """The answers that were sent, fit to be written; an answer whose field was not sent stays as it is."""
        return {name: each.data for name, each in self._fields.items() if name in request.form}

    def fit(self, proposal: Proposal) -> None:
        """Offer what the call of this proposal asks for."""


class SummaryForm(PartForm):
    """Title and abstract."""

    title = Line(lazy_gettext("Title"), Limit.TITLE, required=False)
    title_zh = Line(lazy_gettext("Title in Chinese"), Limit.TITLE, required=False)
    abstract = Paragraph(lazy_gettext("Abstract"), Limit.ABSTRACT, required=False)


class ThemeForm(PartForm):
    """Theme and keywords."""

    theme_id = Chosen(lazy_gettext("Theme"), required=False, blank=lazy_gettext("Choose a theme"))
    keywords = Line(lazy_gettext("Keywords"), Limit.KEYWORDS, required=False)

    def fit(self, proposal: Proposal) -> None:
        """The themes of the call; no field where it has none."""
        if proposal.call.themes:
            self.theme_id.offer([(theme.id, theme.name) for theme in proposal.call.themes])
        else:
            del self.theme_id

    def answers(self) -> dict[str, Any]:
        """As typed, with the theme as its id."""
        found = super().answers()
        if "theme_id" in found:
            found["theme_id"] = int(found["theme_id"]) if found["theme_id"] else None
        return found


class DescriptionForm(PartForm):
    """The description of the work."""

    description = Paragraph(lazy_gettext("Description"), Limit.DESCRIPTION, required=False)


class BudgetForm(PartForm):
    """Budget and duration."""

    amount_minor = Money(lazy_gettext("Amount asked for"), required=False)
    duration_months = Whole(lazy_gettext("Duration"), 1, Limit.DURATION_MONTHS, required=False)


class DeclarationsForm(PartForm):
    """What the principal investigator declares, where a rule of the call asks for it."""

    nothing_confidential = Declaration(
        lazy_gettext("It holds nothing confidential or proprietary: the sponsor may treat all of it as public."),
        must=False,
    )
    own_work = Declaration(
        lazy_gettext("I apply for my own work, not on behalf of a student or of anybody who may not apply."), must=False
    )
    one_university = Declaration(lazy_gettext("No other university takes part as an applicant."), must=False)

    def fit(self, proposal: Proposal) -> None:
        """Only what the rules of this call ask for."""
        asked = {DECLARATIONS[rule.code] for rule in proposal.call.rules if rule.code in DECLARATIONS}
        for name in set(DECLARATIONS.values()) - asked:
            del self[name]

    def answers(self) -> dict[str, Any]:
        """A box that was not sent was not ticked."""
        return {name: each.data for name, each in self._fields.items()}


FORMS: dict[str, type[PartForm]] = {
    "summary": SummaryForm,
    "theme": ThemeForm,
    "description": DescriptionForm,
    "budget": BudgetForm,
    "declarations": DeclarationsForm,
}


def form_of(proposal: Proposal, part: str) -> PartForm:
    """The form of one part, with what was sent or else what stands in the proposal."""
    kind = FORMS[part]
    form = kind(data=standing(proposal, part))
    form.fit(proposal)
    return form


def standing(proposal: Proposal, part: str) -> dict[str, Any]:
    """The answers of one part as they stand."""
    return {name: getattr(proposal, name) for name, its_part in PART_OF.items() if its_part == part}


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
