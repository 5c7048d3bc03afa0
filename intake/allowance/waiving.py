"""What may happen to a waiver: the office lets one applicant of a call leave a rule aside, and takes that back."""

from __future__ import annotations

from intake import clock
from intake.allowance.models import Waiver
from intake.allowance.waived import standing_for
from intake.audit.operations import record
from intake.call.models import Call, Rule
from intake.errors import Incomplete
from intake.extensions import db
from intake.notification.letters import Letter
from intake.notification.operations import tell
from intake.people.models import Person
from intake.policy import Actor, may
from intake.ruling import demand
from intake.vocabulary import Action, Role, Words, say

NOT_WAIVED = say("Nothing was waived.")


def waive(call: Call, rule_code: str, person: Person, reason: str, *, by: Actor) -> Waiver:
    """Let ``person`` leave the rule of that code aside in the call. ``call.rules`` and ``person.grants`` must be
    loaded.

    Demands: ``CALL_OVERSEE``. Records: the waiver; ``waiver.granted``. Tells: the person.
    Raises: Refused; Incomplete for a rule of another call, somebody who may not apply, oneself, a waiver that stands
    already, or no reason. Returns: the waiver.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    rule = _rule(call, rule_code)
    wrong = _wrong(rule, person, reason, by)
    if not wrong and rule_code in standing_for(call.id, person.id):
        wrong["rule"] = say("This rule is waived for %(name)s already.", name=person.name)
    if wrong or rule is None:
        raise Incomplete(NOT_WAIVED, wrong)
    made = Waiver(
        call_id=call.id,
        rule_code=rule_code,
        person_id=person.id,
        person=person,
        reason=reason.strip(),
        granted_by_id=by.id,
    )
    db.session.add(made)
    record("waiver.granted", "call", call.id, by=by, note=made.reason, person=person.id, rule=rule_code)
    db.session.flush()
    tell([person], waived(call, rule, made.reason))
    return made


def _rule(call: Call, code: str) -> Rule | None:
    return next((each for each in call.rules if each.code == code), None)


def _wrong(rule: Rule | None, person: Person, reason: str, by: Actor) -> dict[str, Words]:
    """What is wrong with a waiver, by the field of its form."""
    wrong: dict[str, Words] = {}
    if rule is None:
        wrong["rule"] = say("Choose a rule of this call.")
    if person.id == by.id:
        wrong["email"] = say("This is you: somebody else in the office decides about your own proposals.")
    elif not _may_apply(person):
        wrong["email"] = say("%(name)s may not start proposals, so there is nothing to waive.", name=person.name)
    if not reason.strip():
        wrong["reason"] = say("Say why the rule need not be met.")
    return wrong


def _may_apply(person: Person) -> bool:
    return person.active and any(each.role is Role.FACULTY and each.revoked_at is None for each in person.grants)


def withdraw_waiver(call: Call, waiver: Waiver, reason: str, *, by: Actor) -> None:
    """Take a waiver back: from now on the rule holds for them again. ``waiver.person`` and ``call.rules`` must be
    loaded.

    Demands: ``CALL_OVERSEE``. Records: when; ``waiver.withdrawn`` with the reason. Tells: the person. Raises: Refused;
    Incomplete without a reason, for one's own, or for one that was withdrawn already.
    """
    demand(may(by, Action.CALL_OVERSEE, call))
    db.session.refresh(waiver, ["withdrawn_at"], with_for_update={"of": Waiver})  # somebody may be doing so right now
    if waiver.call_id != call.id or waiver.withdrawn_at is not None:
        raise Incomplete(say("This waiver was taken back already."))
    if waiver.person_id == by.id:
        raise Incomplete(say("This is you: somebody else in the office decides about your own proposals."))
    if not reason.strip():
        raise Incomplete(say("Nothing was taken back."), {"reason": say("Say why it is taken back.")})
    waiver.withdrawn_at = clock.now()
    note, person = reason.strip(), waiver.person
    record("waiver.withdrawn", "call", call.id, by=by, note=note, person=person.id, rule=waiver.rule_code)
    db.session.flush()
    tell([person], withdrawn(call, _rule(call, waiver.rule_code), note))


_WHY = say("You get this because the office decided about you in this call.")


def waived(call: Call, rule: Rule, reason: str) -> Letter:
    """That a rule need not be met, to the applicant."""
    return Letter(
        "waiver.granted",
        say("%(call)s: a rule is waived for you", call=call.title),
        (
            say("In %(call)s you need not meet this rule: %(rule)s", call=call.title, rule=rule.text),
            *((say("The rule comes from: %(source)s.", source=rule.source),) if rule.source else ()),
            say("It holds for the proposals that you lead in this call; the other rules stay. The office wrote:"),
        ),
        f"/calls/{call.code}",
        say("Open the call"),
        _WHY,
        reason,
    )


def withdrawn(call: Call, rule: Rule | None, reason: str) -> Letter:
    """That a rule holds for them again, to the applicant."""
    told = (say("You need to meet this rule again: %(rule)s", rule=rule.text),) if rule else ()
    return Letter(
        "waiver.withdrawn",
        say("%(call)s: a waiver was taken back", call=call.title),
        (
            say("The office took back a waiver that it gave you in %(call)s.", call=call.title),
            *told,
            say("The office wrote:"),
        ),
        f"/calls/{call.code}",
        say("Open the call"),
        _WHY,
        reason,
    )
