"""What may happen around signing in: in and out, a new password, a link to set one. No event holds a secret."""

from __future__ import annotations

import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.audit.operations import record
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.letters import worded
from intake.notification.operations import post
from intake.people import guesses, letters, passwords
from intake.people import sign_in as browsers
from intake.people.guesses import Counter
from intake.people.models import AccountLink, Person
from intake.people.queries import with_email
from intake.policy import NOBODY, Actor
from intake.vocabulary import Words, say

RESET, INVITATION = "reset", "invitation"
LASTS = {RESET: timedelta(hours=1), INVITATION: timedelta(days=14)}
WRONG = say("The address or the password is wrong.")


def sign_in(email: str, password: str, network: str) -> tuple[Person, str]:
    """Sign somebody in with their password.

    Records: a sign-in row and an event; or, with a wrong password, a counted guess and an event, which the caller must
    let stand. Raises: TooMany; Incomplete, the same for an unknown address, a wrong password and a closed account, and
    after the same work. Returns: the person and the token for the cookie.
    """
    counters = _of_sign_in(email, network)
    guesses.demand_calm(counters)
    person = with_email(email)
    usable = person is not None and person.active
    right = passwords.fits(person.password_hash if person and usable else None, password)
    if person is None or not right:
        guesses.count(counters)
        record("account.sign_in_failed", "person", person.id if person else None, by=NOBODY)
        raise Incomplete(WRONG)
    guesses.forgive(counters[0])
    if passwords.outdated(person.password_hash):
        person.password_hash = passwords.kept(password)
    token = browsers.begin(person)
    record("account.signed_in", "person", person.id, by=browsers.actor_of(person))
    return person, token


def _of_sign_in(email: str, network: str) -> tuple[Counter, Counter]:
    return Counter(f"sign-in to {email.strip().lower()}", 5), Counter(f"sign-in from {guesses.network_of(network)}", 30)


def sign_out(token: str, *, by: Actor) -> None:
    """End the session of one browser; a saved copy of its cookie is worth nothing afterwards. Records: an event."""
    browsers.end(token)
    record("account.signed_out", "person", by.id, by=by)


def change_password(person: Person, old: str, new: str, again: str, *, by: Actor, network: str) -> str:
    """Change one's own password.

    Records: the new hash, an event; every session of the person ends. Tells: the person. Raises: TooMany; Incomplete at
    ``old`` (a guess that the caller must let stand), ``password`` or ``again``. Returns: a token for this browser.
    """
    counters = _of_sign_in(person.email, network)
    guesses.demand_calm(counters)
    if not passwords.fits(person.password_hash or None, old):
        guesses.count(counters)
        record("account.sign_in_failed", "person", person.id, by=by)
        raise Incomplete(say("Nothing was changed."), {"old": say("This is not your present password.")})
    _set(person, new, again)
    record("account.password_changed", "person", person.id, by=by)
    post(letters.password_changed(), to=person.email, name=person.name, person_id=person.id)
    return browsers.begin(person)


def _set(person: Person, new: str, again: str) -> None:
    """Keep the new password; every session ends and every link that is out dies."""
    why = passwords.fault(new, person.email)
    if why:
        raise Incomplete(say("Choose another password."), {"password": why})
    if new != again:
        raise Incomplete(say("The two differ."), {"again": say("This is not the same as above.")})
    person.password_hash = passwords.kept(new)
    browsers.end_all(person)
    withdraw_links(person)
    db.session.flush()


def withdraw_links(person: Person) -> None:
    """No link that was sent to the person opens anything any more."""
    still_out = sa.update(AccountLink).where(AccountLink.person_id == person.id, AccountLink.used_at.is_(None))
    db.session.execute(still_out.values(used_at=clock.now()))


def ask_for_reset(email: str, network: str) -> None:
    """Send a link to set a new password, if there is an account; the caller answers the same if there is none.

    Records: a counted request; for an open account a link (its hash), an event. Tells: the person. Raises: TooMany.
    """
    counters = (
        Counter(f"reset of {email.strip().lower()}", 3),
        Counter(f"reset from {guesses.network_of(network)}", 30),
    )
    guesses.demand_calm(counters)
    guesses.count(counters)
    person = with_email(email)
    if person is None or not person.active:
        worded(letters.reset(secrets.token_urlsafe(32)), "", "")  # the same work, so that time tells nothing
        return
    send_reset(person, by=NOBODY)


def send_reset(person: Person, *, by: Actor) -> None:
    """Send the person a link to set a new password. Records: the link's hash, an event. Tells: the person."""
    letter = letters.reset(make_link(person, RESET))
    post(letter, to=person.email, name=person.name, person_id=person.id)
    record("account.reset_sent", "person", person.id, by=by)


def send_invitation(person: Person, *, by: Actor, asked: Words | None = None) -> str:
    """Send a new person the link that opens their account; ``asked`` says what for.

    Records: the link's hash, an event. Tells: the person. Returns: the link's token.
    """
    withdraw_links(person)
    token = make_link(person, INVITATION)
    post(letters.invitation(token, asked), to=person.email, name=person.name, person_id=person.id)
    record("account.invited", "person", person.id, by=by)
    return token


def make_link(person: Person, purpose: str) -> str:
    """Make a link for the person; only its hash is kept. Returns: its token."""
    token = secrets.token_urlsafe(32)
    ends = clock.now() + LASTS[purpose]
    db.session.add(AccountLink(token_hash=browsers.hashed(token), person_id=person.id, purpose=purpose, ends_at=ends))
    db.session.flush()
    return token


def behind_link(token: str, purpose: str, *, for_update: bool = False) -> Person | None:
    """Who a link is for, grants aside; None when it is unknown, used, over, of another purpose or of a closed account.

    Looking does not use it up. Statements: 1.
    """
    asked = (
        sa.select(Person)
        .join(AccountLink, AccountLink.person_id == Person.id)
        .where(
            AccountLink.token_hash == browsers.hashed(token),
            AccountLink.purpose == purpose,
            AccountLink.used_at.is_(None),
            AccountLink.ends_at > clock.now(),
            Person.active,
        )
        .options(joinedload(Person.department))
    )
    if for_update:
        asked = asked.with_for_update(of=AccountLink)
    return db.session.scalars(asked).one_or_none()


def set_password_by_link(
    token: str, purpose: str, new: str, again: str, *, name: str | None = None, name_zh: str | None = None
) -> Person:
    """Set a password with the link that was sent: once.

    Records: the new hash (and the name, for an invitation), the link as used, an event; every session ends, and an
    address that wrong guesses had closed is open again.
    Raises: Incomplete, on top for a dead link, at ``password`` or ``again``. Returns: the person.
    """
    person = behind_link(token, purpose, for_update=True)
    if person is None:
        raise Incomplete(say("This link has been used, or its time is over. Ask for a new one."))
    _set(person, new, again)
    if name is not None:
        person.name, person.name_zh = name, name_zh or ""
    guesses.forgive(_of_sign_in(person.email, "")[0])
    record("account.password_set", "person", person.id, by=Actor(person.id), became=purpose)
    return person
