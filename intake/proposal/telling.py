"""What a proposal answers, told to a reader: the one place where the form, the answers and the files come together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from intake.call.forms import read
from intake.form.definition import Form, Kind, Question
from intake.form.faults import FileFacts
from intake.form.showing import shown
from intake.form.tables import table
from intake.form.telling import Audience, ToldSection, told, visible
from intake.form.texts import Reader, text
from intake.form.values import standing
from intake.proposal.answers import answers_of, form_of
from intake.proposal.models import Attachment, Proposal


def told_to(proposal: Proposal, audience: Audience, language: str = "en") -> list[ToldSection]:
    """Every question that is asked and that ``audience`` may read, with its answer, in the form's order.

    ``call`` with themes and rules, ``form`` and ``attachments`` must be loaded.
    """
    return told(
        form_of(proposal),
        answers_of(proposal),
        audience=audience,
        language=language,
        theme_names=theme_names(proposal),
        files=files_of(proposal),
        currency=str(proposal.call.currency),
    )


def beyond_core(sections: Sequence[ToldSection]) -> list[ToldSection]:
    """What pages that show the core answers elsewhere have left: sections with an answer, less the core ones."""
    found = []
    for section in sections:
        rest = tuple(each for each in section.answers if not each.core and each.text)
        if rest:
            found.append(ToldSection(section.key, section.label, rest))
    return found


def reader_of(proposal: Proposal, language: str = "en") -> Reader:
    """How single answers of the proposal read in a language."""
    return Reader(language, theme_names(proposal), str(proposal.call.currency))


def text_of(reader: Reader, question: Question, value: Any) -> str:
    """One answer as text, whatever its kind; nothing where there is none."""
    value = standing(question, value)
    return table(question, value, (), reader).text or text(question, value, reader)


def theme_names(proposal: Proposal) -> dict[int, str]:
    """The names of the call's themes by id."""
    return {theme.id: theme.name for theme in proposal.call.themes}


def files_of(proposal: Proposal) -> Mapping[str, Sequence[FileFacts]]:
    """The files that stand with the proposal, by the key of the question that they answer."""
    found: dict[str, list[FileFacts]] = {}
    for each in proposal.attachments:
        if each.removed_at is None and each.question:
            found.setdefault(each.question, []).append(FileFacts(each.pages, each.size, each.name))
    return found


OUTSIDE = (Audience.REVIEWER, Audience.BLIND_REVIEWER, Audience.SPONSOR)
"""The readers beyond team and office, who are told only what the form marks for them."""


def file_readers(proposal: Proposal, file: Attachment) -> frozenset[Audience]:
    """Who beyond team and office gets a file: as the question says that it answers; a free attachment goes to all, and
    one whose question is not asked to nobody. ``form`` must be loaded."""
    if not file.question:
        return frozenset(OUTSIDE)
    if proposal.form is None:
        return frozenset()
    form = read(proposal.form)
    asked = shown(form, answers_of(proposal))
    found = [each for each in form.questions if each.key == file.question and each.key in asked]
    return frozenset(audience for audience in OUTSIDE for each in found if visible(each, audience))


def held_for(content: Mapping[str, Any], audience: Audience) -> list[dict[str, Any]]:
    """What a receipt holds for a reader beyond the core answers: sections with the answers that are theirs to read. Of
    files a blind reviewer is told nothing here: their names could tell who applies, and the pages list them without."""
    found = []
    for section in content.get("sections", []):
        own = [each for each in section["answers"] if not each["core"] and each["text"]]
        if audience in OUTSIDE:
            own = [each for each in own if audience.value in each["for"]]
        if audience is Audience.BLIND_REVIEWER:
            own = [each for each in own if each["kind"] != Kind.ATTACHMENT]
        if own:
            found.append({**section, "answers": own})
    return found


def as_json(form: Form, sections: Sequence[ToldSection]) -> list[dict[str, Any]]:
    """The same as plain JSON values, for a receipt: it stands by itself, whatever becomes of the form. ``for`` names
    the readers beyond team and office."""
    return [
        {
            "key": section.key,
            "label": section.label,
            "answers": [
                {
                    "key": each.key,
                    "label": each.label,
                    "kind": each.kind.value,
                    "text": each.text,
                    "heads": list(each.heads),
                    "rows": [list(row) for row in each.rows],
                    "foot": [list(row) for row in each.foot],
                    "core": each.core,
                    "for": [audience.value for audience in OUTSIDE if visible(form.question(each.key), audience)],
                }
                for each in section.answers
            ],
        }
        for section in sections
    ]
