"""A small office for the tests of profiles and affinities: rows put straight into the tables, so that they are quick.

Call A (sponsor Alba, themes Light and Sound) and call B (sponsor Hua, no themes) are open. C1 coordinates A, C2
coordinates B, R1 and R2 review, S1 is Alba's contact, S2 Hua's, F1 applies, AD administers. P1 (light) and P2 (sound)
are submitted in A, P3 is a draft there, P4 was returned, Q1 is submitted in B.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import clock
from intake.call.models import Call, Theme
from intake.extensions import db
from intake.people import queries
from intake.people.models import Person, Publication, RoleGrant
from intake.people.sign_in import actor_of
from intake.policy import Actor
from intake.programme.models import Office, Programme, Sponsor
from intake.proposal.models import Proposal, TeamMember
from intake.vocabulary import Currency, ProgrammeKind, Relation, Role, State

LIGHT = "Optical interconnects for racks", "We join racks by light over glass fibre.", "optical interconnects, 光互連"
SOUND = "Listening to whales under water", "Hydrophones hear the song of whales.", "acoustics, whales"
PEOPLE: dict[str, tuple[Role, str]] = {
    "C1": (Role.COORDINATOR, "A"),
    "C2": (Role.COORDINATOR, "B"),
    "R1": (Role.REVIEWER, ""),
    "R2": (Role.REVIEWER, ""),
    "S1": (Role.SPONSOR_CONTACT, "A"),
    "S2": (Role.SPONSOR_CONTACT, "B"),
    "F1": (Role.FACULTY, ""),
    "AD": (Role.ADMINISTRATOR, ""),
}
PROPOSALS = {
    "P1": ("A", State.SUBMITTED, LIGHT, 0),
    "P2": ("A", State.SUBMITTED, SOUND, 1),
    "P3": ("A", State.DRAFT, LIGHT, 0),
    "P4": ("A", State.RETURNED, SOUND, 1),
    "Q1": ("B", State.SUBMITTED, LIGHT, None),
}


@dataclass
class Small:
    """Ids by name."""

    people: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    themes: list[int] = field(default_factory=list)
    proposals: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """The person with grants and publications."""
        found = queries.one(self.people[name])
        assert found is not None
        return found

    def actor(self, name: str) -> Actor:
        """The person as the policy knows them."""
        asked = sa.select(Person).where(Person.id == self.people[name]).options(selectinload(Person.grants))
        return actor_of(db.session.scalars(asked).one())

    def call(self, letter: str) -> Call:
        """A call with its themes and programme, as it is now."""
        options = selectinload(Call.themes), selectinload(Call.programme)
        asked = sa.select(Call).where(Call.id == self.calls[letter]).options(*options)
        return db.session.scalars(asked.execution_options(populate_existing=True)).one()


def build() -> Small:
    """Make the office in the current application context. Commits."""
    small, now = Small(), clock.now()
    db.session.add(Office(id=1, name="Example Office", short="EO", institution="Example University", time_zone="UTC"))
    sponsors = {letter: _call(small, letter, code) for letter, code in (("A", "ALBA"), ("B", "HUAX"))}
    for name, (role, letter) in PEOPLE.items():
        scope = {
            Role.COORDINATOR: {"call_id": small.calls.get(letter)},
            Role.SPONSOR_CONTACT: {"sponsor_id": sponsors.get(letter)},
        }.get(role, {})
        small.people[name] = somebody(name, role, **scope)
    for number, (name, (letter, state, (title, abstract, keywords), theme)) in enumerate(PROPOSALS.items(), start=1):
        proposal = Proposal(
            call_id=small.calls[letter],
            state=state,
            title=title,
            abstract=abstract,
            keywords=keywords,
            theme_id=small.themes[theme] if theme is not None else None,
            number=None if state is State.DRAFT else f"CALL-{letter}-{number:04}",
            submitted_at=None if state is State.DRAFT else now,
            returned_until=now + timedelta(days=9) if state is State.RETURNED else None,
        )
        lead = TeamMember(person_id=small.people["F1"], name="F1", email="f1@example.org", relation=Relation.PRINCIPAL)
        proposal.team = [lead]
        db.session.add(proposal)
        db.session.flush()
        small.proposals[name] = proposal.id
    db.session.commit()
    return small


def somebody(name: str, role: Role, works: tuple[str, ...] = (), **scope: Any) -> int:
    """A person with a role, and publications; their id."""
    person = Person(email=f"{name.lower()}@example.org", name=name)
    db.session.add(person)
    db.session.flush()
    db.session.add(RoleGrant(person_id=person.id, role=role, **scope))
    db.session.add_all(Publication(person_id=person.id, title=title) for title in works)
    db.session.flush()
    return person.id


def _call(small: Small, letter: str, code: str) -> int:
    """A sponsor with a programme and a call; the sponsor's id."""
    now = clock.now()
    sponsor = Sponsor(code=code, name=code.title(), time_zone="UTC")
    db.session.add(sponsor)
    db.session.flush()
    programme = Programme(code=f"PR{letter}", sponsor_id=sponsor.id, name=code, kind=ProgrammeKind.RESEARCH_PROJECT)
    db.session.add(programme)
    db.session.flush()
    call = Call(
        code=f"CALL-{letter}",
        programme_id=programme.id,
        title=f"{code.title()} Call",
        currency=Currency.USD,
        opens_at=now - timedelta(days=9),
        closes_at=now + timedelta(days=9),
    )
    if letter == "A":
        call.themes = [
            Theme(name="Light", name_zh="光", description="Optics and glass fibre.", position=0),
            Theme(name="Sound", name_zh="聲", description="Acoustics under water.", position=1),
        ]
    db.session.add(call)
    db.session.flush()
    small.calls[letter] = call.id
    small.themes += [each.id for each in call.themes] if letter == "A" else []
    return sponsor.id
