"""Writing what was solved: both files whole, or neither."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from intake.solver.instance import Instance, Mask

COLUMNS = ("proposal_id", "reviewer_id", "score")
PLAIN = frozenset(',"\r\n')


def assignment_csv(made: Instance, taken: Mask) -> str:
    """The pairs, sorted by both ids. Scores stand as they were read, or so that they read back as the same number."""
    lines = [",".join(COLUMNS)]
    proposals, reviewers = [_cell(each) for each in made.proposals], [_cell(each) for each in made.reviewers]
    for i in np.flatnonzero(taken).tolist():
        score = repr(float(made.scores[i])) if made.texts is None else made.texts[i].strip()
        lines.append(f"{proposals[made.p[i]]},{reviewers[made.r[i]]},{score}")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    if not PLAIN.intersection(text) and text == text.strip():
        return text
    return '"' + text.replace('"', '""') + '"'


def write(texts: Mapping[Path, str]) -> None:
    """Write the files, by new files beside them that take their places once all are written.

    Raises OSError that names the file; until all could be written beside their places none of them has changed.
    """
    ready: list[tuple[str, Path]] = []
    try:
        for path, text in texts.items():
            if path.is_dir():
                raise IsADirectoryError(f"{path} is a folder")
            try:
                handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            except OSError as fault:
                raise OSError(fault.errno, fault.strerror, str(path)) from None
            ready.append((name, path))
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(name).chmod(_mode())
        while ready:
            name, path = ready[0]
            Path(name).replace(path)
            ready.pop(0)
    finally:
        for name, _ in ready:
            Path(name).unlink(missing_ok=True)


def _mode() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
