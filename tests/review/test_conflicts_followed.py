"""A conflict that is found ends an assignment, and the next alternate is asked, as when a reviewer says no."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.conflict.looking_again import look_again
from intake.conflict.operations import declare_as_office
from intake.extensions import db
from intake.people.models import Department, Person, RoleGrant
from intake.policy import NOBODY
from intake.review import alternates
from intake.review.models import Alternate, Assignment, Review
from intake.vocabulary import ConflictKind, ReviewerAnswer, ReviewState, Role
from tests.factories.invited import ASKED_ON, DUE, answers_of, invited, last_to, line_up, row_of
from tests.factories.office import Office
from tests.factories.world import complete

ASKED = ReviewerAnswer.ASKED
OFFICE_AND = {("conflict.arose", "C1"), ("conflict.arose", "C3")}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    """P2 is with R3, who leads, and F3; A1, A2 and A3 are reviewers too."""
    made = Office(app)
    for name in ("A1", "A2", "A3"):
        made.w.people[name] = made.ask(lambda name=name: spare(name))
    invited(made)
    return made


def spare(name: str) -> int:
    person = Person(name=f"{name} Spare", email=f"{name.lower()}@example.org")
    person.grants = [RoleGrant(role=Role.REVIEWER)]
    db.session.add(person)
    db.session.flush()
    return person.id


def found_out(office: Office, *names: str, proposal: str = "P2") -> None:
    """They turn out to be of the principal investigator's department, where the call lets nobody past that."""

    def act() -> None:
        people = [db.session.get_one(Person, office.w.people[each]) for each in names]
        theirs = db.session.scalars(db.select(Department.id).where(Department.code == "EE")).one()
        for each in people:
            each.department_id = theirs
        db.session.get_one(Call, office.w.calls["A"]).conflict_levels = {"department": "block"}
        look_again([office.w.proposals[proposal]], by=NOBODY)

    office.ask(act)


def skipped(office: Office) -> list[str]:
    """Why those in the line were passed over, in their order."""
    return office.ask(lambda: [row.skipped for row in alternates.of_proposal(office.w.proposals["P2"])])


def test_the_next_alternate_is_asked_and_leads_where_the_one_before_led(office: Office) -> None:
    line_up(office, "A1", "A2")
    letters = office.last_letter()
    found_out(office, "R3")
    assert row_of(office, "R3")["removed_at"] is not None
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED, "A1": ASKED}
    assert office.letters(letters) == OFFICE_AND | {("conflict.suspended", "R3"), ("review.invited", "A1")}
    row = row_of(office, "A1")
    assert (row["lead"], row["due_at"]) == (True, DUE)
    told = last_to(office, "C1", "conflict.arose").replace("\n", " ")
    assert "A1 Spare, the next alternate, is asked now." in told
    assert "assign somebody else" not in told
    assert [each[0] for each in office.events("P2")][-2:] == ["review.suspended", "review.asked"]


def test_one_is_asked_for_each_who_is_gone_and_who_has_the_same_conflict_is_passed_over(office: Office) -> None:
    line_up(office, "A1", "A2", "A3")
    found_out(office, "R3", "F3", "A1")
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED, "A2": ASKED, "A3": ASKED}
    assert [row_of(office, each)["lead"] for each in ("A2", "A3")] == [True, False]
    assert skipped(office) == ["A1 Spare may not review this: Same department as Ben Bidder.", "", ""]
    told = last_to(office, "C1", "conflict.arose")
    assert "A2 Spare, the next alternate, is asked now." in told
    assert "A3 Spare, the next alternate, is asked now." in told


def test_the_office_reads_that_nobody_is_left_to_ask(office: Office) -> None:
    found_out(office, "F3")
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED}
    assert "Nobody is left to ask: choose somebody under Reviews." in last_to(office, "C1", "conflict.arose")


def test_no_more_are_asked_than_the_call_needs(office: Office) -> None:
    line_up(office, "A1")
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "reviews_needed", 1))
    found_out(office, "F3")
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED}
    told = last_to(office, "C1", "conflict.arose").replace("\n", " ")
    assert "Please assign somebody else if a review is missing now." in told


def test_nobody_is_asked_once_it_is_decided(office: Office) -> None:
    """P6 is decided: a conflict of a reviewer who wrote nothing ends their assignment, and nothing is left to ask."""
    waiting = Alternate(proposal_id=office.w.proposals["P6"], reviewer_id=office.w.people["A1"], rank=1)
    office.ask(lambda: db.session.add(waiting))
    letters = office.last_letter()

    def act() -> None:
        of_r2 = db.select(Assignment.id).where(
            Assignment.proposal_id == office.w.proposals["P6"], Assignment.reviewer_id == office.w.people["R2"]
        )
        (review,) = db.session.scalars(db.select(Review).where(Review.assignment_id.in_(of_r2)))
        review.state, review.submitted_at, review.overall = ReviewState.DRAFT, None, None
        theirs = db.session.get_one(Person, office.w.people["F1"]).department_id
        db.session.get_one(Person, office.w.people["R2"]).department_id = theirs
        db.session.get_one(Call, office.w.calls["A"]).conflict_levels = {"department": "block"}
        look_again([office.w.proposals["P6"]], by=NOBODY)

    office.ask(act)
    assert row_of(office, "R2", "P6")["removed_at"] is not None
    assert "A1" not in answers_of(office, "P6")
    assert ("review.invited", "A1") not in office.letters(letters)


def test_who_also_coordinates_and_declares_as_the_office_is_followed_too(office: Office) -> None:
    line_up(office, "A1")
    call = office.ask(lambda: db.session.get_one(Call, office.w.calls["A"]).programme_id)
    grant = RoleGrant(person_id=office.w.people["R3"], role=Role.COORDINATOR, programme_id=call)
    office.ask(lambda: db.session.add(grant))
    office.ask(lambda: declare_as_office(complete(office.w, "P2"), ConflictKind.PERSONAL, "", by=office.w.actor("R3")))
    assert row_of(office, "R3")["removed_at"] is not None
    assert row_of(office, "A1")["lead"] is True
    assert "A1 Spare, the next alternate, is asked now." in last_to(office, "C1", "conflict.declared")
