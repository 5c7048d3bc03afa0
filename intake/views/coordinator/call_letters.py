"""The office's own words in the letters of a call, with each letter as it will read."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake import clock
from intake.call import queries
from intake.call.letters import LETTERS, PLACES, change_letters, fault
from intake.call.models import Call
from intake.decision import letters as of_decision
from intake.notification.letters import Letter
from intake.notification.operations import preview
from intake.proposal import letters as of_proposal
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import shown, tried
from intake.views.display import tr
from intake.views.fields import Form, Paragraph, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit, Verdict, say

EXAMPLE_NAME = "Dr A. Example"
EXAMPLE_HASH = "0" * 64


def _form(call: Call | None = None) -> Form:
    fields = {kind: Paragraph(tr(words), limit=Limit.REASON, required=False) for kind, words in LETTERS.items()}
    kind: Any = type("Letters", (Form,), fields)
    return kind(data=dict(call.letters or {}) if call else {})  # type: ignore[no-any-return]


@door(coordinator, "/desk/calls/<code>/setup/letters", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def call_letters(call: Call) -> ResponseReturnValue:
    """Show the letters; show them with what was typed, or save that."""
    form = _form(call)
    if request.method != "POST":
        return _page(call, form)
    if not form.validate():
        return _page(call, form, 422)
    texts = {kind: form[kind].data for kind in LETTERS}
    if request.form.get("do") == "preview":
        for kind, text in texts.items():
            form[kind].errors = [tr(reason)] if (reason := fault(text)) else []
        return _page(call, form, 422 if form.errors else 200, open_all=True)
    done = tried(call, form, partial(change_letters, call, texts, version=sent_version(), by=actor()))
    if not done:
        return _page(done.call, form, done.status)
    words = gettext("The letters are saved.") if done.result else gettext("Nothing was different, so nothing changed.")
    flash(words, "success" if done.result else "message")
    return redirect(url_for("coordinator.call_letters", code=call.code))


def _page(call: Call, form: Form, status: int = 200, *, open_all: bool = False) -> ResponseReturnValue:
    typed = {kind: form[kind].data or "" for kind in LETTERS if not form[kind].errors}
    return shown(
        "letters",
        call,
        status,
        form=form,
        kinds=list(LETTERS),
        read=examples(call, typed),
        places=[(f"{{{place}}}", tr(words)) for place, words in PLACES.items()],
        open_all=open_all,
    )


def examples(call: Call, texts: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Subject and text of each kind of letter with ``texts`` put in front, about a made-up proposal."""
    as_typed = SimpleNamespace(title=call.title, code=call.code, letters=texts, closes_at=call.closes_at)
    proposal: Any = SimpleNamespace(
        id=1,
        number=f"{call.code}-0001",
        title=gettext("An example of a title"),
        call=as_typed,
        principal=SimpleNamespace(name=EXAMPLE_NAME),
    )
    return {kind: preview(letter, EXAMPLE_NAME) for kind, letter in _letters(proposal).items() if kind in texts}


def _letters(proposal: Any) -> dict[str, Letter]:
    now = clock.now()
    receipt: Any = SimpleNamespace(received_at=now, sha256=EXAMPLE_HASH)
    until, words = now + timedelta(days=14), gettext("What the office writes about this one proposal stands here.")
    released = of_decision.released
    return {
        "received": of_proposal.received(proposal, receipt),
        "returned": of_proposal.returned(proposal, words, [say("Title and abstract")], until),
        "ineligible": of_proposal.screened_out(proposal, gettext("a rule of the call"), gettext("its source"), words),
        "selected": released(proposal, Verdict.SELECT, words),
        "reserve": released(proposal, Verdict.RESERVE, words),
        "declined": released(proposal, Verdict.DECLINE, words),
        "invited_to_next_stage": of_proposal.invited_on(
            proposal, 1, proposal.call, of_proposal.own_words_of(proposal, "invited_to_next_stage")
        ),
    }
