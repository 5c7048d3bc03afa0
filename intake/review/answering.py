"""What somebody who was asked to review says to it: they accept, decline, pass it on, or declare a conflict.

They do so on their page, or with the link of their letter. The link is the proof of that one invitation and of nothing
else: what it does is done as the reviewer whom it was sent to, whatever the browser that opens it.
"""

from __future__ import annotations

from intake import clock
from intake.audit.operations import record
from intake.conflict import operations as conflicts
from intake.conflict.evidence import KINDS
from intake.conflict.looking_again import look_again
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.accounts import send_invitation
from intake.people.models import Person
from intake.policy import Actor, assignment_of, may, own_review_submitted
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.operations import needs, office_of
from intake.review import letters
from intake.review.alternates import Following, ask_next
from intake.review.asking import unblocked
from intake.review.coming_back import is_reviewer, look_before_accepting, no_reviewer, why_not_again
from intake.review.models import Assignment
from intake.review.queries import SAID_NO
from intake.review.refusals import REASONS
from intake.vocabulary import Action, ConflictKind, DeclineReason, ReviewerAnswer, Words, say

ACCOUNT = say("You agreed to review a proposal. Your account opens it.")


def accept(proposal: Proposal, *, by: Actor) -> Assignment:
    """Accept what one is asked, and declare in the same act that there is no conflict of interest.

    Demands: proposal.answer_asked. Records: the answer, the declaration, events; a draft from before is back. Tells:
    the office; somebody without a password gets the link that opens their account. Raises: Refused; Incomplete for a
    conflict that blocks and is known, and without the reviewer's role. Returns: the assignment, which has ended instead
    if such a conflict came up.
    """
    demand(may(by, Action.PROPOSAL_ANSWER_ASKED, proposal))
    row = _own(proposal, by)
    if look_before_accepting(proposal, row, by=by):
        _accepted(proposal, row, by)
    return row


def _accepted(proposal: Proposal, row: Assignment, by: Actor) -> None:
    was = row.answer
    row.answer, row.answered_at = ReviewerAnswer.ACCEPTED, clock.now()
    db.session.flush()
    conflicts.declare(proposal, None, "", by=by)
    _draft_back(proposal, row)
    person = db.session.get_one(Person, row.reviewer_id)
    record("review.accepted", "proposal", proposal.id, by=by, was=was.value, became=row.answer.value)
    if not person.password_hash:
        send_invitation(person, by=by, asked=ACCOUNT)
    _tell_office(proposal, say("%(name)s accepted the review", name=person.name), None)


def _draft_back(proposal: Proposal, row: Assignment) -> None:
    """What they had begun to write before they said no belongs to the new assignment."""
    if row.review is not None:
        return
    before = [
        each
        for each in proposal.assignments
        if each.reviewer_id == row.reviewer_id and each.answer in SAID_NO and each.review is not None
    ]
    if before:
        review = before[-1].review
        before[-1].review, row.review = None, review
        db.session.flush()


def accept_for(proposal: Proposal, row: Assignment, *, by: Actor) -> None:
    """The office notes that somebody who was asked said yes, by telephone or mail. They declare on their own page.

    Demands: proposal.assign. Records: the answer, an event. Tells: the reviewer; the office of a warning that it does
    not know. Raises: Refused; Incomplete for somebody who answered, or is no reviewer any more; Conflicted for a
    conflict that blocks.
    """
    demand(may(by, Action.PROPOSAL_ASSIGN, proposal))
    if row.removed_at is not None or row.answer is not ReviewerAnswer.ASKED:
        raise Incomplete(say("They have answered already."))
    person = db.session.get_one(Person, row.reviewer_id)
    if not is_reviewer(person.id):
        raise Incomplete(no_reviewer(person.name))
    unblocked(proposal, person, by=by)
    row.answer, row.answered_at = ReviewerAnswer.ACCEPTED, clock.now()
    _draft_back(proposal, row)
    record("review.accepted", "proposal", proposal.id, by=by, was="asked", became="accepted", reviewer=row.reviewer_id)
    db.session.flush()
    look_again([proposal.id], by=by)
    tell([person], letters.asked(proposal, row), proposal_id=proposal.id)


def decline(proposal: Proposal, reason: DeclineReason, note: str, *, by: Actor) -> Following:
    """Say no; who had accepted may still do so until the review is submitted. Access ends at once; a draft is kept.

    Demands: proposal.answer_asked, or once accepted proposal.declare. Records: the answer, events. Tells: the office,
    and the next alternate, who is asked by itself. Raises: Refused; Incomplete. Returns: what followed.
    """
    row = _to_leave(proposal, by)
    row.decline_reason, row.answer_note = reason, note
    what = say("%(name)s declined: %(why)s", name=_name(row), why=REASONS[reason])
    return _left(proposal, row, ReviewerAnswer.DECLINED, what, by)


def pass_on(proposal: Proposal, name: str, email: str, note: str, *, by: Actor) -> Following:
    """Say no and name a colleague, whom the office asks or not: nobody is asked on a stranger's word.

    Demands, Records, Tells, Raises, Returns: as ``decline``; Incomplete also without a name.
    """
    needs(name, "passed_to_name", say("Give the name of your colleague."))
    row = _to_leave(proposal, by)
    row.passed_to_name, row.passed_to_email, row.answer_note = name, email.strip().lower(), note
    what = say("%(name)s cannot review it and suggests %(colleague)s", name=_name(row), colleague=name)
    return _left(proposal, row, ReviewerAnswer.PASSED, what, by)


def declare(proposal: Proposal, kind: ConflictKind, note: str, *, by: Actor) -> Following:
    """Declare a conflict of interest, which declines.

    Demands: proposal.declare. Records: the declaration, the answer, events. Tells: the office, and the next alternate.
    Raises: Refused. Returns: what followed.
    """
    demand(may(by, Action.PROPOSAL_DECLARE, proposal))
    row = _own(proposal, by)
    led = row.lead
    conflicts.declare(proposal, kind, note, by=by)
    row.answer, row.answered_at, row.decline_reason = ReviewerAnswer.DECLINED, clock.now(), DeclineReason.CONFLICT
    if row.removed_at is None:
        row.removed_at, row.removed_reason, row.lead = clock.now(), "declared a conflict of interest", False
    record("review.declined", "proposal", proposal.id, by=by, became=DeclineReason.CONFLICT.value)
    db.session.flush()
    following = ask_next(proposal, row, lead=led)
    if following.told is not None:
        what = say("%(name)s declared a conflict: %(kind)s", name=_name(row), kind=KINDS[kind])
        _tell_office(proposal, what, following.told)
    return following


def accept_again(proposal: Proposal, row: Assignment, *, by: Actor) -> None:
    """Accept after having said no, while nobody else was asked instead: what was written before is back.

    Demands: that the answer was one's own. Records: the answer, the declaration of no conflict, events. Tells: the
    office, also of a warning that came up meanwhile. Raises: Incomplete with the reason why it is too late, or that a
    conflict blocks.
    """
    if row.reviewer_id != by.id or row.answer not in SAID_NO:
        raise Incomplete(say("There is nothing to change."))
    if (why := why_not_again(proposal, row, by)) is not None:
        raise Incomplete(why)
    row.removed_at, row.removed_reason, row.decline_reason = None, "", None
    row.answer_note = row.passed_to_name = row.passed_to_email = ""
    _accepted(proposal, row, by)
    look_again([proposal.id], by=by)


def _own(proposal: Proposal, by: Actor) -> Assignment:
    row: Assignment | None = assignment_of(by, proposal)
    assert row is not None  # the policy has just said so
    return row


def _to_leave(proposal: Proposal, by: Actor) -> Assignment:
    row: Assignment | None = assignment_of(by, proposal)
    asked = row is not None and row.answer is ReviewerAnswer.ASKED
    demand(may(by, Action.PROPOSAL_ANSWER_ASKED if asked else Action.PROPOSAL_DECLARE, proposal))
    if own_review_submitted(by, proposal):
        raise Incomplete(say("You submitted your review already."))
    return _own(proposal, by)


def _left(proposal: Proposal, row: Assignment, answer: ReviewerAnswer, what: Words, by: Actor) -> Following:
    was, led = row.answer, row.lead
    end(row, answer)
    record(f"review.{answer.value}", "proposal", proposal.id, by=by, was=was.value, became=_reason_word(row))
    db.session.flush()
    following = ask_next(proposal, row, lead=led)
    _tell_office(proposal, what, following.told, row.answer_note)
    return following


def end(row: Assignment, answer: ReviewerAnswer) -> None:
    """The assignment ends with a no: the reviewer's access is over."""
    row.answer, row.answered_at = answer, clock.now()
    row.removed_at, row.removed_reason, row.lead = clock.now(), answer.value, False


def _reason_word(row: Assignment) -> str:
    return row.decline_reason.value if row.decline_reason else row.answer.value


def _name(row: Assignment) -> str:
    return db.session.get_one(Person, row.reviewer_id).name


def _tell_office(proposal: Proposal, what: Words, then: Words | None, note: str = "") -> None:
    tell(office_of(proposal), letters.answered(proposal, what, then, quoted=note), proposal_id=proposal.id)
