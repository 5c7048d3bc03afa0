"""The history and the programmes, in their order."""

from __future__ import annotations

import pytest

from intake.catalogue import load
from intake.programme import queries
from tests.catalogue.files import ours

pytestmark = pytest.mark.usefixtures("room")


def test_the_history_runs_from_the_oldest() -> None:
    data = ours()
    data["history"].reverse()
    load(data)
    since = [line.since for line in queries.history()]
    assert since == ["2007", "2016-06", "2016-08", "2016-11-30", "2017-04", "2017-08/2017-10", "2018-11-13", "2020-03"]


def test_programmes_stand_by_sponsor_and_those_without_one_last() -> None:
    load(ours())
    found = [(row.sponsor.code if row.sponsor else None, row.code) for row in queries.programmes()]
    assert found == [
        ("ALI", "AIP"), ("ALI", "AIR"), ("ALI", "ARF"), ("ALI", "RI"),
        ("HUA", "HIRPF"), ("HUA", "HIRP"), ("HUA", "JLAB"), (None, "IDEA"),
    ]  # fmt: skip
