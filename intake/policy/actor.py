"""Who asks: a person with their standing roles."""

from __future__ import annotations

from dataclasses import dataclass

from intake.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A standing role with its scope (ids of a programme, a call or a sponsor)."""

    role: Role
    programme_id: int | None = None
    call_id: int | None = None
    sponsor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person with their standing grants; ``id`` None is somebody who is not signed in.

    ``emails`` (lower case) and ``orcid`` are what else they are known by, so that a conflict is seen under every name;
    ``stands_in`` are ids of proposals that they handle as the office although they do not coordinate the call.
    """

    id: int | None = None
    grants: frozenset[Grant] = frozenset()
    emails: frozenset[str] = frozenset()
    orcid: str = ""
    stands_in: frozenset[int] = frozenset()

    def holds(self, role: Role) -> bool:
        """Whether the actor has the role in any scope."""
        return any(grant.role is role for grant in self.grants)

    @property
    def sponsor_ids(self) -> frozenset[int]:
        """The sponsors that the actor is a contact of."""
        return frozenset(g.sponsor_id for g in self.grants if g.role is Role.SPONSOR_CONTACT and g.sponsor_id)


NOBODY = Actor()
