"""How well people know the themes of calls, as they say themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call, Theme
from intake.extensions import db
from intake.match.models import ThemeLevel
from intake.match.profile import keeps
from intake.match.wanting import of_person
from intake.people.models import Person
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.ruling import demand
from intake.vocabulary import State, Words, say

LEVELS: dict[int, Words] = {1: say("a little"), 2: say("well"), 3: say("my own field")}
TO_BE_MATCHED = (State.SUBMITTED, State.ELIGIBLE, State.MATCHED, State.IN_REVIEW)


def asking(now: datetime) -> Sequence[Call]:
    """The calls whose themes people are asked about, by code, with their themes: those that are open, and those of
    which proposals are still to be matched or reviewed. Statements: 2."""
    dated = sa.and_(Call.opens_at <= now, Call.closes_at > now)
    waiting = sa.exists().where(Proposal.call_id == Call.id, Proposal.state.in_(TO_BE_MATCHED))
    themed = sa.exists().where(Theme.call_id == Call.id, Theme.retired_at.is_(None))
    return db.session.scalars(
        sa.select(Call)
        .where(~Call.in_preparation, themed, sa.or_(Call.standing, dated, waiting))
        .options(selectinload(Call.themes))
        .order_by(Call.code)
    ).all()


def levels_of(person: Person) -> dict[int, int]:
    """The person's levels by theme. Statements: 1."""
    rows = db.session.execute(
        sa.select(ThemeLevel.theme_id, ThemeLevel.level)
        .where(ThemeLevel.person_id == person.id)
        .order_by(ThemeLevel.theme_id)
    )
    return {row.theme_id: row.level for row in rows}


def set_levels(person: Person, wanted: Mapping[int, int | None], *, by: Actor) -> int:
    """Set how well the person knows themes that are asked about; None says nothing of a theme.

    Demands: to keep the profile. Records: the levels, ``profile.theme_levels``; affinities are wanted. Raises: Refused.
    Returns: how many changed.
    """
    demand(keeps(by, person))
    offered = {theme.id for call in asking(clock.now()) for theme in call.themes if theme.retired_at is None}
    was = levels_of(person)
    changed = {
        theme: level
        for theme, level in wanted.items()
        if theme in offered and was.get(theme) != level and (level is None or level in LEVELS)
    }
    if not changed:
        return 0
    gone = sa.and_(ThemeLevel.person_id == person.id, ThemeLevel.theme_id.in_(sorted(changed)))
    db.session.execute(sa.delete(ThemeLevel).where(gone), execution_options={"synchronize_session": False})
    for theme, level in sorted(changed.items()):
        if level is not None:
            db.session.add(ThemeLevel(person_id=person.id, theme_id=theme, level=level, set_by_id=by.id))
    db.session.flush()
    changes = {str(theme): [was.get(theme), level] for theme, level in sorted(changed.items())}
    record("profile.theme_levels", "person", person.id, by=by, changes=changes)
    of_person(person)
    return len(changed)
