"""The decision on one proposal: recorded here where a call has no panel, reopened, read and released."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.decision import letters, operations
from intake.decision.models import Decision
from intake.decision.queries import pending
from intake.errors import IllegalMove
from intake.notification.operations import preview
from intake.proposal.models import Proposal
from intake.proposal.operations import team_of
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import addressed, back, in_days, shown, to_change, tried
from intake.views.coordinator.forms import Decided, Reasoned, Released
from intake.views.gate import actor, door
from intake.vocabulary import Action, Verdict, say

DAYS_TO_REVISE = 14
_PATH = "/desk/proposals/<id:proposal_id>"


@door(coordinator, f"{_PATH}/decide", Action.PROPOSAL_DECIDE, to_change, methods=["GET", "POST"], once=True)
def decide(proposal: Proposal) -> ResponseReturnValue:
    """Record the decision of a call that has no panel."""
    form = Decided.made()
    if form.validate_on_submit() and tried(
        form,
        proposal,
        lambda: operations.decide(
            proposal,
            Verdict(form.verdict.data),
            form.rationale.data,
            form.feedback.data,
            by=actor(),
            recommended_minor=form.recommended_minor.data,
        ),
    ):
        return back(proposal, gettext("The decision is recorded. Read the letter and release it."), "reviews")
    return shown("decide", form, proposal)


@door(
    coordinator, f"{_PATH}/reopen", Action.PROPOSAL_REOPEN, to_change, methods=["GET", "POST"], name="reopen_decision"
)
def reopen(proposal: Proposal) -> ResponseReturnValue:
    """Give an unreleased decision back, with a reason."""
    form = Reasoned()
    if form.validate_on_submit() and tried(
        form, proposal, lambda: operations.reopen(proposal, form.reason.data, by=actor())
    ):
        return back(proposal, gettext("The decision is open again."), "reviews")
    return shown("reopen", form, proposal)


@door(coordinator, f"{_PATH}/release", Action.PROPOSAL_RELEASE, to_change, methods=["GET", "POST"], once=True)
def release(proposal: Proposal) -> ResponseReturnValue:
    """The decision, the letter exactly as it will be mailed and who gets it; then release it."""
    decision = _waiting(proposal)
    form = Released(data={"until": in_days(DAYS_TO_REVISE)})
    form.until.flags.required = decision.verdict is Verdict.REVISE
    if form.validate_on_submit() and _as_read(form, proposal, decision):
        until = form.until.data if decision.verdict is Verdict.REVISE else None
        if tried(form, proposal, lambda: operations.release(proposal, by=actor(), until=until)):
            return back(proposal, gettext("Released: the team and the reviewers are told."), "reviews")
        decision = _waiting(proposal)
    letter = _letter(proposal, decision, form.until.data)
    form.seen.data = _print_of(letter)
    return shown(
        "release",
        form,
        proposal,
        decision=decision,
        verdict=letters.VERDICTS[decision.verdict],
        letter=letter,
        thanks=preview(letters.thanks(proposal, decision.verdict), gettext("(name)")),
        team=addressed(team_of(proposal)),
        reviewers=addressed(operations.reviewers_of(proposal, done=True)),
    )


def _waiting(proposal: Proposal) -> Decision:
    decision = pending(proposal)
    if decision is None:
        raise IllegalMove(say("No decision waits to be released."))
    return decision


def _letter(proposal: Proposal, decision: Decision, until: datetime | None) -> tuple[str, str]:
    """Subject and text to the principal investigator; the others get the same under their own names."""
    due = (until or in_days(DAYS_TO_REVISE)) if decision.verdict is Verdict.REVISE else None
    leader = proposal.principal
    name = leader.person.name if leader.person else leader.name
    return preview(letters.released(proposal, decision.verdict, decision.feedback, due), name)


def _print_of(letter: tuple[str, str]) -> str:
    return sha256("\0".join(letter).encode()).hexdigest()


def _as_read(form: Released, proposal: Proposal, decision: Decision) -> bool:
    """The letter that goes out is the one that was on the page."""
    if form.seen.data == _print_of(_letter(proposal, decision, form.until.data)):
        return True
    form.read.data = False
    form.read.errors = [gettext("The letter below has changed. Read it again, then tick this.")]
    return False
