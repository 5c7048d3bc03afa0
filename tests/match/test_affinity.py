"""Affinities: made by a worker that holds a lease, exactly explained, kept until an input changes, seen by the office
alone."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.affinity.blend import Weights
from intake.call.models import Call, Theme
from intake.call.themes import Wanted, set_themes
from intake.conflict.models import Conflict
from intake.engine import writing
from intake.extensions import db
from intake.match import affinity, profile, queries, scoring, stamps, theme_levels
from intake.match.models import Affinity, AffinityRun
from intake.match.texts import inputs_of
from intake.match.weights import USUAL, set_weights, weights_of
from intake.people import granting
from intake.people.models import RoleGrant
from intake.people.operations import close_account
from intake.policy import Actor, Grant
from intake.proposal import queries as proposals
from intake.proposal.models import Proposal
from intake.proposal.operations import screen_in, withdraw
from intake.vocabulary import ConflictKind, Declared, PairingKind, Role
from tests.match.small import Small, build, somebody


@pytest.fixture
def small(room: Flask) -> Small:
    """The office; R1 knows light, R2 sound."""
    made = build()
    for name, keywords, words in (
        ("R1", "optical interconnects", "Glass fibre between racks, joined by light."),
        ("R2", "whales", "The song of whales, heard by hydrophones under water."),
        ("S1", "optics", "Alba buys optical interconnects."),
    ):
        someone = made.person(name)
        profile.set_profile(someone, keywords, words, version=someone.version, by=made.actor(name))
    db.session.commit()
    return made


def scored(limit: int = 9) -> int:
    stamps.look()
    return affinity.drain(limit)


def run(small: Small, letter: str = "A") -> AffinityRun:
    db.session.expire_all()
    return db.session.get_one(AffinityRun, small.calls[letter])


def best(small: Small, name: str, kind: PairingKind) -> int | None:
    row = db.session.scalars(
        sa.select(Affinity)
        .where(Affinity.proposal_id == small.proposals[name], Affinity.kind == kind)
        .order_by(Affinity.score.desc())
    ).first()
    return None if row is None else row.theme_id or row.person_id


def wanted(small: Small, act: Any) -> set[str]:
    """The calls that ``act`` asks for anew, once every call was up to date."""
    scored()
    act()
    db.session.commit()
    names = {number: letter for letter, number in small.calls.items()}
    rows = db.session.scalars(sa.select(AffinityRun.call_id).where(AffinityRun.wanted_at.is_not(None)))
    return {names[each] for each in rows}


def test_every_received_proposal_is_compared_with_themes_contacts_and_reviewers(small: Small) -> None:
    assert scored() == 2
    rows = db.session.execute(sa.select(Affinity.proposal_id, Affinity.kind, Affinity.theme_id, Affinity.person_id))
    called = {number: name for name, number in small.proposals.items()}
    names = {number: name for name, number in small.people.items()}
    found = {(called[row[0]], row.kind, row.theme_id or names[row.person_id]) for row in rows.all()}
    light, sound = small.themes
    assert found == {
        *((name, PairingKind.THEME, theme) for name in ("P1", "P2") for theme in (light, sound)),
        *((name, PairingKind.CONTACT, "S1") for name in ("P1", "P2")),
        *((name, PairingKind.REVIEWER, each) for name in ("P1", "P2", "Q1") for each in ("R1", "R2")),
        ("Q1", PairingKind.CONTACT, "S2"),
    }, "no draft, nothing that was returned, nobody of another sponsor"
    assert [best(small, name, PairingKind.REVIEWER) for name in ("P1", "P2")] == [
        small.people["R1"],
        small.people["R2"],
    ]
    assert [best(small, name, PairingKind.THEME) for name in ("P1", "P2")] == [light, sound]
    now = run(small)
    assert (now.wanted_at, now.lease_until, now.done, now.total, now.failed) == (None, None, 2, 2, "")
    assert now.basis == {"proposals": 2, "theme": 2, "contact": 1, "reviewer": 2, "weights": USUAL}


def test_what_made_a_score_adds_up_to_it(small: Small) -> None:
    theme_levels.set_levels(small.person("R1"), {small.themes[0]: 2}, by=small.actor("R1"))
    scored()
    rows = db.session.scalars(sa.select(Affinity)).all()
    assert any(row.score > 0.3 for row in rows)
    for row in rows:
        assert sum(row.parts.values()) == pytest.approx(row.score, abs=1e-5)
        if not row.why:
            assert row.score == 0
            continue
        terms = sum(each["points"] for each in row.why["terms"]) + row.why["other_terms"]
        texts = sum(each["points"] for each in (*row.why["publications"], *row.why["own"]))
        assert terms == pytest.approx(row.parts["text"], abs=1e-4)
        assert texts == pytest.approx(row.parts["text"], abs=1e-4)
        assert sum(each["points"] for each in row.why["themes"]) == pytest.approx(row.parts["themes"], abs=1e-4)
        assert sum(each["points"] for each in row.why["keywords"]) == pytest.approx(row.parts["keywords"], abs=1e-4)


def test_the_usual_weights_are_those_of_the_scores() -> None:
    usual = Weights()
    assert {"text": usual.text, "themes": usual.themes, "keywords": usual.keywords} == USUAL


def test_nothing_is_made_anew_that_is_as_it_was(small: Small) -> None:
    assert scored() == 2
    before = db.session.scalars(sa.select(Affinity.id).order_by(Affinity.id)).all()
    assert (stamps.look(), affinity.drain(9)) == (0, 0)
    someone = small.person("R1")
    profile.set_profile(someone, "other", "Other words.", version=someone.version, by=small.actor("R1"))
    back = "optical interconnects", "Glass fibre between racks, joined by light."
    profile.set_profile(someone, *back, version=someone.version, by=small.actor("R1"))
    db.session.commit()
    assert scored() == 2, "looked at, and found to be the same"
    assert db.session.scalars(sa.select(Affinity.id).order_by(Affinity.id)).all() == before
    assert stamps.look() == 0


def test_each_change_of_an_input_asks_for_what_it_concerns(small: Small) -> None:
    one, by, office = small.proposals["P1"], small.actor("C1"), small.actor("AD")

    def proposal() -> Proposal:
        found = proposals.whole(one)
        assert found is not None
        return found

    assert wanted(small, lambda: screen_in(proposal(), by=by)) == {"A"}
    assert wanted(small, lambda: withdraw(proposal(), "a slip", by=small.actor("F1"))) == {"A"}
    reviewer, contact = small.person("R1"), small.person("S2")
    assert wanted(small, lambda: profile.add_publication(reviewer, "A title", by=office)) == {"A", "B"}
    assert wanted(small, lambda: profile.add_publication(small.person("F1"), "A title", by=office)) == set()
    assert wanted(small, lambda: theme_levels.set_levels(reviewer, {small.themes[0]: 3}, by=office)) == {"A", "B"}
    assert wanted(small, lambda: granting.grant(small.person("F1"), Grant(Role.REVIEWER), by=office)) == {"A", "B"}
    given = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.person_id == contact.id)).one()
    assert wanted(small, lambda: granting.revoke(given, by=office)) == {"B"}
    new = {"text": 50, "themes": 30, "keywords": 20}
    assert wanted(small, lambda: set_weights(small.call("A"), new, version=small.call("A").version, by=by)) == {"A"}
    themes = [Wanted(small.themes[0], "Light", description="Photons.")]
    assert wanted(small, lambda: set_themes(small.call("A"), themes, version=small.call("A").version, by=by)) == {"A"}


def test_the_look_of_each_minute_finds_what_nobody_told_of(small: Small) -> None:
    scored()
    close_account(small.person("R2"), by=small.actor("AD"))
    db.session.commit()
    assert stamps.look() == 2
    assert affinity.drain(9) == 2
    assert db.session.scalars(sa.select(Affinity.id).where(Affinity.person_id == small.people["R2"])).all() == []
    assert stamps.look() == 0


def test_weights_add_up_to_a_hundred_and_are_kept_where_they_differ(small: Small) -> None:
    from intake.errors import Incomplete, Refused, Stale

    by, call = small.actor("C1"), small.call("A")
    for wrong in ((60, 25, 16), (101, -1, 0)):
        with pytest.raises(Incomplete):
            set_weights(call, dict(zip(USUAL, wrong, strict=True)), version=call.version, by=by)
    with pytest.raises(Stale):
        set_weights(call, dict(USUAL), version=call.version - 1, by=by)
    with pytest.raises(Refused):
        set_weights(call, dict(USUAL), version=call.version, by=small.actor("C2"))
    assert not set_weights(call, dict(USUAL), version=call.version, by=by)
    assert set_weights(call, {"text": 0, "themes": 100, "keywords": 0}, version=call.version, by=by)
    db.session.commit()
    assert weights_of(small.call("A")) == {"text": 0, "themes": 100, "keywords": 0}
    scored()
    rows = db.session.scalars(sa.select(Affinity).where(Affinity.kind == PairingKind.THEME)).all()
    assert {(row.score, row.parts["themes"]) for row in rows} == {(0, 0), (1, 1)}
    assert set_weights(small.call("A"), dict(USUAL), version=small.call("A").version, by=by)
    assert small.call("A").affinity_weights == {}


def test_a_theme_that_only_scores_and_levels_name_can_go(small: Small) -> None:
    theme_levels.set_levels(small.person("R1"), {small.themes[1]: 2}, by=small.actor("R1"))
    db.session.execute(sa.update(Proposal).values(theme_id=small.themes[0]))
    db.session.commit()
    scored()
    call = small.call("A")
    light = [Wanted(small.themes[0], "Light")]
    assert set_themes(call, light, version=call.version, by=small.actor("C1")) == [], "nothing was retired"
    db.session.commit()
    assert db.session.scalars(sa.select(Theme.id)).all() == [small.themes[0]]
    assert db.session.scalars(sa.select(Affinity.id).where(Affinity.theme_id == small.themes[1])).all() == []
    assert small.call("A").themes[0].description == "Optics and glass fibre.", "what was not said stays"


def test_an_error_is_told_and_the_scores_before_stay(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    scored()
    before = db.session.scalars(sa.select(Affinity.id).order_by(Affinity.id)).all()

    def fail(*_: Any) -> Any:
        yield 0, {"proposal_id": small.proposals["P1"]}
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(scoring, "rows_of", fail)
        affinity.try_again(small.call("A"), by=small.actor("C1"))
        db.session.commit()
        assert affinity.drain(9) == 0
        assert affinity.drain(9) == 0, "tried once"
    now = run(small)
    assert (now.failed, now.lease_until, now.wanted_at) == ("MemoryError", None, None)
    assert db.session.scalars(sa.select(Affinity.id).order_by(Affinity.id)).all() == before
    assert stamps.look() == 0
    affinity.try_again(small.call("A"), by=small.actor("C1"))
    db.session.commit()
    assert affinity.drain(9) == 1
    assert run(small).failed == ""


def test_a_worker_that_died_is_followed_by_another_once_its_lease_ran_out(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps.look()
    with monkeypatch.context() as dying, pytest.raises(KeyboardInterrupt):
        dying.setattr(scoring, "rows_of", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        affinity.drain(1)
    db.session.rollback()
    assert affinity.drain(9) == 1, "the other call; the dead worker's is held"
    assert [affinity.try_again(small.call(name), by=small.actor(by)) for name, by in (("A", "C1"), ("B", "C2"))] == [
        False,
        True,
    ], "what is being made is not asked for again"
    db.session.rollback()
    assert affinity.drain(9) == 0
    with clock.at(clock.now() + affinity.LEASE + timedelta(seconds=1)):
        assert affinity.drain(9) == 1
    assert affinity.drain(9) == 0


def test_who_lost_the_lease_changes_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    scored()
    before = db.session.scalars(sa.select(Affinity.id).order_by(Affinity.id)).all()
    affinity.try_again(small.call("A"), by=small.actor("C1"))
    db.session.commit()
    real, later = scoring.rows_of, clock.now() + timedelta(hours=1)

    def slow(*given: Any) -> Any:
        yield from real(*given)
        with writing():  # meanwhile another worker took it
            db.session.execute(sa.update(AffinityRun).values(lease_until=later))
            db.session.commit()

    monkeypatch.setattr(scoring, "rows_of", slow)
    assert affinity.drain(1) == 0
    assert run(small).lease_until == later
    assert db.session.scalars(sa.select(Affinity.id).order_by(Affinity.id)).all() == before


def test_a_worker_that_is_to_end_puts_the_call_back(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    stamps.look()
    ending = threading.Event()
    real = scoring.rows_of

    def ended(*given: Any) -> Any:
        ending.set()
        yield from real(*given)

    monkeypatch.setattr(scoring, "rows_of", ended)
    assert affinity.drain(9, ended=ending.is_set) == 0
    assert db.session.scalars(sa.select(Affinity.id)).all() == []
    monkeypatch.setattr(scoring, "rows_of", real)
    assert affinity.drain(9) == 2


def test_what_changes_while_it_is_scored_is_scored_again(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    stamps.look()
    real = scoring.rows_of

    def meanwhile(inputs: Any, vectors: Any) -> Any:
        yield from real(inputs, vectors)
        profile.add_publication(small.person("R1"), f"A title {inputs.call_id}", by=small.actor("R1"))
        db.session.commit()

    monkeypatch.setattr(scoring, "rows_of", meanwhile)
    assert affinity.drain(1) == 1
    monkeypatch.setattr(scoring, "rows_of", real)
    assert affinity.drain(9) == 2
    texts = [each.key for each in inputs_of(small.calls["A"]).kinds[PairingKind.REVIEWER][0].sources]
    assert len(texts) == 3


def of(small: Small, who: str | Actor, name: str = "P1") -> int:
    found = proposals.one(small.proposals[name])
    assert found is not None
    by = small.actor(who) if isinstance(who, str) else who
    return len(queries.affinities_of(found, PairingKind.REVIEWER, by=by))


def suits(small: Small, who: str) -> set[str]:
    names = {number: name for name, number in small.proposals.items()}
    rows = queries.affinities_for(small.person("R1"), PairingKind.REVIEWER, by=small.actor(who))
    assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
    return {names[row.proposal_id] for row in rows}


def test_the_office_of_the_call_alone_sees_scores(small: Small) -> None:
    scored()
    assert {who: of(small, who) for who in small.people} == dict.fromkeys(small.people, 0) | {"C1": 2}
    assert {who: suits(small, who) for who in small.people} == {
        **{who: set() for who in small.people},
        "C1": {"P1", "P2"},
        "C2": {"Q1"},
    }


def test_a_coordinator_in_conflict_sees_none_and_a_sealed_call_has_none(small: Small) -> None:
    scored()
    db.session.add(
        Conflict(
            proposal_id=small.proposals["P1"],
            person_id=small.people["C1"],
            declared=Declared.CONFLICT,
            kind=ConflictKind.PERSONAL,
        )
    )
    db.session.commit()
    assert (of(small, "C1"), of(small, "C1", "P2"), suits(small, "C1")) == (0, 2, {"P2"})
    db.session.execute(sa.update(Call).values(sealed_until=clock.now() + timedelta(days=1)))
    db.session.commit()
    db.session.expire_all()
    assert (of(small, "C1", "P2"), suits(small, "C1")) == (0, set())
    assert stamps.stamps() == {}
    assert stamps.look() == 2
    assert affinity.drain(9) == 2
    assert db.session.scalars(sa.select(Affinity.id)).all() == [], "nothing is kept of what is sealed"


def test_only_the_best_fifty_reviewers_are_kept_and_looking_takes_as_many_statements(small: Small) -> None:
    asked: list[str] = []

    def count(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    for number in range(60):
        somebody(f"Reader {number}", Role.REVIEWER, works=(f"Work {number} on racks and light",))
    db.session.commit()
    scored()
    rows = db.session.scalars(sa.select(Affinity).where(Affinity.kind == PairingKind.REVIEWER)).all()
    assert {row.proposal_id: 0 for row in rows}.keys() == {small.proposals[name] for name in ("P1", "P2", "Q1")}
    assert len(rows) == 3 * scoring.BEST_REVIEWERS
    sa.event.listen(db.engine, "before_cursor_execute", count)
    try:
        stamps.look()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", count)
    assert len(asked) == 5
