"""The card of the call's rules beside the writing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient

from intake.allowance.models import Waiver
from intake.extensions import db
from intake.proposal.rulebook import judged
from intake.views.faculty.rules import rule_lines
from intake.vocabulary import RuleLevel
from tests.factories.people import draft, faculty_member, load_catalogue, whole
from tests.proposal.ruled import a_rule, ruled

Client = Callable[[int], FlaskClient]
HX = {"HX-Request": "true"}


@pytest.fixture
def desk(app: Flask, client_for: Client) -> dict[str, int]:
    """A draft of Ada's in a call with a rule of each standing, and Bea, who has nothing to do with it."""
    with app.app_context():
        load_catalogue()
        ada, bea = faculty_member(), faculty_member("Bea Bidder")
        call = ruled(
            a_rule("full-time"),
            a_rule("award-cap"),
            a_rule("one-university"),
            a_rule("language", level=RuleLevel.WARN),
            a_rule("judge"),
        )
        proposal = draft(call, ada, amount_minor=9_000_000, one_university=False, title="Мы соединяем стойки светом")
        waiver = Waiver(call_id=call.id, rule_code="award-cap", person_id=ada.id, reason="It was agreed by letter.")
        db.session.add(waiver)
        db.session.commit()
        return {"ada": ada.id, "bea": bea.id, "proposal": proposal.id}


def test_each_rule_with_its_state_its_source_and_the_way_to_mend_it(
    app: Flask, client_for: Client, desk: dict[str, int]
) -> None:
    place = f"/proposals/{desk['proposal']}/rules"
    reply = client_for(desk["ada"]).get(place, headers=HX)
    text = reply.get_data(as_text=True)
    assert reply.status_code == 200
    assert "<html" not in text
    for shown in (
        "Met:",
        "Not met:",
        "Waived by the office:",
        "Please look: this stops nothing:",
        "The office judges this:",
        "It was agreed by letter.",
        "Source: Guide, clause award-cap",
        "1 not met",
        "Confirm that no other university takes part.",
        "This is neither in English nor in Chinese.",
        "USD 90,000 is above the cap of USD 70,000.",
        f'data-hx-get="{place}"',
    ):
        assert shown in text, shown
    assert f"/proposals/{desk['proposal']}/edit/declarations" in text
    assert "#one_university" in text


def test_who_may_not_see_it_and_who_comes_by_the_address(client_for: Client, desk: dict[str, int], app: Flask) -> None:
    place = f"/proposals/{desk['proposal']}/rules"
    assert client_for(desk["bea"]).get(place, headers=HX).status_code == 404
    assert app.test_client().get(place, headers=HX).status_code == 302
    reply = client_for(desk["ada"]).get(place)
    assert (reply.status_code, reply.location) == (302, f"/proposals/{desk['proposal']}/check")


def test_a_call_without_rules_shows_no_card(app: Flask, client_for: Client, desk: dict[str, int]) -> None:
    with app.app_context():
        ruled()
        db.session.commit()
    text = client_for(desk["ada"]).get(f"/proposals/{desk['proposal']}/rules", headers=HX).get_data(as_text=True)
    assert text.strip() == ""


def test_the_macro_draws_what_the_view_gives(app: Flask, desk: dict[str, int]) -> None:
    with app.test_request_context():
        proposal = whole(desk["proposal"])
        lines = rule_lines(judged(proposal), proposal)
        macro: Any = get_template_attribute("faculty/rules.html", "rules_card")
        assert [each.standing for each in lines] == ["met", "waived", "unmet", "warned", "judged"]
        assert 'id="rules-card"' in macro(lines, proposal)
