"""The files of a proposal: attached, listed, removed, and given out as downloads that no browser runs."""

from __future__ import annotations

import secrets

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.policy import may
from intake.proposal.models import Attachment, Proposal
from intake.proposal.upload import EXTENSIONS
from intake.proposal.writing import attach, detach
from intake.views.display import tr
from intake.views.faculty import faculty
from intake.views.faculty.forms import FileForm
from intake.views.faculty.loading import whole, with_any_file, with_file
from intake.views.faculty.progress import progress
from intake.views.files import send_stored
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit


@door(
    faculty,
    "/proposals/<id:proposal_id>/edit/attachments",
    Action.PROPOSAL_VIEW_AS_TEAM,
    whole,
    methods=["GET", "POST"],
    once=True,
    ask_on_post=Action.PROPOSAL_EDIT,
)
def attachments(proposal: Proposal) -> ResponseReturnValue:
    """The files, and the form to attach another."""
    form = FileForm()
    if request.method == "GET":
        return _page(proposal, form)
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        form.file.errors = [gettext("Choose a file first.")]
        return _page(proposal, form), 422
    data = sent.read()
    sent.close()
    try:
        file = attach(proposal, sent.filename, data, store=current_app.extensions["store"], by=actor())
    except Incomplete as error:
        form.file.errors = [tr(error.reason)]
        return _page(proposal, form), 422
    flash(gettext("%(name)s is attached.", name=file.name), "success")
    return redirect(url_for("faculty.attachments", proposal_id=proposal.id))


def _page(proposal: Proposal, form: FileForm) -> str:
    known = progress(proposal, actor())
    files = [each for each in proposal.attachments if each.removed_at is None]
    return render_template(
        "faculty/edit/attachments.html",
        proposal=proposal,
        part=known.part("attachments"),
        progress=known,
        form=form,
        files=files,
        full=len(files) >= Limit.FILES_OF_A_PROPOSAL,
        most=Limit.FILES_OF_A_PROPOSAL,
        most_bytes=Limit.FILE_BYTES,
        endings=",".join(EXTENSIONS),
        editing=may(actor(), Action.PROPOSAL_EDIT, proposal),
        rules={rule.code: rule for rule in proposal.call.rules},
        once=request.form.get("once") or secrets.token_urlsafe(16),
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
    if request.method == "GET":
        return render_template("faculty/edit/remove_file.html", proposal=proposal, file=attachment)
    detach(attachment, proposal, by=actor())
    flash(gettext("%(name)s is removed.", name=attachment.name), "success")
    return redirect(url_for("faculty.attachments", proposal_id=proposal.id))


@door(faculty, "/proposals/<id:proposal_id>/files/<id:attachment_id>", Action.PROPOSAL_VIEW_AS_TEAM, with_any_file)
def file(proposal: Proposal, attachment: Attachment) -> ResponseReturnValue:
    """The file, as a download under its readable name."""
    return send_stored(attachment.file_key, attachment.name, attachment.content_type)
