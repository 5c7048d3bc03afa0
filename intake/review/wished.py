"""The wishes of one batch and their versions, as its row keeps them. The number of the version only rises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from intake.review.models import Batch
from intake.review.wishes import VERSIONS, Said, Wishes, as_kept, from_kept


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the wishes: by which change it came (None for the first)."""

    number: int
    said: Said | None


def first(wishes: Wishes) -> dict[str, Any]:
    """What a new batch keeps."""
    return {"version": 1, "now": as_kept(wishes), "said": None, "before": []}


def now(batch: Batch) -> Wishes:
    """The wishes as they stand."""
    return from_kept(batch.wishes["now"])


def changed(kept: dict[str, Any], wishes: Wishes, said: Said) -> dict[str, Any]:
    """What a batch keeps after a change."""
    earlier = {name: kept[name] for name in ("version", "now", "said")}
    before = [*kept["before"], earlier][-VERSIONS:]
    return {"version": kept["version"] + 1, "now": as_kept(wishes), "said": asdict(said), "before": before}


def undone(kept: dict[str, Any]) -> dict[str, Any] | None:
    """What a batch keeps after its last change was undone, or None where there is none. It is a version of its own: a
    page that shows the one that was undone is not taken for one that shows the next."""
    if not kept["before"]:
        return None
    *before, last = kept["before"]
    return {**last, "version": kept["version"] + 1, "before": before}


def versions(batch: Batch) -> Sequence[Version]:
    """Every kept version, the newest first."""
    rows = [*batch.wishes["before"], batch.wishes]
    return [Version(row["version"], Said(**row["said"]) if row["said"] else None) for row in reversed(rows)]
