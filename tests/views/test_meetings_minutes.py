"""The minutes on the pages of a meeting: saved, acted on, with an outcome that the office alone sees."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.meeting.models import Item, MeetingAction
from tests.factories.office import Office
from tests.views.meeting_pages import HOUR_AFTER, item, made, post, text


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
    assert post(office, "C1", path, HOUR_AFTER, **late).status_code == 302
    assert "overdue" in text(office, "C1", "/meetings/actions", HOUR_AFTER)
    assert "Call them" in text(office, "C1", "/desk", HOUR_AFTER)
    assert post(office, "F2", f"/meetings/{number}/actions/{action}", act="done").status_code == 403
    assert post(office, "F3", f"/meetings/{number}/actions/{action}", act="done").status_code == 404
    assert post(office, "F1", f"/meetings/{number}/actions/{action}", act="done").status_code == 302
    assert office.ask(lambda: db.session.get_one(MeetingAction, action).done_by_id) == office.w.people["F1"]
    assert "Nothing is left to do." in text(office, "F1", "/meetings/actions", HOUR_AFTER)


def test_an_outcome_is_recorded_and_seen_by_the_office_alone(office: Office) -> None:
    number = made(office)
    first = item(office, number, "P1")
    path = f"/meetings/{number}/items/{first}/outcome"
    assert post(office, "C1", path, HOUR_AFTER, kind="contact").status_code == 422
    data = {"outcome": "declined", "kind": "contact", "note": "They have no budget."}
    assert post(office, "C1", path, HOUR_AFTER, **data).status_code == 302
    assert "They have no budget." in text(office, "C1", f"/meetings/{number}", HOUR_AFTER)
    post(office, "C1", f"/meetings/{number}/hold", HOUR_AFTER)
    for who in ("F1", "S1", "R1"):
        assert "They have no budget." not in text(office, who, f"/meetings/{number}", HOUR_AFTER)
