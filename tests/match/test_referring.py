"""A second life: a closed proposal is offered another open call, and its applicant answers."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.extensions import db
from intake.match.models import Referral
from intake.proposal.models import Proposal
from intake.proposal.operations import screen_out
from intake.vocabulary import Currency, State
from tests.factories.office import Office
from tests.factories.world import complete


def closed(office: Office) -> Office:
    """P2 of call A is not eligible; call B takes proposals now."""
    office.ask(lambda: _open(db.session.get_one(Call, office.w.calls["B"])))
    office.ask(lambda: screen_out(complete(office.w, "P2"), "award-cap", "too much", by=office.w.actor("C1")))
    assert office.state("P2") is State.INELIGIBLE
    return office


def _open(call: Call) -> None:
    call.opens_at, call.closes_at = clock.now() - timedelta(days=1), clock.now() + timedelta(days=9)


def referral(office: Office) -> tuple[int, bool | None]:
    """The id of the one offer, and whether it was accepted."""
    row = office.ask(lambda: db.session.execute(sa.select(Referral.id, Referral.accepted)).one())
    return row.id, row.accepted


def answer(office: Office, who: str, verb: str) -> int:
    """Press yes or no."""
    number, row = office.w.proposals["P2"], office.ask(lambda: db.session.scalar(sa.select(Referral.id)))
    return office.browser(who).post(f"/proposals/{number}/referrals/{row}/{verb}").status_code


def drafts(office: Office) -> list[tuple[str, str]]:
    """Title and abstract of the drafts that came from P2."""
    asked = sa.select(Proposal).where(Proposal.carried_from_id == office.w.proposals["P2"])
    return list(office.ask(lambda: [(each.title, each.abstract) for each in db.session.scalars(asked)]))


def test_an_offer_is_told_and_accepted_and_the_answers_go_with_it(app: Flask) -> None:
    office = closed(Office(app))
    before = office.last_letter()
    page = office.get("C1", "P2", "/refer").get_data(as_text=True)
    assert 'value="CALL-B 0"' in page
    assert 'value="CALL-A 0"' not in page
    assert office.post("C1", "P2", "/refer", place="CALL-B 0", note="It would suit Hua.").status_code == 302
    assert ("proposal.referred", "F2") in office.letters(before)
    told = office.browser("F2").get(f"/proposals/{office.w.proposals['P2']}/referrals").get_data(as_text=True)
    assert "It would suit Hua." in told
    assert "would be carried over" in told
    before = office.last_letter()
    assert answer(office, "F2", "accept") == 302
    mine = sa.select(Proposal.title, Proposal.abstract).where(Proposal.id == office.w.proposals["P2"])
    assert drafts(office) == [tuple(office.ask(lambda: db.session.execute(mine).one()))]
    assert ("proposal.referral_answered", "C1") in office.letters(before)
    assert referral(office)[1] is True
    assert office.state("P2") is State.INELIGIBLE


def test_an_amount_in_another_currency_is_told_and_not_carried(app: Flask) -> None:
    office = closed(Office(app))
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["B"]), "currency", Currency.CNY))
    office.post("C1", "P2", "/refer", place="CALL-B 0", note="")
    told = office.browser("F2").get(f"/proposals/{office.w.proposals['P2']}/referrals").get_data(as_text=True)
    words = "It was USD 65,000, and this call is in CNY: give the amount in CNY."
    assert words in told
    assert answer(office, "F2", "accept") == 302
    asked = sa.select(Proposal.id, Proposal.amount_minor, Proposal.duration_months)
    carried = asked.where(Proposal.carried_from_id == office.w.proposals["P2"])
    draft = office.ask(lambda: db.session.execute(carried).one())
    assert (draft.amount_minor, draft.duration_months) == (None, 12)
    assert words in office.browser("F2").get(f"/proposals/{draft.id}/edit/budget").get_data(as_text=True)


def test_an_offer_is_answered_once(app: Flask) -> None:
    office = closed(Office(app))
    office.post("C1", "P2", "/refer", place="CALL-B 0", note="")
    assert answer(office, "F2", "decline") == 302
    assert answer(office, "F2", "accept") == 302
    assert drafts(office) == []
    assert referral(office)[1] is False


def test_only_the_principal_answers_and_only_the_office_offers(app: Flask) -> None:
    office = closed(Office(app))
    for who, status in {"C2": 404, "F2": 403, "R1": 404, "N": 404}.items():
        assert office.post(who, "P2", "/refer", place="CALL-B 0", note="").status_code == status, who
    office.post("C1", "P2", "/refer", place="CALL-B 0", note="")
    for who in ("C1", "F1", "R1"):
        assert answer(office, who, "accept") in (403, 404), who
    assert drafts(office) == []


def test_an_offer_that_was_taken_back_is_gone(app: Flask) -> None:
    office = closed(Office(app))
    office.post("C1", "P2", "/refer", place="CALL-B 0", note="")
    row, _ = referral(office)
    assert office.post("C1", "P2", f"/refer/{row}/withdraw").status_code == 302
    assert answer(office, "F2", "accept") == 302
    assert drafts(office) == []
    assert office.post("C1", "P2", "/refer", place="CALL-B 0", note="again").status_code == 302


def test_an_open_proposal_is_not_offered_elsewhere(app: Flask) -> None:
    office = Office(app)
    assert office.post("C1", "P2", "/refer", place="CALL-B 0", note="").status_code == 403
    assert "Offer another call" not in office.get("C1", "P2").get_data(as_text=True)


def test_the_same_call_is_offered_once(app: Flask) -> None:
    office = closed(Office(app))
    office.post("C1", "P2", "/refer", place="CALL-B 0", note="")
    answer_again = office.post("C1", "P2", "/refer", place="CALL-B 0", note="typed words")
    assert answer_again.status_code == 422
    assert "typed words" in answer_again.get_data(as_text=True)
