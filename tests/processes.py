"""The product's own processes, and a mail server, for tests that start and end them."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask

from intake import background
from tests.servers import free_port

HOME = Path(__file__).resolve().parent.parent


class Mailbox:
    """Keeps what a mail server is given. ``refusals`` maps an address to the answer that it gets instead of OK."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.data_answer = "250 kept"
        self.at: Callable[[str], None] = lambda step: None
        """Called at each step ("RCPT", "DATA") of each mail, before it is answered."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        """Take or refuse an addressee."""
        self.at("RCPT")
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep the mail, with its envelope beside it."""
        self.at("DATA")
        if self.data_answer.startswith("2"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(mail, EmailMessage)
            mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
            self.mails.append(mail)
        return self.data_answer

    def ids(self) -> list[str]:
        """The Message-ID of each mail, in the order of arrival."""
        return [str(mail["Message-ID"]) for mail in self.mails]


@contextmanager
def mail_server(mailbox: Mailbox, **options: Any) -> Iterator[str]:
    """Run a mail server on this machine that fills ``mailbox``; gives its SMTP_URL."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def environment(app: Flask, **more: str) -> dict[str, str]:
    """The environment in which another process works on the same data as ``app``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COV_", "PYTEST_"))}
    return {
        **kept,
        "DATABASE_URL": app.config["SQLALCHEMY_DATABASE_URI"],
        "DATA_DIR": str(app.config["DATA_DIR"]),
        "SECRET_KEY": app.config["SECRET_KEY"],
        "PUBLIC_URL": app.config["PUBLIC_URL"],
        "PYTHONPATH": str(HOME),
        **more,
    }


@contextmanager
def started(command: list[str], env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m command`` from the project's folder, and end it at the end of the block."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=HOME, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def mail_worker(env: dict[str, str]) -> Iterator[BaseProcess]:
    """Run a worker until the end of the block. It is forked from a process that has the product's modules already,
    so that one after the other starts at once, on a busy machine too."""
    nursery = multiprocessing.get_context("forkserver")
    nursery.set_forkserver_preload(["intake.app", "tests.processes"])
    worker = nursery.Process(target=_work, args=(env,), daemon=True)
    worker.start()
    try:
        yield worker
    finally:
        worker.terminate()
        worker.join(10)
        worker.kill()
        worker.join()


def _work(env: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    from tests.killable import app

    background.run_worker(app)


def until(true: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait until ``true()``; fails with ``what`` was waited for."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s in vain: {what}"
        time.sleep(0.05)
