"""What may happen to a match: it is made, and undone with a reason."""

from __future__ import annotations

from intake import clock
from intake.errors import Conflicted, Incomplete
from intake.extensions import db
from intake.match.models import Match
from intake.match.pairing import note_match, note_unmatch, unblocked
from intake.match.queries import standing_of
from intake.people.models import Person
from intake.people.queries import holders
from intake.policy import Actor, may
from intake.proposal.lifecycle import advance, demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs
from intake.vocabulary import Action, PairingKind, Role, Words, say


def match(proposal: Proposal, theme_id: int | None, contact_id: int | None, note: str, *, by: Actor) -> Match:
    """Pair the proposal with a theme of its call and a contact of its sponsor.

    Demands: proposal.match. From: eligible. Records: a match, the move, the steps of
    theme and contact on the match board. Raises: Refused; Incomplete where the call has
    themes and none (or another call's) is chosen, or the sponsor has contacts and none (or another's, or one with a
    conflict that blocks) is.
    Returns: the match.
    """
    demand(may(by, Action.PROPOSAL_MATCH, proposal))
    wrong: dict[str, Words] = {}
    themes = {each.id for each in proposal.call.themes}
    if (themes and theme_id not in themes) or (not themes and theme_id is not None):
        wrong["theme_id"] = say("Choose a theme of this call.")
    sponsor_id = proposal.call.programme.sponsor_id
    contacts = {p.id for p in holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id)} if sponsor_id else set()
    if (contacts and contact_id not in contacts) or (not contacts and contact_id is not None):
        wrong["contact_id"] = say("Choose a contact of this sponsor.")
    elif contact_id is not None and (why_not := _why_no_contact(proposal, contact_id, by)) is not None:
        wrong["contact_id"] = why_not
    if wrong:
        raise Incomplete(say("The match is not complete."), wrong)
    earlier = standing_of(proposal)
    if earlier:  # of the round before a revision
        earlier.undone_at, earlier.undone_reason = clock.now(), "matched anew after a revision"
        db.session.flush()
    made = Match(proposal=proposal, theme_id=theme_id, contact_id=contact_id, note=note, made_by_id=by.id)
    db.session.add(made)
    note_match(proposal, theme_id, contact_id, note, by=by)
    advance(proposal, Action.PROPOSAL_MATCH, by=by, note=note)
    db.session.flush()
    return made


def _why_no_contact(proposal: Proposal, contact_id: int, by: Actor) -> Words | None:
    """What stands between the proposal and the contact that nobody gets past, or None."""
    try:
        unblocked(proposal, db.session.get_one(Person, contact_id), PairingKind.CONTACT, by=by)
    except Conflicted as error:
        return error.reason
    return None


def unmatch(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """Undo the match. Demands: proposal.unmatch. From: matched. Raises: Refused; Incomplete without a reason."""
    demand(may(by, Action.PROPOSAL_UNMATCH, proposal))
    needs(reason, "reason", say("Say why the match is undone."))
    made = standing_of(proposal)
    if made:
        made.undone_at, made.undone_reason = clock.now(), reason
    note_unmatch(proposal, reason, by=by)
    advance(proposal, Action.PROPOSAL_UNMATCH, by=by, note=reason)
    db.session.flush()
