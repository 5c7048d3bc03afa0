"""Which earlier proposals of the same people are about the same: a hint, never a hindrance.

Two texts are as like as the share of their words and Chinese two-sign pairs that they have in common (Jaccard's index,
0 to 1) over title, keywords and abstract.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from intake.policy import Actor
from intake.proposal.carrying import to_begin_with
from intake.proposal.models import Proposal
from intake.proposal.queries import folded

ALIKE_FROM = 0.2
MOST_SHOWN = 3
FEWEST_WORDS = 4
"""Of less nobody can say what it is about."""
_WORD = re.compile(r"[a-z0-9]{3,}|[\u3400-\u9fff\uf900-\ufaff]+")


def words(text: str) -> frozenset[str]:
    """The words of three signs and more, and each pair of neighbouring Chinese signs."""
    found: set[str] = set()
    for run in _WORD.findall(folded(text)):
        if run[0] < "\u3400":
            found.add(run)
        else:
            found |= {run[at : at + 2] for at in range(max(1, len(run) - 1))}
    return frozenset(found)


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """How like two sets of words are, from 0 to 1; 0 where one has too few to tell."""
    if min(len(one), len(other)) < FEWEST_WORDS:
        return 0.0
    return len(one & other) / len(one | other)


def alike(proposal: Proposal, actor: Actor) -> Sequence[Proposal]:
    """The actor's own other proposals that are most like this one, the likest first, at most ``MOST_SHOWN``.
    Statements: 2."""
    mine = words(_about(proposal))
    near = [(likeness(mine, words(_about(each))), each) for each in to_begin_with(actor) if each.id != proposal.id]
    near.sort(key=lambda pair: -pair[0])
    return [each for share, each in near if share >= ALIKE_FROM][:MOST_SHOWN]


def _about(proposal: Proposal) -> str:
    return f"{proposal.title} {proposal.title_zh} {proposal.keywords} {proposal.abstract}"
