"""Every kind of page that a role can reach: nothing for axe to complain of, no sideways scroll, all of it by keyboard.

Each role starts at its own first pages and follows the links, one page of each kind. The office sees one proposal in
each state, so that the form of each act is among its pages. What everybody reads is looked at once without an account
and once with one.
"""

from __future__ import annotations

import json
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from intake.extensions import db
from intake.proposal.models import Proposal
from tests.journeys.looking import STILL, look_round
from tests.journeys.people import People

MOST_PAGES = 80
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
FEWEST_PAGES = {"coordinator": 40, "administrator": 14, "faculty": 12}
PUBLIC = re.compile(r"^/(awards|help|history|privacy|account.*|calls/.*)?$")
SETTING_UP = re.compile(r"^/desk/calls/[^/]+/(?!proposals)")
"""These pages have more to show than in the demonstration where ``test_seldom_pages`` looks at them."""
FOCUS_SHOWN = """() => {
  const at = document.activeElement, look = getComputedStyle(at);
  return at !== document.body && (look.outlineStyle !== 'none' || look.boxShadow !== 'none');
}"""


def first_pages(site: Flask, role: str) -> list[str]:
    """Where a role starts; the office also at a proposal in each state."""
    if role != "coordinator":
        return ["/"]
    with site.app_context():
        newest = sa.select(sa.func.max(Proposal.id)).where(Proposal.number.is_not(None)).group_by(Proposal.state)
        return ["/desk", *(f"/desk/proposals/{each}" for each in db.session.scalars(newest))]


def known(path: str, role: str) -> bool:
    """Whether the path is a page that is looked at elsewhere."""
    bare = path.partition("?")[0]
    public = PUBLIC.search(bare) and role not in ("nobody", "faculty")
    return bool(public or SETTING_UP.search(bare))


@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_a_role_is_for_everybody(people: People, site: Flask, role: str) -> None:
    page = people.named(ROLES[role], **STILL) if ROLES[role] else people.nobody(**STILL)
    seen, wrong = look_round(page, first_pages(site, role), lambda path: not known(path, role), MOST_PAGES)
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
