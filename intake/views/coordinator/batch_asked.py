"""Which change of a batch an address or a form asks for, checked against what the batch was made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from intake.errors import Incomplete
from intake.review import wishes
from intake.review.gathering import Facts
from intake.review.models import Batch
from intake.review.wishes import Pair, Said, Wishes
from intake.views.coordinator.batch_forms import POINTS
from intake.views.fields import whole_number
from intake.vocabulary import Objective, say

LONGEST = 12
"""More digits than any number here has."""
FIELDS = ("act", "proposal", "reviewer", "other_proposal", "other_reviewer", "number")
ON_PAIRS: dict[str, Callable[[Wishes, Pair], Wishes]] = {
    "forbid": wishes.forbid,
    "lock": wishes.lock,
    "release": wishes.release,
    "lead": wishes.lead,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A change: what it does to the wishes (given the reason that was typed), how it is told, and its parts as they
    were sent, for a form that sends them again."""

    act: Callable[[Wishes, str], Wishes]
    said: Said
    sent: Mapping[str, str]

    @property
    def pair(self) -> Pair | None:
        """The pair that would be forced, where one is."""
        if self.said.act != "force" or self.said.proposal_id is None or self.said.reviewer_id is None:
            return None
        return self.said.proposal_id, self.said.reviewer_id


def asked(batch: Batch, facts: Facts, values: Mapping[str, str]) -> Asked:
    """The change that was asked for. Raises Incomplete for one that is none, or that names what is not in the batch; at
    ``number`` for a number that is none."""
    sent = {name: values[name] for name in FIELDS if values.get(name)}
    if "-" in values.get("other", ""):  # a list that drops down sends both in one
        sent["other_proposal"], _, sent["other_reviewer"] = values["other"].partition("-")
    act = sent.get("act", "")
    if act in ("force", "swap", *ON_PAIRS):
        return _on_pair(act, facts, sent)
    if act == "load":
        reviewer, number = _reviewer(facts, sent, "reviewer"), _number(sent)
        return Asked(lambda w, _: wishes.load(w, reviewer, int(number)), Said(act, None, reviewer, number), sent)
    if act == "need":
        proposal, number = _proposal(facts, sent, "proposal"), _number(sent)
        return Asked(lambda w, _: wishes.need(w, proposal, int(number)), Said(act, proposal, None, number), sent)
    if act == "floor":
        floor = _number(sent, whole=False) / POINTS
        changed = {"floor": floor, "objective": Objective.TOTAL}
        return Asked(lambda w, _: replace(w, **changed), Said(act, number=floor * POINTS), sent)  # type: ignore[arg-type]
    if act == "repair":
        return Asked(lambda w, _: _repaired(w, batch, facts), Said(act), sent)
    raise Incomplete(say("Choose what is to happen."))


def _on_pair(act: str, facts: Facts, sent: Mapping[str, str]) -> Asked:
    pair = _proposal(facts, sent, "proposal"), _reviewer(facts, sent, "reviewer")
    if act == "force":
        return Asked(lambda w, why: wishes.force(w, pair, why), Said(act, *pair), sent)
    if act == "swap":
        other = _proposal(facts, sent, "other_proposal"), _reviewer(facts, sent, "other_reviewer")
        return Asked(lambda w, _: wishes.swap(w, pair, other), Said(act, *pair), sent)
    change = ON_PAIRS[act]
    return Asked(lambda w, _: change(w, pair), Said(act, *pair), sent)


def _repaired(now: Wishes, batch: Batch, facts: Facts) -> Wishes:
    """Loads raised as the smallest repair says; it speaks of the room within the batch."""
    for reviewer, _, after in (batch.result.get("repair") or {}).get("raises", ()):
        now = wishes.load(now, reviewer, after + facts["reviewers"][str(reviewer)][2])
    return now


def _proposal(facts: Facts, sent: Mapping[str, str], name: str) -> int:
    if sent.get(name) not in facts["proposals"]:
        raise Incomplete(say("That proposal is not in this batch."))
    return int(sent[name])


def _reviewer(facts: Facts, sent: Mapping[str, str], name: str) -> int:
    if sent.get(name) not in facts["reviewers"]:
        raise Incomplete(say("That reviewer is not in this batch."))
    return int(sent[name])


def _number(sent: Mapping[str, str], *, whole: bool = True) -> float:
    text = sent.get("number", "").strip()
    if len(text) > LONGEST or whole_number(text if whole else text.replace(".", "", 1)) is None:
        raise Incomplete(say("Write a number."), {"number": say("Write a number.")})
    return float(text)
