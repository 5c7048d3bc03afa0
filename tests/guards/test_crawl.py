"""Everybody reads everything they can reach: nothing fails, nothing is written, no link leads nowhere, and a fact that
is hidden from somebody changes none of their pages.

Each person follows the links of their own pages from the start page, and also knocks at every address of every object.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.app import create_app
from intake.engine import writing
from intake.extensions import db
from tests.conftest import Browser, settings, signed_in
from tests.factories.allowed import ENDORSEMENT_LINK, MEETING_LINK, REVIEW_LINK, TEAM_LINK, allow
from tests.factories.world import BEGAN, PEOPLE, TITLES, World, build

LATER = BEGAN + timedelta(days=3)
LINK = re.compile(r"""(?:href|src)=["']([^"'#]+)["']""")
NOT_FOLLOWED = re.compile(r"^(mailto:|https?:|data:|/static/|/bootstrap/|/htmx/)|\.(css|js|svg)(\?|$)")
MOST_PAGES = 420
LINKS_BY_MAIL = [
    *(f"/team/{TEAM_LINK}", f"/endorse/{ENDORSEMENT_LINK}", f"/invited/{REVIEW_LINK}"),
    *("/team/nothing", "/endorse/nothing", "/invited/nothing"),
    *(f"/meeting/{MEETING_LINK}", "/meeting/nothing"),
]
"""What somebody without an account may have been sent."""
AREAS = ["/proposals", "/desk", "/reviews", "/packets", "/administration"]


def links(text: str, base: str) -> Iterator[str]:
    """The addresses that a page links to, on this site."""
    for found in LINK.findall(text):
        address = found.replace("&amp;", "&")
        if NOT_FOLLOWED.search(address):
            continue
        yield base.split("?")[0] + address if address.startswith("?") else address


def kind_of(address: str) -> str:
    """Pages that differ only in numbers of filters, in the question of a form, or in whose profile they are, are of one
    kind; a few of each are enough."""
    path, _, query = address.partition("?")
    path = re.sub(r"/form/(questions|sections)/\w+", r"/form/\1/*", path)
    path = re.sub(r"/people/\d+/(profile|known-as)", r"/people/*/\1", path)
    path = re.sub(r"/stand-ins/\d+", "/stand-ins/*", path)
    path = re.sub(r"/meetings/\d+/items/\d+", "/meetings/*/items/*", path)
    names = sorted(part.split("=")[0] for part in query.split("&") if part)
    return path + "?" + "&".join(names)


def knocks(world: World) -> list[str]:
    """The addresses of every object, whoever may open them, and of one that does not exist."""
    numbers = [*range(1, 11), 999_999]  # the same for every twin, whatever it holds
    made = [f"/search?q={word}" for word in ("optical", "study", "機櫃", "Applicant", "nonsense")]
    for number in numbers:
        made += [f"/proposals/{number}", f"/desk/proposals/{number}", f"/reviews/{number}", f"/packets/{number}"]
    for number in (1, 2, 999_999):
        made += [f"/meetings/{number}{part}" for part in ("", "/paper", "/meeting.ics", "/plan", "/items/1/minutes")]
    for code in ("CALL-A", "CALL-B", "NO-SUCH"):
        made += [f"/desk/calls/{code}/proposals", f"/desk/calls/{code}/proposals.csv", f"/calls/{code}"]
        made += [f"/desk/calls/{code}/proposals?sort=mean", f"/desk/calls/{code}/proposals?q=optical"]
        made += [
            f"/desk/calls/{code}/{part}" for part in ("setup", "form", "places", "setup/rules/new?check=award-cap")
        ]
    return made


def read_all(client: FlaskClient, world: World, *more: str) -> dict[str, tuple[int, str]]:
    """Every page that this person reaches, from ``more`` addresses too: address to status and text."""
    pages: dict[str, tuple[int, str]] = {}
    asked: dict[str, int] = {}
    waiting = ["/", *AREAS, *knocks(world), *more]
    with clock.at(LATER):
        while waiting:
            assert len(pages) < MOST_PAGES, sorted(pages)
            address = waiting.pop(0)
            if address in pages or asked.get(kind_of(address), 0) >= 2:
                continue
            asked[kind_of(address)] = asked.get(kind_of(address), 0) + 1
            reply = client.get(address, buffered=True)
            is_page = reply.mimetype in ("text/html", "text/csv", "application/json")
            pages[address] = reply.status_code, reply.get_data(as_text=True) if is_page else ""
            if reply.mimetype == "text/html" and reply.status_code == 200:
                waiting += links(pages[address][1], address)
    return pages


def standing(place: tuple[Path, str], twin: str = "") -> tuple[Flask, World]:
    """An app of its own with the world (or a twin) in its database."""
    app = create_app(settings(*place))
    app.test_client_class = Browser
    with writing(), app.app_context():
        world = build(twin)
        allow(world)
        db.session.remove()
    return app, world


def client_of(app: Flask, world: World, who: str | None) -> FlaskClient:
    """A client signed in as the person; None is nobody."""
    with writing():
        return signed_in(app, world.people[who]) if who else app.test_client()


@pytest.fixture(scope="module")
def site(migrated_copy: Callable[[], tuple[Path, str]]) -> Iterator[tuple[Flask, World]]:
    """One world for all who only read."""
    app, world = standing(migrated_copy())
    yield app, world
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("who", [*PEOPLE, None], ids=str)
def test_every_page_of_everybody(site: tuple[Flask, World], who: str | None) -> None:
    app, world = site
    client = client_of(app, world, who)
    more = () if who else LINKS_BY_MAIL
    own = [*knocks(world), *more]
    for address, (status, text) in read_all(client, world, *more).items():
        assert status < 500, address
        assert not re.search(r"%\(\w+\)s|\{\{|\{%|Undefined|[^>]None</", text), address
        if address not in own and address not in AREAS:
            assert status in (200, 302), f"a page of {who} links to {address}: {status}"


@pytest.mark.parametrize("who", ["F1", "C1", "R1", "S1", "AD", "N", None], ids=str)
def test_nobodys_reading_writes(site: tuple[Flask, World], who: str | None) -> None:
    app, world = site
    client = client_of(app, world, who)
    written: list[str] = []

    def watch(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)\b", statement, re.IGNORECASE):
            written.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", watch)
    try:
        read_all(client, world, *(() if who else LINKS_BY_MAIL))
    finally:
        sa.event.remove(engine, "before_cursor_execute", watch)
    looks = [each for each in written if re.match(r"\s*INSERT INTO event\b", each)]
    assert [each for each in written if each not in looks] == []
    assert bool(looks) is (who == "S1"), "only a sponsor contact's look at a packet is noted"


HIDDEN_FROM = {
    "score": ["F1", "R2", "S1", "AD"],
    "note": ["F2", "R3"],
    "verdict": ["F1", "R3", "S1", "AD", "C3"],  # C3 is on its team under another address
    "draft": ["C1", "R1", "AD", "N"],
    "q1": ["C1", "R3", "S2", "F1"],
    "p4": ["C3", "F2", "R2"],
}
CHANGING = re.compile(
    r'name="(csrf_token|once)"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="(csrf_token|once)"|X-CSRFToken[^}]*|[0-9a-f]{16,64}'
)


def comparable(pages: dict[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """The pages without what differs at each reading: tokens, one-time keys, hashes."""
    return {address: (status, CHANGING.sub("", text)) for address, (status, text) in pages.items()}


@pytest.mark.once
@pytest.mark.parametrize("fact", list(HIDDEN_FROM))
def test_a_hidden_fact_shows_nowhere(migrated_copy: Callable[[], tuple[Path, str]], fact: str) -> None:
    plain, twin = (everything(migrated_copy(), which, HIDDEN_FROM[fact]) for which in ("", fact))
    for who in HIDDEN_FROM[fact]:
        for address in plain[who].keys() | twin[who].keys():
            assert plain[who].get(address) == twin[who].get(address), f"{who} can tell from {address}"


def everything(place: tuple[Path, str], twin: str, people: list[str]) -> dict[str, dict[str, tuple[int, str]]]:
    """What each of ``people`` reads in a world (or a twin) of its own database."""
    app, world = standing(place, twin)
    clients = {who: client_of(app, world, who) for who in people}
    read = {who: comparable(read_all(client, world)) for who, client in clients.items()}
    with app.app_context():
        db.engine.dispose()
    return read


def test_the_titles_are_told_to_those_who_may(site: tuple[Flask, World]) -> None:
    """The crawl would also pass on empty pages: here the right people do read the facts."""
    app, world = site
    told = {
        who: "".join(text for _, text in read_all(client_of(app, world, who), world).values())
        for who in ("F1", "C1", "R1", "S1")
    }
    assert TITLES["P1"] in told["F1"] and TITLES["P2"] not in told["F1"]
    assert TITLES["P2"] in told["C1"] and TITLES["P5"] not in told["C1"] and TITLES["Q1"] not in told["C1"]
    assert TITLES["P3"] in told["R1"] and TITLES["P2"] not in told["R1"]
    assert TITLES["P7"] in told["S1"] and TITLES["P1"] not in told["S1"]
