"""What may happen to people: they are invited, given roles, changed, closed and opened again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from intake.audit.operations import record
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.people import sign_in as browsers
from intake.people.accounts import INVITATION, send_invitation, send_reset, withdraw_links
from intake.people.granting import demand, give, grant, keep_an_administrator, revoke
from intake.people.known_as import FOUND_BY, has_address, own_orcid, tell_of_change
from intake.people.models import Person
from intake.people.queries import one, with_email
from intake.policy import NOBODY, Actor, Grant
from intake.vocabulary import Action, Appointment, Limit, Role, Words, say

__all__ = [
    "change_person",
    "close_account",
    "grant",
    "install_administrator",
    "invite",
    "invite_reviewer",
    "reopen",
    "revoke",
    "send_link",
]
CHANGEABLE = frozenset(
    {"email", "name", "name_zh", "department_id", "organisation", "appointment", "expertise", "reminders"}
    | {"orcid", "laboratory"}
)
WELCOMES: list[Callable[[Person], None]] = []
"""What later rooms do for somebody who just got an account."""
CLOSED: list[Callable[[Person], None]] = []
"""What later rooms do when an account was closed. The person's grants are loaded."""
OWN = frozenset({"name", "name_zh", "reminders", "orcid", "laboratory"})


def invite(
    email: str, name: str, grants: Iterable[Grant] = (), *, by: Actor, asked: Words | None = None, **details: Any
) -> Person:
    """Prepare an account for somebody new and send them the link that opens it.

    Demands: area.administration. Records: the person, their grants, a link, events. Tells: the person.
    Raises: Refused; Incomplete at ``email`` for an address that has an account. Returns: the person.
    """
    demand(by, Action.AREA_ADMINISTRATION)
    return _prepare(email, name, grants, by=by, asked=asked, **details)


def _prepare(
    email: str, name: str, grants: Iterable[Grant], *, by: Actor, asked: Words | None = None, **details: Any
) -> Person:
    if has_address(email) is not None:
        raise Incomplete(
            say("Nobody was invited."), {"email": say("Somebody with this address has an account already.")}
        )
    person = Person(email=email.strip().lower(), name=name, grants=[], **details)
    db.session.add(person)
    db.session.flush()
    for welcome in WELCOMES:
        welcome(person)
    record("person.added", "person", person.id, by=by, became=person.email[: Limit.NAME])
    for each in grants:
        give(person, each, by=by)
    send_invitation(person, by=by, asked=asked)
    return person


def invite_reviewer(email: str, name: str, *, by: Actor, organisation: str = "", expertise: str = "") -> Person:
    """A coordinator invites a reviewer from outside; somebody who has an account already becomes a reviewer with it.

    Demands: area.desk. Records: the person where new, the grant, events. Tells: a new person (a link that opens the
    account). Raises: Refused; Incomplete at ``email`` for a closed account. Returns: the person.
    """
    demand(by, Action.AREA_DESK)
    asked = say(
        "The office would like you to review proposals. What you are asked to read comes in a letter of its own."
    )
    owner = has_address(email)
    person = one(owner) if owner is not None else None
    if person is None:
        details = {"organisation": organisation, "expertise": expertise, "appointment": Appointment.OUTSIDE}
        return _prepare(email, name, [Grant(Role.REVIEWER)], by=by, asked=asked, **details)
    if not person.active:
        closed = say("The account of this address is closed. An administrator can open it again.")
        raise Incomplete(say("Nobody was invited."), {"email": closed})
    if not any(each.role is Role.REVIEWER and each.revoked_at is None for each in person.grants):
        give(person, Grant(Role.REVIEWER), by=by)
    return person


def install_administrator(email: str, name: str) -> tuple[Person, str]:
    """Give an installation an administrator, from the machine itself: whoever runs commands there is its master.

    Demands: nothing. Records: the person where new, the grant, a link, events. Tells: the person.
    Returns: the person, and the token of the link that opens the account.
    """
    person = with_email(email)
    if person is None:
        person = Person(email=email.strip().lower(), name=name, grants=[])
        db.session.add(person)
        db.session.flush()
        record("person.added", "person", person.id, by=NOBODY, became=person.email[: Limit.NAME])
    if not any(each.role is Role.ADMINISTRATOR and each.revoked_at is None for each in person.grants):
        give(person, Grant(Role.ADMINISTRATOR), by=NOBODY)
    person.active = True
    return person, send_invitation(person, by=NOBODY)


def change_person(person: Person, version: int, *, by: Actor, **changes: Any) -> None:
    """Change what is known of a person. ``version`` is the one that the form was made from.

    Demands: area.administration; for what is one's own to say (``OWN``), to be signed in. Records: the changes, an
    event with from and to. Raises: Refused; Stale; Incomplete at ``email`` for an address that somebody has, at
    ``orcid`` for an ORCID iD that is none or somebody else's.
    """
    own = person.id == by.id and set(changes) <= OWN
    demand(by, Action.SIGNED_IN if own else Action.AREA_ADMINISTRATION)
    if person.version != version:
        raise Stale
    if "orcid" in changes:
        changes["orcid"] = own_orcid(person, changes["orcid"])
    differing = {name: new for name, new in changes.items() if name in CHANGEABLE and getattr(person, name) != new}
    if not differing:
        return
    if "email" in differing and has_address(differing["email"]) is not None:
        raise Incomplete(say("Nothing was saved."), {"email": say("Somebody has this address already.")})
    told = {name: [_short(getattr(person, name)), _short(new)] for name, new in differing.items()}
    for name, new in differing.items():
        setattr(person, name, new)
    if "email" in differing:
        withdraw_links(person)
    db.session.flush()
    record("person.changed", "person", person.id, by=by, changes=told)
    if FOUND_BY & differing.keys():
        tell_of_change(person, by)


def _short(value: Any) -> Any:
    return value[: Limit.NAME] if isinstance(value, str) else value


def close_account(person: Person, *, by: Actor) -> None:
    """Close an account: its sessions end, its links die, its history stays.

    Demands: area.administration. Records: the state, an event. Tells: administrators of proposals that nobody in the
    office handles now. Raises: Refused; Incomplete for one's own account and for the last administrator's.
    """
    demand(by, Action.AREA_ADMINISTRATION)
    if person.id == by.id:
        raise Incomplete(say("This is your own account. Ask another administrator to close it."))
    if not person.active:
        return
    if any(each.role is Role.ADMINISTRATOR and each.revoked_at is None for each in person.grants):
        keep_an_administrator(person.id)
    person.active = False
    browsers.end_all(person)
    withdraw_links(person)
    db.session.flush()
    record("person.closed", "person", person.id, by=by, was="open", became="closed")
    for act in CLOSED:
        act(person)


def reopen(person: Person, *, by: Actor) -> None:
    """Open a closed account again; roles that were not revoked stand.

    Demands: area.administration. Records: an event.
    """
    demand(by, Action.AREA_ADMINISTRATION)
    if person.active:
        return
    person.active = True
    db.session.flush()
    record("person.reopened", "person", person.id, by=by, was="closed", became="open")


def send_link(person: Person, *, by: Actor) -> str:
    """Send the person a link once more: the invitation until they have a password, a reset after that.

    Demands: area.administration. Records: a link, an event. Tells: the person. Raises: Refused; Incomplete for a closed
    account. Returns: the link's purpose.
    """
    demand(by, Action.AREA_ADMINISTRATION)
    if not person.active:
        raise Incomplete(say("The account is closed. Open it again first."))
    if person.password_hash:
        send_reset(person, by=by)
        return "reset"
    send_invitation(person, by=by)
    return INVITATION
