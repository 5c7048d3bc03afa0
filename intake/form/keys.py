"""Keys made of labels: short, ASCII, and used once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from intake.form.kinds import CORE
from intake.form.taking import CLOBBERING, RESERVED

_LONGEST = 36
"""Leaves room for a number behind."""


def key_for(label: str, taken: Collection[str], fallback: str) -> str:
    """A key that says what ``label`` (in English) says and is in none of ``taken``; ``fallback``, ``fallback_2`` and so
    on where it has no letters for one. Never the key of a core question, which is chosen on purpose."""
    letters = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")
    if words and not words[0].isalpha():
        words = f"{fallback}_{words}"
    beginning = words[:_LONGEST].rstrip("_") or fallback
    forbidden = {*taken, *CORE, *RESERVED, *CLOBBERING}
    found, number = beginning, 1
    while found in forbidden:
        number += 1
        found = f"{beginning}_{number}"
    return found


def with_keys(question: dict[str, Any]) -> dict[str, Any]:
    """A question's facts with a key for every option, and every category of a budget, that has none yet."""
    made = dict(question)
    if isinstance(made.get("options"), list):
        made["options"] = _keyed(made["options"], "option")
    budget = made.get("budget")
    if isinstance(budget, dict) and isinstance(budget.get("categories"), list):
        made["budget"] = {**budget, "categories": _keyed(budget["categories"], "category")}
    return made


def _keyed(options: list[Any], fallback: str) -> list[Any]:
    taken = {each["key"] for each in options if isinstance(each, dict) and isinstance(each.get("key"), str)}
    found = []
    for each in options:
        if isinstance(each, dict) and not each.get("key"):
            label = each.get("label")
            text = label.get("en") if isinstance(label, dict) else None
            key = key_for(text if isinstance(text, str) else "", taken, fallback)
            taken.add(key)
            found.append({**each, "key": key})
        else:
            found.append(each)
    return found
