"""A form as a definition: its words, its parts, and the way from JSON and back. Import from here."""

from __future__ import annotations

from intake.form.canonical import as_data
from intake.form.facts import FACTS
from intake.form.kinds import ALWAYS, CORE, ENDINGS, MOST_ROWS, OPERATORS, Is, Kind, Page, SeenBy, Unit, always_open
from intake.form.parsing import parse
from intake.form.shape import (
    BadForm,
    Bounds,
    BudgetRule,
    Condition,
    FileLimits,
    Form,
    Label,
    Option,
    Question,
    RowLimits,
    Section,
    ShowIf,
    label_in,
    storage_limit,
)

__all__ = [
    "ALWAYS",
    "CORE",
    "ENDINGS",
    "FACTS",
    "MOST_ROWS",
    "OPERATORS",
    "BadForm",
    "Bounds",
    "BudgetRule",
    "Condition",
    "FileLimits",
    "Form",
    "Is",
    "Kind",
    "Label",
    "Option",
    "Page",
    "Question",
    "RowLimits",
    "Section",
    "SeenBy",
    "ShowIf",
    "Unit",
    "always_open",
    "as_data",
    "label_in",
    "parse",
    "storage_limit",
]
