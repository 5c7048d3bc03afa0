"""A proposal that begins with the answers of an earlier one: by its own applicant, in any call, or by the office, which
invites a selected proposal to the next stage of its call."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from intake import clock
from intake.allowance.queries import extended_until
from intake.audit.operations import record
from intake.call.forms import in_force
from intake.call.letters import own_words
from intake.call.models import Call
from intake.errors import Incomplete
from intake.extensions import db
from intake.form.carrying import Carried, LeftOut, carry, field_map, left_out
from intake.form.definition import Form, Question
from intake.notification.operations import tell
from intake.opening import Opening, opening
from intake.policy import Actor, may
from intake.proposal import letters
from intake.proposal.answers import answers_of, form_of, put
from intake.proposal.bound_to_call import to_give_anew
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.operations import team_of
from intake.proposal.telling import reader_of, text_of
from intake.proposal.writing import searched, start
from intake.vocabulary import WRITERS, Action, State, TeamAnswer, Words, say


@dataclass(frozen=True, slots=True)
class Offered:
    """One question of the new form and what the earlier proposal has for it: the text that would be carried (empty for
    none), and why."""

    question: Question
    text: str
    why: Words


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be carried, in the new form's order, and what would stay behind. ``anew`` are the keys of the
    questions whose earlier answer the new call cannot take as it is; ``why`` of such an offer says what it was."""

    offered: Sequence[Offered]
    left: Sequence[LeftOut]
    anew: Collection[str] = ()

    @property
    def carried(self) -> list[Offered]:
        """The questions that have something to carry."""
        return [each for each in self.offered if each.text]


def plan(source: Proposal, call: Call) -> Plan:
    """What of ``source`` a proposal in ``call`` could begin with. Both whole; ``call`` with themes and rules.
    Statements: 1."""
    old, new = form_of(source), _form_in(call)
    mapping, answers = field_map(old, new), answers_of(source)
    anew = to_give_anew(source, call, (old, new), mapping)
    found = _carried(source, call, old, new, mapping)
    reader = reader_of(source)
    why = {each.target_key: each.why for each in mapping} | {key: words for key, (_, words) in anew.items()}
    names = {theme.id: theme.name for theme in call.themes}
    offered = [
        Offered(
            each,
            names.get(found[each.key], "") if each.key == "theme_id" and each.key in found
            else text_of(reader, each, found[each.key]) if each.key in found else "",
            why[each.key],
        )
        for each in new.questions
    ]  # fmt: skip
    told = {from_key: LeftOut(from_key, key, words) for key, (from_key, words) in anew.items()}
    left = left_out(answers, old, new, [each for each in mapping if each.target_key not in anew])
    return Plan(offered, [told.get(each.source_key, each) for each in left if each.source_key != "theme_id"], set(anew))


def start_from(source: Proposal, call: Call, keys: Collection[str], *, by: Actor, organisation: str) -> Proposal:
    """Begin a draft in ``call`` with the answers of an earlier proposal of one's own to the questions ``keys``.

    Demands: call.propose, and proposal.view_as_team of the earlier one. Records: a draft that names where it comes
    from, an event. Files, declarations and the team are not carried. Raises: Refused. Returns: the draft.
    """
    demand(may(by, Action.PROPOSAL_VIEW_AS_TEAM, source))
    draft = start(call, by=by, organisation=organisation)
    _fill(draft, source, call, keys)
    record("proposal.carried", "proposal", draft.id, by=by, source=source.id)
    db.session.flush()
    return draft


def invite_on(source: Proposal, call: Call, *, by: Actor) -> Proposal:
    """Invite a selected proposal to the next stage: a draft in ``call`` with its team and all answers that fit.

    Demands: proposal.advance_stage. Records: a draft that names where it comes from, an event on both. Tells: the team.
    Raises: Refused; Incomplete where ``call`` is no next stage, is not ready, or the proposal was invited before.
    Returns: the draft. Statements: 3, and what is written.
    """
    demand(may(by, Action.PROPOSAL_ADVANCE_STAGE, source))
    if call.follows_id != source.call_id:
        raise Incomplete(say("That call is not the next stage of this one."))
    if opening(call, clock.now()) in (Opening.IN_PREPARATION, Opening.CLOSED, Opening.ANNOUNCED):
        raise Incomplete(say("The next stage is not open for invitations yet: give it its dates and open it first."))
    if invited_on(source, call) is not None:
        raise Incomplete(say("It was invited to the next stage already."))
    version = in_force(call.id)
    draft = Proposal(call_id=call.id, title="", search_text="", form_version_id=version.id if version else None)
    draft.extended_until = extended_until(call.id, source.principal.person_id or 0)
    db.session.add(draft)
    db.session.flush()
    for member in source.team:
        if member.answer is TeamAnswer.ACCEPTED:
            db.session.add(_again(member, draft))
    _fill(draft, source, call, None)
    record("proposal.started", "proposal", draft.id, by=by, became=State.DRAFT.value, call=call.code)
    record("proposal.invited_on", "proposal", source.id, by=by, call=call.code)
    db.session.flush()
    values = {"number": source.number, "title": source.title, "call": call.title, "name": source.principal.name}
    opening_words = own_words(source.call, "invited_to_next_stage", values)
    tell(team_of(source), letters.invited_on(source, draft.id, call, opening_words), proposal_id=draft.id)
    return draft


def invited_on(source: Proposal, call: Call) -> Proposal | None:
    """The proposal of ``call`` that came from ``source``, or None. Statements: 1."""
    asked = sa.select(Proposal).where(Proposal.carried_from_id == source.id, Proposal.call_id == call.id)
    return db.session.scalars(asked.order_by(Proposal.id).limit(1)).one_or_none()


def _again(member: TeamMember, draft: Proposal) -> TeamMember:
    """The same person on the next stage's team."""
    return TeamMember(
        proposal_id=draft.id,
        person_id=member.person_id,
        name=member.name,
        email=member.email,
        organisation=member.organisation,
        relation=member.relation,
        position=member.position,
        orcid=member.orcid,
    )


def _fill(draft: Proposal, source: Proposal, call: Call, keys: Collection[str] | None) -> None:
    """Put the carried answers into a new draft: those to ``keys``, or all."""
    old, new = form_of(source), _form_in(call)
    found = _carried(source, call, old, new, field_map(old, new))
    put(draft, new, {key: value for key, value in found.items() if keys is None or key in keys})
    draft.carried_from_id = source.id
    draft.search_text = searched(draft)


def _carried(source: Proposal, call: Call, old: Form, new: Form, mapping: Sequence[Carried]) -> Mapping[str, Any]:
    """The answers to carry. A theme is carried where the new call has one of the same name; what holds in its own call
    only is not."""
    anew = to_give_anew(source, call, (old, new), mapping)
    found = carry(answers_of(source), old, new, [each for each in mapping if each.target_key not in anew])
    name = source.theme.name if source.theme else ""
    theme = next((each.id for each in call.themes if each.name == name and each.retired_at is None), None)
    if theme is not None and any(each.key == "theme_id" for each in new.questions):
        found["theme_id"] = theme
    return found


def _form_in(call: Call) -> Form:
    """The form that a proposal begun in the call now would answer."""
    probe = Proposal(call_id=call.id)
    set_committed_value(probe, "call", call)
    set_committed_value(probe, "form", in_force(call.id))
    return form_of(probe)


def to_begin_with(actor: Actor) -> Sequence[Proposal]:
    """The proposals that the actor may begin another from: those they lead or write, the newest first, with call and
    team; drafts without a title are left out. Statements: 2."""
    writes = TeamMember.relation.in_(WRITERS)
    mine = sa.and_(TeamMember.person_id == actor.id, TeamMember.answer == TeamAnswer.ACCEPTED, writes)
    return db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.team.any(mine), Proposal.title != "")
        .options(joinedload(Proposal.call), selectinload(Proposal.team))
        .order_by(Proposal.changed_at.desc(), Proposal.id.desc())
    ).all()
