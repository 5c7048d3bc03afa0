"""A call is filled with generated proposals and reviews, to measure with."""

from __future__ import annotations

from datetime import time
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call import queries as calls
from intake.call.models import Call, Criterion, Rule, Theme
from intake.catalogue import load_file
from intake.demo import texts
from intake.demo.crowd import gather
from intake.demo.loading import demand_no_production
from intake.demo.moments import CLOSES_DAYS, OPENED_DAYS, office_day
from intake.demo.rows import Case, Plan, around, by_table, case, review
from intake.extensions import Base, db
from intake.programme.models import Office

MODEL = "HIRP-2020"
"""The call whose programme, themes, rules and rubric a generated one takes over."""
BATCH = 500
COPIED = ("programme_id", "currency", "max_award_minor", "max_award_source", "duration_least", "duration_most")


def generate(proposals: int, reviewers: int, seed: int) -> str:
    """Make a call LOAD-1 (LOAD-2 where there is one ...) with that many proposals, each with three submitted reviews
    (or as many as there are reviewers). The same seed gives the same texts and scores; dates are relative to now.

    The caller commits. Records: one event for all of it. Returns: a sentence. Raises: Refused in production.
    """
    demand_no_production()
    call = call_like_the_model("LOAD", "Load test")
    office = db.session.scalars(sa.select(Office)).one()
    crowd = gather(call.programme_id, reviewers, seed)
    plan = Plan(call, crowd, office.institution, clock.now(), proposals, seed)
    for numbers in _batches(proposals):
        _fill(plan, [case(plan, number) for number in numbers])
    call.last_number = proposals
    db.session.flush()
    record("demo.generated", "call", call.id, by=crowd.coordinator, proposals=proposals, reviewers=reviewers, seed=seed)
    return f"{call.code} holds {proposals} proposals with {min(3, reviewers)} reviews each."


def _batches(count: int) -> list[range]:
    return [range(first, min(first + BATCH, count + 1)) for first in range(1, count + 1, BATCH)]


def call_like_the_model(prefix: str, title: str, themes: int | None = None) -> Call:
    """A new call of the model's programme, open now, with its first so many ``themes`` (None: all); its code is
    ``prefix`` with the next number. Needs the catalogue, and loads it where it is missing."""
    if calls.one(MODEL) is None:
        load_file(texts.CATALOGUE)
    model = calls.one(MODEL)
    assert model is not None
    number = 1
    while calls.one(f"{prefix}-{number}") is not None:
        number += 1
    call = Call(
        code=f"{prefix}-{number}",
        title=f"{title} {number}",
        opens_at=office_day(clock.now(), OPENED_DAYS, time(9)),
        closes_at=office_day(clock.now(), -CLOSES_DAYS, time(17)),
        themes=[Theme(**_copy(each)) for each in model.themes[:themes]],
        rules=[Rule(**_copy(each)) for each in model.rules],
        criteria=[Criterion(**_copy(each)) for each in model.criteria],
        **{name: getattr(model, name) for name in COPIED},
    )
    db.session.add(call)
    db.session.flush()
    made = calls.one(call.code)
    assert made is not None
    return made


def _copy(row: Base) -> dict[str, Any]:
    """The row's columns but its id and its call."""
    return {key: getattr(row, key) for key in sa.inspect(type(row)).columns.keys() if key not in ("id", "call_id")}  # noqa: SIM118


def _fill(plan: Plan, cases: list[Case]) -> None:
    """Insert a batch: the proposals first, then what hangs on them, then what hangs on their assignments."""
    ids = inserted("proposal", [one.columns for one in cases])
    hanging = by_table([row for one, number in zip(cases, ids, strict=True) for row in around(plan, one, number)])
    asked = hanging.pop("assignment")
    for table, rows in hanging.items():
        db.session.execute(sa.insert(_table(table)), rows)
    _review(plan, cases, inserted("assignment", asked))


def _review(plan: Plan, cases: list[Case], assignments: list[int]) -> None:
    """``assignments`` are the ids in the order of the cases and of their reviewers."""
    each = iter(assignments)
    written = [review(plan, one, place, next(each)) for one in cases for place in range(len(one.reviewers))]
    ids = inserted("review", [row for row, _ in written])
    scores = [
        {"review_id": number, "criterion_id": criterion, "value": value}
        for number, (_, given) in zip(ids, written, strict=True)
        for criterion, value in given.items()
    ]
    db.session.execute(sa.insert(_table("score")), scores)


def inserted(name: str, rows: list[dict[str, Any]]) -> list[int]:
    """Insert the rows. Returns: their ids in the same order."""
    table = _table(name)
    adding = sa.insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(adding, rows))


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]
