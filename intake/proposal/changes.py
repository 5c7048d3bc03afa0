"""What a team changed between two submissions, question by question, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

_TOKEN = re.compile(r"[\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+|\s+|[^\w\s]")
_LINES_OF_A_CHANGE = 40
"""A run of changed lines longer than this is shown as removed and added whole: word by word nobody could read it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is ``same``, ``added`` or ``removed``."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One question whose answer differs: its label, and the pieces of both texts in reading order."""

    label: str
    pieces: Sequence[Piece]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The differences of two receipts' contents in the order of the later one: answers, team, files. Answers of
    questions that only one of them has are wholly added or removed."""
    was, now = _texts(before), _texts(after)
    labels = {key: label for key, (label, _) in (*was.items(), *now.items())}
    keys = [*now, *(key for key in was if key not in now)]
    pairs = [(labels[key], was.get(key, ("", ""))[1], now.get(key, ("", ""))[1]) for key in keys]
    return [Change(label, pieces(old, new)) for label, old, new in pairs if old != new]


def _texts(content: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Every answer of a receipt as label and text, by a key that is the same in the next one."""
    found = {
        f"answer.{each['key']}": (each["label"], each["text"])
        for section in content.get("sections", [])
        for each in section["answers"]
    }
    if not found:  # a receipt of before forms were data
        plain = {
            name: str(content.get(name) or "")
            for name in ("title", "title_zh", "abstract", "keywords", "theme", "description")
        }
        found = {f"answer.{name}": (name.replace("_", " ").capitalize(), text) for name, text in plain.items()}
    team = "\n".join(f"{each['name']}, {each['organisation']} ({each['relation']})" for each in content["team"])
    files = "\n".join(f"{each['name']} (SHA-256 {each['sha256'][:12]})" for each in content["attachments"])
    return {**found, "team": ("Team", team), "files": ("Files", files)}


def pieces(old: str, new: str) -> list[Piece]:
    """Both texts as one, line by line and within changed lines word by word. The pieces that are not added give
    ``old``, those that are not removed give ``new``."""
    return _joined(_by_line(old.splitlines(keepends=True), new.splitlines(keepends=True)))


def _by_line(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i, j, k, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[i:j]), "".join(new[k:end])
        if tag == "equal":
            yield Piece("same", before)
        elif tag == "replace" and max(j - i, end - k) <= _LINES_OF_A_CHANGE:
            yield from _by_word(_TOKEN.findall(before), _TOKEN.findall(after))
        else:
            yield from (Piece("removed", before), Piece("added", after))


def _by_word(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, i, j, k, end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[i:j]))
        else:
            yield from (Piece("removed", "".join(old[i:j])), Piece("added", "".join(new[k:end])))


def _joined(found: Iterator[Piece]) -> list[Piece]:
    """Neighbours of the same kind as one; empty ones left out."""
    rows: list[Piece] = []
    for piece in found:
        if rows and rows[-1].what == piece.what:
            rows[-1] = Piece(piece.what, rows[-1].text + piece.text)
        elif piece.text:
            rows.append(piece)
    return rows
