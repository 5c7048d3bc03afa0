"""Reminders: to whom, when, for which end, and each once, however many workers look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock, watch
from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.models import Proposal, TeamMember
from intake.reminder.models import Reminder
from intake.reminder.operations import remind
from intake.vocabulary import Relation, State, TeamAnswer
from tests.factories import listing as make
from tests.people.test_races import at_once

CLOSES = datetime(2026, 5, 29, 9, 0, tzinfo=UTC)
"""17:00 in Hong Kong."""
LONG_AGO = CLOSES - timedelta(days=60)
D7, D2, H4 = "draft.7_days", "draft.2_days", "draft.4_hours"


def a_call(code: str = "HIRP-2026", **columns: Any) -> Call:
    """A call that closes at CLOSES."""
    return make.call(code, **({"opens_at": LONG_AGO, "closes_at": CLOSES} | columns))


def a_draft(call: Call, by: Person, state: State = State.DRAFT, **columns: Any) -> Proposal:
    """A draft begun long ago."""
    return make.proposal(call, state, by=by, **({"created_at": LONG_AGO, "title": "Light"} | columns))


def join(draft: Proposal, who: Person, relation: Relation, **columns: Any) -> None:
    """Somebody more on the team."""
    make.keep(TeamMember(proposal_id=draft.id, person_id=who.id, name=who.name, relation=relation, **columns))


def sent() -> list[tuple[str, str]]:
    """Kind and name of each reminder that was written, in order."""
    rows = db.session.execute(
        sa.select(Message.kind, Person.name)
        .join(Person, Person.id == Message.to_person_id)
        .where(Message.kind.startswith("reminder."))
        .order_by(Message.id)
    )
    return [(row.kind.removeprefix("reminder."), row.name) for row in rows]


def look(at: datetime) -> list[tuple[str, str]]:
    """What one look of the worker at an instant sends."""
    before = len(sent())
    with clock.at(at):
        remind()
    return sent()[before:]


@pytest.fixture
def ada(room: Flask) -> Iterator[Person]:
    """Somebody who writes."""
    yield make.person("Ada")


def test_each_of_three_moments_reminds_once(ada: Person) -> None:
    a_draft(a_call(), ada)
    second, minute = timedelta(seconds=1), timedelta(minutes=1)
    for before, kind in ((timedelta(days=7), D7), (timedelta(days=2), D2), (timedelta(hours=4), H4)):
        moment = CLOSES - before
        assert look(moment - second) == []
        assert look(moment) == [(kind, "Ada")]
        assert look(moment) == []
        assert look(moment + minute) == []
    assert look(CLOSES - second) == []
    assert look(CLOSES) == []


def test_a_worker_that_was_away_sends_the_nearest_only(ada: Person) -> None:
    a_draft(a_call(), ada)
    assert look(CLOSES - timedelta(days=1)) == [(D2, "Ada")]
    assert look(CLOSES - timedelta(hours=1)) == [(H4, "Ada")]


def test_whoever_began_after_the_moment_is_not_told_what_they_have_just_read(ada: Person) -> None:
    a_draft(a_call(), ada, created_at=CLOSES - timedelta(days=5))
    assert look(CLOSES - timedelta(days=5) + timedelta(minutes=1)) == []
    assert look(CLOSES - timedelta(days=2)) == [(D2, "Ada")]


def test_those_who_may_edit_and_accepted_and_want_it(ada: Person) -> None:
    draft = a_draft(a_call(), ada)
    for name, relation, columns, person in (
        ("Bob", Relation.CO_INVESTIGATOR, {}, {}),
        ("Cy", Relation.ASSISTANT, {}, {}),
        ("Dan", Relation.VIEWER, {}, {}),
        ("Eve", Relation.CO_INVESTIGATOR, {"answer": TeamAnswer.INVITED}, {}),
        ("Fay", Relation.CO_INVESTIGATOR, {"answer": TeamAnswer.DECLINED}, {}),
        ("Gus", Relation.CO_INVESTIGATOR, {}, {"reminders": False}),
        ("Hal", Relation.CO_INVESTIGATOR, {}, {"active": False}),
    ):
        join(draft, make.person(name, **person), relation, **columns)
    assert sorted(look(CLOSES - timedelta(days=7))) == [(D7, "Ada"), (D7, "Bob"), (D7, "Cy")]


def test_where_only_the_principal_edits_only_they_are_reminded(ada: Person) -> None:
    draft = a_draft(a_call(team_may_edit=False), ada)
    join(draft, make.person("Bob"), Relation.CO_INVESTIGATOR)
    assert look(CLOSES - timedelta(days=7)) == [(D7, "Ada")]


@pytest.mark.parametrize(
    "columns", [{"standing": True}, {"in_preparation": True}, {"opens_at": None, "closes_at": None}], ids=str
)
def test_a_call_that_nobody_can_submit_to_or_that_never_closes_reminds_nobody(
    ada: Person, columns: dict[str, Any]
) -> None:
    a_draft(a_call(**columns), ada)
    assert look(CLOSES - timedelta(days=7)) == []


@pytest.mark.parametrize("state", [State.SUBMITTED, State.WITHDRAWN, State.ELIGIBLE])
def test_what_is_submitted_or_put_aside_reminds_nobody(ada: Person, state: State) -> None:
    a_draft(a_call(), ada, state)
    assert look(CLOSES - timedelta(days=7)) == []


def newest() -> Message:
    """The newest letter."""
    found = db.session.scalars(sa.select(Message).order_by(Message.id.desc())).first()
    assert found is not None
    return found


def test_the_letter_names_the_stated_close_and_never_the_grace(ada: Person) -> None:
    draft = a_draft(a_call(grace_minutes=30), ada)
    assert look(CLOSES - timedelta(days=7) - timedelta(seconds=1)) == []
    assert look(CLOSES - timedelta(days=7)) == [(D7, "Ada")]
    mail = newest()
    words = " ".join(mail.body_text.split())
    assert "29 May 2026, 17:00 HKT" in mail.subject
    assert "until 29 May 2026, 17:00 HKT" in words
    assert "17:30" not in mail.body_text + mail.body_html + mail.subject
    assert f"/proposals/{draft.id}/check" in mail.body_text
    assert "/account#reminders" in mail.body_text
    assert "/account#reminders" in mail.body_html


def test_an_extension_moves_the_reminders_of_its_draft_alone(ada: Person) -> None:
    call, later = a_call(), CLOSES + timedelta(days=10)
    a_draft(call, ada, extended_until=later)
    a_draft(call, make.person("Bob"))
    assert look(CLOSES - timedelta(days=7)) == [(D7, "Bob")]
    assert look(later - timedelta(days=7)) == [(D7, "Ada")]
    assert "8 Jun 2026, 17:00 HKT" in newest().subject
    assert look(later - timedelta(hours=4)) == [(H4, "Ada")]


def test_an_extension_that_ends_before_the_close_moves_nothing(ada: Person) -> None:
    a_draft(a_call(), ada, extended_until=CLOSES - timedelta(days=3))
    assert look(CLOSES - timedelta(days=7)) == [(D7, "Ada")]


def test_another_close_reminds_anew(ada: Person) -> None:
    call = a_call()
    a_draft(call, ada)
    assert look(CLOSES - timedelta(days=7)) == [(D7, "Ada")]
    call.closes_at = CLOSES + timedelta(days=3)
    db.session.flush()
    assert look(CLOSES - timedelta(days=5)) == []
    assert look(CLOSES - timedelta(days=4)) == [(D7, "Ada")]


def test_a_revision_is_reminded_of_before_its_own_end(ada: Person) -> None:
    until = CLOSES + timedelta(days=20)
    a_draft(a_call(), ada, State.RETURNED, returned_until=until, number="HIRP-2026-0007", days=0, state_since=LONG_AGO)
    assert look(until - timedelta(days=7)) == []
    assert look(until - timedelta(days=2)) == [("returned.2_days", "Ada")]
    assert "HIRP-2026-0007" in newest().subject
    assert look(until - timedelta(hours=4)) == [("returned.4_hours", "Ada")]
    assert look(until) == []


def test_the_statements_do_not_grow_with_the_drafts(room: Flask) -> None:
    def statements(number: int, kind: timedelta) -> int:
        call = a_call(f"C-{number}")
        for at in range(number):
            a_draft(call, make.person(f"P{number} {at}"))
        found: list[str] = []
        note = lambda *given: found.append(given[2])  # noqa: E731
        sa.event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert len(look(CLOSES - kind)) >= number
        finally:
            sa.event.remove(db.engine, "before_cursor_execute", note)
        return len(found)

    statements(1, timedelta(days=7))  # the first of all also reads the office's name
    first = statements(2, timedelta(days=7))
    assert statements(3, timedelta(days=2)) == first
    assert statements(50, timedelta(hours=4)) == first
    assert first <= 10


def test_late_beginners_do_not_stand_in_the_way_of_the_others(room: Flask) -> None:
    call = a_call()
    for at in range(4):
        a_draft(call, make.person(f"Late {at}"), created_at=CLOSES - timedelta(days=1))
    a_draft(a_call("NEXT", closes_at=CLOSES + timedelta(minutes=1)), make.person("Early"))
    with clock.at(CLOSES - timedelta(hours=23)):
        assert remind(2) == 2
        assert remind(2) == 2
        assert remind(2) == 1
        assert remind(2) == 0
    assert sent() == [(D2, "Early")]


def test_several_workers_at_once_send_each_once(fresh_app: Flask) -> None:
    with writing(), fresh_app.app_context():
        call = a_call()
        for at in range(30):
            a_draft(call, make.person(f"Person {at}"))
        db.session.commit()

    def work() -> int:
        with fresh_app.app_context(), clock.at(CLOSES - timedelta(days=7)):
            return watch.send_reminders()

    at_once(work, work, work, work)
    with fresh_app.app_context():
        assert len(sent()) == 30
        assert len(set(sent())) == 30
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Reminder)) == 30


def test_a_person_switches_reminders_off_and_on(
    app: Flask, client_for: Callable[[int], FlaskClient], client: FlaskClient
) -> None:
    with app.app_context():
        number = make.person("Ada").id
        db.session.commit()
    browser = client_for(number)
    assert "Switch reminders off" in browser.get("/account").text
    assert browser.post("/account/reminders", data={"on": "no"}).headers["Location"] == "/account#reminders"
    assert "Switch reminders on" in browser.get("/account").text
    with app.app_context():
        assert db.session.get_one(Person, number).reminders is False
    assert browser.post("/account/reminders", data={"on": "no"}).status_code == 302
    browser.post("/account/reminders", data={"on": "yes"})
    with app.app_context():
        assert db.session.get_one(Person, number).reminders is True
    assert client.post("/account/reminders", data={"on": "no"}).status_code == 401
