"""What an applicant may do to a proposal before it is in: start it and write it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake import clock
from intake.allowance.queries import extended_until
from intake.audit.operations import record
from intake.call.forms import in_force
from intake.call.models import Call
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.form.definition import Form
from intake.form.values import differ
from intake.people.models import Person
from intake.policy import Actor, may
from intake.proposal.answers import answers_of, demand_change, form_of, put
from intake.proposal.lifecycle import demand
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.queries import folded
from intake.vocabulary import Action, Relation, State, say


def start(call: Call, *, by: Actor, organisation: str) -> Proposal:
    """Begin a draft in the call, with ``by`` as its principal investigator (of ``organisation``).

    Demands: call.propose. Records: a draft, its team of one, an event. Returns: the proposal.
    """
    demand(may(by, Action.CALL_PROPOSE, call))
    person = db.session.get_one(Person, by.id)
    version = in_force(call.id)
    proposal = Proposal(call_id=call.id, title="", search_text="", form_version_id=version.id if version else None)
    proposal.extended_until = extended_until(call.id, person.id)
    db.session.add(proposal)
    db.session.flush()
    db.session.add(
        TeamMember(
            proposal_id=proposal.id,
            person_id=person.id,
            name=person.name,
            email=person.email,
            organisation=organisation,
            relation=Relation.PRINCIPAL,
        )
    )
    record("proposal.started", "proposal", proposal.id, by=by, became=State.DRAFT.value, call=call.code)
    db.session.flush()
    return proposal


def write(proposal: Proposal, answers: Mapping[str, Any], *, version: int, by: Actor) -> None:
    """Save answers by the key of their question, each as ``intake/form`` keeps its kind and already within its limits;
    UNANSWERED (or, of a core question, None) takes one away.

    Demands: proposal.edit, and of a returned proposal that what changes may change. Records: the answers.
    Raises: Refused; Stale when somebody saved since ``version`` was shown; Incomplete for a theme of another call.
    ``form``, and ``call`` with themes and rules, must be loaded.
    """
    demand(may(by, Action.PROPOSAL_EDIT, proposal))
    if proposal.version != version:
        raise Stale
    theme = answers.get("theme_id")
    if theme and theme not in {each.id for each in proposal.call.themes}:
        raise Incomplete(say("That theme is not one of this call."), {"theme_id": say("Choose a theme of this call.")})
    form, before = form_of(proposal), answers_of(proposal)
    for key, value in answers.items():
        _allow_answer(proposal, form, key, before.get(key), value)
    put(proposal, form, answers)
    proposal.search_text = searched(proposal)
    proposal.changed_at = clock.now()
    db.session.flush()


def searched(proposal: Proposal) -> str:
    """What the search finds the proposal by."""
    return folded(
        " ".join((proposal.number or "", proposal.title, proposal.title_zh, proposal.keywords, proposal.abstract))
    )


def _allow_answer(proposal: Proposal, form: Form, key: str, before: Any, value: Any) -> None:
    """Go on only if the form asks this and, where it would change, lets it change. Raises Refused with its name."""
    section = next((each for each in form.sections for question in each.questions if question.key == key), None)
    if section is None:
        raise Refused(say("The form of this proposal has no such question."))
    question = form.question(key)
    if differ(question, before, value):
        demand_change(proposal, section, question)
