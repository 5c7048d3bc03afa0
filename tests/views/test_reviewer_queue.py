"""A reviewer's queue: what is to do first, what is late, whose decision is due; as many statements at any length."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.policy import may
from intake.review.operations import unassign
from intake.vocabulary import Action, Declared, Role, State
from tests.factories import listing
from tests.factories.review import LATER, answers, words
from tests.factories.world import World, build, review

ClientFor = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build()


def rows(html: str) -> list[str]:
    return [
        words(each) for each in re.findall(r"<tbody>.*?</tbody>", html, re.DOTALL) for each in each.split("</tr>")[:-1]
    ]


def test_the_queue_says_what_is_left_and_leads_to_the_next(app: Flask, world: World, client_for: ClientFor) -> None:
    r2 = client_for(world.people["R2"])
    html = r2.get("/reviews").text
    assert "2 of 5 done; next due 17 Mar 2026, 10:00 HKT (in 13 days)" in words(html)
    listed = rows(html)
    assert [re.search(r"CALL-A-\d+", each)[0] for each in listed] == [  # type: ignore[index]
        "CALL-A-0001",
        "CALL-A-0003",
        "CALL-A-0004",
        "CALL-A-0005",
        "CALL-A-0006",
    ]
    assert "Draft saved 3 Mar 2026, 10:00 HKT" in listed[0]
    assert "Declare first" in listed[1]
    assert "Submitted 3 Mar 2026" in listed[3]
    assert f'class="btn btn-primary" href="/reviews/{world.proposals["P1"]}"' in html
    assert html.count("btn-primary") == 1
    r2.post(f"/reviews/{world.proposals['P3']}/declare", data={"declared": "none"})
    assert "Not begun" in rows(r2.get("/reviews").text)[1]
    r2.post(f"/reviews/{world.proposals['P1']}", data=answers(app, world, version="1"))
    html = r2.get("/reviews").text
    assert "3 of 5 done" in words(html)
    assert f'class="btn btn-primary" href="/reviews/{world.proposals["P3"]}"' in html


def test_late_ones_are_marked(world: World, client_for: ClientFor) -> None:
    with clock.at(LATER + timedelta(days=20)):
        html = client_for(world.people["R2"]).get("/reviews").text
    assert "3 are late." in words(html)
    assert [("late" in each) for each in rows(html)] == [True, True, True, False, False]


def test_a_lead_sees_where_the_decision_can_be_recorded(app: Flask, world: World, client_for: ClientFor) -> None:
    r1 = client_for(world.people["R1"])
    assert "decision can be recorded" not in r1.get("/reviews").text
    with app.app_context():
        review(world, "P1", "R2", 2)
        db.session.commit()
    html = r1.get("/reviews").text
    marked = set(re.findall(r'href="/reviews/(\d+)/decision"', html))
    with app.app_context():
        decidable = {
            str(number)
            for name, number in world.proposals.items()
            if may(world.actor("R1"), Action.PROPOSAL_DECIDE, world.proposal(name))
        }
    assert marked == decidable == {str(world.proposals["P1"])}
    assert "decision can be recorded" not in client_for(world.people["R2"]).get("/reviews").text


def test_neighbours_follow_the_queue(world: World, client_for: ClientFor) -> None:
    r2 = client_for(world.people["R2"])
    html = r2.get(f"/reviews/{world.proposals['P3']}").text
    assert "Queue 2 of 5" in html
    assert f'<a href="/reviews/{world.proposals["P1"]}" rel="prev">' in html
    assert f'<a href="/reviews/{world.proposals["P4"]}" rel="next">' in html
    assert 'rel="prev"' not in r2.get(f"/reviews/{world.proposals['P1']}").text


def test_what_was_taken_back_is_gone_from_list_and_counts(app: Flask, world: World, client_for: ClientFor) -> None:
    r2 = client_for(world.people["R2"])
    with app.app_context():
        proposal = world.proposal("P3")
        row = next(each for each in proposal.assignments if each.reviewer_id == world.people["R2"])
        unassign(proposal, row, "overworked", by=world.actor("C1"))
        db.session.commit()
    html = r2.get("/reviews").text
    assert "2 of 4 done" in words(html)
    assert "Compilers" not in html
    assert "Queue 1 of 4" in r2.get(f"/reviews/{world.proposals['P1']}").text


def test_an_own_proposal_is_in_no_queue(world: World, client_for: ClientFor) -> None:
    """F3 leads P3 and is a reviewer without any assignment."""
    html = client_for(world.people["F3"]).get("/reviews").text
    assert "Nothing to review" in html
    assert "Compilers" not in html
    assert client_for(world.people["N"]).get("/reviews").status_code == 403
    assert client_for(world.people["S1"]).get("/reviews").status_code == 403


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    counted: list[str] = []
    with app.app_context():
        connection = db.engine

    def note(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            counted.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return len(counted)


def test_the_queue_asks_the_same_number_of_questions_at_1_3_and_50_rows(app: Flask, client_for: ClientFor) -> None:
    counts = {}
    for size in (1, 3, 50, 60):
        with app.app_context():
            reader = listing.person(f"Reader {size}")
            listing.grant(reader, Role.REVIEWER)
            of = listing.call(f"CALL-{size}", reviews_needed=1)
            for at in range(size):
                paper = listing.proposal(of, State.IN_REVIEW)
                made = listing.review(paper, reader, None if at % 2 else "4.00", submitted=at % 4 == 0)
                made.lead = at % 3 == 0
                listing.keep(
                    Conflict(proposal_id=paper.id, person_id=reader.id, declared=Declared.NONE, declared_at=LATER)
                )
            db.session.commit()
            number = reader.id
        client = client_for(number)
        counts[size] = statements(app, client, "/reviews")
        assert len(rows(client.get("/reviews").text)) == min(size, 50)
    assert set(counts.values()) == {counts[1]}, counts
    assert counts[1] <= 7
    last = client.get("/reviews?page=2").text
    assert len(rows(last)) == 10
    assert "page 2 of 2" in words(last)
