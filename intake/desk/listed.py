"""The answers that the form of a call wants in its list: those whose question is marked so."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from intake.call.forms import published, read
from intake.call.models import Call
from intake.extensions import db
from intake.form.definition import CORE
from intake.form.showing import shown
from intake.form.texts import Reader
from intake.proposal.models import Proposal
from intake.proposal.telling import text_of

LONGEST = 80
"""Characters of an answer in a row; more is cut in the list, with a sign that it is."""


def listed_answers(call: Call, ids: Sequence[int], language: str) -> dict[int, list[tuple[str, str]]]:
    """Label and text of the listed answers of each of these proposals of the call, in the form's order. ``call`` with
    themes. Statements: 1, and 1 more where its form lists something."""
    forms = {version.id: read(version) for version in published(call.id)}
    wanted = {
        key: [each for each in form.questions if each.listed and each.key not in CORE] for key, form in forms.items()
    }
    if not ids or not any(wanted.values()):
        return {}
    reader = Reader(language, {theme.id: theme.name for theme in call.themes}, str(call.currency))
    asked = sa.select(Proposal.id, Proposal.form_version_id, Proposal.answers).where(Proposal.id.in_(ids))
    found: dict[int, list[tuple[str, str]]] = {}
    for proposal_id, version_id, answers in db.session.execute(asked):
        if version_id in forms:
            seen = shown(forms[version_id], answers)
            texts = [
                (reader.say(each.label), text_of(reader, each, answers.get(each.key)))
                for each in wanted[version_id]
                if each.key in seen
            ]
            found[proposal_id] = [(label, _short(text)) for label, text in texts if text]
    return found


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
