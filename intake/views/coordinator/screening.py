"""Screening: accept as eligible, return for revision, mark ineligible; and restore what was withdrawn."""

from __future__ import annotations

from collections.abc import Sequence

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.proposal import operations
from intake.proposal.models import Proposal
from intake.proposal.rulebook import Fault, Judged, Standing, judge
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import back, in_days, shown, to_change, tried
from intake.views.coordinator.forms import Reasoned, Returned, Screened, ScreenedOut
from intake.views.gate import actor, door
from intake.vocabulary import Action

DAYS_TO_REVISE = 14


PASSES = (Standing.MET, Standing.WARNED, Standing.WAIVED)
"""How a rule stands that is ticked as met when the page opens: people untick what they judge otherwise."""


def checklist(proposal: Proposal) -> tuple[Sequence[Judged], Sequence[Fault]]:
    """The call's rules in their order with what their checks say now, and the answers that are missing now."""
    found = judge(proposal)
    return found.rules, found.missing


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/screen",
    Action.PROPOSAL_SCREEN_IN,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def screen(proposal: Proposal) -> ResponseReturnValue:
    """The checklist of the call's rules; ticked as met, it makes the proposal eligible."""
    rows, missing = checklist(proposal)
    form = Screened(data={"rules": [each.rule.code for each in rows if each.standing in PASSES]})
    form.rules.offer((each.rule.code, each.rule.text) for each in rows)
    if form.validate_on_submit() and _complete(form, rows):
        unmet = [each.rule.code for each in rows if each.standing is Standing.UNMET]
        note = gettext("Accepted in spite of: %(rules)s.", rules=", ".join(unmet)) if unmet else ""
        operations.screen_in(proposal, by=actor(), note=f"{note} {form.note.data}".strip())
        return back(proposal, gettext("%(number)s is eligible. Match it next.", number=proposal.number))
    return shown("screen", form, proposal, rows=rows, missing=missing)


def _complete(form: Screened, rows: Sequence[Judged]) -> bool:
    """Every rule is ticked, and whoever goes against a check says why."""
    open_rules = [each for each in rows if each.rule.code not in form.rules.data]
    if open_rules:
        form.rules.errors = [
            gettext("Tick every rule that it meets. If it does not meet one, return it or mark it ineligible.")
        ]
    elif any(each.standing is Standing.UNMET for each in rows) and not form.note.data:
        form.note.errors = [gettext("A check says that a rule is not met. Say why it is accepted all the same.")]
    return not form.errors


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/return",
    Action.PROPOSAL_RETURN,
    to_change,
    methods=["GET", "POST"],
    name="send_back",
)
def send_back(proposal: Proposal) -> ResponseReturnValue:
    """Back to the applicant, with a reason, the parts that may change, and a time."""
    form = Returned.made(proposal, until=in_days(DAYS_TO_REVISE))
    if form.validate_on_submit() and tried(
        form,
        proposal,
        lambda: operations.send_back(proposal, form.reason.data, form.parts.data, form.until.data, by=actor()),
    ):
        return back(proposal, gettext("%(number)s is with the applicant again.", number=proposal.number))
    return shown("return", form, proposal)


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/ineligible",
    Action.PROPOSAL_SCREEN_OUT,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def screen_out(proposal: Proposal) -> ResponseReturnValue:
    """Not eligible, by a rule of the call, with an explanation for the applicant."""
    rows, _ = checklist(proposal)
    unmet = next((each.rule.code for each in rows if each.standing is Standing.UNMET), None)
    form = ScreenedOut(data={"rule": unmet})
    form.rule.offer((each.rule.code, f"{each.rule.text} ({each.rule.source})") for each in rows)
    if form.validate_on_submit() and tried(
        form,
        proposal,
        lambda: operations.screen_out(proposal, form.rule.data, form.explanation.data, by=actor()),
    ):
        return back(proposal, gettext("%(number)s is closed as not eligible.", number=proposal.number))
    return shown("ineligible", form, proposal, rows=rows)


@door(
    coordinator,
    "/desk/proposals/<id:proposal_id>/restore",
    Action.PROPOSAL_RESTORE,
    to_change,
    methods=["GET", "POST"],
    once=True,
)
def restore(proposal: Proposal) -> ResponseReturnValue:
    """A withdrawn proposal returns to where it was."""
    form = Reasoned()
    if form.validate_on_submit() and tried(
        form, proposal, lambda: operations.restore(proposal, form.reason.data, by=actor())
    ):
        return back(proposal, gettext("%(number)s is back where it was.", number=proposal.number))
    return shown("restore", form, proposal)
