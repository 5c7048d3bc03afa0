"""A form is tried, published to new proposals or to drafts too, and its old versions stay readable."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake.audit.models import Event
from intake.call.models import FormVersion
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.operations import submit
from intake.vocabulary import ConflictKind, Declared
from tests.factories.people import actor, whole
from tests.views.form_desk import CODE, PAGE, Desk, begun, keys


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


# --- publishing -------------------------------------------------------------------------------------------------------


def letters(desk: Desk) -> list[tuple[str, str]]:
    with desk.app.app_context():
        rows = db.session.scalars(sa.select(Message).where(Message.kind == "proposal.form_changed")).all()
        return [(each.to_address, each.body_text) for each in rows]


def version_of(desk: Desk, number: int) -> int:
    with desk.app.app_context():
        found = whole(number).form
        return found.ordinal if found else 0


def test_a_form_is_published_to_new_proposals_only(desk: Desk) -> None:
    first = begun(desk)
    desk.post("/questions/keywords/remove")
    text = desk.get("/publish")
    assert "The question “Keywords” was removed." in text
    assert "1 draft has answers to questions that change." in text
    assert "Ada" not in text and "Optical interconnects" not in text
    answer = desk.publish()
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text, "with drafts it must be said"
    assert desk.publish(reach="new", note="No keywords wanted").status_code == 302
    assert version_of(desk, first) == 0
    assert letters(desk) == []
    assert version_of(desk, begun(desk)) == 1
    assert "There is nothing to publish." in desk.get("/publish")
    assert desk.publish(reach="new").status_code == 422


def test_a_form_is_published_to_drafts_too_and_their_teams_are_told(desk: Desk) -> None:
    first = begun(desk)
    with desk.app.app_context():
        held = whole(first)
        before = (held.version, held.changed_at, held.keywords)
    desk.post("/questions/keywords/remove")
    desk.add("yes_no", "Human subjects")
    assert desk.publish(reach="drafts").status_code == 302
    assert version_of(desk, first) == 1
    with desk.app.app_context():
        held = whole(first)
        assert held.keywords == before[2], "what was written is kept"
        assert (held.version, held.changed_at) == (before[0] + 1, before[1])
        event = db.session.scalars(sa.select(Event).where(Event.action == "proposal.form_changed")).one()
        assert (event.subject_id, event.was, event.became) == (first, "0", "1")
    ((address, body),) = letters(desk)
    assert address == "ada.applicant@example.org"
    assert "Title and abstract, Theme and keywords" in body
    page = desk.ada.get(f"/proposals/{first}/edit/summary").text
    assert "Human subjects" in page
    assert "keywords" not in desk.ada.get(f"/proposals/{first}/edit/theme").text.lower().replace(
        "theme and keywords", ""
    )


def test_without_drafts_it_is_just_published(desk: Desk) -> None:
    desk.add("date", "Start")
    text = desk.get("/publish")
    assert "No draft has been begun." in text and 'name="reach"' not in text
    assert desk.publish().status_code == 302
    assert "version 1" in desk.get()


def test_received_proposals_are_listed_as_far_as_one_may_see_them(desk: Desk) -> None:
    seen_by_all, hidden = received(desk), received(desk, title="A conflicted thing")
    with desk.app.app_context():
        db.session.add(
            Conflict(
                proposal_id=hidden, person_id=desk.ids["cora"], declared=Declared.CONFLICT, kind=ConflictKind.PERSONAL
            )
        )
        db.session.commit()
    desk.add("date", "Start")
    text = desk.get("/publish")
    assert "Optical interconnects" in text and "A conflicted thing" not in text
    assert "1 proposal was received." in text
    desk.publish()
    assert version_of(desk, seen_by_all) == version_of(desk, hidden) == 0


def test_changes_are_discarded_after_a_question(desk: Desk) -> None:
    desk.add("date", "Start")
    assert "The question “Start” was added." in desk.get("/discard")
    assert desk.post("/discard").status_code == 302
    assert "start" not in keys(desk)
    assert desk.post("/discard").status_code == 302, "there is nothing left to discard, and that is said"
    assert "There are no changes to discard." in desk.get()


def test_every_version_is_listed_and_shown(desk: Desk) -> None:
    desk.add("date", "Start")
    desk.publish(note="a date was asked for")
    desk.post("/questions/start/remove")
    text = desk.get("/versions")
    assert "a date was asked for" in text and "Cora Office" in text
    assert "The question “Start” was added." in text and "The question “Start” was removed." in text
    assert "Start" in desk.get("/versions/1") and "Start" not in desk.get("/versions/2").split("<main")[1]
    assert "Title and abstract" in desk.get("/versions/0")
    desk.get("/versions/3", 404)


# --- the preview ------------------------------------------------------------------------------------------------------


def rows(desk: Desk) -> dict[str, int]:
    with desk.app.app_context():
        return {
            table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0
            for table in db.metadata.tables.values()
        }


def test_the_preview_tries_the_form_and_saves_nothing(desk: Desk) -> None:
    human, ethics = desk.add("yes_no", "Human subjects"), desk.add("long_text", "Ethics approval")
    rule = {"conditions": "all", "cond-question-0": human, "cond-is-0": "equals", "cond-value-0": "yes"}
    desk.save(ethics, limit="3", unit="words", required="y", **rule)
    before = rows(desk)
    text = desk.get("/preview")
    assert re.search(rf'id="{ethics}-question"[^>]*hidden', text), "not asked yet"
    assert "disabled" not in text.split("<main")[1]

    answer = desk.post("/preview", **{human: "no", ethics: "kept all the same", "duration_months": "x"})
    assert answer.status_code == 422
    assert "Duration: Write a number such as 12,000." in answer.text
    assert "Ethics approval <span" in answer.text and "(only if “Human subjects” is yes)" in answer.text
    assert "Title: Give it a title." in answer.text
    assert "kept all the same" in answer.text

    answer = desk.post("/preview", **{human: "yes", ethics: "four words are many", "title": "T"})
    assert answer.status_code == 200
    assert "At most 3 words; this has 4, 1 too many." in answer.text
    assert not re.search(rf'id="{ethics}-question"[^>]*hidden', answer.text)
    answer = desk.cora.post(f"{PAGE}/preview", data={human: "yes"}, headers={"X-Autosave": "1"})
    assert ethics in answer.json["shown"]
    assert answer.json["faults"][ethics] == "Please fill this in."
    answer = desk.post("/preview", **{"and": "more:nothing"})
    assert answer.status_code == 200
    assert rows(desk) == before


# --- old versions -----------------------------------------------------------------------------------------------------


def received(desk: Desk, **answers: Any) -> int:
    """A proposal of Ada's that was submitted; its id."""
    number = begun(desk, **answers)
    with desk.app.app_context():
        submit(whole(number), by=actor(db.session.get_one(Person, desk.ids["ada"])))
        db.session.commit()
    return number


def test_an_old_version_renders_whatever_became_of_the_form(desk: Desk) -> None:
    made = {
        kind: desk.add(kind, f"Asked as {kind}")
        for kind in ("choice", "long_text", "number", "people", "budget", "date")
    }
    desk.publish()
    number = received(
        desk,
        **{
            made["choice"]: "first_answer",
            made["long_text"]: "The long answer.",
            made["number"]: "12",
            made["people"]: [{"name": "Pat Partner", "organisation": "Elsewhere", "email": "", "orcid": "", "ror": ""}],
            made["budget"]: {
                "lines": [{"category": "staff", "year": 1, "amount_minor": 6_500_000, "justification": "pay"}]
            },
            made["date"]: "2026-03-31",
        },
    )
    for kind in ("long_text", "people", "budget"):
        assert desk.post(f"/questions/{made[kind]}/remove").status_code == 302
    assert desk.save(made["choice"], label_en="Renamed", **{"en-0": "Another label"}).status_code == 302
    assert desk.save(made["number"], most="3").status_code == 302
    assert desk.post("/questions/keywords/remove").status_code == 302
    assert desk.publish().status_code == 302
    assert [each.ordinal for each in versions(desk)] == [1, 2]

    told = [
        "Asked as choice",
        "First answer",
        "The long answer.",
        "Asked as people",
        "Pat Partner",
        "Asked as budget",
        "Staff",
    ]
    with desk.app.app_context():
        receipt = whole(number).received[0].id
    pages = {
        "overview": desk.ada.get(f"/proposals/{number}"),
        "applicant": desk.ada.get(f"/proposals/{number}/edit/summary"),
        "office": desk.cora.get(f"/desk/proposals/{number}"),
        "receipt": desk.ada.get(f"/proposals/{number}/receipt/{receipt}"),
        "export": desk.cora.get(f"/desk/calls/{CODE}/proposals.csv"),
        "version": desk.cora.get(f"{PAGE}/versions/1"),
    }
    for name, page in pages.items():
        assert page.status_code == 200, name
    for name in ("overview", "applicant", "office", "receipt"):
        missing = [words for words in told if words not in pages[name].text]
        assert not missing, (name, missing)
        assert "Renamed" not in pages[name].text and "Another label" not in pages[name].text


def versions(desk: Desk) -> list[FormVersion]:
    with desk.app.app_context():
        return list(db.session.scalars(sa.select(FormVersion).order_by(FormVersion.ordinal)))
