"""What every journey needs: the demonstration behind a server of its own, and people who sign in to it.

The demonstration is loaded once; each module gets a copy, so that what one changes no other sees. Whatever happens in
the browser, an error of a script, of the server or of the browser's console fails the test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import WSGIRequestHandler, make_server

from intake.app import create_app
from intake.demo import loading
from intake.engine import writing
from intake.extensions import db
from scripts import chromium
from tests.conftest import settings
from tests.journeys.people import People

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser, which asks for style sheets: what packs them for the way leaves the
    file to be closed by Python, and Python complains."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.filterwarnings("ignore::ResourceWarning"))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The Chromium of this machine, without anything that calls home."""
    found = chromium.find()
    if found is None:
        pytest.fail(chromium.ADVICE)
    return {"executable_path": found, "args": QUIET}


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, migrated_copy: Callable[[], tuple[Path, str]]) -> Path:
    """A folder with the demonstration, database and files, that nobody changes."""
    folder = tmp_path_factory.mktemp("demonstration")
    _, url = migrated_copy()
    shutil.copyfile(url.removeprefix("sqlite:///"), folder / "intake.db")
    app = create_app(settings(folder, f"sqlite:///{folder / 'intake.db'}"))
    with app.app_context():
        with writing():
            loading.load()
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return folder


class Quiet(WSGIRequestHandler):
    """Says nothing of the requests that it answers."""

    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Iterator[Flask]:
    """The demonstration's copy of this module, served at ``site.config["PUBLIC_URL"]``."""
    folder = tmp_path_factory.mktemp("site") / "data"
    shutil.copytree(demonstration, folder)
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=Quiet)
    address = {"PORT": server.port, "PUBLIC_URL": f"http://127.0.0.1:{server.port}"}
    app = create_app(settings(folder, f"sqlite:///{folder / 'intake.db'}") | address)
    server.app = app
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield app
    server.shutdown()
    thread.join()
    server.server_close()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def people(site: Flask, browser: Browser) -> Iterator[People]:
    """Gives each person a browser window of their own; at the end, tells of every error that one of them met."""
    everybody = People(browser, site.config["PUBLIC_URL"])
    yield everybody
    everybody.leave()
    assert everybody.troubles == []
