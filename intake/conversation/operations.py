"""What may happen in the conversation of a proposal: somebody writes, and somebody has read."""

from __future__ import annotations

from intake.audit.operations import record
from intake.conversation import letters, queries
from intake.conversation.models import Post, PostsRead
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import Actor, may, relation_of, sealed
from intake.proposal.models import Proposal
from intake.proposal.operations import office_of
from intake.proposal.upload import Checked, check
from intake.ruling import demand
from intake.storage import Store
from intake.vocabulary import WRITERS, Action, Side, TeamAnswer, say


def side_of(actor: Actor, proposal: Proposal) -> Side:
    """For which side the actor writes: whoever is on the team is never the office."""
    return Side.TEAM if relation_of(actor, proposal) is not None else Side.OFFICE


def writers_of(proposal: Proposal) -> list[Person]:
    """Those of the team who converse and have an account; ``team`` with people must be loaded."""
    return [
        member.person
        for member in proposal.team
        if member.person is not None and member.answer is TeamAnswer.ACCEPTED and member.relation in WRITERS
    ]


def write(
    proposal: Proposal, text: str, file: tuple[str, bytes] | None = None, *, seen: int = 0, store: Store, by: Actor
) -> Post:
    """Write a message to the other side, with a file (its name and bytes) if there is one. ``seen`` is the id of the
    last message that stood on the writer's page.

    Demands: proposal.converse. Records: the message, that its writer has read what they saw, message.written.
    Tells: the other side. Raises: Refused; Incomplete at ``text`` or ``file``, for the latter with what is wrong with
    it. Returns: the message.
    """
    demand(may(by, Action.PROPOSAL_CONVERSE, proposal))
    if not text.strip():
        raise Incomplete(say("Write something."), {"text": say("Write something.")})
    checked = _checked(file) if file else None
    side = side_of(by, proposal)
    post = Post(proposal_id=proposal.id, side=side, by_id=by.id, text=text)
    if checked and file:
        post.file_name, post.content_type, post.size = checked.name, checked.content_type, checked.size
        post.file_key = store.put(file[1])
    db.session.add(post)
    db.session.flush()
    if seen and queries.post_of(proposal, seen) is not None:
        _note(proposal, seen, by)
    record("message.written", "proposal", proposal.id, by=by, side=side.value, file=post.file_name)
    _copies(proposal, post)
    return post


def _checked(file: tuple[str, bytes]) -> Checked:
    try:
        return check(*file)
    except Incomplete as error:
        raise Incomplete(error.reason, {"file": error.reason}) from None


def _copies(proposal: Proposal, post: Post) -> None:
    name, with_file = db.session.get_one(Person, post.by_id).name, post.file_key is not None
    if post.side is Side.OFFICE:
        to, letter = writers_of(proposal), letters.to_team(proposal, name, post.text, with_file)
    else:
        to, letter = office_of(proposal), letters.to_office(proposal, name, post.text, with_file, sealed(proposal))
    tell(to, letter, proposal_id=proposal.id)


def mark_read(proposal: Proposal, up_to: int, *, by: Actor) -> None:
    """Note that ``by`` has read the messages up to the one with this id; never fewer than before.

    Demands: proposal.converse. Raises: Refused; Incomplete for a message of another proposal.
    """
    demand(may(by, Action.PROPOSAL_CONVERSE, proposal))
    if queries.post_of(proposal, up_to) is None:
        raise Incomplete(say("There is no such message."))
    _note(proposal, up_to, by)


def _note(proposal: Proposal, up_to: int, by: Actor) -> None:
    row = db.session.get(PostsRead, (proposal.id, by.id))
    if row is None:
        db.session.add(PostsRead(proposal_id=proposal.id, person_id=by.id, post_id=up_to))
    else:
        row.post_id = max(row.post_id, up_to)
    db.session.flush()
