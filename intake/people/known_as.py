"""What somebody is known by besides their name: other addresses, and an ORCID iD. None of it signs anybody in."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from intake.audit.operations import record
from intake.errors import Incomplete
from intake.extensions import db
from intake.form.cells import Unreadable
from intake.form.cells import orcid as read_orcid
from intake.notification.operations import post
from intake.people import letters
from intake.people.granting import demand
from intake.people.models import Person, PersonAddress
from intake.policy import Actor
from intake.vocabulary import Action, say

MOST = 10
"""How many other addresses one person has."""
CHANGED: list[Callable[[Person, Actor], None]] = []
"""What later rooms do when something has changed that conflicts are found by: an address, an ORCID iD, a department."""
FOUND_BY = frozenset({"email", "department_id", "organisation", "appointment", "orcid", "laboratory"})
"""The columns of a person that conflicts are found by."""


def tell_of_change(person: Person, by: Actor) -> None:
    """Let later rooms look again."""
    for heed in CHANGED:
        heed(person, by)


def has_address(email: str) -> int | None:
    """Whose address it is, main or other: the person's id, or None. Statements: 1."""
    address = email.strip().lower()
    main = sa.select(Person.id).where(Person.email == address)
    other = sa.select(PersonAddress.person_id).where(PersonAddress.email == address)
    return db.session.scalars(sa.union_all(main, other).limit(1)).first()


def addresses_of(person: Person) -> list[PersonAddress]:
    """The person's other addresses, the oldest first. Statements: 1."""
    asked = sa.select(PersonAddress).where(PersonAddress.person_id == person.id).order_by(PersonAddress.id)
    return list(db.session.scalars(asked))


def add_address(person: Person, email: str, *, by: Actor) -> PersonAddress:
    """Note another address of the person, under which conflicts are looked for too.

    Demands: area.administration; for one's own, to be signed in. Records: the address, an event. Tells: the person,
    when somebody else added it. Raises: Refused; Incomplete at ``address`` for one that somebody has, or too many.
    Returns: the address.
    """
    _demand(person, by)
    address = email.strip().lower()
    if has_address(address) is not None:
        raise Incomplete(say("Nothing was added."), {"address": say("Somebody has this address already.")})
    if len(addresses_of(person)) >= MOST:
        raise Incomplete(say("Nothing was added."), {"address": say("%(most)s addresses are the most.", most=MOST)})
    row = PersonAddress(person_id=person.id, email=address, added_by_id=by.id)
    db.session.add(row)
    db.session.flush()
    record("person.address_added", "person", person.id, by=by, became=address)
    if person.id != by.id:
        post(letters.address_added(address), to=person.email, name=person.name, person_id=person.id)
    tell_of_change(person, by)
    return row


def may_remove(person_id: int, row: PersonAddress, by: Actor) -> bool:
    """Whether ``by`` may remove the address without administering: it is theirs, and they added it themselves."""
    return person_id == by.id == row.added_by_id


def remove_address(person: Person, row: PersonAddress, *, by: Actor) -> None:
    """Forget another address of the person. What others added, only an administrator removes: it may be what keeps the
    person from a proposal.

    Demands: as ``add_address``; area.administration for what somebody else added. Records: an event. Raises: Refused.
    """
    demand(by, Action.SIGNED_IN if may_remove(person.id, row, by) else Action.AREA_ADMINISTRATION)
    record("person.address_removed", "person", person.id, by=by, was=row.email)
    db.session.delete(row)
    db.session.flush()


def _demand(person: Person, by: Actor) -> None:
    demand(by, Action.SIGNED_IN if person.id == by.id else Action.AREA_ADMINISTRATION)


def own_orcid(person: Person, text: str) -> str:
    """The person's ORCID iD in its usual writing, or nothing. Raises Incomplete at ``orcid`` for one whose check digit
    is off, or that somebody else has. Statements: 1."""
    try:
        found = read_orcid(text) if text.strip() else ""
    except Unreadable as error:
        raise Incomplete(error.reason, {"orcid": error.reason}) from None
    taken = sa.select(Person.id).where(Person.orcid == found, Person.id != person.id)
    if found and db.session.scalars(taken).first() is not None:
        raise Incomplete(say("Nothing was saved."), {"orcid": say("Somebody else has this ORCID iD.")})
    return found
