"""Many savers of one section at once, in real transactions: nobody's words go unseen, and nothing is made twice."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.engine import writing
from intake.extensions import db
from intake.proposal.models import Proposal, Receipt
from intake.vocabulary import Relation
from tests.conftest import signed_in
from tests.factories.forms import give_form
from tests.factories.people import call_with, draft, faculty_member, load_catalogue, whole
from tests.factories.team import accepted
from tests.people.test_races import at_once

CROWD = 12


class Crowd:
    """A draft in a call with a form of its own, and twelve browsers: six of Ada's, six of Ben's."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), writing():
            load_catalogue()
            ada, ben = faculty_member(), faculty_member("Ben Partner")
            give_form(call_with("HIRP-2020"))
            proposal = draft(call_with("HIRP-2020"), ada)
            accepted(proposal, ben, Relation.CO_INVESTIGATOR)
            self.number, people = proposal.id, (ada.id, ben.id)
            db.session.commit()
        self.browsers = [signed_in(app, people[at % 2]) for at in range(CROWD)]
        self.page = f"/proposals/{self.number}/edit"

    def tokens(self, part: str) -> dict[str, str]:
        """What the hidden inputs of the section's page hold."""
        html = self.browsers[0].get(f"{self.page}/{part}").text
        return {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("seen", "version")}  # type: ignore[index]

    def now(self) -> Proposal:
        """The proposal as it is in the database."""
        with self.app.app_context():
            found = whole(self.number)
            db.session.expunge_all()
            return found


@pytest.fixture
def crowd(fresh_app: Flask) -> Crowd:
    return Crowd(fresh_app)


@pytest.mark.parametrize("headers", [{}, {"X-Autosave": "1"}], ids=["button", "by itself"])
def test_of_twelve_saves_of_one_section_one_counts_and_eleven_are_told(crowd: Crowd, headers: dict[str, str]) -> None:
    tokens = crowd.tokens("idea")
    before = crowd.now().version

    def save(at: int) -> Callable[[], int]:
        sent = {**tokens, "title": f"Title number {at}", "note": f"Note {at}"}
        return lambda: crowd.browsers[at].post(f"{crowd.page}/idea", data=sent, headers=headers).status_code

    answers = at_once(*(save(at) for at in range(CROWD)))
    assert sorted(answers) == sorted([200 if headers else 302] + [409] * (CROWD - 1))
    winner, now = answers.index(200 if headers else 302), crowd.now()
    assert (now.title, now.answers["note"]) == (f"Title number {winner}", f"Note {winner}")
    assert now.version == before + 1


def test_what_cannot_be_kept_does_not_hand_over_the_version_of_somebody_elses_save(crowd: Crowd) -> None:
    """A page takes the version that it is told for its next save, which would then pass for newer than it is."""
    mine, by_itself = crowd.tokens("idea"), {"X-Autosave": "1"}
    theirs = {**mine, "title": "Of Ben"}
    assert crowd.browsers[1].post(f"{crowd.page}/idea", data=theirs, headers=by_itself).status_code == 200
    too_long = {**mine, "title": "y" * 5_000}
    late = crowd.browsers[0].post(f"{crowd.page}/idea", data=too_long, headers=by_itself)
    assert (late.status_code, late.get_json()["stale"]) == (409, True)
    assert crowd.now().title == "Of Ben"


def test_what_cannot_be_kept_says_so_and_the_page_goes_on(crowd: Crowd) -> None:
    mine, by_itself = crowd.tokens("idea"), {"X-Autosave": "1"}
    told = crowd.browsers[0].post(f"{crowd.page}/idea", data={**mine, "title": "y" * 5_000}, headers=by_itself)
    assert (told.status_code, set(told.get_json()["errors"])) == (200, {"title"})
    again = {name: told.get_json()[name] for name in ("seen", "version")}
    saved = crowd.browsers[0].post(f"{crowd.page}/idea", data={**again, "title": "Of Ada"}, headers=by_itself)
    assert (saved.status_code, crowd.now().title) == (200, "Of Ada")


def test_saves_of_different_sections_at_once_all_count(crowd: Crowd) -> None:
    idea, money = crowd.tokens("idea"), crowd.tokens("money")
    answers = at_once(
        lambda: crowd.browsers[0].post(f"{crowd.page}/idea", data={**idea, "title": "Of Ada"}).status_code,
        lambda: crowd.browsers[1].post(f"{crowd.page}/money", data={**money, "begins": "2027-03-01"}).status_code,
    )
    assert answers == [302, 302]
    assert (crowd.now().title, crowd.now().answers["begins"]) == ("Of Ada", "2027-03-01")


def test_twelve_who_save_the_same_words_lose_nothing(crowd: Crowd) -> None:
    sent = {**crowd.tokens("idea"), "title": "The same for all"}

    def save(at: int) -> Callable[[], int]:
        return lambda: crowd.browsers[at].post(f"{crowd.page}/idea", data=sent, headers={"X-Autosave": "1"}).status_code

    answers = at_once(*(save(at) for at in range(CROWD)))
    assert set(answers) <= {200, 409}
    assert 200 in answers
    assert crowd.now().title == "The same for all"


def test_one_form_posted_twelve_times_starts_one_proposal(crowd: Crowd) -> None:
    browser = crowd.browsers[0]
    with crowd.app.app_context():
        before = db.session.scalar(sa.select(sa.func.count(Proposal.id)))
    places = at_once(*[lambda: str(_start(browser, "one-key"))] * CROWD)  # type: ignore[list-item]
    with crowd.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Proposal.id))) == (before or 0) + 1
    assert len(set(places)) == 1


def _start(browser: Any, once: str) -> str:
    return str(browser.post("/calls/HIRP-2020/start", data={"once": once}).location)


def test_one_submission_posted_twelve_times_is_received_once(crowd: Crowd) -> None:
    with crowd.app.app_context(), writing():
        for rule in call_with("HIRP-2020").rules:
            db.session.delete(rule)
        db.session.commit()
    ada = crowd.browsers[0]
    typed = {"title": "T", "abstract": "A", "company_takes_part": "no"}
    assert ada.post(f"{crowd.page}/idea", data={**crowd.tokens("idea"), **typed}).status_code == 302
    costs = {"costs-sent": "1", "costs-0-category": "staff", "costs-0-year": "1", "costs-0-amount": "100"}
    assert ada.post(f"{crowd.page}/money", data={**crowd.tokens("money"), **costs}).status_code == 302
    sent = {"version": crowd.now().version, "once": "submit-key"}
    answers = at_once(*[lambda: ada.post(f"/proposals/{crowd.number}/submit", data=sent).status_code] * CROWD)
    assert set(answers) == {302}
    with crowd.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Receipt.id)).where(Receipt.proposal_id == crowd.number)) == 1
