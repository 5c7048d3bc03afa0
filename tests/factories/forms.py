"""A form of a call's own, with a question of most kinds, two that are shown by answers, and one for every reader."""

from __future__ import annotations

import hashlib
from typing import Any

from intake import clock
from intake.audit.chain import canonical
from intake.call.models import Call, FormVersion
from intake.extensions import db
from intake.form.definition import as_data, parse

OPEN = {"seen_by": "reviewers", "leaves": True}
"""Of a question whose answer reviewers and the sponsor get."""


def asked(key: str, kind: str, label: str, **facts: Any) -> dict[str, Any]:
    """One question of a definition."""
    return {"key": key, "kind": kind, "label": {"en": label}, **facts}


def section(key: str, label: str, *questions: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """One section of a definition."""
    return {"key": key, "label": {"en": label}, "questions": list(questions), **facts}


CATEGORIES = [{"key": "staff", "label": {"en": "Staff"}}, {"key": "travel", "label": {"en": "Travel"}}]
WITH_A_COMPANY = {"all": [{"question": "company_takes_part", "is": "equals", "value": True}]}
DEFINITION: dict[str, Any] = {
    "sections": [
        section(
            "idea",
            "The idea",
            asked("title", "short_text", "Title", required=True),
            asked("abstract", "long_text", "Abstract", required=True, limit=5, unit="words"),
            asked("company_takes_part", "yes_no", "Does a company take part?", required=True, **OPEN),
            asked(
                "which_company",
                "organisation",
                "Which company?",
                required=True,
                seen_by="reviewers",
                blind=True,
                show_if=WITH_A_COMPANY,
            ),
            asked("note", "long_text", "Note to the office"),
        ),
        section("team", "Team", page="team"),
        section(
            "money",
            "Money and time",
            asked(
                "costs",
                "budget",
                "Costs",
                required=True,
                budget={"categories": CATEGORIES, "years": 2, "overhead_percent": "10"},
                **OPEN,
            ),
            asked("steps", "milestones", "Steps", **OPEN),
            asked("begins", "date", "Begins", seen_by="reviewers", listed=True),
            asked("cv", "attachment", "Curriculum vitae", files={"endings": [".pdf"], "most": 1}),
        ),
    ]
}
"""Who gets what: the company's name is hidden from reviewers who judge blind, the note and the file stay in the office,
the budget and the steps leave the university."""


def give_form(call: Call, definition: dict[str, Any] | None = None, ordinal: int = 1) -> FormVersion:
    """Publish a form in the call."""
    data = as_data(parse(definition or DEFINITION))
    version = FormVersion(
        call_id=call.id,
        ordinal=ordinal,
        definition=data,
        sha256=hashlib.sha256(canonical(data)).hexdigest(),
        published_at=clock.now(),
    )
    db.session.add(version)
    db.session.flush()
    return version
