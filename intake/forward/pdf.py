"""A proposal as a paper document, and several PDFs as one. Pure: the same content gives the same bytes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

from intake.forward.content import Attached, Member, PacketContent, Principal, RuleMet
from intake.typesetting.characters import breakable, one_line, paragraphs, printable
from intake.typesetting.press import document, every, listed

__all__ = ["Attached", "Member", "PacketContent", "Principal", "RuleMet", "join", "proposal_pdf"]

_TEMPLATE = Path(__file__).with_name("proposal.typ")
_CLAIMS = (
    "{http://www.aiim.org/pdfua/ns/id/}part",
    "{http://www.aiim.org/pdfa/ns/id/}part",
    "{http://www.aiim.org/pdfa/ns/id/}conformance",
)


def proposal_pdf(content: PacketContent) -> bytes:
    """The proposal as a tagged A4 document: PDF/UA-1 and PDF/A-2a, titled by number and title, without an author.

    Whatever the words, there is a document: a character that no face can draw is printed as its code, ``[U+1F600]``.
    Raises ValueError for a ``stamp`` without a zone.
    """
    return document(_TEMPLATE, _words(content), _told, content.stamp)


LONG = ("abstract", "description", "answers")
"""What may have several lines."""


def _words(content: PacketContent) -> dict[str, Any]:
    """The content as plain values, every text of it cleaned; only two of them may have several lines."""
    values = asdict(content)
    del values["stamp"]
    return {name: every(value, printable if name in LONG else one_line) for name, value in values.items()}


def _told(words: dict[str, Any]) -> str:
    """What the template is told, as JSON."""
    principal = words["principal"]
    facts = [
        ("Proposal", words["number"]),
        ("Principal investigator", listed(principal["name"], principal["department"])),
        ("Programme", words["programme"]),
        ("Call", words["call_title"]),
        ("Sponsor", words["sponsor"]),
        ("Theme", words["theme"]),
        ("Keywords", words["keywords"]),
        ("Amount asked for", words["amount"]),
        ("Duration", words["duration"]),
        ("Received", words["received_at"]),
    ]
    shown = {
        "title": words["title"],
        "title_zh": words["title_zh"],
        "from": listed(words["institution"], words["office"]),
        "facts": [fact for fact in facts if fact[1]],
        "team": [[member["name"], member["organisation"], member["relation"]] for member in words["team"]],
        "abstract": paragraphs(words["abstract"]),
        "description": paragraphs(words["description"]),
        "answers": [
            {
                "label": answer["label"],
                "text": [] if answer["rows"] else paragraphs(answer["text"]),
                "heads": list(answer["heads"]),
                "rows": [list(row) for row in (*answer["rows"], *answer["foot"])],
            }
            for answer in words["answers"]
        ],
        "rules_met": [[rule["text"], rule["source"]] for rule in words["rules_met"]],
        "attachments": [[file["name"], file["size"], file["sha256"]] for file in words["attachments"]],
    }
    kept = {
        "document_title": listed(words["number"], words["title"], by=": "),
        "number": words["number"],
        "sha256": words["sha256"],
        "short": words["sha256"][:12],
    }
    return json.dumps(every(shown, breakable) | kept, ensure_ascii=False)


def join(pdfs: Sequence[bytes]) -> bytes:
    """One PDF of all pages in order. The first gives title, outline and tags; its claim to a standard is dropped
    when others follow, since they need not keep it. Same input, same bytes.

    Raises ValueError for an empty sequence, and pikepdf.PdfError when one cannot be read.
    """
    if not pdfs:
        raise ValueError("nothing to join")
    out = BytesIO()
    with pikepdf.open(BytesIO(pdfs[0])) as whole:
        for data in pdfs[1:]:
            first = len(whole.pages)
            with pikepdf.open(BytesIO(data)) as more:
                whole.pages.extend(more.pages)
                for page in list(whole.pages)[first:]:
                    _untag(page.obj)
        if len(pdfs) > 1:
            _drop_claims(whole)
        whole.save(out, deterministic_id=True)
    return out.getvalue()


def _untag(page: pikepdf.Object) -> None:
    """Take off the numbers by which a page's marks are found: in the new document they would point at other tags."""
    for part in (page, *page.get("/Annots", ())):
        for key in ("/StructParents", "/StructParent"):
            if key in part:
                del part[key]


def _drop_claims(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for claim in _CLAIMS:
            if claim in metadata:
                del metadata[claim]
