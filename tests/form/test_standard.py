"""The standard form asks what the product has always asked, under the same names."""

from __future__ import annotations

import itertools

import pytest

from intake.form.definition import CORE, Page, SeenBy, as_data, parse, storage_limit
from intake.form.faults import faults
from intake.form.standard import standard
from intake.vocabulary import Limit

pytestmark = pytest.mark.once

SECTIONS = [
    ("summary", "Title and abstract"),
    ("theme", "Theme and keywords"),
    ("team", "Team"),
    ("description", "Description"),
    ("budget", "Budget and duration"),
    ("attachments", "Attachments"),
    ("declarations", "Declarations"),
]
SECTION_OF = {
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
DECLARATIONS = ("nothing_confidential", "own_work", "one_university")


def test_it_has_the_parts_and_answers_of_a_proposal() -> None:
    form = standard(themes=True, standing=False, declarations=DECLARATIONS)
    assert [(each.key, each.label.en) for each in form.sections] == SECTIONS
    assert {each.key: form.section_of(each.key).key for each in form.questions} == SECTION_OF
    assert form.section("team").page is Page.TEAM
    assert form.section("attachments").page is Page.FILES


def test_it_is_a_sound_form_in_every_kind_of_call() -> None:
    for themes, standing in itertools.product((True, False), repeat=2):
        for count in range(len(DECLARATIONS) + 1):
            form = standard(themes=themes, standing=standing, declarations=DECLARATIONS[:count])
            assert parse(as_data(form)) == form
            assert [each.key for each in form.section("declarations").questions] == list(DECLARATIONS[:count])
            assert ("theme_id" in {each.key for each in form.questions}) is themes


def test_what_must_be_answered() -> None:
    project = standard(themes=True, standing=False, declarations=DECLARATIONS)
    assert [each.key for each in project.questions if each.required] == [
        "title",
        "abstract",
        "theme_id",
        "keywords",
        "description",
        "amount_minor",
        "duration_months",
    ]
    ideas = standard(themes=False, standing=True, declarations=())
    assert [each.key for each in ideas.questions if each.required] == ["title", "abstract", "keywords", "description"]


def test_an_empty_draft_is_told_what_it_always_was() -> None:
    form = standard(themes=True, standing=False, declarations=DECLARATIONS)
    empty = {"title": "", "theme_id": None, "amount_minor": 0, "duration_months": None, "own_work": False}
    assert [(each.section, each.question, str(each.reason)) for each in faults(form, empty, files={}, themes=[1])] == [
        ("summary", "title", "Give it a title."),
        ("summary", "abstract", "Write an abstract."),
        ("theme", "theme_id", "Choose a theme of the call."),
        ("theme", "keywords", "Give some keywords."),
        ("description", "description", "Describe the work."),
        ("budget", "amount_minor", "Say how much you ask for."),
        ("budget", "duration_months", "Say how many months it takes."),
    ]


def test_a_whole_one_as_the_columns_keep_it_lacks_nothing() -> None:
    form = standard(themes=True, standing=False, declarations=DECLARATIONS)
    whole = {
        "title": "Optics",
        "title_zh": "",
        "abstract": "Light.",
        "theme_id": 1,
        "keywords": "light",
        "description": "Much light.",
        "amount_minor": 7_000_000,
        "duration_months": 24,
        "nothing_confidential": False,
    }
    assert faults(form, whole, files={}, themes=[1]) == []
    assert [each.question for each in faults(form, whole, files={}, themes=[2])] == ["theme_id"]


def test_limits_are_those_of_the_columns_and_reviewers_see_all_but_declarations() -> None:
    form = standard(themes=True, standing=False, declarations=DECLARATIONS)
    assert [
        storage_limit(form.question(key)) for key in ("title", "title_zh", "abstract", "keywords", "description")
    ] == [
        Limit.TITLE,
        Limit.TITLE,
        Limit.ABSTRACT,
        Limit.KEYWORDS,
        Limit.DESCRIPTION,
    ]
    assert {each.key for each in form.questions} == set(CORE)
    assert {each.key for each in form.questions if each.seen_by is SeenBy.OFFICE} == set(DECLARATIONS)
