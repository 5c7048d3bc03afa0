"""What a loading of the catalogue did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """What changed, counted by noun; what stays although the file no longer says so; and what was not understood."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether the loading changed anything."""
        return bool(self.new or self.changed or self.removed)

    def __str__(self) -> str:
        lines = [
            f"{title}: {', '.join(f'{count} {noun}' for noun, count in sorted(counts.items()))}"
            for title, counts in (("New", self.new), ("Changed", self.changed), ("Removed", self.removed))
            if counts
        ]
        lines += [f"Kept: {each}" for each in self.kept]
        lines += [f"Not understood, passed over: {place}" for place in self.ignored]
        return "\n".join(lines) if lines else "Nothing changed."
