"""Assigning forty proposals to twelve reviewers in a browser: a pair forced and one forbidden with their cost read,
applied, one reviewer withdraws, solved again with no other change, reverted."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page, expect

from intake.demo import generate_matched
from intake.demo.crowd import COORDINATOR
from intake.engine import writing
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.review.models import Assignment, Batch, PlannedPair
from intake.vocabulary import ReviewerAnswer, State
from tests.journeys.looking import STILL, wrong_with
from tests.journeys.people import People, password_of

HOME = "/desk/calls/MATCH-1/batches"
COST = re.compile(r"It (costs|gains) (nothing|[\d.]+ points) of the total; \d+ pairs? comes?, \d+ go(es)?\.")


def made(site: Flask) -> None:
    """The call of the trial, beside the demonstration."""
    with writing(), site.app_context():
        generate_matched(proposals=40, reviewers=12, seed=1)
        db.session.commit()


def pairs_of(site: Flask, batch_id: int) -> set[tuple[int, int]]:
    """The pairs of a batch."""
    with site.app_context():
        asked = sa.select(PlannedPair.proposal_id, PlannedPair.reviewer_id).where(PlannedPair.batch_id == batch_id)
        return {(row[0], row[1]) for row in db.session.execute(asked)}


def standing(site: Flask) -> set[tuple[int, int]]:
    """The standing assignments that came with a batch."""
    with site.app_context():
        asked = sa.select(Assignment.proposal_id, Assignment.reviewer_id).where(
            Assignment.batch_id.is_not(None), Assignment.removed_at.is_(None)
        )
        return {(row[0], row[1]) for row in db.session.execute(asked)}


def states(site: Flask) -> set[State]:
    """The states of the trial's proposals."""
    with site.app_context():
        return set(db.session.scalars(sa.select(Proposal.state).where(Proposal.number.startswith("MATCH-1-"))))


def number_of(page: Page) -> int:
    """The batch whose page is open."""
    page.wait_for_url(re.compile(r"/batches/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


def looked_at(page: Page) -> None:
    """The page is wide enough for a phone, and axe has nothing against it."""
    assert wrong_with(page) == []


def propose(page: Page) -> int:
    """Propose an assignment of all forty to the twelve of the trial."""
    page.goto(HOME)
    expect(page.get_by_text("40 proposals wait for reviewers.")).to_be_visible()
    page.get_by_role("link", name="Propose an assignment").click()
    page.get_by_text(re.compile(r"reviewers are chosen: leave some out")).click()
    for box in page.get_by_role("group", name="Reviewers").get_by_role("checkbox").all():
        if not re.search(r"Reader-\d\d", box.locator("xpath=..").inner_text()):
            box.uncheck()
    looked_at(page)
    page.get_by_role("button", name="Propose", exact=True).click()
    return number_of(page)


def adjust(page: Page, batch_id: int, link: str, row: int) -> None:
    """Follow a link of the first proposal's page, read the cost, and keep it."""
    page.goto(f"{HOME}/{batch_id}")
    page.locator("#proposals a.title").first.click()
    looked_at(page)
    page.locator("#others").get_by_role("link", name=re.compile(f"^{link}")).nth(row).click()
    expect(page.get_by_text(COST)).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Kept. You can undo it.")).to_be_visible()


def withdraws(site: Flask, people: People, batch_id: int) -> tuple[int, int]:
    """One reviewer of the batch answers that they will not; the pair."""
    pair = sorted(pairs_of(site, batch_id))[0]
    with site.app_context():
        email = db.session.get_one(Person, pair[1]).email
    page = people.nobody(**STILL)
    page.goto(f"/reviews/{pair[0]}")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password_of(COORDINATOR))
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile(rf"/reviews/{pair[0]}"))
    page.get_by_text("I cannot review it").click()
    page.locator("details[open]").get_by_role("radio").first.check()
    page.get_by_role("button", name="Decline", exact=True).click()
    page.wait_for_load_state()
    return pair


def test_forty_proposals_are_assigned_adjusted_applied_solved_again_and_reverted(site: Flask, people: People) -> None:
    made(site)
    page = people.named(COORDINATOR, **STILL)
    first = propose(page)
    assert len(pairs_of(site, first)) == 80
    expect(page.get_by_text("40 proposals, 80 of 80 reviews")).to_be_visible()
    expect(page.locator("#choices tbody tr")).to_have_count(5)
    looked_at(page)

    before = pairs_of(site, first)
    adjust(page, first, "Force", 0)
    forced = pairs_of(site, first) - before
    assert forced
    between = pairs_of(site, first)
    page.goto(f"{HOME}/{first}")
    page.locator("#proposals a.title").nth(1).click()
    page.locator("#reviewers").get_by_role("link", name=re.compile("^Forbid")).first.click()
    expect(page.get_by_text(COST)).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    assert between - pairs_of(site, first)
    page.goto(f"{HOME}/{first}")
    expect(page.locator("#changes")).to_contain_text("Forced: ")
    expect(page.locator("#changes")).to_contain_text("Forbidden: ")

    page.get_by_role("link", name="Preview and apply").click()
    expect(page.get_by_text("40 proposals are forwarded")).to_be_visible()
    looked_at(page)
    assert standing(site) == set()
    page.get_by_label("I have read who is asked and the letters").check()
    page.get_by_role("button", name="Apply it").click()
    expect(page.get_by_text("Applied: 80 reviewers are asked.")).to_be_visible()
    assert standing(site) == pairs_of(site, first)
    assert states(site) == {State.IN_REVIEW}

    gone = withdraws(site, people, first)
    with site.app_context():
        asked = sa.select(Assignment.answer).where(
            Assignment.proposal_id == gone[0], Assignment.reviewer_id == gone[1], Assignment.batch_id == first
        )
        assert db.session.scalar(asked) is ReviewerAnswer.DECLINED
    page.goto(f"{HOME}/{first}")
    page.get_by_role("link", name="Solve again from this batch").click()
    page.get_by_role("button", name="Solve", exact=True).click()
    second = number_of(page)
    assert pairs_of(site, first) - pairs_of(site, second) == {gone}
    came = pairs_of(site, second) - pairs_of(site, first)
    assert [proposal for proposal, _ in came] == [gone[0]]

    page.goto(f"{HOME}/{first}")
    page.get_by_role("link", name="Revert this batch").click()
    expect(page.get_by_text("79 assignments end, 0 stay, 40 proposals go back to matched.")).to_be_visible()
    looked_at(page)
    page.get_by_label("Reason").fill("The dates changed.")
    page.get_by_role("button", name="Revert it").click()
    expect(page.get_by_text("Reverted: 79 assignments ended.")).to_be_visible()
    assert standing(site) == set()
    assert states(site) == {State.MATCHED}
    with site.app_context():
        assert db.session.get_one(Batch, first).reverted_reason == "The dates changed."


def test_a_list_is_uploaded_and_reported_on(site: Flask, people: People) -> None:
    page = people.named(COORDINATOR, **STILL)
    page.goto(f"{HOME}/upload")
    looked_at(page)
    text = "number,reviewer,lead\nMATCH-1-0001,judge.match-1.0001@example.org,yes\nMATCH-1-0001,x@example.org,\n"
    page.get_by_label("Or paste it here").fill(text)
    page.get_by_role("button", name="Check the list").click()
    expect(page.get_by_text("No active reviewer has this address.")).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Make a batch of the 1 good row").click()
    assert len(pairs_of(site, number_of(page))) == 1
