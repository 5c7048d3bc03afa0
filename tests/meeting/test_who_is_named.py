"""Who is named to whom at a meeting: as owner of an action, in the chair, and among those who can be asked."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from intake import clock
from intake.errors import Incomplete
from intake.extensions import db
from intake.meeting import agenda, minutes, planning
from intake.meeting.chairing import chairs
from intake.meeting.inviting import standing
from intake.meeting.models import Meeting
from intake.people.models import Person, StandIn
from intake.policy import chair_named, meets, named_in, writes_minutes
from intake.vocabulary import ComesAs
from tests.factories.meetings import GUEST, about, arranged, fresh, line_of, planned
from tests.factories.world import BEGAN, PEOPLE, World, build

DUE = date(2026, 3, 20)


@pytest.fixture
def world(room: Flask) -> World:
    return build()


@pytest.fixture
def number(world: World) -> int:
    with clock.at(BEGAN):
        return arranged(world)


def named(world: World, number: int, item: str, owner: str) -> str:
    """To whom of those who read the item its owner is named."""
    meeting = fresh(number)
    found, person = about(meeting, world, item), world.people[owner]
    return " ".join(who for who in ("F1", "F2", "R1", "S1", "C1") if named_in(world.actor(who), person, found, meeting))


def chair(world: World, number: int, who: str | None, by: str = "C1") -> None:
    meeting = fresh(number)
    planning.change(
        meeting, meeting.version, title=meeting.title, place=meeting.place, minutes=meeting.minutes, zone=meeting.zone,
        chair_id=world.people[who] if who else None, by=world.actor(by),
    )  # fmt: skip


def offered(world: World, meeting: Meeting, by: str) -> set[str]:
    names = {number: name for name, number in world.people.items()}
    return {names[each.id] for each in chairs(meeting, world.actor(by))}


def stands_in(world: World, who: str, paper: str) -> None:
    row = StandIn(proposal_id=world.proposals[paper], person_id=world.people[who], reason="a conflict")
    db.session.add(row)
    db.session.flush()
    db.session.expire_all()


# --- owners of actions ------------------------------------------------------------------------------------------------


def test_the_owner_of_an_action_is_named_as_blind_review_allows(world: World, number: int) -> None:
    assert named(world, number, "P1", "F1") == "F1 F2 R1 S1 C1"
    assert named(world, number, "P1", "R1") == "R1 C1"
    assert named(world, number, "P1", "S1") == "F1 F2 R1 S1 C1"
    assert named(world, number, "P1", "C1") == "F1 F2 R1 S1 C1"
    fresh(number).call.applicants_named = False
    assert named(world, number, "P1", "F1") == "F1 F2 S1 C1"


def test_a_reviewer_who_is_asked_as_a_guest_or_taken_off_stays_unnamed(world: World, number: int) -> None:
    meeting, by = fresh(number), world.actor("C1")
    line = next(each for each in standing(meeting) if each.person_id == world.people["R1"])
    with clock.at(BEGAN):
        planning.take_off(meeting, line, by=by)
        assert named(world, number, "P1", "R1") == "R1 C1"
        person = db.session.get_one(Person, world.people["R1"])
        again = planning.ask_person(fresh(number), person, ComesAs.GUEST, "UTC", by=by).id
        meeting = fresh(number)
        item = about(meeting, world, "P1")
        attending = {row.participant_id for row in item.attendance} | {again}
        agenda.put(
            meeting, item, heading=item.heading, minutes=20, proposal_id=item.proposal_id, theme_id=item.theme_id,
            contact_id=item.contact_id, attendee_ids=attending, by=by, seen=agenda.edition(meeting, item, by),
        )  # fmt: skip
    meeting = fresh(number)
    guest = next(each for each in standing(meeting) if each.id == again)
    assert [who for who in ("F1", "F2", "S1", "C1") if meets(world.actor(who), guest, meeting)] == ["C1"]
    assert named(world, number, "P1", "R1") == "R1 C1"


# --- the chair --------------------------------------------------------------------------------------------------------


def test_the_chair_is_of_the_office(world: World, number: int) -> None:
    assert offered(world, fresh(number), "C1") == offered(world, fresh(number), "C3") == {"C1", "C3"}
    stands_in(world, "C2", "P4")
    assert offered(world, fresh(number), "C1") == {"C1", "C2", "C3"}
    assert offered(world, fresh(number), "C3") == {"C1", "C3"}
    for who in ("F1", "R1", "S1", "R2", "AD"):
        with pytest.raises(Incomplete, match="chair"):
            chair(world, number, who)
    with pytest.raises(Incomplete, match="chair"):
        chair(world, number, "C2", by="C3")
    with clock.at(BEGAN):
        chair(world, number, "C2")
    assert all(chair_named(world.actor(who), fresh(number)) for who in ("F1", "R1", "S1", "C1", "C3"))


def test_who_stands_in_and_comes_as_a_reviewer_does_not_chair(world: World, number: int) -> None:
    stands_in(world, "R1", "P4")
    assert offered(world, fresh(number), "C1") == {"C1", "C3"}


@pytest.mark.parametrize(
    ("who", "named_to"), [("R1", "R1 C1 C3"), ("S1", "F1 F2 F3 R1 S1 C1 C3"), ("F2", "F1 F2 R1 S1 C1 C3")]
)
def test_a_chair_of_another_part_is_named_as_anybody_and_writes_nothing(
    world: World, number: int, who: str, named_to: str
) -> None:
    fresh(number).chair_id = world.people[who]
    meeting = fresh(number)
    seen = [each for each in ("F1", "F2", "F3", "R1", "S1", "C1", "C3") if chair_named(world.actor(each), meeting)]
    assert " ".join(seen) == named_to
    assert not writes_minutes(world.actor(who), about(meeting, world, "P1"), meeting)


def test_a_copy_keeps_the_chair_whom_its_maker_could_choose(world: World, number: int) -> None:
    stands_in(world, "C2", "P4")
    with clock.at(BEGAN):
        chair(world, number, "C2")
        made = {who: planning.copy(fresh(number), by=world.actor(who)).chair_id for who in ("C1", "C3")}
    assert made == {"C1": world.people["C2"], "C3": None}


def test_a_chair_who_is_taken_off_chairs_no_more(world: World, number: int) -> None:
    with clock.at(BEGAN):
        chair(world, number, "C3")
        line = next(each for each in standing(fresh(number)) if each.person_id == world.people["C3"])
        planning.take_off(fresh(number), line, by=world.actor("C1"))
    assert fresh(number).chair_id is None


def test_only_those_whom_the_writer_may_learn_of_can_be_given_an_action(world: World, number: int) -> None:
    meeting = fresh(number)
    item = about(meeting, world, "P1")
    names = {each: name for name, each in world.people.items()}

    def offers(who: str) -> str:
        return " ".join(sorted(names[each.id] for each in minutes.owners(meeting, item, by=world.actor(who))))

    assert offers("C1") == "C1 C3 F1 F2 R1 S1"
    assert offers("F1") == "C1 C3 F1 F2 S1"
    assert offers("S1") == "C1 C3 F1 F2 S1"


# --- who is asked -----------------------------------------------------------------------------------------------------


def test_whether_somebody_is_asked_already_is_told_only_of_those_whom_the_actor_may_learn_of(world: World) -> None:
    with clock.at(BEGAN):
        number = planned(world)
        by = world.actor("C3")
        hidden = db.session.get_one(Person, world.people["R2"])
        line = planning.ask_person(fresh(number), hidden, ComesAs.REVIEWER, "UTC", by=world.actor("C1")).id
        other = planning.ask_guest(fresh(number), "Gina", "gina@out.example", "UTC", by=world.actor("C1")).id
        before = len(standing(fresh(number)))
        # P4 is withheld from C3, and neither attends an item that she reads
        assert planning.ask_person(fresh(number), hidden, ComesAs.REVIEWER, "UTC", by=by).id == line
        assert planning.ask_guest(fresh(number), "X", "R2@example.org", "UTC", by=by).id == line
        assert planning.ask_guest(fresh(number), "X", "Gina@out.example", "UTC", by=by).id == other
        assert len(standing(fresh(number))) == before
        with pytest.raises(Incomplete, match="asked already"):
            planning.ask_guest(fresh(number), *GUEST, "UTC", by=by)
        with pytest.raises(Incomplete, match="asked already"):
            planning.ask_person(fresh(number), hidden, ComesAs.REVIEWER, "UTC", by=world.actor("C1"))
    assert line_of(fresh(number), world, "R2") == line


def test_a_closed_account_is_not_asked_and_its_name_stays_out_of_the_answer(world: World, number: int) -> None:
    db.session.get_one(Person, world.people["R2"]).active = False
    db.session.flush()
    with pytest.raises(Incomplete) as caught:
        planning.ask_guest(fresh(number), "X", "r2@example.org", "UTC", by=world.actor("C3"))
    assert PEOPLE["R2"][-1] not in str(caught.value.reason)
