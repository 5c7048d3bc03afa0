"""What may happen to an endorsement: the applicant asks a supervisor for it, the supervisor answers by their link."""

from __future__ import annotations

import secrets

from intake import clock
from intake.audit.operations import record
from intake.endorsement import letters
from intake.endorsement.models import Endorsement
from intake.endorsement.queries import asks_for_endorsement, behind_link, standing
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.operations import post, tell
from intake.people.sign_in import hashed
from intake.policy import NOBODY, UNSEEN, Actor, may, not_open_for
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs
from intake.vocabulary import Action, say


def ask(proposal: Proposal, name: str, email: str, *, by: Actor) -> Endorsement:
    """Ask a supervisor to endorse the proposal, by a link of which only the hash is kept.

    Demands: proposal.submit, whose rule the endorsement meets. Records: the request, an event. Tells: the supervisor.
    Raises: Refused; Incomplete when the call asks for none, while another request stands, or at ``address`` for the
    applicant's own. Returns: the request.
    """
    demand(may(by, Action.PROPOSAL_SUBMIT, proposal))
    if not asks_for_endorsement(proposal):
        raise Incomplete(say("This call does not ask for a supervisor's endorsement."))
    if standing(proposal.id) is not None:
        raise Incomplete(say("You asked somebody already. Take that back first."))
    address = email.strip().lower()
    if address == proposal.principal.email:
        own = say("This is your own address. Give your supervisor's.")
        raise Incomplete(own, {"address": own})
    token = secrets.token_urlsafe(32)
    made = Endorsement(proposal=proposal, name=name, email=address, token_hash=hashed(token), asked_by_id=by.id)
    db.session.add(made)
    db.session.flush()
    record("endorsement.asked", "proposal", proposal.id, by=by, name=name)
    post(letters.asked(proposal, name, token), to=address, name=name, proposal_id=proposal.id)
    return made


def withdraw(asked: Endorsement, proposal: Proposal, *, by: Actor) -> None:
    """Take the request back, with the answer if there is one; its link is dead and another can be asked.

    Demands: proposal.submit. Records: when, an event. Raises: Refused.
    """
    demand(may(by, Action.PROPOSAL_SUBMIT, proposal))
    if asked.withdrawn_at is None:
        asked.withdrawn_at = clock.now()
        record("endorsement.withdrawn", "proposal", proposal.id, by=by, name=asked.name)
        db.session.flush()


def answer(token: str, proposal: Proposal, endorsed: bool, statement: str) -> Endorsement:
    """The supervisor's answer, by their link; it may be changed until the proposal is submitted. ``proposal`` is the
    one that the link is for, locked. The same answer twice changes nothing.

    Demands: the link, and that the proposal is open to its applicant. Records: the answer, an event. Tells: the
    applicant. Raises: Refused; Incomplete without a statement. Returns: the endorsement.
    """
    given = behind_link(token)
    if given is None or given.proposal_id != proposal.id:
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    if (given.endorsed, given.statement) == (endorsed, statement):
        return given
    if (why := not_open_for(proposal)) is not None:
        raise Refused(say("Your answer stands as it is: %(why)s", why=why))
    needs(statement, "statement", say("Say in a few sentences why."))
    given.endorsed, given.statement, given.answered_at = endorsed, statement, clock.now()
    db.session.flush()
    became = "endorsed" if endorsed else "not endorsed"
    record("endorsement.given", "proposal", proposal.id, by=NOBODY, became=became, name=given.name)
    leader = proposal.principal.person
    assert leader is not None
    tell([leader], letters.answered(proposal, given), proposal_id=proposal.id)
    return given
