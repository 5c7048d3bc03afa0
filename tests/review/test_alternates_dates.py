"""Until when an alternate answers: about as long as the one before had, and at the hour that the office chose."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from intake import clock
from intake.review import answering
from intake.vocabulary import DeclineReason
from tests.factories.invited import ASKED_ON, DUE, REPLY_BY, invited, line_up, row_of
from tests.factories.office import Office
from tests.factories.world import complete


@pytest.fixture
def office(app: Flask) -> Office:
    """P2 is asked of R3 and F3 for a week; R1 is their alternate."""
    made = Office(app)
    with clock.at(ASKED_ON):
        invited(made)
        line_up(made, "R1")
    return made


@pytest.mark.parametrize(
    ("declined", "until"),
    [
        (ASKED_ON + timedelta(minutes=1), REPLY_BY),
        (ASKED_ON + timedelta(hours=11), REPLY_BY),
        (ASKED_ON + timedelta(hours=13), REPLY_BY + timedelta(days=1)),
        (ASKED_ON + timedelta(days=2, minutes=7), REPLY_BY + timedelta(days=2)),
        (DUE - timedelta(days=3), DUE - timedelta(days=1)),
    ],
)
def test_an_alternate_answers_by_the_hour_that_the_office_chose(
    office: Office, declined: datetime, until: datetime
) -> None:
    def act() -> None:
        answering.decline(complete(office.w, "P2"), DeclineReason.OTHER, "", by=office.w.actor("R3"))

    with clock.at(declined):
        office.ask(act)
    assert row_of(office, "R1")["reply_by"] == until
