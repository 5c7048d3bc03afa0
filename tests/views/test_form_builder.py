"""The form builder: a form is made and changed in the browser, tried, published, and its old versions stay readable."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake.call import form_versions, queries
from intake.call.forms import read
from intake.call.models import Call, FormVersion
from intake.extensions import db
from intake.form.definition import Form, Kind, Question
from intake.vocabulary import Role
from tests.factories.people import call_with, draft, faculty_member, load_catalogue, person_with

CODE = "HIRP-2020"
PAGE = f"/desk/calls/{CODE}/form"


class Desk:
    """Cora coordinates HIRP 2020; Ada applies; Emil coordinates another programme."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            call = call_with(CODE)
            cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            other = call_with("AIR-2021").programme_id
            emil = person_with("Emil Elsewhere", (Role.COORDINATOR, {"programme_id": other}))
            ada = faculty_member()
            db.session.commit()
            self.ids = {"cora": cora.id, "emil": emil.id, "ada": ada.id}
        self.cora, self.emil, self.ada = (client_for(self.ids[name]) for name in ("cora", "emil", "ada"))

    def form(self) -> Form:
        """The form that is worked on."""
        with self.app.app_context():
            call = queries.to_set_up(CODE)
            assert call is not None
            return form_versions.present(call)

    def seen(self) -> str:
        return form_versions.edition(self.form())

    def post(self, path: str = "", seen: str | None = None, **data: Any) -> Any:
        """Send a form of the builder."""
        return self.cora.post(PAGE + path, data={"seen": self.seen() if seen is None else seen, **data})

    def get(self, path: str = "", status: int = 200) -> str:
        answer = self.cora.get(PAGE + path)
        assert answer.status_code == status
        return answer.text

    def add(self, kind: str, label: str, section: str = "summary") -> str:
        """Add a question; its key."""
        before = {each.key for each in self.form().questions}
        answer = self.post("/add", section=section, label_en=label, label_zh="", kind=kind)
        assert answer.status_code == 302, answer.text
        (key,) = {each.key for each in self.form().questions} - before
        assert answer.location == f"{PAGE}/questions/{key}"
        return key

    def save(self, key: str, **data: Any) -> Any:
        """Save a question's page with what it shows, but for what ``data`` says."""
        text = self.get(f"/questions/{key}")
        return self.post(f"/questions/{key}", **fields_of(text) | data)

    def question(self, key: str) -> Question:
        return self.form().question(key)

    def publish(self, **data: Any) -> Any:
        return self.post("/publish", **data)


def fields_of(text: str) -> dict[str, Any]:
    """What a browser would send of the page's main form."""
    from html.parser import HTMLParser

    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.found: dict[str, Any] = {}
            self.inside = 0
            self.area = self.select = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            of = dict(attrs)
            name = of.get("name") or ""
            if tag == "form":
                self.inside = int(of.get("data-guard", "no") is None)
            if not self.inside:
                return
            if tag == "input" and name and name not in ("seen", "csrf_token"):
                if of.get("type") in ("checkbox", "radio"):
                    if "checked" in of:
                        self._put(name, of.get("value") or "")
                else:
                    self._put(name, of.get("value") or "")
            elif tag == "textarea":
                self.area = name
                self.found[name] = ""
            elif tag == "select":
                self.select = name
            elif tag == "option" and self.select and ("selected" in of or self.select not in self.found):
                self.found[self.select] = of.get("value") or ""

        def _put(self, name: str, value: str) -> None:
            if name in self.found:
                before = self.found[name]
                self.found[name] = [*(before if isinstance(before, list) else [before]), value]
            else:
                self.found[name] = value

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""
            if tag == "select":
                self.select = ""
            if tag == "form":
                self.inside = 0

        def handle_data(self, data: str) -> None:
            if self.area:
                self.found[self.area] += data.removeprefix("\n")

    reader = Reader()
    reader.feed(text)
    return reader.found


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


def test_every_kind_of_question_is_added_and_saved_as_it_is(desk: Desk) -> None:
    for kind in Kind:
        if kind is Kind.THEME:
            continue
        key = desk.add(kind.value, f"A {kind.value}")
        before = desk.question(key)
        assert before.kind is kind
        answer = desk.save(key)
        assert answer.status_code == 302, (kind, answer.text)
        assert desk.question(key) == before, "saving the page as it is changes nothing"
    for each in desk.form().questions:
        assert desk.save(each.key).status_code == 302
    assert desk.get()
    assert desk.get("/preview")
