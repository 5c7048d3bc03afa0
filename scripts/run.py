"""Start Intake on this machine: prepare the database, then run the web server and the worker until Ctrl-C.

Reads PORT (8000), DATA_DIR (./data), and, where set, DATABASE_URL, PUBLIC_URL and SECRET_KEY. Writes in DATA_DIR only.
"""

from __future__ import annotations

import csv
import ctypes
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

HOME = Path(__file__).resolve().parent.parent
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
STOP_SECONDS = 5.0
START_SECONDS = 60.0
ACCOUNTS_SHOWN = 12
PR_SET_PDEATHSIG = 1  # from linux/prctl.h

Children = dict[str, "subprocess.Popen[bytes]"]


def main() -> int:
    port, data = chosen_port(), chosen_folder()
    if taken(port):
        return complain(f"Port {port} is already in use. Choose another one: make run PORT={port + 1}")
    environment = settings(port, data)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    children: Children = {}
    try:
        if subprocess.run([*FLASK, "setup", "--demo"], cwd=HOME, env=environment, check=False).returncode:
            return complain("The database could not be prepared; the lines above say why. Nothing was started.")
        for name, command in servers(port, data).items():
            children[name] = subprocess.Popen(command, cwd=HOME, env=environment, preexec_fn=end_with_parent)
        return watch(children, port, environment["PUBLIC_URL"])
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
        return 0
    finally:
        stop(children)


def chosen_port() -> int:
    """PORT as a number; leaves with a sentence when it is none."""
    wanted = os.environ.get("PORT") or "8000"
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        sys.exit(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    return int(wanted)


def chosen_folder() -> Path:
    """DATA_DIR as an absolute path, made if it is not there; leaves with a sentence when it cannot be."""
    folder = Path(os.environ.get("DATA_DIR") or HOME / "data").resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        sys.exit(f"The data folder {folder} cannot be made: {error.strerror}.")
    return folder


def taken(port: int) -> bool:
    """Whether something else on this machine holds ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def settings(port: int, data: Path) -> dict[str, str]:
    """The environment of every process started here: what the caller set, completed with what a first run needs."""
    environment = {
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        **os.environ,
        "DATA_DIR": str(data),
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
    }
    if not environment.get("SECRET_KEY"):
        environment["SECRET_KEY"] = kept_secret(data / "secret_key")
    return environment


def kept_secret(path: Path) -> str:
    """The key in ``path``, readable by its owner alone; written once, so that a restart signs nobody out."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(48)
        file.write(key + "\n")
    return key


def servers(port: int, data: Path) -> dict[str, list[str]]:
    """The two long-running commands by name."""
    # No control socket and a heartbeat file in our own folder: gunicorn would write both elsewhere.
    web = [sys.executable, "-m", "gunicorn", "--worker-class", "intake.serving.Worker"]
    web += ["--workers", "2", "--threads", "4"]
    web += ["--bind", f"127.0.0.1:{port}", "--graceful-timeout", "3", "--log-level", "warning"]
    web += ["--no-control-socket", "--worker-tmp-dir", str(data), "wsgi:app"]
    return {"web server": web, "worker": [*FLASK, "worker", "run"]}


def watch(children: Children, port: int, address: str) -> int:
    """Wait until one of ``children`` ends, which neither should; returns 1 then."""
    told, end = False, time.monotonic() + START_SECONDS
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return complain(f"The {name} has ended (code {child.returncode}); stopping everything else.")
        if not told and answers(port):
            told = True
            greet(address)
        elif not told and time.monotonic() > end:
            return complain(f"The web server did not answer within {START_SECONDS:.0f} seconds; stopping.")
        time.sleep(0.3)


def answers(port: int) -> bool:
    """Whether the web server replies at all."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        line.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def greet(address: str) -> None:
    """Say where Intake is and who may sign in to look around."""
    print(f"\nIntake is running at {address}  (Ctrl-C stops it)\n")
    print(table(HOME / "demo" / "accounts.csv"), flush=True)


def table(path: Path) -> str:
    """The first rows of a CSV file in aligned columns; nothing where there is no such file."""
    if not path.exists():
        return ""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.reader(file) if row]
    shown = rows[: ACCOUNTS_SHOWN + 1]
    widths = [max(map(len, column)) for column in zip(*shown, strict=False)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip() for row in shown]
    if len(rows) > len(shown):
        lines.append(f"... and {len(rows) - len(shown)} more in {path.relative_to(HOME)}")
    return "\n".join(f"  {line}" for line in lines) + "\n"


def stop(children: Children) -> None:
    """Ask every child to end, and end it when it does not listen."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    running = [child for child in children.values() if child.poll() is None]
    for child in running:
        child.terminate()
    end = time.monotonic() + STOP_SECONDS
    for child in running:
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def end_with_parent() -> None:
    """In a child, on Linux: be told to end when this script is killed outright, and so can't say it itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def complain(sentence: str) -> int:
    print(sentence, file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())
