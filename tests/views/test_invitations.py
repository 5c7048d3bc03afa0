"""Requests to review: by the page and by the link of the letter (S15), changed of mind (S16), what the office sees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.audit.models import Event
from intake.call.models import Call
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, RoleGrant
from intake.people.passwords import kept
from intake.review.alternates import of_proposal
from intake.review.operations import unassign
from intake.review.queries import tallies
from intake.review.refusals import declines
from intake.vocabulary import DeclineReason, ReviewerAnswer, Role, State
from tests.factories import office as days
from tests.factories.counting import statements
from tests.factories.invited import (
    ASKED_ON,
    DUE,
    REASON,
    answers_of,
    invited,
    last_to,
    link_of,
    row_of,
)
from tests.factories.office import FUTURE, Office
from tests.factories.review import answers, words
from tests.factories.world import TITLES, complete

ASKED, ACCEPTED = ReviewerAnswer.ASKED, ReviewerAnswer.ACCEPTED
DECLINED = ReviewerAnswer.DECLINED
DESCRIPTION = "The work on quiet sensing of queues has three steps."
TOO_BUSY = {"answer": "decline", "decline_reason": "too_busy", "answer_note": "Two theses to read."}


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(ASKED_ON):
        yield


@pytest.fixture
def office(app: Flask) -> Office:
    made = Office(app)
    invited(made)
    return made


def count(office: Office, model: type[Event] | type[Message]) -> int:
    """How many rows of a table there are."""
    found: int = office.ask(lambda: db.session.scalar(sa.select(sa.func.count()).select_from(model)))
    return found


def has_password(office: Office, who: str) -> None:
    """Somebody has opened their account."""
    office.ask(
        lambda: setattr(db.session.get_one(Person, office.w.people[who]), "password_hash", kept("a blue kettle sings"))
    )


def page_of(office: Office, who: str, name: str = "P2", path: str = "") -> str:
    """The reviewer's page of a proposal."""
    return f"/reviews/{office.w.proposals[name]}{path}"


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


# --- the office -------------------------------------------------------------------------------------------------------


def test_the_office_asks_first_or_takes_a_yes_that_it_has(app: Flask) -> None:
    office = Office(app)
    days.matched(office)
    page = office.get("C1", "P2", "/forward").text
    assert "Ask first whether they will" in page
    assert "Will you review a proposal for Alba Industries Call 2026?" in page
    r3, f3 = office.w.people["R3"], office.w.people["F3"]
    chosen = {"reviewers": [r3, f3], "lead": r3, "due_at": FUTURE}
    wrong = {
        "Say by when they answer": {"ask_first": "y"},
        "Give a time before the reviews are due.": {"ask_first": "y", "reply_by": "2099-04-01T09:00"},
        "Give a time that is still to come.": {"ask_first": "y", "reply_by": "2020-04-01T09:00"},
    }
    for sentence, more in wrong.items():
        reply = office.post("C1", "P2", "/forward", **chosen, **more)
        assert reply.status_code == 422, sentence
        assert sentence in reply.text
    assert office.state("P2") is State.MATCHED
    letters = office.last_letter()
    sent = {**chosen, "ask_first": "y", "reply_by": "2099-03-08T17:00"}
    assert office.post("C1", "P2", "/forward", **sent).status_code == 302
    assert office.letters(letters) == {("review.invited", "R3"), ("review.invited", "F3"), ("proposal.forwarded", "F2")}
    letter = last_to(office, "R3", "review.invited")
    assert TITLES["P2"] in letter
    assert "Ben Bidder" not in letter
    assert "8 Mar 2099" in letter
    assert "31 Mar 2099" in letter
    row = row_of(office, "R3")
    assert row["token_hash"]
    assert row["token_hash"] not in letter
    assert "has not answered" in office.get("C1", "P2", "?tab=reviews").text

    said_yes = f"/reviewers/{row['id']}/said-yes"
    assert office.post("R3", "P2", said_yes).status_code == 403
    assert office.post("C1", "P2", said_yes).status_code == 302
    assert answers_of(office)["R3"] is ACCEPTED
    assert "First declare" not in office.browser("R3").get(page_of(office, "R3")).text
    assert "I have no conflict" in office.browser("R3").get(page_of(office, "R3")).text, "they still declare themselves"
    assert office.post("C1", "P2", said_yes).status_code == 302, "noted once"


def test_when_everybody_said_no_the_desk_says_so(office: Office) -> None:
    for who in ("R3", "F3"):
        office.browser(who).post(page_of(office, who, path="/answer"), data=TOO_BUSY)
    assert "2 said no; nobody is left to ask." in office.get("C1", "P2").text
    home = office.browser("C1").get("/desk").text
    assert "Reviewers missing" in home
    listed = office.browser("C1").get("/desk/proposals?waiting=short").text
    assert listed.count("data-open-row") == 1
    assert "Nobody is left to ask" in last_to(office, "C1", "review.answered")


def test_one_who_has_not_answered_is_never_late_and_is_reminded_to_answer(office: Office) -> None:
    with clock.at(DUE + timedelta(days=1)):
        tally = office.ask(lambda: tallies([office.w.proposals["P2"]], clock.now())[office.w.proposals["P2"]])
    assert (tally.asked, tally.unanswered, tally.late) == (2, 2, 0)
    letters = office.last_letter()
    office.post("C1", "P2", f"/reviewers/{office.assignment('P2', 'R3')}/nudge")
    assert office.letters(letters) == {("review.reminded", "R3")}
    assert office.app.test_client().get(link_of(office, "R3")).status_code == 200


def test_the_line_of_alternates_is_set_with_buttons(office: Office) -> None:
    r1, r2 = office.w.people["R1"], office.w.people["R2"]
    page = office.get("C1", "P2", "/alternates").text
    assert "Gus Reader" in page
    assert "Hana Reader" not in page, "the same department needs a reason, so she is not asked by itself"
    for who, status in {"R3": 403, "F2": 403, "N": 404, "C2": 404}.items():
        assert office.post(who, "P2", "/alternates", person_id=r1).status_code == status
    assert office.post("C1", "P2", "/alternates", person_id=r2).status_code == 422
    office.ask(lambda: db.session.add(_another("Pia Spare", "pia@example.org")))
    pia = office.ask(lambda: db.session.scalar(sa.select(Person.id).where(Person.email == "pia@example.org")))
    for number in (r1, pia):
        assert office.post("C1", "P2", "/alternates", person_id=number).status_code == 302
    assert office.post("C1", "P2", "/alternates", person_id=r1).status_code == 422, "each once"

    line = office.ask(lambda: _line(office))
    assert [each[1] for each in line] == [r1, pia]
    assert office.post("C1", "P2", f"/alternates/{line[1][0]}", act="up").status_code == 302
    assert [each[1] for each in office.ask(lambda: _line(office))] == [pia, r1]
    shown = office.get("C1", "P2", "/alternates").text.split("<tbody>")[1]
    assert shown.index("Pia Spare") < shown.index("Gus Reader")
    assert office.post("C1", "P1", f"/alternates/{line[1][0]}", act="out").status_code == 404, "of another proposal"
    assert office.post("C1", "P2", f"/alternates/{line[1][0]}", act="out").status_code == 302
    assert [each[1] for each in office.ask(lambda: _line(office))] == [r1]


def _another(name: str, email: str) -> Person:
    return Person(name=name, email=email, grants=[RoleGrant(role=Role.REVIEWER)])


def _line(office: Office) -> list[tuple[int, int]]:
    return [(each.id, each.reviewer_id) for each in of_proposal(office.w.proposals["P2"])]


def test_loads_are_set_on_a_page_and_asking_over_them_needs_a_reason(office: Office) -> None:
    r1, address = office.w.people["R1"], "/desk/calls/CALL-A/loads"
    page = office.browser("C1").get(address)
    assert page.status_code == 200
    assert "Gus Reader" in page.text
    for who, status in {"C2": 404, "R1": 404, "F1": 404}.items():
        assert office.browser(who).get(address).status_code == status
    assert office.browser("C1").post(address, data={f"most_{r1}": "x"}).status_code == 422
    sent = {f"most_{r1}": "2", f"least_{r1}": "3", f"seen_{r1}": "|"}
    wrong = office.browser("C1").post(address, data=sent)
    assert wrong.status_code == 422
    assert "The least is more than the most." in wrong.text
    assert office.browser("C1").post(address, data={**sent, f"least_{r1}": "1"}).status_code == 302
    stale = office.browser("C3").post(address, data={**sent, f"most_{r1}": "7"})
    assert stale.status_code == 409
    assert 'value="2"' in stale.text
    asked = {"reviewers": r1, "due_at": FUTURE}
    refused = office.post("C1", "P2", "/assign", **asked)
    assert refused.status_code == 422
    assert "5 reviews in this call, and 2 at most. Give a reason" in refused.text
    assert office.post("C1", "P2", "/assign", **asked, **{f"why_{r1}": REASON}).status_code == 302
    assert row_of(office, "R1")["override_reason"] == REASON


@pytest.mark.parametrize("seen", ["1", "", "|", "1|2|3", "x|y", "|" * 5_000, "²|"])
def test_what_stood_there_may_come_back_in_any_shape(office: Office, seen: str) -> None:
    r1, address = office.w.people["R1"], "/desk/calls/CALL-A/loads"
    sent = {f"most_{r1}": "2", f"seen_{r1}": seen}
    assert office.browser("C1").post(address, data=sent).status_code in (302, 409)


def test_what_is_usual_is_set_for_the_whole_call(office: Office) -> None:
    r1, address = office.w.people["R1"], "/desk/calls/CALL-A/loads/usual"

    def version() -> int:
        found: int = office.ask(lambda: db.session.get_one(Call, office.w.calls["A"]).version)
        return found

    assert office.browser("C2").post(address, data={"usual": 5, "version": version()}).status_code == 404
    assert office.browser("C1").post(address, data={"usual": "many", "version": version()}).status_code == 422
    seen = version()
    assert office.browser("C1").post(address, data={"usual": 5, "version": seen}).status_code == 302
    assert office.browser("C1").post(address, data={"usual": 6, "version": seen}).status_code == 409
    assert (
        "5 reviews in this call, and 5 at most" in office.post("C1", "P2", "/assign", reviewers=r1, due_at=FUTURE).text
    )


def test_a_coordinator_with_a_conflict_counts_none_of_it(office: Office) -> None:
    """S18: C3 is on P4's team, which R1 reviews too."""

    def here(who: str) -> str:
        row = office.browser(who).get("/desk/calls/CALL-A/loads").text.split("Gus Reader")[1].split("</tr>")[0]
        return row.split('data-label="In this call">')[1].split("<")[0]

    assert (here("C1"), here("C3")) == ("5", "4")


def asked_by(office: Office, who: str, path: str) -> int:
    """How many statements a page issues."""
    office.browser(who)
    with statements() as sent:
        assert office.browser(who).get(path).status_code == 200
    return len(sent)


def test_pages_ask_as_much_for_many_reviewers_as_for_few(office: Office) -> None:
    paths = ["/desk/calls/CALL-A/loads", office.address("P2", "/alternates"), office.address("P2", "/assign")]
    for path in paths:
        asked_by(office, "C1", path)
    before = [asked_by(office, "C1", path) for path in paths]
    assert min(before) > 5, "they are counted at all"
    for n in range(30):
        office.ask(lambda n=n: db.session.add(_another(f"Spare {n:02}", f"spare{n}@example.org")))
    for n in range(5):
        address = f"spare{n}@example.org"
        person_id = office.ask(lambda address=address: db.session.scalar(sa.select(Person.id).filter_by(email=address)))
        assert office.post("C1", "P2", "/alternates", person_id=person_id).status_code == 302
    assert [asked_by(office, "C1", path) for path in paths] == before
