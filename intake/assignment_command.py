"""``flask --app wsgi assignment``: the engine on files. It needs neither the database nor the pages, and loading them
would take longer than solving, so ``wsgi`` gives it an application of its own (``alone``)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup

from intake.errors import IntakeError

assignment = AppGroup("assignment", help="Who reviews what, from files; needs no database.")


class Unusable(click.ClickException):
    """What was given cannot be used."""

    exit_code = 2


def is_asked(words: Sequence[str]) -> bool:
    """Whether a command line asks for this group and for nothing else: ``flask --app wsgi assignment ...``."""
    return (
        Path(words[0]).name in ("flask", "__main__.py") and _command(words[1:]) == assignment.name if words else False
    )


def _command(words: Sequence[str]) -> str | None:
    """The first word that is neither an option of ``flask`` nor its value."""
    after = iter(words)
    for word in after:
        if word in ("--app", "-A", "--env-file", "-e"):
            next(after, None)
        elif not word.startswith("-"):
            return word
    return None


def alone() -> Flask:
    """An application with this group and no page."""
    app = Flask("intake", static_folder=None)
    app.cli.add_command(assignment)
    return app


@assignment.command("solve", with_appcontext=False)
@click.option("--in", "folder", type=click.Path(path_type=Path), required=True, help="Folder with the CSV files.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The assignment, as CSV.")
@click.option("--objective", type=click.Choice(["total", "fair"]), default="total", show_default=True)
@click.option("--floor", type=float, help="The smallest score that every proposal shall have, where possible.")
@click.option(
    "--stability",
    type=click.FloatRange(0, 100),
    default=0.2,
    show_default=True,
    help="How many percent of the best total may be given up to keep the pairs of held.csv.",
)
@click.option("--report", type=click.Path(path_type=Path), help="What the assignment is worth, as JSON.")
def solve(folder: Path, out: Path, objective: str, floor: float | None, stability: float, report: Path | None) -> None:
    """Assign reviewers to proposals.

    The folder holds proposals.csv, reviewers.csv and scores.csv, and perhaps conflicts.csv, locked.csv and held.csv.
    Ends with 0; with 3 where proposals stay short of reviews; with 2, and nothing written, for input that is unusable.
    """
    command = import_module("intake.solver.command")
    try:
        status, said = command.run(command.Asked(folder, out, objective, floor, stability, report))
    except IntakeError as error:
        raise Unusable(f"{error} Nothing was written.") from None
    click.echo(said)
    click.get_current_context().exit(status)
