"""Who may propose in a call that is by invitation only: people are invited by their address, and taken off again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from intake import clock
from intake.allowance.models import CallInvitation
from intake.audit.operations import record
from intake.call.models import Call
from intake.call.operations import take_turn
from intake.call.preparing import ANNOUNCED
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.letters import Letter
from intake.notification.operations import post
from intake.people.models import Person
from intake.people.queries import names
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, say

MOST_AT_ONCE = 200


def invite_all(call: Call, addresses: Sequence[str], note: str, *, by: Actor) -> list[CallInvitation]:
    """Invite everybody with one of ``addresses`` (lower case); who is invited already is not told again.

    Demands: ``CALL_OVERSEE``. Records: an invitation each; ``call.invited``. Tells: each of them, once the call is
    announced. Raises: Refused; Incomplete at ``addresses``. Returns: the new invitations.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    if len(addresses) > MOST_AT_ONCE:
        raise Incomplete(say("Nobody was invited."), {"addresses": say("At most %(most)s at once.", most=MOST_AT_ONCE)})
    # Whoever invites at the same time waits here, so that nobody gets two letters.
    take_turn(call.id)
    asked = sa.select(CallInvitation.email).where(
        CallInvitation.call_id == call.id, CallInvitation.withdrawn_at.is_(None)
    )
    invited = set(db.session.scalars(asked))
    fresh = [each for each in dict.fromkeys(addresses) if each not in invited]
    known = {person.email: person for person in db.session.scalars(sa.select(Person).where(Person.email.in_(fresh)))}
    made = []
    for address in fresh:
        person = known.get(address)
        number = person.id if person else None
        made.append(CallInvitation(call_id=call.id, email=address, person_id=number, note=note, invited_by_id=by.id))
    db.session.add_all(made)
    if made:
        record("call.invited", "call", call.id, by=by, addresses=fresh)
        db.session.flush()
    if not call.in_preparation:
        _tell(call, made, {person.id: person.name for person in known.values()})
    return made


def tell_the_invited(call: Call) -> None:
    """Tell those who were invited while the call was prepared. ``invitations`` must be loaded. Statements: 1."""
    rows = [each for each in call.invitations if each.withdrawn_at is None]
    _tell(call, rows, names(each.person_id for each in rows))


def _tell(call: Call, rows: Iterable[CallInvitation], known: Mapping[int, str]) -> None:
    for row in rows:
        name = known.get(row.person_id or 0, "")
        post(invitation(call, row.note), to=row.email, name=name, person_id=row.person_id)


def withdraw_invitation(call: Call, number: int, *, by: Actor) -> CallInvitation:
    """Take an invitation back: who has begun a draft keeps it, and nobody is told.

    Demands: ``CALL_OVERSEE``. Records: the invitation's end; ``call.uninvited``. Raises: Refused; Incomplete where
    there is none. Returns: the invitation.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    row = db.session.get(CallInvitation, number, with_for_update=True)
    if row is None or row.call_id != call.id or row.withdrawn_at is not None:
        raise Incomplete(say("This invitation was taken back already."))
    row.withdrawn_at = clock.now()
    record("call.uninvited", "call", call.id, by=by, addresses=[row.email])
    db.session.flush()
    return row


def invitation(call: Call, note: str) -> Letter:
    """The invitation, to one address."""
    return Letter(
        "call.invitation",
        say("Invitation to propose: %(call)s", call=call.title),
        (
            say("The office invites you to propose in the call %(call)s (%(code)s).", call=call.title, code=call.code),
            say("The call is by invitation only. Sign in with this address to start a proposal."),
            *((say("It closes at %(when)s.", when=call.closes_at),) if call.closes_at else ()),
            *((say("The office wrote:"),) if note else ()),
        ),
        f"/calls/{call.code}",
        say("Open the call"),
        say("You get this because the office invited this address."),
        note,
    )


ANNOUNCED.append(tell_the_invited)
