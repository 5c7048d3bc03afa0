"""How a score is blended: from the texts, the declared themes and the keywords, by weights that the office sets.

Each part is 0 to 1, and so is the score: the sum of each part times its share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from intake.affinity.terms import Floats
from intake.affinity.texts import HIGHEST_LEVEL, Candidate, Subject

WHOLE = 100
HALF, HALF_WITH_MEANING = 0.1, 0.2
"""The likeness of texts that counts as a half, by their terms alone and with their meaning.

Of rated reviewers, the median of those who called themselves expert is 0.07 by terms (with meaning 0.18), the best
tenth has more than 0.13 (0.26); of pairs by chance half have more than 0.03 (0.06) and 1 % more than 0.09 (0.21).
"""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts, 0 to 100; together 100. Raises: ValueError where they are anything else."""

    text: int = 60
    themes: int = 25
    keywords: int = 15

    def __post_init__(self) -> None:
        each = (self.text, self.themes, self.keywords)
        if not all(0 <= weight <= WHOLE for weight in each) or sum(each) != WHOLE:
            raise ValueError("Weights are 0 to 100 each and 100 together.")

    def shares(self, subject: Subject) -> tuple[float, float, float]:
        """What texts, themes and keywords count for this proposal, 0 to 1, together 1. A part of which the proposal
        says nothing gives its weight to the others in their proportion, or to the text where those have none."""
        themes = self.themes if subject.themes else 0
        keywords = self.keywords if subject.keywords else 0
        whole = self.text + themes + keywords
        return (self.text / whole, themes / whole, keywords / whole) if whole else (1.0, 0.0, 0.0)


def scaled(likeness: Floats, half: float = HALF) -> Floats:
    """The likeness of texts as a part of a score: 0 stays 0, ``half`` becomes about a half, 1 stays 1, and the order
    stays. Bare likenesses of texts that nobody copied lie below 0.3, and a weight could do nothing with them."""
    return likeness * (1 + half) / (likeness + half)


def theme_part(subjects: Sequence[Subject], candidates: Sequence[Candidate]) -> Floats:
    """How far the candidates declared the proposals' themes: the mean, over the themes of the proposal, of level / 3.
    One row a subject, one column a candidate."""
    themes = sorted({theme for each in subjects for theme in each.themes}, key=repr)
    levels = [[each.themes.get(theme, 0) / HIGHEST_LEVEL for each in candidates] for theme in themes]
    asked = [[(theme in each.themes) / max(1, len(each.themes)) for theme in themes] for each in subjects]
    part: Floats = np.zeros((len(subjects), len(candidates)))
    for at in range(len(themes)):  # one by one and not as a matrix product, whose sums differ with the number of rows
        part += np.outer(np.array(asked)[:, at], np.array(levels)[at])
    return part
