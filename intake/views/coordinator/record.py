"""What happened to one proposal, in words: the events of the log that speak of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from intake.audit.models import Event
from intake.conflict.evidence import KINDS
from intake.forward.operations import INTERESTS
from intake.forward.packing import RELATIONS
from intake.people.queries import names
from intake.views.display import tr
from intake.vocabulary import State, Words, say
from intake.workflow import STATES

HAPPENED: dict[str, Words] = {
    "proposal.submit": say("Submitted"),
    "proposal.return": say("Returned for revision"),
    "proposal.screen_in": say("Accepted as eligible"),
    "proposal.screen_out": say("Marked ineligible"),
    "proposal.match": say("Matched"),
    "proposal.unmatch": say("Match undone"),
    "proposal.forward": say("Forwarded to reviewers"),
    "proposal.recall": say("Recalled from reviewers"),
    "proposal.decide": say("Decision recorded"),
    "proposal.reopen": say("Decision reopened"),
    "proposal.release": say("Decision released"),
    "proposal.send": say("Sent to the sponsor"),
    "proposal.recall_packet": say("Packet recalled"),
    "proposal.record_outcome": say("Sponsor's outcome recorded"),
    "proposal.withdraw": say("Withdrawn"),
    "proposal.restore": say("Restored"),
    "proposal.started": say("Started"),
    "proposal.carried": say("Begun with the answers of an earlier proposal"),
    "proposal.invited_on": say("Invited to the next stage"),
    "team.invited": say("Invited to the team"),
    "team.joined": say("Joined the team"),
    "team.declined": say("Declined to join the team"),
    "team.asked_to_confirm": say("Asked a co-investigator to confirm"),
    "team.confirmed": say("Confirmed their part"),
    "team.left": say("Left the team"),
    "handover.asked": say("Asked to hand it over"),
    "handover.taken_back": say("Took the request to hand it over back"),
    "handover.approved": say("Handed over"),
    "handover.refused": say("Handing it over refused"),
    "endorsement.asked": say("Supervisor asked for an endorsement"),
    "endorsement.given": say("Supervisor answered"),
    "endorsement.withdrawn": say("Request for an endorsement taken back"),
    "attachment.added": say("File added"),
    "attachment.removed": say("File removed"),
    "review.asked": say("Asked to review"),
    "review.accepted": say("Accepted the review"),
    "review.declined": say("Declined the review"),
    "review.passed": say("Passed the review on"),
    "review.lapsed": say("Did not answer in time"),
    "review.alternate_set": say("Alternate set"),
    "review.alternate_removed": say("Alternate taken out"),
    "review.alternate_passed_over": say("Alternate passed over"),
    "review.taken_back": say("Taken off the review"),
    "review.put_back": say("Put back as a reviewer"),
    "review.nudged": say("Reminded"),
    "review.lead": say("Appointed as the lead"),
    "review.submitted": say("Review submitted"),
    "review.reopened": say("Review reopened"),
    "conflict.declared": say("Declared"),
    "conflict.lifted": say("Conflict lifted"),
    "conflict.objected": say("The applicants objected to somebody"),
    "conflict.objection_withdrawn": say("The applicants took an objection back"),
    "conflict.objection_meant": say("The office said whom an objection means"),
    "conflict.objection_unmeant": say("The office took back whom an objection means"),
    "conflict.stand_in_named": say("Named to stand in for the office"),
    "conflict.stand_in_ended": say("No longer stands in for the office"),
    "review.suspended": say("Review ended: a conflict was found"),
    "packet.prepared": say("Packet prepared"),
    "packet.opened": say("Packet opened"),
    "packet.interest": say("The sponsor's interest"),
    "message.written": say("Message written"),
    "slot.given": say("Place given"),
    "slot.reserved": say("Put on the reserve"),
    "slot.moved": say("Moved on the reserve"),
    "slot.offered": say("Place offered"),
    "slot.accepted": say("Place accepted"),
    "slot.declined": say("Place declined"),
    "slot.lapsed": say("Offer of a place ended"),
    "slot.released": say("Place released"),
    "award.made": say("Award made"),
    "meeting.planned": say("A meeting about it is planned"),
    "meeting.changed": say("A meeting about it changed"),
    "meeting.participant_asked": say("Somebody asked to a meeting about it"),
    "meeting.participant_taken_off": say("Somebody taken off a meeting about it"),
    "meeting.slots_offered": say("Times offered for a meeting about it"),
    "meeting.arranged": say("A meeting about it arranged"),
    "meeting.moved": say("A meeting about it moved"),
    "meeting.cancelled": say("A meeting about it cancelled"),
    "meeting.held": say("Talked about in a meeting"),
    "meeting.minutes_changed": say("Minutes about it changed after the meeting"),
    "meeting.action_given": say("A meeting gave somebody something to do"),
    "meeting.action_done": say("Something that a meeting gave is done"),
    "meeting.action_reopened": say("Something that a meeting gave is to do again"),
    "meeting.action_dropped": say("Something that a meeting gave is taken away"),
    "pairing.suggested": say("Suggested on the match board"),
    "pairing.noted": say("Noted on the match board"),
    "pairing.approached": say("Approached"),
    "pairing.interested": say("Interested"),
    "pairing.declined": say("Declined on the match board"),
    "pairing.matched": say("Matched on the match board"),
    "proposal.referred": say("Another call offered"),
    "proposal.referral_withdrawn": say("Offer of another call taken back"),
    "proposal.referral_accepted": say("Offer of another call accepted"),
    "proposal.referral_declined": say("Offer of another call declined"),
    "award.published": say("Award published"),
}
_STATES: dict[str, Words] = {str(state): place.label for state, place in STATES.items()}
_WORDS: dict[str, Words] = {
    **_STATES,
    **{str(each): words for each, words in INTERESTS.items()},
    **{str(each): words for each, words in KINDS.items()},
    **{str(each): words for each, words in RELATIONS.items()},
    "slot": say("holds a place"),
    "offered": say("offered a place"),
    "released": say("holds no place"),
    "none": say("no conflict"),
    "conflict": say("conflict"),
}
_PEOPLE = ("reviewer", "member", "person")


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the log: what, who, whom it is about, from what to what, and the note."""

    at: datetime
    what: str
    who: str
    about: str
    was: str
    became: str
    note: str
    desk: str


def happenings(events: Sequence[Event]) -> list[Happening]:
    """The events in words, in the order given. Statements: 1."""
    ids = [event.actor_id for event in events]
    ids += [event.facts[key] for event in events for key in _PEOPLE if event.facts.get(key)]
    known = names(ids)
    return [_told(event, known) for event in events]


def _told(event: Event, known: dict[int, str]) -> Happening:
    about = [known.get(event.facts[key], "") for key in _PEOPLE if event.facts.get(key)]
    if event.facts.get("lead"):
        about.append(gettext("lead"))
    about += [str(event.facts[key]) for key in ("name", "packet") if event.facts.get(key)]
    return Happening(
        at=event.at,
        what=tr(HAPPENED.get(event.action, event.action)),
        who=known.get(event.actor_id, gettext("nobody known")) if event.actor_id else gettext("the system"),
        about=", ".join(about),
        was=_state(event.was),
        became="" if event.action == "review.submitted" else _state(event.became),
        note=event.note,
        desk=STATES[State(event.became)].desk if event.action.startswith("proposal.") and event.became else "closed",
    )


def _state(word: str) -> str:
    """A state, a relation, an interest or a kind of conflict in words; anything else as it is."""
    return tr(_WORDS.get(word, word))
