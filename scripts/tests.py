"""Everything that must hold before a change is done: the checks, then the tests on SQLite, then on PostgreSQL.

A failure doesn't spare the rest: all three run, and the exit code tells whether all were well. Nothing is printed after
pytest's closing lines unless something failed.
"""

from __future__ import annotations

import os
import subprocess
import sys

import chromium

PYTEST = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
ELSEWHERE = ["-m", "not browser and not once"]  # what does not depend on the database has run on the first one


def main() -> int:
    os.environ["CHROMIUM"] = chromium.find_or_install()
    steps = {
        "the checks": ([os.environ.get("MAKE", "make"), "--no-print-directory", "check"], {}),
        "the tests on SQLite": (PYTEST, {"INTAKE_TEST_ENGINE": "sqlite"}),
        "the tests on PostgreSQL": ([*PYTEST, *ELSEWHERE], {"INTAKE_TEST_ENGINE": "postgresql"}),
    }
    failed = []
    for name, (command, settings) in steps.items():
        print(f"\n--- {name} ---", flush=True)
        if subprocess.run(command, env={**os.environ, **settings}, check=False).returncode:
            failed.append(name)
    if failed:
        print("\nFailed: " + "; ".join(failed), file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
