"""Amounts and durations of an earlier proposal where the new call is in another currency, or funds fewer months."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake.call.models import Call
from intake.extensions import db
from intake.proposal.bound_to_call import still_to_give
from intake.proposal.carrying import plan, start_from
from intake.vocabulary import Currency
from tests.factories.forms import DEFINITION, asked, give_form
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, whole

AMOUNT = "It was USD 69,000, and this call is in CNY: give the amount in CNY."
MONTHS = "It was 24 months. The call funds 12 months."


def _source(ada: Any, **answers: Any) -> Any:
    """Ada's draft in HIRP 2020, which is in USD and funds 12 to 24 months."""
    return draft(
        call_with("HIRP-2020"), ada, title="Light in racks", amount_minor=6_900_000, duration_months=24, **answers
    )


@pytest.fixture
def made(room: Flask) -> Iterator[Any]:
    """Ada's draft in HIRP 2020, and AIR 2021, which is in CNY and funds 12 months."""
    load_catalogue()
    ada = faculty_member()
    yield SimpleNamespace(ada=ada, source=_source(ada), air=call_with("AIR-2021"))


def _why(found: Any) -> dict[str, str]:
    return {each.source_key: str(each.why) for each in found.left if each.source_key.endswith(("_minor", "_months"))}


def test_an_amount_in_another_currency_and_too_many_months_are_told_and_not_carried(made: Any) -> None:
    found = plan(made.source, made.air)
    assert {each.question.key for each in found.carried} & {"amount_minor", "duration_months"} == set()
    assert _why(found) == {"amount_minor": AMOUNT, "duration_months": MONTHS}
    begun = whole(
        start_from(
            made.source, made.air, {"title", "amount_minor", "duration_months"}, by=actor(made.ada), organisation=""
        )
    )
    assert (begun.title, begun.amount_minor, begun.duration_months) == ("Light in racks", None, None)


def test_what_the_other_call_takes_as_it_is_is_carried(made: Any) -> None:
    made.air.currency, made.air.duration_most = Currency.USD, 24
    found = plan(made.source, made.air)
    assert {"amount_minor", "duration_months"} <= {each.question.key for each in found.carried}
    assert _why(found) == {}


def test_too_few_months_are_not_carried_either(made: Any) -> None:
    made.source.duration_months = 6
    assert _why(plan(made.source, made.air))["duration_months"] == "It was 6 months. The call funds 12 months."


def test_the_lines_of_a_budget_in_another_currency_are_not_carried(made: Any) -> None:
    give_form(made.air)
    hirp: Call = call_with("HIRP-2020")
    give_form(hirp)
    source = draft(hirp, made.ada, title="With a budget")
    source.answers = {
        "costs": {"lines": [{"category": "staff", "year": 1, "amount_minor": 100_000, "justification": ""}]}
    }
    found = plan(source, made.air)
    assert {each.source_key: str(each.why) for each in found.left}["costs"] == (
        "It was USD 1,100, and this call is in CNY: give the amount in CNY."
    )
    begun = whole(start_from(source, made.air, {"title", "costs"}, by=actor(made.ada), organisation=""))
    assert (begun.amount_minor, "costs" in begun.answers) == (None, False)


def test_the_pages_say_what_it_was(app: Flask, client_for: Callable[[Any], FlaskClient]) -> None:
    with app.app_context():
        load_catalogue()
        ada = faculty_member()
        source = _source(ada).id
        db.session.commit()
    client = client_for(ada)
    shown = client.get(f"/calls/AIR-2021/start-from?from={source}").text
    assert ((AMOUNT in shown), (MONTHS in shown), 'value="amount_minor"' in shown) == (True, True, False)
    reply = client.post("/calls/AIR-2021/start-from", data={"from": source, "carry": ["title"], "once": "k"})
    page = reply.location.rsplit("/", 1)[0] + "/budget"
    asked = client.get(page).text
    assert ((AMOUNT in asked), (MONTHS in asked), 'value="69000"' in asked) == (True, True, False)
    version = asked.split('name="version" value="')[1].split('"')[0]
    sent = {"version": version, "amount_minor": "450,000", "duration_months": "12", "and": "stay"}
    assert client.post(page, data=sent).status_code == 302
    assert (AMOUNT in client.get(page).text, MONTHS in client.get(page).text) == (False, False)


def test_parts_of_a_month_are_read_as_such(made: Any) -> None:
    """An earlier form may ask for a duration with a digit after the point, by the same label."""
    data = copy.deepcopy(DEFINITION)
    number = {"decimals": 1, "unit": "months"}
    data["sections"][2]["questions"].append(asked("how_long", "number", "Duration", number=number))
    hirp: Call = call_with("HIRP-2020")
    give_form(hirp, data)
    source = draft(hirp, made.ada, title="With a form")
    source.answers = {"how_long": "12.5"}
    told = {each.source_key: str(each.why) for each in plan(source, made.air).left}
    assert told["how_long"] == "It was 12.5 months. The call funds 12 months."
    begun = draft(made.air, made.ada, title="Begun from it")
    begun.carried_from_id, begun.duration_months = source.id, None
    db.session.flush()
    assert {str(each) for each in still_to_give(whole(begun), actor(made.ada)).values()} == {told["how_long"]}
