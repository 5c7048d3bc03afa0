"""The server that is measured: gunicorn as ``make run`` starts it, with one worker process, on this machine only."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(port: int, folder: Path) -> Iterator[None]:
    """Serve inside the block; the environment is this process's. Raises RuntimeError where it does not start."""
    command = [sys.executable, "-m", "gunicorn", "--worker-class", "intake.serving.Worker"]
    command += ["--workers", "1", "--threads", "4"]
    command += ["--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--no-control-socket"]
    command += ["--worker-tmp-dir", str(folder), "--keep-alive", "30", "bench.bare:app"]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env={**os.environ, "INTAKE_BENCH": "1"}, stdout=log, stderr=log)
    try:
        _wait(port, server, folder)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, server: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            line.request("GET", "/healthz")
            line.getresponse().read()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            line.close()
    raise RuntimeError("the server did not start:\n" + (folder / "server.log").read_text()[-2000:])
