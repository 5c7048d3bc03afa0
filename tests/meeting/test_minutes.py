"""What a meeting leaves behind: minutes with a trace, actions with reminders, and a match that moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock, watch
from intake.audit.models import Event
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.match.models import Pairing
from intake.meeting import closing, minutes, planning, reminding
from intake.meeting.inviting import _lost, standing
from intake.meeting.models import Item, Meeting, MeetingAction
from intake.meeting.queries import actions_of
from intake.notification.models import Message
from intake.people.models import Person, StandIn
from intake.proposal.models import TeamMember
from intake.vocabulary import Appointment, ComesAs, PairingKind, PairingState
from tests.factories.counting import statements
from tests.factories.meetings import NOON, about, arranged, fresh, with_another
from tests.factories.world import BEGAN, World, build

DUE = date(2026, 3, 20)


@pytest.fixture
def world(room: Flask) -> World:
    return build()


@pytest.fixture
def number(world: World) -> int:
    with clock.at(BEGAN):
        return arranged(world)


def item(world: World, number: int, name: str = "P1") -> tuple[Meeting, Item]:
    meeting = fresh(number)
    return meeting, about(meeting, world, name)


def told(kind: str) -> list[int | None]:
    return list(
        db.session.scalars(
            sa.select(Message.to_person_id).where(Message.kind == f"meeting.{kind}").order_by(Message.id)
        )
    )


def test_minutes_are_written_by_the_office_and_keep_a_trace_after_the_meeting(world: World, number: int) -> None:
    by = world.actor("C1")
    with clock.at(NOON + timedelta(hours=1)):
        meeting, first = item(world, number)
        assert minutes.write(meeting, first, "They like it.", first.version, by=by)
        with pytest.raises(Stale):
            minutes.write(*item(world, number), "Something else.", first.version - 1, by=by)
        assert not minutes.write(*item(world, number), "They like it.", 0, by=by)
        assert item(world, number)[1].changes == []
        closing.hold(fresh(number), by=by)
        meeting, first = item(world, number)
        minutes.write(meeting, first, "They like it much.", first.version, by=by)
        db.session.commit()
    first = item(world, number)[1]
    assert first.notes == "They like it much."
    assert [(each.was, each.by.name if each.by else "") for each in first.changes] == [("They like it.", "Dora Desk")]
    rows = db.session.execute(
        sa.select(Event.subject_type, Event.subject_id).where(Event.action == "meeting.minutes_changed")
    ).all()
    assert [tuple(row) for row in rows] == [("proposal", world.proposals["P1"])]


@pytest.mark.parametrize(("who", "name"), [("F1", "P1"), ("S1", "P1"), ("R1", "P1"), ("C3", "P4"), ("C2", "P1")])
def test_others_write_no_minutes(world: World, number: int, who: str, name: str) -> None:
    by = world.actor(who)
    for act in (
        lambda: minutes.write(*item(world, number, name), "Mine.", 1, by=by),
        lambda: minutes.give_action(*item(world, number, name), "Do it", world.people["C1"], DUE, by=by),
        lambda: minutes.conclude(*item(world, number, name), PairingState.MATCHED, PairingKind.THEME, "", by=by),
    ):
        with pytest.raises(Refused):
            act()


def test_the_outcome_of_an_item_moves_the_match(world: World, number: int) -> None:
    by = world.actor("C1")
    with clock.at(NOON + timedelta(hours=1)):
        with_another(world, number)
        for state in (PairingState.INTERESTED, PairingState.MATCHED):
            minutes.conclude(*item(world, number, "P2"), state, PairingKind.CONTACT, "they agreed", by=by)
        minutes.conclude(*item(world, number, "P2"), PairingState.DECLINED, PairingKind.THEME, "no fit", by=by)
    rows = db.session.execute(
        sa.select(Pairing.proposal_id, Pairing.kind, Pairing.person_id, Pairing.theme_id.is_not(None), Pairing.state)
    ).all()
    known = {tuple(row) for row in rows}
    assert (world.proposals["P2"], PairingKind.CONTACT, world.people["S1"], False, PairingState.MATCHED) in known
    assert (world.proposals["P2"], PairingKind.THEME, None, True, PairingState.DECLINED) in known
    assert item(world, number, "P2")[1].outcome is PairingState.DECLINED
    with pytest.raises(Incomplete):
        minutes.conclude(*item(world, number, ""), PairingState.MATCHED, PairingKind.THEME, "", by=by)


def test_a_stand_in_writes_and_concludes_where_the_coordinator_may_not(world: World, number: int) -> None:
    db.session.add(StandIn(proposal_id=world.proposals["P4"], person_id=world.people["C2"], reason="a conflict"))
    db.session.flush()
    by = world.actor("C2")
    with clock.at(NOON + timedelta(hours=1)):
        meeting, fourth = item(world, number, "P4")
        minutes.write(meeting, fourth, "Good.", fourth.version, by=by)
        minutes.conclude(*item(world, number, "P4"), PairingState.MATCHED, PairingKind.THEME, "still", by=by)
    assert item(world, number, "P4")[1].outcome is PairingState.MATCHED


def board(world: World, name: str) -> set[PairingState]:
    """What the match board says of a proposal with its contact and its theme."""
    asked = sa.select(Pairing.state).where(Pairing.proposal_id == world.proposals[name])
    return set(db.session.scalars(asked))


@pytest.mark.parametrize("kind", [PairingKind.CONTACT, PairingKind.THEME])
@pytest.mark.parametrize("back", [False, True])
def test_an_outcome_undoes_no_match_of_the_proposal(world: World, number: int, kind: PairingKind, back: bool) -> None:
    """P1 is matched with S1 and the first theme, and in review."""
    by = world.actor("C1")
    named = "Jun Alba" if kind is PairingKind.CONTACT else fresh(number).call.themes[0].name
    with clock.at(NOON):
        for state in (PairingState.INTERESTED, PairingState.DECLINED, PairingState.APPROACHED):
            with pytest.raises(Incomplete, match=f"The proposal is matched with {named}. The match is undone on"):
                minutes.conclude(*item(world, number), state, kind, "hm", back=back, by=by)
        assert board(world, "P1") == {PairingState.MATCHED}
        minutes.conclude(*item(world, number), PairingState.MATCHED, kind, "they stay with it", by=by)
    assert item(world, number)[1].outcome is PairingState.MATCHED


def test_an_outcome_takes_the_board_back_from_matched_only_on_purpose(world: World, number: int) -> None:
    """P2 is matched with nobody; the board alone says that S1 and it are."""
    by, contact = world.actor("C1"), PairingKind.CONTACT
    with clock.at(NOON):
        with_another(world, number)
        minutes.conclude(*item(world, number, "P2"), PairingState.MATCHED, contact, "yes", by=by)
        with pytest.raises(Incomplete, match="Tick this if they are to be “Interested” again") as asks:
            minutes.conclude(*item(world, number, "P2"), PairingState.INTERESTED, contact, "hm", by=by)
        assert set(asks.value.fields) == {"back"}
        assert (board(world, "P2"), item(world, number, "P2")[1].outcome) == (
            {PairingState.MATCHED},
            PairingState.MATCHED,
        )
        minutes.conclude(*item(world, number, "P2"), PairingState.INTERESTED, contact, "hm", back=True, by=by)
    assert board(world, "P2") == {PairingState.INTERESTED}


def test_an_action_is_due_on_a_day_to_come_at_the_office(world: World, number: int) -> None:
    """23:30 in Greenwich on the 11th is the 12th in Hong Kong."""
    by, owner = world.actor("C1"), world.people["C1"]
    with clock.at(datetime(2026, 3, 11, 23, 30, tzinfo=UTC)):
        for day in (date(1990, 1, 1), date(2026, 3, 11)):
            with pytest.raises(Incomplete) as over:
                minutes.give_action(*item(world, number), "Call them", owner, day, by=by)
            assert {name: str(words) for name, words in over.value.fields.items()} == {
                "due_on": "Choose today or a day to come."
            }
        minutes.give_action(*item(world, number), "Call them", owner, date(2026, 3, 12), by=by)
    assert [each.due_on for each in actions_of(by)] == [date(2026, 3, 12)]


def test_more_people_ask_no_more_statements(world: World, number: int) -> None:
    """Of who may own an action, and of whom a letter goes to."""
    by = world.actor("C1")

    def asked() -> tuple[int, int]:
        db.session.expire_all()
        found = [minutes.owners(*item(world, number), by=by)]  # what the session holds already is not asked for
        db.session.expunge_all()
        meeting, first = item(world, number)
        with statements() as for_owners:
            found.append(minutes.owners(meeting, first, by=by))
        assert len(found[0]) == len(found[1])
        db.session.expunge_all()
        meeting = fresh(number)
        with statements() as for_letters:
            _lost(meeting, standing(meeting))
        return len(for_owners), len(for_letters)

    before = asked()
    for place in range(10):
        person = Person(email=f"x{place}@example.org", name=f"X {place}", appointment=Appointment.STAFF)
        db.session.add(person)
        db.session.flush()
        with clock.at(BEGAN):
            planning.ask_person(fresh(number), person, ComesAs.OFFICE, "Asia/Hong_Kong", by=by)
    assert asked() == before == (6, 4)


def test_an_action_is_given_to_who_may_read_the_item(world: World, number: int) -> None:
    by = world.actor("C1")
    with clock.at(NOON + timedelta(hours=1)):
        names = {number: name for name, number in world.people.items()}
        assert {names[each.id] for each in minutes.owners(*item(world, number, "P4"), by=by)} == {"C1", "F2"}
        with pytest.raises(Incomplete):
            minutes.give_action(*item(world, number, "P4"), "Look", world.people["C3"], DUE, by=by)
        made = minutes.give_action(*item(world, number, "P4"), "Send the figures", world.people["F2"], DUE, by=by)
    assert told("action_given") == [world.people["F2"]]
    assert [each.what for each in actions_of(world.actor("F2"))] == ["Send the figures"]
    with pytest.raises(Refused):
        minutes.mark(fresh(number), made, True, by=world.actor("C3"))
    minutes.mark(fresh(number), made, True, by=world.actor("F2"))
    assert actions_of(world.actor("F2")) == []
    assert [each.done_by_id for each in actions_of(world.actor("F2"), done=True)] == [world.people["F2"]]
    minutes.mark(fresh(number), made, False, by=by)
    assert len(actions_of(world.actor("F2"))) == 1


def remind(at: datetime) -> int:
    with clock.at(at):
        found = reminding.due(at, 100)
        for each in found:
            assert reminding.remind(each, at)
            assert not reminding.remind(each, at)
        return len(found)


def test_an_owner_is_reminded_the_day_before_and_when_it_is_over_each_once(world: World, number: int) -> None:
    by = world.actor("C1")
    with clock.at(NOON):
        minutes.give_action(*item(world, number), "Send the figures", world.people["F1"], DUE, by=by)
        gone = minutes.give_action(*item(world, number), "Call", world.people["F2"], DUE, by=by)
    db.session.execute(
        sa.delete(TeamMember).where(
            TeamMember.proposal_id == world.proposals["P1"], TeamMember.person_id == world.people["F2"]
        )
    )
    db.session.expire_all()
    hong_kong = timedelta(hours=8)
    assert remind(datetime(2026, 3, 18, 20, 0, tzinfo=UTC) - hong_kong) == 0
    assert remind(datetime(2026, 3, 19, 7, 59, tzinfo=UTC) - hong_kong) == 0
    assert remind(datetime(2026, 3, 19, 8, 0, tzinfo=UTC) - hong_kong) == 2
    assert remind(datetime(2026, 3, 20, 9, 0, tzinfo=UTC) - hong_kong) == 0
    assert remind(datetime(2026, 3, 21, 8, 0, tzinfo=UTC) - hong_kong) == 2
    assert remind(datetime(2026, 3, 22, 8, 0, tzinfo=UTC) - hong_kong) == 0
    assert told("action_due") == told("action_over") == [world.people["F1"]]
    assert db.session.get_one(MeetingAction, gone.id).reminded_over_at is not None


def test_a_meeting_is_held_once_its_time_has_come(world: World, number: int) -> None:
    by = world.actor("C1")
    with clock.at(BEGAN), pytest.raises(Incomplete):
        closing.hold(fresh(number), by=by)
    with clock.at(NOON):
        closing.hold(fresh(number), by=by)
        with pytest.raises(Incomplete):
            closing.cancel(fresh(number), "too late", by=by)
    assert fresh(number).held_at == NOON


def test_the_look_of_each_minute_reminds(world: World, number: int) -> None:
    with clock.at(NOON):
        minutes.give_action(*item(world, number), "Send the figures", world.people["F1"], DUE, by=world.actor("C1"))
        db.session.commit()
    with clock.at(datetime(2026, 3, 19, 2, 0, tzinfo=UTC)):
        assert watch.remind_of_actions(lambda: True) == 0
        assert watch.remind_of_actions() == 1
        assert watch.remind_of_actions() == 0
    assert told("action_due") == [world.people["F1"]]
