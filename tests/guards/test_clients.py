"""The trap of Flask-Login: two clients must be two people, or every permission test passes for nothing."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from tests.factories.world import PEOPLE, World, build


def test_two_clients_see_two_people(app: Flask, client_for: Callable[[int], FlaskClient], client: FlaskClient) -> None:
    with app.app_context():
        world: World = build()
    first, second = client_for(world.people["F1"]), client_for(world.people["F2"])
    for _ in range(2):
        one, other = first.get("/proposals").get_data(as_text=True), second.get("/proposals").get_data(as_text=True)
        assert PEOPLE["F1"][2] in one and PEOPLE["F2"][2] not in one
        assert PEOPLE["F2"][2] in other and PEOPLE["F1"][2] not in other
        assert client.get("/proposals").status_code == 302
