"""What the engine is given for a batch: facts of the database as plain data, always in the same order.

Everything is seen through the eyes of one coordinator: proposals that they have a conflict with, and whatever would
tell of those, are not among the facts. ``withheld`` names them, so that nobody with other eyes is shown the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.call.models import Call
from intake.errors import Refused
from intake.extensions import db
from intake.match.models import Affinity
from intake.match.queries import current
from intake.opening import sealed_at
from intake.people.models import Person, RoleGrant
from intake.policy import Actor, may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import conflicted, open_to_office, overseen_by
from intake.review.barring import away_from, barred
from intake.review.models import Assignment, Capacity
from intake.review.wishes import Pair, Wishes
from intake.vocabulary import Action, PairingKind, Role, State, TeamAnswer, say

Facts = dict[str, Any]
HANDLED = (State.MATCHED, State.IN_REVIEW)
"""A matched proposal is forwarded, one in review gets whom it lacks."""


def demand_open(call: Call, by: Actor) -> None:
    """Go on only if the actor oversees the call and it is not sealed. Raises Refused."""
    demand(may(by, Action.CALL_OVERSEE, call))
    if sealed_at(call, clock.now()):
        words = "This call is sealed until %(when)s: nobody in the office assigns its proposals before that."
        raise Refused(say(words, when=call.sealed_until))


def withheld(call_id: int, actor: Actor) -> list[int]:
    """The received proposals of the call that the actor has a conflict with, by id. Statements: 1."""
    ours = sa.and_(Proposal.call_id == call_id, overseen_by(actor), conflicted(actor))
    return list(db.session.scalars(sa.select(Proposal.id).where(ours).order_by(Proposal.id)))


def open_to(call_id: int, actor: Actor) -> sa.ColumnElement[bool]:
    """Proposals of the call that the actor handles as the office: no conflict, not sealed."""
    return sa.and_(Proposal.call_id == call_id, open_to_office(actor))


def reviewers() -> dict[int, str]:
    """Everybody active who holds the reviewer's role, by id, with the name. Statements: 1."""
    held = Person.grants.any(sa.and_(RoleGrant.role == Role.REVIEWER, RoleGrant.revoked_at.is_(None)))
    rows = db.session.execute(sa.select(Person.id, Person.name).where(held, Person.active).order_by(Person.id))
    return {row[0]: row[1] for row in rows}


def gathered(call: Call, wishes: Wishes, by: Actor) -> Facts:
    """The facts for these proposals and reviewers. Statements: flat in the number of pairs.

    Each proposal with its state and a print of its team; each reviewer as [most, least, elsewhere]: what they may be
    given in this call, and what they have of it on other proposals; scores, bars, who reviews already, and who leads.
    """
    states = _states(call, wishes.proposals, by)
    known = reviewers()
    people = [each for each in wishes.reviewers if each in known]
    standing = _standing(call.id, by)
    here = {pair for pair in standing if states.get(pair[0]) is State.IN_REVIEW}
    people = sorted({*people, *(reviewer for _, reviewer in here)})
    bars = barred(list(states), people, away_from(call.id, seen_by=by))
    return {
        "withheld": withheld(call.id, by),
        "proposals": {str(key): [state.value, print_] for key, state, print_ in _printed(states)},
        "reviewers": _reviewers(call, people, set(standing) - here),
        "scores": _by_proposal((pair, round(score, 6)) for pair, score in _scores(list(states), set(people))),
        "bars": _by_proposal((pair, mark) for pair, mark in sorted(bars.items()) if pair not in here),
        "standing": [list(pair) for pair in sorted(here)],
        "leads": {str(pair[0]): pair[1] for pair in sorted(here) if standing[pair]},
    }


def fingerprint(facts: Facts) -> str:
    """SHA-256 over the facts, written in one way."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def size_of(call: Call, wishes: Wishes, by: Actor) -> tuple[int, int]:
    """How many of the chosen proposals are to be assigned, and how many of the reviewers are active. Statements: 2."""
    known = reviewers()
    return len(_states(call, wishes.proposals, by)), sum(1 for each in wishes.reviewers if each in known)


def _states(call: Call, wanted: Sequence[int], by: Actor) -> dict[int, State]:
    rows = db.session.execute(
        sa.select(Proposal.id, Proposal.state)
        .where(open_to(call.id, by), Proposal.state.in_(HANDLED))
        .order_by(Proposal.id)
    )
    chosen = set(wanted)
    return {row[0]: row[1] for row in rows if row[0] in chosen}


def _printed(states: dict[int, State]) -> list[tuple[int, State, str]]:
    """Each proposal with its state and a short print of who is on its team, under every name. Statements: 1."""
    lines: dict[int, list[str]] = defaultdict(list)
    rows = db.session.execute(
        sa.select(TeamMember.proposal_id, TeamMember.person_id, TeamMember.email, TeamMember.orcid)
        .where(TeamMember.proposal_id.in_(list(states)), TeamMember.answer != TeamAnswer.DECLINED)
        .order_by(TeamMember.proposal_id, TeamMember.id)
    )
    for row in rows:
        lines[row[0]].append(f"{row[1]}/{row[2]}/{row[3]}")
    return [
        (key, state, hashlib.sha256(" ".join(sorted(lines[key])).encode()).hexdigest()[:12])
        for key, state in states.items()
    ]


def _standing(call_id: int, by: Actor) -> dict[Pair, bool]:
    """Who has which proposal of the call, and leads it: not of an earlier round of what is matched anew.
    Statements: 1."""
    rows = db.session.execute(
        sa.select(Assignment.proposal_id, Assignment.reviewer_id, Assignment.lead)
        .join(Assignment.proposal)
        .where(
            Proposal.call_id == call_id,
            Proposal.state != State.MATCHED,
            Assignment.removed_at.is_(None),
            sa.not_(conflicted(by)),
        )
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _reviewers(call: Call, people: Sequence[int], elsewhere: set[Pair]) -> dict[str, list[int]]:
    """Statements: 1."""
    rows = db.session.execute(
        sa.select(Capacity.person_id, Capacity.most, Capacity.least).where(Capacity.call_id == call.id)
    )
    set_ = {row[0]: (row[1], row[2]) for row in rows}
    has = Counter(reviewer for _, reviewer in elsewhere)
    found = {}
    for each in people:
        most, least = set_.get(each, (None, 0))
        found[str(each)] = [call.reviewer_load if most is None else most, least, has[each]]
    return found


def _scores(proposal_ids: list[int], people: set[int]) -> list[tuple[Pair, float]]:
    """Statements: 1."""
    rows = db.session.execute(
        sa.select(Affinity.proposal_id, Affinity.person_id, Affinity.score)
        .where(Affinity.kind == PairingKind.REVIEWER, Affinity.proposal_id.in_(proposal_ids), current())
        .order_by(Affinity.proposal_id, Affinity.person_id)
    )
    return [((row[0], row[1]), row[2]) for row in rows if row[1] in people]


def _by_proposal(pairs: Iterable[tuple[Pair, Any]]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (proposal, reviewer), value in pairs:
        found.setdefault(str(proposal), {})[str(reviewer)] = value
    return found
