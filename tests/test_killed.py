"""Processes are killed outright, again and again: what was acknowledged is kept, once, and every mail arrives."""

from __future__ import annotations

import http.client
import os
import secrets
import signal
import threading
import time
from collections import Counter
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from intake import background, clock
from intake.audit import chain
from intake.audit.models import Event
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.vocabulary import MessageState
from tests.conftest import ORIGIN, Browser, signed_in
from tests.killable import LEASE_SECONDS
from tests.processes import Mailbox, environment, mail_server, mail_worker, started, until
from tests.servers import free_port

WEB_KILLS = 5
SENDERS = 3
MAIL_KILLS = 4
MAILS = 200


class Sender(threading.Thread):
    """Posts one form after the other, each again (as the same form) until it is acknowledged."""

    def __init__(self, port: int, headers: dict[str, str], ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.headers, self.ended = port, headers, ended
        self.acknowledged: list[str] = []
        self.broken = 0
        self.worker: int | None = None
        self.strike = threading.Event()
        self.struck: set[int] = set()
        self.fault: str = ""

    def run(self) -> None:
        """Until told to end, and then finish the form at hand."""
        while not self.ended.is_set() and not self.fault:
            said = secrets.token_hex(12)
            while not self.fault and not self.post(said):
                self.broken += 1
                time.sleep(0.05)
            self.acknowledged.append(said)

    def post(self, said: str) -> bool:
        """Whether the server acknowledged the form ``said``."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("POST", "/probe", urlencode({"said": said, "once": said}), self.headers)
            reply = line.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if reply.status != 302:
            self.fault = f"answered {reply.status}"
        self.worker = int(reply.headers["X-Worker"])
        if self.strike.is_set():
            self.kill()
        return True

    def kill(self) -> None:
        """End with -9 the worker that answered last."""
        self.strike.clear()
        if self.worker and self.worker not in self.struck:
            with suppress(ProcessLookupError):
                os.kill(self.worker, signal.SIGKILL)
                self.struck.add(self.worker)


def browser_headers(app: Flask) -> dict[str, str]:
    """What the browser of a signed-in person sends with a form."""
    with app.app_context():
        db.session.add(Person(id=1, email="somebody@example.org", name="Somebody"))
        db.session.commit()
    client = signed_in(app, 1)
    assert isinstance(client, Browser)
    token = client._signed()
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie
    return {
        "Cookie": f"{cookie.key}={cookie.value}",
        "X-CSRFToken": token,
        "Origin": ORIGIN,
        "Content-Type": "application/x-www-form-urlencoded",
        "Connection": "close",
    }


def answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


def kill_web_workers(sender: Sender) -> int:
    """Kill workers one after the other: at any moment, or the moment one acknowledged. Returns how many died."""
    end = time.monotonic() + 25
    while len(sender.struck) < WEB_KILLS and time.monotonic() < end:
        time.sleep(0.7)
        if len(sender.struck) % 2:
            sender.kill()
        else:
            sender.strike.set()
    return len(sender.struck)


def test_killing_web_workers_loses_nothing_acknowledged_and_doubles_nothing(fresh_app: Flask, tmp_path: Path) -> None:
    headers, port, ended = browser_headers(fresh_app), free_port(), threading.Event()
    command = ["gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    command += ["--preload"]  # so that a new worker is there at once, on a busy machine too
    command += ["--worker-tmp-dir", str(tmp_path), "--bind", f"127.0.0.1:{port}", "tests.killable:app"]
    log = tmp_path / "web.log"
    with started(command, environment(fresh_app), log):
        until(lambda: answers(port), 60, "the web server")
        senders = [Sender(port, headers, ended) for _ in range(SENDERS)]
        for each in senders:
            each.start()
        killed = kill_web_workers(senders[0])
        ended.set()
        for each in senders:
            each.join(25)
    assert [each.fault for each in senders] == [""] * SENDERS, log.read_text()[-3000:]
    assert not any(each.is_alive() for each in senders)
    assert killed >= WEB_KILLS
    assert sum(each.broken for each in senders) > 0, "no request was hit: the test proves nothing"
    acknowledged = Counter(said for each in senders for said in each.acknowledged)
    with fresh_app.app_context():
        assert Counter(db.session.scalars(sa.select(Message.subject))) == acknowledged
        assert Counter(db.session.scalars(sa.select(Event.note))) == acknowledged
        assert chain.verify() == (len(acknowledged), None)


def fill_outbox(app: Flask) -> set[str]:
    """Put mail into the outbox; gives the Message-IDs."""
    ids = [f"<{number}@intake.example.edu>" for number in range(MAILS)]
    with app.app_context():
        now = clock.now()
        for number, each in enumerate(ids):
            address = f"person{number}@example.org"
            db.session.add(
                Message(
                    message_id=each,
                    to_address=address,
                    kind="test",
                    subject=f"Message {number}",
                    body_text="Read this.",
                    body_html="<p>Read this.</p>",
                    created_at=now,
                    not_before=now,
                )
            )
        db.session.commit()
    return set(ids)


def states(app: Flask) -> set[MessageState]:
    with app.app_context():
        return set(db.session.scalars(sa.select(Message.state).distinct()))


def kill_in_the_middle(worker: BaseProcess, mailbox: Mailbox, at: str) -> None:
    """End a worker with -9, a while into its work, while it hands over a mail.

    At "RCPT" the mail server does not have the mail yet; at "DATA" it has, and the worker never learns of it.
    """
    hit, some_more = threading.Event(), len(mailbox.mails) + MAILS // (MAIL_KILLS + 2)

    def strike(step: str) -> None:
        if step == at and len(mailbox.mails) >= some_more and not hit.is_set():
            worker.kill()
            hit.set()

    mailbox.at = strike
    assert hit.wait(60), "the worker sent no mail"
    worker.join(10)
    assert worker.exitcode == -signal.SIGKILL
    mailbox.at = lambda step: None


def test_killing_mail_workers_loses_no_mail_and_leaves_none_stuck(fresh_app: Flask) -> None:
    ids, mailbox = fill_outbox(fresh_app), Mailbox()
    with mail_server(mailbox) as smtp:
        env = environment(fresh_app, SMTP_URL=smtp)
        for number in range(MAIL_KILLS):
            with mail_worker(env) as worker:
                kill_in_the_middle(worker, mailbox, "DATA" if number % 2 else "RCPT")
        assert len(set(mailbox.ids())) < MAILS, "the workers were done before they were killed"
        with mail_worker(env):
            end = time.monotonic() + 40 + LEASE_SECONDS
            while states(fresh_app) != {MessageState.SENT} and time.monotonic() < end:
                background.wake(fresh_app)
                time.sleep(0.5)
    assert states(fresh_app) == {MessageState.SENT}
    arrived = Counter(mailbox.ids())
    assert set(arrived) == ids
    assert sum(arrived.values()) <= MAILS + MAIL_KILLS, "more copies than workers died"
    assert len({(str(mail["Message-ID"]), str(mail["To"])) for mail in mailbox.mails}) == MAILS
