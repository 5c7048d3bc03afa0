"""A list of pairs from a spreadsheet: reported on row by row, and then a batch like any other."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from intake import clock
from intake.conflict.models import Conflict
from intake.errors import BadUpload
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.review import applying, planning, uploading
from intake.review.models import Assignment, Capacity
from intake.vocabulary import ConflictKind, Declared, Limit, State
from tests.factories.matched import Trial, trial
from tests.review.test_batches import on_the_team, pairs
from tests.review.test_batches_applied import in_conflict, states


@pytest.fixture
def world(room: Flask) -> Trial:
    """Eight matched proposals and five reviewers."""
    return trial()


def number(world: Trial, place: int) -> str:
    """The number of a proposal."""
    return db.session.get_one(Proposal, world.proposals[place]).number or ""


def address(world: Trial, place: int) -> str:
    """The address of a reviewer."""
    return db.session.get_one(Person, world.judges[place]).email


def told(world: Trial, *lines: str, head: str = "number,reviewer,lead,reason", who: str | None = None) -> list[str]:
    """What is wrong with each line, or nothing."""
    by = world.actor(who) if who else world.coordinator
    report = uploading.judged(world.call, uploading.read("\n".join([head, *lines])), by=by)
    return ["" if row.wrong is None else str(row.wrong) for row in report.rows]


def test_good_rows_become_a_batch_and_nothing_else_does(world: Trial) -> None:
    """A mark at the start, ends of lines of another system, an empty line, an unknown number, and a second lead."""
    wanted = ((0, 0, ""), (0, 1, "yes"), (1, 2, "yes"), (1, 3, "yes"))
    lines = [f"{number(world, p)},{address(world, r).upper()},{lead}" for p, r, lead in wanted]
    text = "\r\n".join(["\ufeffnumber,reviewer,lead", lines[0], "", *lines[1:3], "X-1,a@example.org,", lines[3]])
    report = uploading.judged(world.call, uploading.read(text), by=world.coordinator)
    assert [row.line for row in report.rows if row.wrong] == [6, 7]
    wishes = uploading.wishes_of(world.call, report, clock.now() + timedelta(days=9), None)
    batch = planning.propose(world.call, "List", wishes, by=world.coordinator)
    assert pairs(batch) == {(world.proposals[p], world.judges[r]) for p, r, _ in wanted[:3]}
    applying.apply(batch, world.call, by=world.coordinator)
    assert states(world) == [State.IN_REVIEW, *[State.MATCHED] * 7]
    assert db.session.scalar(sa.select(Assignment.reviewer_id).where(Assignment.lead)) == world.judges[1]


def test_every_fault_is_told_in_its_row(world: Trial) -> None:
    on_the_team(world.proposals[0], world.judges[0])
    row = {"declared": Declared.CONFLICT, "kind": ConflictKind.PERSONAL}
    db.session.add(Conflict(proposal_id=world.proposals[0], person_id=world.judges[1], **row))
    db.session.add(Capacity(call_id=world.call.id, person_id=world.judges[2], most=1))
    db.session.get_one(Proposal, world.proposals[7]).state = State.ELIGIBLE
    db.session.flush()
    n, a = [number(world, place) for place in range(8)], [address(world, place) for place in range(5)]
    blocked = told(world, f"{n[0]},{a[0]},,because", f"{n[0]},{a[1]},,because")
    assert blocked[0] == "On the team of this proposal."
    assert blocked[1].startswith("Declared on ")
    leads = told(world, f"{n[0]},{a[2]},x", f"{n[0]},{a[3]},x")
    assert leads == ["", "An earlier row says who leads this proposal."]
    assert told(world, f"{n[0]},{a[2]}", f"{n[0]},{a[2]}") == ["", "It stands in the list twice."]
    full = told(world, f"{n[0]},{a[2]}", f"{n[1]},{a[2]}", f"{n[1]},{a[2]},,They offered.")
    assert full[1].startswith("They would have 2 reviews in this call, and 1 at most.")
    assert (full[0], full[2]) == ("", "")
    assert told(world, f"{n[7]},{a[3]}") == ["It is not to be assigned now: Eligible."]
    assert told(world, f"HIRP-9999-0001,{a[3]}") == ["There is no proposal with this number in this call."]
    assert told(world, f"{n[1]},nobody@example.org", n[1]) == ["No active reviewer has this address."] * 2


def test_a_reason_is_taken_whole_or_its_row_is_at_fault(world: Trial) -> None:
    """What our own export puts before a text that a spreadsheet would run is taken off again, and nothing else."""
    start = f"{number(world, 0)},{address(world, 2)},,"
    assert told(world, start + "z" * Limit.REASON, start + "z" * (Limit.REASON + 1)) == [
        "",
        "The reason is longer than 2000 characters.",
    ]
    reasons = {"'twas long ago": "'twas long ago", "'=1+1": "=1+1", "''": "''", "=2": "=2"}
    text = "number,reviewer,lead,reason\n" + "\n".join(start + each for each in reasons)
    assert [row.reason for row in uploading.read(text)] == list(reasons.values())


def test_what_is_withheld_is_refused(world: Trial) -> None:
    line = f"{number(world, 0)},{address(world, 0)}"
    assert told(world, line, who=in_conflict(world)) == [
        "Withheld: you have a conflict with it, so somebody else handles it."
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2", 'number,reviewer\n"x', "number,reviewer\n" + "x,y\n" * 5001])
def test_what_is_no_such_list_is_refused(text: str) -> None:
    with pytest.raises(BadUpload):
        uploading.read(text)


@pytest.mark.once
@given(st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_whatever_the_text_it_is_read_or_refused(text: str) -> None:
    for whole in (text, "number,reviewer,lead,reason\n" + text):
        try:
            rows = uploading.read(whole)
        except BadUpload:
            continue
        assert all(row.line > 1 for row in rows)
