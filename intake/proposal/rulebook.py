"""What a submission is checked for: the answers that every proposal needs, and the rules of its call.

A rule's row says what it means and where it comes from; its check stands in the catalogue of ``checks``. A rule without
one is for the coordinator to judge at screening. A rule that only warns never stands in the way, nor does one that the
office waived for the principal investigator. The same judgement is shown while the proposal is written, holds at
submission, and is asked again before it is forwarded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from intake.allowance.models import Waiver
from intake.allowance.waived import standing_for
from intake.call.models import Rule
from intake.errors import Incomplete
from intake.proposal import checks_answers, checks_bounds, checks_institution, checks_people, checks_text
from intake.proposal.checks import CATALOGUE, Found, Known, check_of
from intake.proposal.checks_text import PAGES_OF_A_DESCRIPTION, pages, pages_allowed
from intake.proposal.known import known_of
from intake.proposal.loading import fill
from intake.proposal.missing import missing
from intake.proposal.models import Proposal
from intake.proposal.team_checks import team_faults
from intake.vocabulary import RuleLevel, Words, say

__all__ = [
    "CATALOGUE",
    "PAGES_OF_A_DESCRIPTION",
    "Fault",
    "Judged",
    "Judgement",
    "Standing",
    "faults",
    "findings",
    "going_on",
    "judge",
    "judged",
    "pages",
    "pages_allowed",
    "unmet_now",
]
_REGISTERED = (checks_answers, checks_bounds, checks_institution, checks_people, checks_text)


@dataclass(frozen=True, slots=True)
class Fault:
    """What was found: where it can be mended, why, and the rule with its source, if it comes from one.

    ``waived`` is the office's leave to this applicant to go on all the same; ``warns`` makes it a warning, whatever the
    level of the rule.
    """

    part: str
    field: str
    reason: Words
    rule: Rule | None = None
    waived: Waiver | None = None
    warns: bool = False

    @property
    def level(self) -> RuleLevel:
        """Whether it stops a submission or only warns."""
        warns = self.warns or (self.rule is not None and self.rule.level is RuleLevel.WARN)
        return RuleLevel.WARN if warns else RuleLevel.STOP

    @property
    def stops(self) -> bool:
        """It stands in the way: it does not only warn, and nobody waived it."""
        return self.level is RuleLevel.STOP and self.waived is None


class Standing(StrEnum):
    """How a proposal stands to one rule; ``judged`` is by the office: nothing checks it by itself."""

    MET = "met"
    UNMET = "unmet"
    WARNED = "warned"
    WAIVED = "waived"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule of the call and how the proposal stands to it; ``saw`` is what the check looked at, for the office."""

    rule: Rule
    standing: Standing
    faults: Sequence[Fault] = ()
    waiver: Waiver | None = None
    saw: Words | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a proposal stands now: what is missing, each rule of its call in order, and what its team still owes."""

    missing: Sequence[Fault]
    rules: Sequence[Judged]
    team: Sequence[Fault] = ()

    @property
    def findings(self) -> list[Fault]:
        """Everything that was found, warnings and what is waived too: missing answers first, the team, then rules."""
        return [*self.missing, *self.team, *(fault for each in self.rules for fault in each.faults)]

    @property
    def faults(self) -> list[Fault]:
        """Everything that stands in the way of submitting."""
        return [each for each in self.findings if each.stops]

    @property
    def aside(self) -> frozenset[str]:
        """The codes of the rules that are not met, or that the office waived: nobody may be told that they are met."""
        return frozenset(
            each.rule.code
            for each in self.rules
            if each.standing is Standing.WAIVED or any(not fault.warns for fault in each.faults)
        )


def judge(proposal: Proposal) -> Judgement:
    """How the proposal stands to what every proposal of its call needs and to each rule of the call.

    ``call`` with ``rules`` and ``themes``, ``form``, ``team`` with people and ``attachments`` must be loaded.
    Statements: none for a call without rules; else 1 for the waivers, and 1 for each source that its checks ask
    (running projects, proposals of the person, of the department, our institution, and those that later rooms add).
    """
    rules = judged(proposal)
    told = {(fault.field, fault.reason.text) for each in rules for fault in each.faults}
    wanting = [Fault(*row) for row in missing(proposal)]
    team = [Fault(each.part, each.field, each.reason, warns=each.warns) for each in team_faults(proposal)]
    return Judgement([each for each in wanting if (each.field, each.reason.text) not in told], rules, team)


def judged(proposal: Proposal) -> list[Judged]:
    """Each rule of the call in order, with how the proposal stands to it. Loaded and statements: as for ``judge``."""
    if not proposal.call.rules:
        return []
    known = known_of(proposal)
    leader = proposal.principal.person_id
    waived = standing_for(proposal.call_id, leader) if leader is not None else {}
    return [_judged(proposal, rule, known, waived.get(rule.code)) for rule in proposal.call.rules]


def _judged(proposal: Proposal, rule: Rule, known: Known, waiver: Waiver | None) -> Judged:
    kind = check_of(rule)
    found = kind.test(proposal, rule, known) if kind and kind.test else None
    if found is None:
        return Judged(rule, Standing.WAIVED if waiver else Standing.JUDGED, waiver=waiver)
    rows = [_fault(each, rule, waiver) for each in found]
    saw = kind.saw(proposal, rule, known) if kind and kind.saw else None
    return Judged(rule, _standing(rows), rows, waiver, saw)


def _fault(found: Found, rule: Rule, waiver: Waiver | None) -> Fault:
    return Fault(found.part, found.field, found.reason, rule, waiver, found.warns)


def _standing(rows: Sequence[Fault]) -> Standing:
    if any(each.stops for each in rows):
        return Standing.UNMET
    if any(each.level is RuleLevel.STOP for each in rows):
        return Standing.WAIVED
    return Standing.WARNED if rows else Standing.MET


def faults(proposal: Proposal) -> list[Fault]:
    """Everything that stands in the way of submitting the proposal: missing answers first, then unmet rules. Loaded and
    statements: as for ``judge``."""
    return judge(proposal).faults


def findings(proposal: Proposal) -> list[Fault]:
    """As ``faults``, with the warnings and what the office waived."""
    return judge(proposal).findings


def unmet_now(proposal: Proposal) -> list[Fault]:
    """The rules that stand in the way of forwarding the proposal as it is now; missing answers do not, since what
    goes on is what was received. What the checks read is loaded where it is not.

    Statements: as for ``judge``, and at most 3.
    """
    fill(proposal, [name for name in ("attachments",) if name in sa.inspect(proposal).unloaded])
    fill(proposal.call, [name for name in ("themes", "rules") if name in sa.inspect(proposal.call).unloaded])
    return [fault for each in judged(proposal) for fault in each.faults if fault.stops]


def going_on(proposal: Proposal, although: str) -> str:
    """What the office's note of a forwarding says of rules that are not met any more; nothing where all are met.

    Raises: Incomplete at ``although`` where rules are not met and it gives no reason to go on all the same.
    Statements: as for ``unmet_now``.
    """
    codes = list(dict.fromkeys(each.rule.code for each in unmet_now(proposal) if each.rule))
    if not codes:
        return ""
    if not although.strip():
        raise Incomplete(
            say("Rules of the call are not met any more: %(rules)s.", rules=", ".join(codes)),
            {"although": say("Say why it goes on although a rule is not met, or waive the rule for the applicant.")},
        )
    return f"Although not met: {', '.join(codes)}. {although.strip()}"
