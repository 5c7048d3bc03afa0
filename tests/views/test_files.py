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

from intake import background
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.contents_pdf import STREAM_BYTES_MOST
from intake.proposal.models import Attachment, Proposal
from intake.proposal.operations import submit
from intake.proposal.team import add_member
from intake.scanning import Scanner
from intake.storage import StoreUnavailable
from intake.views.faculty.filing import AT_ONCE_BYTES
from intake.vocabulary import FileState, Limit, Relation, Role, TeamAnswer
from tests.factories.files import asking_for_files
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.world import a_pdf
from tests.proposal.test_upload import EXCEL, a_document, a_pdf_that_unpacks_to, a_picture, an_archive, good_files
from tests.proposal.test_upload import a_pdf as a_pdf_made

File = tuple[str, bytes]


def joined(proposal: Proposal) -> None:
    """Whoever was invited to the team has accepted."""
    for member in proposal.team:
        member.answer = TeamAnswer.ACCEPTED
    db.session.flush()


class Desk:
    """Ada with a draft in a call that asks for a CV (one PDF of two pages, 20,000 bytes) and for plans (three files),
    Ben beside her, and the office."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            ada, ben = faculty_member(), faculty_member("Ben Partner", department="EE")
            call = call_with("HIRP-2020")
            asking_for_files(call)
            cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            proposal = draft(call, ada)
            add_member(
                proposal, name="", email=ben.email, organisation="EE", relation=Relation.CO_INVESTIGATOR, by=actor(ada)
            )
            joined(whole(proposal))
            self.people = {"ada": ada.id, "ben": ben.id, "cora": cora.id}
            self.number = proposal.id
            db.session.commit()
        self.client_for = client_for
        self.ada, self.ben = client_for(self.people["ada"]), client_for(self.people["ben"])
        self.page = f"/proposals/{self.number}"
        self.sent = 0

    def now(self) -> Proposal:
        """The proposal as it is in the database, to read columns and lists of."""
        with self.app.app_context():
            found = whole(self.number)
            db.session.expunge_all()
            return found

    def send(self, *files: File, question: str = "", by: FlaskClient | None = None, **fields: Any) -> Any:
        """What the form with these files is answered. Written by hand: the test client would leave a temporary file
        open for a large one."""
        self.sent += 1
        told = {"question": question, "once": f"form {self.sent}", **fields}
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in told.items()]
        for name, data in files:
            head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
            parts.append(head.encode("utf-8", "surrogatepass") + data)
        body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
        return (by or self.ada).post(f"{self.page}/files", data=body, content_type="multipart/form-data; boundary=edge")

    def stored(self) -> set[str]:
        """The keys of the file store."""
        return {key for key, _ in self.app.extensions["store"].keys()}  # noqa: SIM118 -- a store is no dictionary

    def kept(self, question: str = "") -> list[Attachment]:
        """What stands."""
        return [each for each in self.now().attachments if each.removed_at is None and each.question == question]

    def person(self, name: str) -> Person:
        """Somebody of the desk, in the present context."""
        return db.session.get_one(Person, self.people[name])

    def set(self, number: int, **columns: Any) -> None:
        """Change a file's row."""
        with self.app.app_context():
            for name, value in columns.items():
                setattr(db.session.get_one(Attachment, number), name, value)
            db.session.commit()


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


# -- replaced and removed


def test_replacing_keeps_the_old_one_as_history_for_team_and_office(desk: Desk) -> None:
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (old,) = desk.kept("cv")
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert f'name="replaces" value="{old.id}"' in page
    assert "One file has its place here" in page
    response = desk.send(("cv new.pdf", a_pdf(2)), question="cv", by=desk.ben, replaces=old.id)
    assert response.status_code == 302
    assert [each.name for each in desk.kept("cv")] == ["cv new.pdf"]
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert re.search(r"replaced on \d+ \w+ \d{4}, \d\d:\d\d HKT by Ben Partner", page)
    assert desk.ada.get(f"{desk.page}/files/{old.id}").data == a_pdf(1)
    late = desk.send(("cv late.pdf", a_pdf_made()), question="cv", replaces=old.id)
    assert (late.status_code, "not there any more" in late.text) == (422, True)
    assert desk.send(("x.pdf", a_pdf(2)), question="plans", replaces=old.id).status_code == 404
    assert desk.send(("x.pdf", a_pdf(2)), question="cv", replaces="0").status_code == 404


def test_a_bad_replacement_leaves_the_old_one(desk: Desk) -> None:
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (old,) = desk.kept("cv")
    before = desk.stored()
    assert desk.send(("cv.pdf", a_pdf(3)), question="cv", replaces=old.id).status_code == 422
    assert [each.id for each in desk.kept("cv")] == [old.id]
    assert desk.stored() == before


def test_removing_asks_first_and_leads_back_to_the_place(desk: Desk) -> None:
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (file,) = desk.kept("cv")
    path = f"{desk.page}/files/{file.id}/remove"
    assert "Remove cv.pdf?" in desk.ada.get(path).text
    assert desk.ada.post(path).location == f"{desk.page}/edit/papers#cv-files"
    assert desk.ada.get(path).status_code == 404
    assert desk.kept("cv") == []


def test_the_right_people_attach_and_the_others_see_no_form(
    desk: Desk, client_for: Callable[[int], FlaskClient]
) -> None:
    with desk.app.app_context():
        stranger = faculty_member("Sid Stranger", department="AP")
        vera = faculty_member("Vera Viewer", department="AP")
        add_member(
            whole(desk.number),
            name="",
            email=vera.email,
            organisation="AP",
            relation=Relation.VIEWER,
            by=actor(desk.person("ada")),
        )
        joined(whole(desk.number))
        numbers = stranger.id, vera.id
        db.session.commit()
    sid, viewer = (client_for(number) for number in numbers)
    desk.send(("a.pdf", a_pdf(1)), question="plans", by=desk.ben)
    (file,) = desk.kept("plans")
    before = desk.stored()
    assert desk.send(("b.pdf", a_pdf(2)), question="plans", by=sid).status_code == 404
    assert desk.send(("b.pdf", a_pdf(2)), question="plans", by=desk.client_for(desk.people["cora"])).status_code == 404
    refused = desk.send(("b.pdf", a_pdf(2)), question="plans", by=viewer)
    assert refused.status_code == 403
    page = viewer.get(f"{desk.page}/files?question=plans").text
    assert ("a.pdf" in page, "data-upload" in page, "/remove" in page) == (True, False, False)
    assert viewer.get(f"{desk.page}/files/{file.id}/remove").status_code == 403
    assert viewer.get(f"{desk.page}/files/{file.id}").data == a_pdf(1)
    assert sid.get(f"{desk.page}/files/{file.id}").status_code == 404
    assert desk.stored() == before
    page = desk.ada.get(f"{desk.page}/files?question=plans").text
    assert ("data-upload" in page, "/remove" in page) == (True, True)


# -- states


@pytest.fixture
def scanning(desk: Desk) -> Any:
    """The same with a scanner whose worker is not there."""
    desk.app.extensions["scanner"] = Scanner("127.0.0.1", 1)
    yield desk
    desk.app.extensions["scanner"] = None


def test_a_file_that_is_being_checked_opens_for_nobody_and_says_so(
    scanning: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Flask] = []
    monkeypatch.setattr(background, "wake", woken.append)
    desk = scanning
    assert desk.send(("plan.pdf", a_pdf(1)), question="plans").status_code == 302
    assert len(woken) == 1, "the worker is told"
    (file,) = desk.kept("plans")
    assert file.state is FileState.CHECKING
    page = desk.ada.get(f"{desk.page}/files?question=plans").text
    assert "Being checked" in page
    assert f'href="{desk.page}/files/{file.id}"' not in page
    response = desk.ada.get(f"{desk.page}/files/{file.id}")
    assert (response.status_code, "plan.pdf is still being checked." in response.text) == (422, True)
    desk.set(file.id, state=FileState.CLEAN)
    assert "Ready" in desk.ada.get(f"{desk.page}/files?question=plans").text
    assert desk.ada.get(f"{desk.page}/files/{file.id}").data == a_pdf(1)


def test_a_refused_file_says_why_and_can_be_replaced(scanning: Desk) -> None:
    desk = scanning
    desk.send(("cv.pdf", a_pdf(1)), question="cv")
    (file,) = desk.kept("cv")
    desk.set(file.id, state=FileState.REFUSED, refused_reason="contains <Eicar>")
    for path in (f"{desk.page}/files?question=cv", desk.page):
        page = desk.ada.get(path).text
        assert "Refused: it contains &lt;Eicar&gt;" in page
        assert f'href="{desk.page}/files/{file.id}"' not in page
    response = desk.ada.get(f"{desk.page}/files/{file.id}")
    assert (response.status_code, "was refused: it contains &lt;Eicar&gt;" in response.text) == (422, True)
    assert desk.send(("cv.pdf", a_pdf(2)), question="cv", replaces=file.id).status_code == 302
    page = desk.ada.get(f"{desk.page}/files?question=cv").text
    assert f'href="{desk.page}/files/{file.id}"' not in page, "nor as history"


@pytest.mark.parametrize(
    ("state", "reason", "told"),
    [
        (FileState.CHECKING, "", "plan.pdf is still being checked."),
        (FileState.REFUSED, "contains Eicar", "plan.pdf was refused: it contains Eicar."),
    ],
)
def test_what_is_not_clean_holds_the_submission_up(desk: Desk, state: FileState, reason: str, told: str) -> None:
    desk.send(("plan.pdf", a_pdf(1)), question="plans")
    (file,) = desk.kept("plans")
    desk.set(file.id, state=state, refused_reason=reason)
    page = desk.ada.get(f"{desk.page}/check").text
    assert told in page
    assert f'href="{desk.page}/edit/papers' in page
    assert "Submit the proposal" not in page
    sent = desk.ada.post(f"{desk.page}/submit", data={"version": desk.now().version})
    assert (sent.status_code, told in sent.text) == (422, True)
    desk.ada.post(f"{desk.page}/files/{file.id}/remove")
    assert told not in desk.ada.get(f"{desk.page}/check").text
    assert desk.ada.post(f"{desk.page}/submit", data={"version": desk.now().version}).status_code == 302


def test_the_office_opens_only_what_is_clean(desk: Desk) -> None:
    desk.send(("plan.pdf", a_pdf(1)), ("other.pdf", a_pdf(2)), question="plans")
    plan, other = desk.kept("plans")
    with desk.app.app_context():
        submit(whole(desk.number), by=actor(desk.person("ada")))
        db.session.commit()
    desk.set(plan.id, state=FileState.CHECKING)
    cora = desk.client_for(desk.people["cora"])
    page = cora.get(f"/desk/proposals/{desk.number}?tab=files").text
    path = f"/desk/proposals/{desk.number}/files"
    assert cora.get(f"{path}/{other.id}").data == a_pdf(2)
    response = cora.get(f"{path}/{plan.id}")
    assert (response.status_code, "is still being checked" in response.text) == (422, True)
    assert f'href="{path}/{plan.id}"' not in page


# -- the receipt's PDF


def test_the_pdf_of_a_receipt_is_made_by_the_worker_and_then_offered(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Flask] = []
    monkeypatch.setattr(background, "wake", woken.append)
    version = desk.now().version
    monkeypatch.setattr("intake.typesetting.press.document", None)  # in no request
    assert desk.ada.post(f"{desk.page}/submit", data={"version": version, "once": "s"}).status_code == 302
    assert len(woken) == 1
    (receipt,) = desk.now().received
    path = f"{desk.page}/receipt/{receipt.id}"
    for page in (desk.page, path):
        assert "The PDF is being made" in desk.ada.get(page).text
        assert f'href="{path}.pdf"' not in desk.ada.get(page).text
    response = desk.ada.get(f"{path}.pdf")
    assert (response.status_code, "The PDF is being made" in response.text) == (404, True)
    monkeypatch.undo()
    assert background.print_receipts(desk.app) == 1
    for page in (desk.page, path):
        assert f'href="{path}.pdf"' in desk.ben.get(page).text
    sent = desk.ben.get(f"{path}.pdf")
    assert sent.data.startswith(b"%PDF-")
    assert sent.mimetype == "application/pdf"
    assert sent.headers["Content-Disposition"] == "attachment; filename=HIRP-2020-0001-receipt-1.pdf"
    stranger = desk.client_for(desk.people["cora"])
    assert stranger.get(f"{path}.pdf").status_code == 403
    desk_row = desk.now().received[0]
    assert desk_row.sha256 == receipt.sha256


def test_a_pdf_that_could_not_be_made_is_told(desk: Desk) -> None:
    with desk.app.app_context():
        receipt = submit(whole(desk.number), by=actor(desk.person("ada")))
        receipt.pdf_tries = 5
        number = receipt.id
        db.session.commit()
    path = f"{desk.page}/receipt/{number}"
    assert "It could not be made." in desk.ada.get(path).text
    response = desk.ada.get(f"{path}.pdf")
    assert (response.status_code, "could not be made" in response.text) == (404, True)
