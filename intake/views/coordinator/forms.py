"""The forms of the office's acts on one proposal. Limits are those of the columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField

from intake.decision.letters import OUTCOMES, VERDICTS
from intake.proposal.answers import changeable
from intake.proposal.models import Proposal
from intake.views.display import tr
from intake.views.fields import Declaration, Email, Form, Line, Moment, Money, Paragraph, Picked, Several
from intake.vocabulary import Limit, Words


def told(words: dict[str, Words]) -> list[tuple[str, str]]:
    """Choices out of a table of words."""
    return [(str(value), tr(each)) for value, each in words.items()]


class Reasoned(Form):
    """Why something is undone or taken back."""

    reason = Paragraph(lazy_gettext("Reason"), limit=Limit.REASON)


class AllTheSame(Form):
    """Why somebody is put back in spite of a warning; where there is none, nothing."""

    reason = Paragraph(lazy_gettext("Why they review it all the same"), limit=Limit.REASON, required=False)


class Confirmed(Form):
    """Nothing but a button."""


class Screened(Form):
    """Accepting a proposal as eligible: each rule of the call ticked as met."""

    rules = Several(lazy_gettext("Rules of the call that it meets"), required=False)
    note = Paragraph(lazy_gettext("Note for the office"), limit=Limit.REASON, required=False)


class Returned(Form):
    """Returning a proposal for revision."""

    reason = Paragraph(lazy_gettext("What is to be revised"), limit=Limit.REASON)
    parts = Several(lazy_gettext("Parts that may change"))
    until = Moment(lazy_gettext("To be submitted again by"))

    @classmethod
    def made(cls, proposal: Proposal, **given: object) -> Returned:
        """The form with the sections and questions of a proposal to choose from."""
        form = cls(data=given)
        form.parts.offer(changeable(proposal).items())
        return form


class ScreenedOut(Form):
    """Marking a proposal as not eligible, by a rule."""

    rule = Picked(lazy_gettext("The rule that it does not meet"))
    explanation = Paragraph(lazy_gettext("How it does not meet the rule"), limit=Limit.REASON)


class Matched(Form):
    """Pairing a proposal with a theme and a contact."""

    theme_id = Picked(lazy_gettext("Theme of the call"))
    contact_id = Picked(lazy_gettext("Contact at the sponsor"))
    note = Paragraph(lazy_gettext("Note for the office"), limit=Limit.REASON, required=False)


class Decided(Form):
    """The decision in a call without a panel."""

    verdict = Picked(lazy_gettext("Decision"))
    recommended_minor = Money(lazy_gettext("Amount recommended"), required=False)
    rationale = Paragraph(lazy_gettext("Rationale, for the office"), limit=Limit.COMMENT)
    feedback = Paragraph(lazy_gettext("Feedback for the applicant"), limit=Limit.COMMENT, required=False)

    @classmethod
    def made(cls) -> Decided:
        """The form with every decision that can be taken."""
        form = cls()
        form.verdict.offer(told({str(key): words for key, words in VERDICTS.items()}))
        return form


class Released(Form):
    """Releasing a decision; ``seen`` is the print of the letter that was on the page."""

    until = Moment(lazy_gettext("To be submitted again by"), required=False)
    seen = HiddenField()
    read = Declaration(lazy_gettext("I have read the letter and the list of who gets it"))


class GoingOn(Form):
    """What forwarding asks besides, where a rule of the call is not met any more."""

    go_on = Declaration(lazy_gettext("Go on although a rule is not met"), must=False)
    although = Paragraph(lazy_gettext("Why it goes on all the same"), limit=Limit.REASON, required=False)

    def fit(self, unmet: Sequence[object]) -> None:
        """Ask only where something is not met."""
        if not unmet:
            del self.go_on, self.although

    def decided(self) -> bool:
        """Nothing is to be decided, or both the box and the reason are there."""
        if "go_on" not in self:
            return True
        if not self.go_on.data:
            self.go_on.errors = [gettext("Tick this to go on, or waive the rule for the applicant.")]
        elif not self.although.data:
            self.although.errors = [gettext("Say why it goes on although a rule is not met.")]
        return not self.errors

    @property
    def reason_to_go_on(self) -> str:
        """The reason, where the box is ticked."""
        return self.although.data if "go_on" in self and self.go_on.data else ""


class Sent(GoingOn):
    """Sending the packet that was read."""

    packet_id = HiddenField()
    """The packet that was on the page."""
    read = Declaration(lazy_gettext("I have read the packet and the list of who gets it"))


class Answered(Form):
    """The sponsor's outcome."""

    result = Picked(lazy_gettext("Outcome"))
    amount = Money(lazy_gettext("Amount awarded"), required=False)
    reference = Line(lazy_gettext("The sponsor's reference"), limit=Limit.REFERENCE, required=False)
    reason = Paragraph(lazy_gettext("The sponsor's reason, for the applicant"), limit=Limit.REASON, required=False)

    @classmethod
    def made(cls) -> Answered:
        """The form with every outcome."""
        form = cls()
        form.result.offer(told({str(key): words for key, words in OUTCOMES.items()}))
        return form


class Invited(Form):
    """A reviewer from outside."""

    name = Line(lazy_gettext("Name"), limit=Limit.NAME)
    email = Email(lazy_gettext("E-mail address"))
    organisation = Line(lazy_gettext("Organisation"), limit=Limit.NAME, required=False)
    expertise = Paragraph(lazy_gettext("Expertise"), limit=Limit.ABSTRACT, required=False)


class _Asked(Form):
    """What asking one reviewer or several has in common: whether they are asked first, and until when they answer."""

    due_at = Moment(lazy_gettext("Reviews are due at"))
    ask_first = Declaration(lazy_gettext("Ask first whether they will"), must=False)
    reply_by = Moment(lazy_gettext("Answer wanted by"), required=False)

    def timed(self) -> bool:
        """Whoever is asked first knows until when to answer."""
        if self.ask_first.data and self.reply_by.data is None:
            self.reply_by.errors = [gettext("Say by when they answer, or take the tick away if they agreed already.")]
        return not self.reply_by.errors

    @property
    def answer_by(self) -> datetime | None:
        """Until when they answer; None where they have agreed already."""
        return self.reply_by.data if self.ask_first.data else None


class AskedSeveral(GoingOn, _Asked):
    """Forwarding to reviewers; ``why_<person's id>`` says why somebody with a warning is asked all the same."""

    reviewers = Several(lazy_gettext("Reviewers"))
    lead = Picked(lazy_gettext("Lead reviewer"))


class AskedOne(_Asked):
    """Asking one more reviewer."""

    reviewers = Picked(lazy_gettext("Reviewer"))
    lead = Declaration(lazy_gettext("They lead the panel from now on"), must=False)


def asking(kind: type[_Asked], warned: Iterable[int], people: Sequence[tuple[int, str]], **given: object) -> _Asked:
    """A form of ``kind`` that offers ``people`` (id and name), with a place for a reason for each id of ``warned``."""
    reasons = {
        f"why_{each}": Paragraph(lazy_gettext("Why they are asked all the same"), limit=Limit.REASON, required=False)
        for each in warned
    }
    form: _Asked = type(kind.__name__, (kind,), reasons)(data=given)
    for field in (form["reviewers"], form["lead"]):
        if isinstance(field, Picked | Several):
            field.offer(people)
    return form
