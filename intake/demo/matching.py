"""What matches a proposal of the demonstration: steps on the board, an objection, reviewers asked and lined up.

Each function below is one act on one proposal; ``row`` says which. ``ACTS`` finds it by its name in the texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import time, timedelta
from functools import partial

from intake import clock
from intake.conflict import objecting, standing_in
from intake.demo.moments import office_day
from intake.demo.play import Tale, person_id, theme_id
from intake.demo.texts import Text
from intake.match.pairing import step
from intake.review import alternates, answering, operations
from intake.vocabulary import DeclineReason, PairingKind, PairingState

ANSWER_IN_DAYS = 3
"""In how many days, from now on, somebody answers who was asked lately."""


def lines(key: str, steps: list[Text]) -> Iterator[tuple[float, Callable[[Tale], None]]]:
    """The acts on the proposal with that key, each with the days after its submission."""
    return ((row["after"], partial(ACTS[row["act"]], row=row)) for row in steps if row["proposal"] == key)


def pair(tale: Tale, row: Text) -> None:
    """The office takes a step on the match board."""
    proposal, kind = tale.whole(), PairingKind(row["kind"])
    target = theme_id(proposal, row["with"]) if kind is PairingKind.THEME else person_id(tale, row["with"])
    assert target is not None
    step(proposal, kind, target, PairingState(row["state"]), row["note"], by=tale.office(proposal))


def object_to(tale: Tale, row: Text) -> None:
    """The principal investigator asks that somebody does not judge it."""
    who = tale.company.people[row["who"]]
    objecting.object_to(tale.proposal(), who["name"], who["email"], row["reason"], by=tale.principal)


def line_up(tale: Tale, row: Text) -> None:
    """The office says who is asked next when somebody says no."""
    proposal = tale.proposal()
    for key in row["who"]:
        alternates.add(proposal, person_id(tale, key), by=tale.office(proposal))


def ask(tale: Tale, row: Text) -> None:
    """The office asks one more reviewer, who answers within ``days``, or (0) some days from now."""
    proposal = tale.proposal()
    soon = office_day(tale.company.now, -ANSWER_IN_DAYS, time(12))
    until = clock.now() + timedelta(days=row["days"]) if row["days"] else soon
    asked = operations.Asked(person_id(tale, row["who"]), False, row["reason"])
    operations.assign(proposal, asked, tale.due_at, by=tale.office(proposal), reply_by=until)


def decline(tale: Tale, row: Text) -> None:
    """Somebody who was asked says no."""
    by = tale.company.actors[row["who"]]
    answering.decline(tale.proposal(), DeclineReason(row["why"]), row["note"], by=by)


def stand_in(tale: Tale, row: Text) -> None:
    """An administrator names somebody who handles it in place of its coordinators."""
    by = tale.company.actors["admin"]
    standing_in.name_stand_in(tale.proposal(), person_id(tale, row["who"]), row["reason"], by=by)


ACTS = {each.__name__: each for each in (pair, object_to, line_up, ask, decline, stand_in)}
