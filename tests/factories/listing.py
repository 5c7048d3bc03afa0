"""Rows for tests of lists: a call with themes and criteria, people, proposals in any state, reviews.

Written straight into the tables: lists only read, and a thousand proposals must not take a thousand submissions.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from intake import clock
from intake.call.models import Call, Criterion, Theme
from intake.conflict.models import Conflict
from intake.extensions import db
from intake.match.models import Match
from intake.people.models import Department, Person, RoleGrant
from intake.programme.models import Programme, Sponsor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import folded
from intake.review.models import Assignment, Review, Score
from intake.vocabulary import (
    ConflictKind,
    Currency,
    Declared,
    ProgrammeKind,
    Recommendation,
    Relation,
    ReviewState,
    Role,
    State,
)

__all__ = [
    "Conflict",
    "Match",
    "Person",
    "Theme",
    "call",
    "conflict",
    "coordinator",
    "grant",
    "keep",
    "person",
    "proposal",
    "review",
]
CRITERIA = (("merit", "Merit", 60), ("plan", "Plan", 40))


def keep(*rows: Any) -> None:
    """Add rows and give them their ids."""
    db.session.add_all(rows)
    db.session.flush()


def person(name: str, *, email: str = "", department: Department | None = None, **columns: Any) -> Person:
    """A person with an account."""
    made = Person(
        name=name, email=email or f"{name.lower().replace(' ', '.')}@example.org", department=department, **columns
    )
    keep(made)
    return made


def grant(to: Person, role: Role, **scope: int) -> None:
    """Give a role."""
    keep(RoleGrant(person_id=to.id, role=role, **scope))


def call(code: str = "HIRP-2020", *, sponsored: bool = True, **columns: Any) -> Call:
    """A call of a programme of its own that closed five days ago, with two themes and two criteria from 1 to 5."""
    sponsor = Sponsor(code=f"S-{code}", name=f"Sponsor of {code}", time_zone="UTC") if sponsored else None
    if sponsor:
        keep(sponsor)
    programme = Programme(
        code=f"P-{code}",
        sponsor_id=sponsor.id if sponsor else None,
        name=f"Programme {code}",
        kind=ProgrammeKind.RESEARCH_PROJECT,
    )
    keep(programme)
    now = clock.now()
    dates = {"opens_at": now - timedelta(days=40), "closes_at": now - timedelta(days=5)}
    if columns.get("standing"):
        dates = {}
    made = Call(
        **{"code": code, "programme_id": programme.id, "title": f"Call {code}", "currency": Currency.USD}
        | dates
        | columns
    )
    keep(made)
    keep(*(Theme(call_id=made.id, name=name, position=at) for at, name in enumerate(("Optics", "Networks"))))
    keep(
        *(
            Criterion(call_id=made.id, code=code, name=name, question="?", weight=weight, least=1, most=5, position=at)
            for at, (code, name, weight) in enumerate(CRITERIA)
        )
    )
    return made


def coordinator(of: Call, name: str = "Cora Office") -> Person:
    """A coordinator of one call."""
    made = person(name)
    grant(made, Role.COORDINATOR, call_id=of.id)
    return made


_number = iter(range(1, 10**9))


def proposal(
    of: Call, state: State = State.SUBMITTED, *, by: Person | None = None, days: float = 3, **columns: Any
) -> Proposal:
    """A proposal in ``state`` since ``days`` ago, with its principal investigator."""
    at = next(_number)
    lead = by or person(f"Applicant {at}", email=f"applicant{at}@example.org")
    drafted = state is State.DRAFT
    values: dict[str, Any] = {
        "call_id": of.id,
        "state": state,
        "state_since": clock.now() - timedelta(days=days),
        "title": f"Proposal {at}",
        "number": None if drafted else f"{of.code}-{at:04d}",
        "submitted_at": None if drafted else clock.now() - timedelta(days=days + 1),
        "withdrawn_from": State.SUBMITTED if state is State.WITHDRAWN else None,
        "returned_until": clock.now() + timedelta(days=9) if state is State.RETURNED else None,
        "ineligible_rule": "own-work" if state is State.INELIGIBLE else "",
    } | columns
    made = Proposal(**values)
    made.search_text = folded(f"{made.number or ''} {made.title} {made.title_zh or ''} {made.keywords or ''}")
    keep(made)
    keep(TeamMember(proposal_id=made.id, person_id=lead.id, name=lead.name, relation=Relation.PRINCIPAL))
    return made


def review(
    of: Proposal,
    reviewer: Person,
    overall: str | None,
    *,
    submitted: bool = True,
    removed: bool = False,
    due: float = 7,
) -> Assignment:
    """An assignment that is due in ``due`` days, with a review where ``overall`` is given."""
    made = Assignment(
        proposal_id=of.id,
        reviewer_id=reviewer.id,
        due_at=clock.now() + timedelta(days=due),
        removed_at=clock.now() if removed else None,
        removed_reason="ill" if removed else "",
    )
    keep(made)
    if overall is not None:
        facts = {"overall": Decimal(overall), "submitted_at": clock.now()} if submitted else {}
        written = Review(
            assignment_id=made.id,
            state=ReviewState.SUBMITTED if submitted else ReviewState.DRAFT,
            recommendation=Recommendation.FORWARD,
            **facts,
        )
        keep(written)
        asked = db.session.query(Criterion).filter_by(call_id=of.call_id)
        keep(*(Score(review_id=written.id, criterion_id=each.id, value=int(Decimal(overall))) for each in asked))
    return made


def conflict(of: Proposal, who: Person) -> None:
    """A declared conflict."""
    keep(Conflict(proposal_id=of.id, person_id=who.id, declared=Declared.CONFLICT, kind=ConflictKind.PERSONAL))
