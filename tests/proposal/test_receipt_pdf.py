"""The printed receipt: what was received is on it, whatever its script, and the same receipt gives the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pikepdf
import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.proposal.operations import submit
from intake.proposal.receipt_pdf import receipt_pdf
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, whole
from tests.forward.test_pdf import claims_a_standard, squeezed, text_of

DIGEST = "0123456789abcdef" * 4
RECEIVED = datetime(2026, 3, 12, 9, 0, 1, tzinfo=UTC)
HELD: dict[str, Any] = {
    "number": "HIRP-2020-0007",
    "call_title": "HIRP 2020",
    "programme": "Example Research Programme",
    "sponsor": "Example Company",
    "title": "Optical interconnects",
    "title_zh": "機櫃級運算的光互連",
    "abstract": "We join racks.\n\n我們以光連接機櫃。",
    "keywords": "optics, 光學",
    "theme": "Optical technology",
    "description": "First line\nsecond line",
    "amount_minor": 7_000_000,
    "currency": "USD",
    "duration_months": 12,
    "team": [
        {"name": "CHAN Tai Man 陳大文", "organisation": "U", "department": "Computing", "relation": "principal"},
        {"name": "Ben Partner", "organisation": "Elsewhere", "department": None, "relation": "co_investigator"},
    ],
    "declarations": {"nothing_confidential": True, "own_work": False, "one_university": True},
    "rules": [{"code": "cap", "text": "Within the cap", "source": "page 3"}],
    "attachments": [{"id": 1, "name": "預算.xlsx", "size": 12_345, "sha256": DIGEST, "pages": None}],
}
SECTIONS: list[dict[str, Any]] = [
    {
        "key": "summary",
        "label": "Title and abstract",
        "answers": [
            {"key": "title", "label": "Title", "kind": "short_text", "text": "Optical interconnects"},
            {"key": "abstract", "label": "Abstract", "kind": "long_text", "text": "以光連接\n\nAnother paragraph"},
        ],
    },
    {
        "key": "money",
        "label": "Budget 預算",
        "answers": [
            {
                "key": "budget",
                "label": "Lines",
                "kind": "budget",
                "text": "said again as text",
                "heads": ["Category", "Year", "Amount", "Justification"],
                "rows": [["Staff", "1", "USD 1,000.00", "博士後"]],
                "foot": [["Total", "", "USD 1,000.00", ""]],
            },
            {"key": "ethics", "label": "Ethics", "kind": "yes_no", "text": ""},
        ],
    },
    {"key": "empty", "label": "Nothing here", "answers": [{"key": "x", "label": "X", "kind": "date", "text": ""}]},
]


def printed(held: dict[str, Any], zone: str = "Asia/Hong_Kong") -> bytes:
    return receipt_pdf(
        held, ordinal=2, received_at=RECEIVED, sha256=DIGEST, source="The Office, The University", zone=ZoneInfo(zone)
    )


@pytest.mark.once
def test_every_fact_is_on_the_page() -> None:
    pdf = printed(HELD)
    text = squeezed(text_of(pdf))
    expected = (
        "HIRP-2020-0007, receipt 2|Optical interconnects|機櫃級運算的光互連|HIRP 2020|Example Research Programme|"
        "Example Company|The Office, The University|12 Mar 2026, 17:00:01 HKT (09:00:01 UTC)|Optical technology|"
        "optics, 光學|USD 70,000|12 months|CHAN Tai Man 陳大文|Computing|Principal investigator|Ben Partner|Elsewhere|"
        "Co-investigator|我們以光連接機櫃。|nothing confidential|No other university|Within the cap|page 3|預算.xlsx|"
        "13 kB|Page 1 of"
    )
    for words in expected.split("|"):
        assert squeezed(words) in text, words
    assert "onbehalfofastudent" not in text, "only what was declared"
    assert text.count(DIGEST) == 2
    assert claims_a_standard(pdf)


@pytest.mark.once
def test_the_answers_of_a_form_are_printed_by_section() -> None:
    text = squeezed(text_of(printed({**HELD, "sections": SECTIONS})))
    for words in (
        "Title and abstract",
        "以光連接",
        "Another paragraph",
        "Budget 預算",
        "Staff",
        "博士後",
        "USD 1,000.00",
    ):
        assert squeezed(words) in text, words
    assert "Justification" in text
    for absent in ("saidagainastext", "Nothinghere", "Ethics", "Secondline", "Description", "Keywords"):
        assert absent not in text, absent
    assert text.count("Opticalinterconnects") == 1, "the title stands on top"


@pytest.mark.once
def test_the_document_is_titled_and_dated_by_what_was_received() -> None:
    with pikepdf.open(io.BytesIO(printed(HELD))) as pdf:
        assert pdf.docinfo["/Title"] == "HIRP-2020-0007, receipt 2: Optical interconnects"
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20260312090001")


@pytest.mark.once
def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert printed(HELD) == printed(dict(HELD))
    assert squeezed("12 Mar 2026, 09:00:01 UTC") in squeezed(text_of(printed(HELD, "UTC")))


@pytest.mark.once
@pytest.mark.parametrize("words", ['#read("receipt.typ")', "smile 😀", "] ) } $x$", "a\x00b\u202ec", ""])
def test_words_run_nothing_and_any_words_give_a_document(words: str) -> None:
    sections = [{**SECTIONS[1], "label": words or "x"}]
    sections[0]["answers"] = [
        {"key": "q", "label": words, "text": words, "heads": [words], "rows": [[words], [words, words]], "foot": []},
        {"key": "r", "label": words, "text": words},
    ]
    held = {**HELD, "title": words or "t", "sections": sections}
    assert printed(held).startswith(b"%PDF-")
    assert printed({**held, "sections": [], "abstract": words}).startswith(b"%PDF-")


@pytest.mark.once
@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60), st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_gives_a_document(title: str, text: str) -> None:
    held = {
        **HELD,
        "title": title,
        "sections": [{"key": "s", "label": text, "answers": [{**SECTIONS[0]["answers"][1], "text": text}]}],
    }
    assert printed(held).startswith(b"%PDF-")


def test_a_real_receipt_is_printed(room: Flask) -> None:
    load_catalogue()
    ada = faculty_member()
    receipt = submit(draft(call_with("HIRP-2020"), ada), by=actor(ada))
    pdf = receipt_pdf(
        receipt.content,
        ordinal=1,
        received_at=receipt.received_at,
        sha256=receipt.sha256,
        source="",
        zone=ZoneInfo("UTC"),
    )
    text = squeezed(text_of(pdf))
    for words in (
        "HIRP-2020-0001",
        "機櫃級運算的光互連",
        "我們以光連接機櫃。",
        "Each is short.",
        "Ada Applicant",
        receipt.sha256,
    ):
        assert squeezed(words) in text, words
    assert whole(receipt.proposal_id).received[0].file_key is None, "printing decides nothing"
