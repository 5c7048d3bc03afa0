"""Checks of texts and files: their pages, their language, words that speak of secrets."""

from __future__ import annotations

from typing import Any

import pytest

from intake.extensions import db
from intake.proposal.models import Attachment, Proposal
from intake.proposal.rulebook import pages_allowed
from intake.vocabulary import FileState
from tests.factories.people import draft, faculty_member, whole
from tests.proposal.ruled import a_rule, answered, one, reasons, ruled, told


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    from tests.factories.people import load_catalogue

    load_catalogue()


@pytest.mark.parametrize(
    ("facts", "length", "met"),
    [
        ({}, 30_000, True),
        ({}, 30_001, False),
        ({"pages": 2}, 6_000, True),
        ({"pages": 2}, 6_001, False),
        ({"pages": 0}, 30_000, True),
        ({"pages": "2"}, 30_001, False),
        ({"pages": True}, 3_001, True),
        ({}, 0, True),
    ],
)
def test_pages_of_the_description(facts: dict[str, Any], length: int, met: bool) -> None:
    call = ruled(a_rule("page-limit", **facts))
    found = one(draft(call, faculty_member(), description="a" * length))
    assert told(found) == ([] if met else [("description", "description", "stop")])


def test_how_many_pages_the_rules_allow() -> None:
    several = ruled(a_rule("page-limit", pages=4), a_rule("page-limit", code="page-limit-2", pages=3))
    assert pages_allowed(several.rules) == 3
    assert pages_allowed(ruled(a_rule("page-limit")).rules) == 10
    assert pages_allowed(ruled(a_rule("language")).rules) is None


def _file(proposal: Proposal, name: str, pages: int | None, **columns: Any) -> Attachment:
    file = Attachment(
        proposal_id=proposal.id,
        name=name,
        content_type="application/pdf",
        size=1,
        pages=pages,
        sha256="0" * 64,
        file_key=f"{proposal.id}-{name}",
        **columns,
    )
    db.session.add(file)
    db.session.flush()
    return file


def test_pages_of_files() -> None:
    proposal = draft(ruled(a_rule("page-limit", file_pages=4)), faculty_member())
    _file(proposal, "four.pdf", 4)
    _file(proposal, "table.xlsx", None)
    _file(proposal, "refused.pdf", 90, state=FileState.REFUSED, refused_reason="It is broken.")
    assert told(one(whole(proposal))) == []
    _file(proposal, "five.pdf", 5, state=FileState.CHECKING)
    found = one(whole(proposal))
    assert told(found) == [("attachments", "file", "stop")]
    assert "five.pdf has 5 pages; at most 4" in reasons(found)


def test_a_questions_own_limit_of_pages_goes_before_the_rules() -> None:
    asks = tuple(
        {"key": key, "kind": "attachment", "label": {"en": key}, "files": files}
        for key, files in (("cv", {"max_pages": 20}), ("plan", {}))
    )
    proposal = draft(ruled(a_rule("page-limit"), asks=asks), faculty_member())
    _file(proposal, "cv.pdf", 15, question="cv")
    assert told(one(whole(proposal))) == []
    _file(proposal, "plan.pdf", 15, question="plan")
    assert told(one(whole(proposal))) == [("details", "plan", "stop")]


ENGLISH = "We join the racks of a hall by light and measure what that saves."
CHINESE = "我們以光連接機房裏的機櫃，並量度所節省的能量。"
MIXED = "我們以 silicon photonics 連接機櫃 rack by rack。"
RUSSIAN = "Мы соединяем стойки светом."


@pytest.mark.parametrize(
    ("languages", "passing"),
    [
        (None, {ENGLISH, CHINESE, MIXED}),
        (["en", "zh"], {ENGLISH, CHINESE, MIXED}),
        (["en"], {ENGLISH}),
        (["zh"], {CHINESE, MIXED}),
        (["ru"], {ENGLISH, CHINESE, MIXED}),
        ("en", {ENGLISH, CHINESE, MIXED}),
    ],
)
def test_languages(languages: Any, passing: set[str]) -> None:
    call = ruled(a_rule("language", **({} if languages is None else {"languages": languages})))
    for text in (ENGLISH, CHINESE, MIXED, RUSSIAN):
        proposal = draft(
            call, faculty_member(f"W{ord(text[0])}{len(text)}"), title=text, abstract=text, description=text
        )
        assert told(one(proposal)) == ([] if text in passing else [("summary", "title", "stop")]), text


def test_a_text_without_letters_and_other_long_answers_have_a_language_too() -> None:
    asks = ({"key": "impact", "kind": "long_text", "label": {"en": "Impact"}},)
    proposal = draft(ruled(a_rule("language"), asks=asks), faculty_member(), title="12 + 30 = 42")
    assert told(one(proposal)) == []
    assert told(one(answered(proposal, impact=RUSSIAN))) == [("details", "impact", "stop")]


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("It is patent pending.", True),
        ("It is PATENT-PENDING.", True),
        ("A patent\npending in Utopia.", True),
        ("This is confidential.", True),
        ("We study confidentiality.", False),
        ("Everything here is non-confidential.", False),
        ("Our trade secrets stay ours.", True),
        ("A proprietary format.", True),
        ("本方法專利申請中。", True),
        ("内容为机密。", True),
        ("Patents are pending questions.", False),
        ("Light joins racks.", False),
    ],
)
def test_words_that_speak_of_secrets_warn(text: str, warned: bool) -> None:
    found = one(draft(ruled(a_rule("nothing-confidential")), faculty_member(), description=text))
    assert told(found) == ([("description", "description", "warn")] if warned else [])
    assert found.standing == ("warned" if warned else "met")
    assert ("Description speaks of:" in reasons(found)) is warned


def test_the_words_are_a_setting_and_are_found_in_every_answer_that_counts() -> None:
    asks = (
        {"key": "partners", "kind": "people", "label": {"en": "Partners"}},
        {"key": "more", "kind": "yes_no", "label": {"en": "More?"}},
        {
            "key": "hidden",
            "kind": "long_text",
            "label": {"en": "Hidden"},
            "show_if": {"all": [{"question": "more", "is": "equals", "value": True}]},
        },
        {"key": "nothing_confidential", "kind": "declaration", "label": {"en": "Nothing confidential"}},
    )
    call = ruled(a_rule("nothing-confidential", words=["Project X"]), asks=asks)
    proposal = draft(call, faculty_member(), abstract="It is confidential.")
    row = {"name": "Otto", "organisation": "The makers of project  x", "email": "", "orcid": "", "ror": ""}
    found = one(answered(proposal, partners=[row], hidden="Project X"))
    assert told(found) == [("details", "partners", "warn")]
    assert told(one(answered(proposal, more=True))) == [("details", "partners", "warn"), ("details", "hidden", "warn")]
    none = ruled(a_rule("nothing-confidential", words=[]), of="AIR-2021")
    assert told(one(draft(none, faculty_member("Z"), abstract="It is confidential."))) == []


def test_words_and_an_open_declaration_are_told_apart() -> None:
    call = ruled(a_rule("nothing-confidential"))
    found = one(draft(call, faculty_member(), nothing_confidential=False, abstract="A trade secret."))
    assert found.standing == "unmet"
    assert told(found) == [("declarations", "nothing_confidential", "stop"), ("summary", "abstract", "warn")]
