"""Find the Chromium that the browser tests drive, or install it where that takes no question. Prints its path."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = """The browser tests need Chromium, and none was found. One of these gives it:
  apt-get install chromium              (Debian; as root)
  .venv/bin/playwright install chromium (for you alone)
  CHROMIUM=/path/to/chromium make test  (one that you have)"""


def find() -> str | None:
    """The path of a Chromium that starts: CHROMIUM if it is set, then the PATH, then Playwright's own folder."""
    if named := os.environ.get("CHROMIUM"):
        return named if starts(named) else None
    cache = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", Path.home() / ".cache" / "ms-playwright"))
    places = [shutil.which(name) for name in NAMES]
    places += [str(path) for path in sorted(cache.glob("chromium-*/chrome-linux*/chrome"), reverse=True)]
    return next((place for place in places if place and starts(place)), None)


def starts(program: str) -> bool:
    """Whether ``program`` can tell its version; a placeholder that only points to a snap cannot."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> bool:
    """Install Debian's Chromium when this is root on such a system; says whether it came to that and went well."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print("Chromium is missing; installing it with apt-get.", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["update"], ["install", "-y", "--no-install-recommends", "chromium"])
    # What apt-get says goes to the error stream: the output of this script is a path.
    return all(
        subprocess.run(["apt-get", "-qq", *words], env=quiet, stdout=sys.stderr, check=False).returncode == 0
        for words in commands
    )


def find_or_install() -> str:
    """The path of a Chromium that starts. Leaves with advice and code 1 where there is none and none can be had."""
    found = find()
    if found is None and "CHROMIUM" not in os.environ and install():
        found = find()
    if found is None:
        sys.exit(ADVICE)
    return found


if __name__ == "__main__":
    print(find_or_install())
