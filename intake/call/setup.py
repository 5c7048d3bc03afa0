"""The setup of a call as one document {form, rules, rubric, phases, letters}, the same for a call and its programme.

``form`` is a definition as ``intake/form`` reads it, or None for the standard form; ``rules`` and ``rubric`` are lists
of rows without call and position; ``phases`` are the switches of the review; ``letters`` are the office's own words by
kind. What a programme does not say is the standard: of its kind, with ``call/rubric.py``.
"""

from __future__ import annotations

from typing import Any

from intake.call import kinds, rubric
from intake.call.models import Call, FormVersion
from intake.call.queries import PHASES
from intake.programme.models import Programme

PARTS = ("form", "rules", "rubric", "phases", "letters")
OF_RULE = ("code", "text", "source", "level", "check_name", "facts")
OF_CRITERION = ("code", "name", "question", "weight", "least", "most", "anchors")


def setup_of(call: Call) -> dict[str, Any]:
    """The call's setup. ``forms``, ``rules`` and ``criteria`` must be loaded."""
    form = form_of(call)
    return {
        "form": form.definition if form else None,
        "rules": [row(each, OF_RULE) for each in call.rules],
        "rubric": [row(each, OF_CRITERION) for each in call.criteria],
        "phases": {name: plain(getattr(call, name)) for name in PHASES},
        "letters": {kind: text for kind, text in sorted(call.letters.items()) if text},
    }


def setup_of_programme(programme: Programme) -> dict[str, Any]:
    """The programme's setup, with the standard for what it does not say."""
    said = programme.setup or {}
    standard: dict[str, Any] = {
        "form": None,
        "rules": kinds.rules(programme),
        "rubric": rubric.standard(),
        "phases": kinds.phases(programme),
        "letters": {},
    }
    found = {part: said.get(part, standard[part]) for part in PARTS}
    return found | {"phases": standard["phases"] | found["phases"]}


def differences(call: Call) -> set[str]:
    """The parts in which the call differs from its programme."""
    own, theirs = setup_of(call), setup_of_programme(call.programme)
    return {part for part in PARTS if own[part] != theirs[part]}


def form_of(call: Call) -> FormVersion | None:
    """The version that says what the call's form is: the newest published one, else the one being worked on."""
    published = [each for each in call.forms if each.published_at is not None]
    known = published or list(call.forms)
    return known[-1] if known else None


def row(of: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """Those columns of a row, as plain JSON."""
    return {name: plain(getattr(of, name)) for name in names}


def plain(value: Any) -> Any:
    """A column as JSON keeps it: a word as its text."""
    return getattr(value, "value", value)
