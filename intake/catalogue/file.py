"""The catalogue as a file: JSON of a bounded size, in which no key stands twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from intake.catalogue.reading import bad

MOST_BYTES = 5 * 1024 * 1024


def read_file(path: Path) -> Any:
    """The JSON in a file of at most ``MOST_BYTES``. Raises BadCatalogue for a file that is not that."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        bad("", "cannot be read (%(why)s)", why=error.strerror or type(error).__name__)
    if len(content) > MOST_BYTES:
        bad("", "is larger than %(most)s MB", most=MOST_BYTES // 1024 // 1024)
    try:
        return json.loads(content, parse_constant=_no_number, object_pairs_hook=_each_once)
    except RecursionError:
        bad("", "is nested too deeply")
    except ValueError as error:
        bad("", "is not JSON (%(why)s)", why=str(error)[:200])


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON")


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key in found if sum(key == other for other, _ in pairs) > 1)
        raise ValueError(f"{twice!r} stands twice in one object")
    return found
