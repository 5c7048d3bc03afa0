"""The rulings on the parts of the product: who enters which."""

from __future__ import annotations

from intake.policy.actor import Actor
from intake.policy.ruling import YES, Ruling, no
from intake.vocabulary import Action, Role, say

AREAS: dict[Action, tuple[Role, ...]] = {
    Action.AREA_PROPOSALS: (),
    Action.AREA_DESK: (Role.COORDINATOR,),
    Action.AREA_REVIEWS: (Role.REVIEWER,),
    Action.AREA_SPONSOR: (Role.SPONSOR_CONTACT,),
    Action.AREA_ADMINISTRATION: (Role.ADMINISTRATOR,),
}

AREA_WHO = {
    Action.AREA_PROPOSALS: say("people who are signed in"),
    Action.AREA_DESK: say("coordinators"),
    Action.AREA_REVIEWS: say("reviewers"),
    Action.AREA_SPONSOR: say("sponsor contacts"),
    Action.AREA_ADMINISTRATION: say("administrators"),
}


def enter(actor: Actor, action: Action) -> Ruling:
    """Entering a part of the product: whoever holds one of its roles, the desk also who stands in for somebody."""
    roles = AREAS[action]
    if actor.id is not None and (not roles or any(actor.holds(role) for role in roles)):
        return YES
    if action is Action.AREA_DESK and actor.stands_in:
        return YES
    return no(say("This part is for %(who)s.", who=AREA_WHO[action]))
