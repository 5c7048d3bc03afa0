"""New scores are written while the old ones count, and take their place at once; nothing of a try that failed stays."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Theme
from intake.call.themes import Wanted, set_themes
from intake.desk.suited import suited_to
from intake.engine import writing
from intake.extensions import db
from intake.match import affinity, queries, scoring, stamps
from intake.match.models import Affinity, AffinityRun
from intake.proposal import queries as proposals
from intake.proposal.models import Proposal
from intake.review import batches
from intake.vocabulary import PairingKind
from tests.match.small import Small, build


@pytest.fixture
def small(room: Flask, monkeypatch: pytest.MonkeyPatch) -> Small:
    """The office, its calls scored; each row is put by itself."""
    made = build()
    stamps.look()
    assert affinity.drain(9) == 2
    monkeypatch.setattr(affinity, "ROWS_AT_ONCE", 1)
    return made


def again(small: Small, letter: str = "A") -> None:
    affinity.try_again(small.call(letter), by=small.actor(f"C{'AB'.index(letter) + 1}"))
    db.session.commit()


def rows(small: Small, *which: Any) -> list[int]:
    """The ids of the affinities of call A, in order."""
    ours = sa.select(Proposal.id).where(Proposal.call_id == small.calls["A"])
    asked = sa.select(Affinity.id).where(Affinity.proposal_id.in_(ours), *which).order_by(Affinity.id)
    return list(db.session.scalars(asked))


def seen(small: Small) -> set[int]:
    """The ids of the affinities of P1 that somebody is shown, wherever they look."""
    by, one = small.actor("C1"), small.proposals["P1"]
    whole = proposals.one(one)
    assert whole is not None
    theme = db.session.get_one(Theme, small.themes[0])
    reviewer, kind = small.person("R1"), PairingKind.REVIEWER
    shown = [
        *queries.affinities_of(whole, kind, by=by),
        *(row for row in queries.affinities_for(theme, PairingKind.THEME, by=by) if row.proposal_id == one),
        *(row for row in queries.affinities_for(reviewer, kind, by=by) if row.proposal_id == one),
        *batches.affinities_of(one).values(),
    ]
    beside, total = suited_to(small.call("A"), kind, small.people["R1"], seen_by=by)
    assert len(beside) == total == 2, "a proposal stands once, however many generations there are"
    return {row.id for row in shown}


def test_what_is_being_written_is_seen_by_nobody_and_then_by_all_at_once(
    small: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, shown, real, during = rows(small), seen(small), scoring.rows_of, []

    def looked(*given: Any) -> Any:
        for row in real(*given):
            yield row
            during.append((seen(small), len(rows(small)), rows(small, queries.current())))

    monkeypatch.setattr(scoring, "rows_of", looked)
    again(small)
    assert affinity.drain(1) == 1
    assert during == [(shown, len(before) + at, before) for at in range(1, len(before) + 1)]
    after = rows(small)
    assert len(after) == len(before)
    assert not {*before} & {*after}, "the old ones are gone"
    assert rows(small, queries.current()) == after
    assert seen(small) <= {*after}
    assert all(queries.affinity(each) is None for each in before)


def test_what_an_error_or_a_dead_worker_left_is_cleared_away(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = rows(small), scoring.rows_of

    def breaks(error: type[BaseException]) -> Any:
        def rows_of(*given: Any) -> Any:
            yield from list(real(*given))[:3]
            raise error

        return rows_of

    monkeypatch.setattr(scoring, "rows_of", breaks(MemoryError))
    again(small)
    assert affinity.drain(1) == 0
    assert rows(small) == before
    monkeypatch.setattr(scoring, "rows_of", breaks(KeyboardInterrupt))
    again(small)
    with pytest.raises(KeyboardInterrupt):
        affinity.drain(1)
    db.session.rollback()
    assert (len(rows(small)), rows(small, queries.current())) == (len(before) + 3, before)
    monkeypatch.setattr(scoring, "rows_of", real)
    with clock.at(clock.now() + affinity.LEASE + timedelta(seconds=1)):
        assert affinity.drain(9) == 1
    assert rows(small) == rows(small, queries.current())
    assert len(rows(small)) == len(before)


def test_a_worker_that_is_overtaken_harms_nothing(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    before, real = rows(small), scoring.rows_of
    later = clock.now() + affinity.LEASE + timedelta(seconds=1)

    def overtaken(*given: Any) -> Any:
        yield from list(real(*given))[:3]
        monkeypatch.setattr(scoring, "rows_of", real)
        with clock.at(later):
            assert affinity.drain(1) == 1, "another one takes what this one held for too long"
        yield from real(*given)

    monkeypatch.setattr(scoring, "rows_of", overtaken)
    again(small)
    assert affinity.drain(1) == 0
    assert rows(small) == rows(small, queries.current())
    assert len(rows(small)) == len(before)
    run = db.session.get_one(AffinityRun, small.calls["A"])
    assert (run.wanted_at, run.lease_until, run.generation, run.newest) == (None, None, 3, 3)


def test_a_theme_that_goes_while_it_is_scored_is_no_error(small: Small, monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.execute(sa.update(Proposal).values(theme_id=small.themes[0]))
    db.session.commit()
    real = scoring.rows_of

    def meanwhile(*given: Any) -> Any:
        monkeypatch.setattr(scoring, "rows_of", real)
        with writing():
            call = small.call("A")
            assert (
                set_themes(call, [Wanted(small.themes[0], "Light")], version=call.version, by=small.actor("C1")) == []
            )
            db.session.commit()
        yield from real(*given)

    monkeypatch.setattr(scoring, "rows_of", meanwhile)
    again(small)
    assert affinity.drain(1) == 0, "asked for again"
    assert affinity.drain(9) == 1
    run = db.session.get_one(AffinityRun, small.calls["A"])
    assert (run.failed, run.wanted_at) == ("", None)
    assert rows(small) == rows(small, queries.current())
    assert rows(small, Affinity.theme_id == small.themes[1]) == []
