"""The form of a rule: its words, and the settings that its check asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import Field

from intake.call.forms import read, standard_form
from intake.call.models import Call, Rule
from intake.call.rules import Written
from intake.call.setup import form_of
from intake.form.definition import label_in
from intake.proposal.checks import WORD_AT_MOST, WORDS_AT_MOST, CheckKind, FactKind
from intake.proposal.rulebook import CATALOGUE
from intake.typed import line
from intake.views.display import tr
from intake.views.fields import Chosen, Form, Line, Money, Paragraph, Picked, Several, Whole
from intake.views.language import language
from intake.vocabulary import Limit, RuleLevel

LEVELS = {
    RuleLevel.STOP: lazy_gettext("stops a submission"),
    RuleLevel.WARN: lazy_gettext("only warns"),
}


class Listed(Paragraph):
    """Texts, a line each; data is a list."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        rows = [each for row in (self.data or "").splitlines() if (each := line(row))]
        if len(rows) > WORDS_AT_MOST or any(len(each) > WORD_AT_MOST for each in rows):
            raise ValueError(
                gettext("At most %(count)s lines of %(most)s characters each.", count=WORDS_AT_MOST, most=WORD_AT_MOST)
            )
        self.data = rows

    def _value(self) -> str:
        return "\n".join(self.data) if isinstance(self.data, list) else str(self.data or "")


class RuleForm(Form):
    """The words of a rule. ``made`` adds the settings of the check that is chosen."""

    text = Paragraph(lazy_gettext("What the rule asks for"), limit=Limit.REASON)
    source = Line(lazy_gettext("Where that stands"), limit=Limit.TITLE, required=False)
    level = Picked(lazy_gettext("When it is not met, it"), choices=list(LEVELS.items()))
    check_name = Chosen(lazy_gettext("How it is checked"))

    def written(self, kind: CheckKind | None) -> Written:
        """What the form says."""
        facts = {fact.name: self[f"fact_{fact.name}"].data for fact in (kind.facts if kind else ())}
        return Written(
            self.text.data,
            self.source.data,
            RuleLevel(self.level.data),
            kind.name if kind else "",
            {name: value for name, value in facts.items() if value not in (None, "")},
        )


def checks() -> list[tuple[str, str]]:
    """Every way to check a rule, by name, in the order in which an office is offered them."""
    return [(name, tr(kind.label)) for name, kind in CATALOGUE.items()]


def kind_of(name: str) -> CheckKind | None:
    """The check of that name, or None for a name that no check has."""
    return CATALOGUE.get(name)


def form_for(call: Call, kind: CheckKind | None, rule: Rule | None) -> RuleForm:
    """The form with the settings of ``kind``, filled by what was sent, or else by ``rule``."""
    fields = {f"fact_{fact.name}": _field(call, fact) for fact in (kind.facts if kind else ())}
    made: Callable[..., RuleForm] = type("Rule", (RuleForm,), fields)
    same = rule is not None and kind is not None and (rule.check_name or rule.code) == kind.name
    facts = kind.settings(rule) if kind and rule and same else {fact.name: fact.default for fact in _facts(kind)}
    data = {f"fact_{name}": value for name, value in facts.items()}
    form = made(data={**data, **_words(rule, kind)})
    form.check_name.offer(checks())
    return form


def _facts(kind: CheckKind | None) -> tuple[FactKind, ...]:
    return kind.facts if kind else ()


def _words(rule: Rule | None, kind: CheckKind | None) -> dict[str, Any]:
    if rule is None:
        text = tr(kind.explains) if kind and kind.test else ""
        return {"text": text, "level": RuleLevel.STOP.value, "check_name": kind.name if kind else "judge"}
    name = kind.name if kind else "judge"
    return {"text": rule.text, "source": rule.source, "level": rule.level.value, "check_name": name}


def _field(call: Call, fact: FactKind) -> Field:
    label = tr(fact.label)
    match fact.kind:
        case "whole":
            return Whole(label, least=fact.least, most=fact.most, required=fact.default is not None)
        case "money":
            return Money(label, required=False)
        case "words":
            return Listed(label, limit=WORDS_AT_MOST * (WORD_AT_MOST + 1), required=False)
        case "choices":
            return Several(label, choices=[(key, tr(words)) for key, words in fact.options])
    return Chosen(label, choices=_questions(call), required=True)


def _questions(call: Call) -> list[tuple[str, str]]:
    """The questions of the call's form, by key."""
    version = form_of(call)
    form = read(version) if version is not None else standard_form(call)
    return [(each.key, f"{label_in(each.label, language())} ({each.key})") for each in form.questions]
