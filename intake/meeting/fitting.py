"""What an item of an agenda may be about, who may attend it, and by which words they know it."""

from __future__ import annotations

from intake.errors import Incomplete
from intake.meeting.inviting import standing
from intake.meeting.known import actors
from intake.meeting.models import Item, Meeting, Participant
from intake.people.queries import holders, names
from intake.policy import Actor, comes_rightly, may, meets, reads_as_office
from intake.proposal.models import Proposal
from intake.proposal.queries import one as proposal_with
from intake.vocabulary import Action, Role, Words, say

STAYS = say("Something was written down for this item, so it stays about the same.")


def written_down(item: Item) -> bool:
    """Whether there are minutes, actions or an outcome of the item."""
    return bool(item.notes or item.actions) or item.outcome is not None


def check_kept(item: Item, proposal_id: int | None, theme_id: int | None, contact_id: int | None) -> None:
    """What was written down was said of one proposal, theme and contact: another's team is not to read it. Raises
    Incomplete."""
    if not written_down(item):
        return
    sent = {"proposal_id": proposal_id, "theme_id": theme_id, "contact_id": contact_id}
    wrong = {name: STAYS for name, value in sent.items() if getattr(item, name) != value}
    if wrong:
        raise Incomplete(STAYS, wrong)


def check_subject(
    meeting: Meeting,
    item: Item | None,
    heading: str,
    proposal_id: int | None,
    theme_id: int | None,
    contact_id: int | None,
) -> None:
    """An item is about something, of this call and its sponsor; a contact who has left stays with the item that has
    them. Raises Incomplete. Statements: 2."""
    wrong: dict[str, Words] = {}
    if not heading and proposal_id is None and theme_id is None:
        wrong["heading"] = say("Say what it is about, or choose a proposal or a theme.")
    if theme_id is not None and theme_id not in {each.id for each in meeting.call.themes}:
        wrong["theme_id"] = say("Choose a theme of this call.")
    sponsor_id = meeting.call.programme.sponsor_id
    contacts = {each.id for each in holders(Role.SPONSOR_CONTACT, sponsor_id=sponsor_id)} if sponsor_id else set()
    stays = item is not None and item.contact_id == contact_id
    if contact_id is not None and contact_id not in contacts and not stays:
        wrong["contact_id"] = say("Choose a contact of this sponsor.")
    if wrong:
        raise Incomplete(say("The item is not complete."), wrong)


def check_words(
    meeting: Meeting, heading: str, proposal: Proposal | None, chosen: set[int], contact_id: int | None, by: Actor
) -> None:
    """Whoever attends an item knows it: by the proposal's title, or by words that the office gives it. ``chosen`` are
    ids of participants of whom the actor may learn. Raises Incomplete. Statements: 5 or none."""
    if heading or proposal is None:
        return
    lines = [each for each in standing(meeting) if each.id in chosen]
    known = actors([contact_id, *(each.person_id for each in lines)])
    reads = {who.id for _, who in known if may(who, Action.PROPOSAL_VIEW, proposal)}
    without = [each.called for each in lines if each.person_id not in reads]
    if contact_id is not None and contact_id not in reads | {each.person_id for each in lines}:
        without.append(names([contact_id])[contact_id])
    if without:
        words = say(
            "Say in words what it is about. %(names)s may not read the proposal, not even its title.",
            names=", ".join(without),
        )
        raise Incomplete(words, {"heading": words})


def proposal_of(meeting: Meeting, proposal_id: int | None, by: Actor) -> Proposal | None:
    """The proposal that the actor handles as the office, or None for none. Raises Incomplete."""
    if proposal_id is None:
        return None
    proposal = proposal_with(proposal_id)
    if proposal is None or proposal.call_id != meeting.call_id or not reads_as_office(by, proposal):
        raise Incomplete(say("Choose a proposal."), {"proposal_id": say("Choose one from the list.")})
    return proposal


def candidates(meeting: Meeting, proposal: Proposal | None, by: Actor) -> list[Participant]:
    """Those who are asked and may attend an item about the proposal (None: about something else), as far as the actor
    may learn of them."""
    return [
        each
        for each in standing(meeting)
        if meets(by, each, meeting) and (proposal is None or comes_rightly(each, proposal))
    ]


def check_attending(meeting: Meeting, proposal: Proposal | None, chosen: set[int], by: Actor) -> None:
    """Each of the ``chosen`` is a candidate. Raises Incomplete."""
    if not chosen <= {each.id for each in candidates(meeting, proposal, by)}:
        raise Incomplete(say("Choose who attends."), {"attendee_ids": say("Somebody of these may not attend it.")})


def unseen(meeting: Meeting, item: Item | None, by: Actor) -> set[int]:
    """The ids of those who attend the item and of whom the actor may not learn, so that they could not choose them."""
    before = {row.participant_id for row in item.attendance} if item is not None else set()
    return {each.id for each in standing(meeting) if each.id in before and not meets(by, each, meeting)}
