"""The outcome on the sponsor's behalf, and the award: what each result needs, and what the public reads."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from intake.award.models import Award
from intake.decision.models import SponsorOutcome
from intake.extensions import db
from intake.vocabulary import Outcome, State
from tests.factories import office as days
from tests.factories.office import Office


def test_each_result_needs_its_facts(app: Flask) -> None:
    office = Office(app)
    whole = {"result": "selected", "amount": "50,000.50", "reference": "ALBA-7"}
    wrong = {
        "Say how much is awarded.": {**whole, "amount": ""},
        "Say how much is awarded. ": {**whole, "amount": "0"},
        "Write an amount such as": {**whole, "amount": "lots"},
        "At most": {**whole, "amount": "99999999999999"},
        "Give the sponsor&#39;s reference.": {**whole, "reference": " "},
        "At most 100 characters": {**whole, "reference": "x" * 101},
        "Give the sponsor&#39;s reason.": {"result": "declined", "amount": "1", "reference": "typed"},
        "Choose one from the list.": {**whole, "result": "perhaps"},
    }
    for sentence, data in wrong.items():
        answer = office.post("C1", "P7", "/outcome", **data)
        assert answer.status_code == 422, sentence
        assert sentence.strip() in answer.get_data(as_text=True)
    assert office.state("P7") is State.WITH_SPONSOR
    assert office.post("C1", "P7", "/outcome", **whole).status_code == 302
    made = office.ask(
        lambda: db.session.execute(
            sa.select(SponsorOutcome.amount_minor, SponsorOutcome.currency, SponsorOutcome.on_behalf)
        ).one()
    )
    assert tuple(made) == (5_000_050, "USD", True)
    text = office.get("C1", "P7", "?tab=packets").get_data(as_text=True)
    assert "USD\N{NO-BREAK SPACE}50,000.50" in text
    assert "by the office on their behalf" in text


def test_reserve_and_then_declined(app: Flask) -> None:
    office = Office(app)
    assert office.post("C1", "P7", "/outcome", result="reserve").status_code == 302
    assert office.state("P7") is State.RESERVE
    page = office.get("C1", "P7").get_data(as_text=True)
    assert "Record the outcome" in page
    assert "Prepare a packet" not in page, "the packet is still with the sponsor"
    assert office.post("C1", "P7", "/outcome", result="declined", reason="No place became free.").status_code == 302
    assert office.state("P7") is State.DECLINED
    results = office.ask(lambda: db.session.scalars(sa.select(SponsorOutcome.result).order_by(SponsorOutcome.id)).all())
    assert results == [Outcome.RESERVE, Outcome.DECLINED]
    assert office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(Award))) == 0


def test_the_public_reads_the_award_and_never_the_amount(app: Flask) -> None:
    office = Office(app)
    days.awarded(office)
    public = office.browser("X")
    assert "Networks that heal" not in public.get("/awards").get_data(as_text=True)
    form = office.get("C1", "P7", "/publish").get_data(as_text=True)
    assert "Networks that heal" in form
    assert "50,000" not in form
    assert office.post("C1", "P7", "/publish").status_code == 302
    text = public.get("/awards").get_data(as_text=True)
    assert "Networks that heal" in text
    assert "50,000" not in text
    assert "ALBA-1" not in text
    assert "Ada Applicant" not in text
    assert "Awarded and published." in office.get("C1", "P7").get_data(as_text=True)
