"""Rows of a CSV file, and faults in them by their place. Row 1 is the row of headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path

from intake.solver.instance import BadInput
from intake.vocabulary import Words, say

Row = tuple[int, tuple[str, ...]]

OTHER_MARKS = ";\t"
"""What spreadsheets write between columns instead of commas, in some countries."""


def wrong(file: str, what: Words | str, row: int | None = None, column: str | None = None) -> BadInput:
    """The fault with its place in front."""
    if row is None:
        return BadInput(say("%(file)s: %(what)s", file=file, what=what))
    if column is None:
        return BadInput(say("%(file)s, row %(row)s: %(what)s", file=file, row=row, what=what))
    place = {"file": file, "row": row, "column": column, "what": what}
    return BadInput(say("%(file)s, row %(row)s, column %(column)s: %(what)s", **place))


def rows(text: str, file: str, names: tuple[str, ...]) -> Iterator[Row]:
    """The named columns of a file's text, each row with its number; empty rows are left out.

    Raises BadInput where they cannot be read.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 0
    headings: list[str] = []
    places: tuple[int, ...] = ()
    try:
        for number, cells in enumerate(reader, start=1):
            if not headings:
                headings = [each.strip() for each in cells]
                places = _places(headings, file, names)
            elif not any(each.strip() for each in cells):
                continue
            elif len(cells) == len(headings):
                yield number, tuple(cells[place] for place in places)
            else:
                what = say(
                    "The row has %(cells)s cells and the headings have %(width)s.",
                    cells=len(cells),
                    width=len(headings),
                )
                raise wrong(file, what, number, headings[min(len(cells), len(headings) - 1)])
    except csv.Error as fault:
        raise wrong(file, say("The row cannot be read: %(fault)s.", fault=fault), number + 1) from None
    if not headings:
        raise wrong(
            file, say("The file is empty; its first row must name the columns %(names)s.", names=", ".join(names)), 1
        )


def _places(headings: Sequence[str], file: str, names: tuple[str, ...]) -> tuple[int, ...]:
    if len(headings) == 1 and any(mark in headings[0] for mark in OTHER_MARKS):
        raise wrong(file, say("The columns are not separated by commas."), 1)
    for name in names:
        if headings.count(name) != 1:
            what = say("There is no such column.") if name not in headings else say("The column stands there twice.")
            raise wrong(file, what, 1, name)
    return tuple(headings.index(name) for name in names)


def text_of(folder: Path, file: str) -> str:
    """The text of a file, without the mark that some programs put at its start. Raises BadInput."""
    try:
        data = (folder / file).read_bytes()
    except FileNotFoundError:
        raise wrong(file, say("The file is missing.")) from None
    except OSError as fault:
        raise wrong(file, say("The file cannot be read: %(fault)s.", fault=fault.strerror)) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = data.count(b"\n", 0, fault.start) + 1
        raise wrong(file, say("The text is not UTF-8."), row) from None
