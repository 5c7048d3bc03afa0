"""How a person is named to a viewer: the one place that knows who is anonymous to whom."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from intake.policy import Actor, assignment_of, may, of_office, oversees, relation_of
from intake.vocabulary import Action


def office_looks(actor: Actor, proposal: Any) -> bool:
    """The viewer looks with the office's eyes: a coordinator of the call without a conflict."""
    return bool(may(actor, Action.PROPOSAL_VIEW_AS_OFFICE, proposal))


def names_applicants(actor: Actor, proposal: Any) -> bool:
    """Whether the viewer may read who is on the team: everybody but a reviewer of a call that hides applicants."""
    if relation_of(actor, proposal) is not None or oversees(actor, proposal.call) or of_office(actor, proposal):
        return True
    return assignment_of(actor, proposal) is None or bool(proposal.call.applicants_named)


def names_reviewers(actor: Actor, proposal: Any) -> bool:
    """Whether the viewer may read who reviews: the office, and reviewers where the call says so. Never the team."""
    if relation_of(actor, proposal) is not None:
        return False
    if office_looks(actor, proposal):
        return True
    return assignment_of(actor, proposal) is not None and bool(proposal.call.reviewers_named)


def letter(position: int) -> str:
    """A reviewer's letter: A, B, ... Z, AA, AB for 0, 1, ... 25, 26, 27."""
    text = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        text = chr(65 + rest) + text
    return text


def reviewer_name(actor: Actor, proposal: Any, assignment: Any, position: int) -> str:
    """What the viewer calls the reviewer at ``position`` (from 0) among the proposal's assignments in order of id.

    ``assignment.reviewer`` must be loaded where the name may be shown.
    """
    if assignment.reviewer_id == actor.id:
        return gettext("You")
    if names_reviewers(actor, proposal):
        return str(assignment.reviewer.name)
    return gettext("Reviewer %(letter)s", letter=letter(position))
