"""What reviewers and contacts work on: the list from which a coordinator opens a profile."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from intake.match.profiles import listed
from intake.views.coordinator import coordinator
from intake.views.gate import actor, door
from intake.views.roles import ROLE_WORDS
from intake.vocabulary import Action, Limit, Role

ROWS = 50
SHOWN_ROLES = (Role.REVIEWER, Role.SPONSOR_CONTACT)


@door(coordinator, "/desk/expertise", Action.AREA_DESK)
def profiles() -> ResponseReturnValue:
    """Reviewers and contacts by name, 50 a page. Statements: as ``profiles.listed``."""
    words = " ".join(request.args.get("q", "").replace("\x00", "").split())[: Limit.NAME]
    number = request.args.get("page", "1")
    page = max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 8 else 1
    rows, total = listed(actor(), words, (page - 1) * ROWS, ROWS)
    return render_template(
        "coordinator/profiles/list.html",
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // ROWS)),
        words=words,
        role_words={each: ROLE_WORDS[each] for each in SHOWN_ROLES},
    )
