"""What a new version of a form means for the proposals of its call."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from intake.call import form_versions, queries
from intake.call.models import Call
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.form.building import add_question, change_question, remove_question, remove_section
from intake.form.definition import Form, Kind, Label
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.attaching import attach
from intake.proposal.operations import submit, withdraw
from intake.proposal.reforming import Reach, changed_sections, concerned_by, drafts_answering, publish, reach_of
from intake.proposal.team import add_member
from intake.vocabulary import Relation, Role, TeamAnswer
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.world import a_pdf

CODE = "HIRP-2020"


@pytest.fixture
def cora(room: Flask) -> Person:
    load_catalogue()
    return person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call_with(CODE).programme_id}))


def call() -> Call:
    found = queries.to_set_up(CODE)
    assert found is not None
    return found


def change(cora: Person, *acts: object) -> None:
    """Change the form that is worked on."""
    for act in acts:
        assert callable(act)
        seen = form_versions.edition(form_versions.present(call()))
        form_versions.change(call(), act, seen=seen, by=actor(cora))


def published(cora: Person, reach: Reach) -> int:
    """Publish what is worked on; the number of its version."""
    seen = form_versions.edition(form_versions.present(call()))
    ordinal = publish(call(), "", reach, seen=seen, by=actor(cora)).ordinal
    db.session.commit()
    return ordinal


def without(key: str) -> object:
    return lambda form: remove_question(form, key)


def told() -> list[str]:
    rows = db.session.scalars(sa.select(Message).where(Message.kind == "proposal.form_changed").order_by(Message.id))
    return [each.to_address for each in rows]


def test_only_drafts_that_hold_what_changes_are_touched(cora: Person) -> None:
    one, other = draft(call_with(CODE), faculty_member()), draft(call_with(CODE), faculty_member("Ben"), keywords="")
    change(cora, without("keywords"))
    found = concerned_by(call(), form_versions.present(call()), actor(cora))
    assert (found.drafts, found.touched, found.received) == (2, 1, [])
    assert drafts_answering(call(), ["keywords"]) == 1
    assert drafts_answering(call(), ["keywords", "title"]) == 2
    assert drafts_answering(call(), []) == 0
    assert {one.state, other.state} == {"draft"}


def test_a_file_without_a_place_in_the_new_form_counts_as_touched(cora: Person) -> None:
    ada = faculty_member()
    held = draft(call_with(CODE), ada)
    attach(held, "plan.pdf", a_pdf(), store=current_app.extensions["store"], scanner=None, by=actor(ada))
    change(cora, lambda form: remove_section(form, "attachments"))
    assert concerned_by(call(), form_versions.present(call()), actor(cora)).touched == 1


def test_received_proposals_keep_their_version_and_drafts_as_the_office_says(cora: Person) -> None:
    ada, ben = faculty_member(), faculty_member("Ben")
    received, begun = draft(call_with(CODE), ada).id, draft(call_with(CODE), ben).id
    submit(whole(received), by=actor(ada))
    change(cora, without("keywords"))
    assert published(cora, Reach.NEW) == 1
    assert (whole(received).form, whole(begun).form) == (None, None)
    change(cora, lambda form: add_question(form, "summary", Kind.DATE, Label("Start")))
    assert published(cora, Reach.DRAFTS) == 2
    moved = whole(begun).form
    assert moved is not None
    assert (whole(received).form, moved.ordinal) == (None, 2)
    assert whole(begun).keywords == "optics, racks", "what was written is kept"
    assert told() == ["ben@example.org"]
    found = concerned_by(call(), form_versions.present(call()), actor(cora))
    assert [each.id for each in found.received] == [received]


def test_a_withdrawn_draft_moves_untold(cora: Person) -> None:
    ada = faculty_member()
    held = draft(call_with(CODE), ada).id
    withdraw(whole(held), "not now", by=actor(ada))
    change(cora, without("keywords"))
    assert concerned_by(call(), form_versions.present(call()), actor(cora)).drafts == 0
    published(cora, Reach.DRAFTS)
    moved = whole(held).form
    assert moved is not None
    assert moved.ordinal == 1
    assert told() == []


def test_the_team_is_told_but_not_who_has_not_accepted(cora: Person) -> None:
    ada = faculty_member()
    held = draft(call_with(CODE), ada)
    answers = {"Ben": TeamAnswer.ACCEPTED, "Eve": TeamAnswer.DECLINED, "Ivo": TeamAnswer.INVITED}
    for name, answer in answers.items():
        email, relation = faculty_member(name).email, Relation.CO_INVESTIGATOR
        member, _ = add_member(whole(held), name="", email=email, organisation="", relation=relation, by=actor(ada))
        member.answer = answer
    db.session.commit()
    change(cora, without("keywords"))
    published(cora, Reach.DRAFTS)
    assert sorted(told()) == ["ada.applicant@example.org", "ben@example.org"]


def test_changed_sections_are_named_by_the_new_form_and_those_that_went_last(cora: Person) -> None:
    before = form_versions.present(call())

    def after(form: Form) -> Form:
        form = change_question(form, "description", help={"en": "Otherwise."})
        return change_question(remove_section(form, "declarations"), "abstract", limit=2_000)

    assert changed_sections(before, after(before)) == ["Title and abstract", "Description", "Declarations"]
    assert changed_sections(before, before) == []


def test_who_may_publish(cora: Person) -> None:
    ada = actor(faculty_member())
    change(cora, without("keywords"))
    seen = form_versions.edition(form_versions.present(call()))
    with pytest.raises(Refused):
        publish(call(), "", Reach.NEW, seen=seen, by=ada)
    with pytest.raises(Stale):
        publish(call(), "", Reach.NEW, seen="another", by=actor(cora))


def test_the_reach_is_said_where_drafts_have_been_begun() -> None:
    assert reach_of("drafts", 3) is Reach.DRAFTS
    assert reach_of(None, 0) is Reach.NEW
    for text in (None, "", "everybody"):
        with pytest.raises(Incomplete):
            reach_of(text, 1)
