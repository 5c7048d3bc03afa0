"""Guards over the source: what no review should have to catch twice. Each was broken once on purpose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from intake.extensions import db
from intake.vocabulary import Action

pytestmark = pytest.mark.once
ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "intake").rglob("*.py"))
TEMPLATES = sorted(each for each in (ROOT / "templates").rglob("*.html") if "messages" not in each.parts)


BROKEN = ROOT / "templates" / "errors" / "500.html"
"""Shown when anything may be broken, translations and addresses included: it stands alone."""


def name_of(path: Path) -> str:
    """The path as the tables below write it."""
    return path.relative_to(ROOT).as_posix()


def nodes(path: Path) -> Iterator[ast.AST]:
    """Everything in a module."""
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


# --- one door ---------------------------------------------------------------------------------------------------------

SETS_A_STATE = {
    "intake/proposal/lifecycle.py": "a proposal's: the one door",
    "intake/review/writing.py": "a review's own state",
    "intake/match/pairing.py": "a pairing's own state",
    "intake/review/planning.py": "a batch's own state",
    "intake/review/applying.py": "a batch's own state",
    "intake/review/reverting.py": "a batch's own state",
    "intake/notification/delivery.py": "a message's own state",
}


def test_only_the_lifecycle_sets_a_proposals_state() -> None:
    offenders = []
    for path in SOURCES:
        for node in nodes(path):
            targets = (
                node.targets
                if isinstance(node, ast.Assign)
                else [node.target]
                if isinstance(node, ast.AugAssign)
                else []
            )
            flat = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
            for target in flat:
                if not (isinstance(target, ast.Attribute) and target.attr == "state"):
                    continue
                owner = target.value.id if isinstance(target.value, ast.Name) else "?"
                allowed = name_of(path) in SETS_A_STATE
                if not allowed or (owner == "proposal" and name_of(path) != "intake/proposal/lifecycle.py"):
                    offenders.append(f"{name_of(path)}:{target.lineno}")
    assert not offenders, f"{offenders}: move proposals through proposal.lifecycle.advance"


def test_no_bulk_statement_or_setattr_sets_a_proposals_state() -> None:
    bulk = re.compile(r"update\(Proposal\)[^\n]*\n?[^\n]*state=|setattr\([^)]*[\"']state[\"']")
    assert not [name_of(path) for path in SOURCES if bulk.search(path.read_text(encoding="utf-8"))]


# --- one commit -------------------------------------------------------------------------------------------------------

COMMITS = {
    "intake/views/gate.py": "once for each request",
    "intake/commands.py": "once for each command",
    "intake/notification/delivery.py": "a lease before the mail is sent, its end after",
    "intake/sweep.py": "each batch of what is cleared away",
    "intake/watch.py": "each offer that goes on, each lot of reminders",
    "intake/leasing.py": "a lease before a worker's work",
    "intake/match/holding.py": "how far a worker's scoring is, what it has made, and its end",
    "intake/match/meanings.py": "the vectors of a few texts at a time",
    "intake/match/stamps.py": "the calls that are to be scored anew",
    "intake/proposal/file_scan.py": "the verdict of the scanner",
    "intake/proposal/printing.py": "the name of a receipt's PDF",
    "intake/review/solving.py": "what the engine found of a large batch",
    "intake/views/administrator/commands.py": "once for each command",
}


def test_only_the_gate_and_what_runs_without_it_commit() -> None:
    offenders = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "commit"
        and name_of(path) not in COMMITS
    ]
    assert not offenders, f"{offenders}: operations flush; views.gate commits"


# --- the shape of the models ------------------------------------------------------------------------------------------


def test_no_relationship_loads_by_itself(shared_app: object) -> None:
    eager = [
        str(relationship)
        for mapper in db.Model.registry.mappers
        for relationship in mapper.relationships
        if relationship.lazy != "raise_on_sql"
    ]
    assert not eager, f"{eager}: add **lazily() and load it in the query"


def test_every_text_column_has_its_limit_in_the_database(shared_app: object) -> None:
    unlimited = []
    for table in db.metadata.tables.values():
        checks = " ".join(str(each.sqltext) for each in table.constraints if isinstance(each, sa.CheckConstraint))
        for column in table.columns:
            fixed = (
                isinstance(column.type, sa.Enum) or column.type.length in (40, 64)
                if isinstance(column.type, sa.String)
                else True
            )
            if not fixed and not isinstance(column.type, sa.Text) and f"length({column.name})" not in checks:
                unlimited.append(str(column))
    assert set(unlimited) <= {"message.message_id"}, f"{unlimited}: use extensions.limited"


def test_money_is_never_a_float(shared_app: object) -> None:
    floats = {str(c) for t in db.metadata.tables.values() for c in t.columns if isinstance(c.type, sa.Float)}
    assert floats == {"affinity.score", "planned_pair.score"}, "shares of 1, and nothing else, are floats"


# --- templates --------------------------------------------------------------------------------------------------------

FORBIDDEN = {
    r"\|\s*safe\b": "let display functions return Markup",
    r"\sstyle\s*=": "the content policy forbids inline styles: use a class",
    r"<style": "the content policy forbids inline styles",
    r"<script(?![^>]*\ssrc=)": "the content policy forbids inline scripts",
    r"\son(click|load|submit|change|input|key\w+)\s*=": "the content policy forbids inline handlers",
    r"(href|src|action)\s*=\s*[\"']/": "use url_for",
    r"https?://(?!www\.w3\.org/)": "nothing of a third party, and addresses come from url_for",
    r"\{%-?\s*autoescape": "escaping is never switched off",
    r"current_user\.(role|is_admin|grants)": "ask may()",
    r"me\.holds": "ask may()",
}


@pytest.mark.parametrize("template", [each for each in TEMPLATES if each != BROKEN], ids=name_of)
def test_templates_keep_to_macros_may_and_url_for(template: Path) -> None:
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [f"{pattern}: {advice}" for pattern, advice in FORBIDDEN.items() if re.search(pattern, text)]
    assert not found


def spoken(template: Path) -> list[str]:
    """The words of a template that stand outside gettext."""
    text = template.read_text(encoding="utf-8")
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*block page_class.*?endblock[^%]*%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->|<(script|style)\b.*?</\1>", " ", text, flags=re.DOTALL)
    labels = re.findall(r"\b(?:aria-label|title|placeholder|alt)=\"([^\"]*[A-Za-z]{3,}[^\"]*)\"", text)
    text = re.sub(r"<[^>]*>", "\n", text, flags=re.DOTALL)
    text = re.sub(r"&[a-z]+;|&#\d+;", " ", text)
    return labels + [line.strip() for line in text.splitlines() if re.search(r"[A-Za-z]{2,}", line)]


NAMES_OF_THINGS = {"Intake", "SHA-256", "PDF", "CSV", "JSON", "Esc", "Enter", "kbd", "ORCID", "ROR"}


@pytest.mark.parametrize("template", [each for each in TEMPLATES if each != BROKEN], ids=name_of)
def test_every_word_of_a_page_goes_through_gettext(template: Path) -> None:
    plain = [
        line
        for line in spoken(template)
        if not line.startswith("data-") and not set(re.findall(r"[\w-]{2,}", line)) <= NAMES_OF_THINGS
    ]
    assert not plain, f"{plain}: write {{{{ _('...') }}}}"


# --- routes -----------------------------------------------------------------------------------------------------------


def test_every_action_guards_something(shared_app: object) -> None:
    from flask import Flask

    assert isinstance(shared_app, Flask)
    named = {getattr(view, "names_action", None) for view in shared_app.view_functions.values()}
    named |= {getattr(view, "asks_on_post", None) for view in shared_app.view_functions.values()}
    source = "\n".join(path.read_text(encoding="utf-8") for path in [*SOURCES, *TEMPLATES])
    unused = [a.value for a in Action if a not in named and source.count(f"Action.{a.name}") < 3]
    assert not unused


def test_modules_stay_small() -> None:
    long = {name_of(path): n for path in SOURCES if (n := len(path.read_text(encoding="utf-8").splitlines())) > 300}
    assert set(long) <= {"intake/workflow.py", "intake/vocabulary.py"}, f"{long}: a second noun hides"
