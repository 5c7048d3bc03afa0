"""What the rules of a call need to know of a proposal, read once for all of them.

A *source* is one question to the database, asked only when a check of the call names it. Later rooms add theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from intake.call.operations import take_turn
from intake.extensions import db
from intake.form.showing import counting
from intake.people.models import Person
from intake.policy import Actor
from intake.programme.models import Office
from intake.proposal.answers import answers_of, form_of
from intake.proposal.checks import Known, check_of
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import conflicted, principal_of
from intake.vocabulary import State

OF_PERSON, OF_DEPARTMENT, INSTITUTION = "proposals of the person", "proposals of the department", "institution"
TAKE_NO_PLACE = (State.WITHDRAWN, State.INELIGIBLE)
"""Received proposals in these states do not count against the next one."""

Source = Callable[[Proposal], Any]
SOURCES: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Register what answers to ``name``. It issues one statement."""

    def register(function: Source) -> Source:
        SOURCES[name] = function
        return function

    return register


def known_of(proposal: Proposal) -> Known:
    """All that the checks of the call's rules read. ``call`` with ``rules`` and ``themes``, ``form`` and ``team`` with
    people must be loaded. Statements: 1 for each source that a check of the call's rules asks."""
    asked = {name for rule in proposal.call.rules if (kind := check_of(rule)) for name in kind.asks}
    form = form_of(proposal)
    facts = {name: SOURCES[name](proposal) for name in sorted(asked & SOURCES.keys())}
    return Known(form, counting(form, answers_of(proposal)), facts)


def wait_for_others(proposal: Proposal) -> None:
    """Where a rule counts the proposals of the call, wait for whoever hands one in right now, so that two at once are
    counted. Statements: at most 1."""
    counted = {OF_PERSON, OF_DEPARTMENT}
    if any(counted & set(kind.asks) for rule in proposal.call.rules if (kind := check_of(rule))):
        take_turn(proposal.call_id)


def _others(proposal: Proposal) -> sa.Select[Any]:
    """The count of the call's other proposals that were handed in and take a place, with their principals."""
    return (
        sa.select(sa.func.count(Proposal.id))
        .join(TeamMember, principal_of())
        .where(
            Proposal.call_id == proposal.call_id,
            Proposal.id != proposal.id,
            Proposal.number.is_not(None),
            Proposal.state.not_in(TAKE_NO_PLACE),
        )
    )


@source(OF_PERSON)
def of_person(proposal: Proposal) -> int:
    """How many other proposals the same principal investigator has handed in to the call. Drafts do not count."""
    mine = TeamMember.person_id == proposal.principal.person_id
    return db.session.scalar(_others(proposal).where(mine)) or 0


@source(OF_DEPARTMENT)
def of_department(proposal: Proposal) -> int:
    """How many other proposals of the principal investigator's department are handed in to the call."""
    person = proposal.principal.person
    if person is None or person.department_id is None:
        return 0
    asked = _others(proposal).join(Person, Person.id == TeamMember.person_id)
    return db.session.scalar(asked.where(Person.department_id == person.department_id)) or 0


@dataclass(frozen=True, slots=True)
class Institution:
    """Our own institution: its name and its ROR, either of which may be empty."""

    name: str = ""
    ror: str = ""


@source(INSTITUTION)
def institution(proposal: Proposal) -> Institution:
    """The office's own institution."""
    row = db.session.execute(sa.select(Office.institution, Office.ror)).first()
    return Institution(row.institution, row.ror) if row else Institution()


def in_conflict(actor: Actor, call_id: int) -> frozenset[int]:
    """Whoever leads a proposal of the call that the actor has a conflict with (ids of people). Statements: 1."""
    rows = db.session.scalars(
        sa.select(TeamMember.person_id)
        .join(Proposal, principal_of())
        .where(Proposal.call_id == call_id, conflicted(actor))
        .order_by(TeamMember.person_id)
    )
    return frozenset(each for each in rows if each is not None)
