"""What a new version of a call's form means for its proposals. Those that were received keep their version always;
drafts keep theirs too, unless the office has them move to the new one.

The office does not see drafts: of them it learns how many, never which.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from intake.audit.operations import record
from intake.call import form_versions
from intake.call.models import Call, FormVersion
from intake.errors import Incomplete
from intake.extensions import db
from intake.form.comparing import affected, differences
from intake.form.definition import Form, Page, label_in
from intake.notification.letters import Letter
from intake.notification.operations import tell
from intake.policy import Actor
from intake.proposal import letters
from intake.proposal.answers import answers_of, form_of
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import conflicted, visible_to
from intake.vocabulary import State, TeamAnswer, say


class Reach(StrEnum):
    """How far a new version reaches: to proposals that are begun from now on, or to drafts too."""

    NEW = "new"
    DRAFTS = "drafts"


@dataclass(frozen=True, slots=True)
class Concerned:
    """How many drafts the call has, how many of them have answers that a new form touches, and the received proposals
    that the reader may see, by number."""

    drafts: int
    touched: int
    received: Sequence[Proposal]


def concerned_by(call: Call, new: Form, who: Actor) -> Concerned:
    """Whom the form ``new`` would concern, as far as ``who`` may know it. Themes and rules of the call must be loaded.
    Statements: 3."""
    drafts = [each for each in _drafts(call) if each.state is State.DRAFT]
    return Concerned(len(drafts), sum(_touched(each, new) for each in drafts), _received(call, who))


def drafts_answering(call: Call, questions: Collection[str]) -> int:
    """How many drafts of the call have an answer, or a file, to any of these questions. Statements: 2."""
    return sum(bool(_answered(each) & set(questions)) for each in _drafts(call) if each.state is State.DRAFT)


def publish(call: Call, note: str, reach: Reach, *, seen: str, by: Actor) -> FormVersion:
    """Publish the version of the form that is worked on and, with ``Reach.DRAFTS``, have the call's drafts answer it.
    Every answer of theirs is kept, also where the new form does not ask for it.

    Demands: ``CALL_OVERSEE``. Records: ``form.published``; ``proposal.form_changed`` of each draft that moves. Tells:
    the teams of these drafts, which sections changed. Raises: Refused; Stale; Incomplete. Returns: the version.
    """
    version = form_versions.publish(call, note, seen=seen, by=by)
    if reach is Reach.DRAFTS:
        for draft in _drafts(call, for_update=True):
            if draft.form_version_id != version.id:
                _move(draft, version, by)
        db.session.flush()
    return version


def reach_of(text: str | None, drafts: int) -> Reach:
    """The reach that somebody chose; it need not be chosen where there are no drafts. Raises Incomplete."""
    if drafts and text not in {each.value for each in Reach}:
        raise Incomplete(say("Drafts have been begun."), {"reach": say("Say whether they move to the new version.")})
    return Reach(text) if text in {each.value for each in Reach} else Reach.NEW


def _move(draft: Proposal, version: FormVersion, by: Actor) -> None:
    """Let a draft answer another version. A withdrawn one moves untold; it meets the form when it is taken up again."""
    before, was = form_of(draft), draft.form.ordinal if draft.form else 0
    draft.form_version_id = version.id
    set_committed_value(draft, "form", version)
    record("proposal.form_changed", "proposal", draft.id, by=by, was=str(was), became=str(version.ordinal))
    sections = changed_sections(before, form_of(draft))
    if draft.state is State.DRAFT and sections:
        team = [each.person for each in draft.team if each.person and each.answer is TeamAnswer.ACCEPTED]
        tell(team, _form_changed(draft, sections), proposal_id=draft.id)


def changed_sections(before: Form, after: Form) -> list[str]:
    """The labels of the sections in which anything differs, in the new form's order; those that went stand last."""
    keys = {each.section for each in differences(before, after)}
    those = [*after.sections, *(each for each in before.sections if each.key not in {s.key for s in after.sections})]
    return [label_in(each.label, "en") for each in those if each.key in keys]


def _form_changed(draft: Proposal, sections: Sequence[str]) -> Letter:
    return letters.to_team(
        draft,
        "proposal.form_changed",
        say("The form of %(call)s has changed", call=draft.call.title),
        say(
            "The office changed the form that your draft for %(call)s answers. What changed is in: %(sections)s.",
            call=draft.call.title,
            sections=list(sections),
        ),
        say("What you wrote is kept, also where the new form does not ask for it. Please look through these sections."),
    )


def _touched(draft: Proposal, new: Form) -> bool:
    """Whether the new form would leave out, hide, read otherwise or find fault with something that the draft holds."""
    before = form_of(draft)
    if affected(before, new, answers_of(draft)):
        return True
    takes_files = {each.key for each in new.questions if each.files is not None}
    free = any(each.page is Page.FILES for each in new.sections)
    return any(
        each.removed_at is None and (each.question not in takes_files if each.question else not free)
        for each in draft.attachments
    )


def _answered(draft: Proposal) -> set[str]:
    """The questions that the draft has anything for."""
    answers: Mapping[str, Any] = answers_of(draft)
    files = {each.question for each in draft.attachments if each.removed_at is None}
    return {key for key, value in answers.items() if value not in ("", None, False, [], {})} | files


def _drafts(call: Call, *, for_update: bool = False) -> Sequence[Proposal]:
    """The proposals of the call that were never received, withdrawn ones too, with form, team and files."""
    asked = (
        sa.select(Proposal)
        .where(Proposal.call_id == call.id, Proposal.number.is_(None))
        .options(joinedload(Proposal.form), selectinload(Proposal.attachments))
        .order_by(Proposal.id)
        .execution_options(populate_existing=True)
    )
    if for_update:
        people = selectinload(Proposal.team).joinedload(TeamMember.person)
        asked = asked.options(people).with_for_update(of=Proposal, key_share=True)
    drafts = db.session.scalars(asked).all()
    for each in drafts:
        set_committed_value(each, "call", call)
    return drafts


def _received(call: Call, who: Actor) -> Sequence[Proposal]:
    return db.session.scalars(
        sa.select(Proposal)
        .where(Proposal.call_id == call.id, Proposal.number.is_not(None), visible_to(who), sa.not_(conflicted(who)))
        .options(joinedload(Proposal.form))
        .order_by(Proposal.number)
    ).all()
