"""The commands of ``flask --app wsgi``. What they do lives in the modules that they call."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from intake import assignment_command, background
from intake.assignment_command import Unusable
from intake.audit import chain
from intake.engine import writing
from intake.errors import IntakeError
from intake.extensions import db
from intake.match import affinity, stamps
from intake.people.models import Person
from intake.views.administrator import commands as people_commands

CATALOGUE = Path(__file__).parent.parent / "catalogue" / "catalogue.json"

catalogue = AppGroup("catalogue", help="Sponsors, programmes and calls.")
worker = AppGroup("worker", help="Work behind the pages: mail, files, receipts, and clearing away.")
audit = AppGroup("audit", help="The log.")
demo = AppGroup("demo", help="Data to look at and to measure with; refused in production.")


def register(app: Flask) -> None:
    """Add the commands, and open the door for background work. Raises ValueError for an unusable setting of it."""
    background.arrange(app)
    people_commands.register(app)
    for command in (setup, catalogue, worker, audit, assignment_command.assignment, demo, describe_policy):
        app.cli.add_command(command)


@click.command("setup")
@click.option("--demo", "with_demo", is_flag=True, help="Load the demonstration too, where nobody has an account yet.")
@with_appcontext
def setup(with_demo: bool) -> None:
    """Bring the database up to date and load the catalogue; safe to run again."""
    if with_demo:
        _not_in_production()
    upgrade()
    _load_catalogue(CATALOGUE)
    if with_demo and not _anybody():
        _load_demo()
    background.wake(_app())  # makes the queue's tables, before two processes want to


@catalogue.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def load_catalogue(file: Path) -> None:
    """Load FILE: what is new is added, what changed is brought up to date, nothing is doubled."""
    _load_catalogue(file)


def _load_catalogue(file: Path) -> None:
    load_file = import_module("intake.catalogue.loading").load_file
    try:
        with writing():
            report = load_file(file)
            db.session.commit()
    except (IntakeError, OSError) as error:
        db.session.rollback()
        raise Unusable(f"{file}: {error}. Nothing was loaded.") from None
    click.echo(str(report))


@worker.command("run")
def run() -> None:
    """Work until told to stop."""
    background.run_worker(_app())


@worker.command("drain")
def drain() -> None:
    """Do once what there is to do: send mail, scan files, make the PDFs of receipts."""
    count = background.deliver(_app())
    if background.scan(_app()):
        count += background.deliver(_app())
    while background.print_receipts(_app()):
        pass
    click.echo(f"{count} sent")


@audit.command("verify")
def verify() -> None:
    """Read the whole log and say whether anybody changed it."""
    count, fault = chain.verify()
    if fault:
        raise click.ClickException(f"After {count} good events: {fault}.")
    click.echo(f"{count} events, none of them changed.")


@click.command("describe-policy")
@click.argument("which", type=click.Choice(["permissions", "workflow", "all"]), default="all")
@with_appcontext
def describe_policy(which: str) -> None:
    """Print who may do what, and how a proposal moves, from the tables that decide it."""
    describe = import_module("intake.describe")
    for name in ("permissions", "workflow"):
        if which in (name, "all"):
            click.echo(getattr(describe, name)(), nl=False)


@demo.command("load")
def load_demo() -> None:
    """Load the demonstration into an installation where nobody has an account yet."""
    _not_in_production()
    if _anybody():
        raise click.ClickException("There are accounts here already; the demonstration is for an empty database.")
    _load_demo()


@demo.command("generate")
@click.option("--proposals", type=click.IntRange(1, 1_000_000), required=True, help="How many proposals.")
@click.option("--reviewers", type=click.IntRange(1, 100_000), required=True, help="How many reviewers.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same data.")
@click.option("--matched", is_flag=True, help="Leave the proposals matched: they wait for reviewers.")
def generate(proposals: int, reviewers: int, seed: int, matched: bool) -> None:
    """Fill a call with made-up proposals and reviews, to measure with."""
    _not_in_production()
    made = import_module("intake.demo")
    with writing():
        fill = made.generate_matched if matched else made.generate
        said = fill(proposals=proposals, reviewers=reviewers, seed=seed)
        db.session.commit()
    if matched:
        affinity.drain(stamps.look())  # as the worker would within a minute; it commits by itself
    click.echo(str(said))


def _load_demo() -> None:
    with writing():
        said = import_module("intake.demo").load()
        db.session.commit()
    affinity.drain(stamps.look())  # as the worker would within a minute; it commits by itself
    click.echo(str(said))


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return app


def _not_in_production() -> None:
    if current_app.config["INTAKE_ENV"] == "production":
        raise Unusable("The demonstration is not for production.")


def _anybody() -> bool:
    found = db.session.scalar(sa.select(Person.id).limit(1))
    db.session.rollback()
    return found is not None
