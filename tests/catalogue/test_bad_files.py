"""A bad file is refused with the place of what is wrong, and nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.audit.models import Event
from intake.catalogue import load, load_file
from intake.catalogue.file import MOST_BYTES
from intake.errors import BadCatalogue
from intake.extensions import db
from intake.people.models import Department
from intake.programme.models import Office
from tests.catalogue.files import small

pytestmark = pytest.mark.usefixtures("room")
NO_VALUE = object()


def put(*path: Any, value: Any = NO_VALUE) -> Callable[[Any], None]:
    """Set (or, without a value, take away) what stands at a path."""

    def change(data: Any) -> None:
        for step in path[:-1]:
            data = data[step]
        if value is NO_VALUE:
            del data[path[-1]]
        else:
            data[path[-1]] = value

    return change


def twice(key: str) -> Callable[[Any], None]:
    return lambda data: data[key].append(dict(data[key][0]))


WRONG: list[tuple[str, Callable[[Any], None]]] = [
    ("office: is missing", put("office")),
    ("office: must be one object", put("office", value=[])),
    ("office.name: is missing", put("office", "name")),
    ("office.name: is empty", put("office", "name", value="  ")),
    ("office.name: must be a text", put("office", "name", value=7)),
    ("office.name: has 201 characters; at most 200", put("office", "name", value="n" * 201)),
    ("office.name: holds the sign U+FFFF", put("office", "name", value="a\uffffb")),
    ("office.name: holds the sign U+0000", put("office", "name", value="a\0b")),
    ("office.name: holds the sign U+D800", put("office", "name", value="a\ud800b")),
    ("office.time_zone: Moon/Base is no time zone", put("office", "time_zone", value="Moon/Base")),
    ("office.time_zone: ../../etc/passwd is no time zone", put("office", "time_zone", value="../../etc/passwd")),
    ("departments: is missing", put("departments")),
    ("departments: must be a list", put("departments", value={})),
    ("departments[0]: must be one object", put("departments", value=["COMP"])),
    ("departments[0].code: is a code", put("departments", 0, "code", value="a/b")),
    ("departments[2]: COMP stands in the list twice", twice("departments")),
    ("sponsors[1]: ALBA stands in the list twice", twice("sponsors")),
    ("sponsors[0].units: must be a list", put("sponsors", 0, "units", value="Labs")),
    ("sponsors[0].units[0]: must be a text", put("sponsors", 0, "units", value=[None])),
    ("programmes[2]: PRG stands in the list twice", twice("programmes")),
    ("programmes[0].sponsor: there is no sponsor with the code X", put("programmes", 0, "sponsor", value="X")),
    ("programmes[0].kind: picnic is not one of: research project", put("programmes", 0, "kind", value="picnic")),
    ("programmes[0].by_invitation: must be true", put("programmes", 0, "by_invitation", value="yes")),
    ("programmes[0].fact: must be a text", put("programmes", 0, "fact", value={"deep": [[]]})),
    ("calls[2]: PRG-1 stands in the list twice", twice("calls")),
    ("calls[0].programme: is missing", put("calls", 0, "programme")),
    ("calls[0].programme: there is no programme with the code X", put("calls", 0, "programme", value="X")),
    ("calls[0].code: has 31 characters; at most 30", put("calls", 0, "code", value="c" * 31)),
    ("calls[1].currency: ZWL is not one of: USD", put("calls", 1, "currency", value="ZWL")),
    ("calls[0].max_award: must be from 1", put("calls", 0, "max_award", value=-70000)),
    ("calls[0].max_award: must be from 1", put("calls", 0, "max_award", value=10**30)),
    ("calls[0].max_award: must be a whole number", put("calls", 0, "max_award", value=70000.5)),
    ("calls[0].max_award: must be a whole number", put("calls", 0, "max_award", value=True)),
    ("calls[0].max_award: must be a whole number", put("calls", 0, "max_award", value="70000")),
    ("calls[0].duration_months: must be two numbers", put("calls", 0, "duration_months", value=[12])),
    ("calls[0].duration_months[1]: must be from 1 to 120", put("calls", 0, "duration_months", value=[1, 121])),
    ("calls[0].duration_months: the first", put("calls", 0, "duration_months", value=[24, 12])),
    (
        "calls[0].themes[2]: Light stands in the list twice",
        put("calls", 0, "themes", value=["Light", "Sound", "Light"]),
    ),
    ("calls[0].rules[0].text: is missing", put("calls", 0, "rules", 0, "text")),
    ("calls[0].rules[1]: cap stands in the list twice", put("calls", 0, "rules", 1, "code", value="cap")),
    ("calls[0].opens_at: is missing", put("calls", 0, "closes_at", value="2026-02-01T17:00:00+08:00")),
    ("calls[0].opens_at: needs a zone", put("calls", 0, "opens_at", value="2026-02-01T17:00:00")),
    ("calls[0].opens_at: must be a time", put("calls", 0, "opens_at", value="tomorrow")),
    ("calls[0].reviews_needed: must be from 1 to 20", put("calls", 0, "reviews_needed", value=0)),
    ("calls[1].sponsor_decides: the programme has no sponsor", put("calls", 1, "sponsor_decides", value=True)),
    ("past_awards[0].call: there is no call with the code X", put("past_awards", 0, "call", value="X")),
    ("past_awards[0]: needs a call or a programme", put("past_awards", 0, "call")),
    ("past_awards[0].department: there is no department", put("past_awards", 0, "department", value="X")),
    ("past_awards[0].with[0]: there is no department", put("past_awards", 0, "with", value=["X"])),
    ("past_awards[0].year: is missing", put("past_awards", 0, "year")),
    ("past_awards[1]: PRG / Old light / 2019 stands in the list twice", twice("past_awards")),
    ("history[0].when: must read like", put("history", 0, "when", value="2016-13")),
    ("history[0].when: must read like", put("history", 0, "when", value="once")),
    ("history[1]: 2007 / It begins stands in the list twice", twice("history")),
]


@pytest.mark.parametrize(("told", "change"), WRONG, ids=[f"{n:02d} {told}" for n, (told, _) in enumerate(WRONG)])
def test_what_is_wrong_is_told_with_its_place(told: str, change: Callable[[Any], None]) -> None:
    data = small()
    change(data)
    with pytest.raises(BadCatalogue) as error:
        load(data)
    assert str(error.value).startswith(told)
    for model in (Office, Department, Event):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_the_weights_of_criteria_add_up() -> None:
    data = small()
    anchors = {str(n): "x" for n in range(1, 6)}
    data["calls"][0]["criteria"] = [{"code": "a", "name": "A", "weight": 90, "anchors": anchors}]
    with pytest.raises(BadCatalogue, match=r"calls\[0\]\.criteria: the weights add up to 90"):
        load(data)
    data["calls"][0]["criteria"][0] |= {"weight": 100, "anchors": anchors | {"6": "x"}}
    with pytest.raises(BadCatalogue, match=r"calls\[0\]\.criteria\[0\]\.anchors\.6: is no value"):
        load(data)


def test_a_standing_call_has_no_dates() -> None:
    data = small()
    data["calls"][1] |= {"opens_at": "2026-01-01T00:00:00Z", "closes_at": "2026-02-01T00:00:00Z"}
    with pytest.raises(BadCatalogue, match=r"calls\[1\]\.opens_at: a standing call"):
        load(data)


@pytest.mark.parametrize(
    ("told", "content"),
    [
        ("the file is not JSON", b"{"),
        ("the file is not JSON", b""),
        ("the file is not JSON", b"\xff\xfe\xff"),
        ("the file is not JSON", b'{"a": NaN}'),
        ("the file is not JSON", b'{"office": 1, "office": 2}'),
        ("the file is not JSON", b'{"a": ' + b"9" * 5000 + b"}"),
        ("the file is nested too deeply", b"[" * 200_000),
        ("the file must be one object", b"[]"),
        ("the file is larger than 5 MB", b" " * (MOST_BYTES + 1)),
    ],
    ids=lambda value: value[:12].decode("latin-1") if isinstance(value, bytes) else None,
)
def test_a_file_that_is_no_catalogue(tmp_path: Path, told: str, content: bytes) -> None:
    path = tmp_path / "catalogue.json"
    path.write_bytes(content)
    with pytest.raises(BadCatalogue) as error:
        load_file(path)
    assert str(error.value).startswith(told)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadCatalogue, match="the file cannot be read"):
        load_file(tmp_path / "none.json")


def test_a_good_file_of_bytes_with_a_mark_in_front_loads(tmp_path: Path, room: Flask) -> None:
    path = tmp_path / "catalogue.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(small(), ensure_ascii=False).encode())
    assert load_file(path).anything
