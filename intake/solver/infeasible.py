"""Why proposals stay short, and the smallest change that repairs it, by names."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from intake.solver import flow, measures
from intake.solver.instance import Instance, Mask, Whole, with_loads
from intake.vocabulary import Words, say

NAMED = 12
"""So many names stand in one sentence; a list beside it has them all."""


@dataclass(frozen=True, slots=True)
class Short:
    """A proposal that lacks ``missing`` reviews. ``exhausted`` names the reviewers that it or an exchange could reach:
    all of them are at their largest load."""

    proposal: str
    missing: int
    why: Words
    exhausted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Raise:
    """A reviewer whose largest load must rise."""

    reviewer: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Recruit:
    """A proposal that needs ``reviews`` more pairs that may be assigned: further reviewers, with a score."""

    proposal: str
    reviews: int


@dataclass(frozen=True, slots=True)
class Repair:
    """The smallest change after which no proposal is short: so many reviews more in all, as rises and as recruiting."""

    reviews: int
    raises: tuple[Raise, ...]
    recruits: tuple[Recruit, ...]
    sentence: Words


def short(made: Instance, taken: Mask) -> list[Short]:
    """The proposals that lack reviews, by id."""
    missing = made.needs - measures.reviews(made, taken)
    places = np.flatnonzero(missing > 0)
    if len(places) == 0:
        return []
    degree = np.bincount(made.p, minlength=len(made.proposals))
    reached = {int(each): exhausted(made, taken, int(each)) for each in places[:200]}
    rest = exhausted(made, taken, *places.tolist()) if len(places) > len(reached) else np.zeros(0, np.int64)
    found = []
    for place in places.tolist():
        names = tuple(made.reviewers[each] for each in reached.get(place, rest).tolist())
        why = _why(made, place, int(degree[place]), int(missing[place]), names)
        found.append(Short(made.proposals[place], int(missing[place]), why, names))
    return found


def _why(made: Instance, place: int, degree: int, missing: int, names: tuple[str, ...]) -> Words:
    facts = {"missing": missing, "needed": int(made.needs[place]), "allowed": degree, "names": listed(names)}
    if degree == 0:
        return say("Nobody may be assigned: it has no score with anybody, or every one is in conflict.")
    if not names:
        return say("It needs %(needed)s reviews and only %(allowed)s reviewers may be assigned.", **facts)
    if degree < made.needs[place]:
        return say(
            "It needs %(needed)s reviews and only %(allowed)s reviewers may be assigned;"
            " at their largest load are also: %(names)s.",
            **facts,
        )
    return say("Every reviewer that it or an exchange could reach is at the largest load: %(names)s.", **facts)


def exhausted(made: Instance, taken: Mask, *places: int) -> Whole:
    """The reviewers in the smallest cut around the short proposals: all that exchanges of pairs reach from them.

    From a proposal to every reviewer that it might take, from a reviewer to every proposal whose pair (not locked)
    might move. In a largest flow all of them are at their largest load.
    """
    at_p, at_r = np.zeros(len(made.proposals), np.bool_), np.zeros(len(made.reviewers), np.bool_)
    at_p[list(places)] = True
    movable, open_ = taken & ~made.locked, ~taken
    while True:
        at_r[made.r[open_ & at_p[made.p]]] = True
        wider = at_p.copy()
        wider[made.p[movable & at_r[made.r]]] = True
        if np.array_equal(wider, at_p):
            return np.flatnonzero(at_r)
        at_p = wider


def repair(made: Instance, taken: Mask, gains: Whole) -> Repair | None:
    """The smallest repair, or None where nothing is short.

    Proposals with fewer allowed pairs than they need must recruit; no load helps them. For the rest each missing review
    costs one more load: as few as possible are raised in all, and among those the best total is taken. It was solved
    with those loads, so it is known to repair.
    """
    missing = int(made.needs.sum()) - int(taken.sum())
    if not missing:
        return None
    made = replace(made, min_loads=np.zeros_like(made.min_loads))
    wider = flow.best(made, gains, raised=np.bincount(made.r, minlength=len(made.reviewers)).astype(np.int64))
    load = measures.loads(made, wider)
    places = np.flatnonzero(load > made.max_loads)
    raises = tuple(Raise(made.reviewers[i], int(made.max_loads[i]), int(load[i])) for i in places.tolist())
    lacking = made.needs - measures.reviews(made, wider)
    recruits = tuple(Recruit(made.proposals[i], int(lacking[i])) for i in np.flatnonzero(lacking > 0).tolist())
    check = flow.best(with_loads(made, np.maximum(made.max_loads, load)), gains)
    if int(check.sum()) != int(wider.sum()):
        raise RuntimeError("The repair does not repair.")
    return Repair(missing, raises, recruits, _sentence(raises, recruits))


def _sentence(raises: tuple[Raise, ...], recruits: tuple[Recruit, ...]) -> Words:
    rises = listed(tuple(f"{each.reviewer} ({each.before} -> {each.after})" for each in raises))
    needs = listed(tuple(f"{each.proposal} ({each.reviews})" for each in recruits))
    facts = {
        "rises": rises,
        "needs": needs,
        "more": sum(each.after - each.before for each in raises),
        "recruit": sum(each.reviews for each in recruits),
    }
    if not recruits:
        return say("Raise largest loads by %(more)s in all: %(rises)s.", **facts)
    if not raises:
        return say("Find reviewers for what nobody may review now, %(recruit)s in all: %(needs)s.", **facts)
    return say(
        "Raise largest loads by %(more)s in all: %(rises)s."
        " Find reviewers for what nobody may review now, %(recruit)s in all: %(needs)s.",
        **facts,
    )


def listed(names: tuple[str, ...]) -> str:
    """The names in one line; what goes beyond ``NAMED`` is counted."""
    if len(names) <= NAMED:
        return ", ".join(names)
    return ", ".join(names[:NAMED]) + f", +{len(names) - NAMED}"
