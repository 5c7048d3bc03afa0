"""Files by the page: bad ones are refused in plain words and leave nothing, good ones come back to the byte."""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake.extensions import db
from intake.proposal.contents_pdf import STREAM_BYTES_MOST
from intake.storage import StoreUnavailable
from intake.views.faculty.filing import AT_ONCE_BYTES
from intake.vocabulary import Limit
from tests.factories.world import a_pdf
from tests.proposal.test_upload import EXCEL, a_document, a_pdf_that_unpacks_to, a_picture, an_archive, good_files
from tests.proposal.test_upload import a_pdf as a_pdf_made
from tests.views.files_desk import Desk


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


# -- good ones


@pytest.mark.parametrize("name", sorted(good_files()))
def test_a_good_file_comes_back_identical_to_the_byte(desk: Desk, name: str) -> None:
    data = good_files()[name]
    assert desk.send((name, data)).status_code == 302
    (file,) = desk.kept()
    sent = desk.ben.get(f"{desk.page}/files/{file.id}")
    assert hashlib.sha256(sent.data).hexdigest() == hashlib.sha256(data).hexdigest() == file.sha256
    assert sent.data == data
    assert sent.headers["Content-Disposition"] == f"attachment; filename={name}"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_the_largest_file_comes_back_whole(desk: Desk) -> None:
    data = a_picture("JPEG").ljust(Limit.FILE_BYTES, b"\7")
    assert desk.send(("a.jpg", data)).status_code == 302
    (file,) = desk.kept()
    sent = desk.ada.get(f"{desk.page}/files/{file.id}").data
    assert hashlib.sha256(sent).hexdigest() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("工作 計劃.pdf", "工作 計劃.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\\\Users\\\\ada\\\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.pdf", "planfdp.pdf"),
        ("  ..plan..pdf ", "plan.pdf"),
        ("<img src=x onerror=alert(1)>.pdf", "<img src=x onerror=alert(1)>.pdf"),
        ("%(x)s {{7*7}} ${x}.pdf", "%(x)s {{7*7}} ${x}.pdf"),
        ("x" * 500 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_an_odd_name_is_made_fit_and_shown_as_words(desk: Desk, name: str, shown: str) -> None:
    assert desk.send((name, a_pdf())).status_code == 302
    (file,) = desk.kept()
    assert file.name == shown
    page = desk.ada.get(f"{desk.page}/edit/attachments").text
    assert "<img src=x" not in page
    assert "49" not in re.findall(r'class="title"[^>]*>([^<]*)<', page)[0]
    sent = desk.ada.get(f"{desk.page}/files/{file.id}")
    assert sent.data == a_pdf()
    assert "\n" not in sent.headers["Content-Disposition"]


def test_the_form_says_its_limits_before_anything_is_chosen(desk: Desk) -> None:
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert "PDF, at most 19 kB and 2 pages, 1 file" in page
    assert 'accept=".pdf"' in page
    assert 'data-max-bytes="20000"' in page
    assert "multiple" not in page
    page = desk.ada.get(f"{desk.page}/files?question=plans").text
    assert "PDF, Word (.docx), PNG, JPEG, at most 10 MB, up to 3 files" in page
    assert " multiple " in page
    assert "Two pages about yourself." in desk.ada.get(f"{desk.page}/files?question=cv").text


def test_a_success_leads_back_to_the_place_on_its_section(desk: Desk) -> None:
    assert desk.send(("cv.pdf", a_pdf(1)), question="cv").location == f"{desk.page}/edit/papers#cv-files"
    assert desk.send(("a.pdf", a_pdf(1))).location == f"{desk.page}/edit/attachments#files"
    assert "cv.pdf is attached." in desk.ada.get(f"{desk.page}/edit/attachments").text


# -- bad ones


def encrypted(user: str) -> bytes:
    return a_pdf_made(encryption=pikepdf.Encryption(owner="owner", user=user))


def with_script(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def a_picture_bomb() -> bytes:
    """A PNG of a few bytes that would become 65,000 by 65,000 pixels."""
    head = struct.pack(">IIBBBBB", 65_000, 65_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


BAD: list[tuple[str, Callable[[], bytes], str]] = [
    ("plan.pdf", lambda: b"MZ\x90\x00", "none of them"),
    ("plan.exe", lambda: b"MZ\x90\x00", "none of them"),
    ("plan.pdf", lambda: b"<html><script>alert(1)</script>", "none of them"),
    ("plan.svg", lambda: b"<svg/>", "none of them"),
    ("plan.pdf", lambda: a_picture("PNG"), "its name says otherwise"),
    ("plan", a_pdf, "Please rename it to end with .pdf"),
    ("plan.docx", lambda: an_archive({"a.txt": b"x"}), "ZIP archive"),
    ("plan.docx", lambda: a_document(members={"word/vbaProject.bin": b"x"}), "macros"),
    ("bomb.docx", lambda: a_document(members={"word/media/a.bin": bytes(30_000_000)}), "larger than we can open"),
    ("bomb.xlsx", lambda: a_document(EXCEL, {f"a{n}": b"" for n in range(2_000)}), "larger than we can open"),
    ("bomb.png", a_picture_bomb, "40 million pixels"),
    ("bomb.pdf", lambda: a_pdf_that_unpacks_to(STREAM_BYTES_MOST + 2_000_000), "damaged"),
    ("locked.pdf", lambda: encrypted("secret"), "locked"),
    ("locked.pdf", lambda: encrypted(""), "locked"),
    ("broken.pdf", lambda: a_pdf()[:-200], "damaged"),
    ("broken.docx", lambda: a_document()[:-30], "damaged"),
    ("broken.jpg", lambda: a_picture("JPEG", (200, 200))[:900], "damaged"),
    ("script.pdf", lambda: a_pdf_made(with_script), "script or starts something"),
    ("old.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "older Office file"),
    ("empty.pdf", lambda: b"", "empty"),
    ("large.pdf", lambda: b"%PDF-" + bytes(Limit.FILE_BYTES), "larger than 10 MB"),
]


@pytest.mark.parametrize(("name", "make", "reason"), BAD, ids=[f"{name}: {words}" for name, _, words in BAD])
def test_a_bad_file_is_refused_in_plain_words_and_leaves_nothing(
    desk: Desk, name: str, make: Callable[[], bytes], reason: str
) -> None:
    before, version = desk.stored(), desk.now().version
    response = desk.send((name, make()))
    assert response.status_code == 422
    (told,) = re.findall(r'<div class="problems".*?</div>', response.text, re.DOTALL)
    assert (name in told, reason in told) == (True, True), told
    now = desk.now()
    assert (now.attachments, now.version) == ([], version)
    assert desk.stored() == before


def test_nothing_chosen_is_told_beside_the_form(desk: Desk) -> None:
    for response in (desk.send(), desk.send(("", b"x"))):
        assert response.status_code == 422
        assert "Choose a file first." in response.text


@pytest.mark.parametrize("question", ["title", "nonsense", "x" * 500])
def test_a_question_that_asks_for_no_file_is_not_there(desk: Desk, question: str) -> None:
    assert desk.send(("a.pdf", a_pdf()), question=question).status_code == 404
    assert desk.ada.get(f"{desk.page}/files?question={question}").status_code == 404


def test_of_several_the_good_ones_are_kept_and_each_bad_one_is_named(desk: Desk) -> None:
    files = [
        ("one.pdf", a_pdf(1)),
        ("page.pdf", b"<html>"),
        ("two.pdf", a_pdf(2)),
        ("again.pdf", a_pdf(1)),
        ("three.docx", a_document()),
        ("four.pdf", a_pdf(4)),
        ("budget.xlsx", a_document(EXCEL)),
    ]
    response = desk.send(*files, question="plans")
    assert response.status_code == 201
    assert response.location == f"{desk.page}/files?question=plans"
    assert [each.name for each in desk.kept("plans")] == ["one.pdf", "two.pdf", "three.docx"]
    (told,) = re.findall(r'<div class="problems".*?</div>', response.text, re.DOTALL)
    assert "These 4 were not attached" in told
    lines = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<li>(.*?)</li>", told)]
    starts = (
        "page.pdf: We take PDF",
        "again.pdf: This file is attached",
        "four.pdf: At most 3",
        "budget.xlsx: Here we",
    )
    assert [line.startswith(start) for line, start in zip(lines, starts, strict=True)] == [True] * 4
    assert "There is no room for another file" in response.text


def test_a_form_sent_twice_attaches_once_and_the_page_after_it_makes_a_new_one(desk: Desk) -> None:
    first = desk.send(("one.pdf", a_pdf(1)), ("bad.pdf", b"x"), question="plans", once="same")
    again = desk.send(("one.pdf", a_pdf(1)), ("bad.pdf", b"x"), question="plans", once="same")
    assert (first.status_code, again.status_code, again.location) == (201, 302, first.location)
    assert len(desk.kept("plans")) == 1
    assert 'name="once" value="same"' not in first.text
    plain = [desk.send(("two.pdf", a_pdf(2)), question="plans", once="other") for _ in range(2)]
    assert [each.status_code for each in plain] == [302, 302]
    assert len(desk.kept("plans")) == 2


def test_a_body_above_what_one_form_takes_gets_a_page_that_helps(desk: Desk) -> None:
    before = desk.stored()
    files = [(f"{n}.pdf", b"%PDF-" + bytes(Limit.FILE_BYTES - 5)) for n in range(4)]
    response = desk.send(*files, question="plans")
    assert response.status_code == 413
    assert "10 MB for a file" in response.text
    assert "send them one after the other" in response.text
    assert f'href="{desk.page}/files' in response.text
    assert (desk.now().attachments, desk.stored()) == ([], before)
    three = [(f"{n}.jpg", a_picture("JPEG").ljust(Limit.FILE_BYTES, bytes([n]))) for n in range(3)]
    assert desk.send(*three, question="plans").status_code == 302
    assert len(desk.kept("plans")) == 3


def test_only_the_form_for_files_takes_so_much(desk: Desk) -> None:
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    body, kind = head + bytes(AT_ONCE_BYTES - 1_000) + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"
    assert desk.ada.post(f"{desk.page}/edit/summary", data=body, content_type=kind).status_code == 413
    assert desk.ada.post(f"{desk.page}/files", data=body, content_type=kind).status_code == 422


def test_a_store_that_is_away_is_told_and_leaves_no_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(self: Any, data: bytes) -> str:
        raise StoreUnavailable("away")

    monkeypatch.setattr(type(desk.app.extensions["store"]), "put", away)
    response = desk.send(("a.pdf", a_pdf()))
    assert (response.status_code, "does not answer" in response.text) == (503, True)
    assert desk.now().attachments == []


def test_a_failure_after_the_bytes_were_stored_leaves_no_row(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.stored()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("intake.proposal.attaching.record", fail)
    assert desk.send(("a.pdf", a_pdf())).status_code == 500
    assert desk.now().attachments == []
    assert len(desk.stored() - before) == 1, "an unnamed file, for the sweep"


def test_the_bytes_are_read_through_before_the_proposal_is_locked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    from intake.views.faculty import attaching

    real = attaching.look_at

    def look(*args: Any) -> Any:
        seen.append(db.session().in_transaction())
        return real(*args)

    monkeypatch.setattr(attaching, "look_at", look)
    assert desk.send(("a.pdf", a_pdf(1)), ("b.pdf", a_pdf(2))).status_code == 302
    assert seen == [False, False]
