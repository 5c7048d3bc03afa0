"""A list of pairs from a spreadsheet: each row is reported on first, and the good ones become a batch like others."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from intake.call.models import Call
from intake.errors import BadUpload
from intake.policy import Actor
from intake.review.upload_facts import Known, known_for
from intake.review.wishes import Pair, Wishes
from intake.vocabulary import Limit, Objective, Words, say

MOST_BYTES = 400_000
MOST_ROWS = 5_000
NEEDED = ("number", "reviewer")
OPTIONAL = ("lead", "reason")
RUNS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What our own export puts an apostrophe before, because a spreadsheet would run it."""
YES = frozenset({"yes", "y", "x", "1", "true", "lead", "是"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list as it was typed, the pair that it means where both are known, and what is wrong (None:
    nothing). ``warned`` is set where it is taken only because of its reason."""

    line: int
    number: str
    reviewer: str
    lead: bool
    reason: str
    pair: Pair | None = None
    wrong: Words | None = None
    warned: Words | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What would come of a list, row by row."""

    rows: Sequence[Row]
    known: Known

    @property
    def good(self) -> list[Row]:
        """The rows that can be taken."""
        return [row for row in self.rows if row.wrong is None]


def read(text: str) -> list[Row]:
    """The rows of a CSV with the columns number and reviewer, and lead and reason if they are there, in any order.

    Raises BadUpload for a file that is too large, has other columns, or cannot be read.
    """
    if len(text.encode()) > MOST_BYTES:
        raise BadUpload(say("The list is larger than %(most)s KB.", most=MOST_BYTES // 1000))
    try:
        lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff").replace("\0", "")), strict=True))
    except csv.Error:
        raise BadUpload(say("The list cannot be read as CSV: look for quotation marks that do not close.")) from None
    heads = [each.strip().lower() for each in (lines[0] if lines else [])]
    if not all(name in heads for name in NEEDED):
        raise BadUpload(say("The first line must name the columns: number, reviewer, and if you like lead and reason."))
    if len(lines) > MOST_ROWS + 1:
        raise BadUpload(say("The list has more than %(most)s rows.", most=MOST_ROWS))
    places = {name: heads.index(name) for name in (*NEEDED, *OPTIONAL) if name in heads}
    return [_row(line, cells, places) for line, cells in enumerate(lines[1:], 2) if any(map(str.strip, cells))]


def _row(line: int, cells: list[str], places: Mapping[str, int]) -> Row:
    def cell(name: str) -> str:
        place = places.get(name)
        text = cells[place].strip() if place is not None and place < len(cells) else ""
        return text[1:] if text.startswith("'") and text[1:].startswith(RUNS) else text

    return Row(line, cell("number"), cell("reviewer").lower(), cell("lead").lower() in YES, cell("reason"))


def judged(call: Call, rows: Sequence[Row], *, by: Actor) -> Report:
    """The rows with what is wrong with each: unknown, not of this call or not to be assigned, with a reason too long,
    double, in conflict with its evidence, over the load, without a right. Statements: 21 at most, whatever the number
    of rows."""
    known = known_for(call, [row.number for row in rows], [row.reviewer for row in rows], by=by)
    seen: set[Pair] = set()
    leads: set[int] = set()
    given: Counter[int] = Counter()
    told = []
    for row in rows:
        found = _judge(row, known, seen, leads, given)
        told.append(found)
        if found.wrong is None and found.pair:
            seen.add(found.pair)
            given[found.pair[1]] += 1
            leads |= {found.pair[0]} if row.lead else set()
    return Report(told, known)


def _judge(row: Row, known: Known, seen: set[Pair], leads: set[int], given: Counter[int]) -> Row:
    wrong = known.why_no_proposal(row.number) or known.why_no_reviewer(row.reviewer)
    if wrong is not None:
        return replace(row, wrong=wrong)
    pair = known.proposals[row.number], known.reviewers[row.reviewer]
    row = replace(row, pair=pair)
    if len(row.reason) > Limit.REASON:
        return replace(row, wrong=say("The reason is longer than %(most)s characters.", most=Limit.REASON))
    if pair in seen:
        return replace(row, wrong=say("It stands in the list twice."))
    if pair in known.standing:
        return replace(row, wrong=say("They review it already."))
    if row.lead and pair[0] in leads:
        return replace(row, wrong=say("An earlier row says who leads this proposal."))
    evidence = known.against(pair)
    if evidence and evidence[0].blocks:
        return replace(row, wrong=evidence[0].reason)
    warned = evidence[0].reason if evidence else known.over(pair[1], given[pair[1]])
    if warned is not None and not row.reason:
        text = "%(warning)s Say in a column “reason” why they are asked all the same."
        return replace(row, wrong=say(text, warning=warned))
    return replace(row, warned=warned)


def wishes_of(call: Call, report: Report, due_at: datetime, reply_by: datetime | None) -> Wishes:
    """The wishes whose only answer are the good rows: every pair forced, each proposal in need of just those."""
    known = report.known
    pairs = [row.pair for row in report.good if row.pair]
    has = Counter(pair[0] for pair in known.standing)
    counts, given = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    over = {key: known.has[key] + count for key, count in given.items() if known.has[key] + count > known.most[key]}
    return Wishes(
        proposals=tuple(sorted(counts)),
        reviewers=tuple(sorted(given)),
        due_at=due_at,
        reply_by=reply_by,
        need=call.reviews_needed,
        objective=Objective.TOTAL,
        needs={key: count + has[key] for key, count in counts.items()},
        loads=over,
        forced={row.pair: row.reason for row in report.good if row.pair},
        leads={row.pair[0]: row.pair[1] for row in report.good if row.pair and row.lead},
    )
