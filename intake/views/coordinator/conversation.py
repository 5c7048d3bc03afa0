"""The office's side of the conversation with a team: the tab ``Messages`` of the proposal's page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conversation.models import Post
from intake.conversation.operations import mark_read
from intake.conversation.queries import post_of
from intake.policy import may
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal
from intake.proposal.queries import whole
from intake.views.coordinator import coordinator
from intake.views.coordinator.proposal import TABS, tab_page
from intake.views.files import send_stored
from intake.views.gate import SAFE, actor, door
from intake.views.messages import MessageForm, seen, thread, written
from intake.vocabulary import Action

PATH = "/desk/proposals/<id:proposal_id>/messages"


def of_office(proposal_id: int) -> Proposal | None:
    """The proposal, or None. Raises Refused for whoever is not its office: the team has pages of its own."""
    proposal = whole(proposal_id, for_update=request.method not in SAFE)
    if proposal is not None:
        demand(may(actor(), Action.PROPOSAL_VIEW_AS_OFFICE, proposal))
    return proposal


def with_message(proposal_id: int, post_id: int) -> tuple[Proposal, Post] | None:
    """The proposal and a message that a file came with."""
    proposal = of_office(proposal_id)
    post = post_of(proposal, post_id) if proposal else None
    return (proposal, post) if proposal and post and post.file_key else None


def _values(proposal: Proposal, form: MessageForm | None = None) -> dict[str, Any]:
    """What the tab shows. Statements: 2."""

    def file_url(post: Post) -> str:
        return url_for("coordinator.message_file", proposal_id=proposal.id, post_id=post.id)

    return {"thread": thread(proposal, actor(), file_url, form)}


TABS["messages"] = _values


@door(coordinator, PATH, Action.PROPOSAL_CONVERSE, of_office, methods=["POST"], once=True)
def write_message(proposal: Proposal) -> ResponseReturnValue:
    """Write to the team."""
    form = MessageForm()
    if written(form, proposal):
        flash(gettext("Your message is with the team."), "success")
        return redirect(url_for("coordinator.proposal", proposal_id=proposal.id, tab="messages"))
    return tab_page(proposal, "messages", _values(proposal, form)), 422


@door(coordinator, f"{PATH}/read", Action.PROPOSAL_CONVERSE, of_office, methods=["POST"])
def messages_read(proposal: Proposal) -> ResponseReturnValue:
    """Note that what stood on the page has been read."""
    mark_read(proposal, seen(), by=actor())
    return redirect(url_for("coordinator.proposal", proposal_id=proposal.id, tab="messages"))


@door(coordinator, f"{PATH}/<id:post_id>/file", Action.PROPOSAL_CONVERSE, with_message)
def message_file(proposal: Proposal, post: Post) -> ResponseReturnValue:
    """The file of a message, as a download."""
    return send_stored(post.file_key or "", post.file_name, post.content_type)
