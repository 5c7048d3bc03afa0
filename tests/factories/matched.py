"""A call whose proposals wait for reviewers, for tests of batches: made by the demonstration's own generator."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import clock
from intake.call.models import Call
from intake.call.queries import one
from intake.demo import generate_matched
from intake.demo.crowd import COORDINATOR
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import with_email
from intake.people.sign_in import actor_of
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.review.models import Capacity
from intake.review.wishes import Wishes


@dataclass
class Trial:
    """The call with that code: ids of its proposals in order of their numbers, and of its reviewers."""

    code: str
    proposals: list[int] = field(default_factory=list)
    judges: list[int] = field(default_factory=list)

    @property
    def call(self) -> Call:
        """The call with all that the policy reads."""
        found = one(self.code)
        assert found is not None
        return found

    @property
    def coordinator(self) -> Actor:
        """The coordinator of its programme."""
        return self.actor(COORDINATOR)

    def actor(self, email: str) -> Actor:
        """The person with that address, as the policy knows them now."""
        found = with_email(email)
        assert found is not None
        lists = (selectinload(Person.grants), selectinload(Person.addresses), selectinload(Person.stands_in))
        return actor_of(db.session.scalars(sa.select(Person).where(Person.id == found.id).options(*lists)).one())

    def wishes(self, **changed: object) -> Wishes:
        """Everything to everybody, as the page would ask; ``changed`` replaces parts."""
        given: dict[str, object] = {
            "proposals": tuple(self.proposals),
            "reviewers": tuple(self.judges),
            "due_at": clock.now() + timedelta(days=21),
            "need": self.call.reviews_needed,
        }
        return Wishes(**(given | changed))  # type: ignore[arg-type]


def trial(proposals: int = 8, reviewers: int = 5, seed: int = 1) -> Trial:
    """Make it in the current application context; nobody has a load of their own. Commits."""
    said = generate_matched(proposals=proposals, reviewers=reviewers, seed=seed)
    db.session.execute(sa.delete(Capacity))
    db.session.commit()
    made = Trial(said.split()[0])
    numbers = sa.select(Proposal.id).join(Proposal.call).where(Call.code == made.code).order_by(Proposal.number)
    made.proposals = list(db.session.scalars(numbers))
    judges = Person.email.startswith(f"judge.{made.code.lower()}.")
    made.judges = list(db.session.scalars(sa.select(Person.id).where(judges).order_by(Person.email)))
    return made
