"""The rule on running projects: it needs to know the awards, so it stands here and registers itself."""

from __future__ import annotations

import sqlalchemy as sa

from intake import clock
from intake.award.models import Award
from intake.extensions import db
from intake.programme.models import Programme
from intake.proposal.models import Proposal
from intake.proposal.rulebook import check
from intake.vocabulary import Words, say

MOST_RUNNING = 1


@check("running-projects")
def running_projects(proposal: Proposal) -> tuple[str, str, Words] | None:
    """A principal investigator with more than one running project of the sponsor waits. Statements: 1."""
    leader, sponsor_id = proposal.principal.person_id, proposal.call.programme.sponsor_id
    if leader is None or sponsor_id is None:
        return None
    running = db.session.scalar(
        sa.select(sa.func.count(Award.id))
        .join(Programme, Programme.id == Award.programme_id)
        .where(
            Award.principal_id == leader,
            sa.or_(Award.completed_at.is_(None), Award.completed_at > clock.now()),
            Programme.sponsor_id == sponsor_id,
        )
    )
    if not running or running <= MOST_RUNNING:
        return None
    return (
        "team",
        "principal",
        say("%(count)s projects with this sponsor are running; one must end first.", count=running),
    )
