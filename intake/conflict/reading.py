"""What is known of some proposals and some people before conflicts are looked for: read at once, whatever the number.

Everything is read in a fixed number of statements and joined by keys, never pair by pair.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from intake.call.models import Call
from intake.conflict.domains import domain_of, organisation_of
from intake.conflict.levels import levels_of
from intake.extensions import db
from intake.people.models import Department, Person, PersonAddress
from intake.programme.models import Office, Programme, Sponsor
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import folded
from intake.vocabulary import Appointment, ConflictLevel, ConflictRule, TeamAnswer

Among = Sequence[int] | sa.Select[Any]
"""Some rows: their ids, or a statement that gives them."""


class Terms(NamedTuple):
    """What a call says of conflicts: levels, years back for joint work; its sponsor with the organisations behind its
    mail domains."""

    levels: dict[ConflictRule, ConflictLevel]
    years: int
    sponsor_id: int | None
    sponsor: str
    domains: frozenset[str]


class Line(NamedTuple):
    """Somebody on a team who has not declined. ``who`` is the account behind the line or its address, if any."""

    who: int | None
    name: str
    email: str
    orcid: str
    own_orcid: str
    department_id: int | None
    department: str
    laboratory: str
    outside: bool
    since: datetime | None

    @property
    def keys(self) -> list[Any]:
        """Under what the member is known: account, address, ORCID iDs."""
        return [each for each in (self.who, self.email, self.orcid, self.own_orcid) if each]


class Someone(NamedTuple):
    """Somebody who may be asked to judge."""

    id: int
    department_id: int | None
    laboratory: str
    outside: bool


@dataclass(slots=True)
class Known:
    """Proposals by id with the terms of their call and their teams; people by id, and by each address and ORCID iD."""

    terms: dict[int, Terms] = field(default_factory=dict)
    teams: dict[int, list[Line]] = field(default_factory=lambda: defaultdict(list))
    people: dict[int, Someone] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    addresses: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    own_domains: frozenset[str] = frozenset()

    def behind(self, line: Line) -> set[int]:
        """Which of the people the member of a team is, under any name."""
        found = {each for key in line.keys if isinstance(key, str) for each in self.by_name.get(key, ())}
        return found | {line.who} if line.who is not None and line.who in self.people else found

    def team_of(self, proposal_id: int) -> set[int]:
        """Which of the people are on the proposal's team."""
        return {each for line in self.teams.get(proposal_id, ()) for each in self.behind(line)}


def known(proposals: Among, people: Among) -> Known:
    """Read it. People in order of id. Statements: 6, whatever the number."""
    made = Known()
    house = folded(db.session.scalar(sa.select(Office.institution)) or "")
    _terms(made, proposals)
    _people(made, people, house)
    _teams(made, proposals)
    made.own_domains = _own_domains()
    return made


def _terms(made: Known, proposals: Among) -> None:
    rows = db.session.execute(
        sa.select(Proposal.id, Proposal.call_id).where(Proposal.id.in_(proposals)).order_by(Proposal.id)
    ).all()
    asked = (
        sa.select(Call.id, Call.conflict_levels, Call.conflict_years, Programme.sponsor_id, Sponsor.name)
        .add_columns(Sponsor.email_domains)
        .select_from(Call)
        .join(Call.programme)
        .outerjoin(Programme.sponsor)
        .where(Call.id.in_({row.call_id for row in rows}))
    )
    calls = {
        row.id: Terms(
            levels_of(row.conflict_levels or {}),
            row.conflict_years,
            row.sponsor_id,
            row.name or "",
            frozenset(filter(None, map(organisation_of, row.email_domains or ()))),
        )
        for row in db.session.execute(asked)
    }
    made.terms = {row.id: calls[row.call_id] for row in rows}


def _people(made: Known, people: Among, house: str) -> None:
    """The people with every address: their main one and others. Statements: 2."""
    columns = (Person.id, Person.email, Person.orcid, Person.department_id, Person.laboratory, Person.organisation)
    asked = sa.select(*columns, Person.appointment).where(Person.id.in_(people)).order_by(Person.id)
    for row in db.session.execute(asked):
        away = row.department_id is None and row.organisation != "" and folded(row.organisation) != house
        outside = row.appointment is Appointment.OUTSIDE or away
        made.people[row.id] = Someone(row.id, row.department_id, folded(row.laboratory), outside)
        made.addresses[row.id].append(row.email)
        if row.orcid:
            made.by_name[row.orcid].append(row.id)
    others = sa.select(PersonAddress.person_id, PersonAddress.email).where(PersonAddress.person_id.in_(people))
    for person_id, email in db.session.execute(others.order_by(PersonAddress.id)):
        made.addresses[person_id].append(email)
    for person_id, addresses in made.addresses.items():
        for address in addresses:
            made.by_name[address].append(person_id)


def account_of_line() -> sa.ColumnElement[int | None]:
    """The account behind a line of a team: its own, or that of the person who has its address."""
    named, other = aliased(Person), aliased(PersonAddress)
    by_main = sa.select(named.id).where(named.email == TeamMember.email).correlate(TeamMember).scalar_subquery()
    by_other = sa.select(other.person_id).where(other.email == TeamMember.email).correlate(TeamMember).scalar_subquery()
    return sa.func.coalesce(TeamMember.person_id, by_main, by_other)


def _teams(made: Known, proposals: Among) -> None:
    who = account_of_line()
    asked = (
        sa.select(TeamMember.proposal_id, who.label("who"), TeamMember.name, TeamMember.email, TeamMember.orcid)
        .add_columns(TeamMember.invited_at, Person.orcid.label("own_orcid"), Person.department_id, Person.laboratory)
        .add_columns(Person.appointment, Department.name.label("department"))
        .select_from(TeamMember)
        .outerjoin(Person, Person.id == who)
        .outerjoin(Department, Department.id == Person.department_id)
        .where(TeamMember.proposal_id.in_(proposals), TeamMember.answer != TeamAnswer.DECLINED)
        .order_by(TeamMember.proposal_id, TeamMember.position, TeamMember.id)
    )
    for row in db.session.execute(asked):
        outside = row.who is None or row.appointment is Appointment.OUTSIDE
        made.teams[row.proposal_id].append(
            Line(
                row.who,
                row.name,
                row.email.lower(),
                row.orcid,
                row.own_orcid or "",
                row.department_id,
                row.department or "",
                row.laboratory or "",
                outside,
                row.invited_at,
            )
        )


def _own_domains() -> frozenset[str]:
    """The organisations behind the addresses of those who work here: sharing one says nothing. One that fewer than a
    tenth of them have is a second affiliation and says something. Statements: 1."""
    asked = sa.select(Person.email).where(Person.department_id.is_not(None), Person.appointment != Appointment.OUTSIDE)
    found = Counter(organisation_of(domain_of(address)) for address in db.session.scalars(asked))
    return frozenset(name for name, number in found.items() if name and number * 10 >= found.total())
