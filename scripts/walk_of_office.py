"""What a coordinator of the demonstration does while the pictures of the guide for coordinators are taken.

Last year's call is cloned, changed part by part, and opened; then the call that runs is looked at.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from camera import Camera, open_link, panel, press
from playwright.sync_api import Page

OFFICE = "coordinator@example.org"
HIRP_OFFICE = "coordinator.hirp@example.org"
OFFICE_ZONE = ZoneInfo("Asia/Hong_Kong")
CODE, TITLE = "HIRP-2027", "HIRP OPEN 2027"
WORKED = "Have you worked with the sponsor before?"
ON_WHAT = "On what, and with whom?"
GIVEN, OFFERED, KEPT = 6, 1, 2
"""How many proposals get a place, an offer and a rank on the reserve."""


def walk(camera: Camera) -> None:
    """The set-up of a call, which is open then, and the places of another."""
    desk = camera.window(HIRP_OFFICE)
    desk.goto("/desk")
    camera.take(desk, "desk", panel(desk, "HIRP OPEN 2020"))
    page = camera.window(OFFICE)
    _clone(camera, page)
    _dates(camera, page)
    _form(camera, page)
    _setup(camera, page)
    _places(camera, page)


def walk_on(camera: Camera, title: str, answer: str) -> None:
    """After faculty have written: what publishing a form concerns, what a resubmission changed, and a conversation."""
    page = camera.window(OFFICE)
    page.goto(f"/desk/calls/{CODE}/form")
    _add(page, "Who else knows of the idea?", "Short text")
    press(page, "Save")
    open_link(page, "Publish")
    asked = page.locator(".panel").filter(has=page.get_by_role("button", name="Publish", exact=True))
    camera.take(page, "publish", asked, page.locator(".heading"))
    page.goto("/desk/calls/HIRP-2020/proposals")
    open_link(page, title)
    open_link(page, re.compile("^It was submitted again"))
    camera.take(page, "changed", panel(page, "Submission 2"), page.locator(".heading"))
    page.go_back()
    open_link(page, re.compile("^Messages"))
    page.get_by_label("Write to the team").fill(answer)
    press(page, "Send the message")
    camera.take(page, "messages", page.get_by_role("button", name="Send the message"))


def _clone(camera: Camera, page: Page) -> None:
    page.goto("/desk/calls/new")
    open_link(page, "HIRP OPEN 2020")
    page.get_by_label("Code").fill(CODE)
    page.get_by_label("Title").fill(TITLE)
    camera.take(page, "clone", page.get_by_role("button", name="Make the call"))
    press(page, "Make the call")


def _dates(camera: Camera, page: Page) -> None:
    open_link(page, "Dates")
    for label, days in {
        "Opens": 0,
        "Notice of intent due": 14,
        "Closes": 40,
        "Office check-by": 50,
        "Sponsor's deadline": 61,
        "Reviews due": 75,
        "Answer expected": 96,
    }.items():
        page.get_by_label(re.compile(f"^{label}")).fill(_in_days(days))
        page.get_by_label(f"Zone ({label})").select_option("Asia/Hong_Kong")
    page.get_by_label(re.compile("^Sponsor's deadline")).fill(_in_days(61, hour=23, minute=59))
    page.get_by_label("Grace in minutes").fill("15")
    press(page, "Save")
    camera.take(page, "dates", panel(page, "As it stands"), page.locator(".heading"))


def _in_days(days: int, hour: int = 17, minute: int = 0) -> str:
    """What is typed for that hour of the office so many days from now; no days: a moment ago."""
    when = datetime.now(OFFICE_ZONE) + timedelta(days=days)  # noqa: TID251 - what the browser's people type
    when = when.replace(hour=hour, minute=minute) if days else when - timedelta(minutes=2)
    return f"{when:%Y-%m-%dT%H:%M}"


def _form(camera: Camera, page: Page) -> None:
    page.goto(f"/desk/calls/{CODE}/form")
    page.get_by_label("Name of the section").fill("Working together")
    press(page, "Add the section")
    for _ in range(4):
        press(page, "Section up: Working together")
    _add(page, WORKED, "Yes or no")
    page.get_by_label("It must be answered before submitting").check()
    press(page, "Save")
    _add(page, ON_WHAT, "Long text")
    page.get_by_label("At most").fill("60")
    page.get_by_role("radio", name="words").check()
    page.get_by_label("The office and the reviewers").check()
    page.get_by_label("A condition on the answer to").select_option(label=WORKED)
    press(page, "Add a condition")
    page.get_by_label(f"“{WORKED}”").select_option(label="is")
    page.get_by_label("compared with", exact=True).select_option(label="yes")
    camera.take(page, "question", panel(page, "When it is asked"), panel(page, "Limits"))
    press(page, "Save")
    camera.take(page, "form", panel(page, "Working together"), panel(page, "Theme and keywords"))
    open_link(page, "Publish")
    press(page, "Publish")


def _add(page: Page, label: str, kind: str) -> None:
    page.get_by_role("link", name="Add a question to Working together", exact=True).click()
    page.get_by_label("The question", exact=True).fill(label)
    kinds = page.get_by_role("group", name="What kind of answer")
    kinds.locator("label").filter(has_text=re.compile(rf"^{kind}\b")).click()
    press(page, "Add it")


def _setup(camera: Camera, page: Page) -> None:
    page.goto(f"/desk/calls/{CODE}/setup")
    camera.take(page, "set-up", page.get_by_role("table", name="Parts of the set-up"))
    press(page, "Open the call")


def _places(camera: Camera, page: Page) -> None:
    page.goto("/desk/calls/HIRP-2020/places")
    page.get_by_role("textbox", name="Places").fill(str(GIVEN + OFFERED))
    press(page, "Save")
    for words, times in (("Give a place", GIVEN), ("Offer a place", OFFERED), ("Put on the reserve", KEPT)):
        for _ in range(times):
            page.get_by_role("button", name=re.compile(f"^{words}")).first.click()
            page.wait_for_load_state()
    rows = page.get_by_role("table", name="Proposals and their places").get_by_role("row")
    camera.take(page, "places", rows.nth(GIVEN + OFFERED + KEPT + 1), page.locator(".heading"))
