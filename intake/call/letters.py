"""The office's own words in the letters of a call: a paragraph of theirs is put in front of what the letter says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intake.call.arranging import enter, note
from intake.call.models import Call
from intake.errors import Incomplete
from intake.policy import Actor
from intake.vocabulary import Limit, Words, say

LETTERS: dict[str, Words] = {
    "received": say("The receipt"),
    "returned": say("Returned for revision"),
    "ineligible": say("Not eligible"),
    "selected": say("Selected"),
    "reserve": say("On the reserve list"),
    "declined": say("Not selected"),
    "invited_to_next_stage": say("Invited to the next stage"),
}
"""The letters that take the office's own words, as the office knows them."""
PLACES: dict[str, Words] = {
    "number": say("the number of the proposal"),
    "title": say("its title"),
    "call": say("the title of the call"),
    "name": say("the name of the principal investigator"),
}
"""What a paragraph may name in braces, such as {number}."""
_PLACE = re.compile(r"\{([^{}\n]*)\}")


def own_words(call: Call, kind: str, values: Mapping[str, Any]) -> tuple[Words, ...]:
    """The office's own paragraphs for the letters of that kind, with ``values`` of PLACES put in; none where the office
    wrote none. The call's columns must be loaded."""
    return paragraphs((call.letters or {}).get(kind, ""), values)


def paragraphs(text: str, values: Mapping[str, Any]) -> tuple[Words, ...]:
    """The paragraphs of ``text``, with ``values`` put in; a place without a value is left empty."""
    filled = _PLACE.sub(lambda found: str(values.get(found[1].strip(), "") or ""), text)
    parts = [part.strip() for part in re.split(r"\n\s*\n", filled)]
    return tuple(say("%(words)s", words=part) for part in parts if part)


def unknown_places(text: str) -> list[str]:
    """What ``text`` names in braces and no letter knows, in order, with every brace that has no partner."""
    unknown = [found[0] for found in _PLACE.finditer(text) if found[1].strip() not in PLACES]
    return unknown + re.findall(r"[{}]", _PLACE.sub("", text))


def change_letters(call: Call, texts: Mapping[str, str], *, version: int, by: Actor) -> bool:
    """Set the office's own words, by kind.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged``. Raises: Refused; Stale; Incomplete at the kind of a text that
    names an unknown place. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    wanted = {kind: texts[kind] for kind in LETTERS if texts.get(kind)}
    if wrong := {kind: reason for kind, text in wanted.items() if (reason := fault(text))}:
        raise Incomplete(say("The letters were not saved."), wrong)
    before = dict(call.letters or {})
    if before == wanted:
        return False
    call.letters = wanted
    note(call, {"letters": [before, wanted]}, by=by)
    return True


def fault(text: str) -> Words | None:
    """Why ``text`` cannot stand in a letter, or None."""
    if len(text) > Limit.REASON:
        return say("At most %(limit)s characters; this has %(length)s.", limit=Limit.REASON, length=len(text))
    if unknown := unknown_places(text):
        known = ", ".join(f"{{{place}}}" for place in PLACES)
        return say("No letter knows %(what)s. Use %(known)s.", what=", ".join(unknown), known=known)
    return None
