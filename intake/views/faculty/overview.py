"""One proposal as its team sees it: where it is, who acts next, and what has been heard."""

from __future__ import annotations

import secrets
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from intake import clock
from intake.decision import queries as decisions
from intake.decision.models import Decision, SponsorOutcome
from intake.form.telling import Audience
from intake.match.referring import standing_of
from intake.policy import ENDED, may, relation_of
from intake.proposal.answers import changeable
from intake.proposal.models import Proposal
from intake.proposal.pace import pace
from intake.proposal.queries import moves_of
from intake.proposal.telling import beyond_core, told_to
from intake.review.queries import of_proposal
from intake.views.display import tr
from intake.views.faces import letter
from intake.views.faculty import faculty
from intake.views.faculty.conversation import thread_of
from intake.views.faculty.loading import whole
from intake.views.faculty.progress import progress
from intake.views.faculty.telling import RELATIONS, WHO, alike, label_of, since, steps, timeline, told_of
from intake.views.gate import actor, door
from intake.views.language import language
from intake.views.meeting.about import talks_about
from intake.vocabulary import Action, Desk, Relation, ReviewState, State
from intake.workflow import STATES

WAITED_FOR = frozenset({Desk.OFFICE, Desk.REVIEWERS, Desk.SPONSOR})
ANSWERED = frozenset({State.RESERVE, State.AWARDED, State.DECLINED})


@door(faculty, "/proposals/<id:proposal_id>", Action.PROPOSAL_VIEW_AS_TEAM, whole)
def proposal(proposal: Proposal) -> ResponseReturnValue:
    """Everything that the team may know of its proposal."""
    moves = moves_of(proposal)
    told = told_of(proposal)
    known = progress(proposal, actor()) if proposal.state in (State.DRAFT, State.RETURNED) else None
    return render_template(
        "faculty/proposals/proposal.html",
        proposal=proposal,
        told=told,
        label=label_of(proposal),
        since=since(proposal, moves),
        who=_who(proposal, told),
        then=tr(STATES[told].next),
        steps=steps(proposal, moves),
        entries=timeline(proposal, moves),
        others=beyond_core(told_to(proposal, Audience.TEAM, language())),
        left=len(known.faults) if known else 0,
        returned=[part for part in known.parts if part.open] if known and proposal.state is State.RETURNED else [],
        may_change=[label for key, label in changeable(proposal).items() if key in proposal.returned_parts],
        editing=may(actor(), Action.PROPOSAL_EDIT, proposal),
        leads=relation_of(actor(), proposal) is Relation.PRINCIPAL,
        team=[(member, tr(RELATIONS[member.relation])) for member in proposal.members],
        files=[file for file in proposal.attachments if file.removed_at is None],
        rule=next((rule for rule in proposal.call.rules if rule.code == proposal.ineligible_rule), None),
        explanation=next((move.told for move in reversed(moves) if move.became is State.INELIGIBLE), ""),
        feedback=_feedback(proposal),
        thread=thread_of(proposal),
        place=_place(proposal),
        offers=[each for each in standing_of(proposal) if each.answered_at is None] if _referable(proposal) else [],
        talks=talks_about(proposal),
        pace=_pace(proposal, told),
        once=secrets.token_urlsafe(16),
        outcome=_outcome(proposal),
    )


def _referable(proposal: Proposal) -> bool:
    """Whether another call may have been offered to it: it is closed, or an idea."""
    return proposal.state in ENDED or proposal.call.standing


def _who(proposal: Proposal, told: State) -> str:
    """Who acts next, as a role."""
    desk = STATES[told].desk
    if told is State.AWARDED:
        return tr(WHO[Desk.OFFICE])
    if desk is Desk.APPLICANT and relation_of(actor(), proposal) is not Relation.PRINCIPAL:
        return gettext("The principal investigator")
    return tr(WHO[desk])


def _place(proposal: Proposal) -> dict[str, Any] | None:
    """Where it stands for the places that the sponsor gives, unless it left by itself; ``answers`` is the policy's word
    on accepting or declining."""
    if proposal.call.slots is None or proposal.slot is None or proposal.state in (State.WITHDRAWN, State.INELIGIBLE):
        return None
    slot = proposal.slot
    return {
        "place": slot.place.value,
        "until": slot.offered_until,
        "note": slot.note,
        "most": proposal.call.slots,
        "answers": may(actor(), Action.PROPOSAL_ANSWER_OFFER, proposal),
    }


def _pace(proposal: Proposal, told: State) -> str:
    """How many days earlier proposals spent where this one is told to be; empty where too few are known, or where the
    team itself is waited for."""
    if STATES[told].desk not in WAITED_FOR:
        return ""
    known = pace(proposal.call.programme_id, alike(told, panel=True), alike(told, panel=False), clock.now())
    if known is None:
        return ""
    if known.least == known.most:
        return ngettext("%(num)s day", "%(num)s days", known.most)
    return gettext("%(least)s to %(most)s days", least=known.least, most=known.most)


def _feedback(proposal: Proposal) -> dict[str, Any] | None:
    """What the released decision and the reviews behind it say to the applicant; reviewers stay unnamed."""
    if not may(actor(), Action.PROPOSAL_READ_FEEDBACK, proposal):
        return None
    decision = decisions.released(proposal)
    if decision is None:
        return None
    texts = _comments(proposal, decision)
    comments = [(gettext("Reviewer %(letter)s", letter=letter(place)), text) for place, text in enumerate(texts)]
    return {"text": decision.feedback, "at": decision.released_at, "comments": comments}


def _comments(proposal: Proposal, decision: Decision) -> list[str]:
    """The comments for the applicant in the reviews that counted, in order; nothing else of those reviews."""
    reviews = [row.review for row in of_proposal(proposal) if row.removed_at is None and row.review is not None]
    counted = [
        review
        for review in reviews
        if review.state is ReviewState.SUBMITTED
        and review.submitted_at is not None
        and decision.released_at is not None
        and review.submitted_at <= decision.released_at
    ]
    return [review.for_applicant for review in counted if review.for_applicant.strip()]


def _outcome(proposal: Proposal) -> SponsorOutcome | None:
    """What the sponsor answered last, while that is where the proposal stands."""
    if proposal.state not in ANSWERED:
        return None
    answers = decisions.outcomes_of(proposal)
    return answers[-1] if answers else None
