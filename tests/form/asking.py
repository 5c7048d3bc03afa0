"""Small forms and questions for examples written by hand."""

from __future__ import annotations

from typing import Any

from intake.form.definition import Form, Kind, Label, Question, parse


def ask(kind: str, key: str = "it", **facts: Any) -> dict[str, Any]:
    """A question as a definition has it."""
    return {"key": key, "kind": kind, "label": {"en": key.capitalize()}} | facts


def options(*keys: str) -> list[dict[str, Any]]:
    """Options, or categories, as a definition has them."""
    return [{"key": key, "label": {"en": key.capitalize(), "zh": f"{key}（中）"}} for key in keys]


def form_of(*questions: dict[str, Any]) -> Form:
    """A form that asks these after title and abstract."""
    asked = [ask("short_text", "title"), ask("long_text", "abstract"), *questions]
    team = {"key": "team", "label": {"en": "Team"}, "page": "team"}
    return parse({"sections": [{"key": "main", "label": {"en": "Main", "zh": "主要"}, "questions": asked}, team]})


def question(kind: str, key: str = "it", **facts: Any) -> Question:
    """One question, checked as part of a form."""
    return form_of(ask(kind, key, **facts)).question(key)


def plain(kind: Kind, key: str = "it") -> Question:
    """A question of a kind without any facts, even those that its kind needs."""
    return Question(key, kind, Label("It"))
