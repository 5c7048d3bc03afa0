"""The minutes on the pages of a meeting: saved, acted on, with an outcome that the office alone sees."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.meeting import agenda, minutes
from intake.meeting.models import Item, MeetingAction
from intake.people.models import RoleGrant
from intake.vocabulary import Role
from tests.factories.meetings import about, fresh, line_of, with_another
from tests.factories.office import Office
from tests.factories.review import words
from tests.views.meeting_pages import HOUR_AFTER, get, item, made, post, text


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def test_minutes_save_themselves_and_by_the_button(office: Office) -> None:
    number = made(office)
    first = item(office, number, "P1")
    path = f"/meetings/{number}/items/{first}/minutes"
    version = office.ask(lambda: db.session.get_one(Item, first).version)
    with clock.at(HOUR_AFTER):
        reply = office.browser("C1").post(
            path, data={"notes": "They like it.", "version": version}, headers={"X-Autosave": "1"}
        )
        assert (reply.status_code, reply.json["version"]) == (200, version + 1)
        stale = office.browser("C1").post(
            path, data={"notes": "Other words.", "version": version}, headers={"X-Autosave": "1"}
        )
        assert stale.status_code == 409
    page = post(office, "C1", path, HOUR_AFTER, notes="Other words.", version=version)
    assert page.status_code == 409
    assert all(told in page.get_data(as_text=True) for told in ("They like it.", "Other words.", "Save over it"))
    assert "They like it." not in text(office, "F1", f"/meetings/{number}", HOUR_AFTER)
    assert post(office, "C1", f"/meetings/{number}/hold", HOUR_AFTER).status_code == 302
    assert "They like it." in text(office, "F1", f"/meetings/{number}", HOUR_AFTER)
    assert post(office, "C1", path, HOUR_AFTER, notes="They love it.", version=version + 1).status_code == 302
    assert "They like it." in text(office, "C1", path, HOUR_AFTER)
    assert "They like it." not in text(office, "F1", f"/meetings/{number}", HOUR_AFTER)


def test_an_action_goes_from_the_minutes_to_its_owners_list(office: Office) -> None:
    number = made(office)
    first = item(office, number, "P1")
    path = f"/meetings/{number}/items/{first}/actions"
    data = {"what": "Send the figures", "due_on": "2026-03-20"}
    outsider = post(office, "C1", path, HOUR_AFTER, owner_id=office.w.people["F3"], **data)
    assert outsider.status_code == 422
    assert post(office, "C1", path, HOUR_AFTER, owner_id=office.w.people["F1"], **data).status_code == 302
    assert "Send the figures" in text(office, "F1", "/meetings/actions", HOUR_AFTER)
    assert "Send the figures" not in text(office, "F2", f"/meetings/{number}", HOUR_AFTER)
    action = office.ask(lambda: db.session.scalar(sa.select(sa.func.min(MeetingAction.id))))
    assert "overdue" not in text(office, "F1", "/meetings/actions", HOUR_AFTER)
    late = {"what": "Call them", "due_on": "2026-03-11", "owner_id": office.w.people["C1"]}
    refused = post(office, "C1", path, HOUR_AFTER, **late)
    assert (refused.status_code, "Until: Choose today or a day to come." in words(refused.text)) == (422, True)
    assert post(office, "C1", path, HOUR_AFTER, **late | {"due_on": "2026-03-12"}).status_code == 302
    after_midnight = HOUR_AFTER + timedelta(hours=11.5)
    assert "overdue" in text(office, "C1", "/meetings/actions", after_midnight)
    assert "Call them" in text(office, "C1", "/desk", after_midnight)
    assert post(office, "F2", f"/meetings/{number}/actions/{action}", act="done").status_code == 403
    assert post(office, "F3", f"/meetings/{number}/actions/{action}", act="done").status_code == 404
    assert post(office, "F1", f"/meetings/{number}/actions/{action}", act="done").status_code == 302
    assert office.ask(lambda: db.session.get_one(MeetingAction, action).done_by_id) == office.w.people["F1"]
    assert "Nothing is left to do." in text(office, "F1", "/meetings/actions", HOUR_AFTER)


def test_an_outcome_is_recorded_and_seen_by_the_office_alone(office: Office) -> None:
    number = made(office)
    first = office.ask(lambda: with_another(office.w, number))
    path = f"/meetings/{number}/items/{first}/outcome"
    assert post(office, "C1", path, HOUR_AFTER, kind="contact").status_code == 422
    seen = office.ask(lambda: minutes.outcome_edition(db.session.get_one(Item, first)))
    data = {"outcome": "declined", "kind": "contact", "note": "They have no budget.", "seen": seen}
    assert post(office, "C1", path, HOUR_AFTER, **data).status_code == 302
    assert "They have no budget." in text(office, "C1", f"/meetings/{number}", HOUR_AFTER)
    post(office, "C1", f"/meetings/{number}/hold", HOUR_AFTER)
    for who in ("F1", "F2", "S1", "R1"):
        assert "They have no budget." not in text(office, who, f"/meetings/{number}", HOUR_AFTER)


def test_the_board_goes_back_from_matched_with_a_box_that_says_so(office: Office) -> None:
    number = made(office)
    item_id = office.ask(lambda: with_another(office.w, number))
    page, path = f"/meetings/{number}/items/{item_id}/minutes", f"/meetings/{number}/items/{item_id}/outcome"

    def seen() -> dict[str, str]:
        return {"seen": office.ask(lambda: minutes.outcome_edition(db.session.get_one(Item, item_id)))}

    def outcome() -> str:
        return str(office.ask(lambda: db.session.get_one(Item, item_id).outcome))

    assert 'name="back"' not in get(office, "C1", page, HOUR_AFTER).text
    said = {"outcome": "matched", "kind": "contact", "note": "Yes."}
    assert post(office, "C1", path, HOUR_AFTER, **said, **seen()).status_code == 302
    less = said | {"outcome": "interested", "note": "Not quite."}
    asks = post(office, "C1", path, HOUR_AFTER, **less, **seen())
    assert (asks.status_code, outcome()) == (422, "matched")
    assert "On the match board they are matched. Tick this if they are to be “Interested” again." in words(asks.text)
    assert 'name="back"' in asks.text
    assert post(office, "C1", path, HOUR_AFTER, **less, **seen(), back="y").status_code == 302
    assert outcome() == "interested"
    first = item(office, number, "P1")
    mark = office.ask(lambda: minutes.outcome_edition(db.session.get_one(Item, first)))
    never = post(office, "C1", f"/meetings/{number}/items/{first}/outcome", HOUR_AFTER, **less, seen=mark, back="y")
    assert (never.status_code, "The match is undone on the proposal" in words(never.text)) == (422, True)


def test_an_action_is_offered_a_week_from_the_offices_day(office: Office) -> None:
    """23:30 in Greenwich on the 11th is the 12th in Hong Kong."""
    number = made(office)
    path = f"/meetings/{number}/items/{item(office, number, 'P1')}/minutes"
    page = get(office, "C1", path, datetime(2026, 3, 11, 23, 30, tzinfo=UTC)).text
    assert re.findall(r'name="due_on"[^>]*value="([^"]*)"', page) == ["2026-03-19"]


def test_a_chair_who_is_not_the_proposals_office_learns_nothing_of_its_match(office: Office) -> None:
    """C3 chairs it, and coordinates no more: an outcome is refused before anything is looked up."""
    number = made(office)
    path = f"/meetings/{number}/items/{item(office, number, 'P1')}"

    def act() -> None:
        meeting, w, by = fresh(number), office.w, office.w.actor("C1")
        row = about(meeting, w, "P1")
        who = {each.participant_id for each in row.attendance} | {line_of(meeting, w, "C3")}
        asks = {"heading": row.heading, "minutes": row.minutes, "proposal_id": row.proposal_id}
        with_what = {"theme_id": row.theme_id, "contact_id": row.contact_id, "attendee_ids": who}
        agenda.put(meeting, row, **asks, **with_what, seen=agenda.edition(meeting, row, by), by=by)
        meeting.chair_id = w.people["C3"]
        mine = sa.select(RoleGrant).where(RoleGrant.person_id == w.people["C3"], RoleGrant.role == Role.COORDINATOR)
        for grant in db.session.scalars(mine):
            grant.revoked_at = clock.now()

    with clock.at(HOUR_AFTER):
        office.ask(act)
    assert "Outcome" not in words(get(office, "C3", f"{path}/minutes", HOUR_AFTER).text)
    for outcome, kind in (("interested", "contact"), ("declined", "theme"), ("matched", "contact")):
        reply = post(office, "C3", f"{path}/outcome", HOUR_AFTER, outcome=outcome, kind=kind, note="x", seen="0")
        assert reply.status_code in (403, 404), outcome
        assert "matched with" not in reply.text
