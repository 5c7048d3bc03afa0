"""The conversation of a proposal as both sides see it: the thread, the form of a message, and its file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request
from flask_babel import gettext, lazy_gettext
from flask_wtf.file import FileField

from intake.conversation import queries
from intake.conversation.models import Post
from intake.conversation.operations import side_of, write
from intake.errors import Incomplete
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.upload import EXTENSIONS
from intake.views.fields import Form, Paragraph
from intake.views.gate import actor, one_time_key
from intake.vocabulary import Limit, Side

MOST_DIGITS = 9


class MessageForm(Form):
    """A message, with one file if somebody has one."""

    text = Paragraph(lazy_gettext("Message"), Limit.COMMENT)
    file = FileField(lazy_gettext("File (optional)"))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Said:
    """One message: who wrote it, for which desk, and whether it is new to the reader."""

    id: int
    who: str
    desk: str
    at: datetime
    text: str
    file_url: str
    file_name: str
    size: int | None
    new: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation to read and answer. ``last`` is the id of its last message, 0 for none."""

    said: list[Said]
    unread: int
    last: int
    form: MessageForm
    once: str
    accept: str
    most_bytes: int


def thread(proposal: Proposal, who: Actor, file_url: Callable[[Post], str], form: MessageForm | None = None) -> Thread:
    """The conversation as ``who``, who may have it, reads it. Statements: 2."""
    posts, read = queries.posts_of(proposal), queries.read_up_to(proposal, who.id)
    side = side_of(who, proposal)
    said = [
        Said(
            post.id,
            _name(post, who),
            "applicant" if post.side is Side.TEAM else "office",
            post.at,
            post.text,
            file_url(post) if post.file_key else "",
            post.file_name,
            post.size,
            post.side is not side and post.id > read,
        )
        for post in posts
    ]
    once = one_time_key()
    return Thread(
        said,
        sum(each.new for each in said),
        said[-1].id if said else 0,
        form or MessageForm(formdata=None),
        once,
        ",".join(EXTENSIONS),
        Limit.FILE_BYTES,
    )


def _name(post: Post, who: Actor) -> str:
    if post.by_id == who.id:
        return gettext("You")
    if post.side is Side.OFFICE:
        return gettext("%(name)s, the office", name=post.by.name)
    return str(post.by.name)


def written(form: MessageForm, proposal: Proposal) -> bool:
    """Whether what was sent has become a message; if not, the form says why."""
    if not form.validate():
        return False
    sent = request.files.get("file")
    file = (sent.filename, sent.read()) if sent is not None and sent.filename else None
    store = current_app.extensions["store"]
    try:
        write(proposal, form.text.data, file, seen=seen(), store=store, by=actor())
    except Incomplete as error:
        form.blame(error)
        return False
    return True


def seen() -> int:
    """The id of the last message that stood on the page, 0 where it is missing or no number."""
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else 0
