"""The forms of batches of assignments. Scores are shown and typed as points, from 0 to 100 for each pair."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField

from intake.call.models import Call
from intake.review.bounds import MOST_REVIEWS, wrong_dates
from intake.review.uploading import MOST_BYTES
from intake.review.wishes import USUAL_STABILITY
from intake.views.coordinator.acting import in_days
from intake.views.display import tr
from intake.views.fields import Declaration, Form, Line, Moment, Paragraph, Picked, Several, Whole
from intake.vocabulary import Limit, Objective

DAYS_TO_REVIEW, DAYS_TO_ANSWER = 21, 7
MOST_POINTS = 100_000
POINTS = 100
LONGEST = 12
"""More signs than any number here has."""


class Tenths(Whole):
    """A number with at most three decimals from ``least`` to ``most``; data is a float."""

    def read(self, text: str) -> float:  # type: ignore[override]
        """``text`` as a number. Raises ValueError with a sentence for the person."""
        try:
            number = Decimal(text.strip()) if len(text.strip()) <= LONGEST else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite() or not self.least <= number <= self.most:
            bounds = {"least": f"{self.least:,}", "most": f"{self.most:,}"}
            raise ValueError(gettext("Write a number from %(least)s to %(most)s, such as 0.2.", **bounds))
        return round(float(number), 3)

    def written(self, data: float) -> str:
        """``data`` as a person would type it."""
        return f"{data:g}"


def objectives() -> list[tuple[str, str]]:
    """What can be looked for, in words."""
    return [
        (Objective.FAIR.value, gettext("Fair: the worst-served proposal as good as possible, then the best total")),
        (Objective.TOTAL.value, gettext("Total: the best sum of all scores, whoever comes off badly")),
    ]


class Dates(Form):
    """When reviews are due, and until when reviewers answer."""

    due_at = Moment(lazy_gettext("Reviews are due at"))
    ask_first = Declaration(lazy_gettext("Ask them first: they accept or decline"), must=False)
    reply_by = Moment(lazy_gettext("They answer by"), required=False)

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every field is right, and the dates are in order; all that is wrong is said at once."""
        super().validate(extra_validators)
        for name, words in wrong_dates(self.due_at.data, self.until).items():
            self[name].errors = [*self[name].errors, tr(words)]
        if self.ask_first.data and self.reply_by.data is None and not self.reply_by.errors:
            self.reply_by.errors = [gettext("Say until when they answer.")]
        return not self.errors

    @property
    def until(self) -> datetime | None:
        """Until when they answer, or None where they have agreed already."""
        found: datetime | None = self.reply_by.data if self.ask_first.data else None
        return found


class Dated(Dates):
    """What every batch says of asking: its name and its dates."""

    name = Line(lazy_gettext("Name of the batch"), limit=Limit.NAME)

    @classmethod
    def usual(cls, call: Call, name: str) -> dict[str, object]:
        """What the form begins with."""
        due = call.review_due_at or in_days(DAYS_TO_REVIEW)
        first = {"ask_first": True, "reply_by": in_days(DAYS_TO_ANSWER)}
        return {"name": name, "due_at": max(due, in_days(DAYS_TO_ANSWER + 1))} | first


class Wished(Form):
    """What the engine looks for."""

    objective = Picked(lazy_gettext("What to look for"))
    floor = Tenths(lazy_gettext("Every proposal at least (points)"), most=MOST_POINTS, required=False)
    stability = Tenths(
        lazy_gettext("Percent of the best total to give up so that fewer pairs change"),
        most=5,
        render_kw={"data-slide": "0.1", "data-least": "0", "data-most": "5"},
    )
    threshold = Tenths(lazy_gettext("Point out proposals below (points)"), most=MOST_POINTS, required=False)


class Proposed(Dated, Wished):
    """A new batch."""

    proposals = Several(lazy_gettext("Proposals"))
    reviewers = Several(lazy_gettext("Reviewers"))
    need = Whole(lazy_gettext("Reviews for each proposal"), least=1, most=MOST_REVIEWS)

    @classmethod
    def usual(cls, call: Call, name: str) -> dict[str, object]:
        """What the form begins with."""
        wished = {"objective": Objective.FAIR.value, "stability": USUAL_STABILITY, "need": call.reviews_needed}
        return super().usual(call, name) | wished


class Uploaded(Dated):
    """A list of pairs: a file, or the text of one that was read already."""

    file = FileField(lazy_gettext("The list (CSV)"))  # type: ignore[arg-type]
    text = Paragraph(lazy_gettext("Or paste it here"), limit=MOST_BYTES, required=False)


class Kept(Form):
    """Keeping an adjustment; the reason is needed where a conflict warns."""

    reason = Paragraph(lazy_gettext("Why they are asked all the same"), limit=Limit.REASON, required=False)


class Applied(Form):
    """Applying a batch whose letters and pairs were read."""

    although = Paragraph(lazy_gettext("Why they go on although a rule is not met"), limit=Limit.REASON, required=False)
    read = Declaration(lazy_gettext("I have read who is asked and the letters"))
