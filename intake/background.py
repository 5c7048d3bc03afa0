"""The one door for work behind the pages. SQLite in DATA_DIR, Redis or PostgreSQL by QUEUE_URL: nothing else knows.

The queue only wakes: what there is to do stands in the database, so a task that is lost costs a minute and no more.
"""

from __future__ import annotations

import json
import signal
import threading
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import redis
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.api import TaskWrapper
from huey.registry import Message as Note
from huey.serializer import Serializer

from intake import watch
from intake.logs import logger
from intake.match import affinity, stamps
from intake.notification import delivery
from intake.notification.relay import relay_of
from intake.proposal import file_scan, printing
from intake.review import solving
from intake.scanning import scanner_of
from intake.storage import StoreUnavailable
from intake.sweep import sweep

if TYPE_CHECKING:
    from flask import Flask

MAILS_A_PASS = 500
FILES_A_PASS = 50
RECEIPTS_A_PASS = 20
BATCHES_A_PASS = 2
"""Then mail has its turn again."""
CALLS_A_PASS = 5
_SCORING = threading.Lock()
"""Scoring a call may take minutes: one thread of a worker does it, the others go on with the mail."""
CONNECT_SECONDS = 2
"""A web request waits no longer for a queue that is away."""
_DRAINS = ("drain", "drain_each_minute")
"""The tasks that do all that waits. Other work that waits stands for none of it."""
STOP_SECONDS = 3
"""For the mail that is being handed over when the worker is asked to end."""


class _Plain(Serializer):  # type: ignore[misc]
    """Tasks as JSON, not as pickled objects: whoever can write to the queue cannot make the worker run code of theirs,
    and a task cannot carry more than ids."""

    def _serialize(self, data: Note) -> bytes:
        return json.dumps(data._asdict()).encode()

    def _deserialize(self, data: bytes) -> Note:
        return Note(**json.loads(data))


@dataclass(slots=True)
class Background:
    """The queue of one app, the task that does what there is to do, and whether its worker was asked to end."""

    huey: Huey
    drain: TaskWrapper
    ending: threading.Event


def arrange(app: Flask) -> None:
    """Read the settings of the queue, of mail and of the scanner; nothing is connected to.

    Raises ValueError for unusable ones.
    """
    scheme = urlsplit(app.config["QUEUE_URL"] or "").scheme
    if scheme not in ("", "redis", "rediss", "postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("QUEUE_URL begins with redis://, rediss:// or postgresql://")
    app.extensions["relay"] = relay_of(app.config["SMTP_URL"], app.config["MAIL_FROM"])
    app.extensions["scanner"] = scanner_of(app.config["CLAMD_URL"])


def wake(app: Flask) -> None:
    """Tell the worker that something waits. Never raises: what nobody was told of is done within a minute."""
    try:
        background = _background(app)
        try:
            if not any(task.name in _DRAINS for task in background.huey.pending()):  # one that waits will see this too
                background.drain()
        finally:
            background.huey.storage.close()  # a line that is kept is found dead after the queue's next restart
    except Exception as error:
        logger().warning("worker not woken", reason=type(error).__name__)


def deliver(app: Flask) -> int:
    """Send the mail that is due. Returns: how many messages the mail server took."""
    with app.app_context():
        return delivery.drain(
            MAILS_A_PASS, relay=app.extensions["relay"], lease=_lease(app, delivery.LEASE), ended=_ending(app).is_set
        )


def scan(app: Flask) -> int:
    """Scan the files that wait. Returns: how many got their verdict."""
    with app.app_context():
        return file_scan.drain(
            FILES_A_PASS,
            scanner=app.extensions["scanner"],
            store=app.extensions["store"],
            lease=_lease(app, file_scan.LEASE),
            ended=_ending(app).is_set,
        )


def print_receipts(app: Flask) -> int:
    """Make the PDFs that receipts wait for. Returns: how many were made."""
    with app.app_context():
        return printing.drain(
            RECEIPTS_A_PASS,
            store=app.extensions["store"],
            zone=ZoneInfo(app.config["TIME_ZONE"]),
            lease=_lease(app, printing.LEASE),
            ended=_ending(app).is_set,
        )


def score(app: Flask) -> int:
    """Make the affinities that are wanted, unless another thread is at it. Returns: of how many calls."""
    if not _SCORING.acquire(blocking=False):
        return 0
    try:
        with app.app_context():
            return affinity.drain(CALLS_A_PASS, lease=_lease(app, affinity.LEASE), ended=_ending(app).is_set)
    finally:
        _SCORING.release()


def solve_batches(app: Flask) -> int:
    """Let the engine solve the batches of assignments that wait. Returns: how many were solved."""
    with app.app_context():
        return solving.drain(BATCHES_A_PASS, lease=_lease(app, solving.LEASE), ended=_ending(app).is_set)


def work(app: Flask) -> None:
    """Do what there is to do: mail first, then files and receipts, a few at a time, so that mail never waits long; what
    is scored comes last."""
    deliver(app)
    if scan(app):
        deliver(app)  # whoever attached a file that was refused is told
    if print_receipts(app) == RECEIPTS_A_PASS:
        wake(app)
    solve_batches(app)
    score(app)


def _ending(app: Flask) -> threading.Event:
    return app.extensions["background"].ending if "background" in app.extensions else threading.Event()


def _lease(app: Flask, usual: timedelta) -> timedelta:
    return timedelta(seconds=app.config.get("LEASE_SECONDS", usual.total_seconds()))


def look(app: Flask) -> None:
    """What comes with the time: offers and requests to review that ended go on, people are reminded; then their mail
    leaves. And whatever changed of what affinities are made from is seen."""
    with app.app_context():
        done = sum(each(_ending(app).is_set) for each in watch.EACH_MINUTE)
    if done:
        deliver(app)
    with app.app_context():
        changed = stamps.look()
    if changed:
        wake(app)


def clear(app: Flask) -> None:
    """Clear away what has served its time."""
    with app.app_context():
        try:
            logger().info("swept", **sweep(app.extensions["store"]))
        except StoreUnavailable:
            logger().error("file store not swept")


def run_worker(app: Flask) -> None:
    """Work until SIGTERM or SIGINT, then end within ``STOP_SECONDS``. Raises what the queue raises if it is away."""
    background = _background(app)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: background.ending.set())
    consumer = background.huey.create_consumer(workers=2, max_delay=0.5, shutdown_timeout=STOP_SECONDS)
    consumer.scheduler.start()  # not consumer.start(): it would take over the signals
    for _, thread in consumer.worker_threads:
        thread.start()
    logger().info("worker started", queue=type(background.huey).__name__)
    while not background.ending.wait(10):
        consumer.check_worker_health()
    consumer.stop(graceful=True)
    logger().info("worker ended")


def _background(app: Flask) -> Background:
    """The queue of ``app``, opened at its first use: after the web server forked, and only where it is needed."""
    if "background" not in app.extensions:
        huey = _opened(app.config["QUEUE_URL"], app.config["DATA_DIR"])
        app.extensions["background"] = Background(huey, _tasks(huey, app), threading.Event())
    found: Background = app.extensions["background"]
    return found


def _opened(url: str | None, folder: Path) -> Huey:
    options: dict[str, Any] = {"results": False, "serializer": _Plain()}
    if not url:
        return SqliteHuey("intake", filename=str(folder / "queue.db"), timeout=CONNECT_SECONDS, **options)
    if url.startswith("redis"):
        pool = redis.ConnectionPool.from_url(url, socket_connect_timeout=CONNECT_SECONDS, socket_timeout=10)
        return RedisHuey("intake", connection_pool=pool, **options)
    dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return PostgresHuey("intake", dsn=dsn, connect_timeout=CONNECT_SECONDS, **options)


def _tasks(huey: Huey, app: Flask) -> TaskWrapper:
    """Register what the worker can do; returns the task that does what there is to do."""

    @huey.task(name="drain")  # type: ignore[untyped-decorator]
    def drain() -> None:
        work(app)

    @huey.periodic_task(crontab(), name="drain_each_minute")  # type: ignore[untyped-decorator]
    def drain_each_minute() -> None:
        work(app)

    @huey.periodic_task(crontab(), name="look_each_minute")  # type: ignore[untyped-decorator]
    def look_each_minute() -> None:
        look(app)

    @huey.periodic_task(crontab(minute="17"), name="sweep_each_hour")  # type: ignore[untyped-decorator]
    def sweep_each_hour() -> None:
        clear(app)

    return drain
