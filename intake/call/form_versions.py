"""The versions of a call's form: one is worked on, one after the other is published, and a published one never changes.

Until the first is published the call uses the standard form, which then is what the first one is compared with.
``edition`` marks what somebody read, so that nobody changes a form that they have not seen. ``forms``, ``themes`` and
``rules`` of the call must be loaded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from intake import clock
from intake.audit.chain import canonical
from intake.audit.operations import record
from intake.call.forms import read, standard_form
from intake.call.models import Call, FormVersion
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.form.comparing import differences
from intake.form.definition import Form, as_data
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, Limit, say

CHANGED, PUBLISHED, DISCARDED = "form.changed", "form.published", "form.discarded"
"""The log's words; each has in ``changes`` what became different, in words."""


def working(call: Call) -> FormVersion | None:
    """The version that is worked on, or None."""
    return next((each for each in call.forms if each.published_at is None), None)


def newest(call: Call) -> FormVersion | None:
    """The version in force, or None where the call uses the standard form."""
    published = [each for each in call.forms if each.published_at is not None]
    return published[-1] if published else None


def in_use(call: Call) -> Form:
    """The form that new proposals answer."""
    version = newest(call)
    return standard_form(call) if version is None else read(version)


def present(call: Call) -> Form:
    """The form as it is worked on; where nobody works on one, the form in use."""
    version = working(call)
    return in_use(call) if version is None else read(version)


def keys_used(call: Call) -> set[str]:
    """The keys of all questions that any version asks, the standard form too: a new question takes none of them, since
    answers to the old one may be kept under it."""
    forms = [standard_form(call), *(read(each) for each in call.forms)]
    return {question.key for form in forms for question in form.questions}


def edition(form: Form) -> str:
    """A mark of a form that is another as soon as anything in it is."""
    return hashlib.sha256(canonical(as_data(form))).hexdigest()[:24]


def working_copy(call: Call, *, by: Actor) -> FormVersion:
    """The version that is worked on, made from the form in use where there is none.

    Demands: ``CALL_OVERSEE``. Records: the version. Raises: Refused. Returns: it.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    version = working(call)
    if version is None:
        ordinal = 1 + max((each.ordinal for each in call.forms), default=0)
        version = FormVersion(call_id=call.id, ordinal=ordinal)
        _write(version, in_use(call), by)
        call.forms.append(version)
        db.session.flush()
    return version


def change(call: Call, act: Callable[[Form], Form], *, seen: str, by: Actor) -> Form:
    """Make another form of the one that is worked on, by an act of ``form.building``.

    Demands: ``CALL_OVERSEE``. Records: the version that is worked on, ``form.changed``; nothing where nothing becomes
    different. Raises: Refused; Stale where it is no longer what ``seen`` marks; BadForm from the act. Returns: the
    form.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    before = _seen(call, seen)
    after = act(before)
    if after == before:
        return before
    version = working_copy(call, by=by)
    _write(version, after, by)
    _note(CHANGED, call, version, before, after, by)
    db.session.flush()
    return after


def discard(call: Call, *, seen: str, by: Actor) -> None:
    """Throw away the version that is worked on.

    Demands: ``CALL_OVERSEE``. Records: ``form.discarded``. Raises: Refused; Stale; Incomplete where there is none.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    form, version = _seen(call, seen), working(call)
    if version is None:
        raise Incomplete(say("There are no changes to discard."))
    _note(DISCARDED, call, version, in_use(call), form, by)
    call.forms.remove(version)
    db.session.delete(version)
    db.session.flush()


def publish(call: Call, note: str, *, seen: str, by: Actor) -> FormVersion:
    """Make the version that is worked on the call's form; from now on it never changes. Proposals that were begun keep
    the version that they answer: ``proposal.reforming`` moves drafts.

    Demands: ``CALL_OVERSEE``. Records: ``form.published`` with what became different and ``note``. Raises: Refused;
    Stale; Incomplete where there is nothing to publish. Returns: the version.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    after, before, version = _seen(call, seen), in_use(call), working(call)
    if version is None or (newest(call) is not None and before == after):
        raise Incomplete(say("Nothing in the form is different, so there is nothing to publish."))
    if len(note) > Limit.REASON:
        too_long = say("At most %(limit)s characters; this has %(length)s.", limit=Limit.REASON, length=len(note))
        raise Incomplete(too_long, {"note": too_long})
    _note(PUBLISHED, call, version, before, after, by, note)
    version.note, version.published_at, version.published_by_id = note, clock.now(), by.id
    db.session.flush()
    return version


def _seen(call: Call, seen: str) -> Form:
    """The form that is worked on, if it is what somebody saw. Raises Stale."""
    form = present(call)
    if edition(form) != seen:
        raise Stale
    return form


def _write(version: FormVersion, form: Form, by: Actor) -> None:
    """Put a form into a version that is worked on. Raises Incomplete for a published one, which the database refuses
    to change as well."""
    if version.published_at is not None:
        raise Incomplete(say("A published version never changes. Work on the next one."))
    version.definition = as_data(form)
    version.sha256 = hashlib.sha256(canonical(version.definition)).hexdigest()
    version.made_by_id, version.made_at = by.id, clock.now()


def _note(action: str, call: Call, version: FormVersion, before: Form, after: Form, by: Actor, note: str = "") -> None:
    """Note in the log what of a form became different."""
    words = [str(each.words) for each in differences(before, after)]
    facts: dict[str, Any] = {"version": version.ordinal, "sha256": version.sha256, "changes": words}
    record(action, "call", call.id, by=by, became=str(version.ordinal), note=note, **facts)
