"""The forms of a sponsor's contact: interest, and the outcome."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from intake.views.display import tr
from intake.views.fields import Form, Line, Money, Paragraph, Picked
from intake.vocabulary import Interest, Limit, Outcome, Words, say

INTERESTS: dict[Interest, Words] = {
    Interest.INTERESTED: say("We are interested"),
    Interest.WANTS_TO_TALK: say("We would like to talk first"),
    Interest.NOT_INTERESTED: say("We are not interested"),
}


OUTCOMES: dict[Outcome, Words] = {
    Outcome.SELECTED: say("We select it for funding"),
    Outcome.RESERVE: say("We put it on our reserve list"),
    Outcome.DECLINED: say("We decline it"),
}


class InterestForm(Form):
    """What the sponsor says before the outcome."""

    interest = Picked(lazy_gettext("What do you think of it?"))
    note = Paragraph(lazy_gettext("A word to the office"), limit=Limit.REASON, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.interest.offer((each.value, tr(words)) for each, words in INTERESTS.items())


class OutcomeForm(Form):
    """The sponsor's outcome; ``decision.operations.record_outcome`` says what each result needs."""

    result = Picked(lazy_gettext("Your outcome"))
    amount = Money(lazy_gettext("Amount awarded"), required=False)
    reference = Line(lazy_gettext("Your reference"), limit=Limit.REFERENCE, required=False)
    reason = Paragraph(lazy_gettext("Reason, or a word to the team"), limit=Limit.REASON, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.result.offer((each.value, tr(words)) for each, words in OUTCOMES.items())
