"""Work behind the pages: the worker is woken over each kind of queue, ends when asked, and clears away what is over."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, Response
from huey import PostgresHuey, RedisHuey, SqliteHuey

from intake import background, clock
from intake.extensions import db
from intake.forward.models import PacketFile
from intake.notification.models import Message
from intake.people.models import AccountLink, Guess, OnceKey, Person, SignIn
from intake.proposal.models import Attachment
from intake.sweep import sweep
from tests import engines
from tests.conftest import signed_in
from tests.processes import Mailbox, environment, mail_server, started, until
from tests.servers import free_port

WORKER = ["flask", "--app", "tests.killable", "worker", "run"]
KINDS = {"sqlite": SqliteHuey, "redis": RedisHuey, "postgresql": PostgresHuey}


@pytest.fixture(params=KINDS)
def queue_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    """A queue of each kind, on a server of this machine."""
    if request.param == "sqlite":
        yield None
    elif request.param == "redis":
        with engines.valkey() as url:
            yield url
    else:
        with engines.postgres() as url:
            name = f"queue{os.getpid()}"
            yield engines.create_database(url, name)
            engines.drop_database(url, name)


def configured(app: Flask, **settings: Any) -> Flask:
    """``app`` with other settings for what works behind it."""
    app.config.update(settings)
    app.extensions.pop("background", None)
    background.arrange(app)
    return app


def letter(number: int) -> Message:
    return Message(
        message_id=f"<{number}@intake.example.edu>",
        to_address=f"person{number}@example.org",
        kind="test",
        subject=f"Message {number}",
        body_text="Read this.",
        created_at=clock.now(),
        not_before=clock.now(),
    )


def test_a_woken_worker_sends_at_once_and_ends_when_asked(
    fresh_app: Flask, queue_url: str | None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    app, mailbox, log = configured(fresh_app, QUEUE_URL=queue_url), Mailbox(), tmp_path / "worker.log"
    with mail_server(mailbox) as smtp:
        env = environment(app, SMTP_URL=smtp, **({"QUEUE_URL": queue_url} if queue_url else {}))
        with started(WORKER, env, log) as worker:
            write_and_wake(app, 1)
            until(lambda: len(mailbox.mails) == 1, 60, "the first mail, after the worker's start")
            for number in (2, 3):
                write_and_wake(app, number)
                until(
                    lambda want=number: len(mailbox.mails) == want,
                    30,
                    "a mail, once the worker was woken: the next drain by the clock is a minute off",
                )
            worker.send_signal(signal.SIGINT if queue_url is None else signal.SIGTERM)
            assert worker.wait(30) == 0
    assert isinstance(app.extensions["background"].huey, KINDS[request.node.callspec.params["queue_url"]])
    assert "Traceback" not in log.read_text()


def write_and_wake(app: Flask, number: int) -> None:
    with app.app_context():
        db.session.add(letter(number))
        db.session.commit()
    background.wake(app)
    assert "background" in app.extensions, "the queue did not open"


@pytest.mark.once
def test_a_worker_that_is_away_finds_one_call_not_one_for_each_mail(fresh_app: Flask) -> None:
    for _ in range(5):
        background.wake(fresh_app)
    assert fresh_app.extensions["background"].huey.pending_count() == 1


def test_other_work_that_waits_does_not_stand_for_the_mail(fresh_app: Flask, queue_url: str | None) -> None:
    app = configured(fresh_app, QUEUE_URL=queue_url)
    background.wake(app)
    huey = app.extensions["background"].huey
    huey.flush()
    minute = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    [look] = [task for task in huey.read_periodic(minute) if task.name == "look_each_minute"]
    huey.enqueue(look)
    background.wake(app)
    background.wake(app)
    assert sorted(task.name for task in huey.pending()) == ["drain", "look_each_minute"]
    huey.storage.close()


@pytest.mark.once
@pytest.mark.parametrize("scheme", ["redis", "postgresql"])
def test_a_queue_that_is_away_stops_nobody(fresh_app: Flask, scheme: str) -> None:
    app = configured(fresh_app, QUEUE_URL=f"{scheme}://127.0.0.1:{free_port()}/0")
    began = time.monotonic()
    background.wake(app)
    assert time.monotonic() - began < 5


@pytest.mark.once
@pytest.mark.parametrize("setting", [{"QUEUE_URL": "amqp://127.0.0.1"}, {"SMTP_URL": "http://127.0.0.1"}])
def test_a_setting_that_nobody_understands_is_refused_at_the_start(fresh_app: Flask, setting: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=next(iter(setting))):
        configured(fresh_app, **setting)


@pytest.mark.once
def test_what_lies_in_the_queue_is_plain_data(fresh_app: Flask) -> None:
    background.wake(fresh_app)
    huey = fresh_app.extensions["background"].huey
    (data,) = huey.storage.enqueued_items()
    task = json.loads(data)
    assert (task["name"].rpartition(".")[2], task["args"], task["kwargs"]) == ("drain", [], {})
    with pytest.raises(TypeError, match="not JSON serializable"):
        huey.serializer.serialize(huey._registry.create_message(type(huey.dequeue())((object(),), {})))


def test_a_request_wakes_the_worker_after_its_commit_and_only_if_it_wrote_mail(
    fresh_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.notification.letters import Letter
    from intake.notification.operations import post
    from intake.views import gate
    from intake.vocabulary import Action, say

    seen: list[int] = []

    def woken(app: Flask) -> None:
        """Count the mail that somebody else can see by now."""
        with app.extensions["sqlalchemy"].engine.connect() as other:
            seen.append(other.execute(sa.text("SELECT count(*) FROM message")).scalar_one())

    def view(kind: str) -> Response:
        if kind != "none":
            words = say("Hello")
            post(Letter("test", words, (words,), "/", words, words), to="a@example.org")
        return Response(status=422 if kind == "again" else 204)

    monkeypatch.setattr(background, "wake", woken)
    from flask import Blueprint

    pages = Blueprint("pages", __name__)
    gate.door(pages, "/test/<kind>", Action.SIGNED_IN, methods=["POST"], name="test")(view)
    fresh_app.register_blueprint(pages)
    with fresh_app.app_context():
        db.session.add(person := Person(id=1, email="a@example.org", name="A"))
        db.session.commit()
        db.session.expunge(person)
    client = signed_in(fresh_app, 1)
    for kind, status, calls in (("none", 204, []), ("again", 422, []), ("mail", 204, [1]), ("mail", 204, [1, 2])):
        assert client.post(f"/test/{kind}").status_code == status
        assert seen == calls


def test_what_has_served_its_time_is_cleared_away_and_nothing_else(room: Flask) -> None:
    now = clock.now()
    db.session.add(Person(id=1, email="a@example.org", name="A"))
    db.session.flush()
    hour, day = timedelta(hours=1), timedelta(days=1)
    for mark, age in (("old", hour), ("new", -hour)):
        db.session.add_all(
            [
                SignIn(token_hash=mark, person_id=1, ends_at=now - age),
                AccountLink(token_hash=mark, person_id=1, purpose="reset", ends_at=now - day - age),
                AccountLink(
                    token_hash=mark + "-used", person_id=1, purpose="reset", ends_at=now, used_at=now - day - age
                ),
                Guess(key_hash=mark, at=now - day - age),
                OnceKey(key=mark, person_id=1, location="/", used_at=now - 7 * day - age),
            ]
        )
    db.session.commit()
    assert sweep(room.extensions["store"]) == {
        "sign_ins": 1,
        "account_links": 2,
        "guesses": 1,
        "once_keys": 1,
        "text_vectors": 0,
        "files": 0,
    }
    assert db.session.scalars(sa.select(SignIn.token_hash)).all() == ["new"]
    assert set(db.session.scalars(sa.select(AccountLink.token_hash))) == {"new", "new-used"}
    assert db.session.scalars(sa.select(Guess.key_hash)).all() == ["new"]
    assert db.session.scalars(sa.select(OnceKey.key)).all() == ["new"]


class Shelf:
    """A file store that tells any age."""

    def __init__(self, ages: dict[str, timedelta]) -> None:
        self.ages = dict(ages)

    def keys(self) -> Iterator[tuple[str, Any]]:
        yield from [(key, clock.now() - age) for key, age in self.ages.items()]

    def delete(self, key: str) -> None:
        del self.ages[key]


def test_a_file_goes_only_when_it_is_old_and_nothing_names_it(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.sweep._FILES_AT_ONCE", 2)
    monkeypatch.setattr("intake.sweep._file_columns", lambda: [sa.column("file_key", _selectable=named())])
    old, young = timedelta(days=1, minutes=1), timedelta(hours=23)
    shelf = Shelf({"named": old, "stray": old, "stray2": old, "fresh": young, "stray3": old})
    assert sweep(shelf)["files"] == 3  # type: ignore[arg-type]
    assert set(shelf.ages) == {"named", "fresh"}


def named() -> Any:
    return sa.select(sa.literal("named").label("file_key")).subquery()


@pytest.mark.once
def test_the_sweep_asks_every_table_that_names_files(room: Flask) -> None:
    from intake.sweep import _file_columns

    asked = {column.table.name for column in _file_columns()}
    assert {Attachment.__tablename__, PacketFile.__tablename__} <= asked
