"""A call's set-up on one page: its parts with their states, what is missing, the preview, and the announcement."""

from __future__ import annotations

import secrets
from functools import partial
from types import SimpleNamespace
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake import clock
from intake.call import preparing, queries
from intake.call.kinds import KINDS
from intake.call.models import Call
from intake.call.setup import differences
from intake.opening import Opening, opening
from intake.policy import YES, Ruling, may, no
from intake.views.coordinator import call_telling, coordinator
from intake.views.coordinator.call_acting import pressed, reached
from intake.views.display import tr
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.public.calls import facts_of
from intake.vocabulary import Action, say

PARTS = {
    "basics": (lazy_gettext("Basics"), "coordinator.call_basics"),
    "dates": (lazy_gettext("Dates"), "coordinator.call_settings"),
    "form": (lazy_gettext("Form"), "coordinator.form_builder"),
    "themes": (lazy_gettext("Themes"), "coordinator.call_themes"),
    "rules": (lazy_gettext("Rules"), "coordinator.call_rules"),
    "rubric": (lazy_gettext("Rubric"), "coordinator.call_rubric"),
    "phases": (lazy_gettext("Phases"), "coordinator.call_settings"),
    "letters": (lazy_gettext("Letters"), "coordinator.call_letters"),
    "invitations": (lazy_gettext("Invitations"), "coordinator.call_invitations"),
    "stage": (lazy_gettext("Stage"), "coordinator.call_stage"),
    "places": (lazy_gettext("Places"), "coordinator.places"),
    "conflicts": (lazy_gettext("Conflicts of interest"), "coordinator.call_conflicts"),
    "weights": (lazy_gettext("Match weights"), "coordinator.call_weights"),
}
"""The parts in the order in which they are set up, each with its name and the page where it is set."""


@door(coordinator, "/desk/calls/<code>/setup", Action.CALL_OVERSEE, queries.to_set_up)
def call_setup(call: Call) -> ResponseReturnValue:
    """The list of parts. Statements: 8."""
    lacking = preparing.missing(call)
    following = list(queries.next_stages(call.id))
    said, differing = call_telling.lines(call, following), differences(call)
    return render_template(
        "coordinator/call/setup.html",
        call=call,
        kind=tr(KINDS[call.programme.kind]),
        lacking=list(lacking.values()),
        parts=[_part(call, name, said[name], name in differing, name in lacking) for name in PARTS],
        differing=len(differing),
        stands=opening(call, clock.now()),
        Opening=Opening,
        announcing=_announcing(lacking),
        opens_at_once=_as_announced(call) is Opening.OPEN,
        clones=bool(may(actor(), Action.PROGRAMME_OVERSEE, call.programme)),
        once=secrets.token_hex(16),
    )


@door(
    coordinator,
    "/desk/calls/<code>/announce",
    Action.CALL_OVERSEE,
    queries.to_set_up,
    methods=["POST"],
    once=True,
)
def announce(call: Call) -> ResponseReturnValue:
    """End the preparation, or say what is missing."""
    done = gettext("The call is open.") if _as_announced(call) is Opening.OPEN else gettext("The call is announced.")
    act = partial(preparing.announce, call, version=sent_version(), by=actor())
    return pressed(call, act, done, url_for("coordinator.call_setup", code=call.code))


@door(coordinator, "/desk/calls/<code>/preview", Action.CALL_OVERSEE, queries.to_set_up)
def call_preview(call: Call) -> ResponseReturnValue:
    """The public page of the call as it will be, whether or not anybody else may see it."""
    return render_template(
        "coordinator/call/preview.html",
        **facts_of(call, clock.now()),
        standing_to=_as_announced(call),
        preview=True,
        signed_in=False,
        notice=None,
        oversees=False,
        form_preview=reached("coordinator.form_preview", code=call.code),
    )


def _part(call: Call, name: str, said: str, differs: bool, lacks: bool) -> dict[str, Any]:
    label, endpoint = PARTS[name]
    url = reached(endpoint, code=call.code)
    return {
        "name": name,
        "label": label,
        "state": said,
        "url": f"{url}#reviews" if url and name == "phases" and call.panel else url,
        "differs": url_for("coordinator.call_part", code=call.code, part=name) if differs else None,
        "lacks": lacks,
    }


def _announcing(lacking: dict[str, Any]) -> Ruling:
    """Whether the call can be announced now, or what it still lacks."""
    return no(say("Still missing: %(what)s.", what=list(lacking.values()))) if lacking else YES


def _as_announced(call: Call) -> Opening:
    """How the call would stand now to everybody, once it is announced."""
    names = ("standing", "opens_at", "closes_at", "grace_minutes", "sealed_until")
    dated: Any = SimpleNamespace(in_preparation=False, **{name: getattr(call, name) for name in names})
    return opening(dated, clock.now())
