"""Web workers are killed while proposals are submitted: whatever was acknowledged is in, once, with its receipt."""

from __future__ import annotations

import http.client
import threading
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.audit import chain
from intake.engine import writing
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import Move, Proposal, Receipt
from intake.vocabulary import State
from tests.conftest import ORIGIN, Browser, signed_in
from tests.factories.people import call_with, draft, faculty_member, load_catalogue
from tests.processes import environment, started, until
from tests.servers import free_port
from tests.test_killed import SENDERS, Sender, answers, kill_web_workers

DRAFTS = 90


class Submitting(Sender):
    """Submits one draft after the other, each again (as the same form) until it is acknowledged."""

    def __init__(
        self, port: int, headers: dict[str, str], ended: threading.Event, drafts: list[tuple[int, int]]
    ) -> None:
        super().__init__(port, headers, ended)
        self.versions = dict(drafts)
        self.waiting = [number for number, _ in drafts]

    def run(self) -> None:
        """Until told to end or nothing is left."""
        while self.waiting and not self.ended.is_set() and not self.fault:
            number = self.waiting.pop()
            while not self.fault and not self.post(str(number)):
                self.broken += 1
            if not self.fault:
                self.acknowledged.append(str(number))

    def post(self, said: str) -> bool:
        """Whether the server acknowledged the submission of the draft ``said``."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        form = urlencode({"version": self.versions[int(said)], "once": f"submit-{said}"})
        try:
            line.request("POST", f"/proposals/{said}/submit", form, self.headers)
            reply = line.getresponse()
            reply.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if reply.status != 302:
            self.fault = f"{said} answered {reply.status}"
        self.worker = int(reply.headers["X-Worker"])
        if self.strike.is_set():
            self.kill()
        return True


@pytest.fixture
def drafts(fresh_app: Flask) -> tuple[dict[str, str], list[tuple[int, int]]]:
    """The headers of an applicant's browser, and complete drafts of theirs with their versions."""
    with fresh_app.app_context(), writing():
        load_catalogue()
        person = faculty_member()
        call = call_with("AIR-2021")
        made = [draft(call, person, title=f"Draft {number}") for number in range(DRAFTS)]
        rows = [(each.id, each.version) for each in made]
        number = person.id
        db.session.commit()
        client = signed_in(fresh_app, number)
    assert isinstance(client, Browser)
    token = client._signed()
    cookie = client.get_cookie(fresh_app.config["SESSION_COOKIE_NAME"])
    assert cookie
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "X-CSRFToken": token, "Origin": ORIGIN, "Connection": "close"}
    return {**headers, "Content-Type": "application/x-www-form-urlencoded"}, rows


def test_killing_web_workers_loses_no_acknowledged_submission(
    fresh_app: Flask, tmp_path: Path, drafts: tuple[dict[str, str], list[tuple[int, int]]]
) -> None:
    headers, rows = drafts
    port, ended, log = free_port(), threading.Event(), tmp_path / "web.log"
    command = ["gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
    command += ["--preload", "--worker-tmp-dir", str(tmp_path), "--bind", f"127.0.0.1:{port}", "tests.killable:app"]
    with started(command, environment(fresh_app), log):
        until(lambda: answers(port), 60, "the web server")
        senders = [Submitting(port, headers, ended, rows[start::SENDERS]) for start in range(SENDERS)]
        for each in senders:
            each.start()
        kill_web_workers(senders[0])
        ended.set()
        for each in senders:
            each.join(25)
    assert [each.fault for each in senders] == [""] * SENDERS, log.read_text()[-3000:]
    assert len(senders[0].struck) >= 2
    acknowledged = {int(said) for each in senders for said in each.acknowledged}
    assert len(acknowledged) > 10
    with fresh_app.app_context():
        submitted = list(db.session.scalars(sa.select(Proposal).where(Proposal.state == State.SUBMITTED)))
        numbers = {each.id for each in submitted}
        assert acknowledged <= numbers
        assert sorted(db.session.scalars(sa.select(Receipt.proposal_id))) == sorted(numbers), "one receipt each"
        assert sorted(db.session.scalars(sa.select(Move.proposal_id))) == sorted(numbers), "one move each"
        told = sa.select(Message.proposal_id).where(Message.kind == "proposal.received")
        assert sorted(each or 0 for each in db.session.scalars(told)) == sorted(numbers), "one letter each"
        ordinals = sorted(int((each.number or "").rpartition("-")[2]) for each in submitted)
        assert ordinals == list(range(1, len(ordinals) + 1)), "numbers without a gap"
        assert chain.verify()[1] is None
