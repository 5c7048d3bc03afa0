"""The rules of the call beside the writing: how the proposal stands to each now, and where that can be mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.proposal.models import Proposal
from intake.proposal.rulebook import Judged, Standing, judged
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.faculty.progress import part_url
from intake.views.gate import door
from intake.vocabulary import Action, Words, say

WORDS: dict[Standing, Words] = {
    Standing.MET: say("Met"),
    Standing.UNMET: say("Not met"),
    Standing.WARNED: say("Please look: this stops nothing"),
    Standing.WAIVED: say("Waived by the office"),
    Standing.JUDGED: say("The office judges this"),
}
ICONS: dict[Standing, str] = {
    Standing.MET: "tick",
    Standing.UNMET: "stop",
    Standing.WARNED: "mind",
    Standing.WAIVED: "note",
    Standing.JUDGED: "eye",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One rule of the card. ``reasons`` are sentences, each with the address where it can be mended."""

    text: str
    source: str
    standing: str
    word: str
    icon: str
    reasons: Sequence[tuple[str, str]]
    waived: str


def rule_lines(rules: Sequence[Judged], proposal: Proposal) -> list[Line]:
    """The lines of the card ``rules_card`` (``faculty/rules.html``), in the order of the call's rules."""
    return [
        Line(
            text=each.rule.text,
            source=each.rule.source,
            standing=each.standing.value,
            word=tr(WORDS[each.standing]),
            icon=ICONS[each.standing],
            reasons=[(tr(fault.reason), part_url(proposal, fault.part, fault.field)) for fault in each.faults],
            waived=each.waiver.reason if each.waiver and each.standing is Standing.WAIVED else "",
        )
        for each in rules
    ]


@door(faculty, "/proposals/<id:proposal_id>/rules", Action.PROPOSAL_VIEW_AS_TEAM, whole)
def rules(proposal: Proposal) -> ResponseReturnValue:
    """The card alone, for the page that has just saved; whoever comes by the address sees the check."""
    if "HX-Request" not in request.headers:
        return redirect(url_for("faculty.check", proposal_id=proposal.id))
    lines = rule_lines(judged(proposal), proposal)
    return render_template("faculty/rules_card.html", lines=lines, proposal=proposal)
