"""Rows of generated proposals, table by table, ready to be inserted many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from random import Random
from types import SimpleNamespace
from typing import Any, cast

from intake.call.models import Call
from intake.demo import words
from intake.demo.crowd import Crowd
from intake.money import MINOR_PER_UNIT
from intake.proposal.content import frozen, sha256_of
from intake.proposal.models import Proposal
from intake.proposal.queries import folded
from intake.review.scoring import overall
from intake.vocabulary import Action, Declared, Recommendation, Relation, ReviewState, State, TeamAnswer, Verdict

Row = dict[str, Any]
Rows = dict[str, list[Row]]

REVIEWS = 3
STATES = (State.IN_REVIEW, State.DECIDED, State.SELECTED, State.RESERVE, State.DECLINED)
SHARES = (80, 8, 4, 3, 5)
"""How many in a hundred are in each state; every one has its reviews in."""
VERDICTS = {State.SELECTED: Verdict.SELECT, State.RESERVE: Verdict.RESERVE, State.DECLINED: Verdict.DECLINE}
FIRST_DAYS, LAST_DAYS = 120, 45
"""How many days ago the first and the last were submitted."""
CHINESE_SHARE = 0.1
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What all proposals of one generated call share."""

    call: Call
    crowd: Crowd
    institution: str
    now: datetime
    total: int
    seed: int


@dataclass(frozen=True, slots=True)
class Case:
    """One generated proposal: its columns, the team's and reviewers' people, and when it was submitted."""

    number: int
    columns: Row
    members: list[Any]
    reviewers: list[int]
    at: datetime
    chance: Random


def case(plan: Plan, number: int) -> Case:
    """The proposal with that number of its call, from 1 on. The same seed and number give the same texts and scores."""
    chance = Random(f"{plan.seed}/{number}")  # noqa: S311 - no secret
    at = plan.now - DAY * (FIRST_DAYS - (FIRST_DAYS - LAST_DAYS) * number / plan.total)
    members = chance.sample(plan.crowd.faculty, chance.choice((1, 2, 2, 3)))
    pool = plan.crowd.reviewers
    first = number * REVIEWS
    reviewers = [pool[(first + place) % len(pool)] for place in range(min(REVIEWS, len(pool)))]
    return Case(number, _columns(plan, number, at, chance), members, reviewers, at, chance)


def _columns(plan: Plan, number: int, at: datetime, chance: Random) -> Row:
    call, state = plan.call, chance.choices(STATES, SHARES)[0]
    theme = chance.choice(call.themes)
    subject, chinese = words.subject(theme.name, chance), chance.random() < CHINESE_SHARE
    row: Row = {
        "call_id": call.id,
        "number": f"{call.code}-{number:04d}",
        "state": state,
        "state_since": at + DAY * (9 if state is State.IN_REVIEW else 32 if state is State.DECIDED else 36),
        "title": words.title(subject, chance),
        "title_zh": words.title_zh(chance) if chinese else "",
        "abstract": words.abstract(subject, chance, chinese),
        "keywords": f"{theme.name}, measurement, load test",
        "description": words.description(subject, chance),
        "theme_id": theme.id,
        "amount_minor": chance.randrange(20, 71) * 1000 * MINOR_PER_UNIT,
        "duration_months": chance.choice((12, 18, 24)),
        "nothing_confidential": True,
        "own_work": True,
        "one_university": True,
        "created_at": at - 6 * DAY,
        "changed_at": at - DAY,
        "submitted_at": at,
    }
    told = (row["number"], row["title"], row["title_zh"], row["keywords"], row["abstract"])
    return row | {"search_text": folded(" ".join(told))}


def around(plan: Plan, one: Case, proposal_id: int) -> Iterator[tuple[str, Row]]:
    """The rows that hang on the proposal, each with its table's name; those of reviews come with ``under``."""
    yield from _team(plan, one, proposal_id)
    content = _frozen(plan, one)
    who = one.members[0].id
    received = {"ordinal": 1, "received_at": one.at, "submitted_by_id": who}
    yield "receipt", {"proposal_id": proposal_id, **received, "content": content, "sha256": sha256_of(content)}
    office = plan.crowd.coordinator.id
    matched = {"theme_id": one.columns["theme_id"], "made_by_id": office, "made_at": one.at + 5 * DAY}
    yield "match", {"proposal_id": proposal_id, **matched}
    for step in _moves(one, who, office):
        yield "move", {"proposal_id": proposal_id, **step}
    if one.columns["state"] not in (State.MATCHED, State.IN_REVIEW):
        yield "decision", {"proposal_id": proposal_id, **_decision(one, office)}
    for place, reviewer in enumerate(one.reviewers):
        of = {"proposal_id": proposal_id}
        declared = {"person_id": reviewer, "declared": Declared.NONE, "declared_at": one.at + 10 * DAY}
        asked = {"assigned_by_id": office, "assigned_at": one.at + 9 * DAY, "due_at": one.at + 35 * DAY}
        yield "conflict", of | declared
        yield "assignment", of | {"reviewer_id": reviewer, "lead": place == 0} | asked


def _team(plan: Plan, one: Case, proposal_id: int) -> Iterator[tuple[str, Row]]:
    for place, member in enumerate(one.members):
        yield (
            "team_member",
            {
                "proposal_id": proposal_id,
                "person_id": member.id,
                "name": member.name,
                "email": member.email,
                "organisation": plan.institution,
                "relation": _relation(place),
                "position": place,
            },
        )


def _relation(place: int) -> Relation:
    return Relation.CO_INVESTIGATOR if place else Relation.PRINCIPAL


def _frozen(plan: Plan, one: Case) -> Row:
    """What the receipt keeps, made by the product's own function from plain values."""
    call = plan.call
    team = [
        SimpleNamespace(
            name=member.name,
            organisation=plan.institution,
            relation=_relation(place),
            answer=TeamAnswer.ACCEPTED,
            person=SimpleNamespace(department=SimpleNamespace(name=member.department)),
        )
        for place, member in enumerate(one.members)
    ]
    theme = next(each for each in call.themes if each.id == one.columns["theme_id"])
    told = {"call": call, "theme": theme, "team": team, "members": team, "attachments": [], "form": None, "answers": {}}
    whole = SimpleNamespace(**one.columns, **told)
    return frozen(cast(Proposal, whole), one.columns["number"], one.at.isoformat(timespec="seconds"))


def _moves(one: Case, principal: int, office: int | None) -> Iterator[Row]:
    state, lead = one.columns["state"], next(iter(one.reviewers), None)
    steps: list[tuple[Action, State, State, int, int | None]] = [
        (Action.PROPOSAL_SUBMIT, State.DRAFT, State.SUBMITTED, 0, principal),
        (Action.PROPOSAL_SCREEN_IN, State.SUBMITTED, State.ELIGIBLE, 3, office),
        (Action.PROPOSAL_MATCH, State.ELIGIBLE, State.MATCHED, 5, office),
        (Action.PROPOSAL_FORWARD, State.MATCHED, State.IN_REVIEW, 9, office),
        (Action.PROPOSAL_DECIDE, State.IN_REVIEW, State.DECIDED, 32, lead),
        (Action.PROPOSAL_RELEASE, State.DECIDED, state, 36, office),
    ]
    made = {State.MATCHED: 3, State.IN_REVIEW: 4, State.DECIDED: 5}.get(state, 6)
    for action, was, became, days, by in steps[:made]:
        yield {"action": action.value, "was": was, "became": became, "at": one.at + days * DAY, "by_id": by}


def _decision(one: Case, office: int | None) -> Row:
    state = one.columns["state"]
    released = state is not State.DECIDED
    return {
        "verdict": VERDICTS.get(state, Verdict.SELECT),
        "rationale": "The reviews agree in the main, and the panel follows them.",
        "feedback": "Thank you for a clear proposal. The remarks of the reviewers stand below.",
        "recorded_by_id": one.reviewers[0],
        "recorded_at": one.at + 32 * DAY,
        "released_by_id": office if released else None,
        "released_at": one.at + 36 * DAY if released else None,
    }


def review(plan: Plan, one: Case, place: int, assignment_id: int) -> tuple[Row, dict[int, int]]:
    """One submitted review of the proposal, and its scores by criterion's id."""
    criteria, chance = plan.call.criteria, one.chance
    lean = chance.choice((-1, 0, 0, 1))
    scores = {each.id: min(each.most, max(each.least, chance.randint(2, 5) + lean)) for each in criteria}
    mean = _overall(tuple(criteria), tuple(scores.items()))
    at = one.at + DAY * (16 + 4 * place)
    kind = Recommendation.FORWARD if mean >= 4 else Recommendation.RESERVE if mean >= 3 else Recommendation.DECLINE
    row = {
        "assignment_id": assignment_id,
        "state": ReviewState.SUBMITTED,
        "recommendation": kind,
        "for_applicant": chance.choice(words.FOR_APPLICANT),
        "for_office": chance.choice(words.FOR_OFFICE),
        "overall": mean,
        "saved_at": at,
        "submitted_at": at,
    }
    return row, scores


@lru_cache(maxsize=10_000)
def _overall(criteria: tuple[Any, ...], scores: tuple[tuple[int, int], ...]) -> Decimal:
    return overall(criteria, dict(scores))


def by_table(rows: Sequence[tuple[str, Row]]) -> Rows:
    """The rows sorted by table, in the order in which they came."""
    found: Rows = defaultdict(list)
    for table, row in rows:
        found[table].append(row)
    return found
