"""The links of letters: an invitation to a team, a request to a supervisor. The link is the proof; a dead one says
nothing of what it was for; opening one changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.audit.models import Event
from intake.call.models import Rule
from intake.endorsement.operations import ask
from intake.endorsement.operations import withdraw as take_back
from intake.endorsement.queries import standing
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import Proposal
from intake.proposal.operations import restore, submit, withdraw
from intake.proposal.team import add_member, remove_member
from intake.vocabulary import Relation, Role, TeamAnswer
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import letters_to, link_in

OLGA = {"name": "Olga Outside", "email": "olga@example.net", "organisation": "Elsewhere"}
ADA = "ada.applicant@example.org"
GUESSED = ["A" * 43, "x", "%F0%9F%98%80", "a" * 5_000, "..%2f..", "1%20OR%201"]


class Site:
    """Ada's draft in HIRP 2020, whose call asks to confirm and for an endorsement; Olga without an account and Ben with
    one are invited, Sue is asked. Nobody is signed in but where ``as_`` says so."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app, self.client_for = app, client_for
        with app.app_context():
            load_catalogue()
            call = call_with("HIRP-2020")
            call.team_confirms = True
            db.session.add(Rule(call_id=call.id, code="supervisor-endorsed", text="x", source="y", position=99))
            ada, ben = faculty_member(), faculty_member("Ben Partner", department="EE")
            sid = faculty_member("Sid Stranger")
            person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            proposal = draft(call, ada)
            relation = Relation.CO_INVESTIGATOR
            add_member(whole(proposal), **OLGA, relation=relation, by=actor(ada))
            ben_named = {"name": "", "email": ben.email, "organisation": "EE"}
            add_member(whole(proposal), **ben_named, relation=relation, by=actor(ada))
            ask(whole(proposal), "Sue Supervisor", "sue@example.edu", by=actor(ada))
            self.olga, self.ben, self.sue = (
                link_in(letters_to(address)[0]) for address in (OLGA["email"], ben.email, "sue@example.edu")
            )
            self.ids = {"ada": ada.id, "ben": ben.id, "sid": sid.id}
            self.number, self.title, self.abstract = proposal.id, proposal.title, proposal.abstract
            db.session.commit()

    def act(self, change: Callable[[Proposal], Any]) -> Any:
        """Change or ask something of the proposal, in a context of its own."""
        with self.app.app_context():
            found = change(whole(self.number))
            db.session.commit()
            return found

    def member(self, place: int) -> tuple[TeamAnswer, int | None, bool]:
        """What the member at a place answered, whose account they have, whether they confirmed."""

        def told(now: Proposal) -> tuple[TeamAnswer, int | None, bool]:
            each = now.team[place]
            return each.answer, each.person_id, each.confirmed_at is not None

        found: tuple[TeamAnswer, int | None, bool] = self.act(told)
        return found

    def count(self, model: Any) -> int:
        """How many rows of a table there are."""
        found: int = self.act(lambda _: db.session.scalar(sa.select(sa.func.count()).select_from(model)))
        return found

    def kinds_to(self, address: str) -> list[str]:
        """The kinds of the letters to an address, in order."""
        found: list[str] = self.act(lambda _: [letter.kind for letter in letters_to(address)])
        return found


@pytest.fixture
def site(app: Flask, client_for: Callable[[int], FlaskClient]) -> Site:
    return Site(app, client_for)


def says_nothing(site: Site, reply: Any, status: int) -> None:
    """The page of a dead link: the right status, and nothing of the proposal."""
    assert reply.status_code == status
    assert "This link is over" in reply.text
    for secret in (site.title, site.abstract, "Ada Applicant", "HIRP"):
        assert secret not in reply.text


def test_an_invitation_tells_what_it_is_for_and_writes_nothing(site: Site, client: FlaskClient) -> None:
    events, mails = site.count(Event), site.count(Message)
    for _ in range(2):
        shown = client.get(site.olga)
        assert shown.status_code == 200
    for told in (site.title, "Ada Applicant", "HIRP", "co-investigator", "Olga Outside", "Accept", "Decline"):
        assert told in shown.text
    assert site.abstract not in shown.text, "before they accept they learn what they are invited to, and no more"
    assert site.olga not in shown.text.split('<p class="printed">')[1].split("</p>")[0], "no link on paper"
    assert (site.count(Event), site.count(Message)) == (events, mails)
    assert site.member(1) == (TeamAnswer.INVITED, None, False)
    assert client.open(site.olga, method="PUT").status_code == 405


def test_an_outside_co_investigator_accepts_and_confirms_with_one_link(site: Site, client: FlaskClient) -> None:
    wrong = client.post(site.olga, data={"answer": "accept", "organisation": "Sample", "orcid": "0000-0002-1825-0098"})
    assert wrong.status_code == 422
    assert re.search(r'id="orcid-error">.*no ORCID iD', wrong.text)
    assert 'value="Sample"' in wrong.text
    assert site.member(1)[0] is TeamAnswer.INVITED
    data = {"answer": "accept", "organisation": "Sample University", "orcid": "0000-0002-1825-0097"}
    for _ in range(3):
        reply = client.post(site.olga, data=data)
        assert (reply.status_code, reply.location) == (302, site.olga)
    assert site.kinds_to(ADA) == ["team.joined"]
    shown = client.get(site.olga).text
    assert site.abstract in shown
    assert "I confirm my part" in shown
    assert "Decline" not in shown
    for _ in range(2):
        assert client.post(site.olga, data={"answer": "confirm"}).status_code == 302
    assert site.member(1) == (TeamAnswer.ACCEPTED, None, True)
    assert site.kinds_to(ADA) == ["team.joined", "team.confirmed"]
    assert "I confirm my part" not in client.get(site.olga).text
    assert client.post(site.olga, data={"answer": "decline"}).status_code == 422
    assert site.member(1)[0] is TeamAnswer.ACCEPTED


def test_declining_uses_the_link_up(site: Site, client: FlaskClient) -> None:
    for _ in range(2):
        client.post(site.olga, data={"answer": "decline"})
    assert site.member(1)[0] is TeamAnswer.DECLINED
    assert site.kinds_to(ADA) == ["team.declined"]
    says_nothing(site, client.get(site.olga), 410)
    says_nothing(site, client.post(site.olga, data={"answer": "accept"}), 410)
    assert site.member(1)[0] is TeamAnswer.DECLINED


def test_another_persons_session_answers_for_the_member_and_gets_nothing(site: Site) -> None:
    sid = site.client_for(site.ids["sid"])
    assert site.title in sid.get(site.olga).text
    assert sid.post(site.olga, data={"answer": "accept"}).status_code == 302
    assert site.member(1) == (TeamAnswer.ACCEPTED, None, False)
    assert sid.get(f"/proposals/{site.number}").status_code == 404
    assert site.title not in sid.get("/proposals").text
    asked = sa.select(Event.actor_id).where(Event.action == "team.joined")
    assert site.act(lambda _: list(db.session.scalars(asked))) == [None]


def test_a_member_with_an_account_answers_by_the_link_and_signs_in_to_read(site: Site, client: FlaskClient) -> None:
    assert client.post(site.ben, data={"answer": "accept", "orcid": "no orcid at all"}).status_code == 302
    assert site.member(2) == (TeamAnswer.ACCEPTED, site.ids["ben"], False)
    reply = client.get(site.ben)
    says_nothing(site, reply, 410)
    assert "Sign in" in reply.text
    ben = site.client_for(site.ids["ben"])
    says_nothing(site, own := ben.get(site.ben), 410)
    assert f'href="/proposals/{site.number}"' in own.text
    assert ben.get(f"/proposals/{site.number}").status_code == 200
    says_nothing(site, client.post(site.ben, data={"answer": "confirm"}), 410)
    assert site.member(2)[2] is False, "who has an account confirms signed in"


@pytest.mark.parametrize("kind", ["team", "endorse"])
@pytest.mark.parametrize("guess", GUESSED)
def test_a_guessed_link_says_nothing(site: Site, client: FlaskClient, kind: str, guess: str) -> None:
    for method in ("GET", "POST"):
        reply = client.open(f"/{kind}/{guess}", method=method, data={"answer": "accept"} if method == "POST" else None)
        assert reply.status_code == 404
        assert site.title not in reply.text


@pytest.mark.parametrize("how", ["removed", "old", "withdrawn"])
def test_a_link_that_is_over_says_nothing(site: Site, client: FlaskClient, how: str) -> None:
    later = clock.now()
    with site.app.app_context():
        ada = actor(faculty(site.ids["ada"]))
    if how == "removed":
        site.act(lambda now: remove_member(now, now.team[1], by=ada))
    elif how == "withdrawn":
        site.act(lambda now: withdraw(now, "", by=ada))
    else:
        later += timedelta(days=30)
    with clock.at(later):
        status = 404 if how == "removed" else 410
        says_nothing(site, client.get(site.olga), status)
        says_nothing(site, client.post(site.olga, data={"answer": "accept"}), status)


def faculty(number: int) -> Any:
    """The person with that id."""
    from intake.people.models import Person

    return db.session.get_one(Person, number)


def test_a_call_that_closed_says_why_one_cannot_confirm(site: Site, client: FlaskClient) -> None:
    client.post(site.olga, data={"answer": "accept"})

    def close(now: Proposal) -> None:
        now.call.closes_at = clock.now() - timedelta(seconds=1)

    site.act(close)
    reply = client.post(site.olga, data={"answer": "confirm"})
    assert (reply.status_code, "The call closed at" in reply.text) == (422, True)
    assert site.member(1)[2] is False


# --- the supervisor ---------------------------------------------------------------------------------------------------


def test_a_supervisor_reads_and_endorses_with_the_link(site: Site, client: FlaskClient) -> None:
    events = site.count(Event)
    shown = client.get(site.sue).text
    for told in (site.title, "Ada Applicant", site.abstract, "Sue Supervisor"):
        assert told in shown
    assert site.count(Event) == events
    for data, field in (({"statement": "Good."}, "endorsed"), ({"endorsed": "yes"}, "statement")):
        wrong = client.post(site.sue, data=data)
        assert (wrong.status_code, f'id="{field}-error"' in wrong.text) == (422, True)
        assert "Good." in wrong.text or "statement" not in data
    long = client.post(site.sue, data={"endorsed": "yes", "statement": "y" * 2_001})
    assert (long.status_code, "y" * 2_001 in long.text) == (422, True)
    for _ in range(2):
        assert client.post(site.sue, data={"endorsed": "no", "statement": "Not <b>yet</b>."}).status_code == 302
    assert client.post(site.sue, data={"endorsed": "yes", "statement": "Now it is good."}).status_code == 302
    assert site.kinds_to(ADA) == ["endorsement.answered", "endorsement.answered"]
    again = client.get(site.sue).text
    assert "Now it is good." in again
    assert "You can change it" in again
    page = site.client_for(site.ids["ada"]).get(f"/proposals/{site.number}/edit/team").text
    assert "Now it is good." in page
    assert "Sue Supervisor (sue@example.edu) endorsed it" in page


def test_the_answer_is_shown_and_fixed_once_it_is_submitted(site: Site, client: FlaskClient) -> None:
    client.post(site.sue, data={"endorsed": "yes", "statement": "Good."})
    with site.app.app_context():
        ada = actor(faculty(site.ids["ada"]))
    site.act(lambda now: setattr(now.call, "team_confirms", False))
    site.act(lambda now: submit(now, by=ada))
    shown = client.get(site.sue)
    assert (shown.status_code, "Your answer cannot be changed now." in shown.text) == (200, True)
    assert "<textarea" not in shown.text
    reply = client.post(site.sue, data={"endorsed": "no", "statement": "Bad."})
    assert reply.status_code == 422

    def given(now: Proposal) -> tuple[bool | None, str]:
        row = standing(now.id)
        assert row is not None
        return row.endorsed, row.statement

    assert site.act(given) == (True, "Good.")


def test_a_request_that_was_taken_back_says_nothing(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        ada = actor(faculty(site.ids["ada"]))

    def back(now: Proposal) -> None:
        given = standing(now.id)
        assert given is not None
        take_back(given, now, by=ada)

    site.act(back)
    says_nothing(site, client.get(site.sue), 404)
    says_nothing(site, client.post(site.sue, data={"endorsed": "yes", "statement": "Good."}), 404)
    assert site.kinds_to(ADA) == []


def test_of_a_withdrawn_draft_the_supervisor_is_told_nothing_more(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        ada = actor(faculty(site.ids["ada"]))
    site.act(lambda now: withdraw(now, "", by=ada))
    says_nothing(site, client.get(site.sue), 410)
    says_nothing(site, client.post(site.sue, data={"endorsed": "yes", "statement": "She can."}), 410)
    site.act(lambda now: restore(now, "", by=ada))
    assert site.title in client.get(site.sue).text


def test_the_log_of_requests_holds_no_link() -> None:
    from intake.logs import _SECRET_PATH

    for kind in ("team", "endorse"):
        assert _SECRET_PATH.sub(r"\1...", f"/{kind}/secret") == f"/{kind}/..."
