"""My proposals says what waits for somebody's answer: a meeting whose time is asked for, an offer of another call."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from intake import clock
from intake.meeting import slots
from intake.vocabulary import SlotAnswer
from tests.factories.counting import statements
from tests.factories.meetings import LATER, NOON, TITLE, fresh, planned
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import BEGAN
from tests.match.test_referring import answer, closed

NOTHING = "Nothing waits for you."


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def listed(office: Office, who: str) -> str:
    """What somebody reads on their list."""
    with clock.at(BEGAN + timedelta(days=3)):
        return words(office.browser(who).get("/proposals").text)


def test_a_meeting_whose_time_is_asked_for_waits_until_every_time_is_answered(office: Office) -> None:
    with clock.at(BEGAN + timedelta(days=2)):
        number = office.ask(lambda: planned(office.w))
        assert NOTHING in listed(office, "F1")
        office.ask(lambda: slots.offer(fresh(number), [NOON, LATER], by=office.w.actor("C1")))
        told = f"Meeting “{TITLE}”: say which times suit you"
        assert NOTHING not in listed(office, "F1")
        assert "1 answer of yours is waited for." in listed(office, "F1")
        assert told in listed(office, "F1")

        def reply() -> None:
            given = {each.id: SlotAnswer.YES for each in fresh(number).slots}
            slots.answer(fresh(number), given, by=office.w.actor("F1"))

        office.ask(reply)
        assert NOTHING in listed(office, "F1")
        assert told in listed(office, "F3"), "they have not answered"
        office.ask(lambda: slots.choose(fresh(number), NOON, anyway=True, by=office.w.actor("C1")))
        assert told not in listed(office, "F3")


def test_an_offer_of_another_call_waits_for_the_principal_until_it_is_answered(office: Office) -> None:
    closed(office)
    assert "of another call" not in words(office.browser("F2").get("/proposals").text)
    assert office.post("C1", "P2", "/refer", place="CALL-B 0", note="").status_code == 302
    page = words(office.browser("F2").get("/proposals").text)
    assert "Hua Works Call 2026 is offered to “Quiet sensing of queues”: say yes or no" in page
    assert "1 answer of yours is waited for." in page
    assert f'href="/proposals/{office.w.proposals["P2"]}/referrals"' in office.browser("F2").get("/proposals").text
    assert answer(office, "F2", "decline") == 302
    assert "is waited for" not in words(office.browser("F2").get("/proposals").text)


def test_the_list_sends_as_many_statements_with_offers_as_without(office: Office) -> None:
    def count() -> int:
        office.browser("F2").get("/proposals")
        with statements() as sent:
            assert office.browser("F2").get("/proposals").status_code == 200
        return len(sent)

    closed(office)
    before = count()
    assert office.post("C1", "P2", "/refer", place="CALL-B 0", note="").status_code == 302
    assert count() == before
