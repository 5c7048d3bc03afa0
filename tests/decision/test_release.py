"""Releasing: the letter that was read is the letter that leaves, to exactly those named; a revision needs a time."""

from __future__ import annotations

import html
import re

import sqlalchemy as sa
from flask import Flask

from intake.decision.models import Decision
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import Proposal
from intake.vocabulary import State, Verdict
from tests.factories.office import Office


def page(office: Office) -> tuple[str, str, list[str]]:
    """The print of the letter on the page, the letters' texts, and the addresses on the page."""
    text = office.get("C1", "P6", "/release").get_data(as_text=True)
    seen = re.search(r'name="seen" type="hidden" value="([0-9a-f]{64})"', text)
    assert seen
    letters = [html.unescape(each) for each in re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.S)]
    return seen[1], "\0".join(letters), re.findall(r"&lt;(\S+@\S+)&gt;", text)


def mailed(office: Office, since: int) -> dict[str, str]:
    """Each letter's text by address."""
    asked = sa.select(Message.to_address, Message.body_text).where(Message.id > since)
    return {row.to_address: row.body_text for row in office.ask(lambda: db.session.execute(asked).all())}


def test_the_letter_goes_out_as_it_was_read(app: Flask) -> None:
    office = Office(app)
    seen, letters, addresses = page(office)
    before = office.last_letter()
    assert office.post("C1", "P6", "/release", seen=seen).status_code == 422, "not ticked"
    assert office.post("C1", "P6", "/release", seen="0" * 64, read="y").status_code == 422, "another letter was read"
    assert (office.state("P6"), mailed(office, before)) == (State.DECIDED, {})
    assert office.post("C1", "P6", "/release", seen=seen, read="y").status_code == 302
    out = mailed(office, before)
    assert sorted(out) == sorted(addresses) == ["f1@example.org", "r1@example.org", "r2@example.org"]
    to_team, to_reviewers = letters.split("\0")
    assert out["f1@example.org"].strip() == to_team.strip()
    assert "> Well done." in to_team
    assert "It fits." not in to_team, "the rationale stays with the office"
    assert out["r1@example.org"].strip() == to_reviewers.strip().replace("(name)", "Gus Reader")
    assert "Reader" not in to_team, "the team never reads who reviews"


def test_a_revision_is_due_at_the_time_that_the_letter_names(app: Flask) -> None:
    office = Office(app)
    office.ask(
        lambda: db.session.execute(
            sa.update(Decision).where(Decision.proposal_id == office.w.proposals["P6"]).values(verdict=Verdict.REVISE)
        )
    )
    seen, letters, _ = page(office)
    assert "Please submit it again by" in letters
    before = office.last_letter()
    moved = office.post("C1", "P6", "/release", seen=seen, read="y", until="2099-03-31T17:00")
    assert moved.status_code == 422
    text = html.unescape(moved.get_data(as_text=True))
    assert "The letter below has changed. Read it again, then tick this." in text
    assert "Please submit it again by 31 Mar 2099, 17:00 HKT." in text
    assert mailed(office, before) == {}
    seen = re.search(r'name="seen" type="hidden" value="([0-9a-f]{64})"', text)[1]  # type: ignore[index]
    past = office.post("C1", "P6", "/release", seen=seen, read="y", until="2020-01-01T10:00")
    assert past.status_code == 422
    assert office.post("C1", "P6", "/release", seen=seen, read="y", until="").status_code == 422
    assert office.post("C1", "P6", "/release", seen=seen, read="y", until="2099-03-31T17:00").status_code == 302
    assert office.state("P6") is State.RETURNED
    until = office.ask(lambda: db.session.get_one(Proposal, office.w.proposals["P6"]).returned_until)
    assert until.isoformat() == "2099-03-31T09:00:00+00:00"
    assert "Please submit it again by 31 Mar 2099, 17:00 HKT." in mailed(office, before)["f1@example.org"]


def test_a_reopened_decision_stays_as_history(app: Flask) -> None:
    office = Office(app)
    assert office.post("C1", "P6", "/reopen", reason="").status_code == 422
    assert office.post("C1", "P6", "/reopen", reason="One review was of another text.").status_code == 302
    text = office.get("C1", "P6", "?tab=reviews").get_data(as_text=True)
    assert "One review was of another text." in text
    assert "It fits." in text
    assert office.get("C1", "P6", "/release").status_code == 403
