"""Removing from a form: drafts that answered are counted first, what must stay stays, and nobody's change is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.typing import fields_of
from tests.views.form_desk import PAGE, Desk, begun, keys


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


def test_before_something_goes_it_is_said_how_many_drafts_answered(desk: Desk) -> None:
    begun(desk)
    text = desk.get("/questions/keywords/remove")
    assert "1 draft has an answer to this." in text
    assert "Ada" not in text and "Optical interconnects" not in text
    key = desk.add("date", "Start")
    assert "No draft has an answer to this." in desk.get(f"/questions/{key}/remove")
    assert desk.post(f"/questions/{key}/remove").location == f"{PAGE}#section-summary"
    assert key not in keys(desk)
    assert "1 draft has an answer" in desk.get("/sections/budget/remove")
    assert desk.post("/sections/budget/remove").status_code == 302
    assert "amount_minor" not in keys(desk)


def test_what_must_stay_has_no_button_and_a_reason(desk: Desk) -> None:
    for path in ("/questions/title/remove", "/sections/summary/remove", "/sections/team/remove"):
        text = desk.get(path)
        assert "Remove it" not in text
        assert desk.post(path).status_code == 422
    assert "asks for the title and the abstract" in desk.get("/questions/title/remove")
    assert {"title", "abstract"} <= set(keys(desk))


def test_whoever_was_slower_keeps_what_they_typed(desk: Desk) -> None:
    old, page = desk.seen(), fields_of(desk.get("/questions/keywords"))
    desk.add("date", "Start")
    answer = desk.post("/questions/keywords", seen=old, **page | {"label_en": ["Words of mine"]})
    assert answer.status_code == 409
    assert "Words of mine" in answer.text and "Somebody changed this form" in answer.text
    assert desk.question("keywords").label.en == "Keywords"
    again = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert again
    assert desk.post("/questions/keywords", seen=again[1], **fields_of(answer.text)).status_code == 302
    assert desk.question("keywords").label.en == "Words of mine"
    acts: dict[str, dict[str, str]] = {
        "": {"do": "up-question-abstract"},
        "/add": {"section": "summary", "label_en": "X", "kind": "date"},
        "/questions/keywords/remove": {},
        "/publish": {},
        "/discard": {},
        "/sections/theme": {"label_en": "Mine"},
    }
    for path, data in acts.items():
        before = desk.form()
        assert desk.post(path, seen=old, **data).status_code == 409, path
        assert desk.form() == before
