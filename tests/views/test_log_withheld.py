"""The log says that it does not list everything, in the same words whatever it withholds."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal
from tests.factories.office import Office
from tests.factories.review import words
from tests.factories.team import accepted

SAID = "Not listed are events of proposals that were not submitted yet, and of proposals that you have a conflict with."


@pytest.fixture
def office(app: Flask) -> Office:
    """The world of the scenarios."""
    return Office(app)


def log(office: Office, **asked: str) -> str:
    """What an administrator reads of the log."""
    reply = office.browser("AD").get("/administration/log", query_string=asked)
    assert reply.status_code == 200
    return words(reply.get_data(as_text=True))


def test_it_says_what_it_does_not_list_and_never_how_much(office: Office) -> None:
    before = log(office)
    number = office.ask(lambda: db.session.get_one(Proposal, office.w.proposals["P3"]).number)
    assert SAID in before
    assert number in log(office, about=number)
    ad = office.w.people["AD"]
    office.ask(lambda: accepted(office.w.proposals["P3"], db.session.get_one(Person, ad)))
    for page in (log(office), log(office, about=number), log(office, about="NO-SUCH-0001")):
        assert page.count(SAID) == 1
    withheld, nothing = (re.sub(r"value=\S+|http\S+", "", log(office, about=each)) for each in (number, "NO-SUCH-0001"))
    assert withheld == nothing, "a proposal that is withheld answers as one that is none"
    assert "Nothing like that is listed" in withheld


def test_a_proposals_own_log_withholds_nothing_and_says_nothing_of_it(office: Office) -> None:
    assert "Not listed are" not in words(office.get("C1", "P1", "?tab=log").get_data(as_text=True))
