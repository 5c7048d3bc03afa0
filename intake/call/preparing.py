"""How a call begins: from its programme, from last year's call, as the next stage of another; and how it is announced.

A call in preparation is its coordinators' alone. Announcing it ends that; whether it is then open, its dates say.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from intake import clock
from intake.audit.operations import record
from intake.call import kinds
from intake.call.arranging import enter, note
from intake.call.basics import Basics, code_faults
from intake.call.dates import COLUMNS
from intake.call.exchanging import apply
from intake.call.models import Call, Theme
from intake.call.queries import PREPARED
from intake.call.setup import form_of, setup_of, setup_of_programme
from intake.call.shifting import Shifted
from intake.errors import Incomplete
from intake.extensions import db
from intake.opening import sealed_until
from intake.policy import Actor, may
from intake.programme.models import Programme
from intake.ruling import demand
from intake.vocabulary import Action, Words, say

ANNOUNCED: list[Callable[[Call], None]] = []
"""What later rooms do once a call is announced."""
_CLONED = ("zones", "grace_minutes", "slots", "headings", "standing")
"""What a clone has of the call besides basics, setup and dates."""


def prepare(programme: Programme, code: str, title: str, *, by: Actor) -> Call:
    """Begin a call of the programme, in preparation, with its form, rules, rubric, phases and letters.

    Demands: ``PROGRAMME_OVERSEE``. Records: the call; ``call.prepared``. Raises: Refused; Incomplete at ``code`` or
    ``title``. Returns: the call.
    """
    demand(may(by, Action.PROGRAMME_OVERSEE, programme))
    call = _begin(programme, code, title, kinds.columns(programme))
    apply(call, setup_of_programme(programme), by=by)
    return _made(call, by=by, origin={"programme": programme.code})


def clone(source: Call, code: str, title: str, dates: list[Shifted], *, by: Actor) -> Call:
    """Begin a call like ``source``, in preparation: its basics, form, rules, rubric, phases, letters, limits, and the
    themes that are not retired, with ``dates`` (see ``shifting.shifted``).

    Demands: ``CALL_OVERSEE`` of the source and ``PROGRAMME_OVERSEE``. Records: the call; ``call.prepared``. Raises:
    Refused; Incomplete at ``code`` or ``title``. Returns: the call.
    """
    demand(may(by, Action.CALL_OVERSEE, source))
    demand(may(by, Action.PROGRAMME_OVERSEE, source.programme))
    call = _begin(source.programme, code, title, _copied(source))
    for each in dates:
        setattr(call, COLUMNS[each.date], each.becomes)
    if source.sealed_until is not None:
        call.sealed_until = sealed_until(call)
    _copy_lists(source, call, by=by)
    return _made(call, by=by, origin={"call": source.code})


def next_stage(first: Call, code: str, title: str, stage: str, *, by: Actor) -> Call:
    """Begin the next stage of a call: a call in preparation that follows it, with dates, form and reviews of its own
    and no applicants but those who are invited to it.

    Demands: ``CALL_OVERSEE`` of the first stage and ``PROGRAMME_OVERSEE``. Records: the call; ``call.prepared``.
    Raises: Refused; Incomplete at ``code`` or ``title``. Returns: the call.
    """
    demand(may(by, Action.CALL_OVERSEE, first))
    demand(may(by, Action.PROGRAMME_OVERSEE, first.programme))
    columns = _copied(first) | {"follows_id": first.id, "stage": stage, "standing": False, "by_invitation": True}
    call = _begin(first.programme, code, title, columns)
    _copy_lists(first, call, by=by)
    return _made(call, by=by, origin={"first stage": first.code})


def announce(call: Call, *, version: int, by: Actor) -> None:
    """End the preparation: from now on everybody may know of the call, and its dates say when it is open.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Tells: whoever was invited to it. Raises: Refused;
    Stale; Incomplete with what is missing.
    """
    enter(call, version, by=by)
    if not call.in_preparation:
        raise Incomplete(say("The call is announced already."))
    if lacking := missing(call):
        raise Incomplete(say("Still missing: %(what)s", what=list(lacking.values())))
    call.in_preparation = False
    note(call, {"in_preparation": [True, False]}, by=by)
    for follow in ANNOUNCED:
        follow(call)


def missing(call: Call) -> dict[str, Words]:
    """What the call needs before it can be announced, by the part that gives it. ``forms`` and ``criteria`` must be
    loaded."""
    lacking: dict[str, Words] = {}
    if not (call.summary.strip() or call.programme.purpose.strip()):
        lacking["basics"] = say("a few words on what it is for")
    if not call.standing and call.opens_at is None:
        lacking["dates"] = say("when it opens and closes")
    elif call.closes_at is not None and call.closes_at <= clock.now():
        lacking["dates"] = say("a close that is still to come")
    if (form := form_of(call)) is not None and form.published_at is None:
        lacking["form"] = say("its form, which is not published")
    if call.panel and not call.criteria:
        lacking["rubric"] = say("what reviewers judge by")
    return lacking


def _begin(programme: Programme, code: str, title: str, columns: dict[str, Any]) -> Call:
    wrong: dict[str, Words] = {}
    if reason := code_faults(code):
        wrong["code"] = reason
    if not title.strip():
        wrong["title"] = say("Give the call a title.")
    if wrong:
        raise Incomplete(say("No call was made."), wrong)
    rest = {name: value for name, value in columns.items() if name not in ("code", "title")}
    call = Call(code=code, title=title, programme_id=programme.id, in_preparation=True, **rest)
    call.programme = programme
    for name in ("themes", "rules", "criteria", "forms", "invitations", "extensions"):
        setattr(call, name, [])
    db.session.add(call)
    db.session.flush()
    return call


def _copied(source: Call) -> dict[str, Any]:
    """The columns that a call made like ``source`` begins with, without its dates."""
    basics = {name: getattr(source, name) for name in Basics.__dataclass_fields__}
    return basics | {name: getattr(source, name) for name in _CLONED}


def _copy_lists(source: Call, call: Call, *, by: Actor) -> None:
    apply(call, setup_of(source), by=by)
    standing = [theme for theme in source.themes if theme.retired_at is None]
    call.themes[:] = [
        Theme(call_id=call.id, name=theme.name, name_zh=theme.name_zh, position=place)
        for place, theme in enumerate(standing)
    ]


def _made(call: Call, *, by: Actor, origin: dict[str, str]) -> Call:
    db.session.flush()
    record(PREPARED, "call", call.id, by=by, became=call.code, origin=origin)
    return call
