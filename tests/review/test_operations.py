"""What the office does with reviewers: taking off, putting back (S20), reminding, reopening; and forgery (S22)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.decision.models import Decision
from intake.decision.operations import release
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.operations import submit
from intake.proposal.team import add_member
from intake.review.models import Assignment, Capacity, Review, Score
from intake.review.queries import tallies
from intake.review.scoring import mean
from intake.vocabulary import Relation, ReviewState, State, Verdict
from tests.factories import office as days
from tests.factories.office import Office
from tests.factories.world import complete


def kept(office: Office, number: int) -> tuple[object, ...]:
    """Everything that a review holds."""

    def read() -> tuple[object, ...]:
        review = db.session.scalars(sa.select(Review).where(Review.assignment_id == number)).one()
        scores = db.session.execute(sa.select(Score.criterion_id, Score.value).where(Score.review_id == review.id))
        return (
            review.state,
            review.recommendation,
            review.for_applicant,
            review.for_office,
            review.overall,
            review.submitted_at,
            sorted(tuple(row) for row in scores),
        )

    found: tuple[object, ...] = office.ask(read)
    return found


def tally(office: Office, name: str) -> tuple[object, ...]:
    """Asked, submitted and mean, as lists show them."""
    number = office.w.proposals[name]
    found = office.ask(lambda: tallies([number], clock.now())[number])
    return found.asked, found.submitted, found.mean


def test_the_mean_of_a_list_is_the_mean_of_the_page(app: Flask) -> None:
    """Halves go up in both: 3.125 is 3.13, which an average of floats need not be."""
    office = Office(app)
    scores = [Decimal("3.12"), Decimal("3.13")]

    def give() -> None:
        reviews = db.session.scalars(
            sa.select(Review)
            .join(Assignment, Assignment.id == Review.assignment_id)
            .where(Assignment.proposal_id == office.w.proposals["P6"], Review.state == ReviewState.SUBMITTED)
        ).all()
        for review, score in zip(reviews, scores, strict=True):
            review.overall = score
        db.session.commit()

    office.ask(give)
    assert tally(office, "P6") == (2, 2, Decimal("3.13"))
    assert mean(scores) == Decimal("3.13")


def test_a_submitted_review_is_taken_off_and_put_back_unchanged(app: Flask) -> None:
    office = Office(app)
    number = office.assignment("P1", "R1")
    path, before, letters = f"/reviewers/{number}", kept(office, number), office.last_letter()
    assert tally(office, "P1") == (3, 1, 4)
    assert office.post("C1", "P1", f"{path}/take-off", reason="").status_code == 422
    for who, status in {"C2": 404, "R2": 403, "F1": 403, "N": 404, "AD": 403, "X": 401}.items():
        assert office.post(who, "P1", f"{path}/take-off", reason="because").status_code == status
    assert tally(office, "P1") == (3, 1, 4)
    assert office.browser("R1").get(f"/reviews/{office.w.proposals['P1']}").status_code in (200, 302)

    assert office.post("C1", "P1", f"{path}/take-off", reason="works with the team").status_code == 302
    assert office.letters(letters) == {("review.recalled", "R1")}
    assert tally(office, "P1") == (2, 0, None)
    assert office.browser("R1").get(f"/reviews/{office.w.proposals['P1']}").status_code == 404
    page = office.get("C1", "P1", "?tab=reviews").get_data(as_text=True)
    gone = page.split("Taken off", 1)[1]
    assert "works with the team" in page
    assert "R1 tells the applicant of P1." in gone
    assert "Nobody leads the panel: appoint one of them." in page
    assert kept(office, number) == before

    assert office.post("R1", "P1", f"{path}/put-back").status_code == 404
    letters = office.last_letter()
    assert office.post("C1", "P1", f"{path}/put-back").status_code == 302
    assert office.letters(letters) == {("review.asked", "R1")}
    assert kept(office, number) == before
    assert tally(office, "P1") == (3, 1, 4)
    assert [each[:2] for each in office.events("P1")][-2:] == [("review.taken_back", "C1"), ("review.put_back", "C1")]


def test_nobody_is_put_back_over_a_conflict(app: Flask) -> None:
    office = Office(app)
    number = office.assignment("P3", "R2")
    assert office.post("C1", "P3", f"/reviewers/{number}/take-off", reason="a while").status_code == 302
    office.conflict("P3", "R2")
    answer = office.browser("C1").post(
        office.address("P3", f"/reviewers/{number}/put-back"),
        data={"version": office.version("P3")},
        follow_redirects=True,
    )
    assert "Hana Reader may not review this" in answer.get_data(as_text=True)
    assert tally(office, "P3")[0] == 1


def test_who_is_put_back_past_a_warning_needs_a_reason(app: Flask) -> None:
    office = Office(app)
    number = office.assignment("P3", "R2")
    path = f"/reviewers/{number}/put-back"

    def same_department() -> None:
        theirs = db.session.get_one(Person, office.w.people["F3"]).department_id
        db.session.get_one(Person, office.w.people["R2"]).department_id = theirs

    assert office.post("C1", "P3", f"/reviewers/{number}/take-off", reason="a while").status_code == 302
    office.ask(same_department)
    letters = office.last_letter()
    for reason in ({}, {"reason": ""}, {"reason": "  "}):
        page = office.post("C1", "P3", path, **reason)
        assert page.status_code == 422
        assert "Hana Reader: Same department as" in page.text
        assert "Give a reason to put them back all the same." in page.text
    long = office.post("C1", "P3", path, reason="x" * 5_000)
    assert long.status_code == 422
    assert "Give a reason" not in long.text
    assert tally(office, "P3")[0] == 1
    assert office.post("C1", "P3", path, reason="nobody else knows compilers").status_code == 302
    assert tally(office, "P3")[0] == 2
    kept_reason = office.ask(lambda: db.session.get_one(Assignment, number).override_reason)
    assert kept_reason == "nobody else knows compilers"
    assert office.letters(letters) == {("review.asked", "R2")}, "the office knows of the warning"


def test_who_is_put_back_over_their_load_needs_a_reason(app: Flask) -> None:
    office = Office(app)
    number = office.assignment("P3", "R2")
    assert office.post("C1", "P3", f"/reviewers/{number}/take-off", reason="a while").status_code == 302
    office.ask(lambda: db.session.add(Capacity(call_id=office.w.calls["A"], person_id=office.w.people["R2"], most=0)))
    page = office.post("C1", "P3", f"/reviewers/{number}/put-back")
    assert page.status_code == 422
    assert "0 at most. Give a reason to put them back all the same." in page.text


def test_a_reminder_is_sent_once_a_day_and_only_to_whoever_owes(app: Flask) -> None:
    office = Office(app)
    late, done = office.assignment("P1", "R2"), office.assignment("P1", "R1")
    letters = office.last_letter()
    assert "Nudge Hana Reader" in office.get("C1", "P1").get_data(as_text=True)
    assert office.post("R1", "P1", f"/reviewers/{late}/nudge").status_code == 403
    assert office.post("C2", "P1", f"/reviewers/{late}/nudge").status_code == 404
    assert office.post("C1", "P3", f"/reviewers/{late}/nudge").status_code == 404, "of another proposal"
    assert office.post("C1", "P1", f"/reviewers/{late}/nudge", version=10**6).status_code == 409
    for number in (late, late, done):
        assert office.post("C1", "P1", f"/reviewers/{number}/nudge").status_code == 302
    assert office.letters(letters) == {("review.nudged", "R2")}
    page = office.get("C1", "P1", "?tab=reviews").get_data(as_text=True)
    assert "give them a day" in page
    assert "Nudge Ivo Outside" in page, "the next who owes a review"
    letters = office.last_letter()
    office.ask(lambda: setattr(db.session.get_one(Assignment, late), "nudged_at", clock.now() - timedelta(hours=25)))
    assert office.post("C1", "P1", f"/reviewers/{late}/nudge").status_code == 302
    assert office.letters(letters) == {("review.nudged", "R2")}


def test_another_leads_and_one_only(app: Flask) -> None:
    office = Office(app)
    number = office.assignment("P1", "R2")
    assert office.post("R2", "P1", f"/reviewers/{number}/lead").status_code == 403
    assert office.post("C1", "P1", f"/reviewers/{number}/lead").status_code == 302
    leads = office.ask(
        lambda: db.session.scalars(
            sa.select(Assignment.id).where(Assignment.proposal_id == office.w.proposals["P1"], Assignment.lead)
        ).all()
    )
    assert leads == [number]


def test_a_reopened_review_counts_for_nothing_until_it_is_in_again(app: Flask) -> None:
    office = Office(app)
    number, letters = office.assignment("P1", "R1"), office.last_letter()
    path = f"/reviewers/{number}/reopen"
    assert office.post("R1", "P1", path, reason="let me").status_code == 403
    assert office.post("C1", "P1", path, reason="").status_code == 422
    assert office.post("C1", "P1", path, reason="Say more on merit.").status_code == 302
    assert office.letters(letters) == {("review.reopened", "R1")}
    assert tally(office, "P1") == (3, 0, None)
    page = office.get("C1", "P1", "?tab=reviews").get_data(as_text=True)
    assert "R1 tells the office of P1." not in page, "a reopened review is a draft again"
    again = office.post("C1", "P1", path, reason="Once more.")
    assert again.status_code == 422
    assert "There is no submitted review to reopen." in again.get_data(as_text=True)


def test_a_reviewer_forges_the_offices_acts(app: Flask) -> None:
    """S22: valid token, valid version, the lead reviewer of P1, P6 and P7; every act of the office is refused."""
    office = Office(app)
    reason = {"reason": "mine to say"}
    forged = {
        ("P1", "/decide"): {"verdict": "select", "rationale": "r", "feedback": "f"},
        ("P1", "/assign"): {"reviewers": office.w.people["R3"], "due_at": "2099-01-01T00:00"},
        ("P1", "/recall"): reason,
        ("P6", "/release"): {"read": "y", "seen": "x"},
        ("P6", "/reopen"): reason,
        ("P7", "/recall-packet"): reason,
        ("P7", "/outcome"): {"result": "selected", "amount": "1", "reference": "x"},
        ("P7", "/publish"): {},
    }
    states = {name: office.state(name) for name in ("P1", "P6", "P7")}
    events = {name: office.events(name) for name in states}
    letters = office.last_letter()
    for (name, path), data in forged.items():
        answer = office.post("R1", name, path, **data)
        assert answer.status_code == 403, path
        assert "Only a coordinator of the call may do this." in answer.get_data(as_text=True)
    assert {name: office.state(name) for name in states} == states
    assert {name: office.events(name) for name in states} == events
    assert office.letters(letters) == set()
    assert states["P6"] is State.DECIDED


def test_a_revised_proposal_is_reviewed_anew(app: Flask) -> None:
    """The same people are asked again; what they wrote in the first round stays readable and counts no more."""
    office = Office(app)
    people = office.w.people

    def revise() -> None:
        decision = db.session.scalars(sa.select(Decision).where(Decision.proposal_id == office.w.proposals["P6"])).one()
        decision.verdict = Verdict.REVISE
        db.session.flush()
        release(complete(office.w, "P6"), by=office.w.actor("C1"), until=clock.now() + timedelta(days=7))
        submit(complete(office.w, "P6"), by=office.w.actor("F1"))

    office.ask(revise)
    days.matched(office, "P6")
    page = office.get("C1", "P6", "/forward").get_data(as_text=True)
    assert "Reviews this proposal already." not in page
    data = {"reviewers": [people["R2"], people["R3"]], "lead": people["R2"], "due_at": days.FUTURE}
    answer = office.post("C1", "P6", "/forward", **data)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert tally(office, "P6") == (2, 0, None)
    text = office.get("C1", "P6", "?tab=reviews").get_data(as_text=True)
    assert "an earlier round of review" in text
    assert "R1 tells the office of P6." in text
    assert office.browser("R1").get(f"/reviews/{office.w.proposals['P6']}").status_code == 404
    assert office.get("C1", "P6").status_code == 200


def test_a_reviewer_who_joins_the_team_loses_access_and_the_office_hears(app: Flask) -> None:
    """S17, later: the applicant adds a reviewer as a co-investigator."""
    office = Office(app)

    def join() -> None:
        decision = db.session.scalars(sa.select(Decision).where(Decision.proposal_id == office.w.proposals["P6"])).one()
        decision.verdict = Verdict.REVISE
        db.session.flush()
        release(complete(office.w, "P6"), by=office.w.actor("C1"), until=clock.now() + timedelta(days=7))
        add_member(
            complete(office.w, "P6"),
            name="Hana Reader",
            email="r2@example.org",
            organisation="",
            relation=Relation.CO_INVESTIGATOR,
            by=office.w.actor("F1"),
        )

    letters = office.last_letter()
    office.ask(join)
    assert {("conflict.arose", "C1"), ("conflict.arose", "C3")} <= office.letters(letters)
    assert office.browser("R2").get(f"/reviews/{office.w.proposals['P6']}").status_code in (403, 404)
    text = (
        office.get("C1", "P6", "/who").get_data(as_text=True).split("<strong>Hana Reader</strong>")[1].split("</tr>")[0]
    )
    assert "the reviews" not in text
