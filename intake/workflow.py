"""The state machine, as two tables that a coordinator could read. Nothing else knows which move leads where.

``flask --app wsgi describe-policy`` prints them as ``docs/workflow.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.vocabulary import Action, Desk, Outcome, State, Verdict, Words, say


@dataclass(frozen=True, slots=True)
class Place:
    """One state: whose desk it is, the office's short word, what the applicant reads, and what happens next."""

    desk: Desk
    label: Words
    public: Words
    next: Words


STATES: dict[State, Place] = {
    State.DRAFT: Place(
        Desk.APPLICANT,
        say("Draft"),
        say("Draft: yours to finish"),
        say("Finish it and submit it before the call closes. Nobody outside the team can read it."),
    ),
    State.SUBMITTED: Place(
        Desk.OFFICE,
        say("Submitted"),
        say("Received: being checked"),
        say("A coordinator checks it against the rules of the call."),
    ),
    State.RETURNED: Place(
        Desk.APPLICANT,
        say("Returned"),
        say("Returned for revision"),
        say("Change what the office asked for and submit it again in time."),
    ),
    State.INELIGIBLE: Place(
        Desk.CLOSED,
        say("Ineligible"),
        say("Not eligible"),
        say("Nothing more happens. The rule and its source stand below."),
    ),
    State.ELIGIBLE: Place(
        Desk.OFFICE,
        say("Eligible"),
        say("Being matched"),
        say("A coordinator matches it to a theme and a contact at the sponsor."),
    ),
    State.MATCHED: Place(
        Desk.OFFICE,
        say("Matched"),
        say("Matched to a theme; going to reviewers"),
        say("A coordinator forwards it to reviewers."),
    ),
    State.IN_REVIEW: Place(
        Desk.REVIEWERS,
        say("In review"),
        say("Under review"),
        say("Reviewers assess it; then the lead reviewer records the panel's decision."),
    ),
    State.DECIDED: Place(
        Desk.OFFICE, say("Decided"), say("Under review"), say("The office prepares the answer and releases it.")
    ),
    State.SELECTED: Place(
        Desk.OFFICE,
        say("Selected"),
        say("Selected to go to the sponsor"),
        say("The office prepares the packet and forwards it to the sponsor."),
    ),
    State.WITH_SPONSOR: Place(
        Desk.SPONSOR,
        say("With the sponsor"),
        say("With the sponsor"),
        say("The sponsor answers; the office tells you."),
    ),
    State.RESERVE: Place(
        Desk.SPONSOR,
        say("Reserve"),
        say("On the reserve list"),
        say("It goes forward when a place becomes free; the office tells you."),
    ),
    State.AWARDED: Place(
        Desk.APPLICANT, say("Awarded"), say("Awarded"), say("The office contacts you about the agreement.")
    ),
    State.DECLINED: Place(
        Desk.CLOSED,
        say("Declined"),
        say("Not selected"),
        say("The feedback stands below. You may apply to another call."),
    ),
    State.WITHDRAWN: Place(
        Desk.CLOSED,
        say("Withdrawn"),
        say("Withdrawn by you"),
        say("Ask the office if this was a mistake: it can be restored."),
    ),
}


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table of moves. ``needs`` and ``told`` are prose for people; the policy and the rooms enforce
    them."""

    action: Action
    verb: Words
    sources: tuple[State, ...]
    targets: tuple[State, ...]
    by: str
    needs: str
    told: str


_S = State
_OPEN_STATES = (
    _S.DRAFT,
    _S.SUBMITTED,
    _S.RETURNED,
    _S.ELIGIBLE,
    _S.MATCHED,
    _S.IN_REVIEW,
    _S.DECIDED,
    _S.SELECTED,
    _S.WITH_SPONSOR,
    _S.RESERVE,
)

_ROWS = (
    Move(
        Action.PROPOSAL_SUBMIT,
        say("Submit"),
        (_S.DRAFT, _S.RETURNED),
        (_S.SUBMITTED,),
        "principal investigator",
        "the call open for this proposal; its rules; the required answers",
        "office; team (receipt)",
    ),
    Move(
        Action.PROPOSAL_RETURN,
        say("Return for revision"),
        (_S.SUBMITTED, _S.ELIGIBLE),
        (_S.RETURNED,),
        "coordinator",
        "a reason; what may change; until when",
        "team",
    ),
    Move(
        Action.PROPOSAL_SCREEN_IN,
        say("Accept as eligible"),
        (_S.SUBMITTED,),
        (_S.ELIGIBLE,),
        "coordinator",
        "the checklist",
        "nobody",
    ),
    Move(
        Action.PROPOSAL_SCREEN_OUT,
        say("Mark ineligible"),
        (_S.SUBMITTED,),
        (_S.INELIGIBLE,),
        "coordinator",
        "the rule and an explanation",
        "team",
    ),
    Move(
        Action.PROPOSAL_MATCH,
        say("Match"),
        (_S.ELIGIBLE,),
        (_S.MATCHED,),
        "coordinator",
        "a theme of this call (where it has themes); a contact of its sponsor (where it has one)",
        "nobody",
    ),
    Move(
        Action.PROPOSAL_UNMATCH,
        say("Undo the match"),
        (_S.MATCHED,),
        (_S.ELIGIBLE,),
        "coordinator",
        "a reason",
        "nobody",
    ),
    Move(
        Action.PROPOSAL_FORWARD,
        say("Forward to reviewers"),
        (_S.MATCHED,),
        (_S.IN_REVIEW,),
        "coordinator",
        "reviewers without a conflict; one lead; a due date; a call with a panel",
        "reviewers; team",
    ),
    Move(
        Action.PROPOSAL_RECALL,
        say("Recall from reviewers"),
        (_S.IN_REVIEW,),
        (_S.MATCHED,),
        "coordinator",
        "no review submitted; a reason",
        "reviewers",
    ),
    Move(
        Action.PROPOSAL_DECIDE,
        say("Record the decision"),
        (_S.IN_REVIEW, _S.MATCHED),
        (_S.DECIDED,),
        "lead reviewer; the coordinator where the call has no panel",
        "enough reviews submitted; a rationale; no conflict",
        "office",
    ),
    Move(
        Action.PROPOSAL_REOPEN,
        say("Reopen the decision"),
        (_S.DECIDED,),
        (_S.IN_REVIEW, _S.MATCHED),
        "coordinator",
        "not released; a reason",
        "reviewers",
    ),
    Move(
        Action.PROPOSAL_RELEASE,
        say("Release the decision"),
        (_S.DECIDED,),
        (_S.SELECTED, _S.RESERVE, _S.DECLINED, _S.RETURNED),
        "coordinator",
        "the letter read",
        "team; reviewers",
    ),
    Move(
        Action.PROPOSAL_SEND,
        say("Send to the sponsor"),
        (_S.SELECTED, _S.RESERVE),
        (_S.WITH_SPONSOR,),
        "coordinator",
        "a packet built and verified; none with the sponsor; a place, where the sponsor takes a limited number",
        "sponsor contacts; team",
    ),
    Move(
        Action.PROPOSAL_RECALL_PACKET,
        say("Recall the packet"),
        (_S.WITH_SPONSOR,),
        (_S.SELECTED,),
        "coordinator",
        "a reason",
        "sponsor contacts",
    ),
    Move(
        Action.PROPOSAL_RECORD_OUTCOME,
        say("Record the sponsor's outcome"),
        (_S.WITH_SPONSOR, _S.RESERVE, _S.SELECTED),
        (_S.AWARDED, _S.RESERVE, _S.DECLINED),
        "sponsor contact; the coordinator on their behalf",
        "the packet with the sponsor (or a call that no sponsor decides); amount and reference, or a reason",
        "team; office",
    ),
    Move(
        Action.PROPOSAL_WITHDRAW,
        say("Withdraw"),
        _OPEN_STATES,
        (_S.WITHDRAWN,),
        "principal investigator",
        "a reason",
        "whoever holds it",
    ),
    Move(
        Action.PROPOSAL_RESTORE,
        say("Restore"),
        (_S.WITHDRAWN,),
        _OPEN_STATES,
        "coordinator; the principal investigator for a draft",
        "a reason; it returns to where it was",
        "team",
    ),
)

MOVES: dict[Action, Move] = {row.action: row for row in _ROWS}

RELEASED_AS: dict[Verdict, State] = {
    Verdict.SELECT: State.SELECTED,
    Verdict.RESERVE: State.RESERVE,
    Verdict.DECLINE: State.DECLINED,
    Verdict.REVISE: State.RETURNED,
}

ANSWERED_AS: dict[Outcome, State] = {
    Outcome.SELECTED: State.AWARDED,
    Outcome.RESERVE: State.RESERVE,
    Outcome.DECLINED: State.DECLINED,
}

PATH: tuple[State, ...] = (
    State.DRAFT,
    State.SUBMITTED,
    State.ELIGIBLE,
    State.MATCHED,
    State.IN_REVIEW,
    State.DECIDED,
    State.SELECTED,
    State.WITH_SPONSOR,
    State.AWARDED,
)
"""The straight way, for the drawing of a proposal's path."""


def desk_of(state: State) -> Desk:
    """Whose desk a proposal in ``state`` lies on."""
    return STATES[state].desk
