"""Every kind of page that a role can reach: nothing for axe to complain of, no sideways scroll, all of it by keyboard.

Each role starts at its own first pages and follows the links, one page of each kind. The office sees one proposal in
each state, so that the form of each act is among its pages. What everybody reads is looked at once without an account
and once with one.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect

from intake.extensions import db
from intake.proposal.models import Proposal
from tests.journeys.people import People

MOST_PAGES = 45
ROLES = {
    "nobody": "",
    "faculty": "faculty@example.org",
    "faculty with a draft": "yara.placeholder@comp.example.org",
    "coordinator": "coordinator@example.org",
    "reviewer before declaring": "greta.sample@eie.example.org",
    "reviewer with a draft": "dora.example@poly.example.com",
    "lead reviewer": "lead@example.org",
    "sponsor": "sponsor.huawei@example.org",
    "administrator": "admin@example.org",
}
FEWEST_PAGES = {"coordinator": 35, "administrator": 12, "faculty": 12}
PUBLIC = re.compile(r"^/(awards|help|history|privacy|account.*|calls/.*)?$")
NO_PAGE = re.compile(r"/files/\d+$|\.pdf|\.csv|\.json|^/static|^/healthz")
WIDTHS = (1280, 390)
LINKS = """() => [...document.querySelectorAll('a[href]:not([download])')]
  .filter(link => link.origin === location.origin).map(link => link.pathname + link.search)"""
CONTRAST = "() => axe.run({runOnly: ['color-contrast'], resultTypes: ['violations']})"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOCUS_SHOWN = """() => {
  const at = document.activeElement, look = getComputedStyle(at);
  return at !== document.body && (look.outlineStyle !== 'none' || look.boxShadow !== 'none');
}"""


def kind_of(path: str) -> str:
    """What a page is like, whatever it is about: pages of one kind differ only by number, call and query."""
    bare, _, query = path.partition("?")
    tab = re.search(r"tab=\w+", query)
    return re.sub(r"/calls/[^/]+", "/calls/*", re.sub(r"/\d+", "/0", bare)) + (f"?{tab[0]}" if tab else "")


def first_pages(site: Flask, role: str) -> list[str]:
    """Where a role starts; the office also at a proposal in each state."""
    if role != "coordinator":
        return ["/"]
    with site.app_context():
        newest = sa.select(sa.func.max(Proposal.id)).where(Proposal.number.is_not(None)).group_by(Proposal.state)
        return ["/desk", *(f"/desk/proposals/{each}" for each in db.session.scalars(newest))]


def known(path: str, role: str) -> bool:
    """Whether the path is no page, or a page that other roles look at."""
    public = PUBLIC.search(path.partition("?")[0]) and role not in ("nobody", "faculty")
    return bool(NO_PAGE.search(path) or public)


def violations(told: dict[str, Any]) -> list[str]:
    """What axe told, one line for each place."""
    return [f"{each['id']}: {json.dumps(node['target'])}" for each in told["violations"] for node in each["nodes"]]


def wrong_with(page: Page) -> list[str]:
    """What axe finds on the page, and whether it is wider than the window at any width."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        beyond = page.evaluate(TOO_WIDE)
        if beyond > 0:
            found.append(f"{width} px: {beyond} px too wide")
    found += [f"light: {each}" for each in violations(Axe().run(page).response)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in violations(page.evaluate(CONTRAST))]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_for_everybody(people: People, site: Flask, role: str) -> None:
    global SHOTS
    still = {"reduced_motion": "reduce"}  # a colour that is fading has no contrast to measure
    page = people.named(ROLES[role], **still) if ROLES[role] else people.nobody(**still)
    waiting = first_pages(site, role)
    firsts = set(waiting)
    seen: set[str] = set()
    wrong: dict[str, list[str]] = {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = path if path in firsts else kind_of(path)
        if kind in seen:
            continue
        seen.add(kind)
        response = page.goto(path)
        assert response is not None
        assert response.status == 200, f"{path} is linked, and answers {response.status}"
        if found := wrong_with(page):
            wrong[path] = found
        links = page.evaluate(LINKS)
        waiting += [link for link in links if not known(link, role) and kind_of(link) not in seen]
    assert wrong == {}, json.dumps(wrong, indent=1)
    assert len(seen) >= FEWEST_PAGES.get(role, 3), sorted(seen)


def test_the_keyboard_reaches_the_page_the_search_and_every_button(people: People) -> None:
    page = people.named("coordinator@example.org")
    page.goto("/desk")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("/")
    search = page.get_by_role("banner").get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("retail")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("retail")


@pytest.mark.parametrize("path", ["/desk", "/desk/proposals"])
def test_the_focus_shows_wherever_it_goes(people: People, path: str) -> None:
    page = people.named("coordinator@example.org")
    page.goto(path)
    for step in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS_SHOWN), (
            f"step {step}: {page.evaluate('() => document.activeElement.outerHTML')[:200]}"
        )
