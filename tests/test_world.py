"""The world of the scenarios stands as its description says, and its log is whole."""

from __future__ import annotations

from flask import Flask

from intake.audit.chain import verify
from intake.vocabulary import State
from tests.factories.world import build

STATES = {
    "P1": State.IN_REVIEW,
    "P2": State.SUBMITTED,
    "P3": State.IN_REVIEW,
    "P4": State.IN_REVIEW,
    "P5": State.DRAFT,
    "P6": State.DECIDED,
    "P7": State.WITH_SPONSOR,
    "Q1": State.SUBMITTED,
    "Q2": State.WITH_SPONSOR,
}


def test_the_world_is_as_described(room: Flask) -> None:
    world = build()
    assert {name: world.proposal(name).state for name in STATES} == STATES
    count, fault = verify()
    assert fault is None
    assert count > 50
