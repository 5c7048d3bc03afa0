"""A short name of all that scores are made from, so that they are made anew only when some of it changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from intake.affinity.blend import Weights
from intake.affinity.texts import Candidate, Subject, in_order, sources_of

EDITION = 1
"""Of the way in which scores are made. Whoever changes what a score comes to raises it, and all are made anew."""


def fingerprint(subjects: Sequence[Subject], candidates: Sequence[Candidate], weights: Weights, extra: str = "") -> str:
    """64 hexadecimal signs (SHA-256) that differ when a text, a keyword, a theme, a level, an id, a weight, ``extra``
    (such as the language model's name) or the edition differs. The order of rows changes nothing. How common a term is
    depends on all texts, so one fingerprint stands for all scores of a comparison."""
    digest = hashlib.sha256()
    _add(digest, [EDITION, weights.text, weights.themes, weights.keywords, extra])
    for subject in in_order(subjects):
        themes = sorted(map(_named, subject.themes))
        _add(digest, ["subject", _named(subject.id), subject.title, subject.abstract, themes, subject.keywords])
    for candidate in in_order(candidates):
        sources = [[each.key, each.title, each.text] for each in sources_of(candidate)]
        levels = sorted((_named(theme), level) for theme, level in candidate.themes.items())
        _add(digest, ["candidate", _named(candidate.id), sources, levels, candidate.keywords])
    return digest.hexdigest()


def _named(each: int | str) -> str:
    """An id as text that keeps 1 and "1" apart."""
    return repr(each)


def _add(digest: Any, facts: object) -> None:
    digest.update(json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
