"""What may happen to a decision: it is recorded, perhaps reopened, released; and the sponsor's outcome is recorded."""

from __future__ import annotations

from datetime import datetime

from intake import clock
from intake.decision import letters
from intake.decision.models import Decision, SponsorOutcome
from intake.decision.queries import pending
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import Actor, may, of_office, standing
from intake.proposal.answers import form_of, part_of
from intake.proposal.lifecycle import advance, demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs, office_of, team_of
from intake.review.letters import no_longer
from intake.vocabulary import Action, Limit, Outcome, ReviewState, State, Verdict, Words, say
from intake.workflow import ANSWERED_AS, RELEASED_AS


def decide(
    proposal: Proposal,
    verdict: Verdict,
    rationale: str,
    feedback: str,
    *,
    by: Actor,
    recommended_minor: int | None = None,
) -> Decision:
    """Record the panel's decision. Nobody outside the office and the panel hears of it yet. ``recommended_minor`` is
    the amount that the panel recommends, in minor units of the call's currency; None where it names none.

    Demands: proposal.decide. From: in_review; matched where the call has no panel. Records: a decision, the move.
    Tells: the office. Raises: Refused; Incomplete without a rationale, or for an amount of nothing. Returns: the
    decision.
    """
    demand(may(by, Action.PROPOSAL_DECIDE, proposal))
    needs(rationale, "rationale", say("Say why the panel decides so."))
    if recommended_minor == 0:
        reason = say("An amount is more than nothing; leave it empty to recommend none.")
        raise Incomplete(reason, {"recommended_minor": reason})
    made = Decision(
        proposal=proposal,
        recommended_minor=recommended_minor,
        verdict=verdict,
        rationale=rationale,
        feedback=feedback,
        recorded_by_id=by.id,
        recorded_at=clock.now(),
    )
    db.session.add(made)
    advance(proposal, Action.PROPOSAL_DECIDE, by=by, note=rationale)
    db.session.flush()
    tell(office_of(proposal), letters.recorded(proposal), proposal_id=proposal.id)
    return made


def reopen(proposal: Proposal, reason: str, *, by: Actor) -> None:
    """Give an unreleased decision back to the panel (or to the office, where the call has none).

    Demands: proposal.reopen. From: decided. Records: why, the move. Tells: the reviewers. Raises: Refused; Incomplete.
    """
    demand(may(by, Action.PROPOSAL_REOPEN, proposal))
    needs(reason, "reason", say("Say why it is reopened."))
    made = pending(proposal)
    if made:
        made.reopened_at, made.reopened_reason = clock.now(), reason
    target = State.IN_REVIEW if proposal.call.panel else State.MATCHED
    advance(proposal, Action.PROPOSAL_REOPEN, by=by, to=target, note=reason)
    db.session.flush()
    tell(reviewers_of(proposal), letters.reopened(proposal, reason), proposal_id=proposal.id)


def reviewers_of(proposal: Proposal, *, done: bool | None = None) -> list[Person]:
    """The people whose assignments stand, in the order in which they were asked: all of them, or only those who have
    (``done``) or have not submitted their review. Statements: at most 1 each."""
    rows = standing(proposal.assignments)
    if done is not None:
        rows = [row for row in rows if (row.review is not None and row.review.state is ReviewState.SUBMITTED) is done]
    return [db.session.get_one(Person, row.reviewer_id) for row in rows]


def release(proposal: Proposal, *, by: Actor, until: datetime | None = None) -> Decision:
    """Tell the applicant. ``until`` is when a revision is due, for that verdict.

    Demands: proposal.release. From: decided. To: as the verdict says. Records: who released it and when, the move.
    Tells: the team, the reviewers. Raises: Refused; Incomplete for a revision without a time to come.
    """
    demand(may(by, Action.PROPOSAL_RELEASE, proposal))
    made = pending(proposal)
    if made is None:
        raise Incomplete(say("No decision waits to be released."))
    facts: dict[str, object] = {}
    if made.verdict is Verdict.REVISE:
        if until is None or until <= clock.now():
            raise Incomplete(
                say("Say until when it is to be revised."), {"until": say("Give a time that is still to come.")}
            )
        facts = {
            "returned_parts": [part_of(section) for section in form_of(proposal).sections],
            "returned_until": until,
            "returned_reason": made.feedback[: Limit.REASON],
        }
    made.released_at, made.released_by_id = clock.now(), by.id
    advance(proposal, Action.PROPOSAL_RELEASE, by=by, to=RELEASED_AS[made.verdict], told=made.feedback, facts=facts)
    db.session.flush()
    due = until if made.verdict is Verdict.REVISE else None
    tell(team_of(proposal), letters.released(proposal, made.verdict, made.feedback, due), proposal_id=proposal.id)
    tell(reviewers_of(proposal, done=True), letters.thanks(proposal, made.verdict), proposal_id=proposal.id)
    tell(reviewers_of(proposal, done=False), no_longer(proposal), proposal_id=proposal.id)
    return made


def record_outcome(
    proposal: Proposal, result: Outcome, *, amount_minor: int | None, reference: str, reason: str, by: Actor
) -> SponsorOutcome:
    """Record what the sponsor answered: selected with an amount (minor units of the call's currency) and a reference,
    reserve, or declined with a reason.

    Demands: proposal.record_outcome. From: with_sponsor, reserve, selected. Records: the outcome, the move. Tells: the
    team, the office. Raises: Refused; Incomplete for what the result needs. Returns: the outcome.
    """
    demand(may(by, Action.PROPOSAL_RECORD_OUTCOME, proposal))
    _complete(result, amount_minor, reference, reason)
    selected = result is Outcome.SELECTED
    made = SponsorOutcome(
        proposal=proposal,
        result=result,
        amount_minor=amount_minor if selected else None,
        currency=proposal.call.currency if selected else None,
        reference=reference,
        reason=reason,
        recorded_by_id=by.id,
        on_behalf=of_office(by, proposal),
        recorded_at=clock.now(),
    )
    db.session.add(made)
    advance(proposal, Action.PROPOSAL_RECORD_OUTCOME, by=by, to=ANSWERED_AS[result], note=reference, told=reason)
    db.session.flush()
    tell(team_of(proposal), letters.answered(proposal, result, reason), proposal_id=proposal.id)
    tell(office_of(proposal), letters.outcome_in(proposal, result), proposal_id=proposal.id)
    return made


def _complete(result: Outcome, amount_minor: int | None, reference: str, reason: str) -> None:
    wrong: dict[str, Words] = {}
    if result is Outcome.SELECTED:
        if not amount_minor:
            wrong["amount"] = say("Say how much is awarded.")
        if not reference.strip():
            wrong["reference"] = say("Give the sponsor's reference.")
    if result is Outcome.DECLINED and not reason.strip():
        wrong["reason"] = say("Give the sponsor's reason.")
    if wrong:
        raise Incomplete(say("The outcome is not complete."), wrong)
