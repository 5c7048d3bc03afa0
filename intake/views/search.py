"""Search over every proposal that the person may see, whatever their role: the same rows that the policy allows."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from intake.proposal.queries import found_by
from intake.views.gate import actor, door
from intake.vocabulary import Action

search = Blueprint("search", __name__)
SHOWN = 50


@door(search, "/search", Action.SIGNED_IN)
def results() -> ResponseReturnValue:
    """Proposals whose number, title, keywords or abstract hold the words, newest first."""
    words = " ".join(request.args.get("q", "").split())[:200]
    rows = found_by(actor(), words, SHOWN + 1) if words else []
    return render_template("search/results.html", words=words, rows=rows[:SHOWN], more=len(rows) > SHOWN)
