"""The versions of a call's form: worked on, published, and never changed again."""

from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from intake.audit.chain import canonical
from intake.audit.models import Event
from intake.call import form_versions, queries
from intake.call.form_versions import change, discard, edition, present, publish, working_copy
from intake.call.models import Call, FormVersion
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.form.building import add_question, add_section, change_question, remove_question
from intake.form.definition import BadForm, Form, Kind, Label
from intake.policy import Actor
from intake.vocabulary import Role
from tests.factories.people import actor, faculty_member, load_catalogue, person_with

CODE = "HIRP-2020"


@pytest.fixture
def office(room: Flask) -> Actor:
    load_catalogue()
    made = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call().programme_id}))
    db.session.commit()
    return actor(made)


def call() -> Call:
    """The call as its set-up loads it."""
    found = queries.to_set_up(CODE)
    assert found is not None
    return found


def seen() -> str:
    return edition(present(call()))


def with_impact(form: Form) -> Form:
    """One more question."""
    return add_question(form, "description", Kind.LONG_TEXT, Label("Impact"))


def without_impact(form: Form) -> Form:
    return remove_question(form, "impact")


def last_event() -> Event:
    db.session.commit()  # seals what waits
    return db.session.scalars(sa.select(Event).order_by(Event.position.desc()).limit(1)).one()


def test_a_form_is_worked_on_and_published(office: Actor) -> None:
    standard = present(call())
    assert form_versions.working(call()) is None
    after = change(call(), with_impact, seen=seen(), by=office)
    assert [each.key for each in after.questions if each not in standard.questions] == ["impact"]
    event = last_event()
    assert (event.action, event.became) == ("form.changed", "1")
    assert event.facts["changes"] == ["The question “Impact” was added."]

    version = form_versions.working(call())
    assert version is not None
    assert version.sha256 == hashlib.sha256(canonical(version.definition)).hexdigest()
    assert form_versions.in_use(call()) == standard, "nothing is published yet"

    publish(call(), "asked by the sponsor", seen=seen(), by=office)
    event = last_event()
    assert (event.action, event.became, event.note) == ("form.published", "1", "asked by the sponsor")
    assert event.facts["changes"] == ["The question “Impact” was added."]
    assert event.facts["sha256"] == version.sha256
    assert form_versions.in_use(call()) == after
    assert form_versions.working(call()) is None


def test_the_next_version_begins_with_the_one_in_force(office: Actor) -> None:
    change(call(), with_impact, seen=seen(), by=office)
    first = publish(call(), "", seen=seen(), by=office)
    copy = working_copy(call(), by=office)
    assert (copy.ordinal, copy.definition, copy.sha256) == (2, first.definition, first.sha256)
    assert working_copy(call(), by=office).id == copy.id, "there is one at a time"
    with pytest.raises(Incomplete, match="nothing to publish"):
        publish(call(), "", seen=seen(), by=office)
    change(call(), without_impact, seen=seen(), by=office)
    publish(call(), "", seen=seen(), by=office)
    assert last_event().facts["changes"] == ["The question “Impact” was removed."]
    assert [each.ordinal for each in call().forms] == [1, 2]


def test_a_change_that_changes_nothing_leaves_no_trace(office: Actor) -> None:
    before = db.session.scalar(sa.select(sa.func.count(Event.position)))
    change(call(), lambda form: change_question(form, "title", required=True), seen=seen(), by=office)
    db.session.commit()
    assert form_versions.working(call()) is None
    assert db.session.scalar(sa.select(sa.func.count(Event.position))) == before


def test_changes_are_discarded(office: Actor) -> None:
    with pytest.raises(Incomplete, match="no changes"):
        discard(call(), seen=seen(), by=office)
    standard = present(call())
    change(call(), with_impact, seen=seen(), by=office)
    discard(call(), seen=seen(), by=office)
    assert last_event().action == "form.discarded"
    assert present(call()) == standard
    assert db.session.scalar(sa.select(sa.func.count(FormVersion.id))) == 0


def test_nobody_changes_a_form_that_they_have_not_seen(office: Actor) -> None:
    old = seen()
    change(call(), with_impact, seen=old, by=office)
    for act in (
        lambda: change(call(), lambda form: add_section(form, Label("Ethics")), seen=old, by=office),
        lambda: publish(call(), "", seen=old, by=office),
        lambda: discard(call(), seen=old, by=office),
    ):
        with pytest.raises(Stale):
            act()
    assert [each.key for each in present(call()).sections][-1] != "ethics"


def test_a_refused_change_leaves_the_form_as_it_was(office: Actor) -> None:
    before = present(call())
    with pytest.raises(BadForm, match="title"):
        change(call(), lambda form: remove_question(form, "title"), seen=seen(), by=office)
    db.session.commit()
    assert present(call()) == before
    assert form_versions.working(call()) is None


def test_only_a_coordinator_of_the_call_works_on_its_form(office: Actor) -> None:
    ada = actor(faculty_member())
    change(call(), with_impact, seen=seen(), by=office)
    for act in (
        lambda: working_copy(call(), by=ada),
        lambda: change(call(), without_impact, seen=seen(), by=ada),
        lambda: publish(call(), "", seen=seen(), by=ada),
        lambda: discard(call(), seen=seen(), by=ada),
    ):
        with pytest.raises(Refused):
            act()


def test_a_key_is_never_used_for_another_question(office: Actor) -> None:
    change(call(), with_impact, seen=seen(), by=office)
    publish(call(), "", seen=seen(), by=office)
    change(call(), without_impact, seen=seen(), by=office)
    taken = form_versions.keys_used(call())
    assert {"title", "impact"} <= taken
    made = add_question(present(call()), "description", Kind.DATE, Label("Impact"), taken=taken)
    assert made.questions[-1].key != "impact"
    assert "impact_2" in {each.key for each in made.questions}


@pytest.mark.parametrize(
    "act",
    [
        sa.update(FormVersion).values(note="otherwise"),
        sa.update(FormVersion).values(published_at=None),
        sa.update(FormVersion).values(definition={"sections": []}),
        sa.delete(FormVersion),
    ],
    ids=["note", "unpublish", "definition", "delete"],
)
def test_the_database_refuses_to_alter_a_published_version(office: Actor, act: sa.Executable) -> None:
    change(call(), with_impact, seen=seen(), by=office)
    publish(call(), "", seen=seen(), by=office)
    with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
        db.session.execute(act)


def test_no_object_in_hand_alters_a_published_version(office: Actor) -> None:
    change(call(), with_impact, seen=seen(), by=office)
    version = publish(call(), "", seen=seen(), by=office)
    kept = dict(version.definition)
    with pytest.raises(DBAPIError, match="never changes"), db.session.begin_nested():
        version.definition = {"sections": []}
        db.session.flush()
    with pytest.raises(Incomplete, match="never changes"):
        form_versions._write(version, present(call()), office)
    db.session.expire_all()
    assert db.session.get_one(FormVersion, version.id).definition == kept


def test_a_version_that_is_worked_on_may_change_and_go(office: Actor) -> None:
    """The guard of the database is for published versions only."""
    change(call(), with_impact, seen=seen(), by=office)
    change(call(), without_impact, seen=seen(), by=office)
    discard(call(), seen=seen(), by=office)
    db.session.commit()
