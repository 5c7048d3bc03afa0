"""Requests to review: by the page and by the link of the letter (S15), changed of mind (S16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, RoleGrant
from intake.people.passwords import kept
from intake.review.operations import unassign
from intake.review.queries import tallies
from intake.review.refusals import declines
from intake.vocabulary import DeclineReason, ReviewerAnswer, Role
from tests.factories import office as days
from tests.factories.invited import ASKED_ON, TOO_BUSY, answers_of, invited, last_to, link_of, page_of, row_of
from tests.factories.office import FUTURE, Office
from tests.factories.review import answers, words
from tests.factories.world import TITLES, complete

ASKED, ACCEPTED = ReviewerAnswer.ASKED, ReviewerAnswer.ACCEPTED


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    made = Office(app)
    invited(made)
    return made


DECLINED = ReviewerAnswer.DECLINED
DESCRIPTION = "The work on quiet sensing of queues has three steps."


def count(office: Office, model: type[Event] | type[Message]) -> int:
    """How many rows of a table there are."""
    found: int = office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(model)))
    return found


def has_password(office: Office, who: str) -> None:
    """Somebody has opened their account."""
    office.ask(
        lambda: setattr(db.session.get_one(Person, office.w.people[who]), "password_hash", kept("a blue kettle sings"))
    )


#


#


#


#


#


def says_nothing(text: str) -> None:
    """Not a word of the proposal."""
    for secret in (TITLES["P2"], "quiet sensing", "Ben Bidder", "CALL-A-0002"):
        assert secret not in text


# --- S15: the link ----------------------------------------------------------------------------------------------------


def test_a_link_shows_title_and_abstract_and_changes_nothing(office: Office) -> None:
    path, nobody = link_of(office, "R3"), office.app.test_client()
    before = count(office, Event), count(office, Message), row_of(office, "R3")
    for ask in (nobody.get, nobody.get, nobody.head):
        assert ask(path).status_code == 200
    text = nobody.get(path).text
    assert TITLES["P2"] in text
    assert "We study quiet sensing of queues" in text
    assert "Ben Bidder" in text, "the call names its applicants, so that a conflict can be declared"
    assert DESCRIPTION not in text
    assert "Cleo Double" not in text, "who else was asked is nobody's business"
    assert path not in text.split('<p class="printed">')[1].split("</p>")[0], "no link on paper"
    assert (count(office, Event), count(office, Message), row_of(office, "R3")) == before


def test_a_call_that_hides_applicants_hides_them_from_the_link_too(app: Flask) -> None:
    hidden = Office(app, applicants_named=False)
    invited(hidden)
    text = hidden.app.test_client().get(link_of(hidden, "R3")).text
    assert TITLES["P2"] in text
    assert "Ben Bidder" not in text


def test_a_link_is_no_sign_in_and_opens_nothing_else(office: Office) -> None:
    nobody, number = office.app.test_client(), office.w.proposals["P2"]
    nobody.get(link_of(office, "R3"))
    for path in (f"/reviews/{number}", "/reviews", f"/proposals/{number}", f"/desk/proposals/{number}", "/account"):
        reply = nobody.get(path)
        assert reply.status_code == 302, path
        assert "/sign-in" in reply.location, path
    assert nobody.post(f"/reviews/{number}/answer", data={"answer": "accept"}).status_code == 401
    for other in ("/invited/nothing", "/invited/" + "A" * 43, "/invited/" + "a" * 5_000):
        reply = nobody.get(other)
        assert reply.status_code == 404
        says_nothing(reply.text)


def test_somebody_else_who_is_signed_in_inherits_nothing(office: Office) -> None:
    path = link_of(office, "R3")
    for who in ("N", "R1", "F2", "C1", "AD"):
        for reply in (office.browser(who).get(path), office.browser(who).post(path, data={"answer": "accept"})):
            assert reply.status_code == 403, who
            says_nothing(reply.text.split("<main")[1].split("</main>")[0])
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED}
    assert office.browser("N").get(page_of(office, "N")).status_code == 404
    assert office.browser("R3").get(path).status_code == 200, "the one it was sent to may be signed in"


def test_accepting_by_the_link_opens_the_proposal_to_its_reviewer_only(office: Office) -> None:
    has_password(office, "R3")
    path, nobody = link_of(office, "R3"), office.app.test_client()
    reader = office.browser("R3")
    assert DESCRIPTION not in reader.get(page_of(office, "R3")).text
    letters = office.last_letter()
    assert nobody.post(path, data={"answer": "accept"}).status_code == 302
    assert office.letters(letters) == {("review.answered", "C1"), ("review.answered", "C3")}
    assert DESCRIPTION in reader.get(page_of(office, "R3")).text, "accepted and declared in one act"
    over = nobody.get(path)
    assert over.status_code == 410
    assert "You accepted this invitation at" in over.text
    assert "Sign in" in over.text
    says_nothing(over.text)
    events, row = count(office, Event), row_of(office, "R3")
    assert nobody.post(path, data=TOO_BUSY).status_code == 302, "a dead link takes nothing"
    assert (count(office, Event), row_of(office, "R3")) == (events, row)
    assert DESCRIPTION not in office.browser("F3").get(page_of(office, "F3")).text


def test_a_link_dies_on_decline_and_tells_what_was_said(office: Office) -> None:
    path, nobody = link_of(office, "R3"), office.app.test_client()
    wrong = nobody.post(path, data={"answer": "decline", "answer_note": "kept words"})
    assert wrong.status_code == 422
    assert "kept words" in wrong.text
    assert nobody.post(path, data=TOO_BUSY).status_code == 302
    reply = nobody.get(path)
    assert reply.status_code == 410
    assert "You declined this invitation at" in reply.text
    assert "too busy" in reply.text
    says_nothing(reply.text)
    nobody.post(path, data={"answer": "accept"})
    assert answers_of(office)["R3"] is DECLINED


def test_a_link_dies_on_removal_on_revocation_and_when_the_review_is_over(office: Office) -> None:
    nobody, r3, f3 = office.app.test_client(), link_of(office, "R3"), link_of(office, "F3")
    number = office.assignment("P2", "R3")

    def take_off() -> None:
        proposal = complete(office.w, "P2")
        row = next(each for each in proposal.assignments if each.id == number)
        unassign(proposal, row, "a while", by=office.w.actor("C1"))

    office.ask(take_off)
    reply = nobody.get(r3)
    assert reply.status_code == 410
    assert "The office took it back" in reply.text
    says_nothing(reply.text)
    grant = sa.select(RoleGrant).where(RoleGrant.person_id == office.w.people["F3"], RoleGrant.role == Role.REVIEWER)
    office.ask(lambda: setattr(db.session.scalars(grant).one(), "revoked_at", clock.now()))
    assert nobody.get(f3).status_code == 404
    assert nobody.post(f3, data={"answer": "accept"}).status_code == 404
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED}
    office.ask(lambda: setattr(db.session.scalars(grant).one(), "revoked_at", None))
    days.withdrawn(office)
    reply = nobody.get(f3)
    assert reply.status_code == 410
    says_nothing(reply.text)


def test_an_outsider_without_an_account_declines_without_one_and_gets_one_by_accepting(office: Office) -> None:
    nobody, letters = office.app.test_client(), office.last_letter()
    assert nobody.post(link_of(office, "R3"), data=TOO_BUSY).status_code == 302
    assert ("account.invitation", "R3") not in office.letters(letters)
    letters = office.last_letter()
    path = link_of(office, "F3")
    assert nobody.post(path, data={"answer": "accept"}).status_code == 302
    assert ("account.invitation", "F3") in office.letters(letters)
    assert "its link opens your account" in nobody.get(path).text


# --- answers on the page ----------------------------------------------------------------------------------------------


def test_before_the_answer_a_reviewer_reads_title_and_abstract_only(office: Office) -> None:
    reader = office.browser("R3")
    queue = words(reader.get("/reviews").text)
    assert "Will you review it?" in queue
    text = reader.get(page_of(office, "R3")).text
    assert TITLES["P2"] in text
    assert "Accept: I have no conflict of interest" in text
    assert DESCRIPTION not in text
    sent = reader.post(page_of(office, "R3"), data=answers(office.app, office.w))
    assert sent.status_code in (403, 422)
    reader.post(page_of(office, "R3", path="/declare"), data={"declared": "none"})
    assert DESCRIPTION not in reader.get(page_of(office, "R3")).text, "a declaration is no answer"
    assert answers_of(office)["R3"] is ASKED


def test_the_wrong_people_cannot_answer(office: Office) -> None:
    address = page_of(office, "R3", path="/answer")
    for who, status in {"R1": 404, "N": 404, "C1": 403, "F2": 403, "AD": 403, "X": 401}.items():
        assert office.browser(who).post(address, data={"answer": "accept"}).status_code == status, who
    assert answers_of(office) == {"R3": ASKED, "F3": ASKED}
    assert office.browser("R1").get(f"/reviews/answers/{office.assignment('P2', 'R3')}").status_code == 404


def test_the_team_is_told_nothing_of_who_was_asked(office: Office) -> None:
    office.browser("R3").post(page_of(office, "R3", path="/answer"), data=TOO_BUSY)
    for path in ("", "/feedback", "/history"):
        text = office.browser("F2").get(f"/proposals/{office.w.proposals['P2']}{path}").text
        assert "Ivo Outside" not in text
        assert "Cleo Double" not in text
        assert "too busy" not in text


def test_passing_it_on_tells_the_office_and_asks_nobody(office: Office) -> None:
    letters = office.last_letter()
    said = {"answer": "pass", "passed_to_name": "Olga Outer", "passed_to_email": "Olga@Elsewhere.example"}
    address = page_of(office, "R3", path="/answer")
    assert office.browser("R3").post(address, data={**said, "passed_to_name": " "}).status_code == 422
    assert office.browser("R3").post(address, data={**said, "pass_note": "She wrote the book."}).status_code == 302
    assert office.letters(letters) == {("review.answered", "C1"), ("review.answered", "C3")}
    assert "suggests Olga Outer" in last_to(office, "C1", "review.answered")
    assert "She wrote the book." in last_to(office, "C1", "review.answered")
    assert office.ask(lambda: db.session.scalar(sa.select(Person.id).where(Person.email.contains("olga")))) is None
    tab = office.get("C1", "P2", "?tab=reviews").text
    invite = f"/desk/proposals/{office.w.proposals['P2']}/invite?suggested={office.assignment('P2', 'R3')}"
    assert invite in tab
    form = office.browser("C1").get(invite).text
    assert 'value="Olga Outer"' in form
    assert 'value="olga@elsewhere.example"' in form


def test_a_declared_conflict_declines_and_bars(office: Office) -> None:
    said = {"answer": "conflict", "kind": "joint_work", "note": "A paper of last year."}
    assert office.browser("R3").post(page_of(office, "R3", path="/answer"), data=said).status_code == 302
    row = row_of(office, "R3")
    assert (row["answer"], row["decline_reason"]) == (DECLINED, DeclineReason.CONFLICT)
    assert office.browser("R3").get(page_of(office, "R3")).status_code == 404
    again = office.browser("R3").post(f"/reviews/answers/{row['id']}", follow_redirects=True)
    assert "You declared a conflict of interest" in again.text
    assert row_of(office, "R3")["answer"] is DECLINED


# --- S16: a mind that changes -----------------------------------------------------------------------------------------


def test_a_mind_that_changes_is_told_each_time_and_keeps_its_draft(office: Office) -> None:
    reader, number = office.browser("R3"), office.assignment("P2", "R3")
    answer, review = page_of(office, "R3", path="/answer"), page_of(office, "R3")
    letters = office.last_letter()
    reader.post(answer, data={"answer": "accept"})
    draft = answers(office.app, office.w, for_applicant="A first thought.", **{"and": "save"})
    assert reader.post(review, data=draft).status_code == 302
    assert reader.post(answer, data=TOO_BUSY).status_code == 302
    assert reader.get(review).status_code == 404
    assert "What you said no to" in reader.get("/reviews").text
    assert "Accept after all" in reader.get(f"/reviews/answers/{number}").text
    assert reader.post(f"/reviews/answers/{number}").status_code == 302
    assert "A first thought." in reader.get(review).text, "the draft is back"
    with clock.at(ASKED_ON + timedelta(hours=2)):
        assert reader.post(answer, data={**TOO_BUSY, "decline_reason": "away"}).status_code == 302
    told = office.ask(
        lambda: db.session.scalars(
            sa.select(Message.subject).where(
                Message.id > letters,
                Message.kind == "review.answered",
                Message.to_person_id == office.w.people["C1"],
            )
        ).all()
    )
    assert [each.split("Ivo Outside ")[1] for each in told] == [
        "accepted the review", "declined: too busy", "accepted the review", "declined: away"
    ]  # fmt: skip

    tally = office.ask(lambda: tallies([office.w.proposals["P2"]], clock.now())[office.w.proposals["P2"]])
    assert (tally.asked, tally.accepted, tally.submitted, tally.said_no) == (1, 0, 0, 1), "a no is no review"
    form = words(office.get("C1", "P2", "/assign").text)
    assert "Declined CALL-A-0002 at" in form
    assert "away. Ask again only if something changed." in form
    sent = {"reviewers": office.w.people["R3"], "due_at": FUTURE, "ask_first": "y", "reply_by": "2099-03-10T12:00"}
    assert office.post("C1", "P2", "/assign", **sent).status_code == 302
    assert answers_of(office)["R3"] is ASKED
    reader.post(answer, data={"answer": "accept"})
    assert "A first thought." in reader.get(review).text, "asked a second time, the draft is back as well"


def test_the_page_of_a_no_tells_when_it_was_said_as_people_write_it(office: Office) -> None:
    office.browser("R3").post(page_of(office, "R3", path="/answer"), data=TOO_BUSY)
    page = words(office.browser("R3").get(f"/reviews/answers/{office.assignment('P2', 'R3')}").text)
    assert "You declined this invitation at 1 Mar 2099, 17:00 HKT: too busy." in page
    assert "+00:00" not in page


def test_why_somebody_declined_is_the_offices_alone(office: Office) -> None:
    office.browser("R3").post(page_of(office, "R3", path="/answer"), data=TOO_BUSY)
    assert "Two theses to read." in office.get("C1", "P2", "?tab=reviews").text
    assert "too busy" not in office.browser("F3").get(page_of(office, "F3")).text


def test_of_a_no_elsewhere_the_office_learns_only_that_it_was(office: Office) -> None:
    with clock.at(ASKED_ON):
        office.browser("R3").post(page_of(office, "R3", path="/answer"), data=TOO_BUSY)
    seen = office.ask(lambda: declines([office.w.people["R3"]], seen_by=office.w.actor("C2")))
    (told,) = seen[office.w.people["R3"]]
    assert (str(told.words), told.number, told.at, told.reason) == ("Declined another proposal.", "", None, None)
