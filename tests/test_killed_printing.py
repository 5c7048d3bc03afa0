"""Workers are killed while they print receipts and scan files: each receipt has one PDF in the end, each file one
verdict."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from intake import background
from intake.engine import writing
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.attaching import attach
from intake.proposal.models import Attachment, Receipt
from intake.proposal.operations import submit
from intake.scanning import Scanner
from intake.vocabulary import FileState
from tests.clamd import EICAR, Clamd, clamd
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, whole
from tests.factories.world import a_pdf
from tests.forward.test_pdf import text_of
from tests.killable import LEASE_SECONDS
from tests.processes import environment, mail_worker

RECEIPTS = 40
FILES = 9
KILLS = 3


def received(app: Flask) -> None:
    """As many receipts, of which none is printed."""
    with app.app_context(), writing():
        load_catalogue()
        ada, call = faculty_member(), call_with("AIR-2021")
        for number in range(RECEIPTS):
            submit(draft(call, ada, title=f"Proposal {number}", title_zh="機櫃的光互連"), by=actor(ada))
        db.session.commit()


def named(app: Flask) -> list[str]:
    """The files that receipts name."""
    with app.app_context():
        return [key for key in db.session.scalars(sa.select(Receipt.file_key)) if key]


def stored(app: Flask) -> set[str]:
    return {key for key, _ in app.extensions["store"].keys()}  # noqa: SIM118 -- a store is no dictionary


def kill_while(app: Flask, done: int, worker_env: dict[str, str]) -> None:
    """Run a worker and end it with -9 once ``done`` receipts are printed, wherever it is in the next one."""
    with mail_worker(worker_env) as worker:
        end = time.monotonic() + 60
        while len(named(app)) < done:
            assert time.monotonic() < end, "the worker printed nothing"
            background.wake(app)
            time.sleep(0.01)
        worker.kill()
        worker.join(10)
        assert worker.exitcode == -signal.SIGKILL


def test_killing_workers_makes_exactly_one_pdf_of_each_receipt(fresh_app: Flask) -> None:
    received(fresh_app)
    env = environment(fresh_app)
    for number in range(KILLS):
        kill_while(fresh_app, 1 + number * 4, env)
    assert len(named(fresh_app)) < RECEIPTS, "the workers were done before they were killed"
    with mail_worker(env):
        end = time.monotonic() + 60 + LEASE_SECONDS * KILLS
        while len(named(fresh_app)) < RECEIPTS and time.monotonic() < end:
            background.wake(fresh_app)
            time.sleep(0.3)
    with fresh_app.app_context():
        rows = db.session.execute(sa.select(Receipt.file_key, Receipt.content, Receipt.pdf_lease_until)).all()
        store = fresh_app.extensions["store"]
        for key, content, lease in rows:
            assert lease is None
            text = text_of(store.get(key))
            assert content["title"] in text
            assert "機櫃的光互連" in text
    assert len(set(named(fresh_app))) == RECEIPTS
    assert len(stored(fresh_app) - set(named(fresh_app))) <= KILLS, "at most an unnamed file for each that died"


def test_killing_workers_gives_each_file_one_verdict_and_one_letter(fresh_app: Flask, tmp_path: Path) -> None:
    with fresh_app.app_context(), writing():
        load_catalogue()
        ada = faculty_member()
        proposal = draft(call_with("AIR-2021"), ada)
        store, scanner = fresh_app.extensions["store"], Scanner("127.0.0.1", 1)
        for number in range(1, FILES + 1):
            data = a_pdf(number) + (b"\n% " + EICAR if number % 3 == 0 else b"")
            attach(whole(proposal), f"{number}.pdf", data, store=store, scanner=scanner, by=actor(ada))
        db.session.commit()
    with clamd() as server:
        env = environment(fresh_app, CLAMD_URL=server.url)
        for number in range(2):
            kill_while_scanning(fresh_app, server, env)
            assert len(server.got) >= number + 1  # the look of each minute may hold another file at the same time
        with mail_worker(env):
            end = time.monotonic() + 60 + LEASE_SECONDS
            while states(fresh_app).get(FileState.CHECKING) and time.monotonic() < end:
                background.wake(fresh_app)
                time.sleep(0.3)
    assert states(fresh_app) == {FileState.CLEAN: 6, FileState.REFUSED: 3}
    with fresh_app.app_context():
        told = db.session.scalars(sa.select(Message.subject).where(Message.kind == "file.refused")).all()
    assert sorted(told) == [f"A file was refused: {number}.pdf" for number in (3, 6, 9)]


def kill_while_scanning(app: Flask, server: Clamd, worker_env: dict[str, str]) -> None:
    """Run a worker and end it with -9 when the scanner has its file, before it hears the verdict."""
    hit = threading.Event()
    with mail_worker(worker_env) as worker:

        def strike(data: bytes) -> None:
            worker.kill()
            hit.set()

        server.at = strike
        background.wake(app)
        assert hit.wait(60), "the worker scanned nothing"
        worker.join(10)
        assert worker.exitcode == -signal.SIGKILL
    server.at = lambda data: None


def states(app: Flask) -> dict[FileState, int]:
    with app.app_context():
        rows = db.session.execute(sa.select(Attachment.state, sa.func.count()).group_by(Attachment.state))
        return {row[0]: row[1] for row in rows}
