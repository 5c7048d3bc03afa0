"""The coordinator's day in tests: the world of the scenarios, brought further by the product's own verbs, and a way to
press what the office presses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlalchemy.orm import selectinload
from werkzeug.test import TestResponse

from intake.audit.models import Event
from intake.call.models import Call
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.forward.operations import prepare
from intake.match.operations import match
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.proposal.operations import screen_in, withdraw
from intake.review.models import Assignment
from intake.vocabulary import ConflictKind, Declared, Outcome, State
from tests.conftest import signed_in
from tests.factories.world import World, build, complete

FUTURE = "2099-03-31T17:00"


class Office:
    """The world ``w`` behind an app, people's browsers, and what the database says afterwards."""

    def __init__(self, app: Flask, **switches: Any) -> None:
        self.app = app
        self._clients: dict[str, FlaskClient] = {}
        with app.app_context():
            self.w: World = build(**switches)

    def browser(self, who: str) -> FlaskClient:
        """The browser of a person, or of nobody (X)."""
        if who not in self._clients:
            self._clients[who] = self.app.test_client() if who == "X" else signed_in(self.app, self.w.people[who])
        return self._clients[who]

    def address(self, name: str, path: str = "") -> str:
        """The address of a page of the proposal on the desk."""
        return f"/desk/proposals/{self.w.proposals[name]}{path}"

    def get(self, who: str, name: str, path: str = "") -> TestResponse:
        """Open a page."""
        return self.browser(who).get(self.address(name, path))

    def post(self, who: str, name: str, path: str, /, version: int | None = None, **data: Any) -> TestResponse:
        """Send a form that was made from the proposal as it is, unless ``version`` says otherwise."""
        sent = {"version": self.version(name) if version is None else version, **data}
        return self.browser(who).post(self.address(name, path), data=sent)

    def ask(self, question: Callable[[], Any]) -> Any:
        """What ``question`` finds, or does, in a context of its own; kept."""
        with self.app.app_context():
            found = question()
            db.session.commit()
            return found

    def version(self, name: str) -> int:
        """The proposal's version."""
        found: int = self.ask(lambda: db.session.get_one(Proposal, self.w.proposals[name]).version)
        return found

    def state(self, name: str) -> State:
        """The proposal's state."""
        found: State = self.ask(lambda: db.session.get_one(Proposal, self.w.proposals[name]).state)
        return found

    def letters(self, since: int = 0) -> set[tuple[str, str]]:
        """Kind and person (R1, F1 ...) of each letter after the one with id ``since``."""
        names = {number: name for name, number in self.w.people.items()}
        rows = self.ask(
            lambda: db.session.execute(sa.select(Message.kind, Message.to_person_id).where(Message.id > since)).all()
        )
        found = [(kind, names.get(person, "?")) for kind, person in rows]
        assert len(found) == len(set(found)), "somebody got a letter twice"
        return set(found)

    def last_letter(self) -> int:
        """The id of the newest letter."""
        return self.ask(lambda: db.session.scalar(sa.select(sa.func.max(Message.id)))) or 0

    def events(self, name: str) -> list[tuple[str, str, str, str]]:
        """Action, who, from and to of each event of the proposal, oldest first."""
        names = {number: who for who, number in self.w.people.items()}
        rows = self.ask(
            lambda: db.session.execute(
                sa.select(Event.action, Event.actor_id, Event.was, Event.became)
                .where(Event.subject_type == "proposal", Event.subject_id == self.w.proposals[name])
                .order_by(Event.position)
            ).all()
        )
        return [(row.action, names.get(row.actor_id, "?"), row.was, row.became) for row in rows]

    def assignment(self, name: str, reviewer: str) -> int:
        """The id of the newest assignment of a reviewer."""
        found: int = self.ask(
            lambda: db.session.scalars(
                sa.select(Assignment.id)
                .where(
                    Assignment.proposal_id == self.w.proposals[name],
                    Assignment.reviewer_id == self.w.people[reviewer],
                )
                .order_by(Assignment.id.desc())
            ).first()
        )
        return found

    def conflict(self, name: str, who: str) -> None:
        """Somebody declared a conflict, as a row of the table."""
        self.ask(
            lambda: db.session.add(
                Conflict(
                    proposal_id=self.w.proposals[name],
                    person_id=self.w.people[who],
                    declared=Declared.CONFLICT,
                    kind=ConflictKind.PERSONAL,
                )
            )
        )


def eligible(office: Office, name: str = "P2") -> None:
    """Screened in."""
    office.ask(lambda: screen_in(complete(office.w, name), by=office.w.actor("C1")))


def matched(office: Office, name: str = "P2") -> None:
    """Matched to the first theme of its call and to S1."""
    eligible(office, name)

    def act() -> None:
        proposal = complete(office.w, name)
        match(proposal, proposal.call.themes[0].id, office.w.people["S1"], "", by=office.w.actor("C1"))

    office.ask(act)


def without_panel(office: Office, name: str = "P2") -> None:
    """Matched, in a call that has no panel."""
    matched(office, name)
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "panel", False))


def withdrawn(office: Office, name: str = "P2") -> None:
    """Withdrawn by its principal investigator."""
    office.ask(lambda: withdraw(complete(office.w, name), "a mistake", by=office.w.actor("F2")))


def selected(office: Office, name: str = "P6") -> None:
    """The panel's selection is released."""
    from intake.decision.operations import release

    office.ask(lambda: release(complete(office.w, name), by=office.w.actor("C1")))


def packed(office: Office, name: str = "P6") -> int:
    """A packet is ready; its id."""
    selected(office, name)
    store = office.app.extensions["store"]
    found: int = office.ask(lambda: prepare(complete(office.w, name), store=store, by=office.w.actor("C1")).id)
    return found


def awarded(office: Office, name: str = "P7") -> None:
    """The sponsor selected it."""
    from intake.award.operations import answer

    office.ask(
        lambda: answer(
            complete(office.w, name),
            Outcome.SELECTED,
            amount_minor=5_000_000,
            reference="ALBA-1",
            reason="",
            by=office.w.actor("S1"),
        )
    )


def person(office: Office, who: str) -> Person:
    """A person with their grants, detached."""
    with office.app.app_context():
        return db.session.scalars(
            sa.select(Person).where(Person.id == office.w.people[who]).options(selectinload(Person.grants))
        ).one()


def store_of(office: Office) -> Any:
    """Where the app keeps its files."""
    with office.app.app_context():
        return current_app.extensions["store"]
