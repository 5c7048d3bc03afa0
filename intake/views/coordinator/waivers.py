"""The waivers of a call: which applicant need not meet which rule, why, and who said so."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.allowance import waived, waiving
from intake.allowance.models import Waiver
from intake.call.models import Call
from intake.call.queries import one as call_with
from intake.errors import Incomplete
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import names, with_email
from intake.policy import may
from intake.proposal.known import in_conflict
from intake.proposal.models import Proposal
from intake.proposal.queries import one as proposal_with
from intake.views.coordinator import coordinator
from intake.views.fields import Email, Form, Paragraph, Picked
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Limit

_PATH = "/desk/calls/<code>/waivers"
LONGEST_ID = 9


class WaiverForm(Form):
    """A rule waived for one applicant."""

    rule = Picked(lazy_gettext("Rule"))
    email = Email(lazy_gettext("Applicant's e-mail address"))
    reason = Paragraph(lazy_gettext("Why they need not meet it"), limit=Limit.REASON)


class WithdrawalForm(Form):
    """Taking a waiver back."""

    reason = Paragraph(lazy_gettext("Why it is taken back"), limit=Limit.REASON)


@door(coordinator, _PATH, Action.CALL_OVERSEE, call_with, methods=["GET", "POST"], once=True)
def waivers(call: Call) -> ResponseReturnValue:
    """Those that there are, and a form for one more; ``?proposal=`` and ``?rule=`` fill it in beforehand."""
    form = _form(call)
    if form.validate_on_submit() and (name := _waived(call, form)):
        flash(gettext("The rule is waived for %(name)s, who is told.", name=name), "success")
        return redirect(url_for("coordinator.waivers", code=call.code))
    return _page(call, form), 422 if form.is_submitted() else 200


def _form(call: Call) -> WaiverForm:
    rules = {each.code: each.text for each in call.rules}  # read before the proposal, which loads its call anew
    about = _asked_about(call)
    leader = about.principal.person if about else None
    rule = request.args.get("rule", "")
    form = WaiverForm(data={"rule": rule if rule in rules else None, "email": leader.email if leader else None})
    form.rule.offer(rules.items())
    return form


def _asked_about(call: Call) -> Proposal | None:
    """The received proposal of this call that the address names, if the coordinator may read it."""
    asked = request.args.get("proposal", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID):
        return None
    proposal = proposal_with(int(asked))
    if proposal is None or proposal.call_id != call.id:
        return None
    return proposal if may(actor(), Action.PROPOSAL_VIEW_AS_OFFICE, proposal) else None


def _waived(call: Call, form: WaiverForm) -> str:
    """Waive what the form says: the person's name, or nothing, with the form telling why not."""
    person = _person(call, form)
    if person is None:
        return ""
    name = person.name
    try:
        waiving.waive(call, form.rule.data, person, form.reason.data, by=actor())
    except Incomplete as error:
        db.session.rollback()
        form.blame(error)
        return ""
    return name


def _person(call: Call, form: WaiverForm) -> Person | None:
    person = with_email(form.email.data)
    if person is None:
        form.email.errors = [gettext("Nobody has an account with this address. They need one first.")]
    elif person.id in in_conflict(actor(), call.id):
        form.email.errors = [
            gettext("You have a conflict of interest with a proposal of theirs, so somebody else handles it.")
        ]
        return None
    return person


def _page(call: Call, form: WaiverForm) -> str:
    """Statements: 3 beside those of the call, however many there are."""
    call = call_with(call.code) or call
    barred = in_conflict(actor(), call.id)
    every = waived.of_call(call.id)
    rows = [each for each in every if each.person_id not in barred]
    return render_template(
        "coordinator/call/waivers.html",
        call=call,
        form=form,
        rows=rows,
        withheld=len(every) - len(rows),
        rules={each.code: each for each in call.rules},
        names=names(each.granted_by_id for each in rows),
        once=one_time_key(),
    )


def _one(code: str, waiver_id: int) -> tuple[Call, Waiver] | None:
    """The call and that waiver of it, unless the coordinator has a conflict with a proposal of that person."""
    call = call_with(code)
    row = waived.one(call.id, waiver_id) if call else None
    if call is None or row is None or row.person_id in in_conflict(actor(), call.id):
        return None
    return call, row


@door(
    coordinator,
    f"{_PATH}/<id:waiver_id>/withdraw",
    Action.CALL_OVERSEE,
    _one,
    methods=["GET", "POST"],
    once=True,
)
def withdraw_waiver(call: Call, row: Waiver) -> ResponseReturnValue:
    """Take a waiver back, with a reason."""
    form, name = WithdrawalForm(), row.person.name
    if form.validate_on_submit():
        try:
            waiving.withdraw_waiver(call, row, form.reason.data, by=actor())
        except Incomplete as error:
            form.blame(error)
        else:
            flash(gettext("The rule holds for %(name)s again; they are told.", name=name), "success")
            return redirect(url_for("coordinator.waivers", code=call.code))
    rule = next((each for each in call.rules if each.code == row.rule_code), None)
    html = render_template(
        "coordinator/call/withdraw_waiver.html",
        call=call,
        form=form,
        row=row,
        rule=rule,
        once=one_time_key(),
    )
    return html, 422 if form.is_submitted() else 200
