"""The files of a proposal: attached, listed, replaced, removed, and given out as downloads that no browser runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.policy import UNSEEN, may
from intake.proposal import queries
from intake.proposal.answers import form_of
from intake.proposal.attaching import attach, detach
from intake.proposal.checks_text import pages_allowed
from intake.proposal.file_limits import limits_of, look_at, place_of
from intake.proposal.models import Attachment, Proposal
from intake.proposal.upload import Checked, clean_name
from intake.storage import StoreUnavailable
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.filing import AT_ONCE_BYTES, WRAPPING_BYTES, back_to, files_shown, part_name
from intake.views.faculty.loading import whole, with_any_file, with_file
from intake.views.faculty.progress import progress
from intake.views.files import send_attachment, store_away
from intake.views.gate import actor, door
from intake.vocabulary import Action, Words, say

Looked = tuple[FileStorage, Checked | Words]
"""A file that was sent, and what it is or why it is not taken."""


@faculty.url_value_preprocessor
def room_for_files(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The form that carries files may be larger than any other."""
    if endpoint == "faculty.files":
        request.max_content_length = AT_ONCE_BYTES + WRAPPING_BYTES


@door(faculty, "/proposals/<id:proposal_id>/edit/attachments", Action.PROPOSAL_VIEW_AS_TEAM, whole)
def attachments(proposal: Proposal) -> ResponseReturnValue:
    """The section of the files that are attached freely."""
    return _page(proposal, _asked_for(proposal, ""))


@door(
    faculty,
    "/proposals/<id:proposal_id>/files",
    Action.PROPOSAL_VIEW_AS_TEAM,
    queries.whole,  # not locked yet: the files are read through before
    methods=["GET", "POST"],
    once=True,
    ask_on_post=Action.PROPOSAL_EDIT,
)
def files(proposal: Proposal) -> ResponseReturnValue:
    """The files of one question on a page of their own; and where every form with files is sent to."""
    question = _asked_for(proposal, request.values.get("question", ""))
    if request.method == "GET":
        return _page(proposal, question)
    sent = [each for each in request.files.getlist("file") if each.filename]
    if not sent:
        return _page(proposal, question, [("", gettext("Choose a file first."))]), 422
    looked = _looked_at(proposal, question, sent)
    # What was sent by others meanwhile counts: from here on the proposal is locked.
    locked = queries.whole(proposal.id, for_update=True)
    if locked is None:
        raise _nothing_there()
    try:
        taken, refused = _attached(locked, question, looked)
    except StoreUnavailable:
        return store_away()
    finally:
        for each in sent:
            each.close()
    return _answer(locked, question, taken, refused)


def _asked_for(proposal: Proposal, question: str) -> str:
    if place_of(form_of(proposal), question) is None:
        raise _nothing_there()
    return question


def _nothing_there() -> Refused:
    return Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)


def _looked_at(proposal: Proposal, question: str, sent: Sequence[FileStorage]) -> list[Looked]:
    """Read every file through, while no transaction is open: a large one takes a while, and others want to write."""
    place = place_of(form_of(proposal), question)
    limits = limits_of(place[1] if place else None)
    db.session.rollback()
    found: list[Looked] = []
    for each in sent:
        try:
            found.append((each, look_at(each.filename or "", each.read(), limits)))
        except Incomplete as error:
            found.append((each, error.reason))
        each.seek(0)
    return found


def _attached(
    proposal: Proposal, question: str, looked: Sequence[Looked]
) -> tuple[list[Attachment], list[tuple[str, str]]]:
    """Attach what can be attached. Returns: the files, and names with reasons of what was not taken."""
    taken: list[Attachment] = []
    refused: list[tuple[str, str]] = []
    old = _replaced(proposal, question)
    for file, checked in looked:
        name = clean_name(file.filename or "")
        if isinstance(checked, Words):
            refused.append((name, tr(checked)))
            continue
        try:
            taken.append(
                attach(
                    proposal,
                    name,
                    file.read(),
                    question=question,
                    replaces=None if taken else old,
                    checked=checked,
                    store=current_app.extensions["store"],
                    scanner=current_app.extensions["scanner"],
                    by=actor(),
                )
            )
        except Incomplete as error:
            refused.append((name, tr(error.reason)))
    return taken, refused


def _replaced(proposal: Proposal, question: str) -> Attachment | None:
    """The file that the sent one takes the place of. One that is gone already is given too: to be refused."""
    wanted = request.form.get("replaces", "")
    if not wanted:
        return None
    among = [each for each in proposal.attachments if each.question == question and str(each.id) == wanted]
    if not among:
        raise _nothing_there()
    return among[0]


def _answer(
    proposal: Proposal, question: str, taken: Sequence[Attachment], refused: Sequence[tuple[str, str]]
) -> ResponseReturnValue:
    """Back to the page of the files; or, where something was refused, a page that says what, with what was kept."""
    if not taken:
        return _page(proposal, question, refused), 422
    if refused:
        response: Response = make_response(_page(proposal, question, refused), 201)
        response.location = url_for("faculty.files", proposal_id=proposal.id, question=question)
        return response
    words = ngettext("%(name)s is attached.", "%(num)s files are attached.", len(taken), name=taken[0].name)
    flash(words, "success")
    return redirect(back_to(proposal, question))


def _page(proposal: Proposal, question: str, refused: Sequence[tuple[str, str]] = ()) -> str:
    known = progress(proposal, actor())
    part = known.part(part_name(proposal, question))
    following = known.parts[list(known.parts).index(part) + 1 :]
    return render_template(
        "faculty/edit/attachments.html",
        proposal=proposal,
        part=part,
        progress=known,
        shown=files_shown(proposal, question, refused),
        following=following[0] if following else None,
        back=back_to(proposal, question),
        editing=may(actor(), Action.PROPOSAL_EDIT, proposal),
        pages=pages_allowed(proposal.call.rules),
    )


@door(
    faculty,
    "/proposals/<id:proposal_id>/files/<id:attachment_id>/remove",
    Action.PROPOSAL_EDIT,
    with_file,
    methods=["GET", "POST"],
)
def remove_file(proposal: Proposal, attachment: Attachment) -> ResponseReturnValue:
    """Ask, then remove a file."""
    back = back_to(proposal, attachment.question)
    if request.method == "GET":
        return render_template("faculty/edit/remove_file.html", proposal=proposal, file=attachment, back=back)
    detach(attachment, proposal, by=actor())
    flash(gettext("%(name)s is removed.", name=attachment.name), "success")
    return redirect(back)


@door(faculty, "/proposals/<id:proposal_id>/files/<id:attachment_id>", Action.PROPOSAL_VIEW_AS_TEAM, with_any_file)
def file(proposal: Proposal, attachment: Attachment) -> ResponseReturnValue:
    """The file, as a download under its readable name."""
    return send_attachment(attachment, attachment.name)
