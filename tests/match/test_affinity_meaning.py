"""Where the language model is installed: each text is read once, and what its meaning gave is told."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.affinity import meaning, model
from intake.affinity.meant import known
from intake.affinity.texts import asked, digest
from intake.extensions import db
from intake.match import affinity, holding, meanings, profile, scoring, stamps
from intake.match.models import Affinity, AffinityRun, TextVector
from intake.match.texts import inputs_of
from intake.people.models import Publication
from intake.sweep import VECTORS_KEPT, sweep
from tests.match.small import Small, build


@dataclass
class Stub:
    """A model that finds all texts somewhat alike, and notes what it read. ``each`` is called before each text."""

    read: list[str] = field(default_factory=list)
    each: Callable[[], None] = lambda: None

    def vectors(self, texts: Iterable[str]) -> Iterator[meaning.Vectors]:
        for text in texts:
            self.each()
            self.read.append(text)
            chance = np.random.default_rng(int(hashlib.sha256(text.encode()).hexdigest()[:8], 16))
            vector = chance.normal(0.5, 1, 16).astype(np.float32)
            yield vector / np.linalg.norm(vector)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Stub:
    made = Stub()
    monkeypatch.setattr(model, "present", lambda: True)
    monkeypatch.setattr(meaning, "vectors", made.vectors)
    monkeypatch.setattr(holding, "TOLD_EACH", timedelta(0))
    return made


@pytest.fixture
def small(room: Flask) -> Small:
    """The office; R1 and R2 have a publication each."""
    made = build()
    for name, title in (("R1", "Glass fibre between racks"), ("R2", "The song of whales")):
        profile.add_publication(made.person(name), title, by=made.actor("AD"))
    db.session.commit()
    return made


def scored() -> int:
    stamps.look()
    return affinity.drain(9)


def kept() -> dict[str, TextVector]:
    db.session.expire_all()
    return {row.digest: row for row in db.session.scalars(sa.select(TextVector))}


def test_each_text_is_read_once_and_kept_by_its_digest(small: Small, stub: Stub) -> None:
    assert scored() == 2
    assert len(stub.read) == len({*stub.read}) == len(kept()) == 2 + 2 + 2, "of proposals, themes, publications"
    assert {*kept()} == {*map(digest, stub.read)}, "P1 and Q1 have the same text"
    assert {row.model for row in kept().values()} == {model.NAME}
    first = asked(inputs_of(small.calls["A"]).subjects[0])
    (vector,) = Stub().vectors([first])
    assert known(meanings.vectors_of(inputs_of(small.calls["A"]), lambda left: None), [first])[0] == pytest.approx(
        vector, abs=0
    )
    stub.read.clear()
    profile.add_publication(small.person("R1"), "Light on a chip", by=small.actor("R1"))
    db.session.commit()
    assert scored() == 2
    assert stub.read == ["Light on a chip\n"]


def test_what_the_meaning_gave_is_a_part_of_the_reasons(small: Small, stub: Stub) -> None:
    scored()
    rows = [row for row in db.session.scalars(sa.select(Affinity)) if row.score]
    assert any(row.why["meaning"] > 0 for row in rows)
    for row in rows:
        terms = sum(each["points"] for each in row.why["terms"]) + row.why["other_terms"]
        texts = sum(each["points"] for each in (*row.why["publications"], *row.why["own"]))
        assert terms + row.why["meaning"] == pytest.approx(row.parts["text"], abs=1e-4)
        assert texts == pytest.approx(row.parts["text"], abs=1e-4)
        assert sum(row.parts.values()) == pytest.approx(row.score, abs=1e-5)


def test_the_page_says_what_the_model_gave(small: Small, stub: Stub, room: Flask) -> None:
    scored()
    row = next(each for each in db.session.scalars(sa.select(Affinity)) if each.why.get("meaning"))
    with room.test_request_context():
        page = str(room.jinja_env.get_template("components/affinity.html").module.explained(row))  # type: ignore[attr-defined]
    line = page.split("the language model finds them alike")[1].split("</tr>")[0]
    assert f">{100 * row.why['meaning']:.1f}</td>" in line


def test_the_scores_are_made_anew_once_the_model_is_installed_or_gone(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scored() == 2
    inputs = inputs_of(small.calls["A"])
    without = scoring.name_of(inputs)
    assert stamps.look() == 0
    with monkeypatch.context() as installed:
        installed.setattr(model, "present", lambda: True)
        installed.setattr(meaning, "vectors", Stub().vectors)
        assert stamps.look() == 2
        assert affinity.drain(9) == 2
        run = db.session.get_one(AffinityRun, small.calls["A"])
        assert run.inputs == scoring.name_of(inputs, model.NAME) != without
    assert scored() == 2
    db.session.expire_all()
    assert db.session.get_one(AffinityRun, small.calls["A"]).inputs == without


def test_how_many_texts_are_left_is_told_with_the_lease_kept(small: Small, stub: Stub) -> None:
    told: list[tuple[int, Any]] = []

    def look() -> None:
        db.session.expire_all()
        run = db.session.get_one(AffinityRun, small.calls["A"])
        told.append((run.texts_left, run.lease_until))
        db.session.rollback()

    stub.each = look
    scored()
    left, leases = zip(*told[:6], strict=True)
    assert left == (6, 5, 4, 3, 2, 1)
    assert sorted({*leases}) == [*leases], "later each time"
    assert db.session.get_one(AffinityRun, small.calls["A"]).texts_left == 0


def test_who_is_stopped_keeps_what_was_read(small: Small, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanings, "KEPT_AT_ONCE", 2)
    stamps.look()
    assert affinity.drain(9, ended=lambda: len(stub.read) >= 5) == 0
    assert len(kept()) == 4
    assert db.session.scalars(sa.select(Affinity.id)).all() == []
    stub.read.clear()
    assert affinity.drain(9) == 2
    assert len(stub.read) == 2


def test_the_vectors_of_another_model_are_replaced(small: Small, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    scored()
    monkeypatch.setattr(model, "NAME", "another")
    stub.read.clear()
    assert scored() == 2
    assert len(stub.read) == 6
    assert {row.model for row in kept().values()} == {"another"}


def test_the_vectors_of_texts_that_are_no_longer_used_are_swept(small: Small, stub: Stub, room: Flask) -> None:
    scored()
    gone, store = digest("Glass fibre between racks\n"), room.extensions["store"]
    assert gone in kept()
    with clock.at(clock.now() + timedelta(days=30)):
        profile.remove(small.person("R1"), Publication.title.like("Glass%"), by=small.actor("R1"))
        db.session.commit()
        scored()
    with clock.at(clock.now() + VECTORS_KEPT + timedelta(days=1)):
        assert sweep(store)["text_vectors"] == 1
    assert gone not in kept()
    assert len(kept()) == 5
