"""The printed proposal: everything that was written is on it, and nothing that was written runs."""

from __future__ import annotations

import io
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.forward.pdf import Attached, Member, PacketContent, Principal, RuleMet, join, proposal_pdf
from intake.vocabulary import Limit

pytestmark = pytest.mark.once

DIGEST = "0123456789abcdef" * 4
FULL = PacketContent(
    number="AIR-2026-0017",
    title="Trustworthy retrieval",
    title_zh="面向醫院分流的可信檢索研究",
    programme="Alibaba Innovative Research",
    call_title="AIR 2026",
    sponsor="Alibaba Group",
    institution="The University",
    office="The Office",
    principal=Principal("CHAN Tai Man 陳大文", "Department of Computing"),
    team=[Member("WONG Siu Ming", "School of Nursing", "Co-investigator")],
    theme="Foundation models",
    keywords="retrieval, 大模型",
    abstract="We retrieve.",
    description="First line\nsecond line\n\nAnother paragraph",
    amount="USD 70,000",
    duration="12 months",
    rules_met=[RuleMet("Full-time faculty", "section 3")],
    received_at="22 November 2026, 13:45 HKT",
    sha256=DIGEST,
    attachments=[Attached("預算.xlsx", "24 KB", DIGEST)],
    stamp=datetime(2026, 11, 22, 5, 45, tzinfo=UTC),
)
BARE = PacketContent("N-1", "T", "P", "C", "S", "I", Principal("N"), datetime(2026, 1, 1, tzinfo=UTC))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """Without blanks and break marks: where a line ends is the page's choice."""
    return "".join(text.replace("\u200b", "").split())


def test_every_fact_is_on_the_page() -> None:
    text = squeezed(text_of(proposal_pdf(FULL)))
    expected = (
        "AIR-2026-0017|Trustworthy retrieval|面向醫院分流的可信檢索研究|Alibaba Innovative Research|AIR 2026|"
        "Alibaba Group|The University, The Office|CHAN Tai Man 陳大文, Department of Computing|WONG Siu Ming|"
        "School of Nursing|Co-investigator|Foundation models|retrieval, 大模型|We retrieve.|Another paragraph|"
        "USD 70,000|12 months|Full-time faculty|section 3|22 November 2026, 13:45 HKT|預算.xlsx|24 KB|Page 1 of"
    )
    for words in expected.split("|"):
        assert squeezed(words) in text, words
    assert text.count(DIGEST) == 2


def test_line_breaks_and_paragraphs_are_kept() -> None:
    lines = [line.strip() for line in text_of(proposal_pdf(FULL)).splitlines()]
    at = lines.index("First line")
    assert lines[at + 1] == "second line"
    assert "Another paragraph" in lines[at + 2 :]


def test_what_is_empty_is_left_out_with_its_heading() -> None:
    text = text_of(proposal_pdf(BARE))
    assert "N-1" in text
    for heading in ("Team", "Abstract", "Description", "Rules", "Attachments", "Theme", "Amount", "SHA-256"):
        assert heading not in text


def test_the_same_content_gives_the_same_bytes() -> None:
    assert proposal_pdf(FULL) == proposal_pdf(replace(FULL))
    assert proposal_pdf(FULL) != proposal_pdf(replace(FULL, title="Another"))


def test_the_zone_of_the_stamp_does_not_matter_but_there_must_be_one() -> None:
    there = FULL.stamp.astimezone(timezone(timedelta(hours=8)))
    assert proposal_pdf(replace(FULL, stamp=there)) == proposal_pdf(FULL)
    with pytest.raises(ValueError, match="zone"):
        proposal_pdf(replace(FULL, stamp=datetime(2026, 1, 1)))  # noqa: DTZ001 - the mistake under test


def test_the_document_is_titled_tagged_dated_and_names_no_author() -> None:
    with pikepdf.open(io.BytesIO(proposal_pdf(FULL))) as pdf:
        assert pdf.docinfo["/Title"] == "AIR-2026-0017: Trustworthy retrieval"
        assert "/Author" not in pdf.docinfo
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20261122054500")
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert metadata.pdfa_status == "2A"
            assert "dc:creator" not in metadata


def claims_a_standard(pdf: bytes) -> bool:
    with pikepdf.open(io.BytesIO(pdf)) as opened, opened.open_metadata() as metadata:
        return "pdfuaid:part" in metadata or bool(metadata.pdfa_status)


@pytest.mark.parametrize(
    "words",
    [
        '#import "/etc/passwd": *',
        '#read("proposal.typ")',
        "$x^2$ and $",
        "*b* _i_ `c` = h",
        "@ref <label>",
        "\\ \\n \\u{41} C:\\new",
        "] ) } [ ( {",
        "\"double\" 'single' -- --- ...",
        "// note /* note */ https://example.org/a?b=c",
        "= heading",
        "- item",
        "%s %(x)s {x} ${x}",
        "繁體 简体 嘅 㗎",
        "Ελληνικά Русский שלום",
    ],
)
def test_words_that_look_like_source_are_printed_as_they_are(words: str) -> None:
    pdf = proposal_pdf(replace(FULL, title=words, abstract=words, keywords=words, principal=Principal(words)))
    assert claims_a_standard(pdf)
    # Between left-to-right and right-to-left words a reader may put the blank on either side.
    assert squeezed(text_of(pdf)).count(squeezed(words)) >= 4


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("smile 😀!", "smile [U+1F600]!"),
        ("old 𠮷 name", "old [U+20BB7] name"),
        ("private \ue000 use", "private [U+E000] use"),
        ("a\x00b\x07c\x1bd\x7fe\x85f", "abcde f"),
        ("a\uffffb\ufffec\ufeffd\ud800e\U0001ffff", "abcde"),
        ("a\u202eb\u2066c", "abc"),
        ("tab\tand\u2028line", "tab and line"),
    ],
)
def test_what_no_face_can_draw_is_spelled_and_what_is_no_text_is_dropped(words: str, printed: str) -> None:
    pdf = proposal_pdf(replace(FULL, title=words, description=words))
    assert claims_a_standard(pdf)
    assert squeezed(text_of(pdf)).count(squeezed(printed)) >= 2


def test_right_to_left_words_are_on_the_page() -> None:
    text = text_of(proposal_pdf(replace(FULL, abstract="العربية")))
    assert "العربية" in text


def test_the_longest_description_is_printed_whole() -> None:
    words = "".join(f"word{n} 字{n}。" + ("\n\n" if n % 40 == 0 else "") for n in range(6_000))[: Limit.DESCRIPTION]
    assert len(words) == Limit.DESCRIPTION
    pdf = proposal_pdf(replace(FULL, description=words))
    pages = len(pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert pages > 5
    assert f"Page {pages} of {pages}" in text_of(pdf)
    assert squeezed(words)[-10:] in squeezed(text_of(pdf))


def test_a_word_without_end_stays_on_the_page() -> None:
    pdf = proposal_pdf(replace(FULL, title="W" * Limit.TITLE, description="a" * 3_000))
    text = text_of(pdf)
    assert squeezed(text).count("W") >= Limit.TITLE
    assert max(len(line) for line in text.splitlines()) < 150


def test_thousands_of_characters_that_no_face_has_still_give_a_document() -> None:
    words = "".join(chr(0x20000 + n) for n in range(3_000))
    text = squeezed(text_of(proposal_pdf(replace(FULL, description=words))))
    assert "[U+20000]" in text
    assert "[U+20BB7]" in text
    assert "面向醫院分流的可信檢索研究" in text


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=40), st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_any_text_gives_a_document(title: str, description: str) -> None:
    content = replace(BARE, title=title, description=description, attachments=[Attached(title, title, title)])
    assert proposal_pdf(content).startswith(b"%PDF-")


# -- joining


def other_pdf(pages: int) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page(page_size=(300, 400)).obj["/StructParents"] = 0
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def test_joined_pages_are_all_there_in_order_and_the_same_each_time() -> None:
    first, others = proposal_pdf(FULL), [other_pdf(2), other_pdf(1)]
    whole = join([first, *others])
    time.sleep(1.1)  # A document's identifier is made from the second of its writing unless told otherwise.
    assert whole == join([first, *others])
    with pikepdf.open(io.BytesIO(first)) as alone, pikepdf.open(io.BytesIO(whole)) as pdf:
        assert len(pdf.pages) == len(alone.pages) + 3
        assert [page.mediabox[2] == 300 for page in pdf.pages] == [False] * len(alone.pages) + [True] * 3
        assert pdf.docinfo["/Title"] == "AIR-2026-0017: Trustworthy retrieval"
        assert "/StructTreeRoot" in pdf.Root
        assert all("/StructParents" not in page.obj for page in list(pdf.pages)[-3:])
        assert "/StructParents" in pdf.pages[0].obj
    assert "面向醫院分流的可信檢索研究" in text_of(whole)


def test_a_joined_document_claims_no_standard_and_a_single_one_keeps_its_claim() -> None:
    first = proposal_pdf(FULL)
    assert claims_a_standard(join([first]))
    assert not claims_a_standard(join([first, other_pdf(1)]))


def test_nothing_cannot_be_joined_nor_what_is_no_pdf() -> None:
    with pytest.raises(ValueError, match="nothing"):
        join([])
    with pytest.raises(pikepdf.PdfError):
        join([proposal_pdf(BARE), b"not a PDF"])
