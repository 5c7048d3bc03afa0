"""The rules of a call: each with its words, its source, its check, and what happens when it is not met."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call import queries
from intake.call.models import Call, Rule
from intake.call.rules import add_rule, change_rule, move_rule, remove_rule
from intake.proposal.checks import CheckKind, check_of
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import pressed, shown, tried
from intake.views.coordinator.rule_forms import LEVELS, RuleForm, checks, form_for, kind_of
from intake.views.display import tr
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action


def _with_rule(code: str, rule: str) -> tuple[Call, Rule] | None:
    """The call and its rule of that code, or None."""
    call = queries.to_set_up(code)
    found = next((each for each in call.rules if each.code == rule), None) if call else None
    return (call, found) if call and found else None


@door(coordinator, "/desk/calls/<code>/setup/rules", Action.CALL_OVERSEE, queries.to_set_up)
def call_rules(call: Call) -> ResponseReturnValue:
    """The rules in their order."""
    kinds = [check_of(rule) for rule in call.rules]
    rows = [
        {"rule": rule, "check": tr(kind.label) if kind else "", "level": LEVELS[rule.level]}
        for rule, kind in zip(call.rules, kinds, strict=True)
    ]
    return shown("rules", call, rows=rows, checks=checks())


@door(
    coordinator,
    "/desk/calls/<code>/setup/rules/new",
    Action.CALL_OVERSEE,
    queries.to_set_up,
    methods=["GET", "POST"],
    once=True,
)
def new_rule(call: Call) -> ResponseReturnValue:
    """Write one more rule; ``check`` in the address names how it is checked."""
    return _rule_page(call, None, lambda form, kind: add_rule(call, form.written(kind), **_as_read()))


@door(
    coordinator,
    "/desk/calls/<code>/setup/rules/<rule>",
    Action.CALL_OVERSEE,
    _with_rule,
    methods=["GET", "POST"],
)
def one_rule(call: Call, rule: Rule) -> ResponseReturnValue:
    """Change a rule."""
    return _rule_page(call, rule, lambda form, kind: change_rule(call, rule.code, form.written(kind), **_as_read()))


@door(coordinator, "/desk/calls/<code>/setup/rules/<rule>/move", Action.CALL_OVERSEE, _with_rule, methods=["POST"])
def rule_move(call: Call, rule: Rule) -> ResponseReturnValue:
    """Put a rule one place up or down, or take it away, as the button says."""
    to = url_for("coordinator.call_rules", code=call.code, _anchor=f"rule-{rule.code}")
    match request.form.get("do"):
        case "remove":
            taken_away = gettext("The rule is taken away.")
            act = partial(remove_rule, call, rule.code, **_as_read())
            return pressed(call, act, taken_away, url_for("coordinator.call_rules", code=call.code))
        case "up":
            return pressed(call, partial(move_rule, call, rule.code, -1, **_as_read()), gettext("Moved up."), to)
    return pressed(call, partial(move_rule, call, rule.code, 1, **_as_read()), gettext("Moved down."), to)


def _as_read() -> dict[str, Any]:
    return {"version": sent_version(), "by": actor()}


def _rule_page(
    call: Call, rule: Rule | None, act: Callable[[RuleForm, CheckKind | None], object]
) -> ResponseReturnValue:
    asked = request.form.get("check_name") if request.method == "POST" else request.args.get("check")
    usual = (rule.check_name or rule.code) if rule is not None else "judge"
    kind = kind_of(usual if asked is None else asked) or kind_of("judge")
    form = form_for(call, kind, rule)
    if request.method != "POST":
        return _shown(call, rule, form, kind)
    if request.form.get("do") == "check":
        return _shown(call, rule, form, kind)
    if not form.validate():
        return _shown(call, rule, form, kind, 422)
    code = rule.code if rule is not None else None
    done = tried(call, form, lambda: act(form, kind))
    if not done:
        found = next((each for each in done.call.rules if each.code == code), None)
        return _shown(done.call, found, form, kind, done.status)
    flash(gettext("The rule is saved."), "success")
    return redirect(url_for("coordinator.call_rules", code=call.code))


def _shown(
    call: Call, rule: Rule | None, form: RuleForm, kind: CheckKind | None, status: int = 200
) -> ResponseReturnValue:
    facts = [form[f"fact_{fact.name}"] for fact in (kind.facts if kind else ())]
    return shown("rule", call, status, rule=rule, form=form, facts=facts, explains=tr(kind.explains) if kind else "")
