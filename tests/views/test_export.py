"""The list as a file: the same rows as the page, every answer, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake.extensions import db
from intake.views.coordinator.export import cell
from intake.vocabulary import State
from tests.factories import listing as make
from tests.factories.forms import asked, give_form, section

ClientFor = Callable[[Any], FlaskClient]
HERE = "/desk/calls/HIRP-2020/proposals.csv"


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The file's rows by column."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(data.decode("utf-8-sig"), newline="")))


def test_the_file_holds_every_answer_and_each_criterion_s_mean(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        who = make.coordinator(call).id
        theme = db.session.query(make.Theme).filter_by(name="Optics").one()
        row = make.proposal(
            call,
            State.IN_REVIEW,
            by=make.person("Ada Applicant", email="ada@example.org"),
            title="Light",
            title_zh="光",
            keywords="glass, light",
            abstract='Line one\nline two, with "quotes"',
            description="Long text",
            theme_id=theme.id,
            amount_minor=7_000_050,
            duration_months=12,
            own_work=True,
        )
        make.review(row, make.person("R1"), "4.00")
        make.review(row, make.person("R2"), "1.00")
        make.review(row, make.person("R3"), "5.00", submitted=False)
        make.review(row, make.person("R4"), "5.00", removed=True)
        number = row.number
        db.session.commit()
    reply = client_for(who).get(HERE)
    assert reply.headers["Content-Type"].startswith("text/csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="HIRP-2020-proposals.csv"'
    assert "no-store" in reply.headers["Cache-Control"]
    (one,) = rows_of(reply.data)
    assert one.items() >= {
        "Number": number, "Title": "Light", "Title in Chinese": "光", "Principal investigator": "Ada Applicant",
        "E-mail": "ada@example.org", "State": "In review", "On the desk of": "Reviewers", "Theme": "Optics",
        "Theme chosen by the applicant": "Optics", "Theme matched by the office": "", "Keywords": "glass, light",
        "Abstract": 'Line one\nline two, with "quotes"', "Description": "Long text", "Team": "Ada Applicant",
        "Amount (USD)": "70000.50", "Duration (months)": "12", "Own work": "yes", "One university": "no",
        "Reviews asked": "3", "Reviews submitted": "2", "Reviews needed": "2", "Reviews late": "0", "Mean": "2.50",
        "Spread": "3.00", "Mean: Merit": "2.50", "Mean: Plan": "2.50",
    }.items()  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "\uff1d1+1", '=HYPERLINK("http://x")']
)
def test_no_cell_is_a_formula(room: Flask, typed: str) -> None:
    assert cell(typed) == f"'{typed}"


def test_typed_formulas_are_defused_in_the_file(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        who = make.coordinator(call).id
        lead = make.person("=cmd|' /C calc'!A0", email="lead@example.org")
        make.proposal(call, by=lead, title="=1+1", title_zh="+光", keywords="@x", abstract="-1")
        db.session.commit()
    (one,) = rows_of(client_for(who).get(HERE).data)
    assert not any(value.startswith(("=", "+", "-", "@")) for value in one.values())
    assert one["Title"] == "'=1+1"


def test_a_label_is_no_formula_either(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        who = make.coordinator(call).id
        note = asked("note", "long_text", '=HYPERLINK("http://x")')
        title = asked("title", "short_text", "Title", required=True)
        abstract = asked("abstract", "long_text", "Abstract", required=True)
        sections = [section("idea", "Idea", title, abstract, note), section("team", "Team", page="team")]
        give_form(call, {"sections": sections})
        make.proposal(call)
        db.session.commit()
    (one,) = rows_of(client_for(who).get(HERE).data)
    assert '\'=HYPERLINK("http://x")' in one


def test_the_file_has_the_page_s_filters_and_order_over_all_pages(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        who = make.coordinator(call).id
        for n in range(60):
            make.proposal(call, State.ELIGIBLE if n % 2 else State.SUBMITTED, title=f"Title {n:02d}")
        db.session.commit()
    client = client_for(who)
    titles = [row["Title"] for row in rows_of(client.get(f"{HERE}?state=eligible&sort=-title&page=2").data)]
    assert titles == [f"Title {n:02d}" for n in range(59, 0, -2)]
    for sort in ("number", "principal", "mean", "-mean", "state", "since", "-since"):
        assert len(rows_of(client.get(f"{HERE}?sort={sort}").data)) == 60


def test_withheld_rows_stand_at_the_end_of_the_whole_list_only(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call()
        who = make.coordinator(call)
        mine = make.proposal(call, title="Mine", days=50)
        make.conflict(mine, who)
        make.proposal(call, title="Other")
        number, me = mine.number, who.id
        db.session.commit()
    client = client_for(me)
    whole = rows_of(client.get(HERE).data)
    assert [row["Title"] for row in whole] == ["Other", "withheld: conflict"]
    assert whole[1]["Number"] == number
    assert [value for name, value in whole[1].items() if value] == [number, "withheld: conflict"]
    assert [row["Title"] for row in rows_of(client.get(f"{HERE}?state=submitted").data)] == ["Other"]


def test_an_empty_list_is_a_file_with_its_head(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        who = make.coordinator(make.call()).id
        db.session.commit()
    reply = client_for(who).get(HERE)
    assert rows_of(reply.data) == []
    assert b"Number,Title" in reply.data
