"""The page of a call's waivers: who gives one and takes it back, who is refused, and who does not even see one."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from intake.allowance.models import Waiver
from intake.extensions import db
from tests.factories.office import Office

PAGE = "/desk/calls/CALL-A/waivers"
WHY = "The sponsor agreed in a letter."


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def given(office: Office) -> list[tuple[str, str, str, bool]]:
    """Person, rule, reason and whether it stands, of each waiver."""
    names = {number: name for name, number in office.w.people.items()}
    columns = (Waiver.person_id, Waiver.rule_code, Waiver.reason, Waiver.withdrawn_at)
    rows = office.ask(lambda: db.session.execute(sa.select(*columns).order_by(Waiver.id)).all())
    return [(names[row.person_id], row.rule_code, row.reason, row.withdrawn_at is None) for row in rows]


def post(office: Office, who: str, **data: Any) -> TestResponse:
    """Send the form for a waiver of the call's rule for F2, less what ``data`` says otherwise."""
    sent = {"rule": "award-cap", "email": "f2@example.org", "reason": WHY, **data}
    return office.browser(who).post(PAGE, data=sent)


def newest(office: Office) -> int:
    """The id of the newest waiver."""
    found: int = office.ask(lambda: db.session.scalar(sa.select(sa.func.max(Waiver.id))))
    return found


def test_a_coordinator_waives_a_rule_and_takes_it_back(office: Office) -> None:
    before = office.last_letter()
    assert "Every rule holds for everybody." in office.browser("C1").get(PAGE).get_data(as_text=True)
    assert post(office, "C1").status_code == 302
    assert given(office) == [("F2", "award-cap", WHY, True)]
    assert office.letters(before) == {("waiver.granted", "F2")}
    text = office.browser("C1").get(PAGE).get_data(as_text=True)
    for shown in ("Ben Bidder", "The amount is within the cap.", WHY, "Dora Desk", "Take it back"):
        assert shown in text
    place = f"{PAGE}/{newest(office)}/withdraw"
    assert f'href="{place}"' in text
    assert WHY in office.browser("C1").get(place).get_data(as_text=True)
    empty = office.browser("C1").post(place, data={"reason": " "})
    assert empty.status_code == 422
    assert office.browser("C1").post(place, data={"reason": "A slip."}).status_code == 302
    assert given(office) == [("F2", "award-cap", WHY, False)]
    assert office.letters(before) == {("waiver.granted", "F2"), ("waiver.withdrawn", "F2")}
    assert f'href="{place}"' not in office.browser("C1").get(PAGE).get_data(as_text=True)
    again = office.browser("C1").post(place, data={"reason": "Again."})
    assert again.status_code == 422
    assert "taken back already" in again.get_data(as_text=True)


@pytest.mark.parametrize("who", ["X", "N", "F2", "C2", "R1", "S1", "AD"])
def test_whoever_does_not_coordinate_the_call_knows_nothing_of_it(office: Office, who: str) -> None:
    post(office, "C1")
    place = f"{PAGE}/{newest(office)}/withdraw"
    browser = office.browser(who)
    refused = 401 if who == "X" else 404
    assert post(office, who, email="f1@example.org").status_code == refused
    assert browser.post(place, data={"reason": "No."}).status_code == refused
    for address in (PAGE, place):
        assert browser.get(address).status_code == (302 if who == "X" else 404)
    assert given(office) == [("F2", "award-cap", WHY, True)]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"reason": " "}, "Please fill this in"),
        ({"rule": "full-time"}, ""),
        ({"rule": ""}, ""),
        ({"email": "nobody@example.org"}, "Nobody has an account with this address"),
        ({"email": "not an address"}, "name@example.edu"),
        ({"email": "n@example.org"}, "Moe Nobody may not start proposals"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_kept(office: Office, data: dict[str, str], told: str) -> None:
    answer = post(office, "C1", **data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422, text
    assert 'class="wrong"' in text
    assert given(office) == []
    for name, value in {"email": "f2@example.org", "reason": WHY, **data}.items():
        if value.strip() and name != "rule":
            assert value in text
    if told and "fill" not in told:
        assert told in text


def test_twice_the_same_is_one(office: Office) -> None:
    assert post(office, "C1", once="k" * 20).status_code == 302
    assert post(office, "C1", once="k" * 20).status_code == 302
    again = post(office, "C1")
    assert again.status_code == 422
    assert "is waived for Ben Bidder already" in again.get_data(as_text=True)
    assert len(given(office)) == 1


def test_a_conflict_beats_the_role(office: Office) -> None:
    """C3 coordinates the call and is on the team of P4, which F2 leads."""
    answer = post(office, "C3")
    assert answer.status_code == 422
    assert "You have a conflict of interest with a proposal of theirs" in answer.get_data(as_text=True)
    assert post(office, "C3", email="f1@example.org").status_code == 302
    assert post(office, "C1").status_code == 302
    theirs = newest(office)
    text = office.browser("C3").get(PAGE).get_data(as_text=True)
    assert "Ada Applicant" in text
    assert "Ben Bidder" not in text
    assert "1 withheld: conflict" in text
    assert office.browser("C3").get(f"{PAGE}/{theirs}/withdraw").status_code == 404
    assert office.browser("C3").post(f"{PAGE}/{theirs}/withdraw", data={"reason": "No."}).status_code == 404


def test_it_is_filled_in_from_a_received_proposal(office: Office) -> None:
    def page(who: str, name: str) -> str:
        number = office.w.proposals[name]
        return office.browser(who).get(f"{PAGE}?proposal={number}&rule=award-cap").get_data(as_text=True)

    text = page("C1", "P2")
    assert 'value="f2@example.org"' in text
    assert re.search(r'<input[^>]*checked[^>]*value="award-cap"', text)
    for who, name in (("C1", "P5"), ("C1", "Q1"), ("C3", "P4")):  # a draft, another call's, one's own
        assert "@example.org" not in page(who, name).split('id="waive"')[1]
    for strange in ("?proposal=x", "?proposal=99999999999999", "?proposal=-1", "?rule=none"):
        assert office.browser("C1").get(PAGE + strange).status_code == 200


def test_a_call_without_rules_has_nothing_to_waive(office: Office) -> None:
    from intake.call.models import Rule

    office.ask(lambda: db.session.execute(sa.delete(Rule).where(Rule.call_id == office.w.calls["A"])))
    text = office.browser("C1").get(PAGE).get_data(as_text=True)
    assert "there is nothing to waive" in text
    assert "Waive it" not in text
    assert post(office, "C1").status_code == 422
