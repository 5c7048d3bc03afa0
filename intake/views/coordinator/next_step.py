"""What the office does next with one proposal: a sentence, one primary act, and the others that its state knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext, ngettext

from intake.policy import ENDED, Ruling, may, packet_with_sponsor, standing, submitted_reviews
from intake.proposal.models import Proposal
from intake.review.alternates import missing
from intake.review.models import Assignment
from intake.review.operations import why_no_nudge
from intake.review.queries import SAID_NO
from intake.views.display import tr, written
from intake.views.gate import actor
from intake.vocabulary import Action, ReviewerAnswer, ReviewState, State, Words, say
from intake.workflow import MOVES, STATES

_S = State


@dataclass(frozen=True, slots=True)
class Act:
    """One act as a link to its form, or as a button (``posts``), with what the policy says of it."""

    label: str
    url: str
    ruling: Ruling
    posts: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """The sentence on top, the primary act (None: somebody else's move) and the others."""

    sentence: str
    primary: Act | None
    others: list[Act]


def _always(proposal: Proposal) -> bool:
    return True


def _panel(proposal: Proposal) -> bool:
    return proposal.call.panel


def _no_panel(proposal: Proposal) -> bool:
    return not proposal.call.panel


def _packet_is_here(proposal: Proposal) -> bool:
    return _sponsored(proposal) and packet_with_sponsor(proposal) is None


def _sponsored(proposal: Proposal) -> bool:
    return proposal.call.sponsor_decides and proposal.call.programme.sponsor_id is not None


def _no_sponsor(proposal: Proposal) -> bool:
    return not _sponsored(proposal)


def _answer_due(proposal: Proposal) -> bool:
    return packet_with_sponsor(proposal) is not None or not _sponsored(proposal)


def _is_closed_or_idea(proposal: Proposal) -> bool:
    return proposal.state in ENDED or proposal.call.standing


def _not_published(proposal: Proposal) -> bool:
    return proposal.award is not None and proposal.award.published_at is None


@dataclass(frozen=True, slots=True)
class _Known:
    """An act of the office: its page, its words, and where it makes sense at all."""

    action: Action
    endpoint: str
    label: Words
    fits: Callable[[Proposal], bool] = _always
    states: tuple[State, ...] = ()
    first: bool = True


_ACTS = (
    _Known(Action.PROPOSAL_SCREEN_IN, "screen", say("Screen it")),
    _Known(Action.PROPOSAL_MATCH, "match", say("Match it")),
    _Known(Action.PROPOSAL_FORWARD, "forward", say("Forward to reviewers"), _panel),
    _Known(Action.PROPOSAL_DECIDE, "decide", say("Record the decision"), _no_panel),
    _Known(Action.PROPOSAL_RELEASE, "release", say("Read the letter and release")),
    _Known(Action.PROPOSAL_SEND, "send", say("Read the packet and send it"), _packet_is_here),
    _Known(
        Action.PROPOSAL_PREPARE_PACKET,
        "prepare_packet",
        say("Prepare a packet"),
        _packet_is_here,
        (_S.SELECTED, _S.RESERVE),
    ),
    _Known(Action.PROPOSAL_ADVANCE_STAGE, "next_stage", say("Invite to the next stage"), _no_sponsor, (_S.SELECTED,)),
    _Known(Action.PROPOSAL_RECORD_OUTCOME, "record_outcome", say("Record the outcome"), _answer_due),
    _Known(Action.PROPOSAL_PUBLISH, "publish", say("Publish the award"), _not_published, (_S.AWARDED,)),
    _Known(Action.PROPOSAL_RESTORE, "restore", say("Restore it")),
    _Known(Action.PROPOSAL_ASSIGN, "assign", say("Add a reviewer"), _panel, (_S.IN_REVIEW,), first=False),
    _Known(Action.PROPOSAL_RETURN, "send_back", say("Return for revision"), first=False),
    _Known(Action.PROPOSAL_SCREEN_OUT, "screen_out", say("Mark ineligible"), first=False),
    _Known(Action.PROPOSAL_UNMATCH, "unmatch", say("Undo the match"), first=False),
    _Known(Action.PROPOSAL_RECALL, "recall", say("Recall from reviewers"), first=False),
    _Known(Action.PROPOSAL_REOPEN, "reopen_decision", say("Reopen the decision"), first=False),
    _Known(Action.PROPOSAL_RECALL_PACKET, "recall_packet", say("Recall the packet"), first=False),
    _Known(Action.PROPOSAL_REFER, "refer", say("Offer another call"), _is_closed_or_idea, tuple(State), first=False),
)
"""In the order in which one of them is the primary act; those that are not ``first`` never are."""


def next_step(proposal: Proposal, now: datetime, names: dict[int, str]) -> Next:
    """What comes next. ``names`` are those of the reviewers, by person's id. Asks the database nothing."""
    acts: list[Act] = []
    primary: Act | None = None
    for known in _ACTS:
        states = known.states or MOVES[known.action].sources
        if proposal.state not in states or not known.fits(proposal):
            continue
        ruling = may(actor(), known.action, proposal)
        act = Act(tr(known.label), url_for(f"coordinator.{known.endpoint}", proposal_id=proposal.id), ruling)
        if primary is None and known.first and ruling:
            primary = act
        else:
            acts.append(act)
    if proposal.state is State.IN_REVIEW:
        adding = next((act for act in acts if act.label == gettext("Add a reviewer")), None)
        primary = _nudge(proposal, now, names) or _read_reviews(proposal)
        if adding is not None and adding.ruling and missing(proposal):
            primary, acts = adding, [act for act in acts if act is not adding]
    return Next(_sentence(proposal, now, names), primary, acts)


def waiting_for(proposal: Proposal) -> list[Assignment]:
    """The standing assignments whose review is not in, the first due first."""
    rows = [row for row in standing(proposal.assignments) if not _in(row)]
    return sorted(rows, key=lambda row: (row.due_at, row.id))


def _in(row: Assignment) -> bool:
    return row.review is not None and row.review.state is ReviewState.SUBMITTED


def _nudge(proposal: Proposal, now: datetime, names: dict[int, str]) -> Act | None:
    """Remind whoever is due first and was not reminded today."""
    row = next((each for each in waiting_for(proposal) if why_no_nudge(each) is None), None)
    if row is None:
        return None
    label = gettext("Nudge %(name)s", name=names.get(row.reviewer_id, ""))
    url = url_for("coordinator.nudge", proposal_id=proposal.id, assignment_id=row.id)
    return Act(label, url, may(actor(), Action.PROPOSAL_ASSIGN, proposal), posts=True)


def _read_reviews(proposal: Proposal) -> Act:
    url = url_for("coordinator.proposal", proposal_id=proposal.id, tab="reviews")
    return Act(gettext("See the reviews"), url, may(actor(), Action.PROPOSAL_READ_REVIEWS, proposal))


_SENTENCES: dict[State, Words] = {
    _S.SUBMITTED: say("Received at %(since)s. Check it against the rules of the call."),
    _S.RETURNED: say("With the applicant, who may revise it until %(until)s. Nothing for you to do now."),
    _S.INELIGIBLE: say("Closed as not eligible on %(since)s. The team has been told the rule and its source."),
    _S.ELIGIBLE: say("Eligible. Match it to a theme and to a contact at the sponsor."),
    _S.DECIDED: say("A decision is recorded. Read the letter, then release it: until then nobody outside is told."),
    _S.WITH_SPONSOR: say(
        "With the sponsor since %(since)s. Record their outcome if they tell you instead of recording it."
    ),
    _S.DECLINED: say("Closed: not selected. The team has been told at %(since)s."),
    _S.WITHDRAWN: say("The applicant withdrew it at %(since)s. You can restore it if that was a mistake."),
}


def _sentence(proposal: Proposal, now: datetime, names: dict[int, str]) -> str:
    if proposal.state in _SENTENCES:
        until = written(proposal.returned_until) if proposal.returned_until else ""
        return gettext(_SENTENCES[proposal.state].text, since=written(proposal.state_since), until=until)
    if proposal.state is _S.IN_REVIEW:
        return _under_review(proposal, now, names)
    if proposal.state is _S.MATCHED:
        if proposal.call.panel:
            return gettext("Matched. Forward it to reviewers who have no conflict of interest.")
        return gettext("Matched. This call has no review panel: record the decision here.")
    if proposal.state in (_S.SELECTED, _S.RESERVE):
        return _going_to_sponsor(proposal)
    if proposal.state is _S.AWARDED:
        return _awarded(proposal)
    return tr(STATES[proposal.state].next)


def _under_review(proposal: Proposal, now: datetime, names: dict[int, str]) -> str:
    count, needed = len(submitted_reviews(proposal)), proposal.call.reviews_needed
    waiting = waiting_for(proposal)
    asked = [row for row in waiting if row.answer is ReviewerAnswer.ASKED]
    late = sum(1 for row in waiting if row.due_at < now and row not in asked)
    parts = [gettext("%(count)s of %(needed)s needed reviews are in.", count=count, needed=needed)]
    if late:
        parts.append(ngettext("%(num)s is late.", "%(num)s are late.", late))
    if asked:
        parts.append(ngettext("%(num)s has not answered yet.", "%(num)s have not answered yet.", len(asked)))
    if noes := _noes(proposal):
        parts.append(
            ngettext("%(num)s said no; nobody is left to ask.", "%(num)s said no; nobody is left to ask.", noes)
        )
    lead = next((row for row in standing(proposal.assignments) if row.lead), None)
    if lead is None:
        parts.append(gettext("Nobody leads the panel: appoint a lead under Reviews."))
    elif count >= needed and _in(lead):
        parts.append(gettext("%(name)s leads and can record the decision now.", name=names.get(lead.reviewer_id, "")))
    elif waiting:
        parts.append(gettext("The next is due at %(when)s.", when=written(waiting[0].due_at)) if not late else "")
    return " ".join(filter(None, parts))


def _noes(proposal: Proposal) -> int:
    """How many said no, while reviewers are missing: an alternate would have been asked by itself."""
    return sum(1 for row in proposal.assignments if row.answer in SAID_NO) if missing(proposal) else 0


def _going_to_sponsor(proposal: Proposal) -> str:
    if not _sponsored(proposal):
        return gettext("Selected. No sponsor decides in this call: record the outcome here.")
    if packet_with_sponsor(proposal) is not None:
        return gettext("On the sponsor's reserve list, with the packet in their hands. Record what they decide.")
    if any(row.sent_at is None for row in proposal.packets):
        return gettext("The packet is ready. Read what the sponsor will see, then send it.")
    if proposal.state is _S.RESERVE:
        return gettext("On the reserve list. Prepare a packet when a place becomes free.")
    return gettext("Selected. Prepare the packet for the sponsor.")


def _awarded(proposal: Proposal) -> str:
    if _not_published(proposal):
        return gettext("Awarded. Publish it, without the amount, when the sponsor agrees.")
    return gettext("Awarded and published. Nothing more to do here.")
