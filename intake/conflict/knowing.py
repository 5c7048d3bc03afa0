"""What the office knows of conflicts of those who review: so it is told of each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intake import clock
from intake.conflict.evidence import Evidence
from intake.conflict.levels import WEIGHT
from intake.conflict.models import Notice
from intake.extensions import db
from intake.vocabulary import ConflictLevel, ConflictRule


def noted(notice: Notice | None, proposal_id: int, person_id: int, rule: ConflictRule, level: ConflictLevel) -> Notice:
    """The notice, changed or new, that the office knows of it at this level from now on."""
    if notice is None:
        notice = Notice(proposal_id=proposal_id, person_id=person_id, rule=rule)
        db.session.add(notice)
    notice.level, notice.noted_at = level, clock.now()
    return notice


def known_when_asked(
    proposal_id: int, person_id: int, evidence: Iterable[Evidence], known: Mapping[ConflictRule, Notice]
) -> None:
    """The office saw this evidence when it asked the person to review, so no letter tells of it later; ``known`` is
    what it knew of them before, by rule. Statements: none."""
    heaviest: dict[ConflictRule, ConflictLevel] = {}
    for each in sorted(evidence, key=lambda each: WEIGHT[each.level]):
        heaviest[each.rule] = each.level
    for rule, level in heaviest.items():
        notice = known.get(rule)
        if notice is None or notice.level is not level:
            noted(notice, proposal_id, person_id, rule, level)
