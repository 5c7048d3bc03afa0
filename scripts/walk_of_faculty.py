"""What faculty of the demonstration do while the pictures of the guide for faculty are taken."""

from __future__ import annotations

import re

from camera import PHONE, Camera, open_link, panel, press
from playwright.sync_api import Page, expect
from walk_of_office import CODE, ON_WHAT, WORKED

ADA, OTTO = "faculty@example.org", "otto.placeholder@ap.example.org"
COLLEAGUE = ("Dr Chloe Muster", "chloe.muster@comp.example.org", "The Hong Kong Polytechnic University")
NUMBER, RETURNED = "HIRP-2020-0020", "Photonic reservoirs built from ordinary network fibre"
NEW_TITLE = "Compilers that tell why they refuse"
ABSTRACT = (
    "People who write programs meet a refusal of their compiler many times a day, and most of these refusals name a "
    "place and not a reason. We ask which reasons help, and build a compiler that gives them."
)
ADDED = (
    "\n\nWe compare with the digital equaliser of the receiver that is in the machine room now, at equal error rate "
    "and with all power counted."
)
QUESTION = "The letter of support is from last year. May we attach the new one with the revision?"
ANSWER = "Yes, please do: press Replace beside the old one. The reviewers get the new letter only."


def walk(camera: Camera) -> None:
    """Begin a proposal in the call that is open, and revise the one that the office returned."""
    page = camera.window(ADA)
    _begin(camera, page)
    _team(camera, page)
    _check(camera, page)
    _on_a_phone(camera, page)
    revising = camera.window(OTTO)
    _revise(revising)
    _receipt(camera, revising)


def _begin(camera: Camera, page: Page) -> None:
    page.goto(f"/calls/{CODE}")
    press(page, "Start a proposal")
    page.get_by_label("Title", exact=True).press_sequentially(NEW_TITLE)
    page.get_by_label("Abstract").fill(ABSTRACT)
    press(page, "Save")
    camera.take(page, "writing", panel(page, "Rules of the call"), page.locator(".heading"))
    press(page, "Save and next")


def _team(camera: Camera, page: Page) -> None:
    open_link(page, re.compile("^Team"))
    name, email, organisation = COLLEAGUE
    page.get_by_label("Name").fill(name)
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("University or company").fill(organisation)
    page.get_by_label("Co-investigator").check()
    press(page, "Send the invitation")
    camera.take(page, "team", panel(page, "Invite somebody"), page.locator(".heading"))


def _check(camera: Camera, page: Page) -> None:
    open_link(page, re.compile("^Budget"))
    page.get_by_label("Amount asked for").fill("80000")
    page.get_by_label("Duration").fill("12")
    press(page, "Save and next")
    open_link(page, re.compile("^Check and submit"))
    camera.take(page, "check", panel(page, "To be mended"), page.locator(".heading"))


def _on_a_phone(camera: Camera, page: Page) -> None:
    open_link(page, re.compile("^Working together"))
    small = camera.window(ADA, PHONE)
    small.goto(page.url)
    small.get_by_role("group", name=WORKED).get_by_label("Yes").check()
    small.get_by_label(ON_WHAT).fill("Test tools for compilers, with Ms Vera Placeholder's group.")
    press(small, "Save")
    form = small.locator("form[data-autosave]")
    camera.take(small, "phone", form, form)


def _revise(page: Page) -> None:
    page.goto("/proposals")
    open_link(page, RETURNED)
    page.get_by_label("Write to the office").fill(QUESTION)
    press(page, "Send the message")
    open_link(page, NUMBER)
    open_link(page, "Revise it")
    text = page.get_by_label("Description")
    text.fill(text.input_value().replace("digital equaliser", "digital equaliser of the receiver") + ADDED)
    press(page, "Save and next")
    page.get_by_label("Amount asked for").fill("61,000")
    press(page, "Save and next")
    for box in page.get_by_role("main").get_by_role("checkbox").all():
        box.check()
    press(page, "Save and next")
    press(page, "Submit the proposal")


def _receipt(camera: Camera, page: Page) -> None:
    open_link(page, re.compile("^Receipt 2"))
    expect(page.get_by_role("link", name="Download the PDF").first).to_be_visible()
    page.reload()
    camera.take(page, "receipt", panel(page, "Receipt"))
