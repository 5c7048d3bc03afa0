"""What a list of proposals is asked for, and the conditions that a row must meet.

Rows with a conflict, and those of a sealed call, are taken out here, before anything is searched, counted, averaged or
sorted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from intake.desk.queries import in_calls, open_to, received
from intake.desk.waiting import KINDS, Wait, too_few
from intake.match.models import Match
from intake.people.models import Person
from intake.policy import Actor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import folded
from intake.vocabulary import Desk, Relation, State
from intake.workflow import STATES

SORTS = ("since", "number", "title", "principal", "state", "mean")
MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is asked for. ``sort`` is one of SORTS, with ``-`` before it for falling; ``page`` counts from 1.

    ``few`` asks for proposals under review that still have too few reviews.
    """

    words: str = ""
    states: tuple[State, ...] = ()
    theme_id: int | None = None
    call_id: int | None = None
    desk: Desk | None = None
    wait: Wait | None = None
    few: bool = False
    sort: str = "since"
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.words or self.states or self.theme_id or self.call_id or self.desk or self.wait or self.few)


def holding(words: str) -> sa.ColumnElement[bool]:
    """Proposals that hold each of ``words`` in title, number, keywords or abstract, or in the name or the address of
    their principal investigator: the office may search by who applies."""
    each = [sa.or_(_written(part), _applied(part)) for part in words.split()[:MOST_WORDS]]
    return sa.and_(sa.true(), *each)


def _written(part: str) -> sa.ColumnElement[bool]:
    return Proposal.search_text.contains(folded(part), autoescape=True)


def _applied(part: str) -> sa.ColumnElement[bool]:
    named = (
        sa.func.lower(Person.name).contains(part.lower(), autoescape=True),
        Person.name.contains(part, autoescape=True),
        Person.name_zh.contains(part, autoescape=True),
        Person.email.contains(part.lower(), autoescape=True),
    )
    leads = sa.select(TeamMember.proposal_id).join(Person, Person.id == TeamMember.person_id)
    return Proposal.id.in_(leads.where(TeamMember.relation == Relation.PRINCIPAL, sa.or_(*named)))


def of_theme(theme_id: int) -> sa.ColumnElement[bool]:
    """Proposals matched to the theme, or not matched and the applicant chose it."""
    matched = sa.select(Match.proposal_id).where(Match.undone_at.is_(None), Match.theme_id.is_not(None))
    chosen = sa.and_(Proposal.theme_id == theme_id, Proposal.id.not_in(matched))
    return sa.or_(Proposal.id.in_(matched.where(Match.theme_id == theme_id)), chosen)


def conditions(actor: Actor, call_ids: Iterable[int], asked: Asked, now: datetime) -> list[sa.ColumnElement[bool]]:
    """What a row must meet to be in the list; ``call_ids`` must be overseen by the actor."""
    must = [in_calls(call_ids), received(), open_to(actor)]
    if asked.call_id is not None:
        must.append(Proposal.call_id == asked.call_id)
    if asked.states:
        must.append(Proposal.state.in_(asked.states))
    if asked.desk:
        must.append(Proposal.state.in_([state for state in State if STATES[state].desk is asked.desk]))
    if asked.theme_id is not None:
        must.append(of_theme(asked.theme_id))
    if asked.wait:
        must.append(KINDS[asked.wait].where(now))
    if asked.few:
        must.append(too_few())
    if asked.words:
        must.append(holding(asked.words))
    return must
