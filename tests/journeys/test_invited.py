"""Reviewers are asked first: one declines by the link of the letter, the alternate is asked by itself and accepts."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect

from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import Proposal
from tests.journeys.acts import main_text, open_link, press, reads
from tests.journeys.people import People

OFFICE = "coordinator@example.org"
TITLE = "Signing avatars that deaf viewers can follow"
LEAD, SECOND, ALTERNATE = "Dr Cem Placeholder", "Dr Kit Sample", "Prof. Ines Muster"
LEADS_MAIL, ALTERNATES_MAIL = "cem.placeholder@muster.example.com", "lead@example.org"


def number_of(site: Flask) -> int:
    """The proposal of this journey: matched, and waiting to be forwarded."""
    with site.app_context():
        return db.session.scalars(sa.select(Proposal.id).where(Proposal.title == TITLE)).one()


def newest_link(site: Flask, address: str) -> str:
    """The link of the newest letter to an address."""
    with site.app_context():
        text = db.session.scalars(
            sa.select(Message.body_text).where(Message.to_address == address).order_by(Message.id.desc())
        ).first()
    found = re.search(r"http://[^\s/]+(/invited/\S+)", text or "")
    assert found
    return found[1]


def test_a_reviewer_declines_by_link_and_the_alternate_accepts(site: Flask, people: People) -> None:
    number, office = number_of(site), people.named(OFFICE)
    office.goto(f"/desk/proposals/{number}/alternates")
    option = office.get_by_label("Reviewer").locator("option", has_text=ALTERNATE)
    office.get_by_label("Reviewer").select_option(value=option.get_attribute("value"))
    press(office, "Put at the end")
    reads(office, ALTERNATE)

    office.goto(f"/desk/proposals/{number}/forward")
    for name in (LEAD, SECOND):
        office.get_by_role("checkbox", name=name).check()
    office.get_by_role("radio", name=f"{LEAD} leads").check()
    expect(office.get_by_label("Ask first whether they will")).to_be_checked()
    press(office, "Forward it")
    reads(office, "2 have not answered yet.")

    stranger = people.nobody()
    stranger.goto(newest_link(site, LEADS_MAIL))
    reads(stranger, TITLE, "Abstract", "You lead the panel")
    assert "Statement of work" not in main_text(stranger)
    stranger.get_by_text("I cannot review it").click()
    stranger.get_by_label("Too busy").check()
    stranger.get_by_label("A word to the office").fill("Two theses to read this month.")
    press(stranger, "Decline")
    reads(stranger, "You declined this invitation", "too busy")
    assert TITLE not in main_text(stranger)

    office.goto(f"/desk/proposals/{number}?tab=reviews")
    reads(office, "Two theses to read this month.", ALTERNATE, "2 asked, 0 accepted, 1 said no")

    reviewer = people.named(ALTERNATES_MAIL)
    reviewer.goto("/reviews")
    reads(reviewer, "Will you review it?")
    open_link(reviewer, TITLE)
    press(reviewer, "Accept: I have no conflict of interest")
    reads(reviewer, "Thank you. You review it", "Your review")
    expect(reviewer.get_by_role("button", name="Submit", exact=True)).to_be_visible()
    office.reload()
    reads(office, "2 asked, 1 accepted, 1 said no")
