"""Ada with a draft that asks for files, Ben beside her, and the office, as the tests of files need them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Attachment, Proposal
from intake.proposal.team import add_member
from intake.vocabulary import Relation, Role, TeamAnswer
from tests.factories.files import asking_for_files
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole

File = tuple[str, bytes]


def joined(proposal: Proposal) -> None:
    """Whoever was invited to the team has accepted."""
    for member in proposal.team:
        member.answer = TeamAnswer.ACCEPTED
    db.session.flush()


class Desk:
    """Ada with a draft in a call that asks for a CV (one PDF of two pages, 20,000 bytes) and for plans (three files),
    Ben beside her, and the office."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            ada, ben = faculty_member(), faculty_member("Ben Partner", department="EE")
            call = call_with("HIRP-2020")
            asking_for_files(call)
            cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            proposal = draft(call, ada)
            add_member(
                proposal, name="", email=ben.email, organisation="EE", relation=Relation.CO_INVESTIGATOR, by=actor(ada)
            )
            joined(whole(proposal))
            self.people = {"ada": ada.id, "ben": ben.id, "cora": cora.id}
            self.number = proposal.id
            db.session.commit()
        self.client_for = client_for
        self.ada, self.ben = client_for(self.people["ada"]), client_for(self.people["ben"])
        self.page = f"/proposals/{self.number}"
        self.sent = 0

    def now(self) -> Proposal:
        """The proposal as it is in the database, to read columns and lists of."""
        with self.app.app_context():
            found = whole(self.number)
            db.session.expunge_all()
            return found

    def send(self, *files: File, question: str = "", by: FlaskClient | None = None, **fields: Any) -> Any:
        """What the form with these files is answered. Written by hand: the test client would leave a temporary file
        open for a large one."""
        self.sent += 1
        told = {"question": question, "once": f"form {self.sent}", **fields}
        parts = [f'Content-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode() for key, value in told.items()]
        for name, data in files:
            head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
            parts.append(head.encode("utf-8", "surrogatepass") + data)
        body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
        return (by or self.ada).post(f"{self.page}/files", data=body, content_type="multipart/form-data; boundary=edge")

    def stored(self) -> set[str]:
        """The keys of the file store."""
        return {key for key, _ in self.app.extensions["store"].keys()}  # noqa: SIM118 -- a store is no dictionary

    def kept(self, question: str = "") -> list[Attachment]:
        """What stands."""
        return [each for each in self.now().attachments if each.removed_at is None and each.question == question]

    def person(self, name: str) -> Person:
        """Somebody of the desk, in the present context."""
        return db.session.get_one(Person, self.people[name])

    def set(self, number: int, **columns: Any) -> None:
        """Change a file's row."""
        with self.app.app_context():
            for name, value in columns.items():
                setattr(db.session.get_one(Attachment, number), name, value)
            db.session.commit()
