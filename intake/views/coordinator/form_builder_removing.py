"""A question, or a section with its questions, is taken out of a form, once it is said who has answered it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call import form_versions
from intake.call.models import Call
from intake.form.building import remove_question, remove_section
from intake.form.definition import BadForm, Form, Question, Section
from intake.policy import YES, Ruling, no
from intake.proposal.reforming import drafts_answering
from intake.views.coordinator import coordinator
from intake.views.coordinator.form_builder_acting import changed, name_of, shown, with_question, with_section
from intake.views.gate import door
from intake.vocabulary import Action

_OF_QUESTION = "/desk/calls/<code>/form/questions/<key>/remove"
_OF_SECTION = "/desk/calls/<code>/form/sections/<key>/remove"


@door(coordinator, _OF_QUESTION, Action.CALL_OVERSEE, with_question, methods=["GET", "POST"])
def form_remove_question(call: Call, question: Question) -> ResponseReturnValue:
    """Ask whether the question is to go; take it away."""
    section = form_versions.present(call).section_of(question.key).key
    return _remove(call, "question", question.key, [], lambda form: remove_question(form, question.key), section)


@door(coordinator, _OF_SECTION, Action.CALL_OVERSEE, with_section, methods=["GET", "POST"])
def form_remove_section(call: Call, section: Section) -> ResponseReturnValue:
    """Ask whether the section is to go, with its questions; take it away."""
    keys = [each.key for each in section.questions]
    return _remove(call, "section", section.key, keys, lambda form: remove_section(form, section.key), "")


def _remove(
    call: Call, what: str, key: str, keys: Sequence[str], act: Callable[[Form], Form], section: str
) -> ResponseReturnValue:
    if request.method != "POST":
        return _ask(call, what, key, keys, act)
    name = name_of(form_versions.present(call), key)
    done = changed(call, act)
    if not done:
        return _ask(done.call, what, key, keys, act, done.status)
    flash(gettext("“%(name)s” was removed. It is asked until you publish.", name=name), "success")
    anchor = f"section-{section}" if section else None
    return redirect(url_for("coordinator.form_builder", code=call.code, _anchor=anchor))


def _ask(
    call: Call, what: str, key: str, keys: Sequence[str], act: Callable[[Form], Form], status: int = 200
) -> ResponseReturnValue:
    form = form_versions.present(call)
    return shown(
        "remove",
        call,
        status,
        what=what,
        label=name_of(form, key),
        questions=[name_of(form, each) for each in keys],
        drafts=drafts_answering(call, keys or [key]),
        removing=_possible(form, act),
        url=url_for(f"coordinator.form_remove_{what}", code=call.code, key=key),
        back=url_for(f"coordinator.form_{what}", code=call.code, key=key),
    )


def _possible(form: Form, act: Callable[[Form], Form]) -> Ruling:
    """Whether it may go, or why it must stay."""
    try:
        act(form)
    except BadForm as wrong:
        return no(wrong.reason)
    return YES
