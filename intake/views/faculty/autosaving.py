"""A section that saves itself while it is written: what fits is kept, and the page is told what the server made of it.

The same reading, the same checks and the same question whether somebody saved meanwhile as by the button.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from flask import get_template_attribute, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.audit.chain import canonical
from intake.errors import Incomplete, Stale
from intake.form.definition import Section, label_in
from intake.form.reading import Read
from intake.form.values import differ
from intake.proposal.answers import answers_of, form_of, part_of, section_of
from intake.proposal.models import Proposal
from intake.proposal.presence import note_presence, others_in
from intake.proposal.writing import write
from intake.views.display import clock_time, tr, written
from intake.views.faculty import faculty
from intake.views.faculty.asking import Asked, ask
from intake.views.faculty.loading import with_section
from intake.views.faculty.progress import Progress, progress
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action


def autosave(proposal: Proposal, section: Section, reads: Mapping[str, Read], version: int) -> ResponseReturnValue:
    """Keep every answer that can be kept and say what is wrong with the others; 409 where somebody saved meanwhile,
    also where nothing can be kept: the page takes the version that it is told for its next save."""
    fit = {key: one.value for key, one in reads.items() if one.error is None}
    try:
        if _changes(proposal, fit):
            write(proposal, fit, version=version, by=actor())
        elif len(fit) < len(reads) and version != proposal.version:
            raise Stale
    except Stale:
        return jsonify(stale=True, words=_meanwhile(proposal)), 409
    except Incomplete as error:
        return jsonify(words=tr(error.reason)), 422
    note_presence(proposal, part_of(section), by=actor())
    return jsonify(_told(proposal, section, reads))


@door(
    faculty,
    "/proposals/<id:proposal_id>/edit/<part>/here",
    Action.PROPOSAL_EDIT,
    with_section,
    methods=["POST"],
)
def here(proposal: Proposal, section: Section) -> ResponseReturnValue:
    """Note that somebody has the section open, and tell who else is in."""
    note_presence(proposal, part_of(section), by=actor())
    changed = request.form.get("seen") != seen(proposal, section)
    return jsonify(others=others(proposal), changed=_meanwhile(proposal) if changed else "")


def seen(proposal: Proposal, section: Section) -> str:
    """A print of what stands in the section, the same as long as it does not change."""
    answers = answers_of(proposal)
    held = {each.key: answers.get(each.key) for each in section.questions}
    return hashlib.sha256(canonical(held)).hexdigest()[:24]


def _changes(proposal: Proposal, fit: Mapping[str, Any]) -> bool:
    """Whether anything would become another than it is; a save of the same words writes nothing."""
    form, before = form_of(proposal), answers_of(proposal)
    return any(differ(form.question(key), before.get(key), value) for key, value in fit.items())


def _meanwhile(proposal: Proposal) -> str:
    return gettext(
        "Somebody saved this section at %(when)s, while you were writing. Your words stay here: compare both texts.",
        when=written(proposal.changed_at),
    )


def _told(proposal: Proposal, section: Section, reads: Mapping[str, Read]) -> dict[str, Any]:
    """What the page needs to know after a save."""
    known = progress(proposal, actor())
    asked = ask(proposal, section, actor(), reads=reads, faults=known.faults)
    return {
        "saved": clock_time(proposal.changed_at),
        "version": proposal.version,
        "seen": seen(proposal, section),
        "shown": [each.key for each in asked if each.shown],
        "errors": {each.key: each.error for each in asked if each.error},
        "cells": {name: words for each in asked for name, words in each.cells.items()},
        "faults": {each.key: each.fault for each in asked if each.fault},
        "fragments": _fragments(proposal, section, asked, known),
        "others": others(proposal),
    }


def _fragments(proposal: Proposal, section: Section, asked: list[Asked], known: Progress) -> dict[str, str]:
    """Pieces of the page that follow from the answers, by the id of what they take the place of."""
    steps = get_template_attribute("faculty/parts.html", "steps_left")
    sums = get_template_attribute("faculty/questions.html", "follows")
    pieces = {f"{each.key}-follows": str(sums(each, proposal.call.currency)) for each in asked if each.followed}
    return {"steps": str(steps(proposal, known, part_of(section))), **pieces}


def others(proposal: Proposal) -> str:
    """Who else is writing, and where, as one sentence; nothing where nobody is."""
    form = form_of(proposal)
    found = []
    for each in others_in(proposal, actor()):
        section = section_of(form, each.section)
        label = label_in(section.label, language()) if section else each.section
        found.append(gettext("%(name)s is in “%(section)s”.", name=each.person.name, section=label))
    return " ".join(found)
