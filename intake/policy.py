"""THE POLICY: may(actor, action, subject) -> Ruling. The one place that says who may do what, and when.

Four questions in this order: does the actor see the subject; is the relation right; is there a conflict (conflict beats
role); is the moment right. Reads plain attributes of what it is given (they must be loaded) and knows neither Flask nor
SQLAlchemy. ``proposal.queries.visible_to`` is its twin in SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake import clock
from intake.opening import Opening, opening, opening_for, sealed_at
from intake.vocabulary import (
    WRITERS,
    Action,
    ComesAs,
    Declared,
    Relation,
    ReviewerAnswer,
    ReviewState,
    Role,
    SlotPlace,
    State,
    TeamAnswer,
    Words,
    say,
)
from intake.workflow import MOVES, STATES


@dataclass(frozen=True, slots=True)
class Grant:
    """A standing role with its scope (ids of a programme, a call or a sponsor)."""

    role: Role
    programme_id: int | None = None
    call_id: int | None = None
    sponsor_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: a person with their standing grants; ``id`` None is somebody who is not signed in.

    ``emails`` (lower case) and ``orcid`` are what else they are known by, so that a conflict is seen under every name;
    ``stands_in`` are ids of proposals that they handle as the office although they do not coordinate the call.
    """

    id: int | None = None
    grants: frozenset[Grant] = frozenset()
    emails: frozenset[str] = frozenset()
    orcid: str = ""
    stands_in: frozenset[int] = frozenset()

    def holds(self, role: Role) -> bool:
        """Whether the actor has the role in any scope."""
        return any(grant.role is role for grant in self.grants)

    @property
    def sponsor_ids(self) -> frozenset[int]:
        """The sponsors that the actor is a contact of."""
        return frozenset(g.sponsor_id for g in self.grants if g.role is Role.SPONSOR_CONTACT and g.sponsor_id)


NOBODY = Actor()


@dataclass(frozen=True, slots=True)
class Ruling:
    """The policy's answer. ``hidden`` means that the actor must not even learn that the subject exists."""

    allowed: bool
    reason: Words | None = None
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed


YES = Ruling(True)
UNSEEN = Ruling(False, say("There is nothing here, or it is not yours to see."), hidden=True)


def no(reason: Words) -> Ruling:
    """A refusal that the actor may read."""
    return Ruling(False, reason)


# --- relations: each is one sentence ---------------------------------------------------------------------------------


def oversees(actor: Actor, call: Any) -> bool:
    """The actor is a coordinator of this call or of its programme."""
    return any(
        grant.role is Role.COORDINATOR and (grant.call_id == call.id or grant.programme_id == call.programme_id)
        for grant in actor.grants
    )


def membership_of(actor: Actor, proposal: Any) -> Any | None:
    """The actor's line of the proposal's team, unless they declined it."""
    if actor.id is None:
        return None
    lines = (member for member in proposal.team if member.person_id == actor.id)
    return next((member for member in lines if member.answer is not TeamAnswer.DECLINED), None)


def relation_of(actor: Actor, proposal: Any) -> Relation | None:
    """What the actor is to the proposal's team, if anything. Whoever has not answered the invitation only reads."""
    member = membership_of(actor, proposal)
    if member is None:
        return None
    return Relation.VIEWER if member.answer is TeamAnswer.INVITED else member.relation


def sealed(proposal: Any) -> bool:
    """The office may not read the proposal yet: its call is sealed until it has closed."""
    return sealed_at(proposal.call, clock.now())


def standing(rows: Iterable[Any]) -> list[Any]:
    """The assignments that have not been removed."""
    return [row for row in rows if row.removed_at is None]


def assignment_of(actor: Actor, proposal: Any) -> Any | None:
    """The actor's standing assignment to review the proposal, if any."""
    return next((row for row in standing(proposal.assignments) if row.reviewer_id == actor.id), None)


def accepted_by(actor: Actor, proposal: Any) -> bool:
    """The actor accepted to review the proposal."""
    mine = assignment_of(actor, proposal)
    return mine is not None and mine.answer is ReviewerAnswer.ACCEPTED


def declared_by(actor: Actor, proposal: Any) -> Declared:
    """What the actor declared about the proposal; a lifted conflict counts as none."""
    for row in proposal.conflicts:
        if row.person_id == actor.id:
            return Declared.NONE if row.lifted_at is not None else row.declared
    return Declared.UNKNOWN


def named_on_team(actor: Actor, proposal: Any) -> bool:
    """The actor is on the team under any of their addresses or their ORCID, unless that line declined."""
    if actor.id is None:
        return False
    return any(
        member.person_id == actor.id
        or member.email in actor.emails
        or (bool(actor.orcid) and member.orcid == actor.orcid)
        for member in proposal.team
        if member.answer is not TeamAnswer.DECLINED
    )


def conflict_of(actor: Actor, proposal: Any) -> Words | None:
    """Why the actor may not judge or handle the proposal, or None: conflict beats role."""
    if named_on_team(actor, proposal):
        return say("You are on this proposal's team, so somebody else handles it.")
    if declared_by(actor, proposal) is Declared.CONFLICT:
        return say("You declared a conflict of interest with this proposal, so somebody else handles it.")
    return None


def sent_packet_to(actor: Actor, proposal: Any) -> Any | None:
    """The newest packet of the proposal that was sent to a sponsor of the actor, recalled or not."""
    ours = [row for row in proposal.packets if row.sent_at is not None and row.sponsor_id in actor.sponsor_ids]
    return ours[-1] if ours else None


def packet_with_sponsor(proposal: Any) -> Any | None:
    """The packet that lies with the sponsor now, if any."""
    rows = [row for row in proposal.packets if row.sent_at is not None and row.recalled_at is None]
    return rows[-1] if rows else None


def submitted_reviews(proposal: Any) -> list[Any]:
    """The submitted reviews of standing assignments: the only ones that count."""
    reviews = [row.review for row in standing(proposal.assignments) if row.review is not None]
    return [review for review in reviews if review.state is ReviewState.SUBMITTED]


def own_review_submitted(actor: Actor, proposal: Any) -> bool:
    """The actor's own review of the proposal is submitted."""
    mine = assignment_of(actor, proposal)
    return bool(mine and mine.review and mine.review.state is ReviewState.SUBMITTED)


REVIEWERS_SEE = frozenset(State) - {
    State.DRAFT, State.SUBMITTED, State.RETURNED, State.INELIGIBLE, State.ELIGIBLE, State.MATCHED, State.WITHDRAWN
}  # fmt: skip
SPONSORS_READ = frozenset({State.WITH_SPONSOR, State.RESERVE, State.AWARDED, State.DECLINED})
ENDED = frozenset({State.INELIGIBLE, State.DECLINED, State.WITHDRAWN})
RELEASED = frozenset({State.SELECTED, State.WITH_SPONSOR, State.RESERVE, State.AWARDED, State.DECLINED})


def _as_team(actor: Actor, proposal: Any) -> bool:
    return relation_of(actor, proposal) is not None


def _as_office(actor: Actor, proposal: Any) -> bool:
    if proposal.number is None:
        return False
    return oversees(actor, proposal.call) or proposal.id in actor.stands_in


def of_office(actor: Actor, proposal: Any) -> bool:
    """The actor handles the received proposal as the office: coordinates its call or stands in. A conflict aside."""
    return _as_office(actor, proposal)


def _as_reviewer(actor: Actor, proposal: Any) -> bool:
    return (
        assignment_of(actor, proposal) is not None
        and proposal.state in REVIEWERS_SEE
        and conflict_of(actor, proposal) is None
    )


def _as_sponsor(actor: Actor, proposal: Any) -> bool:
    return sent_packet_to(actor, proposal) is not None


def concerns(actor: Actor, proposal: Any) -> bool:
    """The actor may learn the proposal's title. A coordinator with a conflict may not, or while the call is sealed; nor
    a sponsor once the packet is recalled or the proposal withdrawn."""
    if _as_team(actor, proposal) or _as_reviewer(actor, proposal) or _reads_packet(actor, proposal):
        return True
    return _as_office(actor, proposal) and conflict_of(actor, proposal) is None and not sealed(proposal)


def sees(actor: Actor, proposal: Any) -> bool:
    """The actor may know that the proposal exists."""
    if actor.id is None:
        return False
    if _as_team(actor, proposal) or _as_reviewer(actor, proposal) or _as_sponsor(actor, proposal):
        return True
    return _as_office(actor, proposal) or (proposal.number is not None and actor.holds(Role.ADMINISTRATOR))


# --- moments: why not now, or None ------------------------------------------------------------------------------------

Moment = Callable[[Actor, Any], Words | None]


def _any_time(actor: Actor, proposal: Any) -> Words | None:
    return None


def not_open_for(proposal: Any) -> Words | None:
    """Why the applicant cannot change or submit the proposal now, or None."""
    if proposal.state is State.RETURNED:
        if clock.arrived() < proposal.returned_until:
            return None
        return say("The time to revise it ended at %(when)s. Ask the office for more.", when=proposal.returned_until)
    if proposal.state is not State.DRAFT:
        return say("It has been submitted. The office can return it to you for revision.")
    until = proposal.extended_until
    if until is not None and proposal.call.closes_at is not None and until > proposal.call.closes_at:
        return _why_not_open(proposal.call, opening_for(proposal.call, proposal, clock.arrived()), until)
    return _why_not_open(proposal.call, opening_for(proposal.call, proposal, clock.arrived()))


def not_open(call: Any) -> Words | None:
    """Why the call takes no proposals now, or None."""
    return _why_not_open(call, opening(call, clock.arrived()))


def _why_not_open(call: Any, stands: Opening, extended_until: datetime | None = None) -> Words | None:
    match stands:
        case Opening.OPEN:
            return None
        case Opening.CLOSED if extended_until is not None:
            return say("Your extension of the call ended at %(when)s.", when=extended_until)
        case Opening.CLOSED:
            return say("The call closed at %(when)s.", when=call.closes_at)
        case Opening.NOT_YET:
            return say("The call opens at %(when)s.", when=call.opens_at)
        case Opening.IN_PREPARATION:
            return say("The office is still preparing this call.")
    return say("The call has no dates yet.")


def _open_for_applicant(actor: Actor, proposal: Any) -> Words | None:
    return not_open_for(proposal)


def _team_open(actor: Actor, proposal: Any) -> Words | None:
    why = not_open_for(proposal)
    if why is None and proposal.state is State.RETURNED and "team" not in proposal.returned_parts:
        return say("The office returned it for other parts only; the team stays as it is.")
    return why


def _editing(actor: Actor, proposal: Any) -> Words | None:
    if relation_of(actor, proposal) is not Relation.PRINCIPAL and not proposal.call.team_may_edit:
        return say("In this call only the principal investigator edits.")
    return not_open_for(proposal)


def _panel(actor: Actor, proposal: Any) -> Words | None:
    return None if proposal.call.panel else say("This call has no review panel: record the decision directly.")


def _no_review_in(actor: Actor, proposal: Any) -> Words | None:
    return say("A review has been submitted, so it stays with the reviewers.") if submitted_reviews(proposal) else None


def _in_review(actor: Actor, proposal: Any) -> Words | None:
    return None if proposal.state is State.IN_REVIEW else say("It is not with the reviewers now.")


def _enough_reviews(actor: Actor, proposal: Any) -> Words | None:
    if proposal.state is State.MATCHED:
        return say("It has not gone to the reviewers.") if proposal.call.panel else None
    count, needed = len(submitted_reviews(proposal)), proposal.call.reviews_needed
    if count < needed:
        return say("%(count)s of %(needed)s needed reviews are submitted.", count=count, needed=needed)
    if assignment_of(actor, proposal) is not None and not own_review_submitted(actor, proposal):
        return say("Submit your own review first.")
    return None


def _reviewing(actor: Actor, proposal: Any) -> Words | None:
    if not accepted_by(actor, proposal):
        return say("First accept the invitation to review it.")
    if declared_by(actor, proposal) is Declared.UNKNOWN:
        return say("First declare whether you have a conflict of interest.")
    if proposal.state is not State.IN_REVIEW:
        return say("The review is closed: a decision has been recorded.")
    if own_review_submitted(actor, proposal):
        return say("You submitted your review. The office can reopen it for you.")
    return None


def _declaring(actor: Actor, proposal: Any) -> Words | None:
    return None if proposal.state is State.IN_REVIEW else say("It is not in review now.")


def _packet_possible(actor: Actor, proposal: Any) -> Words | None:
    if proposal.call.programme.sponsor_id is None or not proposal.call.sponsor_decides:
        return say("No sponsor decides in this call.")
    if proposal.state not in (State.SELECTED, State.RESERVE):
        return say("A packet is prepared once the proposal is selected.")
    if packet_with_sponsor(proposal) is not None:
        return say("A packet is with the sponsor already. Recall it first.")
    return None


def _packet_ready(actor: Actor, proposal: Any) -> Words | None:
    why = _packet_possible(actor, proposal)
    if why is None and not any(row.sent_at is None for row in proposal.packets):
        return say("Prepare the packet first.")
    if why is None and proposal.call.slots is not None and not _holds_slot(proposal):
        return say("The sponsor takes %(most)s from us, and this holds none of the places.", most=proposal.call.slots)
    return why


def _holds_slot(proposal: Any) -> bool:
    return proposal.slot is not None and proposal.slot.place is SlotPlace.SLOT


def _outcome_due(actor: Actor, proposal: Any) -> Words | None:
    if packet_with_sponsor(proposal) is not None:
        return None
    if proposal.state in (State.SELECTED, State.RESERVE) and not _sponsored(proposal):
        return None
    return say("No packet is with the sponsor.")


def _sponsored(proposal: Any) -> bool:
    return proposal.call.sponsor_decides and proposal.call.programme.sponsor_id is not None


def _with_sponsor(actor: Actor, proposal: Any) -> Words | None:
    if proposal.state is State.WITH_SPONSOR:
        return None
    return say("The outcome has been recorded, or it was recalled.")


def _received(actor: Actor, proposal: Any) -> Words | None:
    if proposal.number is not None:
        return None
    return say("The conversation with the office begins once the proposal is received.")


def _confirming(actor: Actor, proposal: Any) -> Words | None:
    member = membership_of(actor, proposal)
    if member is not None and member.confirmed_at is not None:
        return say("You confirmed your part.")
    return not_open_for(proposal)


def _not_ended(actor: Actor, proposal: Any) -> Words | None:
    return say("The proposal is closed.") if proposal.state in ENDED else None


def _referable(actor: Actor, proposal: Any) -> Words | None:
    if proposal.state in ENDED or proposal.call.standing:
        return None
    return say("Only a closed proposal, or an idea, is offered another call.")


def _to_answer(actor: Actor, proposal: Any) -> Words | None:
    mine = assignment_of(actor, proposal)
    if mine is None or mine.answer is not ReviewerAnswer.ASKED:
        return say("You answered this invitation.")
    return _declaring(actor, proposal)


def _offered(actor: Actor, proposal: Any) -> Words | None:
    slot = proposal.slot
    if slot is None or slot.place is not SlotPlace.OFFERED:
        return say("No place is offered to it now.")
    if clock.arrived() >= slot.offered_until:
        return say("The offer ended at %(when)s.", when=slot.offered_until)
    return None


def _limited(actor: Actor, proposal: Any) -> Words | None:
    if proposal.call.slots is None:
        return say("The sponsor of this call takes any number.")
    return say("The proposal is closed.") if proposal.state in ENDED else None


def _goes_on(actor: Actor, proposal: Any) -> Words | None:
    return None if proposal.state is State.SELECTED else say("Only a selected proposal goes on to the next stage.")


def _publishable(actor: Actor, proposal: Any) -> Words | None:
    if proposal.award is None:
        return say("There is no award yet.")
    return say("The award is published.") if proposal.award.published_at is not None else None


# --- the rules --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may ask for an action on a proposal, in words and as a predicate; whether a conflict stops it; and when."""

    who: str
    relation: Callable[[Actor, Any], bool]
    conflict_stops: bool
    moment: Moment = _any_time
    when: str = ""


def _principal(actor: Actor, proposal: Any) -> bool:
    return relation_of(actor, proposal) is Relation.PRINCIPAL


def _invited(actor: Actor, proposal: Any) -> bool:
    member = membership_of(actor, proposal)
    return member is not None and member.answer is TeamAnswer.INVITED


def _co_investigator(actor: Actor, proposal: Any) -> bool:
    return relation_of(actor, proposal) is Relation.CO_INVESTIGATOR


def _converses(actor: Actor, proposal: Any) -> bool:
    return _writer(actor, proposal) or (_as_office(actor, proposal) and conflict_of(actor, proposal) is None)


def _writer(actor: Actor, proposal: Any) -> bool:
    return relation_of(actor, proposal) in WRITERS


def _lead_or_office_without_panel(actor: Actor, proposal: Any) -> bool:
    mine = assignment_of(actor, proposal)
    if mine is not None and mine.lead and proposal.state in REVIEWERS_SEE:
        return True
    return not proposal.call.panel and _as_office(actor, proposal)


def _reader(actor: Actor, proposal: Any) -> bool:
    if _as_team(actor, proposal):
        return True
    if _as_office(actor, proposal):
        return conflict_of(actor, proposal) is None
    if not _as_reviewer(actor, proposal) or not accepted_by(actor, proposal):
        return False
    return declared_by(actor, proposal) is Declared.NONE


def _reads_reviews(actor: Actor, proposal: Any) -> bool:
    if _as_office(actor, proposal):
        return True
    if not _as_reviewer(actor, proposal) or not own_review_submitted(actor, proposal):
        return False
    mine = assignment_of(actor, proposal)
    return bool(mine and mine.lead) or proposal.call.reads_others == "after_own"


def _reads_packet(actor: Actor, proposal: Any) -> bool:
    packet = sent_packet_to(actor, proposal)
    return packet is not None and packet.recalled_at is None and proposal.state in SPONSORS_READ


def _answers(actor: Actor, proposal: Any) -> bool:
    return _reads_packet(actor, proposal) or _as_office(actor, proposal)


def _restores(actor: Actor, proposal: Any) -> bool:
    if proposal.number is None:
        return _principal(actor, proposal)
    return _as_office(actor, proposal) and conflict_of(actor, proposal) is None


def _administrator(actor: Actor, proposal: Any) -> bool:
    return actor.holds(Role.ADMINISTRATOR)


_TEAM, _PI, _OFFICE = "the team", "the principal investigator", "a coordinator of the call"
_REVIEWER, _SPONSOR = "an assigned reviewer", "a contact of the sponsor"
_ANYONE_CONCERNED = "the team, a coordinator of the call, an assigned reviewer, a contact of the sponsor it was sent to"

RULES: dict[Action, Rule] = {
    Action.PROPOSAL_VIEW: Rule(
        _ANYONE_CONCERNED,
        concerns,
        False,
    ),
    Action.PROPOSAL_VIEW_AS_TEAM: Rule(_TEAM, _as_team, False),
    Action.PROPOSAL_VIEW_AS_OFFICE: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_VIEW_AS_REVIEWER: Rule(_REVIEWER, _as_reviewer, True),
    Action.PROPOSAL_VIEW_AS_SPONSOR: Rule(_SPONSOR, _as_sponsor, False),
    Action.PROPOSAL_READ: Rule("the team, a coordinator, a reviewer who declared no conflict", _reader, False),
    Action.PROPOSAL_LOG: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_READ_FEEDBACK: Rule(
        _TEAM,
        _as_team,
        False,
        lambda a, p: (
            None if p.state in RELEASED or p.state is State.RETURNED else say("Nothing has been released yet.")
        ),
        "once the decision is released",
    ),
    Action.PROPOSAL_EDIT: Rule(
        "principal, co-investigator or assistant", _writer, False, _editing, "draft while the call is open, or returned"
    ),
    Action.PROPOSAL_TEAM: Rule(
        _PI, _principal, False, _team_open, "draft while the call is open, or returned with team"
    ),
    Action.PROPOSAL_JOIN: Rule("somebody invited to the team", _invited, False, _not_ended, "it is not closed"),
    Action.PROPOSAL_CONFIRM: Rule(
        "a co-investigator", _co_investigator, False, _confirming, "draft while the call is open, or returned"
    ),
    Action.PROPOSAL_HAND_OVER: Rule(_PI, _principal, False, _not_ended, "it is not closed"),
    Action.PROPOSAL_ANSWER_OFFER: Rule(_PI, _principal, False, _offered, "a place is offered to it"),
    Action.PROPOSAL_CONVERSE: Rule(
        "principal, co-investigator or assistant; a coordinator of the call without a conflict",
        _converses,
        False,
        _received,
        "it is received",
    ),
    Action.PROPOSAL_OBJECT: Rule(_PI, _principal, False, _not_ended, "it is not closed"),
    Action.PROPOSAL_ANSWER_REFERRAL: Rule(_PI, _principal, False, _referable, "it is closed, or an idea"),
    Action.PROPOSAL_SUBMIT: Rule(_PI, _principal, False, _open_for_applicant, "the call is open for it"),
    Action.PROPOSAL_WITHDRAW: Rule(_PI, _principal, False),
    Action.PROPOSAL_RESTORE: Rule("a coordinator; for a draft the principal investigator", _restores, False),
    Action.PROPOSAL_RETURN: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_SCREEN_IN: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_SCREEN_OUT: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_MATCH: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_UNMATCH: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_PAIR: Rule(_OFFICE, _as_office, True, _not_ended, "it is not closed"),
    Action.PROPOSAL_REFER: Rule(_OFFICE, _as_office, True, _referable, "it is closed, or an idea"),
    Action.PROPOSAL_DECLARE_AS_OFFICE: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_FORWARD: Rule(_OFFICE, _as_office, True, _panel, "the call has a panel"),
    Action.PROPOSAL_RECALL: Rule(_OFFICE, _as_office, True, _no_review_in, "no review is submitted"),
    Action.PROPOSAL_ASSIGN: Rule(_OFFICE, _as_office, True, _in_review, "it is in review"),
    Action.PROPOSAL_RANK: Rule(_OFFICE, _as_office, True, _limited, "the sponsor takes a limited number"),
    Action.PROPOSAL_ADVANCE_STAGE: Rule(
        _OFFICE, _as_office, True, _goes_on, "selected, in a call that has a next stage"
    ),
    Action.PROPOSAL_REOPEN: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_RELEASE: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_PREPARE_PACKET: Rule(
        _OFFICE, _as_office, True, _packet_possible, "selected or reserve, no packet out"
    ),
    Action.PROPOSAL_SEND: Rule(_OFFICE, _as_office, True, _packet_ready, "a packet is ready and none is out"),
    Action.PROPOSAL_RECALL_PACKET: Rule(_OFFICE, _as_office, True),
    Action.PROPOSAL_PUBLISH: Rule(_OFFICE, _as_office, True, _publishable, "an award that is not published"),
    Action.PROPOSAL_ANSWER_ASKED: Rule(
        _REVIEWER, _as_reviewer, True, _to_answer, "they were asked and have not answered; it is in review"
    ),
    Action.PROPOSAL_DECLARE: Rule(_REVIEWER, _as_reviewer, True, _declaring, "it is in review"),
    Action.PROPOSAL_REVIEW: Rule(
        _REVIEWER, _as_reviewer, True, _reviewing, "in review, no conflict declared, not submitted"
    ),
    Action.PROPOSAL_READ_REVIEWS: Rule(
        "a coordinator; a reviewer after their own, as the call says; the lead after their own", _reads_reviews, True
    ),
    Action.PROPOSAL_DECIDE: Rule(
        "the lead reviewer; a coordinator where the call has no panel",
        _lead_or_office_without_panel,
        True,
        _enough_reviews,
        "enough reviews are submitted, the lead's own among them",
    ),
    Action.PROPOSAL_READ_PACKET: Rule(_SPONSOR, _reads_packet, False, when="the packet is not recalled"),
    Action.PROPOSAL_SHOW_INTEREST: Rule(_SPONSOR, _reads_packet, False, _with_sponsor, "it is with the sponsor"),
    Action.PROPOSAL_RECORD_OUTCOME: Rule(
        "a contact of the sponsor; a coordinator on their behalf", _answers, True, _outcome_due, "a packet is out"
    ),
    Action.PROPOSAL_LIFT_CONFLICT: Rule("an administrator", _administrator, True),
    Action.PROPOSAL_STAND_IN: Rule("an administrator", _administrator, True),
}


def _as_office_alone(actor: Actor, rule: Rule, proposal: Any) -> bool:
    """The actor asks as the office and as nothing else: what reviewers and a sponsor already have stays theirs."""
    if rule.relation is _administrator or _as_team(actor, proposal):
        return False
    return rule.relation is _as_office or not (_as_reviewer(actor, proposal) or _as_sponsor(actor, proposal))


def _on_proposal(actor: Actor, action: Action, proposal: Any) -> Ruling:
    """The four questions for one proposal; a sealed call keeps the office out until it has closed."""
    rule = RULES[action]
    if not sees(actor, proposal):
        return UNSEEN
    if not rule.relation(actor, proposal):
        conflict = conflict_of(actor, proposal)
        if conflict and _as_office(actor, proposal) and not _as_team(actor, proposal):
            return no(conflict)
        return no(say("Only %(who)s may do this.", who=say(rule.who)))
    if sealed(proposal) and _as_office_alone(actor, rule, proposal):
        return no(say("This call is sealed: nobody in the office reads a proposal before the call has closed."))
    if rule.conflict_stops and (conflict := conflict_of(actor, proposal)):
        return no(conflict)
    move = MOVES.get(action)
    if move and proposal.state not in move.sources:
        return no(say("This is not possible while the proposal is: %(state)s.", state=STATES[proposal.state].label))
    why_not_now = rule.moment(actor, proposal)
    return no(why_not_now) if why_not_now else YES


def _propose(actor: Actor, call: Any) -> Ruling:
    if actor.id is None:
        return no(say("Sign in to start a proposal."))
    if not actor.holds(Role.FACULTY):
        return no(say("Your account may not start proposals. Ask the office for the applicant's role."))
    if (call.by_invitation or call.programme.by_invitation) and not _invited_to(actor, call):
        return no(say("This call is by the sponsor's invitation only. Ask the office."))
    why = not_open(call)
    return no(why) if why and not _extended(actor, call) else YES


def _invited_to(actor: Actor, call: Any) -> bool:
    return any(row.person_id == actor.id and row.withdrawn_at is None for row in call.invitations)


def _extended(actor: Actor, call: Any) -> bool:
    """The call has closed to others, and the actor holds an extension that has not ended."""
    if opening(call, clock.arrived()) is not Opening.CLOSED:
        return False
    mine = (row for row in call.extensions if row.person_id == actor.id and row.withdrawn_at is None)
    return any(clock.arrived() < row.until for row in mine)


def _notice(actor: Actor, call: Any) -> Ruling:
    if actor.id is None:
        return no(say("Sign in to send a notice of intent."))
    if not actor.holds(Role.FACULTY):
        return no(say("Your account may not start proposals. Ask the office for the applicant's role."))
    if (call.by_invitation or call.programme.by_invitation) and not _invited_to(actor, call):
        return no(say("This call is by the sponsor's invitation only. Ask the office."))
    if call.notice_due_at is None or opening(call, clock.arrived()) in (Opening.IN_PREPARATION, Opening.CLOSED):
        return no(say("This call takes no notices of intent."))
    if clock.arrived() >= call.notice_due_at:
        return no(say("Notices of intent were due at %(when)s.", when=call.notice_due_at))
    return YES


def _oversee(actor: Actor, call: Any) -> Ruling:
    return YES if oversees(actor, call) else UNSEEN


def _oversee_programme(actor: Actor, programme: Any) -> Ruling:
    """Its coordinators set up its calls, and administrators may."""
    if any(grant.role is Role.COORDINATOR and grant.programme_id == programme.id for grant in actor.grants):
        return YES
    if actor.holds(Role.ADMINISTRATOR):
        return YES
    return no(say("Only a coordinator of the programme may do this."))


_AREAS: dict[Action, tuple[Role, ...]] = {
    Action.AREA_PROPOSALS: (),
    Action.AREA_DESK: (Role.COORDINATOR,),
    Action.AREA_REVIEWS: (Role.REVIEWER,),
    Action.AREA_SPONSOR: (Role.SPONSOR_CONTACT,),
    Action.AREA_ADMINISTRATION: (Role.ADMINISTRATOR,),
}
AREA_WHO = {
    Action.AREA_PROPOSALS: say("people who are signed in"),
    Action.AREA_DESK: say("coordinators"),
    Action.AREA_REVIEWS: say("reviewers"),
    Action.AREA_SPONSOR: say("sponsor contacts"),
    Action.AREA_ADMINISTRATION: say("administrators"),
}


def _area(actor: Actor, action: Action) -> Ruling:
    roles = _AREAS[action]
    if actor.id is not None and (not roles or any(actor.holds(role) for role in roles)):
        return YES
    if action is Action.AREA_DESK and actor.stands_in:
        return YES
    return no(say("This part is for %(who)s.", who=AREA_WHO[action]))


_ON_OTHERS: dict[Action, Callable[[Actor, Any], Ruling]] = {
    Action.CALL_PROPOSE: _propose,
    Action.CALL_NOTICE: _notice,
    Action.CALL_OVERSEE: _oversee,
    Action.PROGRAMME_OVERSEE: _oversee_programme,
}


def may(actor: Actor, action: Action, subject: Any = None) -> Ruling:
    """Whether ``actor`` may do ``action`` to ``subject`` (programme, call or proposal, as the action's word says) now.

    A proposal's team, assignments with reviews, conflicts, packets, award, slot and call with programme must be loaded
    (``proposal.queries.one`` does), and a call's invitations and extensions (``call.queries.one`` does).
    Raises KeyError for an action that no rule speaks of.
    """
    if action is Action.PUBLIC:
        return YES
    if action is Action.SIGNED_IN:
        return YES if actor.id is not None else no(say("Sign in first."))
    if action in _AREAS:
        return _area(actor, action)
    if action in _ON_OTHERS:
        return _ON_OTHERS[action](actor, subject)
    return _on_proposal(actor, action, subject)


# --- meetings ---------------------------------------------------------------------------------------------------------
# A meeting comes with call and programme, participants, and items with attendance and their proposals, loaded as above
# (``meeting.queries.one`` does). ``meeting.queries.seen_by`` is the twin of ``_view_meeting``.


def participant_of(actor: Actor, meeting: Any) -> Any | None:
    """The actor's standing line among the participants whom a letter has told of the meeting."""
    if actor.id is None:
        return None
    rows = (row for row in meeting.participants if row.person_id == actor.id and row.told_at is not None)
    return next((row for row in rows if row.removed_at is None), None)


def comes_rightly(participant: Any, paper: Any) -> bool:
    """An applicant comes for an item while they are on its proposal's team, a reviewer while it is assigned to them."""
    if participant.comes_as is ComesAs.APPLICANT:
        team = (member for member in paper.team if member.answer is not TeamAnswer.DECLINED)
        if participant.person_id is None:
            return any(member.email == participant.email for member in team)
        return any(member.person_id == participant.person_id for member in team)
    if participant.comes_as is ComesAs.REVIEWER:
        return any(row.reviewer_id == participant.person_id for row in standing(paper.assignments))
    return True


def attends(participant: Any, item: Any) -> bool:
    """The participant was put down for the item and still comes for it rightly."""
    if participant.removed_at is not None or all(row.participant_id != participant.id for row in item.attendance):
        return False
    return item.proposal is None or comes_rightly(participant, item.proposal)


def reads_item(actor: Actor, item: Any, meeting: Any) -> bool:
    """The actor may know what the item is about: the proposal's office, and who attends it. A conflict beats
    attendance, and so does a team or an assignment that the actor has left."""
    paper = item.proposal
    if _office_of(actor, item, meeting):
        return True
    mine = participant_of(actor, meeting)
    if mine is None or not attends(mine, item):
        return False
    if paper is None or mine.comes_as is ComesAs.APPLICANT:
        return True
    if mine.comes_as is ComesAs.REVIEWER:
        return _as_reviewer(actor, paper)
    if mine.comes_as is ComesAs.CONTACT and meeting.call.programme.sponsor_id not in actor.sponsor_ids:
        return False
    return conflict_of(actor, paper) is None and not sealed(paper)


def _office_of(actor: Actor, item: Any, meeting: Any) -> bool:
    return oversees(actor, meeting.call) if item.proposal is None else reads_as_office(actor, item.proposal)


def reads_as_office(actor: Actor, paper: Any) -> bool:
    """The actor handles the proposal as the office, without a conflict, and its call is not sealed."""
    return bool(_on_proposal(actor, Action.PROPOSAL_VIEW_AS_OFFICE, paper))


def meets(actor: Actor, participant: Any, meeting: Any) -> bool:
    """The actor may learn that the participant comes: they share an item that the actor reads, and neither is to stay
    unknown to the other. Who coordinates the call learns of everybody, unless an item is withheld from them."""
    if participant.person_id is not None and participant.person_id == actor.id:
        return True
    read = [item for item in meeting.items if reads_item(actor, item, meeting)]
    shared = [item for item in read if attends(participant, item)]
    if oversees(actor, meeting.call):
        return bool(shared) or participant.comes_as is ComesAs.OFFICE or len(read) == len(meeting.items)
    other = (participant.person_id, participant.comes_as)
    return any(_named_to(actor, *other, item, meeting) for item in shared)


def named_in(actor: Actor, person_id: int, item: Any, meeting: Any) -> bool:
    """The actor, who reads the item, may learn that the person has something to do there; who was taken off the meeting
    since stays as unknown as before. Without a line among the participants, they are of the office."""
    if person_id == actor.id:
        return True
    lines = [row.comes_as for row in meeting.participants if row.person_id == person_id]
    return _named_to(actor, person_id, lines[-1] if lines else ComesAs.OFFICE, item, meeting)


def chair_named(actor: Actor, meeting: Any) -> bool:
    """The actor may learn who chairs the meeting: the office is named to everybody, another as any participant."""
    line = next((row for row in standing(meeting.participants) if row.person_id == meeting.chair_id), None)
    known = line is None or line.comes_as is ComesAs.OFFICE or meets(actor, line, meeting)
    return meeting.chair_id is not None and known


def _named_to(actor: Actor, person_id: int | None, comes_as: ComesAs, item: Any, meeting: Any) -> bool:
    """Blind review holds in a meeting too. Who is the item's office learns of everybody there."""
    mine = participant_of(actor, meeting)
    if mine is None or _office_of(actor, item, meeting):
        return _office_of(actor, item, meeting)
    reader, other = _part_in(item, actor.id, mine.comes_as), _part_in(item, person_id, comes_as)
    if other is ComesAs.REVIEWER:
        return reader is ComesAs.OFFICE or (reader is ComesAs.REVIEWER and meeting.call.reviewers_named)
    return reader is not ComesAs.REVIEWER or other is not ComesAs.APPLICANT or meeting.call.applicants_named


def _part_in(item: Any, person_id: int | None, comes_as: ComesAs) -> ComesAs:
    """What somebody is to the item: who reviews its proposal, or is on its team, stays that whatever they were asked
    as, and a reviewer also once the assignment is removed."""
    paper = item.proposal
    if paper is None or person_id is None or comes_as is ComesAs.REVIEWER:
        return comes_as
    if any(row.reviewer_id == person_id for row in paper.assignments):
        return ComesAs.REVIEWER
    team = (member for member in paper.team if member.answer is not TeamAnswer.DECLINED)
    return ComesAs.APPLICANT if any(member.person_id == person_id for member in team) else comes_as


def writes_minutes(actor: Actor, item: Any, meeting: Any) -> Ruling:
    """Whoever reads the item and coordinates the call, stands in for its proposal, or chairs the meeting and comes as
    the office: minutes are the office's."""
    if not reads_item(actor, item, meeting):
        return UNSEEN
    if oversees(actor, meeting.call) or _office_of(actor, item, meeting):
        return YES
    mine = participant_of(actor, meeting)
    if mine is not None and mine.comes_as is ComesAs.OFFICE and meeting.chair_id == actor.id:
        return YES
    return no(say("Only a coordinator of the call and the chair write the minutes."))


def _view_meeting(actor: Actor, meeting: Any) -> Ruling:
    """A coordinator of the call; a stand-in of one of its proposals; whoever was told and may read something of it, or
    attends no item in particular."""
    if oversees(actor, meeting.call):
        return YES
    if any(item.proposal is not None and reads_as_office(actor, item.proposal) for item in meeting.items):
        return YES
    mine = participant_of(actor, meeting)
    if mine is None:
        return UNSEEN
    put_down = [item for item in meeting.items if any(row.participant_id == mine.id for row in item.attendance)]
    return YES if not put_down or any(reads_item(actor, item, meeting) for item in put_down) else UNSEEN


def _run_meeting(actor: Actor, meeting: Any) -> Ruling:
    if oversees(actor, meeting.call):
        return YES
    seen = _view_meeting(actor, meeting)
    return no(say("Only a coordinator of the call may do this.")) if seen else seen


def _answer_slots(actor: Actor, meeting: Any) -> Ruling:
    seen = _view_meeting(actor, meeting)
    if not seen:
        return seen
    if participant_of(actor, meeting) is None:
        return no(say("Only those who are asked to the meeting answer."))
    why = slots_closed(meeting)
    return no(why) if why else YES


def slots_closed(meeting: Any) -> Words | None:
    """Why the times that were offered are not answered any more, or None."""
    if meeting.cancelled_at is not None:
        return say("The meeting was cancelled.")
    if meeting.begins_at is not None:
        return say("The time is chosen: %(when)s.", when=meeting.begins_at)
    return None


_ON_OTHERS |= {
    Action.MEETING_VIEW: _view_meeting,
    Action.MEETING_RUN: _run_meeting,
    Action.MEETING_ANSWER: _answer_slots,
}
