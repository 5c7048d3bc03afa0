"""A file that waits gets the scanner's verdict once; whatever is no verdict leaves it waiting, never clean."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.engine import writing
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal import file_scan
from intake.proposal.attaching import attach
from intake.proposal.file_scan import LEASE, PAUSE, drain
from intake.proposal.models import Attachment
from intake.scanning import Scanner
from intake.storage import StoreUnavailable
from intake.vocabulary import FileState
from tests.clamd import EICAR, Clamd, clamd
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, whole
from tests.factories.world import a_pdf
from tests.servers import free_port

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Clamd]:
    with clamd() as running:
        yield running


def a_pdf_with(words: bytes) -> bytes:
    """A PDF that stays one, with ``words`` behind it."""
    return a_pdf() + b"\n% " + words


def attached(app: Flask, *files: tuple[str, bytes]) -> list[int]:
    """Files that wait, in a draft of Ada's."""
    load_catalogue()
    ada = faculty_member()
    proposal = draft(call_with("HIRP-2020"), ada)
    store, scanner = app.extensions["store"], Scanner("127.0.0.1", 1)
    made = [attach(whole(proposal), name, data, store=store, scanner=scanner, by=actor(ada)) for name, data in files]
    db.session.commit()
    return [each.id for each in made]


def now(number: int) -> Attachment:
    db.session.expire_all()
    return db.session.get_one(Attachment, number)


def letters() -> list[Message]:
    return list(db.session.scalars(sa.select(Message).where(Message.kind == "file.refused")))


def scanned(app: Flask, scanner: Scanner | None, limit: int = 10, **more: Any) -> int:
    return drain(limit, scanner=scanner, store=app.extensions["store"], **more)


def test_a_clean_file_becomes_clean_and_arrives_whole(room: Flask, server: Clamd) -> None:
    (number,) = attached(room, ("plan.pdf", a_pdf(2)))
    assert scanned(room, server.scanner()) == 1
    assert scanned(room, server.scanner()) == 0
    assert server.got == [a_pdf(2)]
    file = now(number)
    assert (file.state, file.refused_reason, file.scan_lease_until) == (FileState.CLEAN, "", None)
    assert letters() == []


def test_a_refused_file_says_why_and_its_uploader_is_told_once(room: Flask, server: Clamd) -> None:
    bad, good = attached(room, ("計劃.pdf", a_pdf_with(EICAR)), ("good.pdf", a_pdf(2)))
    assert scanned(room, server.scanner()) == 2
    assert (now(bad).state, now(bad).refused_reason) == (FileState.REFUSED, "contains Eicar-Test-Signature")
    assert now(good).state is FileState.CLEAN
    (letter,) = letters()
    assert (letter.to_address, letter.subject) == ("ada.applicant@example.org", "A file was refused: 計劃.pdf")
    assert "it contains Eicar-Test-Signature" in letter.body_text
    (event,) = db.session.scalars(sa.select(Event).where(Event.action == "attachment.refused"))
    assert (event.actor_id, event.note, event.facts["name"]) == (None, "contains Eicar-Test-Signature", "計劃.pdf")


def test_a_file_whose_uploader_is_not_known_is_told_to_the_principal_investigator(room: Flask, server: Clamd) -> None:
    (number,) = attached(room, ("bad.pdf", a_pdf_with(EICAR)))
    now(number).added_by_id = None
    db.session.commit()
    scanned(room, server.scanner())
    assert [each.to_address for each in letters()] == ["ada.applicant@example.org"]


def test_oldest_first_and_no_more_than_asked(room: Flask, server: Clamd) -> None:
    numbers = attached(room, *[(f"{count}.pdf", a_pdf(count)) for count in (1, 2, 3)])
    assert scanned(room, server.scanner(), limit=2) == 2
    assert [now(each).state for each in numbers] == [FileState.CLEAN, FileState.CLEAN, FileState.CHECKING]


def test_a_worker_that_is_to_end_takes_no_other(room: Flask, server: Clamd) -> None:
    numbers = attached(room, ("1.pdf", a_pdf(1)), ("2.pdf", a_pdf(2)))
    assert scanned(room, server.scanner(), ended=lambda: bool(server.got)) == 1
    assert [now(each).state for each in numbers] == [FileState.CLEAN, FileState.CHECKING]


def test_without_a_scanner_what_waits_goes_on_waiting(room: Flask) -> None:
    (number,) = attached(room, ("plan.pdf", a_pdf(2)))
    assert scanned(room, None) == 0
    assert (now(number).state, now(number).scan_lease_until) == (FileState.CHECKING, None)


def test_a_scanner_that_is_away_is_asked_again_a_minute_later(room: Flask, server: Clamd) -> None:
    first, second = attached(room, ("1.pdf", a_pdf(1)), ("2.pdf", a_pdf(2)))
    with clock.at(NOON):
        assert scanned(room, Scanner("127.0.0.1", free_port())) == 0
        assert (now(first).state, now(first).scan_lease_until) == (FileState.CHECKING, NOON + PAUSE)
        assert now(second).scan_lease_until is None, "one attempt tells enough"
    with clock.at(NOON + PAUSE):
        assert scanned(room, server.scanner()) == 2


@pytest.mark.parametrize("answer", [b"", b"stream: OK", b"nonsense\0", b"INSTREAM size limit exceeded. ERROR\0"])
def test_what_is_no_verdict_is_never_clean_and_holds_no_other_up(room: Flask, server: Clamd, answer: bytes) -> None:
    first, second = attached(room, ("1.pdf", a_pdf(1)), ("2.pdf", a_pdf(2)))

    def once(data: bytes) -> None:
        server.answer = answer if data == a_pdf(1) else None

    server.at = once
    with clock.at(NOON):
        assert scanned(room, server.scanner()) == 1
        assert (now(first).state, now(second).state) == (FileState.CHECKING, FileState.CLEAN)
        assert scanned(room, server.scanner()) == 0
    server.at, server.answer = lambda data: None, None
    with clock.at(NOON + PAUSE):
        assert scanned(room, server.scanner()) == 1
    assert now(first).state is FileState.CLEAN


def test_a_file_that_the_store_lost_is_refused_so_that_its_uploader_hears_of_it(room: Flask, server: Clamd) -> None:
    (number,) = attached(room, ("plan.pdf", a_pdf(2)))
    room.extensions["store"].delete(now(number).file_key)
    assert scanned(room, server.scanner()) == 1
    assert (now(number).state, now(number).refused_reason) == (FileState.REFUSED, "is missing from the store")
    assert len(letters()) == 1


def test_while_the_store_is_away_everything_waits(room: Flask, server: Clamd, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = attached(room, ("plan.pdf", a_pdf(2)))

    def away(self: Any, key: str) -> bytes:
        raise StoreUnavailable("away")

    monkeypatch.setattr(type(room.extensions["store"]), "get", away)
    assert scanned(room, server.scanner()) == 0
    assert now(number).state is FileState.CHECKING


def test_a_killed_workers_lease_runs_out(room: Flask, server: Clamd) -> None:
    (number,) = attached(room, ("plan.pdf", a_pdf(2)))
    with clock.at(NOON):
        assert file_scan._taken(LEASE).id == number  # a worker took it, and died
        assert scanned(room, server.scanner()) == 0
    with clock.at(NOON + LEASE):
        assert scanned(room, server.scanner()) == 1


def test_a_worker_that_lost_its_lease_changes_nothing(room: Flask, server: Clamd) -> None:
    (number,) = attached(room, ("bad.pdf", a_pdf_with(EICAR)))
    with clock.at(NOON):
        slow = file_scan._taken(LEASE)
    with clock.at(NOON + LEASE + timedelta(seconds=1)):
        quick = file_scan._taken(LEASE)
        assert file_scan._settle(slow, "") is False, "it is not called clean by the one that is late"
        assert now(number).state is FileState.CHECKING
        assert file_scan._settle(quick, "contains Eicar") is True
        assert file_scan._settle(quick, "contains Eicar") is False
    assert now(number).state is FileState.REFUSED
    assert len(letters()) == 1


def test_six_workers_at_once_scan_each_file_once(fresh_app: Flask, server: Clamd) -> None:
    with fresh_app.app_context(), writing():
        numbers = attached(fresh_app, *[(f"{count}.pdf", a_pdf(count)) for count in range(1, 10)])
    done: list[int] = []

    def work() -> None:
        with fresh_app.app_context():
            done.append(scanned(fresh_app, server.scanner()))

    workers = [threading.Thread(target=work) for _ in range(6)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert sum(done) == len(numbers)
    assert sorted(server.got, key=len) == sorted((a_pdf(count) for count in range(1, 10)), key=len)
    with fresh_app.app_context():
        assert {now(each).state for each in numbers} == {FileState.CLEAN}
        assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 1
