"""Whether those who mean to apply fit into the places that the sponsor gives."""

from __future__ import annotations

from intake.vocabulary import Words, say


def fits(notices: int, slots: int | None) -> bool:
    """Whether no competition is needed: everybody who means to apply gets a place."""
    return slots is None or notices <= slots


def told(notices: int, slots: int | None) -> Words:
    """The same in a sentence, with both numbers."""
    if slots is None:
        return say("The sponsor takes any number. Notices so far: %(notices)s.", notices=notices)
    values = {"notices": notices, "places": slots}
    if fits(notices, slots):
        return say("No competition needed: notices %(notices)s, places %(places)s.", **values)
    return say("A competition is needed: notices %(notices)s, places %(places)s.", **values)


def told_without(received: int, slots: int | None) -> Words:
    """What is known of it in a call that asks for no notices: only what was received."""
    if slots is None:
        return say("The sponsor takes any number. Received so far: %(received)s.", received=received)
    values = {"received": received, "places": slots}
    return say("This call asks for no notices. Received so far: %(received)s, places %(places)s.", **values)
