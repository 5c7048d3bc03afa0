"""The deadline second: whatever was sent before a call closes is taken, whatever was sent after is not, and nobody
loses a word. Real servers, in time zones all over the world, and clocks that nobody moved."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.proposal.models import Attachment, Proposal, Receipt
from intake.serving import TICK
from intake.vocabulary import State
from tests.conftest import ORIGIN, Browser, signed_in
from tests.factories.people import call_with, draft, faculty_member, load_catalogue
from tests.factories.world import a_pdf
from tests.processes import environment, started, until
from tests.servers import free_port
from tests.test_killed import answers

SUBMISSIONS = 36
AT_ONCE = 16
AROUND = 0.8
"""Seconds before and after the close within which everything is sent."""
LEAD = 2.0
"""Seconds from when the server answers until the call closes."""
TYPED = "What was typed a moment too late, 打得太晚"
BOUNDARY = "a-line-between-parts"


@dataclass
class Sent:
    """A request, and what became of it. ``begun`` and ``ended`` are when sending began and ended."""

    begun: datetime
    ended: datetime
    status: int
    page: str


@dataclass
class Desk:
    """What an applicant's browser needs: the headers of its session, and drafts that are ready to be submitted."""

    headers: dict[str, str]
    drafts: list[tuple[int, int]] = field(default_factory=list)
    """Id and version of each."""


@pytest.fixture
def desk(fresh_app: Flask) -> Desk:
    with fresh_app.app_context(), writing():
        load_catalogue()
        person = faculty_member()
        call = call_with("AIR-2021")
        made = [draft(call, person, title=f"Draft {number}") for number in range(SUBMISSIONS + 5)]
        rows = [(each.id, each.version) for each in made]
        number = person.id
        db.session.commit()
        client = signed_in(fresh_app, number)
    assert isinstance(client, Browser)
    token = client._signed()
    cookie = client.get_cookie(fresh_app.config["SESSION_COOKIE_NAME"])
    assert cookie
    headers = {"Cookie": f"{cookie.key}={cookie.value}", "X-CSRFToken": token, "Origin": ORIGIN, "Connection": "close"}
    return Desk(headers, rows)


def server(port: int, folder: Path, *, workers: int, threads: int) -> list[str]:
    """The web server as ``make run`` starts it."""
    command = ["gunicorn", "--worker-class", "intake.serving.Worker", "--no-control-socket", "--preload"]
    command += ["--workers", str(workers), "--threads", str(threads), "--worker-tmp-dir", str(folder)]
    return [*command, "--bind", f"127.0.0.1:{port}", "wsgi:app"]


def closing(app: Flask, seconds: float) -> datetime:
    """Let the call close in so many seconds; when that is."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    with app.app_context(), writing():
        call = db.session.scalars(sa.select(Call).where(Call.code == "AIR-2021")).one()
        call.closes_at = at
        db.session.commit()
    return at


def wait_until(instant: datetime) -> None:
    time.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))


def post(port: int, desk: Desk, path: str, form: dict[str, object]) -> Sent:
    """Send a form, and read the answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        begun = datetime.now(UTC)
        headers = desk.headers | {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", path, urlencode(form), headers)
        ended = datetime.now(UTC)
        reply = line.getresponse()
        return Sent(begun, ended, reply.status, reply.read().decode())
    finally:
        line.close()


class Upload:
    """A file of which one half is sent, and the other when ``finish`` is called."""

    def __init__(self, port: int, desk: Desk, proposal_id: int, data: bytes) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
        head += "Content-Type: application/pdf\r\n\r\n"
        body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {
            **desk.headers,
            "Host": "127.0.0.1",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(body)),
        }
        lines = [
            f"POST /proposals/{proposal_id}/files HTTP/1.1",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        self.rest = body[len(body) // 2 :]
        self.begun = datetime.now(UTC)
        self.line = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.line.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])

    def finish(self) -> int:
        """Send the other half; the status that the server answered with."""
        with self.line:
            self.line.sendall(self.rest)
            reply = http.client.HTTPResponse(self.line)
            reply.begin()
            reply.read()
            return reply.status


def kept(app: Flask, proposal_id: int) -> Proposal:
    """The draft as the database has it, detached."""
    with app.app_context():
        found = db.session.get_one(Proposal, proposal_id)
        db.session.expunge(found)
        return found


@pytest.mark.parametrize("zone", ["Asia/Hong_Kong", "UTC", "America/New_York", "Pacific/Kiritimati"])
def test_submissions_fired_across_the_close(fresh_app: Flask, tmp_path: Path, desk: Desk, zone: str) -> None:
    port, log, whole = free_port(), tmp_path / "web.log", a_pdf(40)
    drafts, (timely, tardy, *saved) = desk.drafts[:SUBMISSIONS], [number for number, _ in desk.drafts[SUBMISSIONS:]]
    with started(server(port, tmp_path, workers=4, threads=4), environment(fresh_app, TZ=zone), log):
        until(lambda: answers(port), 60, "the web server")
        close = closing(fresh_app, LEAD)
        first = close - timedelta(seconds=AROUND)
        step = timedelta(seconds=2 * AROUND / SUBMISSIONS)

        def submit(place: int) -> Sent:
            number, version = drafts[place]
            wait_until(first + place * step)
            return post(port, desk, f"/proposals/{number}/submit", {"version": version, "once": f"submit-{number}"})

        wait_until(first - timedelta(seconds=0.5))
        begun_before = Upload(port, desk, timely, whole)
        with ThreadPoolExecutor(AT_ONCE) as hands:
            sent = list(hands.map(submit, range(SUBMISSIONS)))
        wait_until(close + timedelta(seconds=AROUND))
        begun_after = Upload(port, desk, tardy, whole)
        uploaded, turned_away = begun_before.finish(), begun_after.finish()
        too_late = [post(port, desk, f"/proposals/{n}/edit/summary", {"title": TYPED, "version": 1}) for n in saved]
    early = [place for place, each in enumerate(sent) if each.ended < close - timedelta(milliseconds=TICK)]
    late = [place for place, each in enumerate(sent) if each.begun >= close]
    assert len(early) >= SUBMISSIONS // 4 and len(late) >= SUBMISSIONS // 4, "nothing was fired across the close"
    assert [sent[place].status for place in early] == [302] * len(early), log.read_text()[-3000:]
    assert [sent[place].status for place in late] == [403] * len(late), log.read_text()[-3000:]
    assert all("The call closed at" in sent[place].page for place in late)
    accepted = {place for place, each in enumerate(sent) if each.status == 302}
    assert {each.status for each in sent} == {302, 403}
    for place, (number, version) in enumerate(drafts):
        found = kept(fresh_app, number)
        assert found.state is (State.SUBMITTED if place in accepted else State.DRAFT)
        assert (found.title, found.abstract) == (f"Draft {place}", "We join racks by light. 我們以光連接機櫃。")
        assert place in accepted or found.version == version
    with fresh_app.app_context():
        receipts = {row.proposal_id: row.received_at for row in db.session.scalars(sa.select(Receipt))}
        files = [(row.proposal_id, row.file_key) for row in db.session.scalars(sa.select(Attachment))]
        assert set(receipts) == {drafts[place][0] for place in accepted}
        assert max(receipts.values()) < close
        assert (uploaded, turned_away) == (302, 403)
        assert [number for number, _ in files] == [timely]
        assert fresh_app.extensions["store"].get(files[0][1]) == whole
    assert [each.status for each in too_late] == [403] * len(too_late)
    assert all(TYPED in each.page for each in too_late), "what was typed comes back, to be copied"
    assert all(TYPED not in kept(fresh_app, number).title for number in saved)


def test_what_waited_for_a_thread_counts_from_when_it_arrived(fresh_app: Flask, tmp_path: Path, desk: Desk) -> None:
    """One thread in all, held by an upload until after the close: what was sent meanwhile is early or late as it was
    sent."""
    port, log = free_port(), tmp_path / "web.log"
    (upload, _), (early, its_version), (late, other_version) = desk.drafts[:3]
    found: dict[str, Sent] = {}

    def send(name: str, number: int, version: int) -> Callable[[], None]:
        def act() -> None:
            found[name] = post(port, desk, f"/proposals/{number}/submit", {"version": version, "once": name})

        return act

    with started(server(port, tmp_path, workers=1, threads=1), environment(fresh_app), log):
        until(lambda: answers(port), 60, "the web server")
        close = closing(fresh_app, LEAD)
        held = Upload(port, desk, upload, a_pdf())
        time.sleep(0.8)  # the thread has it now
        waiting = [threading.Thread(target=send("early", early, its_version), daemon=True)]
        waiting[0].start()
        wait_until(close + timedelta(seconds=0.3))
        waiting.append(threading.Thread(target=send("late", late, other_version), daemon=True))
        waiting[1].start()
        time.sleep(0.3)
        assert not found, "they waited, or this test proves nothing"
        assert held.finish() == 302
        for each in waiting:
            each.join(60)
    assert found["early"].ended < close < found["late"].begun
    assert (found["early"].status, found["late"].status) == (302, 403), log.read_text()[-3000:]
    assert [kept(fresh_app, number).state for number in (early, late)] == [State.SUBMITTED, State.DRAFT]
