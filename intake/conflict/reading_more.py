"""What single rules read before conflicts are looked for: who supervised whom, who worked with whom and for whom, what
was declared and objected to, and who stands in. One statement for each, whatever the number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from intake import clock
from intake.conflict.models import Conflict, Employment, Objection, Supervision
from intake.conflict.reading import Among, Known, account_of_line
from intake.extensions import db
from intake.people.models import Person, PersonAddress, RoleGrant, StandIn
from intake.proposal.loading import behind
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Declared, Role, TeamAnswer


class Tie(NamedTuple):
    """One of the people supervised, or was supervised by, somebody. ``facts``: supervised (by the person), since,
    until. ``said_by``: on whose word, that of who noted it and of who confirmed it; empty where nobody knows."""

    person_id: int
    facts: dict[str, Any]
    at: datetime
    said_by: frozenset[int]


class Work(NamedTuple):
    """A received proposal of two people. ``facts``: proposal_id, number, awarded, year."""

    proposal_id: int
    facts: dict[str, Any]
    at: datetime


class Job(NamedTuple):
    """Somebody works for a sponsor, or did. ``facts``: since, until, past, contact (they are a contact of it here)."""

    person_id: int
    past: bool
    facts: dict[str, Any]
    at: datetime


Works = dict[Any, dict[int, list[Work]]]
"""By what the other is known under (account, address, ORCID iD), then by person: what they did together, newest
first."""


def supervisions(have: Known, people: Among) -> dict[int, list[Tie]]:
    """By the account of the other: who of the people supervised them, or was supervised by them. Statements: 1."""
    of_people = sa.or_(Supervision.supervisor_id.in_(people), Supervision.student_id.in_(people))
    found: dict[int, list[Tie]] = defaultdict(list)
    for row in db.session.scalars(sa.select(Supervision).where(of_people).order_by(Supervision.id)):
        years = {"since": row.since, "until": row.until}
        noted = row.noted_at, frozenset(each for each in (row.noted_by_id, row.confirmed_by_id) if each is not None)
        if row.supervisor_id in have.people:
            found[row.student_id].append(Tie(row.supervisor_id, {"supervised": True, **years}, *noted))
        if row.student_id in have.people:
            found[row.supervisor_id].append(Tie(row.student_id, {"supervised": False, **years}, *noted))
    return found


def years_back(years: int) -> datetime:
    """The instant that many years ago."""
    now = clock.now()
    day = now.day if (now.month, now.day) != (2, 29) else 28
    return now.replace(year=now.year - years, day=day)


def joint_works(have: Known, people: Among) -> Works:
    """Received proposals, withdrawn ones too, on whose team one of the people is, with everybody else on it. Its date
    is that of its award, or else of its first submission. Statements: 1."""
    who, award = account_of_line(), behind("award")
    named = sa.or_(
        TeamMember.person_id.in_(people),
        TeamMember.email.in_(sa.select(Person.email).where(Person.id.in_(people))),
        TeamMember.email.in_(sa.select(PersonAddress.email).where(PersonAddress.person_id.in_(people))),
        TeamMember.orcid.in_(sa.select(Person.orcid).where(Person.id.in_(people), Person.orcid != "")),
    )
    theirs = sa.select(TeamMember.proposal_id).where(named)
    at = sa.func.coalesce(award.made_at, Proposal.submitted_at, type_=Proposal.submitted_at.type)
    asked = (
        sa.select(TeamMember.proposal_id, who.label("who"), TeamMember.email, TeamMember.orcid)
        .add_columns(Proposal.number, at.label("at"), award.id.label("award_id"))
        .select_from(TeamMember)
        .join(Proposal, Proposal.id == TeamMember.proposal_id)
        .outerjoin(award, award.proposal_id == Proposal.id)
        .where(
            Proposal.number.is_not(None), TeamMember.answer != TeamAnswer.DECLINED, TeamMember.proposal_id.in_(theirs)
        )
        .order_by(at.desc(), TeamMember.proposal_id, TeamMember.id)
    )
    teams: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(asked):
        teams[row.proposal_id].append(row)
    return _by_key(have, teams)


def _by_key(have: Known, teams: dict[int, list[Any]]) -> Works:
    found: Works = defaultdict(lambda: defaultdict(list))
    for proposal_id, lines in teams.items():
        facts = {
            "proposal_id": proposal_id,
            "number": lines[0].number,
            "awarded": lines[0].award_id is not None,
            "year": lines[0].at.year,
        }
        work = Work(proposal_id, facts, lines[0].at)
        keys = [{each for each in (line.who, line.email, line.orcid) if each} for line in lines]
        ours = [{one for key in of_line for one in _people_of(have, key)} for of_line in keys]
        for place, of_line in enumerate(keys):
            for person_id in {one for other, those in enumerate(ours) if other != place for one in those}:
                for key in of_line if person_id not in ours[place] else ():
                    found[key][person_id].append(work)
    return found


def _people_of(have: Known, key: Any) -> Sequence[int]:
    if isinstance(key, str):
        return have.by_name.get(key, [])
    return [key] if key in have.people else []


def declarations(proposals: Among, people: Among) -> Sequence[Conflict]:
    """Conflicts that were declared and stand, by proposal and person. Statements: 1."""
    return db.session.scalars(
        sa.select(Conflict)
        .where(Conflict.proposal_id.in_(proposals), Conflict.person_id.in_(people))
        .where(Conflict.declared == Declared.CONFLICT, Conflict.lifted_at.is_(None))
        .order_by(Conflict.proposal_id, Conflict.person_id)
    ).all()


def stand_ins(proposals: Among, people: Among) -> Sequence[StandIn]:
    """Who of the people stands in for the office with which proposal, by proposal and person. Statements: 1."""
    return db.session.scalars(
        sa.select(StandIn)
        .where(StandIn.proposal_id.in_(proposals), StandIn.person_id.in_(people), StandIn.ended_at.is_(None))
        .order_by(StandIn.proposal_id, StandIn.person_id)
    ).all()


def objections(proposals: Among) -> Sequence[Objection]:
    """Objections of the applicants that stand, by proposal, the oldest first. Statements: 1."""
    return db.session.scalars(
        sa.select(Objection)
        .where(Objection.proposal_id.in_(proposals), Objection.withdrawn_at.is_(None))
        .order_by(Objection.proposal_id, Objection.id)
    ).all()


def employments(people: Among) -> dict[int, list[Job]]:
    """By sponsor: who of the people works or worked there, its contacts here among them; a job that has ended says
    nothing of a contact. Statements: 2."""
    this_year = clock.now().year
    jobs: dict[tuple[int, int], Job] = {}
    for row in db.session.scalars(
        sa.select(Employment).where(Employment.person_id.in_(people)).order_by(Employment.id)
    ):
        past = row.until is not None and row.until < this_year
        facts = {"since": row.since, "until": row.until, "past": past, "contact": False}
        jobs[row.sponsor_id, row.person_id] = Job(row.person_id, past, facts, row.noted_at)
    contacts = sa.select(RoleGrant.sponsor_id, RoleGrant.person_id, RoleGrant.granted_at).where(
        RoleGrant.person_id.in_(people), RoleGrant.role == Role.SPONSOR_CONTACT, RoleGrant.revoked_at.is_(None)
    )
    for grant in db.session.execute(contacts.order_by(RoleGrant.id)):
        key, facts = (grant.sponsor_id, grant.person_id), {"since": None, "until": None, "past": False, "contact": True}
        if key not in jobs or jobs[key].past:
            jobs[key] = Job(grant.person_id, False, facts, grant.granted_at)
    found: dict[int, list[Job]] = defaultdict(list)
    for (sponsor_id, _), job in jobs.items():
        found[sponsor_id].append(job)
    return found
