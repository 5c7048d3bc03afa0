"""The panel's decision, which its lead reviewer records."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.decision.operations import decide
from intake.errors import Incomplete
from intake.proposal.models import Proposal
from intake.review.models import Assignment
from intake.review.queries import of_proposal, with_criteria
from intake.review.scoring import mean, spread
from intake.views.faces import reviewer_name
from intake.views.gate import actor, door
from intake.views.reviewer import reviewer
from intake.views.reviewer.ended import assigned
from intake.views.reviewer.forms import RECOMMENDATIONS, DecisionForm
from intake.views.reviewer.place import rendered_key
from intake.vocabulary import Action, ReviewState, Verdict

FAR_APART = Decimal("1.5")
"""A spread from here on is marked: reviewers read the proposal differently."""


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion (or the overall score) with each reviewer's value, in the order of the reviews."""

    name: str
    weight: int | None
    values: list[Decimal]
    mean: Decimal | None
    spread: Decimal | None

    @property
    def far_apart(self) -> bool:
        """Whether the reviewers differ much."""
        return self.spread is not None and self.spread >= FAR_APART


@door(
    reviewer,
    "/reviews/<id:proposal_id>/decision",
    Action.PROPOSAL_DECIDE,
    assigned,
    methods=["GET", "POST"],
    once=True,
)
def decision(proposal: Proposal) -> ResponseReturnValue:
    """All submitted reviews side by side, and the form of the decision."""
    form = DecisionForm()
    if request.method == "GET":
        return _page(proposal, form)
    if not form.validate():
        return _page(proposal, form), 422
    try:
        decide(
            proposal,
            Verdict(str(form.verdict.data)),
            form.rationale.data or "",
            form.feedback.data or "",
            by=actor(),
            recommended_minor=form.recommended_minor.data,
        )
    except Incomplete as error:
        form.blame(error)
        return _page(proposal, form), 422
    flash(gettext("The decision on %(number)s is recorded. The office releases it.", number=proposal.number), "success")
    return redirect(url_for("reviewer.review", proposal_id=proposal.id))


def _page(proposal: Proposal, form: DecisionForm) -> str:
    rows = [(place, row) for place, row in enumerate(of_proposal(proposal)) if _counts(row)]
    return render_template(
        "reviewer/decision/decision.html",
        proposal=proposal,
        form=form,
        once=rendered_key(),
        reviews=[(reviewer_name(actor(), proposal, row, place), row.review) for place, row in rows],
        lines=_lines(proposal, [row for _, row in rows]),
        recommendations=RECOMMENDATIONS,
    )


def _counts(row: Assignment) -> bool:
    return row.removed_at is None and row.review is not None and row.review.state is ReviewState.SUBMITTED


def _lines(proposal: Proposal, rows: list[Assignment]) -> list[Line]:
    """The table of scores: a line for each criterion, then the weighted overall score."""
    scores = [{each.criterion_id: Decimal(each.value) for each in row.review.scores} for row in rows if row.review]
    lines = [
        _line(each.name, each.weight, [held[each.id] for held in scores if each.id in held])
        for each in with_criteria(proposal).criteria
    ]
    overall = [row.review.overall for row in rows if row.review and row.review.overall is not None]
    return [*lines, _line(gettext("Overall, weighted"), None, overall)]


def _line(name: str, weight: int | None, values: list[Decimal]) -> Line:
    return Line(name, weight, values, mean(values), spread(values))
