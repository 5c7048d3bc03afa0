"""What the affinities of a call are made from: its proposals' texts on one side, those of themes, contacts and
reviewers on the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.affinity.texts import Candidate, Source, Subject, keyword_list, person
from intake.call.models import Call, Theme
from intake.extensions import db
from intake.match.models import ThemeLevel
from intake.match.weights import weights_of
from intake.opening import sealed_at
from intake.people.models import Person, Publication, RoleGrant
from intake.programme.models import Programme
from intake.proposal.models import Proposal
from intake.vocabulary import PairingKind, Role, State

SCORED = (
    State.SUBMITTED,
    State.ELIGIBLE,
    State.MATCHED,
    State.IN_REVIEW,
    State.DECIDED,
    State.SELECTED,
    State.WITH_SPONSOR,
    State.RESERVE,
)
"""Received, not closed, and not being written anew: what a team writes in a revision is theirs until they send it."""
THEME, PUBLICATION = "theme", "publication"
"""The keys of texts; that of a publication has its id behind it. A person's own are ``statement`` and ``keywords``."""
WHOLLY = 3
"""A theme knows itself as one knows their own field."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that the scores of one call are made from. ``kinds`` has the candidates of each kind."""

    call_id: int
    weights: dict[str, int]
    subjects: list[Subject]
    kinds: dict[PairingKind, list[Candidate]]


def inputs_of(call_id: int) -> Inputs:
    """What the call's scores are made from now; nothing to score while the call is sealed. Statements: 7."""
    call = db.session.scalars(sa.select(Call).where(Call.id == call_id)).one()
    sponsor_id = db.session.scalar(sa.select(Programme.sponsor_id).where(Programme.id == call.programme_id))
    themes = db.session.scalars(
        sa.select(Theme).where(Theme.call_id == call_id, Theme.retired_at.is_(None)).order_by(Theme.id)
    ).all()
    people = _people(sponsor_id)
    ids = sorted({each for kind in people.values() for each in kind})
    known = dict(_candidates(ids, call_id))
    return Inputs(
        call_id,
        weights_of(call),
        [] if sealed_at(call, clock.now()) else _subjects(call_id),
        {PairingKind.THEME: [of_theme(each) for each in themes]}
        | {kind: [known[each] for each in sorted(of_kind)] for kind, of_kind in people.items()},
    )


def of_theme(theme: Theme) -> Candidate:
    """A theme as a candidate: its names and its description."""
    names = tuple(each for each in (theme.name, theme.name_zh) if each)
    return Candidate(
        theme.id, (Source(THEME, " ".join(names), theme.description),), themes={theme.id: WHOLLY}, keywords=names
    )


def _subjects(call_id: int) -> list[Subject]:
    columns = (
        Proposal.id,
        Proposal.title,
        Proposal.title_zh,
        Proposal.abstract,
        Proposal.keywords,
        Proposal.theme_id,
    )
    rows = db.session.execute(
        sa.select(*columns).where(Proposal.call_id == call_id, Proposal.state.in_(SCORED)).order_by(Proposal.id)
    )
    return [
        Subject(
            row.id,
            f"{row.title} {row.title_zh}".strip(),
            row.abstract,
            frozenset({row.theme_id} if row.theme_id is not None else ()),
            keyword_list(row.keywords),
        )
        for row in rows
    ]


def _people(sponsor_id: int | None) -> dict[PairingKind, set[int]]:
    """The active reviewers, and the active contacts of the call's sponsor. Statements: 1."""
    contact = sa.and_(RoleGrant.role == Role.SPONSOR_CONTACT, RoleGrant.sponsor_id == sponsor_id)
    rows = db.session.execute(
        sa.select(RoleGrant.role, RoleGrant.person_id)
        .join(RoleGrant.person)
        .where(RoleGrant.revoked_at.is_(None), Person.active, sa.or_(RoleGrant.role == Role.REVIEWER, contact))
        .order_by(RoleGrant.id)
    ).all()
    return {
        PairingKind.CONTACT: {row.person_id for row in rows if row.role is Role.SPONSOR_CONTACT},
        PairingKind.REVIEWER: {row.person_id for row in rows if row.role is Role.REVIEWER},
    }


def _candidates(ids: Sequence[int], call_id: int) -> Iterator[tuple[int, Candidate]]:
    """People as candidates, by id, with what they wrote of themselves. Statements: 3."""
    wanted = set(ids)
    works, levels = _publications(wanted), _levels(wanted, call_id)
    people = db.session.execute(
        sa.select(Person.id, Person.keywords, Person.expertise).where(Person.id.in_(_judges())).order_by(Person.id)
    )
    for row in people:
        if row.id in wanted:
            typed = {"statement": row.expertise, "keywords": row.keywords}
            yield row.id, person(row.id, works.get(row.id, ()), **typed, themes=levels.get(row.id))


def _judges() -> sa.Select[Any]:
    """Ids of people who are or were reviewers or contacts: a statement, so that no list of thousands is sent."""
    return sa.select(RoleGrant.person_id).where(RoleGrant.role.in_((Role.REVIEWER, Role.SPONSOR_CONTACT)))


def _publications(wanted: Collection[int]) -> dict[int, list[Source]]:
    """The publications of these people as texts. Statements: 1."""
    found: dict[int, list[Source]] = {}
    rows = db.session.execute(
        sa.select(Publication.id, Publication.person_id, Publication.title, Publication.abstract)
        .where(Publication.person_id.in_(_judges()), Publication.removed_at.is_(None))
        .order_by(Publication.id)
    )
    for row in rows:
        if row.person_id in wanted:
            found.setdefault(row.person_id, []).append(Source(f"{PUBLICATION} {row.id}", row.title, row.abstract))
    return found


def _levels(wanted: Collection[int], call_id: int) -> dict[int, dict[int | str, int]]:
    """How well these people know the call's themes. Statements: 1."""
    found: dict[int, dict[int | str, int]] = {}
    rows = db.session.execute(
        sa.select(ThemeLevel.person_id, ThemeLevel.theme_id, ThemeLevel.level)
        .join(Theme, Theme.id == ThemeLevel.theme_id)
        .where(Theme.call_id == call_id)
        .order_by(ThemeLevel.person_id, ThemeLevel.theme_id)
    )
    for row in rows:
        if row.person_id in wanted:
            found.setdefault(row.person_id, {})[row.theme_id] = row.level
    return found
