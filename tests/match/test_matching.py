"""Matching by the page: the applicant's own choice first, nothing of another call, and a history."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from intake.call.models import Theme
from intake.extensions import db
from intake.match.models import Match
from intake.vocabulary import State
from tests.factories import office as days
from tests.factories.office import Office


def themes(office: Office, call: str) -> list[int]:
    """The ids of a call's themes, in order."""
    asked = sa.select(Theme.id).where(Theme.call_id == office.w.calls[call]).order_by(Theme.position)
    return list(office.ask(lambda: db.session.scalars(asked).all()))


def test_the_form_offers_what_belongs_to_the_call(app: Flask) -> None:
    office = Office(app)
    days.eligible(office)
    page = office.get("C1", "P2", "/match").get_data(as_text=True)
    assert "Theme 1 of A (the applicant&#39;s own choice)" in page
    assert page.index("Theme 1 of A") < page.index("Theme 2 of A")
    assert "of B" not in page
    assert "Jun Alba" in page
    assert "Kim Hua" not in page


def test_another_calls_theme_and_another_sponsors_contact_are_refused(app: Flask) -> None:
    office = Office(app)
    days.eligible(office)
    ours, theirs = themes(office, "A"), themes(office, "B")
    people = office.w.people
    for theme, contact in ((theirs[0], people["S1"]), (ours[0], people["S2"]), ("", people["S1"]), (ours[0], "")):
        answer = office.post("C1", "P2", "/match", theme_id=theme, contact_id=contact, note="typed words")
        assert answer.status_code == 422
        assert "Choose one from the list." in answer.get_data(as_text=True)
        assert "typed words" in answer.get_data(as_text=True)
    assert office.state("P2") is State.ELIGIBLE
    assert office.post("C1", "P2", "/match", theme_id=ours[1], contact_id=people["S1"]).status_code == 302
    assert "Theme 2 of A" in office.get("C1", "P2", "?tab=match").get_data(as_text=True)


def test_an_undone_match_stays_with_its_reason(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    assert office.post("C1", "P2", "/unmatch", reason="   ").status_code == 422
    assert office.post("C1", "P2", "/unmatch", reason="the contact left").status_code == 302
    rows = office.ask(
        lambda: db.session.execute(
            sa.select(Match.undone_reason).where(Match.proposal_id == office.w.proposals["P2"])
        ).all()
    )
    assert [row.undone_reason for row in rows] == ["the contact left"]
    text = office.get("C1", "P2", "?tab=match").get_data(as_text=True)
    assert "Not matched yet." in text
    assert "the contact left" in text
