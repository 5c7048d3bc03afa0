"""A part of a call beside the same part of its programme: both are read before one becomes the other."""

from __future__ import annotations

from functools import partial

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call import queries
from intake.call.exchanging import edition, push, stuck, take
from intake.call.models import Call
from intake.call.setup import PARTS, setup_of, setup_of_programme
from intake.policy import YES, Ruling, may, no
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import pressed, reached, shown
from intake.views.coordinator.call_setup import PARTS as NAMES
from intake.views.coordinator.setup_text import as_text, beside
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action


def _with_part(code: str, part: str) -> tuple[Call, str] | None:
    """The call and the name of a part that a programme has too, or None."""
    call = queries.to_set_up(code) if part in PARTS else None
    return (call, part) if call is not None else None


@door(coordinator, "/desk/calls/<code>/programme/<part>", Action.CALL_OVERSEE, _with_part)
def call_part(call: Call, part: str) -> ResponseReturnValue:
    """Both texts, and what can be done."""
    ours, theirs = setup_of(call)[part], setup_of_programme(call.programme)[part]
    return shown(
        "programme",
        call,
        part=part,
        label=NAMES[part][0],
        lines=beside(as_text(part, ours), as_text(part, theirs)),
        same=ours == theirs,
        seen=edition(call.programme, part),
        taking=_taking(call, part),
        pushing=may(actor(), Action.PROGRAMME_OVERSEE, call.programme),
        form_url=_form_page(call),
    )


@door(coordinator, "/desk/calls/<code>/programme/<part>/take", Action.CALL_OVERSEE, _with_part, methods=["POST"])
def part_take(call: Call, part: str) -> ResponseReturnValue:
    """The call's part becomes the programme's."""
    act = partial(take, call, part, version=sent_version(), seen=_seen(), by=actor())
    done = gettext("It is now as in the programme.")
    if part == "form" and call.forms:
        done = gettext("The programme's form is now the version that is being worked on. Publish it when it is right.")
    return pressed(call, act, done, url_for("coordinator.call_part", code=call.code, part=part))


@door(coordinator, "/desk/calls/<code>/programme/<part>/push", Action.CALL_OVERSEE, _with_part, methods=["POST"])
def part_push(call: Call, part: str) -> ResponseReturnValue:
    """The programme's part becomes the call's."""
    act = partial(push, call, part, version=sent_version(), seen=_seen(), by=actor())
    done = gettext("The programme has it now: its next calls begin with it.")
    return pressed(call, act, done, url_for("coordinator.call_part", code=call.code, part=part))


def _seen() -> str:
    return request.form.get("seen", "")


def _taking(call: Call, part: str) -> Ruling:
    reason = stuck(call, part)
    return no(reason) if reason else YES


def _form_page(call: Call) -> str | None:
    return reached("coordinator.form_builder", code=call.code)
