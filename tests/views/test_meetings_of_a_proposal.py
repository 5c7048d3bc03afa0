"""The meetings on which a proposal is an item, on the pages that its office and its team have of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from intake import clock
from intake.meeting import agenda, closing
from intake.meeting.queries import about as items_about
from intake.policy import may, reads_item
from intake.vocabulary import Action
from tests.factories.counting import statements
from tests.factories.meetings import LATER, TITLE, about, arranged, fresh, planned
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.world import BEGAN, PEOPLE

DAY_BEFORE = BEGAN + timedelta(days=2)
OWN = "/proposals"
DESK = "/desk/proposals"


@pytest.fixture
def office(app: Flask) -> Office:
    """The world of the scenarios."""
    return Office(app)


@pytest.fixture
def number(office: Office) -> int:
    """The id of a meeting that is arranged for noon: P1, P3 and P4 are on its agenda, and a theme."""
    with clock.at(BEGAN):
        made: int = office.ask(lambda: arranged(office.w))
    return made


def page(office: Office, who: str, area: str, name: str, tab: str = "") -> str:
    """What somebody reads on their page of a proposal."""
    with clock.at(DAY_BEFORE):
        reply = office.browser(who).get(f"{area}/{office.w.proposals[name]}{tab}")
    assert reply.status_code == 200, (who, name)
    return reply.get_data(as_text=True)


def card(text: str) -> str:
    """The words of the card about meetings; nothing where there is none."""
    found = re.search(r'<section class="panel" id="meetings".*?</section>', text, re.DOTALL)
    return words(found[0]) if found else ""


@pytest.mark.parametrize("tab", ["", "?tab=match", "?tab=log", "/board"])
def test_the_office_reads_when_a_proposal_is_talked_about(office: Office, number: int, tab: str) -> None:
    text = page(office, "C1", DESK, "P1", tab)
    item = office.ask(lambda: about(fresh(number), office.w, "P1").id)
    assert f'href="/meetings/{number}#item-{item}"' in text
    told = card(text)
    assert told.startswith(f"Meetings {TITLE} Arranged 12 Mar 2026, 12:00 HKT")
    assert told.endswith("A first look")
    assert card(page(office, "C1", DESK, "P2", tab)) == "", "it is on no agenda"


def test_the_state_of_a_meeting_stands_beside_it(office: Office, number: int) -> None:
    with clock.at(BEGAN):
        office.ask(lambda: planned(office.w))
        office.ask(lambda: closing.cancel(fresh(number), "The room is flooded.", by=office.w.actor("C1")))
    told = card(page(office, "C1", DESK, "P3"))
    assert [word for word in ("Time to be found", "Cancelled", "Arranged", "Held") if word in told] == [
        "Time to be found",
        "Cancelled",
    ]
    assert told.index("Time to be found") < told.index("Cancelled"), "what is still to be found comes first"
    assert "A first look" not in told


def test_the_team_reads_it_where_one_of_them_is_asked(office: Office, number: int) -> None:
    """F1 and F2 attend the item about P1, F2 that about P4; C3, on the team of P4, comes as the office."""
    for who, name in (("F1", "P1"), ("F2", "P1"), ("F2", "P4"), ("F3", "P3")):
        text = page(office, who, OWN, name)
        assert TITLE in card(text), (who, name)
        assert len(re.findall(rf'href="/meetings/{number}#item-\d+"', text)) == 1
    assert "A second look" not in card(page(office, "F2", OWN, "P1"))
    for who, name in (("F1", "P6"), ("F2", "P2"), ("C3", "P4")):
        assert card(page(office, who, OWN, name)) == "", (who, name)


def test_nobody_reads_of_a_meeting_before_they_are_told_nor_for_an_item_of_others(office: Office) -> None:
    with clock.at(BEGAN):
        number = office.ask(lambda: planned(office.w))
    assert card(page(office, "F1", OWN, "P1")) == "", "nobody was told yet"
    assert TITLE in card(page(office, "C1", DESK, "P1"))

    def without_f2() -> None:
        meeting, by = fresh(number), office.w.actor("C1")
        item = about(meeting, office.w, "P1")
        keep = {row.participant_id for row in item.attendance}
        keep -= {each.id for each in meeting.participants if each.person_id == office.w.people["F2"]}
        same = {"heading": item.heading, "minutes": 20, "proposal_id": item.proposal_id, "theme_id": item.theme_id}
        seen = agenda.edition(meeting, item, by)
        agenda.put(meeting, item, seen=seen, **same, contact_id=item.contact_id, attendee_ids=keep, by=by)

    with clock.at(BEGAN):
        office.ask(without_f2)
    assert card(page(office, "F2", OWN, "P1")) == "", "F2 does not attend that item"


@pytest.mark.parametrize("who", [*PEOPLE])
def test_the_list_equals_the_policy(office: Office, number: int, who: str) -> None:
    def compared() -> None:
        meeting, actor = fresh(number), office.w.actor(who)
        for name, proposal_id in office.w.proposals.items():
            rows = [each for each in meeting.items if each.proposal_id == proposal_id]
            allowed = {each.id for each in rows if reads_item(actor, each, meeting)}
            assert {each.id for each in items_about(proposal_id, actor)} == allowed, name
            assert not allowed or may(actor, Action.MEETING_VIEW, meeting), "who reads an item sees its meeting"

    office.ask(compared)


@pytest.mark.parametrize(("who", "area"), [("C1", DESK), ("F1", OWN)])
def test_one_statement_whatever_the_number_of_meetings(office: Office, number: int, who: str, area: str) -> None:
    def asked() -> int:
        office.browser(who)
        with statements() as sent:
            page(office, who, area, "P1")
        return len(sent)

    before = asked()
    with clock.at(BEGAN):
        for days in (1, 2):
            office.ask(lambda: arranged(office.w, LATER + timedelta(days=days)))  # noqa: B023 - called at once
    assert card(page(office, who, area, "P1")).count(TITLE) == 3
    assert asked() == before
