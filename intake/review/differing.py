"""What changed in the database since a batch was solved: one line for each thing that the engine would see anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from intake.review.gathering import Facts
from intake.review.wishes import Pair


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that is not as it was.

    ``what`` is left, came, state, team, lead, reviewer_left, reviewer_came, load, least, has, bar, score, asked or
    taken_off; ``was`` and ``now`` are its values, None where there was or is none. With a lead, ``reviewer_id`` leads
    now, and ``was`` the one before.
    """

    what: str
    proposal_id: int | None = None
    reviewer_id: int | None = None
    was: Any = None
    now: Any = None


def changes(was: Facts, now: Facts) -> list[Changed]:
    """Every change from the facts of then to those of now: proposals first, then leads, then reviewers, then pairs,
    each by id."""
    if was == now:
        return []
    return [*_proposals(was, now), *_leads(was, now), *_reviewers(was, now), *_standing(was, now), *_pairs(was, now)]


def _proposals(was: Facts, now: Facts) -> Iterator[Changed]:
    before, after = was["proposals"], now["proposals"]
    for key in sorted({*before, *after}, key=int):
        if key not in after:
            yield Changed("left", int(key), was=before[key][0])
        elif key not in before:
            yield Changed("came", int(key), now=after[key][0])
        else:
            if before[key][0] != after[key][0]:
                yield Changed("state", int(key), was=before[key][0], now=after[key][0])
            if before[key][1] != after[key][1]:
                yield Changed("team", int(key))


def _leads(was: Facts, now: Facts) -> Iterator[Changed]:
    """Who leads now in place of somebody else, or of nobody although they reviewed it then too: whoever came or went as
    the lead and took nobody's place is told as asked or taken off."""
    there = [tuple(pair) for pair in was["standing"]]
    for key, lead in sorted(now["leads"].items(), key=lambda each: int(each[0])):
        before = was["leads"].get(key)
        if lead != before and (before is not None or (int(key), lead) in there):
            yield Changed("lead", int(key), lead, was=before)


def _reviewers(was: Facts, now: Facts) -> Iterator[Changed]:
    before, after = was["reviewers"], now["reviewers"]
    for key in sorted({*before, *after}, key=int):
        if key not in after:
            yield Changed("reviewer_left", reviewer_id=int(key))
        elif key not in before:
            yield Changed("reviewer_came", reviewer_id=int(key))
        else:
            for what, old, new in zip(("load", "least", "has"), before[key], after[key], strict=True):
                if old != new:
                    yield Changed(what, reviewer_id=int(key), was=old, now=new)


def _standing(was: Facts, now: Facts) -> Iterator[Changed]:
    before, after = ({(row[0], row[1]) for row in each["standing"]} for each in (was, now))
    yield from (Changed("asked", *pair) for pair in sorted(after - before))
    yield from (Changed("taken_off", *pair) for pair in sorted(before - after))


def _pairs(was: Facts, now: Facts) -> Iterator[Changed]:
    """Of proposals and reviewers that are there as before: what came and went is told already."""
    for what, name in (("bar", "bars"), ("score", "scores")):
        before, after = _flat(was[name]), _flat(now[name])
        for pair in sorted(before.keys() | after.keys()):
            if before.get(pair) != after.get(pair) and _there(was, pair) and _there(now, pair):
                yield Changed(what, *pair, was=before.get(pair), now=after.get(pair))


def _there(facts: Facts, pair: Pair) -> bool:
    return str(pair[0]) in facts["proposals"] and str(pair[1]) in facts["reviewers"]


def _flat(rows: dict[str, dict[str, Any]]) -> dict[Pair, Any]:
    return {(int(p), int(r)): value for p, row in rows.items() for r, value in row.items()}
