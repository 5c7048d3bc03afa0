"""The fixtures of every test.

Each worker migrates one database of its engine. Each test runs in one transaction of it that is rolled back, while the
product commits to savepoints, so that tests are quick and see no trace of each other. ``client_for`` opens no outer
application context: Flask-Login keeps the current user on ``g``, and a context held open would make a second client
act as the first.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

from intake.app import create_app
from intake.engine import mean_to_write
from intake.extensions import db
from intake.notification import letters
from intake.people import sign_in
from intake.people.models import Person
from tests import engines

ENGINE = os.environ.get("INTAKE_TEST_ENGINE", "sqlite")
ORIGIN = "http://127.0.0.1:8000"
db.session.session_factory.configure(join_transaction_mode="create_savepoint")


def pytest_configure(config: pytest.Config) -> None:
    """Start the one PostgreSQL server that all workers share, where this run is on it."""
    if ENGINE == "postgresql" and not hasattr(config, "workerinput"):
        engines.start_shared_postgres()


class Browser(FlaskClient):
    """A test client that sends what a browser would: the Origin of our own pages, and the token on every unsafe
    method."""

    token = "t" * 40

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request. ``honest=False`` leaves Origin and token to the caller."""
        honest = kwargs.pop("honest", True)
        if honest and kwargs.get("method", "GET") not in ("GET", "HEAD", "OPTIONS"):
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("Origin", ORIGIN)
            headers.setdefault("X-CSRFToken", self._signed())
            kwargs["headers"] = headers
        return super().open(*args, **kwargs)

    def _signed(self) -> str:
        from itsdangerous import URLSafeTimedSerializer

        with self.session_transaction() as cookie:
            cookie["csrf_token"] = self.token
        key = self.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(self.token))


def settings(folder: Path, url: str) -> dict[str, Any]:
    """The settings of an app under test."""
    return {
        "TESTING": True,
        "PROPAGATE_EXCEPTIONS": False,
        "SECRET_KEY": "a key for tests only, of no worth anywhere",
        "DATA_DIR": folder,
        "SQLALCHEMY_DATABASE_URI": url,
        "LOG_LEVEL": "critical",
        "PUBLIC_URL": ORIGIN,
        "ARGON2_COST": (1, 8, 1),
    }


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., str]]:
    """Gives the URL of an empty database of this run's engine, each time another one."""
    made: list[str] = []

    def new(template: str | None = None) -> str:
        name = f"t{os.getpid()}_{len(made)}"
        if ENGINE == "postgresql":
            url = engines.create_database(os.environ[engines.SHARED_URL], name, template)
        else:
            url = f"sqlite:///{tmp_path_factory.mktemp('db') / name}.db"
        made.append(url)
        return url

    yield new
    if ENGINE == "postgresql":
        for url in made:
            engines.drop_database(os.environ[engines.SHARED_URL], sa.make_url(url).database)


def migrated(folder: Path, url: str) -> Flask:
    """An app with a migrated database."""
    made = create_app(settings(folder, url))
    made.test_client_class = Browser
    with made.app_context():
        upgrade()
    return made


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory, new_database: Callable[..., str]) -> Iterator[Flask]:
    """The app that most tests of a worker use."""
    made = migrated(tmp_path_factory.mktemp("data"), new_database())
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated_copy(
    tmp_path_factory: pytest.TempPathFactory, new_database: Callable[..., str]
) -> Callable[[], tuple[Path, str]]:
    """Gives a folder and the URL of a migrated database of its own, copied from one that was migrated once."""
    original = new_database()
    made = migrated(tmp_path_factory.mktemp("original"), original)
    with made.app_context():
        db.engine.dispose()

    def copy() -> tuple[Path, str]:
        folder = tmp_path_factory.mktemp("copy")
        if ENGINE == "postgresql":
            return folder, new_database(template=sa.make_url(original).database)
        url = f"sqlite:///{folder / 'copy.db'}"
        shutil.copyfile(original.removeprefix("sqlite:///"), folder / "copy.db")
        return folder, url

    return copy


@pytest.fixture
def fresh_app(migrated_copy: Callable[[], tuple[Path, str]]) -> Iterator[Flask]:
    """An app with a database of its own that really commits, for tests of races and of several processes."""
    made = create_app(settings(*migrated_copy()))
    made.test_client_class = Browser
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def app(shared_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The shared app inside one transaction that is undone after the test."""
    monkeypatch.setattr(letters.desk, "public_url", ORIGIN)  # another app of this process may have set its own
    mean_to_write(True)
    with shared_app.app_context():
        real = db.engine
        connection = real.connect()
        transaction = connection.begin()
        db.engines[None] = connection  # type: ignore[assignment]
    yield shared_app
    with shared_app.app_context():
        db.session.remove()
        db.engines[None] = real
    transaction.rollback()
    connection.close()
    mean_to_write(False)


@pytest.fixture
def room(app: Flask) -> Iterator[Flask]:
    """An application context for tests that call rooms directly and make no request."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Somebody who is not signed in."""
    return app.test_client()


@pytest.fixture
def client_for(app: Flask) -> Callable[[Person | int], FlaskClient]:
    """Gives a client that is signed in as a person (or the person with that id)."""
    return lambda person: signed_in(app, person)


def signed_in(app: Flask, person: Person | int) -> FlaskClient:
    """A client of ``app`` that is signed in as the person."""
    number = person if isinstance(person, int) else sa.inspect(person).identity[0]
    with app.app_context():
        token = sign_in.begin(db.session.get_one(Person, number))
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client
