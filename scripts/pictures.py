"""Make the pictures of the guides anew: the demonstration in a folder of its own, and a browser that walks through it.

Writes docs/pictures/*.png and nothing else that stays. Needs what the tests need: the packages of requirements-dev.txt
and Chromium. Everybody in the pictures is of the demonstration.
"""

from __future__ import annotations

import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import chromium
from camera import Camera
from playwright.sync_api import sync_playwright
from run import HOME, STOP_SECONDS, answers
from walk_of_faculty import ANSWER, RETURNED
from walk_of_faculty import walk as faculty
from walk_of_matching import PROPOSALS, REVIEWERS
from walk_of_matching import walk as matching
from walk_of_office import walk as office
from walk_of_office import walk_on as office_goes_on

FOLDER = HOME / "docs" / "pictures"
START_SECONDS = 600.0
SOMEBODY_ELSES = ("DATABASE_URL", "PUBLIC_URL", "SECRET_KEY", "SMTP_URL")
"""Settings of whoever starts this, that must not reach the demonstration."""
QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = chromium.find_or_install()
    with (
        tempfile.TemporaryDirectory(prefix="intake-pictures-") as data,
        demonstration(Path(data)) as address,
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=program, args=QUIET) as browser,
    ):
        camera = Camera(browser, address, password(), FOLDER)
        office(camera)
        faculty(camera)
        office_goes_on(camera, RETURNED, ANSWER)
        fill_a_trial_call(Path(data))  # last, since it would stand in the other pictures
        matching(camera)
    return 0


def fill_a_trial_call(data: Path) -> None:
    """A call with many matched proposals, for an assignment to be worth a picture."""
    numbers = ["--proposals", str(PROPOSALS), "--reviewers", str(REVIEWERS)]
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "generate", *numbers, "--matched"]
    subprocess.run(command, cwd=HOME, env=own_settings(data), stdout=subprocess.DEVNULL, check=True)


def own_settings(data: Path) -> dict[str, str]:
    """The environment of the demonstration, without the settings of whoever starts this."""
    kept = {name: value for name, value in os.environ.items() if name not in SOMEBODY_ELSES}
    return {**kept, "DATA_DIR": str(data)}


@contextmanager
def demonstration(data: Path) -> Iterator[str]:
    """The demonstration on a free port, with everything that it keeps in ``data``; gives its address."""
    port = free_port()
    command = [sys.executable, str(HOME / "scripts" / "run.py")]
    # What it prints, its accounts above all, is not for whoever makes pictures.
    child = subprocess.Popen(
        command, cwd=HOME, env={**own_settings(data), "PORT": str(port)}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(child, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait(STOP_SECONDS * 4)


def wait_for(child: subprocess.Popen[bytes], port: int) -> None:
    """Come back once it answers. Leaves with a sentence when it does not."""
    print("Loading the demonstration; this takes a minute or two.", flush=True)
    end = time.monotonic() + START_SECONDS
    while not answers(port):
        if child.poll() is not None or time.monotonic() > end:
            sys.exit("The demonstration did not start.")
        time.sleep(1)


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def password() -> str:
    """The one that all accounts of the demonstration have."""
    with (HOME / "demo" / "accounts.csv").open(encoding="utf-8", newline="") as rows:
        return next(csv.DictReader(rows))["password"]


if __name__ == "__main__":
    sys.exit(main())
