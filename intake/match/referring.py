"""A second life: a closed proposal, or an idea, is offered another open call; its applicant says yes or no."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call, Theme
from intake.errors import Incomplete
from intake.extensions import db
from intake.match import letters
from intake.match.models import Referral
from intake.notification.operations import tell
from intake.opening import Opening, opening
from intake.policy import Actor, may
from intake.proposal.carrying import plan, start_from
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of, team_of
from intake.vocabulary import Action, say


def refer(proposal: Proposal, call: Call, theme_id: int | None, note: str, *, by: Actor) -> Referral:
    """Offer the applicant to bring the proposal before another call. ``call`` with themes, invitations and extensions.

    Demands: proposal.refer. Records: the offer, an event. Tells: the team. Raises: Refused; Incomplete for the same
    call, one that takes no proposals now, one that was offered already, or a theme of another call.
    """
    demand(may(by, Action.PROPOSAL_REFER, proposal))
    if call.id == proposal.call_id:
        raise Incomplete(say("It was in that call already."), {"call_id": say("Choose another call.")})
    if opening(call, clock.now()) is not Opening.OPEN:
        raise Incomplete(say("That call takes no proposals now."), {"call_id": say("Choose a call that is open.")})
    if theme_id is not None and theme_id not in {each.id for each in call.themes if each.retired_at is None}:
        raise Incomplete(say("That is no theme of the call."), {"theme_id": say("Choose a theme of that call.")})
    if any(each.call_id == call.id for each in standing_of(proposal)):
        raise Incomplete(say("That call was offered already."), {"call_id": say("That call was offered already.")})
    made = Referral(proposal_id=proposal.id, call_id=call.id, theme_id=theme_id, note=note.strip(), made_by_id=by.id)
    db.session.add(made)
    record("proposal.referred", "proposal", proposal.id, by=by, note=made.note, call=call.code)
    db.session.flush()
    theme = next((each.name for each in call.themes if each.id == theme_id), "")
    tell(team_of(proposal), letters.referred(proposal, call, theme, made.note), proposal_id=proposal.id)
    return made


def withdraw(referral: Referral, proposal: Proposal, *, by: Actor) -> None:
    """Take an unanswered offer back. Demands: proposal.refer. Records: an event. Raises: Refused; Incomplete when it is
    answered."""
    demand(may(by, Action.PROPOSAL_REFER, proposal))
    if referral.answered_at is not None or referral.withdrawn_at is not None:
        raise Incomplete(say("It was answered, or taken back, already."))
    referral.withdrawn_at = clock.now()
    record("proposal.referral_withdrawn", "proposal", proposal.id, by=by, call=referral.call.code)
    db.session.flush()


def accept(referral: Referral, proposal: Proposal, call: Call, *, by: Actor, organisation: str) -> Proposal:
    """The applicant says yes: a draft in the other call begins with every answer that fits, and the offered theme.

    Demands: proposal.answer_referral, call.propose. Records: the answer, the draft, events. Tells: the office.
    Raises: Refused; Incomplete when it is answered or taken back. Returns: the draft. ``call`` as ``refer`` wants it.
    """
    demand(may(by, Action.PROPOSAL_ANSWER_REFERRAL, proposal))
    _answered(referral, True)
    offered = plan(proposal, call)
    draft = start_from(
        proposal, call, {each.question.key for each in offered.carried}, by=by, organisation=organisation
    )
    if referral.theme_id is not None:
        draft.theme_id = referral.theme_id
    referral.draft_id = draft.id
    record("proposal.referral_accepted", "proposal", proposal.id, by=by, call=call.code)
    db.session.flush()
    tell(office_of(proposal), letters.referral_answered(proposal, call, accepted=True), proposal_id=proposal.id)
    return draft


def decline(referral: Referral, proposal: Proposal, *, by: Actor) -> None:
    """The applicant says no. Demands: proposal.answer_referral. Records: the answer, an event. Tells: the office.
    Raises: Refused; Incomplete when it is answered or taken back."""
    demand(may(by, Action.PROPOSAL_ANSWER_REFERRAL, proposal))
    _answered(referral, False)
    record("proposal.referral_declined", "proposal", proposal.id, by=by, call=referral.call.code)
    db.session.flush()
    told = letters.referral_answered(proposal, referral.call, accepted=False)
    tell(office_of(proposal), told, proposal_id=proposal.id)


def _answered(referral: Referral, accepted: bool) -> None:
    if referral.withdrawn_at is not None:
        raise Incomplete(say("The office has taken this offer back."))
    if referral.answered_at is not None:
        raise Incomplete(say("You answered this offer already."))
    referral.answered_at, referral.accepted = clock.now(), accepted


def standing_of(proposal: Proposal) -> Sequence[Referral]:
    """The offers of other calls that were not taken back, oldest first, with call and theme. Statements: 1."""
    return db.session.scalars(
        sa.select(Referral)
        .where(Referral.proposal_id == proposal.id, Referral.withdrawn_at.is_(None))
        .options(joinedload(Referral.call), joinedload(Referral.theme))
        .order_by(Referral.id)
    ).all()


def waiting_of(proposal_ids: Iterable[int]) -> Sequence[Referral]:
    """The offers to these proposals that nobody answered yet, oldest first, with call and proposal. Statements: 1."""
    return db.session.scalars(
        sa.select(Referral)
        .where(
            Referral.proposal_id.in_(list(proposal_ids)),
            Referral.answered_at.is_(None),
            Referral.withdrawn_at.is_(None),
        )
        .options(joinedload(Referral.call), joinedload(Referral.proposal))
        .order_by(Referral.id)
    ).all()


def one(proposal: Proposal, referral_id: int) -> Referral | None:
    """An offer made to this proposal, with call and theme, or None. Statements: 1."""
    asked = sa.select(Referral).where(Referral.id == referral_id, Referral.proposal_id == proposal.id)
    return db.session.scalars(asked.options(joinedload(Referral.call), joinedload(Referral.theme))).one_or_none()


def open_calls(proposal: Proposal) -> Sequence[tuple[Call, Sequence[Theme]]]:
    """The other calls that take proposals now and were not offered yet, by title, with the themes that can be chosen;
    those by invitation are left out. Statements: 3."""
    offered = {each.call_id for each in standing_of(proposal)}
    asked = sa.select(Call).where(Call.in_preparation.is_(False), Call.by_invitation.is_(False))
    calls = db.session.scalars(
        asked.where(Call.id != proposal.call_id)
        .options(joinedload(Call.programme), sa.orm.selectinload(Call.themes))
        .order_by(Call.title, Call.id)
    ).all()
    now = clock.now()
    return [
        (each, [theme for theme in each.themes if theme.retired_at is None])
        for each in calls
        if each.id not in offered and not each.programme.by_invitation and opening(each, now) is Opening.OPEN
    ]
