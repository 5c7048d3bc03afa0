"""Places when several people act at once, in real transactions."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock, watch
from intake.call.models import Call
from intake.engine import writing
from intake.extensions import db
from intake.notification.models import Message
from intake.slot.models import Slot
from intake.slot.offering import SLACK
from intake.vocabulary import SlotPlace
from tests.factories.office import Office
from tests.people.test_races import at_once


@pytest.fixture
def office(fresh_app: Flask) -> Office:
    """The world in a database of its own; call A takes two from now on."""
    with writing():
        made = Office(fresh_app)
        made.ask(lambda: setattr(db.session.get_one(Call, made.w.calls["A"]), "slots", 2))
        for who in ("C1", "C3", "F1", "F2", "F3"):
            made.browser(who)
    return made


def press(office: Office, who: str, name: str, act: str, version: int = 0) -> int:
    """Press a button of the page of places."""
    reply = office.browser(who).post(office.address(name, "/place"), data={"act": act, "version": version})
    return int(reply.status_code)


def standing(office: Office) -> dict[str, SlotPlace]:
    """Where each proposal stands."""
    names = {number: name for name, number in office.w.proposals.items()}
    rows = office.ask(lambda: db.session.execute(sa.select(Slot.proposal_id, Slot.place)).all())
    return {names[row.proposal_id]: row.place for row in rows}


def test_two_coordinators_never_give_more_places_than_there_are(office: Office) -> None:
    answers = at_once(
        *(
            lambda who=who, name=name: press(office, who, name, "give")
            for who, name in (("C1", "P1"), ("C3", "P2"), ("C1", "P3"), ("C3", "P6"), ("C1", "P7"))
        )
    )
    assert set(answers) == {302}
    assert list(standing(office).values()).count(SlotPlace.SLOT) == 2


def test_two_withdrawals_at_once_offer_two_places_to_two(office: Office) -> None:
    for name in ("P1", "P2"):
        press(office, "C1", name, "give")
    for name in ("P3", "P6"):
        press(office, "C1", name, "reserve")
    answers = at_once(
        *(
            lambda who=who, name=name: int(
                office.browser(who)
                .post(f"/proposals/{office.w.proposals[name]}/withdraw", data={"reason": "no time"})
                .status_code
            )
            for who, name in (("F1", "P1"), ("F2", "P2"))
        )
    )
    assert answers == [302, 302]
    released, offered = SlotPlace.RELEASED, SlotPlace.OFFERED
    assert standing(office) == {"P1": released, "P2": released, "P3": offered, "P6": offered}


def test_the_first_reserve_withdraws_while_it_is_offered_a_place(office: Office) -> None:
    """Each needs what the other holds, unless the locks are taken so that they pass."""
    press(office, "C1", "P2", "give")
    for name in ("P3", "P6"):
        press(office, "C1", name, "reserve")
    answers = at_once(
        *(
            lambda who=who, name=name: int(
                office.browser(who)
                .post(f"/proposals/{office.w.proposals[name]}/withdraw", data={"reason": "no time"})
                .status_code
            )
            for who, name in (("F2", "P2"), ("F3", "P3"))
        )
    )
    assert answers == [302, 302]
    found = standing(office)
    assert found == {"P2": SlotPlace.RELEASED, "P3": SlotPlace.RELEASED, "P6": SlotPlace.OFFERED}


def test_two_workers_pass_an_offer_on_once(office: Office) -> None:
    press(office, "C1", "P1", "offer")
    press(office, "C1", "P3", "reserve")
    ends = office.ask(lambda: db.session.scalar(sa.select(Slot.offered_until).where(Slot.place == SlotPlace.OFFERED)))

    def look() -> int:
        with office.app.app_context(), clock.at(ends + SLACK):
            return watch.pass_on_offers()

    assert sum(at_once(look, look, look)) == 1
    assert standing(office) == {"P1": SlotPlace.RELEASED, "P3": SlotPlace.OFFERED}
    asked = sa.select(sa.func.count()).select_from(Message).where(Message.kind == "slot.offered")
    # P1 has F1 and F2 on its team, P3 has F3
    assert office.ask(lambda: db.session.scalar(asked)) == 3
