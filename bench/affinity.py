"""Measure the scoring of texts. ``python -m bench.affinity [PROPOSALS PEOPLE]``; 10,000 and 2,000 by default.

The texts are made up: words drawn by Zipf's law, 12 in a title and 100 in an abstract, ten publications a person. Two
texts share some 7 terms, as two abstracts of computer science do once words of grammar are left out. What the scoring
takes is given in seconds of the processor and as a ratio to one bare sparse product of the same rows in the same
process. One thread: OMP_NUM_THREADS=1.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

from intake.affinity.blend import Weights
from intake.affinity.explaining import explainer
from intake.affinity.scoring import CELLS, score, texts_of
from intake.affinity.texts import Candidate, Source, Subject
from intake.affinity.weighing import weigh

WORDS, TITLE, ABSTRACT, PUBLICATIONS = 40_000, 12, 100, 10
THEMES, KEYWORDS = 12, 5
EXPLAINED = 10_000


def main() -> int:
    proposals, people = (int(each) for each in sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 2_000)
    say = drawing(random.Random(2026))
    chance = random.Random(7)
    subjects = [
        Subject(at, say(TITLE), say(ABSTRACT), frozenset({chance.randrange(THEMES)}), keywords(say))
        for at in range(proposals)
    ]
    candidates = [
        Candidate(
            at,
            tuple(Source(f"publication {n}", say(TITLE), say(ABSTRACT)) for n in range(PUBLICATIONS)),
            {chance.randrange(THEMES): 3},
            keywords(say),
        )
        for at in range(people)
    ]
    before = memory()
    reading, product = base(subjects, candidates)
    whole, pairs = timed(lambda: sum(1 for _ in score(subjects, candidates, Weights())))
    reasons, told = timed_reasons(subjects, candidates)
    print(f"{proposals:,} proposals x {people:,} people with {PUBLICATIONS} publications each; {pairs:,} pairs kept")
    measured = ("bare product", product), ("reading, weighing", reading), ("all of it", whole), ("reasons", reasons)
    for name, seconds in measured:
        print(f"{name:<18} {seconds:>7.1f} s {seconds / product:>6.2f} x")
    print(f"reasons of {told:,} pairs, their texts read before: {1000 * reasons / max(1, told):.2f} ms each")
    print(f"memory: {before:,.0f} MB with the texts, {memory():,.0f} MB at the highest")
    return 0


def timed_reasons(subjects: list[Subject], candidates: list[Candidate]) -> tuple[float, int]:
    """How long it takes to explain the best pairs of each proposal, some ``EXPLAINED``, and how many they are."""
    weighed = weigh(subjects, candidates)
    tell = explainer(subjects, candidates, Weights(), weighed)
    best = score(subjects, candidates, Weights(), most=max(1, EXPLAINED // len(subjects)), weighed=weighed)
    pairs = [(each.subject, each.candidate) for each in best]
    return timed(lambda: sum(1 for pair in pairs if tell(*pair)))


def base(subjects: list[Subject], candidates: list[Candidate]) -> tuple[float, float]:
    """How long the reading of the texts takes, and how long the bare product of their rows."""
    reading, texts = timed(lambda: texts_of(subjects, candidates))
    return reading, timed(lambda: bare(texts.told, texts.asked))[0]


def drawing(chance: random.Random) -> Callable[[int], str]:
    """What says a number of made-up words, the n-th word of the vocabulary as often as 1 / (n + 30)."""
    words = ["".join(chance.choices("bcdfghklmnprstvz", k=1) + chance.choices("aeiou", k=1)) for _ in range(400)]
    vocabulary = ["".join(chance.choices(words, k=2 + at % 3)) for at in range(WORDS)]
    odds = list(accumulate(1 / (at + 30) for at in range(WORDS)))
    return lambda count: " ".join(chance.choices(vocabulary, cum_weights=odds, k=count))


def keywords(say: Callable[[int], str]) -> tuple[str, ...]:
    """Some keywords of two words."""
    return tuple(say(2) for _ in range(KEYWORDS))


def bare(one: Any, other: Any) -> int:
    """The product of all rows with all, in the portions in which the scoring makes it, and nothing else."""
    return sum(each.nnz for each in products(one, other))


def products(one: Any, other: Any) -> Iterator[Any]:
    """The portions of the product."""
    size = max(1, CELLS // one.shape[0])
    for begin in range(0, other.shape[0], size):
        yield one @ other[begin : begin + size].T


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """How long it takes, in seconds of the processor, and what comes of it."""
    begin = time.process_time()
    result = act()
    return time.process_time() - begin, result


def memory() -> float:
    """The most that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
