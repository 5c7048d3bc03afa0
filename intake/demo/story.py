"""Which acts make up a proposal's way, and how many days after its submission each comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import partial
from random import Random
from typing import NamedTuple

from intake.demo import matching, play
from intake.demo.moments import DAY, office_day, spread
from intake.demo.play import Company, Tale
from intake.demo.texts import Text
from intake.vocabulary import State

Act = Callable[[Tale], None]
Line = tuple[float, Act]

SCREENED, MATCHED, FORWARDED, DECLARED, ASSESSED, DUE, DECIDED = 2.0, 5.0, 8.0, 9.0, 14.0, 27.0, 30.0
RELEASED, PREPARED, SENT, INTERESTED, ANSWERED, PUBLISHED = 33.0, 35.0, 35.2, 41.0, 52.0, 55.0
BETWEEN_REVIEWS = 4.0
DUE_IN_DAYS, LATE_DAYS = 6, 5
"""When running reviews are due: some days from now, but where somebody is late."""
NOT_PUBLISHED = {"hirp-02"}
"""Awards that wait for the office to publish them."""
WITH_A_PAPER = 3
"""Every so-many-th proposal has an attachment."""
REVIEWED = frozenset(State) - {
    State.DRAFT, State.SUBMITTED, State.RETURNED, State.INELIGIBLE, State.ELIGIBLE, State.MATCHED, State.WITHDRAWN
}  # fmt: skip


class Scene(NamedTuple):
    """One act at its moment; scenes are played in this order."""

    at: datetime
    proposal: int
    line: int
    tale: Tale
    act: Act


def scenes(text: Text, place: int, company: Company, steps: list[Text]) -> Iterator[Scene]:
    """Everything that happens to one proposal, in order. ``place`` is its place in the texts; ``steps`` are those by
    which proposals are matched."""
    chance = Random(text["key"])  # noqa: S311 - no secret: the same story for everybody
    written = [*_lines(text, place, chance), *matching.lines(text["key"], steps)]
    lines = sorted(written, key=lambda line: line[0])
    state = State(text["state"])
    days = text["days_ago_submitted"]
    moments = spread([offset for offset, _ in lines], company.now, days, state, chance)
    tale = Tale(text, company, _due(text, company.now, moments, lines))
    for number, (moment, (_, act)) in enumerate(zip(moments, lines, strict=True)):
        yield Scene(moment, place, number, tale, act)


def _due(text: Text, now: datetime, moments: list[datetime], lines: list[Line]) -> datetime:
    """When its reviews are due: for running ones near now, for past ones where the story had it."""
    if text["state"] == State.IN_REVIEW:
        return office_day(now, LATE_DAYS if any(map(late, text["reviewers"])) else -DUE_IN_DAYS, time(18))
    asked = [moment for moment, (offset, _) in zip(moments, lines, strict=True) if FORWARDED <= offset < DECIDED]
    return office_day(max(asked, default=now) + 2 * DAY, 0, time(18))


def late(row: Text) -> bool:
    """A reviewer who declared no conflict and wrote nothing."""
    return row["declared"] == "none" and row["review"] is None


def _lines(text: Text, place: int, chance: Random) -> Iterator[Line]:
    state = State(text["state"])
    yield from _writing(place, state, chance)
    if state is State.DRAFT:
        return
    yield 0.0, play.submit
    if state is State.RETURNED:
        yield SCREENED, play.send_back
    elif state is State.INELIGIBLE:
        yield SCREENED, play.screen_out
    elif state is not State.SUBMITTED:
        yield SCREENED, play.screen_in
    if state is State.WITHDRAWN:
        yield MATCHED, play.withdraw
    if state in REVIEWED | {State.MATCHED}:
        yield MATCHED, play.pair
    if state in REVIEWED:
        yield from _reviewing(text, chance)
    if text["decision"]:
        yield DECIDED, play.decide
    if text["decision"] and state is not State.DECIDED:
        yield RELEASED, play.release
    yield from _forwarding(text)


def _writing(place: int, state: State, chance: Random) -> Iterator[Line]:
    began = -(5.0 + chance.random() * 3)
    yield began, play.start
    yield -2.0 if state is State.DRAFT else -1.0, play.write
    if place % WITH_A_PAPER == 0 and state is not State.DRAFT:
        yield -0.5, play.attach


def _reviewing(text: Text, chance: Random) -> Iterator[Line]:
    yield FORWARDED, play.forward
    for place, row in enumerate(text["reviewers"]):
        if row["declared"]:
            yield DECLARED + chance.random() * 3, partial(play.declared, row=row)
        if row["review"]:
            yield ASSESSED + place * BETWEEN_REVIEWS + chance.random() * 3, partial(play.assess, row=row)
        if late(row) and text["state"] == State.IN_REVIEW:
            yield DUE, partial(play.nudge, row=row)


def _forwarding(text: Text) -> Iterator[Line]:
    if text["packet"]:
        yield PREPARED, play.prepare
        yield SENT, play.send
        if text["packet"]["interest"]:
            yield INTERESTED, play.interest
    if text["outcome"]:
        yield ANSWERED, play.answer
    if text["state"] == State.AWARDED and text["key"] not in NOT_PUBLISHED:
        yield PUBLISHED, play.publish


__all__ = ["Scene", "late", "scenes"]
