"""What people work on: who keeps it, what counts as the same publication, one act removed and put back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.match import profile, publication_lists, theme_levels
from intake.match.profile import KEPT_FOR, keeps
from intake.match.publication_lists import Fate
from intake.people.models import Person, Publication
from intake.vocabulary import PublicationSource
from tests.match.small import PEOPLE, Small, build

LIST = b"""title,abstract,year,doi
Light in racks,We join racks.,2024,10.1000/1
Light in Racks!,,,
,No title here,2020,
Sound in water,,in May,
"""


@pytest.fixture
def world(room: Flask) -> Small:
    return build()


def person(world: Small, name: str) -> Person:
    return world.person(name)


def titles(world: Small, name: str) -> list[str]:
    db.session.expire_all()
    return [each.title for each in person(world, name).publications]


def test_a_profile_is_kept_by_its_person_the_administrator_and_the_office_they_work_for(world: Small) -> None:
    may = {
        (who, whose): bool(keeps(world.actor(who), person(world, whose)))
        for who in PEOPLE
        for whose in ("R1", "S1", "S2", "F1", "C2")
    }
    keepers = {whose: {who for who in PEOPLE if may[who, whose]} for whose in ("R1", "S1", "S2", "F1", "C2")}
    assert keepers == {
        "R1": {"R1", "AD", "C1", "C2"},
        "S1": {"S1", "AD", "C1"},
        "S2": {"S2", "AD", "C2"},
        "F1": {"F1", "AD"},
        "C2": {"C2", "AD"},
    }


def test_whoever_does_not_keep_it_is_told_that_there_is_nothing(world: Small) -> None:
    ruling = keeps(world.actor("F1"), person(world, "R1"))
    assert (ruling.allowed, ruling.hidden) == (False, True)
    for act in (
        lambda who: profile.set_profile(person(world, "R1"), "a", "b", version=1, by=who),
        lambda who: profile.add_publication(person(world, "R1"), "A title", by=who),
        lambda who: profile.remove(person(world, "R1"), sa.true(), by=who),
        lambda who: profile.put_back(person(world, "R1"), clock.now(), by=who),
        lambda who: theme_levels.set_levels(person(world, "R1"), {}, by=who),
    ):
        with pytest.raises(Refused):
            act(world.actor("F1"))


def test_words_are_saved_with_what_they_were_in_the_log(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("C1")
    assert profile.set_profile(someone, "optics, 光學", "Light.", version=someone.version, by=by)
    assert not profile.set_profile(someone, "optics, 光學", "Light.", version=someone.version, by=by)
    with pytest.raises(Stale):
        profile.set_profile(someone, "", "", version=someone.version - 1, by=by)
    db.session.commit()
    event = db.session.scalars(sa.select(Event).where(Event.action == "profile.changed")).one()
    assert (event.actor_id, event.subject_id) == (by.id, someone.id)
    assert event.facts["changes"] == {"keywords": ["", "optics, 光學"], "expertise": ["", "Light."]}


def test_a_publication_is_added_once_whatever_its_case_or_its_signs(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("R1")
    profile.add_publication(someone, "Light in racks", doi="10.1000/1", by=by)
    for title, doi in (("LIGHT in  racks.", ""), ("Another title", "10.1000/1"), ("?!", "")):
        with pytest.raises(Incomplete) as refused:
            profile.add_publication(someone, title, doi=doi, by=by)
        assert list(refused.value.fields) == ["title"]
    assert titles(world, "R1") == ["Light in racks"]


def test_a_list_is_told_row_by_row_and_then_kept(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("R1")
    profile.add_publication(someone, "Sound in water", by=by)
    found, source = publication_lists.read(LIST, "mine.CSV")
    rows = publication_lists.report(someone, found)
    assert [(row.line, row.fate) for row in rows] == [
        (2, Fate.NEW),
        (3, Fate.TWICE),
        (4, Fate.REFUSED),
        (5, Fate.THERE),
    ]
    added = publication_lists.keep(someone, found, source, by=by)
    assert [(each.title, each.year, each.source) for each in added] == [("Light in racks", 2024, PublicationSource.CSV)]
    assert publication_lists.keep(someone, found, source, by=by) == [], "kept twice"
    assert titles(world, "R1") == ["Sound in water", "Light in racks"]


def test_rows_can_be_left_out(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("R1")
    found, source = publication_lists.read(b"One title of mine\nAnother title of mine\n")
    assert source is PublicationSource.PASTED
    publication_lists.keep(someone, found, source, without={1}, by=by)
    assert titles(world, "R1") == ["Another title of mine"]


def test_one_import_is_removed_as_one_and_put_back(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("R1")
    profile.add_publication(someone, "By hand", by=by)
    found, source = publication_lists.read(b"First of the list\nSecond of the list\n")
    added = publication_lists.keep(someone, found, source, by=by)
    assert profile.remove(someone, Publication.added_at == added[0].added_at, by=by) == 2
    assert titles(world, "R1") == ["By hand"]
    removed = db.session.scalars(sa.select(Publication.removed_at).where(Publication.removed_at.is_not(None))).first()
    assert removed is not None
    profile.add_publication(person(world, "R1"), "Second of the list", by=by)
    assert profile.put_back(person(world, "R1"), removed, by=by) == 1, "what is there again does not come twice"
    assert sorted(titles(world, "R1")) == ["By hand", "First of the list", "Second of the list"]


def test_what_was_removed_long_ago_goes_for_good(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("R1")
    for title in ("An old title", "A newer title"):
        profile.add_publication(someone, title, by=by)
    with clock.at(clock.now() - KEPT_FOR - KEPT_FOR):
        profile.remove(someone, Publication.title == "An old title", by=by)
    profile.remove(someone, Publication.title == "A newer title", by=by)
    left = db.session.scalars(sa.select(Publication.title).where(Publication.person_id == someone.id)).all()
    assert left == ["A newer title"]


def test_nobody_removes_anothers_publication(world: Small) -> None:
    theirs = profile.add_publication(person(world, "R2"), "A title of R2", by=world.actor("R2"))
    assert profile.remove(person(world, "R1"), Publication.id == theirs.id, by=world.actor("R1")) == 0
    assert titles(world, "R2") == ["A title of R2"]


def test_levels_are_said_of_themes_that_are_asked_about(world: Small) -> None:
    someone, by = person(world, "R1"), world.actor("R1")
    calls = theme_levels.asking(clock.now())
    assert [call.code for call in calls] == ["CALL-A"], "the other call has no themes"
    first, second = calls[0].themes[:2]
    assert theme_levels.set_levels(someone, {first.id: 3, second.id: 1, 99_999: 2}, by=by) == 2
    assert theme_levels.set_levels(someone, {first.id: 3, second.id: None}, by=by) == 1
    assert theme_levels.levels_of(someone) == {first.id: 3}
    assert theme_levels.set_levels(someone, {first.id: 4}, by=by) == 0
