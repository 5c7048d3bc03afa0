"""The rule on running projects: it needs to know the awards, so it stands here and registers itself."""

from __future__ import annotations

import sqlalchemy as sa

from intake import clock
from intake.award.models import Award
from intake.call.models import Rule
from intake.extensions import db
from intake.programme.models import Programme
from intake.proposal.checks import FactKind, Found, Known, check, settings_of
from intake.proposal.known import source
from intake.proposal.models import Proposal
from intake.vocabulary import say

RUNNING = "running projects"


@source(RUNNING)
def running(proposal: Proposal) -> int:
    """How many projects of the principal investigator run with the call's sponsor."""
    leader, sponsor_id = proposal.principal.person_id, proposal.call.programme.sponsor_id
    if leader is None or sponsor_id is None:
        return 0
    asked = (
        sa.select(sa.func.count(Award.id))
        .join(Programme, Programme.id == Award.programme_id)
        .where(
            Award.principal_id == leader,
            sa.or_(Award.completed_at.is_(None), Award.completed_at > clock.now()),
            Programme.sponsor_id == sponsor_id,
        )
    )
    return db.session.scalar(asked) or 0


@check(
    "running-projects",
    say("Running projects with the sponsor"),
    say("The principal investigator has no more than so many projects running with the sponsor."),
    FactKind("most", say("At most"), "whole", least=0, most=100, default=1),
    asks=(RUNNING,),
    saw=lambda proposal, rule, known: say(
        "%(count)s projects run with this sponsor; at most %(most)s.",
        count=known.count(RUNNING),
        most=settings_of(rule)["most"],
    ),
)
def running_projects(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    """Who has more projects running than the rule allows waits until one ends."""
    count = known.count(RUNNING)
    if count <= settings_of(rule)["most"]:
        return []
    reason = say("%(count)s projects with this sponsor are running; one must end first.", count=count)
    return [Found("team", "principal", reason)]
