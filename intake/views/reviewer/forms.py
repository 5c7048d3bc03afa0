"""The forms of a reviewer: the declaration, the review with its call's criteria, the panel's decision."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext, lazy_gettext

from intake.call.models import Call
from intake.conflict.evidence import KINDS
from intake.decision.letters import VERDICTS
from intake.review.models import Review
from intake.review.writing import Written
from intake.views.display import tr
from intake.views.fields import Declaration, Form, Money, Paragraph, Picked
from intake.vocabulary import Limit, Recommendation, Words, say

SCORE = "criterion_"
TEXTS = ("for_applicant", "for_office", "note", "rationale", "feedback")
RECOMMENDATIONS: dict[Recommendation, Words] = {
    Recommendation.FORWARD: say("Forward it to the sponsor"),
    Recommendation.RESERVE: say("Keep it in reserve"),
    Recommendation.REVISE: say("Ask the applicant to revise it"),
    Recommendation.DECLINE: say("Decline it"),
}


def labels() -> dict[str, Any]:
    """What each text of these forms is called."""
    return {
        "for_applicant": gettext("For the applicant"),
        "for_office": gettext("For the office only"),
        "note": gettext("Note to the office"),
        "rationale": gettext("Rationale, for the office"),
        "feedback": gettext("Feedback, to the applicant"),
    }


class ConflictForm(Form):
    """A conflict with its kind."""

    kind = Picked(lazy_gettext("What stands between you and this proposal?"))
    note = Paragraph(lazy_gettext("Note to the office"), limit=Limit.REASON, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.kind.offer((kind.value, tr(words)) for kind, words in KINDS.items())


class DecisionForm(Form):
    """The panel's decision."""

    verdict = Picked(lazy_gettext("The panel decides"))
    recommended_minor = Money(lazy_gettext("Amount recommended"), required=False)
    rationale = Paragraph(lazy_gettext("Rationale, for the office"), limit=Limit.COMMENT)
    feedback = Paragraph(lazy_gettext("Feedback, to the applicant"), limit=Limit.COMMENT, required=False)
    sure = Declaration(lazy_gettext("This is the panel's decision, and I record it as the lead reviewer"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.verdict.offer((verdict.value, tr(words)) for verdict, words in VERDICTS.items())


def review_form(call: Call, review: Review | None) -> Any:
    """The review of a call with those criteria, filled with what is saved. A draft may leave anything open, so no field
    is required here; ``writing.submit`` says what a whole review needs."""
    fields: dict[str, Any] = {
        f"{SCORE}{each.id}": Picked(
            each.name,
            choices=[(value, str(value)) for value in range(each.least, each.most + 1)],
            required=False,
        )
        for each in call.criteria
    }
    fields["recommendation"] = Picked(
        gettext("I recommend"), [(each.value, tr(words)) for each, words in RECOMMENDATIONS.items()], required=False
    )
    fields["for_applicant"] = Paragraph(gettext("For the applicant"), limit=Limit.COMMENT, required=False)
    fields["for_office"] = Paragraph(gettext("For the office only"), limit=Limit.COMMENT, required=False)
    return type("ReviewForm", (Form,), fields)(data=saved(review))


def saved(review: Review | None) -> dict[str, Any]:
    """What a review holds, as the form's data; ``scores`` must be loaded."""
    if review is None:
        return {}
    return {f"{SCORE}{each.criterion_id}": str(each.value) for each in review.scores} | {
        "recommendation": review.recommendation.value if review.recommendation else None,
        "for_applicant": review.for_applicant,
        "for_office": review.for_office,
    }


def strangers(call: Call) -> bool:
    """Whether the form that was sent scores a criterion that the call does not have."""
    ours = {f"{SCORE}{each.id}" for each in call.criteria}
    return any(name.startswith(SCORE) and name not in ours for name in request.form)


def written_in(form: Any, call: Call) -> Written:
    """What a valid form says."""
    scores = {each.id: int(data) for each in call.criteria if (data := form[f"{SCORE}{each.id}"].data) is not None}
    chosen = form.recommendation.data
    return Written(
        scores, Recommendation(chosen) if chosen else None, form.for_applicant.data or "", form.for_office.data or ""
    )


def holds(review: Review | None, written: Written) -> bool:
    """Whether those very words and scores are what is saved; ``scores`` must be loaded."""
    return review is not None and written == Written(
        {each.criterion_id: each.value for each in review.scores},
        review.recommendation,
        review.for_applicant,
        review.for_office,
    )
