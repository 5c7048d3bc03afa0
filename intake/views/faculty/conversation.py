"""The team's side of the conversation with the office."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conversation.models import Post
from intake.conversation.operations import mark_read
from intake.conversation.queries import post_of
from intake.policy import may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.views.faculty import faculty
from intake.views.faculty.loading import whole
from intake.views.files import send_stored
from intake.views.gate import actor, door
from intake.views.messages import MessageForm, Thread, seen, thread, written
from intake.vocabulary import Action

PATH = "/proposals/<id:proposal_id>/messages"


def of_team(proposal_id: int) -> Proposal | None:
    """The proposal, or None. Raises Refused for whoever is not on its team: the office has pages of its own."""
    proposal = whole(proposal_id)
    if proposal is not None:
        demand(may(actor(), Action.PROPOSAL_VIEW_AS_TEAM, proposal))
    return proposal


def with_message(proposal_id: int, post_id: int) -> tuple[Proposal, Post] | None:
    """The proposal and a message that a file came with."""
    proposal = of_team(proposal_id)
    post = post_of(proposal, post_id) if proposal else None
    return (proposal, post) if proposal and post and post.file_key else None


def thread_of(proposal: Proposal, form: MessageForm | None = None) -> Thread | None:
    """The conversation, for those of the team who have it; None for the others. Statements: 2 at most."""
    if not may(actor(), Action.PROPOSAL_CONVERSE, proposal):
        return None
    return thread(proposal, actor(), lambda post: _file_url(proposal, post), form)


def _file_url(proposal: Proposal, post: Post) -> str:
    return url_for("faculty.message_file", proposal_id=proposal.id, post_id=post.id)


@door(faculty, PATH, Action.PROPOSAL_CONVERSE, of_team, methods=["GET", "POST"], once=True)
def messages(proposal: Proposal) -> ResponseReturnValue:
    """The messages, and the form to write another."""
    form = MessageForm()
    if request.method == "POST" and written(form, proposal):
        flash(gettext("Your message is with the office."), "success")
        return redirect(url_for("faculty.messages", proposal_id=proposal.id))
    html = render_template("faculty/proposals/messages.html", proposal=proposal, thread=thread_of(proposal, form))
    return html, 422 if request.method == "POST" else 200


@door(faculty, f"{PATH}/read", Action.PROPOSAL_CONVERSE, of_team, methods=["POST"])
def messages_read(proposal: Proposal) -> ResponseReturnValue:
    """Note that what stood on the page has been read."""
    mark_read(proposal, seen(), by=actor())
    return redirect(url_for("faculty.proposal", proposal_id=proposal.id, _anchor="messages"))


@door(faculty, f"{PATH}/<id:post_id>/file", Action.PROPOSAL_CONVERSE, with_message)
def message_file(proposal: Proposal, post: Post) -> ResponseReturnValue:
    """The file of a message, as a download."""
    return send_stored(post.file_key or "", post.file_name, post.content_type)
