"""Every route names its action, and an app with one that does not refuses to start."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Blueprint, Flask

from intake.app import create_app
from intake.views import gate
from tests.conftest import settings

pytestmark = pytest.mark.once

PUBLIC_BY_HAND = {"static", "bootstrap.static", "htmx.static", "health.healthz", "health.readyz"}


def test_the_list_of_public_endpoints_is_this_and_no_longer() -> None:
    assert PUBLIC_BY_HAND == gate.PUBLIC_ENDPOINTS


def test_an_unnamed_route_stops_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stray = Blueprint("stray", __name__)
    stray.add_url_rule("/stray", view_func=lambda: "anyone may read this", endpoint="page")
    from intake import views

    monkeypatch.setattr(views, "ROLES", (*views.ROLES, stray))
    with pytest.raises(RuntimeError, match=r"/stray \(stray\.page\) names no action"):
        create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}"))


def test_every_route_names_an_action(shared_app: Flask) -> None:
    unnamed = [
        rule.endpoint
        for rule in shared_app.url_map.iter_rules()
        if rule.endpoint not in PUBLIC_BY_HAND and not hasattr(shared_app.view_functions[rule.endpoint], "names_action")
    ]
    assert not unnamed
