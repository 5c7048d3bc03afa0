"""Which calls stand where on the public's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.call import queries
from intake.call.models import Call
from intake.catalogue import load
from intake.extensions import db
from intake.opening import Opening, opening
from tests.catalogue.files import small

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAYS = {"SOON": (5, 9), "LATER": (8, 9), "FRESH": (0, 30), "LAST": (-9, 1), "OVER": (-9, 0), "LONG-OVER": (-90, -60)}


@pytest.fixture(autouse=True)
def calls(room: Flask) -> None:
    data = small()
    first = data["calls"][0]
    data["calls"] += [{**first, "code": code} for code in DAYS]
    load(data)
    for each in db.session.scalars(sa.select(Call).where(Call.code.in_(DAYS))):
        opens, closes = DAYS[each.code]
        each.opens_at, each.closes_at = NOW + timedelta(days=opens), NOW + timedelta(days=closes)
    db.session.commit()


def codes(found: object) -> list[str]:
    return [each.code for each in found]  # type: ignore[attr-defined]


def test_each_list_has_its_calls_in_its_order() -> None:
    assert codes(queries.open_calls(NOW)) == ["LAST", "FRESH", "IDEAS"]
    assert codes(queries.announced_calls(NOW)) == ["SOON", "LATER", "PRG-1"]
    assert codes(queries.closed_calls(NOW)) == ["OVER", "LONG-OVER"]
    assert codes(queries.closed_calls(NOW, 1)) == ["OVER"]


def test_the_lists_say_what_the_policy_asks() -> None:
    lists = {
        Opening.OPEN: set(codes(queries.open_calls(NOW))),
        Opening.CLOSED: set(codes(queries.closed_calls(NOW))),
    }
    for each in db.session.scalars(sa.select(Call)):
        stands = opening(each, NOW)
        assert {way for way, found in lists.items() if each.code in found} == {stands} & set(lists)
        assert (each.code in codes(queries.announced_calls(NOW))) == (stands in (Opening.ANNOUNCED, Opening.NOT_YET))


@pytest.mark.parametrize("code", ["", "NONE", "a/b", "\0", "\ud800", "PRG-1\n", "é", "x" * 10_000])
def test_a_code_that_no_call_has_finds_none(code: str) -> None:
    assert queries.one(code) is None


def test_a_call_comes_whole_in_six_statements() -> None:
    asked: list[str] = []

    def note(*given: object) -> None:
        asked.append(str(given[2]))

    db.session.expunge_all()
    sa.event.listen(db.engine, "before_cursor_execute", note)
    found = queries.one("PRG-1")
    sa.event.remove(db.engine, "before_cursor_execute", note)
    assert found is not None
    assert found.programme.sponsor is not None
    assert (len(found.themes), len(found.rules), len(found.criteria)) == (2, 2, 4)
    assert len([each for each in asked if each.startswith("SELECT")]) == 6
