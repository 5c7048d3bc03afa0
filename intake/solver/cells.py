"""What stands in one cell: an id that is known, a count, or a score; or a fault at its place."""

from __future__ import annotations

import math
import re

from intake.solver.instance import MOST
from intake.solver.rows import wrong
from intake.vocabulary import say

PROPOSALS, REVIEWERS, SCORES = "proposals.csv", "reviewers.csv", "scores.csv"
WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
DECIMAL = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")

Places = dict[str, int]


def count(file: str, row: int, column: str, text: str) -> int:
    if not WHOLE.fullmatch(text.strip()):
        raise wrong(file, say("“%(given)s” is not a whole number.", given=text), row, column)
    number = int(text)
    if not 0 <= number <= MOST:
        raise wrong(file, say("%(number)s is not between 0 and %(most)s.", number=number, most=MOST), row, column)
    return number


def place(file: str, row: int, column: str, identity: str, places: Places) -> int:
    if not identity.strip():
        raise wrong(file, say("The id is empty."), row, column)
    if identity not in places:
        other = PROPOSALS if column == "proposal_id" else REVIEWERS
        raise wrong(file, say("%(id)s does not stand in %(other)s.", id=identity, other=other), row, column)
    return places[identity]


def score(row: int, text: str) -> float:
    plain = text.strip()
    if not DECIMAL.fullmatch(plain) or not math.isfinite(float(plain)):
        raise wrong(SCORES, say("“%(given)s” is not a finite number.", given=text), row, "score")
    return float(plain)
