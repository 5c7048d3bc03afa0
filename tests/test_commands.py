"""The commands say what they did, leave nothing half-done, and end with a code that a script can read."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from intake import assignment_command, clock, commands
from intake.audit.models import Event
from intake.audit.operations import record
from intake.call.models import Call
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Department, Person
from intake.policy import Actor
from intake.programme.models import Programme
from intake.vocabulary import MessageState
from tests.conftest import settings
from tests.processes import Mailbox, mail_server


@pytest.fixture
def command(fresh_app: Flask) -> Callable[..., Result]:
    """Runs a command and gives what it printed and how it ended."""
    return lambda *words: fresh_app.test_cli_runner().invoke(args=list(words))


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **functions: Any) -> None:
    module = ModuleType(name)
    for each, function in functions.items():
        setattr(module, each, function)
    monkeypatch.setitem(sys.modules, name, module)


def an_account() -> str:
    db.session.add(Person(email=f"person{count_people()}@example.org", name="A"))
    return "1 account"


def count_people() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_setup_makes_an_empty_database_ready_and_may_run_again(
    tmp_path: Path, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from intake.app import create_app

    app = create_app(settings(tmp_path, new_database()))
    stand_in(monkeypatch, "intake.demo", load=an_account)
    first = app.test_cli_runner().invoke(args=["setup", "--demo"])
    assert first.exit_code == 0, first.output
    calls, programmes = count(app, Call), count(app, Programme)
    assert calls > 0
    assert count(app, Person) == 1
    again = app.test_cli_runner().invoke(args=["setup", "--demo"])
    assert again.exit_code == 0, again.output
    assert (count(app, Call), count(app, Programme), count(app, Person)) == (calls, programmes, 1)
    with app.app_context():
        db.engine.dispose()


def test_setup_alone_loads_no_demonstration(
    fresh_app: Flask, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, "intake.demo", load=an_account)
    assert command("setup").exit_code == 0
    assert count(fresh_app, Person) == 0


def test_a_catalogue_is_loaded_and_told_of(fresh_app: Flask, command: Callable[..., Result]) -> None:
    done = command("catalogue", "load", str(commands.CATALOGUE))
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.strip()
    calls = count(fresh_app, Call)
    assert calls > 0
    assert command("catalogue", "load", str(commands.CATALOGUE)).exit_code == 0
    assert count(fresh_app, Call) == calls


@pytest.mark.parametrize("fault", ["no file", "a folder", "no JSON", "a bad call"])
def test_a_bad_catalogue_is_refused_whole(
    fresh_app: Flask, command: Callable[..., Result], tmp_path: Path, fault: str
) -> None:
    path = tmp_path / "catalogue.json"
    if fault == "a folder":
        path.mkdir()
    elif fault == "no JSON":
        path.write_text("{")
    elif fault == "a bad call":
        content = json.loads(commands.CATALOGUE.read_text())
        content["calls"][-1]["programme"] = "NO SUCH PROGRAMME"
        path.write_text(json.dumps(content))
    done = command("catalogue", "load", str(path))
    assert (done.exit_code, done.stdout) == (2, "")
    assert "Nothing was loaded." in done.stderr
    assert "Traceback" not in done.stderr
    for model in (Department, Programme, Call, Event):
        assert count(fresh_app, model) == 0


def test_the_log_is_verified(fresh_app: Flask, command: Callable[..., Result]) -> None:
    assert command("audit", "verify").exit_code == 0
    with fresh_app.app_context():
        for number in range(3):
            record("test.done", "test", number, by=Actor())
            db.session.commit()
    done = command("audit", "verify")
    assert (done.exit_code, done.stdout) == (0, "3 events, none of them changed.\n")
    with fresh_app.app_context():
        unlocked(f"UPDATE {Event.__tablename__} SET note = 'forged' WHERE position = 2")
    done = command("audit", "verify")
    assert (done.exit_code, done.stderr) == (1, "Error: After 1 good events: event 2 was changed.\n")


def unlocked(statement: str) -> None:
    """Run a statement as somebody who owns the database and takes its guards away first."""
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL session_replication_role = replica"))
        else:
            names = connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
            for name in names:
                connection.execute(sa.text(f'DROP TRIGGER "{name}"'))
        connection.execute(sa.text(statement))


def test_worker_drain_sends_what_is_due_and_ends(fresh_app: Flask, command: Callable[..., Result]) -> None:
    with fresh_app.app_context():
        message = Message(
            message_id="<1@intake.example.edu>",
            to_address="a@example.org",
            kind="test",
            subject="Hello",
            body_text="Read this.",
            created_at=clock.now(),
            not_before=clock.now(),
        )
        db.session.add(message)
        db.session.commit()
    mailbox = Mailbox()
    with mail_server(mailbox) as url:
        fresh_app.config["SMTP_URL"] = url
        commands.background.arrange(fresh_app)
        done = command("worker", "drain")
    assert (done.exit_code, done.stdout) == (0, "1 sent\n")
    assert mailbox.ids() == ["<1@intake.example.edu>"]
    with fresh_app.app_context():
        assert db.session.scalars(sa.select(Message.state)).all() == [MessageState.SENT]


@pytest.mark.once
@pytest.mark.parametrize(
    ("words", "printed"), [(["permissions"], "P\n"), (["workflow"], "W\n"), (["all"], "P\nW\n"), ([], "P\nW\n")]
)
def test_the_policy_is_described(
    command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, words: list[str], printed: str
) -> None:
    stand_in(monkeypatch, "intake.describe", permissions=lambda: "P\n", workflow=lambda: "W\n")
    done = command("describe-policy", *words)
    assert (done.exit_code, done.stdout) == (0, printed)


def test_the_demonstration_is_loaded_once(
    fresh_app: Flask, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(monkeypatch, "intake.demo", load=an_account)
    done = command("demo", "load")
    assert (done.exit_code, done.stdout) == (0, "1 account\n")
    assert command("demo", "load").exit_code == 1
    assert count(fresh_app, Person) == 1


def test_load_tests_are_filled_with_made_up_data(
    fresh_app: Flask, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, int]] = []

    def generate(**numbers: int) -> str:
        asked.append(numbers)
        return an_account()

    stand_in(monkeypatch, "intake.demo", generate=generate)
    assert command("demo", "generate", "--proposals", "10", "--reviewers", "3", "--seed", "7").exit_code == 0
    assert asked == [{"proposals": 10, "reviewers": 3, "seed": 7}]
    assert count(fresh_app, Person) == 1
    assert command("demo", "generate", "--proposals", "0", "--reviewers", "3").exit_code == 2


@pytest.mark.parametrize(
    "words",
    [
        ("demo", "load"),
        ("demo", "generate", "--proposals", "1", "--reviewers", "1"),
        ("setup", "--demo"),
    ],
)
def test_production_takes_no_demonstration(
    fresh_app: Flask, command: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    stand_in(monkeypatch, "intake.demo", load=an_account, generate=lambda **numbers: an_account())
    fresh_app.config["INTAKE_ENV"] = "production"
    done = command(*words)
    assert (done.exit_code, done.stderr) == (2, "Error: The demonstration is not for production.\n")
    assert count(fresh_app, Person) == 0


def test_assignment_solve_ends_as_it_went_and_needs_no_database(
    command: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_database(*_: object) -> None:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(sa.Engine, "connect", no_database)
    words = ("assignment", "solve", "--in", str(tmp_path), "--out", str(tmp_path / "out.csv"))
    (tmp_path / "proposals.csv").write_text("proposal_id,reviews_needed\nA,1\n")
    (tmp_path / "reviewers.csv").write_text("reviewer_id,max_load,min_load\nx,1,0\n")
    (tmp_path / "scores.csv").write_text("proposal_id,reviewer_id,score\nA,x,0.5\n")
    solved = command(*words)
    assert (solved.exit_code, solved.stdout) == (
        0,
        "1 of 1 reviews, total 0.5, smallest score of a proposal 0.5 (at most 0.5).\n",
    )
    assert (tmp_path / "out.csv").read_text() == "proposal_id,reviewer_id,score\nA,x,0.5\n"
    (tmp_path / "proposals.csv").write_text("proposal_id,reviews_needed\nA,2\n")
    assert command(*words).exit_code == 3
    (tmp_path / "scores.csv").write_text("proposal_id,reviewer_id,score\nA,x,high\n")
    (tmp_path / "out.csv").unlink()
    refused = command(*words)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        "Error: scores.csv, row 2, column score: “high” is not a finite number. Nothing was written.\n"
    )
    assert not (tmp_path / "out.csv").exists()
    assert command(*words, "--objective", "best").exit_code == 2
    assert command("assignment", "solve", "--help").exit_code == 0


@pytest.mark.once
@pytest.mark.parametrize(
    ("line", "alone"),
    [
        ("flask --app wsgi assignment solve --in x --out y", True),
        ("/opt/bin/flask -A wsgi assignment --help", True),
        ("/site-packages/flask/__main__.py --app wsgi assignment solve", True),
        ("flask --app=wsgi --debug assignment solve", True),
        ("flask --app wsgi worker run", False),
        ("flask --app assignment worker run", False),
        ("flask --app wsgi worker assignment", False),
        ("gunicorn wsgi:app assignment", False),
        ("flask", False),
        ("", False),
    ],
)
def test_only_the_engine_on_files_gets_an_application_without_pages(line: str, alone: bool) -> None:
    assert assignment_command.is_asked(line.split()) is alone


@pytest.mark.once
def test_the_application_of_the_engine_has_its_command_and_no_page() -> None:
    app = assignment_command.alone()
    assert list(app.url_map.iter_rules()) == []
    assert "solve" in app.test_cli_runner().invoke(args=["assignment", "--help"]).output
