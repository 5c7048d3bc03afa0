"""The parts of a proposal, in the order in which it is written. A return for revision names those that may change."""

from __future__ import annotations

from intake.vocabulary import Words, say

PARTS: dict[str, Words] = {
    "summary": say("Title and abstract"),
    "theme": say("Theme and keywords"),
    "team": say("Team"),
    "description": say("Description"),
    "budget": say("Budget and duration"),
    "attachments": say("Attachments"),
    "declarations": say("Declarations"),
}

PART_OF: dict[str, str] = {
    "title": "summary",
    "title_zh": "summary",
    "abstract": "summary",
    "theme_id": "theme",
    "keywords": "theme",
    "description": "description",
    "amount_minor": "budget",
    "duration_months": "budget",
    "nothing_confidential": "declarations",
    "own_work": "declarations",
    "one_university": "declarations",
}
"""Which part each answer of a proposal stands in."""
