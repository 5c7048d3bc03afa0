"""Points of a score as pages show them: in tenths, so that what is shown adds up to what is shown as their sum."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from flask import Flask

_TENTHS = 1_000
"""Tenths of a point in the score 1."""
_NOISE = 1e-6
"""Of a tenth: less than the digits that are kept."""


def in_tenths(score: float) -> int:
    """A score from 0 to 1, in tenths of a point."""
    return round(score * _TENTHS)


def shared_out(tenths: int, parts: Sequence[float]) -> list[int]:
    """The parts of a score (0 to 1 each) in tenths of a point, together ``tenths``: each as it is or up to the next,
    those first that lack least (the method of largest remainders)."""
    exact = [part * _TENTHS + _NOISE for part in parts]
    shares = [floor(part) for part in exact]
    lacking = sorted(range(len(exact)), key=lambda at: shares[at] - exact[at])
    for at in lacking[: max(0, tenths - sum(shares))]:
        shares[at] += 1
    return shares


def register(app: Flask) -> None:
    """Let components share points out."""
    app.jinja_env.globals.update(in_tenths=in_tenths, shared_out=shared_out)
