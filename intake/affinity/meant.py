"""Where vectors of texts are at hand: how what texts mean counts beside their terms. How vectors are made, ``meaning``
knows; this needs none of its packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from intake.affinity.terms import Floats
from intake.affinity.texts import digest

SHARE = 0.4
"""What the meaning of two texts counts, and their terms the rest. Measured on rated reviewers: the loss is 0.205 with
0.4, 0.209 with 0.3 and 0.207 with 0.5; 0.23 by the terms alone and 0.21 by the meaning alone."""

Vectors = Mapping[str, npt.NDArray[np.floating]]
"""The vector of each text by the text's ``digest``, of length 1."""


def known(vectors: Vectors, texts: Iterable[str]) -> Floats:
    """The vectors of ``texts``, one a row. Raises: KeyError where one is missing: a text without a vector would look
    unlike all others."""
    rows = [vectors[digest(text)] for text in texts]
    return np.array(rows, dtype=np.float64) if rows else np.zeros((0, 0))


def with_meaning(by_terms: Floats, cosines: Floats) -> Floats:
    """The likeness of texts by their terms and by the cosines of their vectors, squared: texts about different things
    still have cosines of some 0.3."""
    return (1 - SHARE) * by_terms + by_meaning(cosines)


def by_meaning(cosines: Floats) -> Floats:
    """What the meaning gives of a likeness; opposite meanings give nothing."""
    return SHARE * np.maximum(cosines, 0) ** 2
