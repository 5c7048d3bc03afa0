"""A part of a call beside its programme's is read by people: its words are those of the pages, not of the tables."""

from __future__ import annotations

from flask import Flask

from intake.views.coordinator.setup_text import as_text

FORM = {
    "sections": [
        {
            "key": "summary",
            "label": {"en": "Title and abstract", "zh": ""},
            "page": "questions",
            "questions": [
                {"key": "title", "kind": "short_text", "label": {"en": "Title", "zh": ""}, "required": True},
                {"key": "abstract", "kind": "long_text", "label": {"en": "Abstract", "zh": ""}, "required": True},
                {"key": "worked", "kind": "yes_no", "label": {"en": "Worked before?", "zh": ""}},
                {
                    "key": "on_what",
                    "kind": "long_text",
                    "label": {"en": "On what?", "zh": ""},
                    "limit": 60,
                    "unit": "words",
                    "seen_by": "reviewers",
                    "show_if": {"all": [{"question": "worked", "is": "equals", "value": True}]},
                },
            ],
        },
        {"key": "team", "label": {"en": "Team", "zh": ""}, "page": "team", "questions": []},
    ]
}


def rule(check: str, **facts: object) -> dict[str, object]:
    return {"code": "r1", "text": "A rule.", "source": "", "level": "stop", "check_name": check, "facts": facts}


def test_a_form_is_told_in_the_words_of_its_builder(app: Flask) -> None:
    with app.test_request_context():
        told = as_text("form", FORM)
    assert "On what? (Long text, optional, at most 60 words, Reviewers)" in told
    assert "   Asked only if “Worked before?” is yes" in told
    assert "Worked before? (Yes or no, optional, Office only)" in told
    assert not [line for line in told if "long_text" in line or "on_what" in line]


def test_the_settings_of_a_check_are_named_as_on_the_page_of_the_rule(app: Flask) -> None:
    with app.test_request_context():
        pages = as_text("rules", [rule("page-limit", pages=10, file_pages=12)])
        kinds = as_text("rules", [rule("appointment", kinds=["phd_student", "staff"])])
        cap = as_text("rules", [rule("award-cap", cap=7_000_050)])
        unknown = as_text("rules", [rule("no-such-check", odd=[1, 2])])
    assert "   Pages of the description, at most: 10" in pages
    assert "   Pages of a PDF, at most: 12" in pages
    assert "   Who may lead: PhD student, staff" in kinds
    assert "   A cap of its own: 70,000.50" in cap
    assert "   odd: 1, 2" in unknown
