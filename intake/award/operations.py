"""What may happen to an award: an outcome makes it, the office publishes it."""

from __future__ import annotations

from datetime import timedelta

from intake import clock
from intake.audit.operations import record
from intake.award.models import Award
from intake.decision.models import SponsorOutcome
from intake.decision.operations import record_outcome
from intake.extensions import db
from intake.policy import Actor, may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.vocabulary import Action, Outcome

DAYS_OF_A_MONTH = 365.25 / 12


def answer(
    proposal: Proposal, result: Outcome, *, amount_minor: int | None, reference: str, reason: str, by: Actor
) -> SponsorOutcome:
    """Record the sponsor's outcome, and make the award when it is selected.

    Demands, Records, Tells, Raises, Returns: as ``decision.operations.record_outcome``; and an award, not yet public.
    """
    made = record_outcome(proposal, result, amount_minor=amount_minor, reference=reference, reason=reason, by=by)
    if result is Outcome.SELECTED:
        leader = proposal.principal
        department = leader.person.department if leader.person else None
        award = Award(
            proposal=proposal,
            programme_id=proposal.call.programme_id,
            call_id=proposal.call_id,
            principal_id=leader.person_id,
            title=proposal.title,
            departments=[department.code] if department else [],
            year=made.recorded_at.year,
            amount_minor=made.amount_minor,
            currency=made.currency,
            reference=reference,
            source=proposal.number or "",
            made_at=made.recorded_at,
            completed_at=made.recorded_at + timedelta(days=round(DAYS_OF_A_MONTH * (proposal.duration_months or 0))),
        )
        db.session.add(award)
        record(
            "award.made", "proposal", proposal.id, by=by, amount_minor=made.amount_minor, currency=str(made.currency)
        )
        db.session.flush()
    return made


def publish(proposal: Proposal, *, by: Actor) -> Award:
    """Put the award on the public page: title, department, year and programme; never the amount.

    Demands: proposal.publish. Records: when, an event. Raises: Refused. Returns: the award.
    """
    demand(may(by, Action.PROPOSAL_PUBLISH, proposal))
    award = proposal.award
    assert award is not None
    award.published_at = clock.now()
    record("award.published", "proposal", proposal.id, by=by)
    db.session.flush()
    return award
