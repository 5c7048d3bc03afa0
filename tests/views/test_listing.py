"""A call's proposals: who may see which rows, what narrows and orders them, and how many statements that costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.desk.listing import page_of
from intake.desk.narrowing import SORTS, Asked
from intake.desk.queries import withheld_from
from intake.desk.waiting import Wait
from intake.extensions import db
from intake.people.models import Department
from intake.people.sign_in import actor_of
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import conflicted, one
from intake.vocabulary import Relation, State
from tests.factories import listing as make
from tests.factories.counting import statements

ClientFor = Callable[[Any], FlaskClient]
HERE = "/desk/calls/HIRP-2020/proposals"
MOST_STATEMENTS = 12


def numbers(text: str) -> list[str]:
    """The numbers of the rows on the page, in order."""
    table = re.search(r"<tbody>(.*?)</tbody>", text, re.S)
    return re.findall(r'<span class="number">([^<]+)</span>', table.group(1)) if table else []


@pytest.fixture
def desk(app: Flask) -> dict[str, Any]:
    """A call with its coordinator (ids)."""
    with app.app_context():
        call = make.call()
        found = {"call": call.id, "who": make.coordinator(call).id}
        db.session.commit()
    return found


def _call(desk: dict[str, Any]) -> Any:
    from intake.call.models import Call

    return db.session.get_one(Call, desk["call"])


def test_each_row_tells_number_title_applicant_theme_reviews_state_desk(
    app: Flask, client_for: ClientFor, desk: dict[str, Any]
) -> None:
    with app.app_context():
        call = _call(desk)
        themes = list(
            db.session.scalars(sa.select(make.Theme).where(make.Theme.call_id == call.id).order_by(make.Theme.position))
        )
        comp = Department(code="COMP", name="Computing")
        lead = make.person("陳大文 Chan", department=comp)
        row = make.proposal(call, State.IN_REVIEW, by=lead, title="Light in glass", theme_id=themes[0].id)
        make.keep(make.Match(proposal_id=row.id, theme_id=themes[1].id))
        for score, name in (("4.00", "A"), ("2.00", "B"), (None, "C")):
            make.review(row, make.person(f"Reviewer {name}"), score)
        number = row.number
        db.session.commit()
    text = client_for(desk["who"]).get(HERE).text
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    for told in (number, "Light in glass", "陳大文 Chan", "COMP", "Networks", "2 of 3", "3.0", "2.0", "far apart"):
        assert told in table
    assert "Optics" not in table
    assert ">In review<" in table
    assert ">Reviewers<" in table
    assert "3 days ago" in table


def test_only_the_coordinator_of_the_call_enters(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    with app.app_context():
        make.proposal(_call(desk))
        other = make.coordinator(make.call("AIR-2021"), "Other Office").id
        nobody = make.person("No Role").id
        db.session.commit()
    for path in (HERE, f"{HERE}.csv"):
        assert client_for(desk["who"]).get(path).status_code == 200
        refused = client_for(other).get(path)
        assert refused.status_code == 404
        assert refused.status_code == client_for(other).get(path.replace("HIRP", "NONE")).status_code
        assert client_for(nobody).get(path).status_code == 404
        assert app.test_client().get(path).status_code == 302
    assert numbers(client_for(other).get("/desk/proposals").text) == []
    for path in ("/desk", "/desk/calls", "/desk/proposals"):
        refused = client_for(nobody).get(path)
        assert refused.status_code == 403
        assert "This part is for coordinators." in refused.text


def test_a_draft_is_a_number_and_nothing_else(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    with app.app_context():
        call = _call(desk)
        make.proposal(call, State.DRAFT, title="Secret draft", keywords="hush")
        make.proposal(
            call, State.WITHDRAWN, title="Given up early", number=None, submitted_at=None, withdrawn_from=State.DRAFT
        )
        make.proposal(call, title="Open one")
        db.session.commit()
    client = client_for(desk["who"])
    for path in (
        HERE,
        "/desk",
        "/desk/calls",
        "/desk/proposals",
        f"{HERE}.csv",
        f"{HERE}?state=draft",
        f"{HERE}?q=Secret",
        f"{HERE}?q=hush",
    ):
        text = client.get(path).text
        assert "Secret draft" not in text
        assert "Given up early" not in text
    assert "1 draft is being written" in client.get(HERE).text
    assert "1 proposal, sorted" in client.get(HERE).text
    assert "No proposal is like that" in client.get(f"{HERE}?q=hush").text


@pytest.mark.parametrize("how", ["team", "declared"])
def test_a_conflict_withholds_all_but_the_number(
    app: Flask, client_for: ClientFor, desk: dict[str, Any], how: str
) -> None:
    with app.app_context():
        call = _call(desk)
        who = db.session.get_one(make.Person, desk["who"])
        mine = make.proposal(call, State.IN_REVIEW, title="My own affair", keywords="uniqueword", days=90)
        other = make.proposal(call, State.IN_REVIEW, title="Somebody else's", days=1)
        colleague = make.coordinator(call, "Colleague").id
        reviewer = make.person("Reviewer A")
        make.review(mine, reviewer, "4.75")
        make.review(mine, make.person("Reviewer B"), None, due=-3)
        make.review(other, reviewer, "2.25")
        if how == "team":
            make.keep(
                TeamMember(proposal_id=mine.id, person_id=who.id, name=who.name, relation=Relation.CO_INVESTIGATOR)
            )
        else:
            make.conflict(mine, who)
        number, seen, applicant = mine.number, other.number, f"applicant{int(mine.number[-4:])}@"
        db.session.commit()
    client, free = client_for(desk["who"]), client_for(colleague)
    for sort in (*SORTS, *(f"-{each}" for each in SORTS)):
        text = client.get(f"{HERE}?sort={sort}").text
        assert numbers(text) == [seen, number], sort
        assert "My own affair" not in text
        assert "4.8" not in text
    text = client.get(HERE).text
    assert "withheld: conflict" in text
    assert "1 proposal, sorted" in text
    assert "1 is withheld from you: conflict." in text
    assert "90 days" not in text
    for narrowed in (
        "q=uniqueword",
        "q=My+own",
        f"q={applicant}",
        f"q={number}",
        "waiting=late",
        "state=in_review",
        "desk=reviewers",
        "waiting=few",
    ):
        assert number not in numbers(client.get(f"{HERE}?{narrowed}").text), narrowed
    assert number in numbers(free.get(f"{HERE}?q=uniqueword").text)
    assert "4.8" in free.get(HERE).text
    sheet = client.get(f"{HERE}.csv").text
    assert f"{number},withheld: conflict,,," in sheet
    assert "My own affair" not in sheet
    assert "4.75" not in sheet
    home = client.get("/desk").text
    assert "My own affair" not in home
    assert number in home
    assert "Reviews late" not in home
    assert "Reviews late" in free.get("/desk").text


def test_withheld_is_what_the_policy_calls_a_conflict(room: Flask) -> None:
    call = make.call()
    who = make.coordinator(call)
    for _ in range(3):
        make.proposal(call)
    rows = [make.proposal(call) for _ in range(3)]
    make.conflict(rows[0], who)
    make.keep(TeamMember(proposal_id=rows[1].id, person_id=who.id, name="x", relation=Relation.VIEWER))
    make.conflict(rows[2], who)
    lifted = db.session.scalars(sa.select(make.Conflict).where(make.Conflict.proposal_id == rows[2].id)).one()
    lifted.lifted_at, lifted.lifted_reason = clock.now(), "a namesake"
    db.session.flush()
    db.session.refresh(who, ["grants"])
    me = actor_of(who)
    ids = [set(db.session.scalars(sa.select(Proposal.id).where(each(me)))) for each in (withheld_from, conflicted)]
    assert ids[0] == ids[1] == {rows[0].id, rows[1].id}


def test_means_and_counts_are_of_submitted_standing_reviews(
    app: Flask, client_for: ClientFor, desk: dict[str, Any]
) -> None:
    with app.app_context():
        row = make.proposal(_call(desk), State.IN_REVIEW)
        make.review(row, make.person("A"), "4.00")
        make.review(row, make.person("B"), "1.00", submitted=False)
        make.review(row, make.person("C"), "1.00", removed=True)
        db.session.commit()
    client = client_for(desk["who"])
    text = client.get(HERE).text
    table = text[text.index("<tbody>") :]
    assert "1 of 2" in table
    assert "<b>4.0</b>" in table
    assert numbers(client.get(f"{HERE}?waiting=few").text) != []
    sheet = client.get(f"{HERE}.csv").text.splitlines()[1]
    assert sheet.endswith(",2,1,2,0,4.00,0.00,4.00,4.00")


def test_orders_are_total_and_ties_never_repeat_a_row(room: Flask) -> None:
    call = make.call()
    who = make.coordinator(call)
    at = clock.now()
    same = make.person("Same Applicant")
    reviewer = make.person("R")
    for n in range(120):
        row = make.proposal(call, State.IN_REVIEW, by=same, title="Same title", state_since=at)
        if n % 3:
            make.review(row, reviewer, "3.00")
    db.session.refresh(who, ["grants"])
    me = actor_of(who)
    for sort in (*SORTS, *(f"-{each}" for each in SORTS)):
        pages = [page_of(me, [call.id], Asked(sort=sort, page=n), at) for n in (1, 2, 3)]
        ids = [line.row.id for page in pages for line in page.lines]
        assert [len(page.lines) for page in pages] == [50, 50, 20], sort
        assert len(set(ids)) == 120, sort


def test_each_order_puts_rows_where_people_expect_them(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    with app.app_context():
        call = _call(desk)
        reviewer = make.person("R")
        a = make.proposal(call, State.IN_REVIEW, by=make.person("Zoe"), title="beta", number="HIRP-2020-9999", days=2)
        b = make.proposal(
            call, State.SUBMITTED, by=make.person("adam"), title="Alpha", number="HIRP-2020-10000", days=9
        )
        c = make.proposal(call, State.DECLINED, by=make.person("Mia"), title="gamma", number="HIRP-2020-0001", days=60)
        make.review(a, reviewer, "2.00")
        make.review(c, reviewer, "4.00")
        name = {a.number: "a", b.number: "b", c.number: "c"}
        db.session.commit()
    client = client_for(desk["who"])

    def order(sort: str) -> str:
        return "".join(name[each] for each in numbers(client.get(f"{HERE}?sort={sort}").text))

    assert order("") == order("since") == "bac"  # closed ones wait for nobody
    assert order("-since") == "abc"
    assert (order("number"), order("-number")) == ("cab", "bac")
    assert (order("title"), order("-title")) == ("bac", "cab")
    assert (order("principal"), order("-principal")) == ("bca", "acb")
    assert (order("state"), order("-state")) == ("bac", "cab")
    assert (order("mean"), order("-mean")) == ("acb", "cab")  # without a mean: last either way


def test_a_call_without_a_panel_has_no_scores_to_show_or_sort_by(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        call = make.call("IDEAS", panel=False)
        who = make.coordinator(call).id
        low, high = (make.proposal(call, days=days) for days in (9, 2))
        for row, score in ((low, "5.00"), (high, "1.00")):
            make.review(row, make.person(f"R{score}"), score)
        expected = [low.number, high.number]
        db.session.commit()
    client = client_for(who)
    for sort in ("mean", "-mean"):
        text = client.get(f"/desk/calls/IDEAS/proposals?sort={sort}").text
        assert numbers(text) == expected
        assert ">Mean<" not in text
        assert "<b>5.0</b>" not in text
    assert "Mean" not in client.get("/desk/calls/IDEAS/proposals.csv?sort=mean").text


def test_filters_stand_in_the_address_and_can_be_taken_away(
    app: Flask, client_for: ClientFor, desk: dict[str, Any]
) -> None:
    with app.app_context():
        call = _call(desk)
        theme = db.session.scalars(sa.select(make.Theme).where(make.Theme.name == "Optics")).one().id
        chosen = make.proposal(call, State.SUBMITTED, theme_id=theme).number
        moved = make.proposal(call, State.MATCHED, theme_id=theme)
        networks = db.session.scalars(sa.select(make.Theme).where(make.Theme.name == "Networks")).one().id
        make.keep(make.Match(proposal_id=moved.id, theme_id=networks))
        moved_number, plain = moved.number, make.proposal(call, State.ELIGIBLE).number
        db.session.commit()
    client = client_for(desk["who"])

    def found(query: str) -> set[str]:
        return set(numbers(client.get(f"{HERE}?{query}").text))

    assert found(f"theme={theme}") == {chosen}
    assert found(f"theme={networks}") == {moved_number}
    assert found("state=matched&state=eligible") == {moved_number, plain}
    assert found("waiting=screen") == {chosen}
    assert found("waiting=match") == {plain}
    assert found("desk=sponsor") == set()
    text = client.get(f"{HERE}?state=matched&state=eligible&theme={theme}&sort=title").text
    assert 'href="?state=matched&amp;theme=' in text.replace("&amp;sort=title", "")
    assert "theme: Optics" in text
    assert "No proposal is like that" in text


def test_the_words_may_be_chinese_or_the_applicant_s(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    with app.app_context():
        call = _call(desk)
        lead = make.person("José Müller", email="j.mueller@example.org", name_zh="穆勒")
        number = make.proposal(call, by=lead, title="Racks", title_zh="機櫃級運算的光互連").number
        make.proposal(call, title="Another 100% _thing")
        db.session.commit()
    client = client_for(desk["who"])
    for words in (
        "光互連",
        "運算",
        "racks",
        "RACKS 光",
        "Müller",
        "müller",
        "mueller@example",
        "穆勒",
        "José racks",
        number,
    ):
        assert numbers(client.get(HERE, query_string={"q": words}).text) == [number], words
    assert numbers(client.get(HERE, query_string={"q": "光電"}).text) == []
    assert len(numbers(client.get(HERE, query_string={"q": "100%"}).text)) == 1
    assert numbers(client.get(HERE, query_string={"q": "1_0"}).text) == []


BAD = [
    "page=0", "page=-1", f"page={10**30}", "page=x", "page=%00", "page=²", "state=nothing", "state=%00", "theme=x",
    f"theme={10**30}", "theme=-1", "desk=moon", "waiting=godot", "sort=overall", "sort=--mean", "sort=%00",
    "sort=id;drop", "q=%00", "q=a%00b", "q=%ED%A0%80", "q=%FF%FE", "q=%EF%BF%BF", "q=%25%5F%5C", "q=" + "x" * 7000,
    "q=" + "%20a" * 800, "reviews=", "reviews=99", "call=7", "page=1&page=2", "=&=", "q", "q=%E2%80%AEabc",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD)
def test_whatever_the_address_says_the_page_stands(
    app: Flask, client_for: ClientFor, desk: dict[str, Any], bad: str
) -> None:
    with app.app_context():
        make.proposal(_call(desk))
        db.session.commit()
    client = client_for(desk["who"])
    for path in (HERE, f"{HERE}.csv", "/desk/proposals"):
        assert client.get(f"{path}?{bad}").status_code in (200, 400, 404), path


def test_a_page_beyond_the_last_is_the_last(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    with app.app_context():
        for _ in range(51):
            make.proposal(_call(desk))
        db.session.commit()
    client = client_for(desk["who"])
    assert len(numbers(client.get(f"{HERE}?page=2").text)) == 1
    assert numbers(client.get(f"{HERE}?page=999").text) == numbers(client.get(f"{HERE}?page=2").text)


def test_an_empty_list_says_how_it_fills(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    client = client_for(desk["who"])
    assert "No proposals yet" in client.get(HERE).text
    assert numbers(client.get(f"{HERE}?q=x").text) == []


@pytest.mark.parametrize(
    "path",
    [
        HERE,
        f"{HERE}?sort=-mean",
        f"{HERE}?q=proposal&state=in_review&waiting=few",
        f"{HERE}.csv",
        "/desk/proposals",
        "/desk",
        "/desk/calls",
    ],
)
def test_the_number_of_statements_does_not_grow(
    app: Flask, client_for: ClientFor, desk: dict[str, Any], path: str
) -> None:
    client = client_for(desk["who"])
    counted: list[int] = []
    made = 0
    for rows in (1, 3, 50, 120):
        with app.app_context():
            call = _call(desk)
            reviewers = [make.person(f"R {rows} {n}") for n in range(3)]
            for _ in range(rows - made):
                row = make.proposal(call, State.IN_REVIEW)
                make.review(row, reviewers[0], "4.00")
                make.review(row, reviewers[1], "2.00", submitted=False)
            made = rows
            db.session.commit()
        with statements() as sent:
            reply = client.get(path)
            assert reply.status_code == 200
            assert reply.data
        counted.append(len(sent))
    assert len(set(counted)) == 1, counted
    assert counted[0] <= MOST_STATEMENTS, sent


def test_every_listed_title_may_be_opened_and_no_other(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    """The list is the policy's twin: the rows where the office page may be looked at."""
    from intake.policy import may
    from intake.vocabulary import Action

    with app.app_context():
        call = _call(desk)
        rows = [make.proposal(call, state) for state in State]
        make.conflict(rows[3], db.session.get_one(make.Person, desk["who"]))
        elsewhere = make.proposal(make.call("AIR-2021"))
        db.session.commit()
        who = db.session.get_one(make.Person, desk["who"])
        db.session.refresh(who, ["grants"])
        me = actor_of(who)
        allowed = {row.number for row in (*rows, elsewhere) if may(me, Action.PROPOSAL_VIEW_AS_OFFICE, one(row.id))}
        withheld = rows[3].number
    for path in (HERE, "/desk/proposals"):
        assert set(numbers(client_for(desk["who"]).get(path).text)) == allowed | {withheld}


def test_every_wait_is_a_filter(app: Flask, client_for: ClientFor, desk: dict[str, Any]) -> None:
    client = client_for(desk["who"])
    for wait in Wait:
        assert client.get(f"{HERE}?waiting={wait.value}").status_code == 200
