"""Every word of the product, once. Tables, URLs, templates, logs and the glossary use these and no others.

Imports nothing of the application and nothing of Flask or SQLAlchemy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence for a person, kept untranslated with its values, so that rooms need no request to write one.

    ``str()`` gives the English sentence; the views translate ``text`` and then fill in ``values``.
    """

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text


def say(text: str, **values: Any) -> Words:
    """Mark ``text`` (with ``%(name)s`` places) for translation and keep ``values`` beside it."""
    return Words(text, values)


class Role(StrEnum):
    """What a grant makes of a person. A grant carries a scope; see ``people.models.RoleGrant``."""

    FACULTY = "faculty"
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    SPONSOR_CONTACT = "sponsor_contact"
    ADMINISTRATOR = "administrator"


class Relation(StrEnum):
    """What a member of one proposal's team is to that proposal."""

    PRINCIPAL = "principal"
    CO_INVESTIGATOR = "co_investigator"
    ASSISTANT = "assistant"
    VIEWER = "viewer"


WRITERS = (Relation.PRINCIPAL, Relation.CO_INVESTIGATOR, Relation.ASSISTANT)
"""Those of a team who write: they edit, converse with the office, and are reminded."""


class Appointment(StrEnum):
    """The kinds of appointment that the sponsors' rules speak of."""

    FULL_TIME_FACULTY = "full_time_faculty"
    PART_TIME_FACULTY = "part_time_faculty"
    RESEARCH_SCHOLAR = "research_scholar"
    PHD_STUDENT = "phd_student"
    STAFF = "staff"
    OUTSIDE = "outside"


class State(StrEnum):
    """Where a proposal is. ``workflow.STATES`` tells whose desk each is and what the applicant reads."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    INELIGIBLE = "ineligible"
    ELIGIBLE = "eligible"
    MATCHED = "matched"
    IN_REVIEW = "in_review"
    DECIDED = "decided"
    SELECTED = "selected"
    WITH_SPONSOR = "with_sponsor"
    RESERVE = "reserve"
    AWARDED = "awarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Desk(StrEnum):
    """Whose desk a proposal lies on; each has its colour."""

    APPLICANT = "applicant"
    OFFICE = "office"
    REVIEWERS = "reviewers"
    SPONSOR = "sponsor"
    CLOSED = "closed"


class Action(StrEnum):
    """What a person may ask to do. Every route names one; ``policy.may`` answers for each.

    The words before the dot name the subject that the policy expects.
    """

    # anyone
    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    # a call
    CALL_PROPOSE = "call.propose"
    CALL_NOTICE = "call.notice"
    CALL_OVERSEE = "call.oversee"
    # a programme
    PROGRAMME_OVERSEE = "programme.oversee"
    # a proposal: looking
    PROPOSAL_VIEW = "proposal.view"
    PROPOSAL_VIEW_AS_TEAM = "proposal.view_as_team"
    PROPOSAL_VIEW_AS_OFFICE = "proposal.view_as_office"
    PROPOSAL_VIEW_AS_REVIEWER = "proposal.view_as_reviewer"
    PROPOSAL_READ = "proposal.read"
    PROPOSAL_READ_FEEDBACK = "proposal.read_feedback"
    PROPOSAL_LOG = "proposal.log"
    # a proposal: the applicant's verbs
    PROPOSAL_EDIT = "proposal.edit"
    PROPOSAL_TEAM = "proposal.team"
    PROPOSAL_SUBMIT = "proposal.submit"
    PROPOSAL_WITHDRAW = "proposal.withdraw"
    PROPOSAL_JOIN = "proposal.join"
    PROPOSAL_CONFIRM = "proposal.confirm"
    PROPOSAL_HAND_OVER = "proposal.hand_over"
    PROPOSAL_ANSWER_OFFER = "proposal.answer_offer"
    PROPOSAL_CONVERSE = "proposal.converse"
    PROPOSAL_OBJECT = "proposal.object"
    PROPOSAL_ANSWER_REFERRAL = "proposal.answer_referral"
    # a proposal: the office's verbs
    PROPOSAL_RETURN = "proposal.return"
    PROPOSAL_SCREEN_IN = "proposal.screen_in"
    PROPOSAL_SCREEN_OUT = "proposal.screen_out"
    PROPOSAL_MATCH = "proposal.match"
    PROPOSAL_UNMATCH = "proposal.unmatch"
    PROPOSAL_PAIR = "proposal.pair"
    PROPOSAL_REFER = "proposal.refer"
    PROPOSAL_DECLARE_AS_OFFICE = "proposal.declare_as_office"
    PROPOSAL_FORWARD = "proposal.forward"
    PROPOSAL_RECALL = "proposal.recall"
    PROPOSAL_ASSIGN = "proposal.assign"
    PROPOSAL_REOPEN = "proposal.reopen"
    PROPOSAL_RELEASE = "proposal.release"
    PROPOSAL_PREPARE_PACKET = "proposal.prepare_packet"
    PROPOSAL_SEND = "proposal.send"
    PROPOSAL_RECALL_PACKET = "proposal.recall_packet"
    PROPOSAL_PUBLISH = "proposal.publish"
    PROPOSAL_RESTORE = "proposal.restore"
    PROPOSAL_ADVANCE_STAGE = "proposal.advance_stage"
    PROPOSAL_RANK = "proposal.rank"
    # a proposal: the reviewers' verbs
    PROPOSAL_ANSWER_ASKED = "proposal.answer_asked"
    PROPOSAL_DECLARE = "proposal.declare"
    PROPOSAL_REVIEW = "proposal.review"
    PROPOSAL_READ_REVIEWS = "proposal.read_reviews"
    PROPOSAL_DECIDE = "proposal.decide"
    # a proposal: the sponsor's verbs
    PROPOSAL_VIEW_AS_SPONSOR = "proposal.view_as_sponsor"
    PROPOSAL_READ_PACKET = "proposal.read_packet"
    PROPOSAL_SHOW_INTEREST = "proposal.show_interest"
    PROPOSAL_RECORD_OUTCOME = "proposal.record_outcome"
    # conflicts
    PROPOSAL_LIFT_CONFLICT = "proposal.lift_conflict"
    PROPOSAL_STAND_IN = "proposal.stand_in"
    # a meeting
    MEETING_VIEW = "meeting.view"
    MEETING_RUN = "meeting.run"
    MEETING_ANSWER = "meeting.answer"
    # areas
    AREA_PROPOSALS = "area.proposals"
    AREA_DESK = "area.desk"
    AREA_REVIEWS = "area.reviews"
    AREA_SPONSOR = "area.sponsor"
    AREA_ADMINISTRATION = "area.administration"


class TeamAnswer(StrEnum):
    """What somebody named on a team said to it. Only who accepted may edit; who declined has no part in it."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class FileState(StrEnum):
    """How far an attached file is. Only a clean one goes with a submission."""

    CHECKING = "checking"
    CLEAN = "clean"
    REFUSED = "refused"


class RuleLevel(StrEnum):
    """Whether a rule that is not met stops a submission or only warns."""

    STOP = "stop"
    WARN = "warn"


class SlotPlace(StrEnum):
    """Where a proposal stands for the places that a sponsor gives the university in one call."""

    SLOT = "slot"
    RESERVE = "reserve"
    OFFERED = "offered"
    RELEASED = "released"


class Side(StrEnum):
    """Who wrote a message of a conversation."""

    TEAM = "team"
    OFFICE = "office"


class CallDate(StrEnum):
    """The dates of a call, in the order in which they come."""

    OPENS = "opens"
    NOTICE_DUE = "notice_due"
    CLOSES = "closes"
    CHECK_BY = "check_by"
    SPONSOR_DEADLINE = "sponsor_deadline"
    REVIEW_DUE = "review_due"
    DECISION = "decision"


class Region(StrEnum):
    """Whose public holidays count: codes of ISO 3166."""

    HONG_KONG = "HK"
    MAINLAND = "CN"


class Declared(StrEnum):
    """What is known of a person's conflict with a proposal. Unknown hides as a conflict does."""

    UNKNOWN = "unknown"
    NONE = "none"
    CONFLICT = "conflict"


class ConflictKind(StrEnum):
    """Why a person may not judge a proposal."""

    TEAM = "team"
    DEPARTMENT = "department"
    SUPERVISION = "supervision"
    JOINT_WORK = "joint_work"
    PERSONAL = "personal"
    FINANCIAL = "financial"
    OTHER = "other"


class ConflictRule(StrEnum):
    """By which rule a conflict between a person and a proposal was found, or who declared it."""

    TEAM = "team"
    DEPARTMENT = "department"
    LABORATORY = "laboratory"
    SUPERVISION = "supervision"
    JOINT_WORK = "joint_work"
    DECLARED = "declared"
    OBJECTION = "objection"
    DOMAIN = "domain"
    EMPLOYMENT = "employment"
    STANDS_IN = "stands_in"


class ConflictLevel(StrEnum):
    """What a found conflict does: nobody gets past a block, a warning needs a reason, a note is only shown."""

    BLOCK = "block"
    WARN = "warn"
    NOTE = "note"
    OFF = "off"


class PairingKind(StrEnum):
    """What a proposal is paired with on the match board."""

    THEME = "theme"
    CONTACT = "contact"
    REVIEWER = "reviewer"


class PairingState(StrEnum):
    """How far a proposal and a theme, a contact or a reviewer are with each other."""

    SUGGESTED = "suggested"
    APPROACHED = "approached"
    INTERESTED = "interested"
    DECLINED = "declined"
    MATCHED = "matched"


class ReviewerAnswer(StrEnum):
    """What somebody who was asked to review said to it."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PASSED = "passed"
    LAPSED = "lapsed"


class DeclineReason(StrEnum):
    """Why a reviewer declined."""

    TOO_BUSY = "too_busy"
    OUTSIDE_EXPERTISE = "outside_expertise"
    CONFLICT = "conflict"
    AWAY = "away"
    OTHER = "other"


class BatchState(StrEnum):
    """How far a batch of assignments is. Only an applied one has changed anything."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    REVERTED = "reverted"
    DISCARDED = "discarded"


class Objective(StrEnum):
    """What the engine looks for: the best total, or the best total under the best smallest score of a proposal."""

    TOTAL = "total"
    FAIR = "fair"


class MeetingKind(StrEnum):
    """What a meeting is for."""

    MATCHING = "matching"
    PANEL = "panel"


class ComesAs(StrEnum):
    """In what part somebody comes to a meeting; it says which items they may read when they attend them."""

    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    CONTACT = "contact"
    OFFICE = "office"
    GUEST = "guest"


class SlotAnswer(StrEnum):
    """Whether a time that was offered suits somebody."""

    YES = "yes"
    IF_NEED_BE = "if_need_be"
    NO = "no"


class PublicationSource(StrEnum):
    """How a publication came to a profile."""

    TYPED = "typed"
    PASTED = "pasted"
    CSV = "csv"
    BIBTEX = "bibtex"
    ORCID = "orcid"


class ReviewState(StrEnum):
    """How far one review is. Only a submitted one counts anywhere."""

    DRAFT = "draft"
    SUBMITTED = "submitted"


class Recommendation(StrEnum):
    """The conclusion of one review."""

    FORWARD = "forward"
    RESERVE = "reserve"
    REVISE = "revise"
    DECLINE = "decline"


class Verdict(StrEnum):
    """What the panel decided; each leads to one state when it is released."""

    SELECT = "select"
    RESERVE = "reserve"
    REVISE = "revise"
    DECLINE = "decline"


class Outcome(StrEnum):
    """What the sponsor answered."""

    SELECTED = "selected"
    RESERVE = "reserve"
    DECLINED = "declined"


class Interest(StrEnum):
    """What a sponsor contact said of a packet before the outcome."""

    INTERESTED = "interested"
    WANTS_TO_TALK = "wants_to_talk"
    NOT_INTERESTED = "not_interested"


class ReadsOthers(StrEnum):
    """When a reviewer may read the other reviews of a proposal."""

    NEVER = "never"
    AFTER_OWN = "after_own"


class MessageState(StrEnum):
    """How far a message of the outbox is."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class ProgrammeKind(StrEnum):
    """What a programme pays for."""

    RESEARCH_PROJECT = "research project"
    FELLOWSHIP = "fellowship"
    INTERNSHIP = "internship"
    JOINT_LABORATORY = "joint laboratory"
    STANDING_INTAKE = "standing intake"


class Limit:
    """The longest text of each kind, in characters; the same for database, server and page."""

    CODE = 40
    NAME = 200
    EMAIL = 254
    TITLE = 300
    KEYWORDS = 500
    ABSTRACT = 5_000
    DESCRIPTION = 60_000
    REASON = 2_000
    COMMENT = 10_000
    REFERENCE = 100
    FILE_NAME = 200
    PASSWORD_LEAST = 10
    PASSWORD_MOST = 200
    FILE_BYTES = 10 * 1024 * 1024
    FILES_OF_A_PROPOSAL = 10
    MONEY_MINOR = 1_000_000_000_000
    """Ten thousand million in whole units: no sponsor's award comes near it."""
    DURATION_MONTHS = 120
    ANSWER = 60_000
    """The longest text of one answer of a form, in characters."""
    GRACE_MINUTES = 240
    SLOTS = 500
    CONFLICT_YEARS = 30
    MEETING_MINUTES = 720
    """The longest meeting, and the longest item of one."""
    LOAD = 1_000
    """The most reviews that one person is given in one call."""


class Currency(StrEnum):
    """Currencies that a call can be in; each has two decimal places."""

    USD = "USD"
    CNY = "CNY"
    HKD = "HKD"
    EUR = "EUR"
    GBP = "GBP"
