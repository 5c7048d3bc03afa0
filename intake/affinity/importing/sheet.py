"""Publications of a sheet: a CSV file with a row of column names."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from intake.affinity.importing.found import Found, Raw, Remark, decoded, gathered, refused
from intake.affinity.words import folded
from intake.vocabulary import Words, say

SEPARATORS = ",;\t|"
COLUMNS = {
    "title": ("title", "article title", "document title", "标题", "標題", "题目", "題目", "篇名"),
    "abstract": ("abstract", "summary", "摘要"),
    "year": ("year", "publication year", "pub year", "date", "publication date", "年份", "年"),
    "doi": ("doi",),
}
"""The columns that are read, by the names under which they come. Others are passed over."""
_KNOWN = {folded(name): column for column, names in COLUMNS.items() for name in names}


def from_sheet(data: bytes) -> Found:
    """The publications of a CSV file: columns title (which must be there), abstract, year and doi in any order, other
    columns passed over; separated by comma, semicolon, tab or bar; with or without a byte order mark."""
    text = decoded(data)
    if isinstance(text, Words):
        return refused(text)
    problems: list[Remark] = []
    rows = _rows(text, _separator(text), problems)
    line, head = next(rows, (1, []))
    columns = _columns(head)
    if problems:
        return Found(problems=tuple(problems))
    if "title" not in columns:
        return refused(say("The first row has no column with the name “title”."), line)
    raws = [_raw(line, row, columns) for line, row in rows if any(cell.strip() for cell in row)]
    return gathered(raws, problems)


def looks_like_a_sheet(text: str) -> bool:
    """Whether the first row of ``text`` names the title's column and another one, or holds nothing but ``title``."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    columns = _columns([cell.strip(' "') for cell in first.split(_separator(text))])
    return "title" in columns and (len(columns) > 1 or folded(first.strip(' "')) in _KNOWN)


def _separator(text: str) -> str:
    """What parts the cells: the separator by which the first row has most of the known columns; the comma if none."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    known = {each: len(_columns([cell.strip(' "') for cell in first.split(each)])) for each in SEPARATORS}
    return max(SEPARATORS, key=lambda each: known[each])


def _columns(head: list[str]) -> dict[str, int]:
    """At which place of a row each known column stands; the first of two with one meaning counts."""
    places: dict[str, int] = {}
    for at, name in enumerate(head):
        column = _KNOWN.get(folded(name))
        if column:
            places.setdefault(column, at)
    return places


def _rows(text: str, separator: str, problems: list[Remark]) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty with the line where it begins. What follows a row that cannot be read is not read
    either: where it ends is anybody's guess."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins = 1
    try:
        for row in reader:
            if row:
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error:
        problems.append(Remark(begins, say("From here on the file cannot be read as a sheet.")))


def _raw(line: int, row: list[str], columns: dict[str, int]) -> Raw:
    cells = {name: row[at] for name, at in columns.items() if at < len(row)}
    return Raw(line, cells.get("title", ""), cells.get("abstract", ""), cells.get("year", ""), cells.get("doi", ""))
