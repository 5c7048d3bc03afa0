"""Screening: accept as eligible, return for revision, mark ineligible; and restore what was withdrawn."""

from __future__ import annotations

from dataclasses import dataclass

from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.call.models import Rule
from intake.proposal import operations
from intake.proposal.models import Proposal
from intake.proposal.rulebook import CHECKS, Fault, faults
from intake.views.coordinator import coordinator
from intake.views.coordinator.acting import back, in_days, shown, to_change, tried
from intake.views.coordinator.forms import Reasoned, Returned, Screened, ScreenedOut
from intake.views.gate import actor, door
from intake.vocabulary import Action

DAYS_TO_REVISE = 14


@dataclass(frozen=True, slots=True)
class Checked:
    """A rule of the call and what its automatic check says now; one that is not ``checked`` is for people to judge."""

    rule: Rule
    checked: bool
    fault: Fault | None

    @property
    def met(self) -> bool:
        """The check ran and found nothing."""
        return self.checked and self.fault is None


def checklist(proposal: Proposal) -> tuple[list[Checked], list[Fault]]:
    """The call's rules in their order, and the answers that are missing now."""
    found = faults(proposal)
    by_rule = {each.rule.id: each for each in found if each.rule}
    rows = [Checked(rule, rule.code in CHECKS, by_rule.get(rule.id)) for rule in proposal.call.rules]
    return rows, [each for each in found if each.rule is None]


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
    form = Screened(data={"rules": [each.rule.code for each in rows if each.met]})
    form.rules.offer((each.rule.code, each.rule.text) for each in rows)
    if form.validate_on_submit() and _complete(form, rows):
        waived = [each.rule.code for each in rows if each.fault]
        note = gettext("Accepted in spite of: %(rules)s.", rules=", ".join(waived)) if waived else ""
        operations.screen_in(proposal, by=actor(), note=f"{note} {form.note.data}".strip())
        return back(proposal, gettext("%(number)s is eligible. Match it next.", number=proposal.number))
    return shown("screen", form, proposal, rows=rows, missing=missing)


def _complete(form: Screened, rows: list[Checked]) -> bool:
    """Every rule is ticked, and whoever goes against a check says why."""
    open_rules = [each for each in rows if each.rule.code not in form.rules.data]
    if open_rules:
        form.rules.errors = [
            gettext("Tick every rule that it meets. If it does not meet one, return it or mark it ineligible.")
        ]
    elif any(each.fault for each in rows) and not form.note.data:
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
    form = Returned.made(until=in_days(DAYS_TO_REVISE))
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
    unmet = next((each.rule.code for each in rows if each.fault), None)
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
