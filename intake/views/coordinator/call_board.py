"""The match board from the other side: a theme, a contact or a reviewer, and the proposals of a call that suit it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import render_template, request
from flask.typing import ResponseReturnValue

from intake import clock
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.desk.suited import SHOWN, Suited, suited_to, targets_of
from intake.opening import sealed_at
from intake.proposal.queries import folded
from intake.views.beside import told_beside
from intake.views.coordinator import coordinator
from intake.views.coordinator.board import asked_kind, stepped_on, words
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

TARGETS = 60
"""So many themes, contacts or reviewers are offered at once; the rest is found by name."""


@door(coordinator, "/desk/calls/<code>/board", Action.CALL_OVERSEE, call_with)
def call_board(call: Call) -> ResponseReturnValue:
    """The other side: the themes, contacts or reviewers of a call, and the proposals that suit the one chosen."""
    kind, chosen = asked_kind(), request.args.get("target", 0, type=int)
    sealed = sealed_at(call, clock.now())
    targets = targets_of(call, kind, seen_by=actor())
    target = next((each for each in targets if each.id == chosen), None)
    sought = folded(request.args.get("q", "")[: Limit.NAME]).split()
    offered = [each for each in targets if all(part in folded(f"{each.name} {each.under}") for part in sought)]
    page = max(1, min(request.args.get("page", 1, type=int), 10**6))
    rows: Sequence[Suited] = []
    total = 0
    if target is not None and not sealed:
        rows, total = suited_to(call, kind, target.id, seen_by=actor(), first=(page - 1) * SHOWN)
    return render_template(
        "coordinator/board/call.html",
        call=call,
        kind=kind,
        targets=offered[:TARGETS],
        more=len(offered) - len(offered[:TARGETS]),
        sought=request.args.get("q", "").strip()[: Limit.NAME],
        target=target,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // SHOWN)),
        sealed=sealed,
        once=secrets.token_urlsafe(16),
        stepped_on=stepped_on(),
        told_beside=told_beside(),
        **words(),
    )
