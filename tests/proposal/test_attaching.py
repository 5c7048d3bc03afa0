"""Files answer a question within its limits, or are attached freely; what is replaced stays history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.audit.models import Event
from intake.errors import BadUpload, Incomplete, Refused
from intake.extensions import db
from intake.form.definition import FileLimits
from intake.notification.operations import WRITTEN
from intake.people.models import Person
from intake.proposal.attaching import attach, detach, file_faults, kept
from intake.proposal.file_limits import look_at, place_of, size_words
from intake.proposal.models import Attachment, Proposal
from intake.proposal.operations import send_back, submit
from intake.proposal.queries import attachments_of
from intake.proposal.upload import check
from intake.scanning import Scanner
from intake.storage import StoreUnavailable
from intake.vocabulary import FileState, Limit, Role, say
from tests.factories.files import asking_for_files
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.world import a_pdf
from tests.proposal.test_upload import a_document, a_picture

SCANNER = Scanner("127.0.0.1", 1)
Attach = Callable[..., Attachment]


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


@pytest.fixture
def ada() -> Person:
    return faculty_member()


@pytest.fixture
def proposal(ada: Person) -> Proposal:
    """A draft in a call that asks for a CV and for plans."""
    asking_for_files(call_with("HIRP-2020"))
    return draft(call_with("HIRP-2020"), ada)


@pytest.fixture
def put(room: Any, ada: Person, proposal: Proposal) -> Attach:
    """Attach to the proposal as it is then."""

    def put(name: str, data: bytes, question: str = "", **more: Any) -> Attachment:
        found = whole(proposal)
        if "replaces" in more:
            more["replaces"] = next(each for each in found.attachments if each.id == more["replaces"].id)
        given = {"store": room.extensions["store"], "scanner": None, "by": actor(ada), "question": question, **more}
        return attach(found, name, data, **given)

    return put


def events(action: str) -> list[Event]:
    db.session.commit()
    return list(db.session.scalars(sa.select(Event).where(Event.action == action).order_by(Event.position)))


def stored(room: Any) -> set[str]:
    return {key for key, _ in room.extensions["store"].keys()}  # noqa: SIM118 -- a store is no dictionary


# -- within the limits of a question


def test_a_file_is_kept_with_its_question_and_listed(room: Any, put: Attach, proposal: Proposal) -> None:
    cv, free = put("cv.pdf", a_pdf(2), "cv"), put("letter.pdf", a_pdf(2))
    assert (cv.question, cv.state, cv.pages, cv.size) == ("cv", FileState.CLEAN, 2, len(a_pdf(2)))
    assert room.extensions["store"].get(cv.file_key) == a_pdf(2)
    now = whole(proposal)
    assert [each.id for each in kept(now, "cv")] == [cv.id]
    assert [each.id for each in kept(now)] == [free.id]
    (event, other) = events("attachment.added")
    assert (event.facts["name"], event.facts["question"], other.facts["question"]) == ("cv.pdf", "cv", "")


@pytest.mark.parametrize(
    ("name", "data", "question", "reason"),
    [
        ("cv.docx", a_document(), "cv", "Here we take PDF, and this file ends with .docx."),
        ("plan.xlsx", b"PK", "plans", "Here we take PDF, Word (.docx), PNG, JPEG, and this file ends with .xlsx."),
        ("cv.pdf", a_document(), "cv", "This is a DOCX file, but its name says otherwise."),
        ("cv.pdf", a_pdf(3), "cv", "This PDF has 3 pages; here it may have up to 2."),
        ("cv.pdf", b"%PDF-" + bytes(20_000), "cv", "This file is larger than 19 kB."),
        ("cv.pdf", b"", "cv", "This file is empty."),
        ("cv.exe", b"MZ", "cv", "We take PDF"),
        ("cv", a_pdf(), "cv", "rename it to end with .pdf"),
    ],
)
def test_what_is_outside_the_limits_is_refused_in_plain_words_and_leaves_nothing(
    room: Any, put: Attach, proposal: Proposal, name: str, data: bytes, question: str, reason: str
) -> None:
    before = stored(room)
    with pytest.raises(BadUpload) as caught:
        put(name, data, question)
    assert reason in str(caught.value.reason)
    assert whole(proposal).attachments == []
    assert stored(room) == before


def test_the_limits_hold_exactly(put: Attach) -> None:
    assert put("cv.PDF", a_pdf(2), "cv").pages == 2
    assert put("photo.jpeg", a_picture("JPEG"), "plans").name == "photo.jpeg", "both endings of one kind"
    data = a_pdf(1)
    assert look_at("a.pdf", data, FileLimits(max_bytes=len(data))) == check("a.pdf", data)
    with pytest.raises(BadUpload):
        look_at("a.pdf", data, FileLimits(max_bytes=len(data) - 1))


def test_a_look_beforehand_is_held_against_the_limits_again(put: Attach) -> None:
    data = a_pdf(3)
    with pytest.raises(BadUpload, match="up to 2"):
        put("cv.pdf", data, "cv", checked=look_at("cv.pdf", data, FileLimits()))


def test_the_number_of_files_is_each_questions_own(put: Attach) -> None:
    put("cv.pdf", a_pdf(1), "cv")
    with pytest.raises(Incomplete, match="Replace the one that is there"):
        put("other.pdf", a_pdf(2), "cv")
    for count in (1, 2, 3):
        put(f"{count}.pdf", a_pdf(count), "plans")
    with pytest.raises(Incomplete, match="At most 3 files"):
        put("more.pdf", a_pdf(4), "plans")
    for count in range(1, Limit.FILES_OF_A_PROPOSAL + 1):
        put(f"{count}.pdf", a_pdf(count))
    with pytest.raises(Incomplete, match="At most 10 files"):
        put("more.pdf", a_pdf(11))


def test_the_same_file_twice_is_refused_where_it_stands_already(put: Attach) -> None:
    put("a.pdf", a_pdf(1), "plans")
    with pytest.raises(Incomplete, match="attached already"):
        put("b.pdf", a_pdf(1), "plans")
    put("b.pdf", a_pdf(1), "cv")


@pytest.mark.parametrize("question", ["title", "nonsense", "CV"])
def test_a_question_that_asks_for_no_file_takes_none(put: Attach, question: str) -> None:
    with pytest.raises(Refused, match="asks for no such files"):
        put("a.pdf", a_pdf(1), question)


def test_a_form_without_a_page_for_files_takes_none_freely(room: Any, ada: Person) -> None:
    asking_for_files(call_with("AIR-2021"), free=False)
    made = draft(call_with("AIR-2021"), ada)
    with pytest.raises(Refused, match="asks for no such files"):
        attach(made, "a.pdf", a_pdf(), store=room.extensions["store"], scanner=None, by=actor(ada))


def test_a_call_without_a_form_of_its_own_takes_files_freely(room: Any, ada: Person) -> None:
    made = draft(call_with("AIR-2021"), ada)
    attach(made, "a.pdf", a_pdf(), store=room.extensions["store"], scanner=None, by=actor(ada))
    assert [each.name for each in attachments_of(made)] == ["a.pdf"]


@pytest.mark.parametrize(("size", "words"), [(10 * 1024**2, "10 MB"), (1_600_000, "1.5 MB"), (500, "500 bytes")])
def test_a_size_reads_as_people_say_it(size: int, words: str) -> None:
    assert size_words(size) == words


# -- replaced and removed


def test_what_is_replaced_is_history_with_who_and_when(put: Attach, proposal: Proposal) -> None:
    first = put("cv.pdf", a_pdf(1), "cv")
    second = put("cv new.pdf", a_pdf(2), "cv", replaces=first)
    rows = {each.name: each for each in whole(proposal).attachments}
    assert rows["cv.pdf"].removed_at is not None
    assert (rows["cv new.pdf"].replaces_id, rows["cv new.pdf"].removed_at) == (first.id, None)
    (event,) = events("attachment.replaced")
    assert (event.facts["sha256"], event.facts["replaced"]) == (second.sha256, first.sha256)


def test_only_what_stands_with_the_same_question_is_replaced(put: Attach, proposal: Proposal) -> None:
    first = put("cv.pdf", a_pdf(1), "cv")
    put("new.pdf", a_pdf(2), "cv", replaces=first)
    for question in ("cv", "plans", ""):
        with pytest.raises(Incomplete, match="not there any more"):
            put("late.pdf", a_pdf(4 if question != "cv" else 1), question, replaces=first)
    assert len(kept(whole(proposal), "cv")) == 1


def test_a_file_cannot_be_replaced_by_itself(put: Attach) -> None:
    first = put("cv.pdf", a_pdf(1), "cv")
    with pytest.raises(Incomplete, match="attached already"):
        put("cv.pdf", a_pdf(1), "cv", replaces=first)


def test_a_removed_file_is_gone_from_the_list_and_its_bytes_stay(
    room: Any, ada: Person, put: Attach, proposal: Proposal
) -> None:
    cv = put("cv.pdf", a_pdf(1), "cv")
    detach(cv, whole(proposal), by=actor(ada))
    assert attachments_of(proposal) == []
    assert room.extensions["store"].exists(cv.file_key)
    (event,) = events("attachment.removed")
    assert (event.facts["name"], event.facts["question"]) == ("cv.pdf", "cv")


@pytest.mark.parametrize(
    ("parts", "cv", "plans"),
    [(["papers"], True, True), (["question:cv"], True, False), (["summary"], False, False)],
)
def test_of_a_returned_proposal_only_named_files_change(
    put: Attach, ada: Person, proposal: Proposal, parts: list[str], cv: bool, plans: bool
) -> None:
    old = {key: put(f"{key}.pdf", a_pdf(1), key) for key in ("cv", "plans")}
    submit(whole(proposal), by=actor(ada))
    office = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": proposal.call.programme_id}))
    send_back(whole(proposal), "Please mend it.", parts, clock.now() + timedelta(days=7), by=actor(office))
    for key, may_change in (("cv", cv), ("plans", plans)):
        if may_change:
            put("new.pdf", a_pdf(2), key, replaces=old[key])
            continue
        with pytest.raises(Refused, match="stays as it is"):
            put("new.pdf", a_pdf(2), key, replaces=old[key])
        with pytest.raises(Refused, match="stays as it is"):
            detach(old[key], whole(proposal), by=actor(ada))


def test_nobody_else_attaches_or_removes(room: Any, put: Attach, proposal: Proposal) -> None:
    cv, stranger = put("cv.pdf", a_pdf(1), "cv"), faculty_member("Sid Stranger", department="EE")
    before = stored(room)
    with pytest.raises(Refused):
        put("x.pdf", a_pdf(2), "plans", by=actor(stranger))
    with pytest.raises(Refused):
        detach(cv, whole(proposal), by=actor(stranger))
    assert stored(room) == before


# -- what a failure leaves


def test_a_transaction_that_fails_leaves_no_row_and_at_most_an_unnamed_file(
    room: Any, put: Attach, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, before = proposal.id, stored(room)
    db.session.commit()

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("intake.proposal.attaching.record", fail)
    with pytest.raises(RuntimeError):
        put("cv.pdf", a_pdf(1), "cv")
    db.session.rollback()
    assert whole(number).attachments == []
    (unnamed,) = stored(room) - before
    monkeypatch.undo()
    from intake.sweep import FILES_SPARED, sweep

    assert sweep(room.extensions["store"])["files"] == 0, "a fresh file is spared"
    with clock.at(clock.now() + FILES_SPARED + timedelta(minutes=1)):
        sweep(room.extensions["store"])
    assert not room.extensions["store"].exists(unnamed)


def test_a_store_that_is_away_leaves_no_row(
    room: Any, put: Attach, proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = proposal.id
    db.session.commit()

    def away(self: Any, data: bytes) -> str:
        raise StoreUnavailable("away")

    monkeypatch.setattr(type(room.extensions["store"]), "put", away)
    with pytest.raises(StoreUnavailable):
        put("cv.pdf", a_pdf(1), "cv")
    db.session.rollback()
    assert whole(number).attachments == []


# -- with a scanner


def test_with_a_scanner_a_file_waits_and_the_worker_is_woken(put: Attach) -> None:
    db.session().info.pop(WRITTEN, None)
    assert put("a.pdf", a_pdf(1), "plans").state is FileState.CLEAN
    assert WRITTEN not in db.session().info
    assert put("b.pdf", a_pdf(2), "plans", scanner=SCANNER).state is FileState.CHECKING
    assert db.session().info.pop(WRITTEN)


def test_what_is_not_clean_stands_in_the_way_with_its_reason(put: Attach, proposal: Proposal) -> None:
    put("good.pdf", a_pdf(1), "plans")
    waiting = put("waiting.pdf", a_pdf(2), "plans", scanner=SCANNER)
    bad = put("bad.pdf", a_pdf(3), scanner=SCANNER)
    bad.state, bad.refused_reason = FileState.REFUSED, "contains Eicar"
    gone = put("gone.pdf", a_pdf(4), "plans", scanner=SCANNER)
    gone.removed_at = clock.now()
    db.session.flush()
    assert file_faults(whole(proposal)) == [
        ("papers", "plans", say("%(name)s is still being checked.", name="waiting.pdf")),
        (
            "attachments",
            "files",
            say("%(name)s was refused: it %(reason)s.", name="bad.pdf", reason="contains Eicar"),
        ),
    ]
    assert waiting.state is FileState.CHECKING


def test_files_of_a_question_that_is_not_asked_count_for_nothing(put: Attach, proposal: Proposal) -> None:
    put("waiting.pdf", a_pdf(2), "plans", scanner=SCANNER).question = "elsewhere"
    db.session.flush()
    assert file_faults(whole(proposal)) == []


def test_the_place_of_files(proposal: Proposal) -> None:
    from intake.proposal.answers import form_of

    form = form_of(proposal)
    found = place_of(form, "cv")
    assert found is not None
    assert (found[0].key, found[1] and found[1].key) == ("papers", "cv")
    free = place_of(form, "")
    assert free is not None
    assert (free[0].key, free[1]) == ("attachments", None)
    assert place_of(form, "abstract") is None
