"""Answers carried to another call: by the applicant from an earlier proposal, by the office to the next stage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.call.models import Call
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.proposal.carrying import invite_on, plan, start_from
from intake.proposal.likeness import alike, likeness, words
from intake.vocabulary import Relation, Role, State, TeamAnswer
from tests.factories.forms import give_form
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted, letters_to


@pytest.fixture
def made(room: Flask) -> Iterator[Any]:
    """Ada's draft in AIR 2021, and HIRP 2020 with a form of its own."""
    load_catalogue()
    ada = faculty_member()
    give_form(call_with("HIRP-2020"))
    proposal = draft(call_with("AIR-2021"), ada, title="Light in racks", abstract="We join racks.")
    yield SimpleNamespace(ada=ada, source=proposal, hirp=call_with("HIRP-2020"))


def test_what_would_be_carried_is_told_before(made: Any) -> None:
    found = plan(made.source, made.hirp)
    assert {each.question.key: each.text for each in found.carried} == {
        "title": "Light in racks",
        "abstract": "We join racks.",
    }
    left = {each.source_key for each in found.left}
    assert {"description", "keywords", "amount_minor"} <= left


def test_only_what_was_ticked_is_carried_and_the_earlier_one_stays(made: Any) -> None:
    begun = start_from(made.source, made.hirp, {"title"}, by=actor(made.ada), organisation="COMP")
    begun = whole(begun)
    assert (begun.title, begun.abstract, begun.carried_from_id) == ("Light in racks", "", made.source.id)
    assert begun.form is not None
    assert whole(made.source).abstract == "We join racks."


def test_nobody_begins_from_what_is_not_theirs(made: Any) -> None:
    other = faculty_member("Ben Other")
    with pytest.raises(Refused):
        start_from(made.source, made.hirp, {"title"}, by=actor(other), organisation="EE")


def test_by_the_page(app: Flask, client_for: Callable[[Any], FlaskClient]) -> None:
    with app.app_context():
        load_catalogue()
        ada, ben = faculty_member(), faculty_member("Ben Other")
        give_form(call_with("HIRP-2020"))
        source = draft(call_with("AIR-2021"), ada, title="Light in racks").id
        db.session.commit()
    page = f"/calls/HIRP-2020/start-from?from={source}"
    shown = client_for(ada).get(page).text
    assert ("Light in racks" in shown, 'value="title" checked' in shown) == (True, True)
    strange = client_for(ben).get(page)
    assert (strange.status_code, "Light in racks" in strange.text) == (200, False)
    sent = {"from": source, "carry": ["title", "description"], "once": "k"}
    assert client_for(ben).post("/calls/HIRP-2020/start-from", data=sent).status_code == 422
    reply = client_for(ada).post("/calls/HIRP-2020/start-from", data=sent)
    assert reply.status_code == 302
    assert client_for(ada).post("/calls/HIRP-2020/start-from", data=sent).location == reply.location
    assert 'value="Light in racks"' in client_for(ada).get(reply.location).text


@pytest.fixture
def staged(made: Any) -> Any:
    """A selected proposal of a call that no sponsor decides, with a next stage that is open, and its coordinator."""
    made.cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": made.source.call.programme_id}))
    made.ben, made.dan = faculty_member("Ben Partner"), faculty_member("Dan Invited")
    accepted(made.source, made.ben, Relation.CO_INVESTIGATOR)
    accepted(made.source, made.dan, Relation.CO_INVESTIGATOR).answer = TeamAnswer.INVITED
    first = made.source.call
    now = clock.now()
    made.stage = Call(
        code="AIR-2021-FULL",
        programme_id=first.programme_id,
        title="AIR 2021, full proposals",
        currency=first.currency,
        follows_id=first.id,
        by_invitation=True,
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=9),
    )
    db.session.add(made.stage)
    made.source.number, made.source.submitted_at = "AIR-2021-0001", now
    made.source.state = State.SELECTED
    db.session.flush()
    made.source = whole(made.source)
    made.stage = call_with("AIR-2021-FULL")
    return made


def test_the_team_that_accepted_goes_on_with_its_answers_and_is_told(staged: Any) -> None:
    begun = whole(invite_on(staged.source, staged.stage, by=actor(staged.cora)))
    assert (begun.title, begun.state, begun.call.code) == ("Light in racks", State.DRAFT, "AIR-2021-FULL")
    assert {member.name for member in begun.team} == {"Ada Applicant", "Ben Partner"}
    assert begun.principal.person_id == staged.ada.id
    for person in (staged.ada, staged.ben):
        (letter,) = letters_to(person.email, "proposal.invited_on")
        assert f"/proposals/{begun.id}" in letter.body_text
    assert letters_to(staged.dan.email, "proposal.invited_on") == []
    assert whole(staged.source).state is State.SELECTED


def test_nobody_is_invited_twice_nor_to_another_call(staged: Any) -> None:
    invite_on(staged.source, staged.stage, by=actor(staged.cora))
    with pytest.raises(Incomplete, match="already"):
        invite_on(staged.source, staged.stage, by=actor(staged.cora))
    with pytest.raises(Incomplete, match="not the next stage"):
        invite_on(staged.source, staged.hirp, by=actor(staged.cora))


def test_only_the_office_of_the_call_invites_and_only_what_is_selected(staged: Any) -> None:
    elsewhere = person_with("Eve Elsewhere", (Role.COORDINATOR, {"programme_id": staged.hirp.programme_id}))
    for person in (staged.ada, elsewhere):
        with pytest.raises(Refused):
            invite_on(staged.source, staged.stage, by=actor(person))
    staged.source.state = State.DECLINED
    with pytest.raises(Refused, match=r"not possible|selected"):
        invite_on(staged.source, staged.stage, by=actor(staged.cora))


def test_a_stage_in_preparation_takes_nobody(staged: Any) -> None:
    staged.stage.in_preparation = True
    with pytest.raises(Incomplete, match="not open"):
        invite_on(staged.source, staged.stage, by=actor(staged.cora))


def test_ones_own_proposals_that_are_alike_are_hinted_and_nobody_elses(made: Any) -> None:
    again = draft(made.hirp, made.ada, title="Light in racks again", abstract="We join racks by light.")
    assert [each.id for each in alike(again, actor(made.ada))] == [made.source.id]
    ben = faculty_member("Ben Other")
    his = draft(made.hirp, ben, title="Light in racks", abstract="We join racks.")
    assert alike(his, actor(ben)) == []


def test_likeness_knows_chinese_and_needs_words() -> None:
    one, other = words("機櫃級運算的光互連"), words("機櫃級運算的光互連技術")
    assert likeness(one, other) > 0.7
    assert likeness(words("a b"), words("a b")) == 0.0
