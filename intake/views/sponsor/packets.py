"""The packets that lie before a sponsor's contact."""

from __future__ import annotations

from math import ceil

from flask import render_template, request
from flask.typing import ResponseReturnValue

from intake.forward.queries import count_sent_to, sent_to
from intake.views.gate import actor, door
from intake.views.sponsor import sponsor
from intake.views.sponsor.forms import INTERESTS
from intake.views.sponsor.words import STANDS
from intake.views.typed import line, without_unkeepable
from intake.vocabulary import Action, Limit

ROWS = 50


@door(sponsor, "/packets", Action.AREA_SPONSOR)
def packets() -> ResponseReturnValue:
    """The newest packet of each proposal that was sent to the actor's sponsor: those that wait for an answer first."""
    words = line(without_unkeepable(request.args.get("q", "")))[: Limit.NAME]
    total, waiting = count_sent_to(actor(), words)
    pages = max(1, ceil(total / ROWS))
    page = min(max(request.args.get("page", 1, type=_whole), 1), pages)
    return render_template(
        "sponsor/packets.html",
        rows=sent_to(actor(), words, (page - 1) * ROWS, ROWS),
        words=words,
        total=total,
        waiting=waiting,
        page=page,
        pages=pages,
        interests=INTERESTS,
        stands=STANDS,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
