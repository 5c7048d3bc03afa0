"""The form that is worked on as an applicant will see it, to fill in and try: no row is written for it.

The page has every section at once; what was typed lives in the page alone. The same reading, the same faults and the
same questions are shown as when a proposal is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.attributes import set_committed_value

from intake.call import form_versions, queries
from intake.call.models import Call
from intake.form.definition import Page, Section, label_in
from intake.form.inputs import Sent
from intake.form.reading import Read
from intake.proposal.answers import form_of, part_of, put
from intake.proposal.missing import missing
from intake.proposal.models import Proposal
from intake.proposal.rulebook import Fault
from intake.views.coordinator import coordinator
from intake.views.coordinator.form_builder_acting import shown
from intake.views.coordinator.form_builder_words import rule_words
from intake.views.faculty.asking import Asked, ask, read_all
from intake.views.gate import actor, door
from intake.views.language import language
from intake.vocabulary import Action, State

MORE_ROWS = 5


@dataclass(frozen=True, slots=True)
class Part:
    """A section as the preview shows it; ``own_page`` where real proposals have a page of its own for it."""

    section: Section
    label: str
    help: str
    asked: list[Asked]

    @property
    def own_page(self) -> bool:
        """Whether it has no questions to fill in here."""
        return self.section.page is not Page.QUESTIONS

    @property
    def empty(self) -> bool:
        """Whether nothing of it is asked now."""
        return not any(each.shown for each in self.asked)


@door(coordinator, "/desk/calls/<code>/form/preview", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def form_preview(call: Call) -> ResponseReturnValue:
    """The empty form; once something was typed, what the server makes of it. Nothing is saved. Statements: 7."""
    proposal = made_up(call)
    sent: Sent | None = request.form if request.method == "POST" else None
    reads = _answer(proposal, sent) if sent is not None else {}
    found = [Fault(*row) for row in missing(proposal)] if sent is not None else []
    parts = _parts(proposal, sent, reads, found)
    if request.headers.get("X-Autosave") and sent is not None:
        return jsonify(_told(parts))
    return _page(call, parts, checked=sent is not None)


def made_up(call: Call) -> Proposal:
    """A draft that is in no table and never will be, with the form that is worked on."""
    texts = dict.fromkeys(("title", "title_zh", "abstract", "keywords", "description"), "")
    proposal = Proposal(id=0, call_id=call.id, state=State.DRAFT, version=0, answers={}, returned_parts=[], **texts)
    set_committed_value(proposal, "call", call)
    set_committed_value(proposal, "form", form_versions.working(call) or form_versions.newest(call))
    for name in ("team", "attachments"):
        set_committed_value(proposal, name, [])
    return proposal


def _answer(proposal: Proposal, sent: Sent) -> dict[str, Read]:
    """Read what was typed and let the made-up proposal hold what can be kept."""
    form = form_of(proposal)
    reads: dict[str, Read] = {}
    for section in form.sections:
        reads |= read_all(proposal, section, sent)
    put(proposal, form, {key: one.value for key, one in reads.items() if one.error is None})
    return reads


def _parts(proposal: Proposal, sent: Sent | None, reads: Mapping[str, Read], found: list[Fault]) -> list[Part]:
    wish = request.form.get("and", "")
    more_of = wish.removeprefix("more:") if wish.startswith("more:") else ""
    parts = []
    for section in form_of(proposal).sections:
        more = MORE_ROWS if any(each.key == more_of for each in section.questions) else 0
        here = [each for each in found if each.part == part_of(section)]
        asked = ask(proposal, section, actor(), sent=sent, reads=reads, faults=here, missing_too=True, more=more)
        asked = [replace(each, open=True) for each in asked]
        parts.append(Part(section, label_in(section.label, language()), label_in(section.help, language()), asked))
    return parts


def _told(parts: list[Part]) -> dict[str, Any]:
    """What the page needs to know after each answer that others depend on, as when a proposal saves itself."""
    asked = [each for part in parts for each in part.asked]
    return {
        "shown": [each.key for each in asked if each.shown],
        "errors": {each.key: each.error for each in asked if each.error},
        "faults": {each.key: each.fault for each in asked if each.fault and each.shown and not each.error},
        "cells": {name: words for each in asked for name, words in each.cells.items()},
    }


def _page(call: Call, parts: list[Part], *, checked: bool) -> ResponseReturnValue:
    form = form_versions.present(call)
    asked = [each for part in parts for each in part.asked]
    wrong = [each for each in asked if each.error]
    hidden = [
        (each.label, rule_words(each.question.show_if, form, str(call.currency))) for each in asked if not each.shown
    ]
    return shown(
        "preview",
        call,
        422 if wrong else 200,
        parts=parts,
        checked=checked,
        wrong=wrong,
        faults=[each for each in asked if each.fault and each.shown and not each.error],
        hidden=hidden,
        asked=sum(each.shown for each in asked),
        working=form_versions.working(call),
    )
