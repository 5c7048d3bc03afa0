"""Each receipt gets one PDF, made after the submission and never in a request; what goes wrong is tried again."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.engine import writing
from intake.extensions import db
from intake.proposal import printing
from intake.proposal.models import Receipt
from intake.proposal.operations import submit
from intake.proposal.printing import AWAY, LEASE, TRIES, WAITS_MINUTES, drain, given_up
from intake.storage import StoreUnavailable
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue
from tests.forward.test_pdf import text_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def received(count: int = 1) -> list[int]:
    """Receipts of as many submissions."""
    load_catalogue()
    ada, call = faculty_member(), call_with("AIR-2021")
    made = [submit(draft(call, ada, title=f"Proposal {number}"), by=actor(ada)).id for number in range(count)]
    db.session.commit()
    return made


def now(number: int) -> Receipt:
    db.session.expire_all()
    return db.session.get_one(Receipt, number)


def stored(app: Flask) -> set[str]:
    return {key for key, _ in app.extensions["store"].keys()}  # noqa: SIM118 -- a store is no dictionary


def printed(app: Flask, limit: int = 10, **more: Any) -> int:
    return drain(limit, store=app.extensions["store"], zone=UTC_ZONE, **more)


def test_a_receipt_is_printed_once_and_says_where(room: Flask) -> None:
    first, second = received(2)
    before = stored(room)
    assert now(first).file_key is None
    assert printed(room) == 2
    assert printed(room) == 0
    receipt = now(first)
    assert (receipt.pdf_tries, receipt.pdf_lease_until) == (1, None)
    assert stored(room) - before == {receipt.file_key, now(second).file_key}
    text = text_of(room.extensions["store"].get(receipt.file_key or ""))
    assert "Proposal 0" in text
    assert receipt.sha256 in text


def test_no_more_than_asked_and_none_once_it_is_to_end(room: Flask) -> None:
    received(3)
    assert printed(room, limit=1) == 1
    assert printed(room, ended=lambda: True) == 0
    assert printed(room) == 2


def test_what_fails_is_tried_five_times_later_and_later_and_holds_no_other_up(
    room: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = received(2)
    real = printing.receipt_pdf

    def fail(content: dict[str, Any], **more: Any) -> bytes:
        if content["title"] == "Proposal 0":
            raise RuntimeError("no paper")
        return real(content, **more)

    monkeypatch.setattr(printing, "receipt_pdf", fail)
    at = NOON
    with clock.at(at):
        assert printed(room) == 1
        assert now(good).file_key
    for tried, minutes in enumerate((*WAITS_MINUTES, 0), 1):
        assert now(bad).pdf_tries == tried
        with clock.at(at):
            assert given_up(now(bad)) is (tried == TRIES)
            assert printed(room) == 0
        at += timedelta(minutes=minutes)
        with clock.at(at):
            printed(room)
    monkeypatch.undo()
    with clock.at(at + timedelta(days=1)):
        assert printed(room) == 0
    assert (now(bad).file_key, now(bad).pdf_tries) == (None, TRIES)


def test_a_store_that_is_away_costs_no_try(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    (number,) = received()

    def away(self: Any, data: bytes) -> str:
        raise StoreUnavailable("away")

    monkeypatch.setattr(type(room.extensions["store"]), "put", away)
    with clock.at(NOON):
        assert printed(room) == 0
        assert (now(number).pdf_tries, now(number).pdf_lease_until) == (0, NOON + AWAY)
    monkeypatch.undo()
    with clock.at(NOON + AWAY):
        assert printed(room) == 1


def test_a_killed_workers_lease_runs_out(room: Flask) -> None:
    (number,) = received()
    with clock.at(NOON):
        assert printing._taken(LEASE).id == number  # a worker took it, and died
        assert printed(room) == 0
    with clock.at(NOON + LEASE):
        assert printed(room) == 1
    assert now(number).pdf_tries == 2


def test_the_later_of_two_workers_leaves_no_second_pdf(room: Flask) -> None:
    (number,) = received()
    before, store = stored(room), room.extensions["store"]
    with clock.at(NOON):
        slow = printing._taken(LEASE)
    with clock.at(NOON + LEASE):
        assert printed(room) == 1
    kept = now(number).file_key
    assert printing._settle(slow, store.put(b"a second one"), store) is False
    assert now(number).file_key == kept
    assert stored(room) - before == {kept}


def test_six_workers_at_once_print_each_receipt_once(fresh_app: Flask) -> None:
    with fresh_app.app_context(), writing():
        numbers = received(9)
    before, done = stored(fresh_app), []

    def work() -> None:
        with fresh_app.app_context():
            done.append(printed(fresh_app))

    workers = [threading.Thread(target=work) for _ in range(6)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(60)
    assert sum(done) == len(numbers)
    with fresh_app.app_context():
        keys = list(db.session.scalars(sa.select(Receipt.file_key)))
    assert stored(fresh_app) - before == set(keys)
    assert len(set(keys)) == len(numbers)
