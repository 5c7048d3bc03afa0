"""``flask --app wsgi person``: how an installation gets its first administrator."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import AppGroup

from intake.engine import writing
from intake.extensions import db
from intake.people.operations import install_administrator
from intake.views import typed
from intake.vocabulary import Limit

person = AppGroup("person", help="People with an account.")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(person)


@person.command("add")
@click.argument("email")
@click.option("--name", required=True, help="As others should read it.")
@click.option(
    "--administrator", is_flag=True, required=True, help="Grant the administrator's role; others invite from the pages."
)
def add(email: str, name: str, administrator: bool) -> None:
    """Prepare an administrator's account for EMAIL and print the link that opens it, once, within 14 days."""
    address, called = _address(email), typed.line(name)
    if typed.blank(called) or typed.unkeepable(called) or len(called) > Limit.NAME:
        raise click.BadParameter(f"a name has 1 to {Limit.NAME} characters", param_hint="--name")
    with writing():
        someone, token = install_administrator(address, called)
        db.session.commit()
    click.echo(f"{someone.name} <{someone.email}> is an administrator. The account opens here, once, within 14 days:")
    click.echo(f"{current_app.config['PUBLIC_URL']}/invitation/{token}")


def _address(email: str) -> str:
    try:
        return str(validate_email(email, check_deliverability=False, allow_smtputf8=False).ascii_email).lower()
    except (EmailNotValidError, UnicodeError):
        raise click.BadParameter("write an address such as name@example.edu", param_hint="EMAIL") from None
