"""Parts of a setup between a call and its programme: the call takes the programme's, or gives its own to it."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from intake import clock
from intake.audit.chain import canonical
from intake.audit.operations import record
from intake.call.arranging import enter, held, note
from intake.call.criteria import set_rubric
from intake.call.form_versions import newest, working
from intake.call.forms import standard_form
from intake.call.models import Call, FormVersion
from intake.call.queries import PHASES
from intake.call.rules import set_rules
from intake.call.setup import PARTS, setup_of, setup_of_programme
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.form.definition import as_data
from intake.policy import Actor, may
from intake.programme.models import Programme
from intake.ruling import demand
from intake.vocabulary import Action, ReadsOthers, Words


def edition(programme: Programme, part: str) -> str:
    """A mark of what the programme says of a part; it is another once somebody changed it."""
    return sha256(canonical(setup_of_programme(programme)[part])).hexdigest()[:16]


def take(call: Call, part: str, *, version: int, seen: str, by: Actor) -> bool:
    """Make a part of the call what its programme says. A form becomes the version that is being worked on; nothing is
    published by it.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale where call or programme (``seen`` is
    its ``edition``) changed since; Incomplete where proposals or reviews hold the part.
    Returns: whether anything changed.
    """
    enter(call, version, by=by)
    if edition(call.programme, part) != seen:
        raise Stale
    before, wanted = setup_of(call)[part], setup_of_programme(call.programme)[part]
    if before == wanted:
        return False
    if reason := stuck(call, part):
        raise Incomplete(reason)
    apply(call, {part: wanted}, by=by)
    note(call, {part: [_brief(part, before), _brief(part, wanted)]}, by=by)
    return True


def push(call: Call, part: str, *, version: int, seen: str, by: Actor) -> bool:
    """Make a part of the programme what the call has; later calls begin with it, other calls stay as they are.

    Demands: ``CALL_OVERSEE`` and ``PROGRAMME_OVERSEE``. Records: ``programme.arranged`` with what it was and became.
    Raises: Refused; Stale where call or programme changed since. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    programme = call.programme
    demand(may(by, Action.PROGRAMME_OVERSEE, programme))
    db.session.refresh(programme, ["setup"], with_for_update={"of": Programme})
    if edition(programme, part) != seen:
        raise Stale
    before, wanted = setup_of_programme(programme)[part], setup_of(call)[part]
    if before == wanted:
        return False
    programme.setup = {**(programme.setup or {}), part: wanted}
    flag_modified(programme, "setup")
    changes = {part: [_brief(part, before), _brief(part, wanted)]}
    record("programme.arranged", "programme", programme.id, by=by, changes=changes, call=call.code)
    db.session.flush()
    return True


def stuck(call: Call, part: str) -> Words | None:
    """Why the call's part cannot become the programme's now, or None."""
    if part == "rubric":
        return held(call, "rubric")
    if part == "phases":
        wanted = setup_of_programme(call.programme)["phases"]
        changed = [name for name in ("panel", "sponsor_decides") if getattr(call, name) != wanted[name]]
        return next((reason for name in changed if (reason := held(call, name))), None)
    return None


def apply(call: Call, setup: Mapping[str, Any], *, by: Actor) -> None:
    """Put parts of a setup into the call; what it does not name stays. Nothing is noted or asked."""
    assert set(setup) <= set(PARTS)
    if "rules" in setup:
        set_rules(call, setup["rules"])
    if "rubric" in setup:
        set_rubric(call, setup["rubric"])
    if "phases" in setup:
        for name in PHASES:
            value = setup["phases"][name]
            setattr(call, name, ReadsOthers(value) if name == "reads_others" else value)
    if "letters" in setup:
        call.letters = dict(setup["letters"])
    if "form" in setup:
        _set_form(call, setup["form"], by)


def _set_form(call: Call, definition: Mapping[str, Any] | None, by: Actor) -> None:
    """Put a definition into the version that is being worked on. Without one, a call that has published nothing goes
    back to the standard form, and another works on the standard form's definition."""
    draft, published = working(call), newest(call)
    if definition is None and published is None:
        if draft is not None:
            call.forms.remove(draft)
            db.session.delete(draft)
        return
    content = dict(definition) if definition is not None else as_data(standard_form(call))
    if draft is None:
        ordinal = published.ordinal + 1 if published else 1
        draft = FormVersion(call_id=call.id, ordinal=ordinal, definition=content, sha256="")
        call.forms.append(draft)
    draft.definition, draft.sha256 = content, sha256(canonical(content)).hexdigest()
    draft.made_by_id, draft.made_at = by.id, clock.now()


def _brief(part: str, value: Any) -> Any:
    """A part as the log keeps it: a form by its hash, everything else whole."""
    if part != "form" or value is None:
        return value
    return sha256(canonical(value)).hexdigest()
