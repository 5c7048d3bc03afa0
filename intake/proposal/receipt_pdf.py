"""A receipt as a paper document. Pure: the same receipt gives the same bytes.

It prints the frozen content of one submission and nothing else: ``sections`` with the answers of a form where the
content has them, and the fields that every proposal has where it was frozen before forms were data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from intake import clock
from intake.form.standard import DECLARATIONS
from intake.money import shown
from intake.typesetting.characters import breakable, one_line, paragraphs, printable
from intake.typesetting.press import document, every, listed
from intake.vocabulary import Relation

_TEMPLATE = Path(__file__).with_name("receipt.typ")
_RELATIONS = {
    Relation.PRINCIPAL: "Principal investigator",
    Relation.CO_INVESTIGATOR: "Co-investigator",
    Relation.ASSISTANT: "Assistant",
    Relation.VIEWER: "Viewer",
}
_ON_TOP = frozenset({"title", "title_zh"})
"""Answers that stand as the document's title."""

SAID = (
    "This is what was received, word for word. The SHA-256 is that of the file “what was received” on the page of this "
    "receipt: whoever computes it anew knows that nothing was changed."
)


def receipt_pdf(
    content: dict[str, Any], *, ordinal: int, received_at: datetime, sha256: str, source: str, zone: ZoneInfo
) -> bytes:
    """The receipt as a tagged A4 document (PDF/UA-1 and PDF/A-2a), dated when it was received.

    ``content`` and ``sha256`` are the receipt's own, ``source`` names the office, ``zone`` is the one that its time is
    written in, beside UTC. Whatever the words, there is a document. Raises ValueError for an instant without a zone.
    """
    words = {
        "held": every(content, printable),
        "ordinal": str(ordinal),
        "received": _written(received_at, zone),
        "sha256": sha256,
        "source": one_line(source),
    }
    return document(_TEMPLATE, words, _told, received_at)


def _written(instant: datetime, zone: ZoneInfo) -> str:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    local, utc = instant.astimezone(zone), instant.astimezone(ZoneInfo("UTC"))
    name = clock.zone_name(local)
    there = f"{local.day} {local:%b %Y, %H:%M:%S} {name}"
    return there if name == "UTC" else f"{there} ({utc:%H:%M:%S} UTC)"


def _told(words: dict[str, Any]) -> str:
    """What the template is told, as JSON."""
    held = words["held"]
    sections = _sections(held["sections"]) if held.get("sections") else _known(held)
    paper = {
        "title": one_line(held["title"]),
        "title_zh": one_line(held["title_zh"]),
        "from": words["source"],
        "facts": _facts(held, words),
        "said": SAID,
        "team": [_member(each) for each in held["team"]],
        "sections": sections,
        "rules": [
            [one_line(rule["text"]), one_line(rule.get("source") or "")]
            for rule in held.get("rules") or ()
            if not rule.get("aside")
        ],
        "attachments": [
            [one_line(file["name"]), f"{-(-file['size'] // 1024):,} kB", file["sha256"]]
            for file in held.get("attachments") or ()
        ],
    }
    kept = {
        "document_title": listed(f"{held['number']}, receipt {words['ordinal']}", one_line(held["title"]), by=": "),
        "number": f"{held['number']}, receipt {words['ordinal']}",
        "sha256": words["sha256"],
        "short": words["sha256"][:12],
    }
    return json.dumps(every(paper, breakable) | kept, ensure_ascii=False)


def _facts(held: dict[str, Any], words: dict[str, Any]) -> list[tuple[str, str]]:
    """The lines under the title. What a form asked stands in its section instead."""
    asked = bool(held.get("sections"))
    amount = held.get("amount_minor")
    months = held.get("duration_months")
    facts = [
        ("Proposal", held["number"]),
        ("Received", words["received"]),
        ("Programme", held.get("programme")),
        ("Call", held.get("call_title")),
        ("Sponsor", held.get("sponsor")),
        ("Theme", None if asked else held.get("theme")),
        ("Keywords", None if asked else held.get("keywords")),
        ("Amount asked for", None if asked or amount is None else shown(amount, held["currency"])),
        ("Duration", None if asked or not months else f"{months} months" if months != 1 else "1 month"),
    ]
    return [(name, one_line(str(value))) for name, value in facts if value]


def _member(member: dict[str, Any]) -> list[str]:
    places = dict.fromkeys((member["organisation"], member.get("department") or ""))
    place = ", ".join(each for each in places if each)
    relation = _RELATIONS[Relation(member["relation"])]
    unanswered = " (invited, had not answered)" if member.get("answer") == "invited" else ""
    return [one_line(member["name"]), one_line(place), f"{relation}{unanswered}"]


def _known(held: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a proposal as sections, for what was received without any."""
    declared = [text for name, text in DECLARATIONS.items() if (held.get("declarations") or {}).get(name)]
    parts = [
        ("Abstract", held.get("abstract") or ""),
        ("Description", held.get("description") or ""),
        ("Declarations", "\n\n".join(declared)),
    ]
    return [
        {"label": label, "answers": [_answer({"label": "", "text": text})]} for label, text in parts if text.strip()
    ]


def _sections(sections: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The sections with their answers; a section in which nothing was answered is left out."""
    found = []
    for section in sections:
        answers = [_answer(each) for each in section.get("answers") or () if each.get("key") not in _ON_TOP]
        answers = [each for each in answers if each["text"] or each["rows"]]
        if answers:
            found.append({"label": one_line(section["label"]), "answers": answers})
    return found


def _answer(answer: dict[str, Any]) -> dict[str, Any]:
    """One answer: a table where it has rows, else its text in paragraphs."""
    rows, foot = answer.get("rows") or [], answer.get("foot") or []
    columns = max((len(row) for row in (*rows, *foot)), default=1)
    return {
        "label": one_line(answer["label"]),
        "text": [] if rows else paragraphs(answer.get("text") or ""),
        "columns": columns,
        "head": _row(answer.get("heads") or (), columns) if rows else [],
        "rows": [_row(row, columns) for row in rows],
        "foot": [_row(row, columns) for row in foot],
    }


def _row(cells: Sequence[str], columns: int) -> list[str]:
    return [one_line(each) for each in cells] + [""] * (columns - len(cells))
