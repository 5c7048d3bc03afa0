"""A proposal in any state, and people in every relation to it, as plain objects: the policy needs no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from intake.policy import Actor, Grant
from intake.vocabulary import (
    ConflictKind,
    Declared,
    Relation,
    ReviewerAnswer,
    ReviewState,
    Role,
    SlotPlace,
    State,
    TeamAnswer,
)

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CALL, PROGRAMME, SPONSOR = 7, 70, 700
REVIEWED = {
    State.IN_REVIEW,
    State.DECIDED,
    State.SELECTED,
    State.WITH_SPONSOR,
    State.RESERVE,
    State.AWARDED,
    State.DECLINED,
}


def someone(number: int, *roles: Grant) -> Actor:
    """A signed-in person."""
    return Actor(number, frozenset(roles))


ACTORS: dict[str, Actor] = {
    "principal": someone(1, Grant(Role.FACULTY)),
    "co_investigator": someone(2, Grant(Role.FACULTY)),
    "assistant": someone(3),
    "viewer": someone(4),
    "invited": someone(7, Grant(Role.FACULTY)),
    "team_declined": someone(8, Grant(Role.FACULTY)),
    "coordinator": someone(20, Grant(Role.COORDINATOR, programme_id=PROGRAMME)),
    "coordinator_of_call": someone(21, Grant(Role.COORDINATOR, call_id=CALL)),
    "coordinator_elsewhere": someone(22, Grant(Role.COORDINATOR, programme_id=PROGRAMME + 1)),
    "coordinator_on_team": someone(5, Grant(Role.COORDINATOR, programme_id=PROGRAMME)),
    "coordinator_conflicted": someone(23, Grant(Role.COORDINATOR, programme_id=PROGRAMME)),
    "lead": someone(10, Grant(Role.REVIEWER)),
    "reviewer": someone(11, Grant(Role.REVIEWER)),
    "reviewer_undeclared": someone(12, Grant(Role.REVIEWER)),
    "reviewer_done": someone(13, Grant(Role.REVIEWER)),
    "reviewer_conflicted": someone(14, Grant(Role.REVIEWER)),
    "reviewer_taken_off": someone(15, Grant(Role.REVIEWER)),
    "reviewer_elsewhere": someone(16, Grant(Role.REVIEWER)),
    "reviewer_asked": someone(17, Grant(Role.REVIEWER)),
    "reviewer_on_team": someone(6, Grant(Role.REVIEWER)),
    "contact": someone(30, Grant(Role.SPONSOR_CONTACT, sponsor_id=SPONSOR)),
    "contact_elsewhere": someone(31, Grant(Role.SPONSOR_CONTACT, sponsor_id=SPONSOR + 1)),
    "stand_in": Actor(24, stands_in=frozenset({1})),
    "coordinator_named_by_mail": Actor(
        25, frozenset({Grant(Role.COORDINATOR, programme_id=PROGRAMME)}), frozenset({"p2@example.org"})
    ),
    "administrator": someone(40, Grant(Role.ADMINISTRATOR)),
    "no_role": someone(50),
    "nobody": Actor(),
}


def member(person_id: int, relation: Relation, answer: TeamAnswer = TeamAnswer.ACCEPTED) -> Any:
    """A line of the team."""
    return SimpleNamespace(
        person_id=person_id,
        email=f"p{person_id}@example.org",
        orcid="",
        relation=relation,
        answer=answer,
        confirmed_at=None,
    )


def assignment(
    person_id: int,
    *,
    lead: bool = False,
    review: ReviewState | None = None,
    off: bool = False,
    answer: ReviewerAnswer = ReviewerAnswer.ACCEPTED,
) -> Any:
    """An assignment with its review, if one was begun."""
    begun = SimpleNamespace(state=review) if review else None
    removed = NOW if off else None
    return SimpleNamespace(reviewer_id=person_id, lead=lead, review=begun, removed_at=removed, answer=answer)


def declaration(person_id: int, declared: Declared) -> Any:
    """What somebody declared."""
    return SimpleNamespace(person_id=person_id, declared=declared, kind=ConflictKind.OTHER, lifted_at=None)


def packet(*, sent: bool = True, recalled: bool = False) -> Any:
    """A packet for the sponsor."""
    return SimpleNamespace(
        sponsor_id=SPONSOR, sent_at=NOW if sent else None, recalled_at=NOW if recalled else None, interest=None
    )


def call(**changes: Any) -> Any:
    """An open call of the sponsor with a panel that wants two reviews."""
    facts: dict[str, Any] = {
        "id": CALL,
        "programme_id": PROGRAMME,
        "programme": SimpleNamespace(sponsor_id=SPONSOR, by_invitation=False),
        "standing": False,
        "opens_at": NOW - timedelta(days=10),
        "closes_at": NOW + timedelta(days=10),
        "in_preparation": False,
        "notice_due_at": None,
        "grace_minutes": 0,
        "sealed_until": None,
        "by_invitation": False,
        "invitations": [],
        "extensions": [],
        "slots": 3,
        "panel": True,
        "sponsor_decides": True,
        "reviews_needed": 2,
        "reads_others": "after_own",
        "applicants_named": True,
        "reviewers_named": False,
        "team_may_edit": True,
    }
    return SimpleNamespace(**facts | changes)


def paper(state: State, **changes: Any) -> Any:
    """A proposal in ``state`` with what a proposal in that state has.

    With reviewers: the lead and one other have submitted, one has a draft, one has not declared, one has a conflict.
    Selected: a packet lies ready. With the sponsor and after: it was sent. Reserve: as the sponsor's answer.
    """
    reviewed = state in REVIEWED
    sent = state in {State.WITH_SPONSOR, State.RESERVE, State.AWARDED, State.DECLINED}
    facts: dict[str, Any] = {
        "id": 1,
        "state": state,
        "number": None if state is State.DRAFT else "X-0001",
        "call": call(),
        "team": [
            member(1, Relation.PRINCIPAL),
            member(2, Relation.CO_INVESTIGATOR),
            member(3, Relation.ASSISTANT),
            member(4, Relation.VIEWER),
            member(5, Relation.CO_INVESTIGATOR),
            member(6, Relation.CO_INVESTIGATOR),
            member(7, Relation.CO_INVESTIGATOR, TeamAnswer.INVITED),
            member(8, Relation.CO_INVESTIGATOR, TeamAnswer.DECLINED),
        ],
        "created_at": NOW - timedelta(days=5),
        "extended_until": None,
        "slot": SimpleNamespace(
            place=SlotPlace.SLOT if state is State.SELECTED else SlotPlace.OFFERED,
            offered_until=NOW + timedelta(days=2),
        ),
        "returned_until": NOW + timedelta(days=3) if state is State.RETURNED else None,
        "returned_parts": ["summary", "team"] if state is State.RETURNED else [],
        "assignments": [
            assignment(10, lead=True, review=ReviewState.SUBMITTED),
            assignment(11, review=ReviewState.DRAFT),
            assignment(12),
            assignment(13, review=ReviewState.SUBMITTED),
            assignment(14),
            assignment(15, review=ReviewState.SUBMITTED, off=True),
            assignment(6),
            assignment(17, answer=ReviewerAnswer.ASKED),
        ]
        if reviewed
        else [],
        "conflicts": [
            declaration(10, Declared.NONE),
            declaration(11, Declared.NONE),
            declaration(13, Declared.NONE),
            declaration(14, Declared.CONFLICT),
            declaration(23, Declared.CONFLICT),
        ],
        "packets": [packet()] if sent else [packet(sent=False)] if state is State.SELECTED else [],
        "award": SimpleNamespace(published_at=None) if state is State.AWARDED else None,
    }
    return SimpleNamespace(**facts | changes)
