"""A program as a server for the length of a ``with`` block, stopped whatever happens.

A guard (a shell that waits for its input to close) stops the server and removes its folder when the block or the whole
test run ends, killed or not.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LONGEST_SOCKET_FOLDER = 80  # the operating system allows 107 characters for the whole path of a socket
START_SECONDS = 60.0

GUARD = """
while read -r _; do :; done
kill -s "$1" "$2" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf "$3" 2>/dev/null && break; sleep 0.5; done
"""


class NoEngine(RuntimeError):
    """The server that a test asks for is not installed here, or did not start; the message says which and why."""


@contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """A fresh folder with a path short enough for a socket, removed at the end of the block."""
    parent = tempfile.gettempdir()
    short = Path(parent if len(parent) + len(prefix) < LONGEST_SOCKET_FOLDER else "/tmp")
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=short))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: list[str], folder: Path, ready: Callable[[], bool], user: dict[str, Any], stop: str = "QUIT"
) -> Iterator[None]:
    """Run ``command`` until the block ends, then send it the signal ``stop``; its data is not worth a slower end.

    Sessions of their own keep Ctrl-C in a terminal away from both processes.
    """
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True, **user
        )
    guard = subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", stop, str(server.pid), str(folder)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _wait_for(server, ready, log)
        yield
    finally:
        if guard.stdin:
            guard.stdin.close()
        server.wait(timeout=30)
        guard.wait(timeout=30)


def _wait_for(server: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while not ready():
        if server.poll() is not None or time.monotonic() > end:
            raise NoEngine(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
