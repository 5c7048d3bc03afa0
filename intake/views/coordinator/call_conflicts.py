"""What each kind of conflict does in a call, set by its coordinators after they saw what it would change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.conflict.levels import FIXED, LEVELS, RULES, SETTABLE, USUAL, kept_of, levels_of
from intake.conflict.setting import Counted, pairs_of, set_levels, would_end
from intake.errors import Stale
from intake.views.coordinator import coordinator
from intake.views.display import tr
from intake.views.fields import Chosen, Form, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, ConflictLevel, ConflictRule, Limit, Words, say

NAMED = 20
"""How many of the assignments that would end are named."""
HELPS: dict[ConflictRule, Words] = {
    ConflictRule.DEPARTMENT: say("The reviewer and somebody on the team are of one department."),
    ConflictRule.LABORATORY: say("Their profiles name the same laboratory."),
    ConflictRule.SUPERVISION: say(
        "One supervised the other, as they or an administrator noted. What only the applicants noted warns at most."
    ),
    ConflictRule.JOINT_WORK: say(
        "They are together on the team of another proposal that was received, or of an award."
    ),
    ConflictRule.OBJECTION: say("The applicants asked the office to keep the reviewer away."),
    ConflictRule.DOMAIN: say("A reviewer from outside has an address of the sponsor or of an outside partner."),
    ConflictRule.EMPLOYMENT: say(
        "Of a reviewer who works for the sponsor now. A former employee comes one level lower."
    ),
}


class LevelsForm(Form):
    """The level of each rule, and the years."""

    department = Chosen(lazy_gettext("Same department"))
    laboratory = Chosen(lazy_gettext("Same laboratory"))
    supervision = Chosen(lazy_gettext("Supervisor or student"))
    joint_work = Chosen(lazy_gettext("Joint proposals or awards"))
    objection = Chosen(lazy_gettext("The applicants object"))
    domain = Chosen(lazy_gettext("Same organisation by e-mail address"))
    employment = Chosen(lazy_gettext("Works or worked for the sponsor"))
    years = Whole(lazy_gettext("Joint work counts for"), least=0, most=Limit.CONFLICT_YEARS)

    @classmethod
    def of(cls, call: Call) -> LevelsForm:
        """The form with what the call has."""
        now = levels_of(call.conflict_levels)
        form = cls(data={**{rule.value: now[rule].value for rule in SETTABLE}, "years": call.conflict_years})
        for rule in SETTABLE:
            usual = gettext("%(level)s (usual)", level=tr(LEVELS[USUAL[rule]]))
            chosen: Any = form[rule.value]
            chosen.offer((level.value, usual if level is USUAL[rule] else tr(words)) for level, words in LEVELS.items())
        return form

    def levels(self) -> dict[ConflictRule, ConflictLevel]:
        """What was chosen."""
        return {rule: ConflictLevel(self[rule.value].data) for rule in SETTABLE}


@door(coordinator, "/desk/calls/<code>/conflicts", Action.CALL_OVERSEE, call_with, methods=["GET", "POST"])
def call_conflicts(call: Call) -> ResponseReturnValue:
    """The levels; ``see`` shows what others would change, ``save`` sets them."""
    form = LevelsForm.of(call)
    if not form.is_submitted():
        return _page(call, form), 200
    if not form.validate():
        return _page(call, form), 422
    levels, years = form.levels(), int(form.years.data or 0)
    if request.form.get("and") != "save":
        ends = would_end(call, levels_of(kept_of(levels)), years, seen_by=actor())
        more = {"ends": ends[:NAMED], "ends_more": max(0, len(ends) - NAMED)}
        return _page(call, form, seen=list(_changes(call, levels, years)), **more), 200
    try:
        ended = set_levels(call, levels, years, version=sent_version(), by=actor())
    except Stale:
        return _page(call, form, stale=True), 409
    flash(_done(ended), "success")
    return redirect(url_for("coordinator.call_conflicts", code=call.code))


def _done(ended: int | None) -> str:
    if ended is None:
        return gettext("Nothing was different, so nothing changed.")
    if not ended:
        return gettext("Saved. No assignment has ended.")
    return ngettext("Saved. %(num)s assignment has ended.", "Saved. %(num)s assignments have ended.", ended)


def _page(call: Call, form: LevelsForm, **more: Any) -> str:
    fixed = [(tr(RULES[rule]), tr(LEVELS[USUAL[rule]])) for rule in FIXED]
    helps = {rule.value: tr(words) for rule, words in HELPS.items()}
    return render_template(
        "coordinator/call/conflicts.html", call=call, form=form, fixed=fixed, helps=helps, rules=SETTABLE, **more
    )


def _changes(
    call: Call, levels: dict[ConflictRule, ConflictLevel], years: int
) -> Iterator[tuple[str, str, str, str, bool]]:
    """For each rule: its name, the pairs under it now and then, in words, with its level, and whether they differ."""
    was = pairs_of(call, levels_of(call.conflict_levels), call.conflict_years, seen_by=actor())
    became = pairs_of(call, levels_of(kept_of(levels)), years, seen_by=actor())
    for rule in ConflictRule:
        now, then = _said(was, rule), _said(became, rule)
        yield rule.value, tr(RULES[rule]), now, then, now != then


def _said(counted: Counted, rule: ConflictRule) -> str:
    parts = [f"{tr(LEVELS[level])}: {counted[rule][level]:,}" for level in ConflictLevel if counted[rule][level]]
    return gettext("; ").join(parts) or gettext("none")
