"""What may be attached, and what is refused in words that say what to do instead."""

from __future__ import annotations

import hashlib
import io
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from intake.errors import BadUpload
from intake.proposal import contents, contents_pdf
from intake.proposal.upload import Checked, check, clean_name
from intake.vocabulary import Limit

pytestmark = pytest.mark.once

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def a_pdf(change: Callable[[pikepdf.Pdf], object] = lambda pdf: None, pages: int = 2, **saving: object) -> bytes:
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, static_id=True, **saving)  # type: ignore[arg-type]
    return out.getvalue()


def types_of(*main: str) -> bytes:
    parts = "".join(f'<Override PartName="/part{i}.xml" ContentType="{name}"/>' for i, name in enumerate(main))
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{parts}</Types>'.encode()


def an_archive(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def a_document(main: str = WORD, members: dict[str, bytes] | None = None) -> bytes:
    plain = {"[Content_Types].xml": types_of(main + ".main+xml"), "word/document.xml": b"<w/>"}
    return an_archive(plain | (members or {}))


def a_picture(format: str, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).save(out, format)
    return out.getvalue()


@cache
def good_files() -> dict[str, bytes]:
    return {
        "plan.pdf": a_pdf(),
        "packed.pdf": a_pdf(object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "plan.docx": a_document(),
        "budget.xlsx": a_document(EXCEL),
        "figure.png": a_picture("PNG"),
        "photo.jpg": a_picture("JPEG"),
        "photo.jpeg": a_picture("JPEG"),
    }


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(BadUpload) as caught:
        check(name, data)
    return str(caught.value.reason)


@pytest.mark.parametrize(
    ("name", "content_type", "pages"),
    [
        ("plan.pdf", PDF, 2),
        ("packed.pdf", PDF, 2),
        ("plan.docx", WORD, None),
        ("budget.xlsx", EXCEL, None),
        ("figure.png", "image/png", None),
        ("photo.jpg", "image/jpeg", None),
        ("photo.jpeg", "image/jpeg", None),
    ],
)
def test_a_good_file_is_taken_with_its_facts(name: str, content_type: str, pages: int | None) -> None:
    data = good_files()[name]
    assert check(name, data) == Checked(name, content_type, pages, len(data), hashlib.sha256(data).hexdigest())


def test_the_ending_may_be_in_capitals() -> None:
    assert check("PLAN.PDF", a_pdf()).name == "PLAN.PDF"


@pytest.mark.parametrize("name", ["plan.docx", "plan.png", "plan", "plan.pdf.exe", ".pdf", ""])
def test_a_name_that_disagrees_is_refused_with_the_right_ending(name: str) -> None:
    assert "end with .pdf" in refusal(name, a_pdf())


@pytest.mark.parametrize(
    "data", [b"MZ\x90\x00", b"<html><script>alert(1)</script>", b"<svg/>", b"GIF89a" + bytes(20), b"a,b\n1,2\n", b"\0"]
)
def test_anything_else_is_refused_with_the_list_of_what_we_take(data: bytes) -> None:
    assert "PDF, Word (.docx), Excel (.xlsx), PNG and JPEG" in refusal("plan.pdf", data)


def test_an_empty_file_is_refused() -> None:
    assert "empty" in refusal("plan.pdf", b"")


def test_the_limit_on_bytes_is_exact() -> None:
    data = a_picture("JPEG")
    assert check("a.jpg", data.ljust(Limit.FILE_BYTES, b"\0")).size == Limit.FILE_BYTES
    assert "larger than 10 MB" in refusal("a.jpg", data.ljust(Limit.FILE_BYTES + 1, b"\0"))


def test_an_old_office_file_or_a_locked_new_one_is_named() -> None:
    assert "older Office file" in refusal("plan.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))


# -- PDF


@pytest.mark.parametrize("password", ["", "secret"])
def test_a_locked_pdf_is_refused(password: str) -> None:
    locked = a_pdf(encryption=pikepdf.Encryption(owner="owner", user=password))
    assert "locked" in refusal("plan.pdf", locked)


def test_a_pdf_cut_short_is_refused() -> None:
    assert "damaged" in refusal("plan.pdf", a_pdf()[:-200])


def test_a_pdf_without_pages_is_refused() -> None:
    assert "no pages" in refusal("plan.pdf", a_pdf(pages=0))


def test_a_pdf_with_too_many_pages_is_refused() -> None:
    assert check("plan.pdf", a_pdf(pages=contents_pdf.PAGES_MOST)).pages == contents_pdf.PAGES_MOST
    assert "501 pages" in refusal("plan.pdf", a_pdf(pages=contents_pdf.PAGES_MOST + 1))


def script(pdf: pikepdf.Pdf) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def on_opening(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = script(pdf)


def on_opening_elsewhere(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(script(pdf))


def launching(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))


def on_a_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[1].obj["/AA"] = pikepdf.Dictionary(O=script(pdf))


def on_a_link(pdf: pikepdf.Pdf) -> None:
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=script(pdf))
    pdf.pages[0].obj["/Annots"] = pikepdf.Array([link])


def by_name(pdf: pikepdf.Pdf) -> None:
    names = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("a"), script(pdf)]))
    pdf.Root.Names = pikepdf.Dictionary(JavaScript=names)


def on_a_form(pdf: pikepdf.Pdf) -> None:
    pdf.Root.AcroForm = pikepdf.Dictionary(XFA=pdf.make_stream(b"<xdp/>"), Fields=pikepdf.Array())


@pytest.mark.parametrize(
    "change", [on_opening, on_opening_elsewhere, launching, on_a_page, on_a_link, by_name, on_a_form]
)
def test_a_pdf_that_does_something_is_refused_wherever_it_hides(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert "script or starts something" in refusal("plan.pdf", a_pdf(change))
    packed = a_pdf(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert "script or starts something" in refusal("plan.pdf", packed)


def test_a_name_spelled_in_hexadecimal_hides_nothing() -> None:
    plain = a_pdf(on_opening)
    # The script is made shorter by as much as its names grow, so that every offset in the file still holds.
    spelled = plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53").replace(b"app.alert", b"app.a")
    assert len(spelled) == len(plain)
    assert "script or starts something" in refusal("plan.pdf", spelled)


def test_a_pdf_with_files_inside_is_refused() -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        pdf.attachments["a.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ")  # type: ignore[call-arg]

    assert "other files inside" in refusal("plan.pdf", a_pdf(attach))


def test_a_pdf_that_opens_at_a_page_and_links_to_the_web_is_taken() -> None:
    def links(pdf: pikepdf.Pdf) -> None:
        pdf.Root.OpenAction = pikepdf.Array([pdf.pages[0].obj, pikepdf.Name.Fit])
        web = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=web)
        pdf.pages[0].obj["/Annots"] = pikepdf.Array([link])

    assert check("plan.pdf", a_pdf(links)).pages == 2


def a_pdf_that_unpacks_to(size: int) -> bytes:
    """A PDF without pages whose page tree lies in an object stream of ``size`` bytes, nearly all of them blanks."""
    tree = b"2 0       <</Type/Pages/Kids[]/Count 0>>"
    packer = zlib.compressobj(9)
    blanks = (packer.compress(b" " * 1_000_000) for _ in range(size // 1_000_000))
    packed = packer.compress(tree) + b"".join(blanks) + packer.flush()
    head = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    stream = b"%d 0 obj\n<<%b/Length %d>>stream\n%b\nendstream\nendobj\n"
    body = head + stream % (4, b"/Type/ObjStm/N 1/First 10/Filter/FlateDecode", len(packed), packed)
    rows = [(0, 0, 255), (1, 9, 0), (2, 4, 0), (1, len(body), 0), (1, len(head), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    whole = body + stream % (3, b"/Type/XRef/Size 5/W[1 4 2]/Root 1 0 R", len(table), table)
    return whole + b"startxref\n%d\n%%%%EOF\n" % len(body)


def test_a_pdf_bomb_is_refused_before_it_grows() -> None:
    assert "no pages" in refusal("plan.pdf", a_pdf_that_unpacks_to(2_000_000))
    bomb = a_pdf_that_unpacks_to(contents_pdf.STREAM_BYTES_MOST + 2_000_000)
    assert len(bomb) < Limit.FILE_BYTES
    assert "damaged" in refusal("plan.pdf", bomb)


def test_a_pdf_of_too_many_parts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents_pdf, "PARTS_MOST", 10)
    assert "too intricate" in refusal("plan.pdf", a_pdf())


# -- Word and Excel


def test_another_archive_is_named_as_one() -> None:
    assert "ZIP archive" in refusal("plan.docx", an_archive({"a.txt": b"x"}))


def test_an_office_file_of_another_kind_is_refused() -> None:
    slides = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    assert "neither a Word" in refusal("plan.docx", a_document(slides))
    both = an_archive({"[Content_Types].xml": types_of(WORD + ".main+xml", EXCEL + ".main+xml")})
    assert "neither a Word" in refusal("plan.docx", both)


def test_word_under_an_excel_name_is_refused() -> None:
    assert "end with .docx" in refusal("plan.xlsx", a_document(WORD))


@pytest.mark.parametrize(
    "data",
    [
        a_document(members={"word/vbaProject.bin": b"x"}),
        a_document(members={"word/VBAPROJECT.BIN": b"x"}),
        a_document("application/vnd.ms-word.document.macroEnabled"),
        an_archive({"[Content_Types].xml": types_of(EXCEL + ".main+xml", "application/vnd.ms-excel.macrosheet+xml")}),
    ],
)
def test_macros_are_refused(data: bytes) -> None:
    assert "macros" in refusal("plan.docx", data)


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word\\..\\x", "C:evil", "word/../../x"])
def test_names_that_lead_outside_are_refused(name: str) -> None:
    assert "unusual names" in refusal("plan.docx", a_document(members={name: b"x"}))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused() -> None:
    out = io.BytesIO(a_document())
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/document.xml", b"another")
    assert "unusual names" in refusal("plan.docx", out.getvalue())


def test_an_archive_bomb_is_refused_without_unpacking(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = a_document(members={"word/media/a.bin": bytes(5_000_000)})

    def unpack(*_: object, **__: object) -> None:
        raise AssertionError("unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpack)
    assert "larger than we can open safely" in refusal("plan.docx", bomb)


def test_the_sum_and_the_number_of_members_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "UNPACKED_BYTES_MOST", 1_000)
    assert "larger than we can open safely" in refusal("plan.docx", a_document(members={"a": bytes(1_001)}))
    monkeypatch.undo()
    many = a_document(members={f"a{n}": b"" for n in range(contents.MEMBERS_MOST)})
    assert "larger than we can open safely" in refusal("plan.docx", many)


def test_a_member_that_is_larger_than_it_says_is_refused() -> None:
    honest = a_document(members={"a": bytes(90_000)})
    lying = honest.replace(struct.pack("<I", 90_000), struct.pack("<I", 9))
    assert lying != honest
    assert "damaged" in refusal("plan.docx", lying)


def test_a_damaged_member_is_refused() -> None:
    members = {"[Content_Types].xml": types_of(WORD + ".main+xml"), "word/document.xml": b"<w>untouched</w>"}
    data = an_archive(members, zipfile.ZIP_STORED)
    assert check("plan.docx", data).content_type == WORD
    assert "damaged" in refusal("plan.docx", data.replace(b"untouched", b"unTouched"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_in_the_list_of_contents_are_refused(encoding: str) -> None:
    laughs = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE t [<!ENTITY a "ha">]><Types>&a;</Types>'
    assert "list of contents" in refusal("plan.docx", an_archive({"[Content_Types].xml": laughs.encode(encoding)}))


# -- pictures


def test_a_picture_cut_short_is_refused() -> None:
    for name, form in (("a.png", "PNG"), ("a.jpg", "JPEG")):
        data = a_picture(form, (200, 200))
        assert "damaged" in refusal(name, data[: len(data) // 2])


def test_a_picture_under_the_other_pictures_name_is_refused() -> None:
    assert "end with .png" in refusal("a.jpg", a_picture("PNG"))


@pytest.mark.parametrize(("width", "height"), [(8_000, 5_001), (20_000, 20_000), (65_000, 65_000)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_head(width: int, height: int) -> None:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    data = zlib.compress(b"")
    body = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    assert "40 million pixels" in refusal("a.png", b"\x89PNG\r\n\x1a\n" + chunk + body + end)


# -- names


@pytest.mark.parametrize(
    ("given_name", "shown"),
    [
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("../../etc/plan.pdf", "plan.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("pl\x00an\r\n2.pdf", "plan 2.pdf"),
        ("  ..plan..pdf ", "plan.pdf"),
        ("Re\u0301sume\u0301.pdf", "R\u00e9sum\u00e9.pdf"),
        ("計劃書 (最終).pdf", "計劃書 (最終).pdf"),
        ("a\u2028b.pdf", "a b.pdf"),
        ("\ud800x.pdf", "x.pdf"),
        ("/", "file"),
        ("", "file"),
    ],
)
def test_a_name_is_made_fit_to_show(given_name: str, shown: str) -> None:
    assert clean_name(given_name) == shown


def test_a_long_name_keeps_its_ending() -> None:
    assert check("x" * 500 + ".pdf", a_pdf()).name == "x" * (Limit.FILE_NAME - 4) + ".pdf"


@given(st.text(max_size=300))
def test_a_clean_name_is_clean_and_stays_so(name: str) -> None:
    cleaned = clean_name(name)
    assert 0 < len(cleaned) <= Limit.FILE_NAME
    assert clean_name(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert not set(cleaned) & set("/\\\r\n\0\u202e\u2066")
    cleaned.encode()


# -- whatever the bytes


def taken_or_refused(name: str, data: bytes) -> None:
    try:
        assert check(name, data).size == len(data)
    except BadUpload as refused:
        assert str(refused.reason).endswith((".", "!"))


BEGINNINGS = [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20), st.sampled_from(BEGINNINGS), st.binary(max_size=400))
@example("a.pdf", b"%PDF-1.7\n", b"startxref\n0\n%%EOF")
def test_random_bytes_are_taken_or_refused_and_nothing_else(name: str, beginning: bytes, rest: bytes) -> None:
    taken_or_refused(name, beginning + rest)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(good_files())),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=6), st.integers(0, 6)), max_size=5),
)
def test_a_good_file_with_changed_bytes_is_taken_or_refused_and_nothing_else(
    name: str, changes: list[tuple[float, bytes, int]]
) -> None:
    data = bytearray(good_files()[name])
    for where, new, length in changes:
        at = int(where * len(data))
        data[at : at + length] = new
    taken_or_refused(name, bytes(data))
