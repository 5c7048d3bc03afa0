"""What waits for a reviewer, and what they have done."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake import clock
from intake.review import queries
from intake.review.by_link import told
from intake.review.models import Assignment
from intake.review.queries import InLine, Tally
from intake.review.refusals import refused_by
from intake.views.gate import actor, door
from intake.views.reviewer import reviewer
from intake.vocabulary import Action, ReviewerAnswer, ReviewState, State

ROWS = 50
TO_DO = ("answer", "declare", "begin", "draft")


@dataclass(frozen=True, slots=True)
class Row:
    """One proposal in the queue. ``step`` is answer, declare, begin, draft, submitted or closed."""

    assignment: Assignment
    step: str
    late: bool
    decidable: bool


@door(reviewer, "/reviews", Action.AREA_REVIEWS)
def queue() -> ResponseReturnValue:
    """The queue: what is to do first, by due date; then what is done. 50 rows a page."""
    line = queries.line_of(actor())
    todo = [each for each in line if each.open]
    pages = max(1, ceil(len(line) / ROWS))
    page = min(max(request.args.get("page", 1, type=_whole), 1), pages)
    rows = _rows(line[(page - 1) * ROWS : page * ROWS])
    return render_template(
        "reviewer/queue.html",
        todo=[row for row in rows if row.step in TO_DO],
        done=[row for row in rows if row.step in ("submitted", "closed")],
        total=len(line),
        left=len(todo),
        late=sum(1 for each in todo if each.owed and each.due_at < clock.now()),
        due_at=todo[0].due_at if todo else None,
        next_url=url_for("reviewer.review", proposal_id=todo[0].proposal_id) if todo else None,
        refused=refused_by(actor()),
        said=told,
        page=page,
        pages=pages,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _rows(places: list[InLine]) -> list[Row]:
    """The places with what the page tells of each. Statements: 3."""
    numbers = [each.proposal_id for each in places]
    cleared = queries.cleared_by(actor(), numbers)
    tallies = queries.tallies(numbers, clock.now())
    return [
        _row(each, each.proposal_id in cleared, tallies.get(each.proposal_id, queries.NONE_ASKED))
        for each in queries.queue_of(actor(), numbers)
    ]


def _row(assignment: Assignment, cleared: bool, tally: Tally) -> Row:
    review, proposal = assignment.review, assignment.proposal
    step = "begin" if cleared else "declare"
    if review is not None and review.state is ReviewState.SUBMITTED:
        step = "submitted"
    elif proposal.state is not State.IN_REVIEW:
        step = "closed"
    elif assignment.answer is ReviewerAnswer.ASKED:
        step = "answer"
    elif review is not None and cleared:
        step = "draft"
    decidable = (
        assignment.lead
        and step == "submitted"
        and proposal.state is State.IN_REVIEW
        and tally.submitted >= proposal.call.reviews_needed
    )
    owed = step in TO_DO and step != "answer"
    return Row(assignment, step, owed and assignment.due_at < clock.now(), decidable)
