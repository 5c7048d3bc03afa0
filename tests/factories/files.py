"""Calls that ask for files, and proposals in them."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from intake import clock
from intake.call.forms import standard_form
from intake.call.models import Call, FormVersion
from intake.extensions import db
from intake.form.definition import as_data

CV: dict[str, Any] = {
    "key": "cv",
    "kind": "attachment",
    "label": {"en": "Curriculum vitae", "zh": "履歷"},
    "help": {"en": "Two pages about yourself.", "zh": ""},
    "files": {"endings": [".pdf"], "most": 1, "max_bytes": 20_000, "max_pages": 2},
}
PLANS: dict[str, Any] = {
    "key": "plans",
    "kind": "attachment",
    "label": {"en": "Plans", "zh": ""},
    "files": {"endings": [".pdf", ".docx", ".png", ".jpg"], "most": 3},
}


NOTE: dict[str, Any] = {"key": "note", "kind": "short_text", "label": {"en": "Note on the papers", "zh": ""}}


def asking_for_files(call: Call, *, free: bool = True) -> FormVersion:
    """Give the call a form: the standard one, and a section with a note and two questions for files, ``cv`` and
    ``plans``. Without ``free`` nothing may be attached freely."""
    data = as_data(standard_form(call))
    section = {
        "key": "papers",
        "label": {"en": "Papers", "zh": ""},
        "page": "questions",
        "questions": [NOTE, CV, PLANS],
    }
    data["sections"] = [*[each for each in data["sections"] if free or each.get("page") != "files"], section]
    text = json.dumps(data, sort_keys=True)
    made = FormVersion(
        call_id=call.id,
        ordinal=1,
        definition=data,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        published_at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made
