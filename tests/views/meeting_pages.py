"""A meeting of the world in the tests of its pages, and how they are read and posted to at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from werkzeug.test import TestResponse

from intake import clock
from tests.factories.meetings import NOON, about, arranged, fresh
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import BEGAN

DAY_BEFORE = BEGAN + timedelta(days=2)
HOUR_AFTER = NOON + timedelta(hours=1)


def made(office: Office, how: Any = arranged) -> int:
    with clock.at(BEGAN):
        number: int = office.ask(lambda: how(office.w))
    return number


def get(office: Office, who: str, path: str, at: Any = DAY_BEFORE) -> TestResponse:
    with clock.at(at):
        return office.browser(who).get(path)


def post(office: Office, who: str, path: str, at: Any = DAY_BEFORE, /, **data: Any) -> TestResponse:
    with clock.at(at):
        return office.browser(who).post(path, data=data)


def text(office: Office, who: str, path: str, at: Any = DAY_BEFORE) -> str:
    reply = get(office, who, path, at)
    assert reply.status_code == 200, reply.status_code
    return words(reply.get_data(as_text=True))


def item(office: Office, number: int, name: str) -> int:
    found: int = office.ask(lambda: about(fresh(number), office.w, name).id)
    return found
