"""The forms by which somebody answers a request to review, on their own page and by the link of their letter; and what
each of their buttons does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from flask_babel import gettext, lazy_gettext

from intake.errors import Incomplete
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.review import answering
from intake.review.coming_back import KNOWN_NOW
from intake.review.refusals import REASONS
from intake.views.display import tr
from intake.views.fields import Email, Form, Line, Paragraph, Picked
from intake.views.reviewer.forms import ConflictForm
from intake.vocabulary import ConflictKind, DeclineReason, Limit, say


class DeclineForm(Form):
    """Why somebody will not review it."""

    decline_reason = Picked(lazy_gettext("Why not?"))
    answer_note = Paragraph(lazy_gettext("A word to the office"), limit=Limit.REASON, required=False)

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        told = {each: words for each, words in REASONS.items() if each is not DeclineReason.CONFLICT}
        self.decline_reason.offer((each.value, _capital(tr(words))) for each, words in told.items())


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class PassForm(Form):
    """Whom somebody suggests instead."""

    passed_to_name = Line(lazy_gettext("Name of your colleague"), limit=Limit.NAME)
    passed_to_email = Email(lazy_gettext("Their e-mail address"), required=False)
    pass_note = Paragraph(lazy_gettext("Why they suit"), limit=Limit.REASON, required=False)


@dataclass(slots=True)
class Answers:
    """The three forms of one page; ``sent`` is the answer whose button was pressed: accept, decline, pass, conflict, or
    nothing. ``ended`` says that a conflict was found when they accepted, which ended it."""

    conflict: ConflictForm
    decline: DeclineForm
    passing: PassForm
    sent: str
    ended: bool = False

    @property
    def pressed(self) -> Form | None:
        """The form that was sent and is shown again with what is wrong."""
        forms: dict[str, Form] = {"conflict": self.conflict, "decline": self.decline, "pass": self.passing}
        return forms.get(self.sent)


def answers() -> Answers:
    """The forms, of which the one that was sent holds what was typed."""
    sent = request.form.get("answer", "") if request.method == "POST" else ""
    return Answers(
        ConflictForm() if sent == "conflict" else ConflictForm(formdata=None),
        DeclineForm() if sent == "decline" else DeclineForm(formdata=None),
        PassForm() if sent == "pass" else PassForm(formdata=None),
        sent,
    )


def act(given: Answers, proposal: Proposal, by: Actor) -> str | None:
    """Do what the pressed button says as ``by``; what to tell them, or None where the form is to be shown again.
    Raises: Incomplete, Refused."""
    if given.pressed is not None and not given.pressed.validate():
        return None
    acts: dict[str, Callable[[], str]] = {
        "accept": lambda: _accept(given, proposal, by),
        "decline": lambda: _decline(given.decline, proposal, by),
        "pass": lambda: _pass(given.passing, proposal, by),
        "conflict": lambda: _conflict(given.conflict, proposal, by),
    }
    if given.sent not in acts:
        raise Incomplete(say("Press one of the buttons."))
    return acts[given.sent]()


def _accept(given: Answers, proposal: Proposal, by: Actor) -> str:
    given.ended = answering.accept(proposal, by=by).removed_at is not None
    if given.ended:
        return tr(KNOWN_NOW)
    return gettext("Thank you. You review it, and declared no conflict of interest.")


def _decline(form: DeclineForm, proposal: Proposal, by: Actor) -> str:
    reason = DeclineReason(str(form.decline_reason.data))
    answering.decline(proposal, reason, form.answer_note.data or "", by=by)
    return gettext("Thank you for the answer. The office is told.")


def _pass(form: PassForm, proposal: Proposal, by: Actor) -> str:
    name, email = form.passed_to_name.data or "", form.passed_to_email.data or ""
    answering.pass_on(proposal, name, email, form.pass_note.data or "", by=by)
    return gettext("Thank you. The office has your suggestion and decides whether to ask them.")


def _conflict(form: ConflictForm, proposal: Proposal, by: Actor) -> str:
    answering.declare(proposal, ConflictKind(str(form.kind.data)), form.note.data or "", by=by)
    return gettext("Thank you. Your conflict is noted and the office is told; the proposal is no longer open to you.")
