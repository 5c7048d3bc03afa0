"""What a person works on: keywords, a statement, publications. They say it, or the office keeps it for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from intake import clock
from intake.affinity.words import bare
from intake.audit.operations import record
from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.match.wanting import of_person
from intake.people.models import Person, Publication
from intake.policy import UNSEEN, YES, Actor, Ruling
from intake.programme.models import Programme
from intake.ruling import demand
from intake.vocabulary import Limit, PublicationSource, Role, say

MOST_PUBLICATIONS = 2_000
KEPT_FOR = timedelta(days=30)
"""How long a removed publication can be put back."""
FIRST_YEAR, LAST_YEAR = 1800, 2100


def keeps(actor: Actor, person: Person) -> Ruling:
    """Whether ``actor`` reads and keeps the person's profile: their own; an administrator everybody's; a coordinator
    those of reviewers and of contacts of the sponsors of their calls. To others it does not exist.

    The person's ``grants`` must be loaded. Statements: 0; 1 for a coordinator and a contact.
    """
    if actor.id is None:
        return UNSEEN
    if actor.id == person.id or actor.holds(Role.ADMINISTRATOR):
        return YES
    standing = [each for each in person.grants if each.revoked_at is None]
    if not actor.holds(Role.COORDINATOR):
        return UNSEEN
    if any(each.role is Role.REVIEWER for each in standing):
        return YES
    sponsors = {each.sponsor_id for each in standing if each.role is Role.SPONSOR_CONTACT}
    return YES if sponsors and sponsors & sponsors_of(actor) else UNSEEN


def sponsors_of(actor: Actor) -> set[int | None]:
    """The sponsors whose calls the actor coordinates. Statements: 1."""
    programmes = [each.programme_id for each in actor.grants if each.role is Role.COORDINATOR and each.programme_id]
    calls = [each.call_id for each in actor.grants if each.role is Role.COORDINATOR and each.call_id]
    theirs = sa.or_(
        Programme.id.in_(programmes), Programme.id.in_(sa.select(Call.programme_id).where(Call.id.in_(calls)))
    )
    return set(db.session.scalars(sa.select(Programme.sponsor_id).where(theirs, Programme.sponsor_id.is_not(None))))


def set_profile(person: Person, keywords: str, statement: str, *, version: int, by: Actor) -> bool:
    """Set the keywords (between commas) and the statement.

    Demands: to keep the profile. Records: both, ``profile.changed``; affinities are wanted. Raises: Refused; Stale
    where the person is no longer at ``version``. Returns: whether anything changed.
    """
    demand(keeps(by, person))
    if person.version != version:
        raise Stale
    wanted = {"keywords": keywords, "expertise": statement}
    changes = {name: [getattr(person, name), text] for name, text in wanted.items() if getattr(person, name) != text}
    if not changes:
        return False
    for name, text in wanted.items():
        setattr(person, name, text)
    _note(person, "profile.changed", by=by, changes=changes)
    return True


def names_of(title: str, doi: str) -> set[str]:
    """What a publication is known by: two that share one of these are the same."""
    return {f"title {bare(title)}"} | ({f"doi {doi.lower()}"} if doi else set())


def known_names(person: Person) -> set[str]:
    """What the person's publications, which must be loaded, are known by."""
    return {name for each in person.publications for name in names_of(each.title, each.doi)}


def add_publication(
    person: Person, title: str, *, abstract: str = "", year: int | None = None, doi: str = "", by: Actor
) -> Publication:
    """Add one publication by hand.

    Demands: to keep the profile. Records: it, ``profile.publications_added``; affinities are wanted. Raises: Refused;
    Incomplete at ``title`` without one, or where it is there already, or there are too many. Returns: it.
    """
    if not bare(title):
        raise Incomplete(say("Nothing was added."), {"title": say("There is no title.")})
    if names_of(title, doi) & known_names(person):
        raise Incomplete(say("Nothing was added."), {"title": say("It is there already.")})
    made = Publication(title=title, abstract=abstract, year=year, doi=doi, source=PublicationSource.TYPED)
    add_all(person, [made], by=by)
    return made


def add_all(person: Person, made: Sequence[Publication], *, by: Actor) -> None:
    """Add publications as one act, which can be removed as one.

    Demands: to keep the profile. Records: them, ``profile.publications_added``; affinities are wanted. Raises: Refused;
    Incomplete where there would be too many. ``publications`` must be loaded.
    """
    demand(keeps(by, person))
    if not made:
        return
    if len(person.publications) + len(made) > MOST_PUBLICATIONS:
        raise Incomplete(say("At most %(most)s publications. Remove some first.", most=f"{MOST_PUBLICATIONS:,}"))
    now = clock.now()
    for each in made:
        each.person_id, each.added_at = person.id, now
    db.session.add_all(made)
    db.session.flush()
    _loaded_anew(person)
    _note(person, "profile.publications_added", by=by, became=str(len(made)), source=made[0].source.value)


def remove(person: Person, which: sa.ColumnElement[bool], *, by: Actor) -> int:
    """Remove publications of the person, as one act that can be undone for ``KEPT_FOR``; older removed ones go.

    Demands: to keep the profile. Records: when, ``profile.publications_removed``; affinities are wanted.
    Raises: Refused. Returns: how many.
    """
    demand(keeps(by, person))
    own, now = Publication.person_id == person.id, clock.now()
    _told_no_session(sa.delete(Publication).where(own, Publication.removed_at < now - KEPT_FOR))
    gone = _told_no_session(
        sa.update(Publication).where(own, Publication.removed_at.is_(None), which).values(removed_at=now)
    )
    if gone:
        _loaded_anew(person)
        _note(person, "profile.publications_removed", by=by, was=str(gone))
    return gone


def put_back(person: Person, removed_at: datetime, *, by: Actor) -> int:
    """Undo one act of removing, less what is there again by now.

    Demands: to keep the profile. Records: ``profile.publications_restored``; affinities are wanted. Raises: Refused.
    Returns: how many came back. ``publications`` must be loaded.
    """
    demand(keeps(by, person))
    known = known_names(person)
    mine = sa.select(Publication).where(Publication.person_id == person.id, Publication.removed_at == removed_at)
    back = [each for each in db.session.scalars(mine) if not names_of(each.title, each.doi) & known]
    for each in back:
        each.removed_at = None
    db.session.flush()
    if back:
        _loaded_anew(person)
        _note(person, "profile.publications_restored", by=by, became=str(len(back)))
    return len(back)


def _told_no_session(statement: Any) -> int:
    done = db.session.execute(statement, execution_options={"synchronize_session": False})
    return int(done.rowcount)  # type: ignore[attr-defined]


def _loaded_anew(person: Person) -> None:
    rows = db.session.scalars(
        sa.select(Publication)
        .where(Publication.person_id == person.id, Publication.removed_at.is_(None))
        .order_by(Publication.id)
        .execution_options(populate_existing=True)
    ).all()
    set_committed_value(person, "publications", list(rows))


def _note(person: Person, action: str, *, by: Actor, was: str = "", became: str = "", **facts: Any) -> None:
    if "changes" in facts:
        facts["changes"] = {name: [text[: Limit.NAME] for text in pair] for name, pair in facts["changes"].items()}
    db.session.flush()
    record(action, "person", person.id, by=by, was=was, became=became, **facts)
    of_person(person)
