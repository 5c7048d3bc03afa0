"""Conflicts before anyone is asked (S17): a team member is blocked everywhere, the same department needs a reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.conflict.evidence import found
from intake.errors import Conflicted
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.people.queries import holders
from intake.review.models import Assignment
from intake.review.operations import Asked, assign, forward
from intake.vocabulary import Role, State
from tests.factories import office as days
from tests.factories.office import FUTURE, Office
from tests.factories.world import complete


def reviewers(office: Office, *names: str, **more: Any) -> dict[str, Any]:
    """What the form sends: these, the first of them as the lead."""
    numbers = [office.w.people[name] for name in names]
    return {"reviewers": numbers, "lead": numbers[0], "due_at": FUTURE, **more}


def a_member_who_reviews(office: Office) -> None:
    """F2, who leads P2, is a reviewer as well."""
    office.ask(lambda: db.session.add(RoleGrant(person_id=office.w.people["F2"], role=Role.REVIEWER)))


def test_forwarding_by_the_page(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    a_member_who_reviews(office)
    f2, r2 = office.w.people["F2"], office.w.people["R2"]
    page = office.get("C1", "P2", "/forward").get_data(as_text=True)
    of_f2 = page.split(f'id="who-{f2}"')[1].split("</tr>")[0]
    assert "Blocked:</strong> On the team of this proposal." in of_f2
    boxes = [each for each in re.findall(r"<input[^>]*>", page) if 'name="reviewers"' in each]
    assert ["disabled" in each for each in boxes if f'value="{f2}"' in each] == [True]
    assert sum("disabled" in each for each in boxes) == 1
    assert (
        "Needs a reason:</strong> Same department as Ben Bidder." in page.split(f'id="who-{r2}"')[1].split("</tr>")[0]
    )
    assert page.index("Gus Reader") < page.index(f'id="who-{f2}"'), "whoever may be asked comes first"

    before = office.last_letter()
    forged = office.post("C1", "P2", "/forward", **reviewers(office, "R1", "F2"))
    assert forged.status_code == 422
    assert "Ben Bidder may not review this: On the team of this proposal." in forged.get_data(as_text=True)
    unexplained = office.post("C1", "P2", "/forward", **reviewers(office, "R1", "R2", **{f"why_{r2}": "   "}))
    text = unexplained.get_data(as_text=True)
    assert unexplained.status_code == 422
    beside = text.split(f'id="why_{r2}-error"')[1].split("</p>")[0]
    assert "Same department as Ben Bidder. Give a reason to ask them all the same." in beside
    assert f'value="{FUTURE}"' in text, "what was typed is kept"
    assert text.count(" checked") == 3, "two reviewers and the lead"
    assert (office.state("P2"), office.letters(before)) == (State.MATCHED, set())

    why = {f"why_{r2}": "the only expert on queues"}
    assert office.post("C1", "P2", "/forward", **reviewers(office, "R1", "R2", **why)).status_code == 302
    kept = office.ask(
        lambda: db.session.scalars(
            sa.select(Assignment.override_reason)
            .where(Assignment.proposal_id == office.w.proposals["P2"])
            .order_by(Assignment.id)
        ).all()
    )
    assert kept == ["", "the only expert on queues"]
    assert "the only expert on queues" in office.get("C1", "P2", "?tab=log").get_data(as_text=True)


def test_what_forwarding_needs_stands_beside_its_field(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    wrong = {
        "Choose at least 2 different reviewers.": reviewers(office, "R1"),
        "Choose one of the reviewers as the lead.": {**reviewers(office, "R1", "R3"), "lead": office.w.people["F3"]},
        "Choose one from the list.": {**reviewers(office, "R1", "R3"), "lead": ""},
        "Give a time that is still to come.": {**reviewers(office, "R1", "R3"), "due_at": "2020-01-01T10:00"},
        "Write a date and time such as": {**reviewers(office, "R1", "R3"), "due_at": "soon"},
    }
    for sentence, data in wrong.items():
        answer = office.post("C1", "P2", "/forward", **data)
        assert answer.status_code == 422, sentence
        assert sentence in answer.get_data(as_text=True)
    stranger = {**reviewers(office, "R1", "R3"), "reviewers": [office.w.people["R1"], office.w.people["N"], 2**63]}
    assert office.post("C1", "P2", "/forward", **stranger).status_code == 422
    assert office.state("P2") is State.MATCHED


def test_one_key_forwards_once(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    data = reviewers(office, "R1", "R3", once="a" * 32)
    version = office.version("P2")
    before = office.last_letter()
    first = office.post("C1", "P2", "/forward", version=version, **data)
    second = office.post("C1", "P2", "/forward", version=version, **data)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.location == second.location
    told = {("review.asked", "R1"), ("review.asked", "R3"), ("proposal.forwarded", "F2")}
    assert office.letters(before) == told


def test_adding_by_the_page_and_by_the_room(app: Flask) -> None:
    office = Office(app)
    a_member_who_reviews(office)
    f2, f3 = office.w.people["F2"], office.w.people["F3"]
    one = {"reviewers": f2, "due_at": FUTURE}
    answer = office.post("C1", "P1", "/assign", **one)
    assert answer.status_code == 422
    assert "Ben Bidder may not review this: On the team of this proposal." in answer.get_data(as_text=True)
    with app.app_context():
        with pytest.raises(Conflicted) as raised:
            assign(complete(office.w, "P1"), Asked(f2, override_reason="the best"), _due(), by=office.w.actor("C1"))
        assert raised.value.person_id == f2
        db.session.rollback()
    assert office.post("C1", "P1", "/assign", reviewers=f3, due_at=FUTURE, lead="y").status_code == 302
    leads = office.ask(
        lambda: db.session.scalars(
            sa.select(Assignment.reviewer_id).where(Assignment.proposal_id == office.w.proposals["P1"], Assignment.lead)
        ).all()
    )
    assert leads == [f3]
    again = office.post("C1", "P1", "/assign", reviewers=f3, due_at=FUTURE)
    assert again.status_code == 422
    assert "Somebody is asked already." in again.get_data(as_text=True)


def _due() -> Any:
    from datetime import UTC, datetime

    return datetime(2099, 1, 1, tzinfo=UTC)


def test_the_room_refuses_a_member_whatever_the_reason(room: Flask) -> None:
    from tests.factories.world import build
    from tests.factories.world import complete as whole

    world = build()
    db.session.add(RoleGrant(person_id=world.people["F2"], role=Role.REVIEWER))
    db.session.flush()
    by = world.actor("C1")
    evidence = found(whole(world, "P1"), holders(Role.REVIEWER))
    assert {each.blocks for each in evidence[world.people["F2"]]} == {True}
    assert [each.blocks for each in evidence[world.people["R1"]]] == [False]
    assert world.people["R3"] not in evidence
    from intake.match.operations import match
    from intake.proposal.operations import screen_in

    screen_in(whole(world, "P2"), by=by)
    proposal = whole(world, "P2")
    match(proposal, proposal.call.themes[0].id, world.people["S1"], "", by=by)
    asked = [Asked(world.people["R1"], lead=True), Asked(world.people["F2"], override_reason="the best by far")]
    with pytest.raises(Conflicted, match="On the team of this proposal"):
        forward(whole(world, "P2"), asked, _due(), by=by)


def test_an_invited_reviewer_can_be_chosen(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    before = office.last_letter()
    data = {"name": "Olga Outer", "email": "olga@elsewhere.example", "organisation": "Elsewhere", "once": "b" * 32}
    version = office.version("P2")
    first = office.post("C1", "P2", "/invite", version=version, **data)
    assert first.status_code == 302
    assert first.location.endswith("/forward")
    assert office.post("C1", "P2", "/invite", version=version, **data).location == first.location
    assert office.letters(before) == {("account.invitation", "?")}
    assert "Olga Outer" in office.get("C1", "P2", "/forward").get_data(as_text=True)
    made = office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).where(Person.email == data["email"])))
    assert made == 1
    assert office.get("C1", "P2", "/invite").status_code == 200
    assert office.get("C1", "P6", "/invite").status_code == 403
    assert office.post("R1", "P1", "/invite", **data).status_code == 403
    bad = office.post("C1", "P2", "/invite", name="", email="no address")
    assert bad.status_code == 422
    assert "Write an address such as" in bad.get_data(as_text=True)
