"""A coordinator's form builder in the tests: who is there, and how its forms are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from intake.call import form_versions, queries
from intake.extensions import db
from intake.form.definition import Form, Question
from intake.people.models import Person
from intake.vocabulary import Role
from tests.factories.people import call_with, draft, faculty_member, load_catalogue, person_with
from tests.factories.typing import fields_of

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


# --- order ------------------------------------------------------------------------------------------------------------


def keys(desk: Desk) -> list[str]:
    return [each.key for each in desk.form().questions]


# --- removing, and who was quicker ------------------------------------------------------------------------------------


def begun(desk: Desk, **answers: Any) -> int:
    """A draft of Ada's in the call as it is; its id."""
    with desk.app.app_context():
        made = draft(call_with(CODE), db.session.get_one(Person, desk.ids["ada"]), **answers).id
        db.session.commit()
    return made
