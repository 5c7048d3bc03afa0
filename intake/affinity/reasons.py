"""The reasons of one score: the terms, the texts, the themes and the keywords that made it, each with its points.

Points are parts of the score itself. Those of the terms, of the other terms and of the meaning add up to those of the
texts; those of the texts, the themes and the keywords add up to the score.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.affinity.texts import Id


@dataclass(frozen=True, slots=True)
class Term:
    """A word or pair of words that both have, as the proposal writes it and as the candidate's nearest text does."""

    asked: str
    told: str
    points: float


@dataclass(frozen=True, slots=True)
class NearText:
    """One of the candidate's texts that counted: the best three at most."""

    key: str
    title: str
    points: float


@dataclass(frozen=True, slots=True)
class NearTheme:
    """A theme of the proposal that the candidate declared, with the level, 1 to 3."""

    theme: Id
    level: int
    points: float


@dataclass(frozen=True, slots=True)
class NearKeyword:
    """A keyword of the proposal and the candidate's that agrees with it, each as it was typed; likeness 0.6 to 1."""

    asked: str
    told: str
    likeness: float
    points: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a pair has its ``score``, 0 to 1. Each list has what gave most first.

    ``shares`` is what texts, themes and keywords count for this proposal, together 1; ``points`` what they gave,
    together the score. ``other_terms`` is what the terms that are not listed gave, ``meaning`` what the texts' vectors
    gave, where there are any.
    """

    score: float
    shares: tuple[float, float, float]
    points: tuple[float, float, float]
    terms: tuple[Term, ...]
    other_terms: float
    meaning: float
    texts: tuple[NearText, ...]
    themes: tuple[NearTheme, ...]
    keywords: tuple[NearKeyword, ...]
