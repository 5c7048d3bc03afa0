"""Two who write minutes or an outcome at once: whoever comes second hears of it, and of nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from intake import clock
from intake.extensions import db
from intake.meeting import agenda, minutes
from intake.meeting.models import Item
from intake.vocabulary import Limit
from tests.factories.meetings import about, fresh, with_another
from tests.factories.office import Office
from tests.factories.review import words
from tests.views.meeting_pages import HOUR_AFTER, get, item, made, post

AUTO = {"X-Autosave": "1"}
TOO_LONG = "y" * (Limit.COMMENT + 1)


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(app)


def sent(page: str, action: str) -> dict[str, str]:
    """The hidden inputs of a form of the page."""
    form = re.search(rf'<form[^>]*action="[^"]*{action}".*?</form>', page, re.DOTALL)
    assert form is not None
    return dict(re.findall(r'<input type="hidden" name="(seen|version)" value="([^"]*)"', form[0]))


class Minutes:
    """The minutes of the item about P1, opened by C1 and by C3."""

    def __init__(self, office: Office) -> None:
        self.office, self.number = office, made(office)
        self.item = item(office, self.number, "P1")
        self.path = f"/meetings/{self.number}/items/{self.item}/minutes"

    def opened(self, who: str = "C1") -> dict[str, str]:
        return sent(get(self.office, who, self.path, HOUR_AFTER).text, "/minutes")

    def save(self, who: str, notes: str, seen: Any, auto: bool = True) -> TestResponse:
        with clock.at(HOUR_AFTER):
            return self.office.browser(who).post(self.path, data={**seen, "notes": notes}, headers=AUTO if auto else {})

    def kept(self) -> str:
        found: str = self.office.ask(lambda: db.session.get_one(Item, self.item).notes)
        return found


@pytest.fixture
def desk(office: Office) -> Minutes:
    return Minutes(office)


def test_what_cannot_be_kept_does_not_hand_over_the_version_of_somebody_elses_save(desk: Minutes) -> None:
    mine = desk.opened()
    assert desk.save("C3", "What Fay wrote.", desk.opened("C3")).status_code == 200
    late = desk.save("C1", TOO_LONG, mine)
    assert (late.status_code, late.get_json()["stale"]) == (409, True)
    wrong = desk.save("C1", TOO_LONG, mine, auto=False)
    assert wrong.status_code == 422
    assert sent(wrong.text, "/minutes") == mine
    assert desk.save("C1", "y", mine).status_code == 409
    assert desk.kept() == "What Fay wrote."


def test_what_cannot_be_kept_and_is_mended_saves_itself_on(desk: Minutes) -> None:
    told = desk.save("C1", TOO_LONG, desk.opened())
    assert (told.status_code, set(told.get_json()["errors"])) == (200, {"notes"})
    again = {name: told.get_json()[name] for name in ("seen", "version")}
    told = desk.save("C1", "They like it.", again)
    assert told.status_code == 200
    again = {name: told.get_json()[name] for name in ("seen", "version")}
    assert desk.save("C1", "They like it much.", again).status_code == 200
    assert desk.kept() == "They like it much."


@pytest.mark.parametrize("how", ["changed", "moved", "given"])
def test_who_writes_minutes_hears_of_nothing_that_changes_none(desk: Minutes, how: str) -> None:
    """The item gets other words, another place, an action."""
    mine = desk.opened()

    def act() -> None:
        meeting, by = fresh(desk.number), desk.office.w.actor("C3")
        first = about(meeting, desk.office.w, "P1")
        if how == "changed":
            first.heading = "Other words"
            first.minutes = 35
        elif how == "moved":
            agenda.move(meeting, first, up=False, seen=agenda.order(meeting), by=by)
        else:
            first.outcome_note = "by the way"
        db.session.flush()

    version = desk.office.ask(lambda: db.session.get_one(Item, desk.item).version)
    with clock.at(HOUR_AFTER):
        desk.office.ask(act)
        assert desk.office.ask(lambda: db.session.get_one(Item, desk.item).version) > version
        here = desk.office.browser("C1").post(f"{desk.path}/here", data={**mine, "notes": "x"})
    assert here.get_json()["changed"] == ""
    assert desk.save("C1", "They like it.", mine).status_code == 200
    assert desk.save("C3", "Another thing.", mine, auto=False).status_code == 409
    assert desk.kept() == "They like it."


def test_an_outcome_that_somebody_recorded_meanwhile_is_shown_before_it_is_written_over(office: Office) -> None:
    number = made(office)
    found = office.ask(lambda: with_another(office.w, number))
    page, path = f"/meetings/{number}/items/{found}/minutes", f"/meetings/{number}/items/{found}/outcome"
    mine = sent(get(office, "C1", page, HOUR_AFTER).text, "/outcome")
    theirs = sent(get(office, "C3", page, HOUR_AFTER).text, "/outcome")
    data = {"outcome": "interested", "kind": "contact", "note": "They want to hear more."}
    assert post(office, "C3", path, HOUR_AFTER, **theirs, **data).status_code == 302
    over = {"outcome": "declined", "kind": "contact", "note": "No budget."}
    late = post(office, "C1", path, HOUR_AFTER, **mine, **over)
    assert late.status_code == 409
    read = words(late.text)
    told = ("Somebody changed this", "They want to hear more.", "Record it all the same", "No budget.")
    assert [each for each in told if each not in read] == []
    assert "What stands there now" not in read, "the minutes are as they were"
    assert office.ask(lambda: db.session.get_one(Item, found).outcome_note) == "They want to hear more."
    assert post(office, "C1", path, HOUR_AFTER, **over).status_code == 409, "a form without its mark"
    wrong = post(office, "C1", path, HOUR_AFTER, **mine, kind="contact")
    assert (wrong.status_code, sent(wrong.text, "/outcome")) == (422, mine)
    assert post(office, "C1", path, HOUR_AFTER, **sent(late.text, "/outcome"), **over).status_code == 302
    assert office.ask(lambda: db.session.get_one(Item, found).outcome_note) == "No budget."


def test_the_marks_follow_what_they_mark(office: Office) -> None:
    number = made(office)

    def marks() -> tuple[str, str]:
        first = about(fresh(number), office.w, "P1")
        return minutes.notes_edition(first), minutes.outcome_edition(first)

    def set_to(**values: Any) -> None:
        first = about(fresh(number), office.w, "P1")
        for name, value in values.items():
            setattr(first, name, value)

    before = office.ask(marks)
    office.ask(lambda: set_to(heading="Other words", minutes=50))
    assert office.ask(marks) == before
    office.ask(lambda: set_to(notes="They met."))
    after = office.ask(marks)
    assert (after[0] != before[0], after[1]) == (True, before[1])


LONG = "Forty minutes of what everybody said about the racks."


def without(desk: Minutes) -> None:
    """C3 takes the item off while C1 writes."""

    def act() -> None:
        meeting = fresh(desk.number)
        line, by = about(meeting, desk.office.w, "P1"), desk.office.w.actor("C3")
        agenda.take_away(meeting, line, seen=agenda.edition(meeting, line, by), by=by)

    with clock.at(HOUR_AFTER):
        desk.office.ask(act)


def test_what_was_written_of_an_item_that_is_gone_is_shown(desk: Minutes) -> None:
    mine = desk.opened("C1")
    without(desk)
    reply = desk.save("C1", LONG, mine, auto=False)
    assert reply.status_code == 404
    assert "It was not saved." in words(reply.text)
    assert LONG in reply.text
    note = {"outcome": "interested", "kind": "theme", "note": LONG}
    reply = post(desk.office, "C1", desk.path.replace("/minutes", "/outcome"), HOUR_AFTER, **note)
    assert reply.status_code == 404
    assert LONG in reply.text


def test_an_item_that_is_withheld_meanwhile_answers_like_one_that_never_was(desk: Minutes) -> None:
    mine = desk.opened("C1")
    desk.office.conflict("P1", "C1")
    reply = desk.save("C1", LONG, mine, auto=False)
    assert reply.status_code == 404
    assert LONG in reply.text
    never = re.sub(r"/items/\d+/", "/items/999999/", desk.path)
    assert post(desk.office, "C1", never, HOUR_AFTER, notes=LONG).status_code == 404
    assert LONG not in post(desk.office, "C1", "/nowhere", HOUR_AFTER, notes=LONG).text
