"""What a coordinator of the demonstration does while the pictures of the guide to matching are taken."""

from __future__ import annotations

import re

from camera import Camera, open_link, panel, press
from playwright.sync_api import expect
from walk_of_office import OFFICE

TITLE = "Door-to-door journeys that a wheelchair user can rely on"
SHOWN = 4
"""So many rows of the board are in the picture: those with a step."""
TRIAL = "MATCH-1"
PROPOSALS, REVIEWERS = 24, 12
"""How many the trial call has."""


def walk(camera: Camera) -> None:
    """Look at the board of a proposal and at one of its scores; then propose an assignment for a trial call."""
    page = camera.window(OFFICE)
    page.goto("/desk/calls/AIR-2021/proposals")
    open_link(page, TITLE)
    open_link(page, "Match board")
    open_link(page, "Reviewers")
    rows = page.get_by_role("table", name="Suggestions").get_by_role("row")
    camera.take(page, "board", rows.nth(SHOWN), page.locator(".heading"))
    open_link(page, re.compile(r"^Why\?"))
    why = page.locator("#why")
    camera.take(page, "why", why, why)
    page.goto(f"/desk/calls/{TRIAL}/batches/new")
    page.get_by_label("Name of the batch").fill("First round")
    press(page, "Propose")
    choices = panel(page, "Total or fair: the choices")
    expect(choices).to_be_visible()
    camera.take(page, "batch", choices, page.locator(".heading"))
