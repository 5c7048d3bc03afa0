"""Settings: each is described, one module reads them, and unusable ones stop the start with a sentence."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

import config
from config import SETTINGS, BadConfiguration, from_environment

pytestmark = pytest.mark.once

HOME = Path(__file__).resolve().parent.parent
GOOD = {
    "INTAKE_ENV": "production",
    "SECRET_KEY": "k" * 32,
    "PUBLIC_URL": "https://intake.example.edu",
}


def documented() -> list[str]:
    """The names in the table of settings, in order."""
    text = (HOME / "docs" / "configuration.md").read_text()
    return re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)


def test_each_setting_is_described_and_nothing_else_is() -> None:
    assert documented() == list(SETTINGS)


def asked_of_environment(source: str) -> set[str]:
    """The names that ``env.get("...")`` asks for in the source of config.py."""
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get"
        and isinstance(node.args[0], ast.Constant)
    }


def test_each_setting_that_is_read_is_listed() -> None:
    assert asked_of_environment(Path(config.__file__).read_text()) == set(SETTINGS)


def reads_environment(source: str) -> list[int]:
    """The lines on which a module reads the environment, however it came by it."""
    names = {"environ", "environb", "getenv", "getenvb", "putenv"}
    lines = []
    for node in ast.walk(ast.parse(source)):
        reads = isinstance(node, ast.Attribute) and node.attr in names
        imports = (
            isinstance(node, ast.ImportFrom) and node.module == "os" and names & {each.name for each in node.names}
        )
        if reads or imports:
            lines.append(node.lineno)
    return lines


def test_the_guard_sees_each_way_to_read_the_environment() -> None:
    for source in ("import os\nos.environ['A']", "import os as o\no.getenv('A')", "\nfrom os import environ"):
        assert reads_environment(source) == [2]
    assert reads_environment("environ = {}\nenviron['A']") == []


def test_nothing_else_reads_the_environment() -> None:
    modules = [*(HOME / "intake").rglob("*.py"), HOME / "wsgi.py"]
    assert len(modules) > 50
    found = {str(path.relative_to(HOME)): lines for path in modules if (lines := reads_environment(path.read_text()))}
    assert not found, "make it a setting in config.py and describe it in docs/configuration.md"


def test_a_first_start_needs_no_setting() -> None:
    made = from_environment({})
    assert made["INTAKE_ENV"] == "development"
    assert made["PUBLIC_URL"] == "http://127.0.0.1:8000"
    assert made["SQLALCHEMY_DATABASE_URI"].startswith("sqlite:///")
    assert (made["STORAGE_URL"], made["QUEUE_URL"], made["SMTP_URL"]) == (None, None, None)
    assert len(made["SECRET_KEY"]) >= 32
    assert made["SECRET_KEY"] != from_environment({})["SECRET_KEY"]


def test_production_starts_with_a_key_and_an_address() -> None:
    made = from_environment(GOOD)
    assert (made["SECRET_KEY"], made["PUBLIC_URL"]) == (GOOD["SECRET_KEY"], GOOD["PUBLIC_URL"])
    assert made["MAIL_FROM"] == "intake@intake.example.edu"
    assert made["SESSION_COOKIE_SECURE"] is True
    assert made["DEMO"] is False


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "k" * 31}, "SECRET_KEY"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "intake.example.edu"}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "https://intake.example.edu?x=1"}, "PUBLIC_URL"),
        ({"INTAKE_ENV": "staging"}, "INTAKE_ENV"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"TRUST_PROXY": "-1"}, "TRUST_PROXY"),
        ({"DATABASE_URL": "mysql://u:hunter2@127.0.0.1/x"}, "DATABASE_URL"),
    ],
)
def test_production_refuses_to_start(change: dict[str, str], named: str) -> None:
    with pytest.raises(BadConfiguration, match=named) as refused:
        from_environment({**GOOD, **change})
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("postgres://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql+psycopg://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
    ],
)
def test_each_spelling_of_a_database_is_understood(given: str, meant: str) -> None:
    made: dict[str, Any] = from_environment({"DATABASE_URL": given})
    assert made["SQLALCHEMY_DATABASE_URI"] == meant


def test_an_empty_setting_is_one_that_is_not_set() -> None:
    empty = from_environment(dict.fromkeys(SETTINGS, ""))
    bare = from_environment({})
    assert {**empty, "SECRET_KEY": ""} == {**bare, "SECRET_KEY": ""}
