"""Publications of an ORCID export: its JSON of works (its BibTeX is read by ``bibtex``)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from intake.affinity.importing.found import Found, Raw, decoded, gathered, refused
from intake.vocabulary import Words, say

WORKS = ("work-summary", "work")
"""The names under which ORCID's answers (version 3.0) hold works: in groups of a list, and in full."""


def from_orcid(data: bytes) -> Found:
    """The publications of ORCID's JSON: a whole record, its list of works, or works in full (which hold abstracts, as
    “short description”). The line of each is its number among the works."""
    text = decoded(data)
    if isinstance(text, Words):
        return refused(text)
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError):
        return refused(say("The file cannot be read as JSON."))
    works = list(_works(tree))
    if not works:
        return refused(say("There are no works of ORCID in this."))
    return gathered(_raw(number, work) for number, work in enumerate(works, start=1))


def _works(tree: Any) -> Iterator[dict[str, Any]]:
    """Every work in the tree, in its order."""
    waiting = [tree]
    if isinstance(tree, dict) and _text(tree, "title", "title", "value"):
        waiting = [{"work": tree}]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            for name in WORKS:
                held = node.get(name)
                yield from (each for each in (held if isinstance(held, list) else [held]) if isinstance(each, dict))
            waiting += reversed([value for name, value in node.items() if name not in WORKS])


def _raw(number: int, work: dict[str, Any]) -> Raw:
    title = _text(work, "title", "title", "value")
    below = _text(work, "title", "subtitle", "value")
    return Raw(
        number,
        f"{title}: {below}" if title and below else title,
        _text(work, "short-description"),
        _text(work, "publication-date", "year", "value"),
        _doi(work),
    )


def _doi(work: dict[str, Any]) -> str:
    """The first of the work's outside identifiers that is a DOI of the work itself, not of what it is part of."""
    held = work.get("external-ids")
    ids = held.get("external-id") if isinstance(held, dict) else None
    for each in ids if isinstance(ids, list) else ():
        if isinstance(each, dict) and each.get("external-id-type") == "doi" and _own(each):
            return _text(each, "external-id-value")
    return ""


def _own(identifier: dict[str, Any]) -> bool:
    return identifier.get("external-id-relationship") in (None, "self", "SELF")


def _text(node: Any, *path: str) -> str:
    """The text or number at the end of ``path``, or nothing."""
    for name in path:
        node = node.get(name) if isinstance(node, dict) else None
    return str(node) if isinstance(node, str | int) and not isinstance(node, bool) else ""
