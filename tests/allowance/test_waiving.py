"""Waivers: given to one person for one rule of one call, told, logged, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.allowance import waived
from intake.allowance.models import Waiver
from intake.allowance.waiving import waive, withdraw_waiver
from intake.audit.models import Event
from intake.call.models import Call
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.people.queries import with_email
from intake.vocabulary import Role
from tests.factories.people import actor, call_with, faculty_member, load_catalogue, person_with
from tests.proposal.ruled import a_rule, ruled

WHY = "The sponsor agreed in a letter of 3 March."


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


def known(person: Person) -> Person:
    """The person with their grants."""
    found = with_email(person.email)
    assert found is not None
    return found


def coordinator(call: Call, name: str = "Dora Desk") -> Person:
    """Somebody who coordinates the call."""
    return person_with(name, (Role.COORDINATOR, {"call_id": call.id}))


def events(call: Call) -> list[tuple[str, str, dict[str, Any]]]:
    """Action, note and facts of what the log says of the call's waivers."""
    db.session.commit()
    rows = db.session.scalars(sa.select(Event).where(Event.subject_type == "call").order_by(Event.position))
    return [(row.action, row.note, row.facts) for row in rows if row.action.startswith("waiver.")]


def letters() -> list[tuple[str, int | None, str]]:
    """Kind, person and text of each letter about waivers."""
    rows = db.session.scalars(sa.select(Message).where(Message.kind.like("waiver.%")).order_by(Message.id))
    return [(row.kind, row.to_person_id, row.body_text) for row in rows]


def test_it_is_given_told_logged_and_taken_back() -> None:
    call, ada = ruled(a_rule("full-time"), a_rule("award-cap")), known(faculty_member())
    dora = coordinator(call)
    made = waive(call, "full-time", ada, f" {WHY} ", by=actor(dora))
    assert (made.person_id, made.rule_code, made.reason, made.granted_by_id) == (ada.id, "full-time", WHY, dora.id)
    assert waived.standing_for(call.id, ada.id) == {"full-time": made}
    withdraw_waiver(call, made, "It was a slip.", by=actor(dora))
    assert waived.standing_for(call.id, ada.id) == {}
    facts = {"person": ada.id, "rule": "full-time"}
    assert events(call) == [("waiver.granted", WHY, facts), ("waiver.withdrawn", "It was a slip.", facts)]
    (first, to, text), (second, again, taken) = letters()
    assert (first, second) == ("waiver.granted", "waiver.withdrawn")
    assert {to, again} == {ada.id}
    assert "The rule on full-time." in text
    assert WHY in text
    assert "It was a slip." in taken
    anew = waive(call_with(call.code), "full-time", known(ada), WHY, by=actor(dora))
    assert [each.id for each in waived.of_call(call.id)] == [anew.id, made.id]


def test_what_a_waiver_needs() -> None:
    call, ada = ruled(a_rule("full-time")), known(faculty_member())
    dora = coordinator(call)
    staff, closed = person_with("Nia Nobody"), faculty_member("Carl Closed")
    closed.active = False
    for code, person, reason, field in (
        ("full-time", ada, " ", "reason"),
        ("award-cap", ada, WHY, "rule"),
        ("full-time", known(staff), WHY, "email"),
        ("full-time", known(closed), WHY, "email"),
    ):
        with pytest.raises(Incomplete) as refused:
            waive(call, code, person, reason, by=actor(dora))
        assert set(refused.value.fields) == {field}
    waive(call, "full-time", ada, WHY, by=actor(dora))
    with pytest.raises(Incomplete) as refused:
        waive(call, "full-time", ada, WHY, by=actor(dora))
    assert set(refused.value.fields) == {"rule"}
    assert len(letters()) == 1


def test_nobody_waives_for_themselves() -> None:
    call = ruled(a_rule("full-time"))
    both = person_with("Bo Both", (Role.COORDINATOR, {"call_id": call.id}), (Role.FACULTY, {}))
    with pytest.raises(Incomplete) as refused:
        waive(call, "full-time", known(both), WHY, by=actor(both))
    assert "somebody else in the office" in str(refused.value.fields["email"])
    made = waive(call, "full-time", known(both), WHY, by=actor(coordinator(call)))
    with pytest.raises(Incomplete):
        withdraw_waiver(call, made, "No.", by=actor(both))
    assert made.withdrawn_at is None


def test_who_may_not() -> None:
    call, ada = ruled(a_rule("full-time")), known(faculty_member())
    elsewhere = coordinator(ruled(a_rule("language"), of="AIR-2021"), "Emil Elsewhere")
    made = waive(call, "full-time", ada, WHY, by=actor(coordinator(call)))
    for who in (ada, elsewhere, person_with("Lea Admin", (Role.ADMINISTRATOR, {}))):
        with pytest.raises(Refused) as refused:
            waive(call, "full-time", known(faculty_member(f"Of {who.name}")), WHY, by=actor(who))
        assert refused.value.hidden
        with pytest.raises(Refused):
            withdraw_waiver(call, made, "No.", by=actor(who))
    assert len(waived.of_call(call.id)) == 1


def test_taking_back_needs_a_reason_and_happens_once() -> None:
    call, ada = ruled(a_rule("full-time")), known(faculty_member())
    dora = actor(coordinator(call))
    made = waive(call, "full-time", ada, WHY, by=dora)
    with pytest.raises(Incomplete) as refused:
        withdraw_waiver(call, made, " ", by=dora)
    assert set(refused.value.fields) == {"reason"}
    with clock.at(clock.now() + timedelta(hours=1)):
        withdraw_waiver(call, made, "A slip.", by=dora)
        with pytest.raises(Incomplete):
            withdraw_waiver(call, made, "Again.", by=dora)
    other = ruled(a_rule("language"), of="AIR-2021")
    with pytest.raises(Incomplete):
        withdraw_waiver(other, made, "Elsewhere.", by=actor(coordinator(other, "Emil")))


def test_of_two_who_take_it_back_at_once_one_does() -> None:
    """The second waits for the first, with the waiver as it was before in hand."""
    call, ada = ruled(a_rule("full-time")), known(faculty_member())
    dora = actor(coordinator(call))
    made = waive(call, "full-time", ada, WHY, by=dora)
    first = sa.update(Waiver).where(Waiver.id == made.id).values(withdrawn_at=clock.now())
    db.session.execute(first, execution_options={"synchronize_session": False})
    with pytest.raises(Incomplete, match="already"):
        withdraw_waiver(call, made, "A slip.", by=dora)
    assert [kind for kind, _, _ in letters()] == ["waiver.granted"]
