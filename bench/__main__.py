"""Measure the pages against a bare one. ``python -m bench [SIZE ...]``; sizes are 100, 1000 and 10000 by default.

On SQLite in a folder that is removed afterwards, or in the empty database that DATABASE_URL names. For each size a call
is generated; then the five tasks and the bare page take turns, on connections that stay open, and the table gives the
medians and, for each task, its ratio to the bare page of the same run.
"""

from __future__ import annotations

import os
import platform
import secrets
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from bench.browser import Answer, Browser, over_http
from bench.prepare import Ready, prepare
from bench.server import free_port, serving
from bench.tasks import tasks
from intake.app import create_app
from intake.demo import texts
from intake.extensions import db
from intake.people.models import Person

SIZES = (100, 1_000, 10_000)
ROUNDS, WARM_UP = 60, 3
SECONDS_A_SIZE = 45.0
AIM = 3.0


def main() -> int:
    sizes = [int(each) for each in sys.argv[1:]] or list(SIZES)
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="intake-bench-") as name:
        os.environ |= {"DATA_DIR": name, "PORT": str(port), "PUBLIC_URL": f"http://127.0.0.1:{port}"}
        os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(48))
        app = create_app({"LOG_LEVEL": "critical"})
        if not empty(app):
            print("DATABASE_URL names a database that holds people already; the bench needs an empty one.")
            return 2
        print(header(app), flush=True)
        with serving(port, Path(name)):
            for size in sizes:
                measure(app, size, port)
    return 0


def empty(app: Flask) -> bool:
    """Whether nobody has an account; brings the database up to date on the way."""
    with app.app_context():
        upgrade()
        return db.session.scalar(sa.select(Person.id).limit(1)) is None


def header(app: Flask) -> str:
    """On what it was measured."""
    with app.app_context():
        engine = db.engine.dialect.name
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, load {load}"
    return (
        f"Python {platform.python_version()}, {engine}, gunicorn with 1 worker of 4 threads; {machine}.\n"
        f"Medians of up to {ROUNDS} requests each on open connections, taking turns with the bare page; ratios are of\n"
        "these medians. What a task reads before its request is not counted. A busy machine makes the times longer\n"
        f"and the ratios less sure. Aim: at most {AIM:g} x.\n\n"
        f"{'proposals':>9}  {'task':<12} {'ms':>8} {'bare ms':>8} {'ratio':>7} {'slowest 10%':>12} {'statements':>11}"
    )


def measure(app: Flask, size: int, port: int) -> None:
    """One size: its table's lines."""
    with app.app_context():
        ready = prepare(size, ROUNDS + WARM_UP + 2)
    origin = app.config["PUBLIC_URL"]
    statements = counted(app, ready, origin)
    drafts = ready.drafts[2:]
    doing = tasks(ready, lambda: over_http(port), origin, texts.password(), drafts)
    plain = Browser(over_http(port), origin)
    taken: dict[str, list[float]] = {task.name: [] for task in doing}
    bare: list[float] = []
    end = time.monotonic() + SECONDS_A_SIZE
    for number in range(WARM_UP + ROUNDS):
        if number > WARM_UP + 5 and time.monotonic() > end:
            break
        for task in doing:
            plain.get(f"/bare/?call={ready.call_id}")
            seconds = task.act()
            if number >= WARM_UP:
                bare.append(plain.seconds)
                taken[task.name].append(seconds)
    base = median(bare)
    for name, times in taken.items():
        print(line(size, name, times, base, statements[name]), flush=True)


def line(size: int, name: str, times: list[float], base: float, statements: int) -> str:
    """One line of the table; times in seconds."""
    middle, slow = median(times), sorted(times)[int(len(times) * 0.9)]
    mark = " " if middle <= AIM * base else "!"
    return (
        f"{size:>9,}  {name:<12} {middle * 1000:>8.1f} {base * 1000:>8.1f} {middle / base:>6.1f}{mark} "
        f"{slow * 1000:>12.1f} {statements:>11}"
    )


def counted(app: Flask, ready: Ready, origin: str) -> dict[str, int]:
    """How many statements each task's request sends to the database, counted inside this process beforehand."""
    client, sent = app.test_client(use_cookies=False), [0]

    def inside(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        sent[0] = 0
        reply = client.open(path, method=method, data=body, headers=headers)
        return reply.status_code, list(reply.headers), reply.data

    def count(*_: object) -> None:
        sent[0] += 1

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", count)
    doing = tasks(ready, lambda: inside, origin, texts.password(), ready.drafts[:2])
    found: dict[str, int] = {}
    for task in doing:
        task.act()
        found[task.name] = sent[0]
    sa.event.remove(engine, "before_cursor_execute", count)
    return found


if __name__ == "__main__":
    sys.exit(main())
