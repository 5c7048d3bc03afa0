"""The form of a call that has none of its own: what the product has always asked."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from intake.form.kinds import CORE, Page, SeenBy, always_open
from intake.form.shape import Bounds, Form, Label, Question, Section
from intake.vocabulary import Limit

DECLARATIONS = {
    "nothing_confidential": "It holds nothing confidential or proprietary: the sponsor may treat all of it as public.",
    "own_work": "I apply for my own work, not on behalf of a student or of anybody who may not apply.",
    "one_university": "No other university takes part as an applicant.",
}
"""What the rules of a call may ask to be declared, by the key of the answer."""


def standard(*, themes: bool, standing: bool, declarations: Collection[str]) -> Form:
    """The standard form. ``themes``: the call has some; ``standing``: it is always open, and needs no amount and no
    duration; ``declarations``: the keys of those that its rules ask for (a rule not met says so itself)."""
    return Form(
        (
            _summary(),
            _theme(themes),
            _section("team", "Team", "Add those who write with you.", page=Page.TEAM),
            _description(),
            _budget(required=not standing),
            _section(
                "attachments",
                "Attachments",
                "Attach what does not fit into the text, such as a letter or a table. A proposal needs no file.",
                page=Page.FILES,
            ),
            _declarations(declarations),
        )
    )


def _section(key: str, label: str, words: str, *questions: Question, page: Page = Page.QUESTIONS) -> Section:
    return Section(key, Label(label), Label(words), page, questions)


def _ask(key: str, label: str, words: str = "", required: bool = True, **facts: Any) -> Question:
    everybody = always_open(key)
    seen_by = SeenBy.REVIEWERS if everybody else SeenBy.OFFICE
    return Question(
        key, CORE[key], Label(label), Label(words), required=required, seen_by=seen_by, leaves=everybody, **facts
    )


def _summary() -> Section:
    return _section(
        "summary",
        "Title and abstract",
        "Say in a title and a page what you want to do. You can save it unfinished.",
        _ask("title", "Title", "Everybody who handles the proposal sees the title; of an award it becomes public."),
        _ask("title_zh", "Title in Chinese", "If you have one: it stands beside the title everywhere.", required=False),
        _ask(
            "abstract",
            "Abstract",
            "Why we ask: reviewers read this first, and the sponsor sees it. Who sees it: your team now; the office, "
            "reviewers and the sponsor once it reaches them.",
        ),
    )


def _theme(themes: bool) -> Section:
    keywords = _ask(
        "keywords",
        "Keywords",
        "Parted by commas, in English or Chinese. Who sees them: everybody who handles the proposal; the office finds "
        "reviewers by them.",
    )
    words = "Name what it is about, so that it reaches people who know the field."
    if not themes:
        return _section("theme", "Theme and keywords", words, keywords)
    theme = _ask(
        "theme_id",
        "Theme",
        "Why we ask: the sponsor funds these themes, and the office matches you to a contact by it.",
    )
    words = "Choose the theme that fits best and name what it is about, so that it reaches people who know the field."
    return _section("theme", "Theme and keywords", words, theme, keywords)


def _description() -> Section:
    return _section(
        "description",
        "Description",
        "Describe the work as the reviewers will judge it. A blank line begins a new paragraph.",
        _ask(
            "description",
            "Description",
            "Why we ask: it is what reviewers judge. Who sees it: your team now; the office, reviewers and the sponsor "
            "once it reaches them.",
        ),
    )


def _budget(*, required: bool) -> Section:
    months = Bounds(Decimal(1), Decimal(Limit.DURATION_MONTHS), unit="months")
    return _section(
        "budget",
        "Budget and duration",
        "Say how much you ask for in all, and how long the work takes.",
        _ask(
            "amount_minor",
            "Amount asked for",
            "The total, in the currency of the call. Who sees it: the office, reviewers and the sponsor.",
            required,
            number=Bounds(),
        ),
        _ask("duration_months", "Duration", "In whole months.", required, number=months),
    )


def _declarations(asked: Collection[str]) -> Section:
    words = (
        "Tick what holds. Each line comes from a rule of the call, which stands beside it."
        if asked
        else "The rules of this call ask for no declaration: go on."
    )
    questions = [_ask(key, label, required=False) for key, label in DECLARATIONS.items() if key in asked]
    return _section("declarations", "Declarations", words, *questions)
