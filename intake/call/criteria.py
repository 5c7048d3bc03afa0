"""The rubric of a call: its criteria as the office writes them, until a review has begun."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from intake.call.arranging import enter, note, release
from intake.call.models import Call, Criterion
from intake.call.setup import OF_CRITERION, row
from intake.errors import Incomplete
from intake.extensions import db
from intake.policy import Actor
from intake.vocabulary import Words, say

MOST_CRITERIA = 20
LEAST_VALUE, MOST_VALUE = 0, 10


@dataclass(frozen=True, slots=True)
class Scale:
    """A criterion as the office writes it; ``code`` is empty for a new one. ``weight`` is in percent."""

    code: str
    name: str
    question: str
    weight: int
    least: int
    most: int
    anchors: dict[str, str] = field(default_factory=dict)


def change_rubric(call: Call, scales: Sequence[Scale], *, version: int, by: Actor) -> bool:
    """Make the criteria of the call what ``scales`` say, in their order.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete where a review has begun,
    or at ``<field>-<place>``. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    before = rows_of(call)
    wanted = _coded(call, scales)
    if wanted == before:
        return False
    release(call, "rubric")
    if wrong := _wrong(scales):
        raise Incomplete(say("The rubric does not fit."), wrong)
    set_rubric(call, wanted)
    note(call, {"rubric": [before, rows_of(call)]}, by=by)
    return True


def set_rubric(call: Call, rows: Sequence[dict[str, Any]]) -> None:
    """Make the criteria what ``rows`` of a setup say. Nothing is noted: whoever sets several parts notes them
    together."""
    known = {criterion.code: criterion for criterion in call.criteria}
    named = {each["code"] for each in rows}
    for criterion in [each for each in call.criteria if each.code not in named]:
        call.criteria.remove(criterion)
        db.session.delete(criterion)
    db.session.flush()
    wanted = []
    for position, each in enumerate(rows):
        criterion = known.get(each["code"]) or Criterion(call_id=call.id, code=each["code"])
        for name in OF_CRITERION:
            setattr(criterion, name, dict(each[name]) if name == "anchors" else each[name])
        criterion.position = position
        wanted.append(criterion)
    call.criteria[:] = wanted


def rows_of(call: Call) -> list[dict[str, Any]]:
    """The criteria as a setup has them."""
    return [row(each, OF_CRITERION) for each in call.criteria]


def _coded(call: Call, scales: Sequence[Scale]) -> list[dict[str, Any]]:
    """The rows, with a code for each new criterion: the first number that no criterion of the call has had."""
    known, used = {each.code for each in call.criteria}, set[str]()
    rows, number = [], 0
    for scale in scales:
        code = scale.code if scale.code in known - used else ""
        while not code or code in used or (code != scale.code and code in known):
            number += 1
            code = f"criterion-{number}"
        used.add(code)
        rows.append({**asdict(scale), "code": code})
    return [{name: each[name] for name in OF_CRITERION} for each in rows]


def _wrong(scales: Sequence[Scale]) -> dict[str, Words]:
    wrong: dict[str, Words] = {}
    for place, scale in enumerate(scales):
        if not scale.name:
            wrong[f"name-{place}"] = say("Give the criterion a name.")
        if not 1 <= scale.weight <= 100:
            wrong[f"weight-{place}"] = say("From 1 to 100 percent.")
        if not LEAST_VALUE <= scale.least < scale.most <= MOST_VALUE:
            wrong[f"most-{place}"] = say(
                "The scale goes up, from %(least)s at the least to %(most)s at the most.",
                least=LEAST_VALUE,
                most=MOST_VALUE,
            )
    total = sum(scale.weight for scale in scales)
    if scales and total != 100:
        place = len(scales) - 1
        wrong.setdefault(
            f"weight-{place}", say("The weights add up to %(total)s; they must add up to 100.", total=total)
        )
    if len(scales) > MOST_CRITERIA:
        wrong["more"] = say("At most %(most)s criteria.", most=MOST_CRITERIA)
    return wrong
