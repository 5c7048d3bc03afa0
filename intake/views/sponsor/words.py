"""How a packet stands, in the sponsor's words."""

from __future__ import annotations

from intake.vocabulary import State, Words, say

STANDS: dict[State, Words] = {
    State.WITH_SPONSOR: say("Waits for your outcome"),
    State.RESERVE: say("On your reserve list"),
    State.AWARDED: say("You selected it for funding"),
    State.DECLINED: say("You declined it"),
}
"""The states in which a packet can be read."""
