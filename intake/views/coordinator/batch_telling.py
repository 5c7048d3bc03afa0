"""How changes of a batch, and of what it was made from, read on a page."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from intake.review.batches import Named
from intake.review.differing import Changed
from intake.review.wishes import Said
from intake.views.display import state_label, tr
from intake.vocabulary import BatchState, Words, say

STATES: dict[BatchState, Words] = {
    BatchState.PROPOSED: say("Proposed"),
    BatchState.APPLIED: say("Applied"),
    BatchState.REVERTED: say("Reverted"),
    BatchState.DISCARDED: say("Discarded"),
}
DESKS: dict[BatchState, str] = {
    BatchState.PROPOSED: "office",
    BatchState.APPLIED: "reviewers",
    BatchState.REVERTED: "closed",
    BatchState.DISCARDED: "closed",
}
_ACTS: dict[str, Words] = {
    "force": say("Forced: %(reviewer)s on %(proposal)s"),
    "forbid": say("Forbidden: %(reviewer)s on %(proposal)s"),
    "lock": say("Locked: %(reviewer)s on %(proposal)s"),
    "release": say("Left to the engine: %(reviewer)s on %(proposal)s"),
    "lead": say("%(reviewer)s leads %(proposal)s"),
    "swap": say("Swapped: %(reviewer)s on %(proposal)s with another pair"),
    "load": say("%(reviewer)s has at most %(number)s in this call"),
    "need": say("%(proposal)s needs %(number)s reviews"),
    "floor": say("Every proposal at least %(number)s points, as far as possible"),
    "repair": say("Largest loads raised so that nobody is short"),
    "wishes": say("Other wishes"),
    "dates": say("Other dates"),
    "renew": say("Solved again from the data of that moment"),
}
_CHANGES: dict[str, Words] = {
    "left": say("%(proposal)s is not to be assigned any more."),
    "came": say("%(proposal)s is to be assigned now."),
    "state": say("%(proposal)s was: %(was)s. Now it is: %(now)s."),
    "team": say("The team of %(proposal)s changed."),
    "lead": say("%(reviewer)s leads the review of %(proposal)s now."),
    "reviewer_left": say("%(reviewer)s reviews no more."),
    "reviewer_came": say("%(reviewer)s reviews now."),
    "load": say("%(reviewer)s may have %(now)s reviews in this call (before: %(was)s)."),
    "least": say("%(reviewer)s should have %(now)s reviews in this call at least (before: %(was)s)."),
    "has": say("%(reviewer)s has %(now)s reviews on other proposals of this call (before: %(was)s)."),
    "asked": say("%(reviewer)s was asked to review %(proposal)s."),
    "taken_off": say("%(reviewer)s reviews %(proposal)s no more."),
    "score": say("The score of %(reviewer)s on %(proposal)s is %(now)s points now (before: %(was)s)."),
}
_BARS: dict[str | None, Words] = {
    "block": say("%(reviewer)s may not review %(proposal)s now: a conflict blocks."),
    "warn": say("A conflict of %(reviewer)s with %(proposal)s warns now."),
    "away": say("%(reviewer)s declined a review in this call as too busy or away."),
    "said_no": say("%(reviewer)s said no to %(proposal)s."),
    None: say("Nothing stands between %(reviewer)s and %(proposal)s any more."),
}
MARKS: dict[str, Words] = {
    "block": say("A conflict blocks"),
    "warn": say("A conflict warns: choosing them needs a reason"),
    "away": say("Declined a review in this call: choosing them needs a reason"),
    "said_no": say("Said no to this proposal before"),
    "full": say("Full: has as many reviews as they may"),
    "taken": say("No place is left: its reviewers review it already, are forced or locked"),
    "less": say("Scores no more than who is there"),
    "kept": say("A pair of the version before is kept, so that fewer pairs change"),
    "elsewhere": say("All proposals together come out better without, or a smallest load asks for another"),
    "forbidden": say("Forbidden in this batch"),
}
CAME_BY: dict[str, Words] = {
    "standing": say("reviews it already"),
    "forced": say("forced"),
    "locked": say("locked"),
    "held": say("as in the version before"),
    "solver": say("chosen by the engine"),
    "upload": say("from the list"),
}


def points(score: float | None) -> float:
    """A score in points, as the pages show it: what is added and taken away must agree with what is read."""
    return round((score or 0.0) * 100, 1)


def said(change: Said | None, proposals: Mapping[int, Named], names: Mapping[int, str]) -> str:
    """A change of the wishes in words; the first version is what was proposed."""
    if change is None:
        return gettext("As proposed")
    values = {
        "proposal": _number(change.proposal_id, proposals),
        "reviewer": names.get(change.reviewer_id or 0, gettext("somebody")),
        "number": "" if change.number is None else f"{change.number:{'.1f' if change.act == 'floor' else 'g'}}",
    }
    return tr(Words(_ACTS[change.act].text, values)) if change.act in _ACTS else change.act


def changed(change: Changed, proposals: Mapping[int, Named], names: Mapping[int, str]) -> str:
    """One thing that is not as it was, in words."""
    values = {
        "proposal": _number(change.proposal_id, proposals),
        "reviewer": names.get(change.reviewer_id or 0, gettext("Somebody")),
        "was": _value(change, change.was),
        "now": _value(change, change.now),
    }
    words = _BARS[change.now] if change.what == "bar" else _CHANGES[change.what]
    return tr(Words(words.text, values))


def _number(proposal_id: int | None, proposals: Mapping[int, Named]) -> str:
    known = proposals.get(proposal_id or 0)
    return known.number if known else gettext("a proposal")


def _value(change: Changed, value: object) -> str:
    if change.what in ("state", "left", "came"):
        return state_label(str(value)) if value else ""
    if change.what == "score":
        return gettext("none") if value is None else f"{float(str(value)) * 100:.1f}"
    return "" if value is None else str(value)
