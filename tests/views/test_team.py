"""The team by the pages: the invited answer, the principal sees it, asks again, hands over, asks a supervisor."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake.call.models import Rule
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import Proposal
from intake.proposal.team import add_member
from intake.vocabulary import Relation, Role, TeamAnswer
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted

BEN, ADA = "ben.partner@example.org", "ada.applicant@example.org"


class Desk:
    """Ada with a draft in HIRP 2020; Ben is invited, Carl has accepted, Sid is a stranger, Cora is the office."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            call = call_with("HIRP-2020")
            call.team_confirms = True
            db.session.add(Rule(call_id=call.id, code="supervisor-endorsed", text="x", source="y", position=99))
            people = {
                "ada": faculty_member(),
                "ben": faculty_member("Ben Partner"),
                "carl": faculty_member("Carl Colleague"),
                "sid": faculty_member("Sid Stranger"),
                "cora": person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id})),
            }
            proposal = draft(call, people["ada"])
            named = {"name": "", "email": BEN, "organisation": "EE", "relation": Relation.CO_INVESTIGATOR}
            add_member(whole(proposal), **named, by=actor(people["ada"]))
            accepted(proposal, people["carl"])
            self.ids = {name: person.id for name, person in people.items()}
            self.number, self.title = proposal.id, proposal.title
            self.members = {each.name.split()[0].lower(): each.id for each in whole(proposal).team}
            db.session.commit()
        self.as_ = {name: client_for(number) for name, number in self.ids.items()}
        self.page = f"/proposals/{self.number}"

    def now(self) -> Proposal:
        """The proposal as it is in the database."""
        with self.app.app_context():
            found = whole(self.number)
            db.session.expunge_all()
            return found

    def answers(self) -> dict[str, TeamAnswer]:
        """What everybody on the team answered."""
        return {each.name.split()[0].lower(): each.answer for each in self.now().team}

    def letters(self, kind: str) -> list[str]:
        """Whom letters of that kind went to."""
        with self.app.app_context():
            rows = sa.select(Message.to_address).where(Message.kind == kind).order_by(Message.id)
            return list(db.session.scalars(rows))

    def get(self, who: str, path: str = "") -> Any:
        """Open a page of the proposal."""
        return self.as_[who].get(self.page + path)

    def post(self, who: str, path: str, **data: Any) -> Any:
        """Send a form of the proposal."""
        return self.as_[who].post(self.page + path, data=data)


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


def heading(text: str) -> str:
    """The first heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert found
    return found[1]


# --- answering --------------------------------------------------------------------------------------------------------


def test_somebody_invited_finds_it_on_their_list_and_accepts_once(desk: Desk) -> None:
    row = desk.as_["ben"].get("/proposals").text.split(desk.title)[1].split("</tr>")[0]
    assert "<strong>Invited</strong> · Co-investigator" in row
    shown = desk.get("ben").text
    assert "Ada Applicant invites you" in shown
    once = re.search(r'name="once" value="(join [^"]+)"', shown)
    assert once
    assert desk.get("ben", "/edit/summary").text.count("Save and next") == 0, "until then they only read"
    for _ in range(3):
        reply = desk.post("ben", "/join", answer="accept", once=once[1])
        assert (reply.status_code, reply.location) == (302, desk.page)
    assert desk.answers()["ben"] is TeamAnswer.ACCEPTED
    assert desk.letters("team.joined") == [ADA]
    assert "invites you" not in desk.get("ben").text
    assert "<strong>Invited</strong>" not in desk.as_["ben"].get("/proposals").text
    assert desk.get("ben", "/edit/summary").text.count("Save and next") == 1


def test_whoever_declines_cannot_open_it_any_more(desk: Desk) -> None:
    reply = desk.post("ben", "/join", answer="decline", once="1")
    assert (reply.status_code, reply.location) == (302, "/proposals")
    assert desk.answers()["ben"] is TeamAnswer.DECLINED
    assert desk.letters("team.declined") == [ADA]
    for path in ("", "/edit/team", "/check"):
        assert desk.get("ben", path).status_code == 404
    assert desk.title not in desk.as_["ben"].get("/proposals").text
    shown = desk.get("ada", "/edit/team").text
    assert "Declined" in shown
    assert "Ben Partner" not in desk.get("ada", "/check").text


@pytest.mark.parametrize(("who", "status"), [("ada", 403), ("carl", 403), ("sid", 404), ("cora", 404)])
def test_nobody_else_answers(desk: Desk, who: str, status: int) -> None:
    assert desk.post(who, "/join", answer="accept").status_code == status
    assert desk.answers()["ben"] is TeamAnswer.INVITED
    if status == 403:
        assert "/join" not in desk.get(who).text


def test_an_answer_that_is_none_changes_nothing(desk: Desk) -> None:
    assert desk.post("ben", "/join", answer="perhaps").status_code == 302
    assert desk.answers()["ben"] is TeamAnswer.INVITED


# --- confirming -------------------------------------------------------------------------------------------------------


def test_a_co_investigator_confirms_by_the_page(desk: Desk) -> None:
    assert "I confirm my part" in desk.get("carl").text
    for who in ("ada", "ben"):
        assert "I confirm my part" not in desk.get(who).text
        assert desk.post(who, "/confirm").status_code == 403
    assert desk.post("sid", "/confirm").status_code == 404
    carls = desk.get("ada", "/edit/team").text.split("Carl Colleague")[1].split("</tr>")[0]
    assert "Accepted, has not confirmed" in carls
    assert "Ask to confirm" in carls
    check = desk.get("ada", "/check").text
    assert f'/edit/team#member-{desk.members["carl"]}"' in check
    assert "Carl Colleague has not confirmed their part yet." in check
    assert "Ben Partner has not answered the invitation yet." in check
    for _ in range(2):
        assert desk.post("carl", "/confirm", once="c").status_code == 302
    assert desk.now().team[2].confirmed_at is not None
    assert desk.letters("team.confirmed") == [ADA]
    assert "I confirm my part" not in desk.get("carl").text
    assert desk.post("carl", "/confirm", once="d").status_code == 403


# --- inviting ---------------------------------------------------------------------------------------------------------


def test_the_principal_invites_and_invites_again(desk: Desk) -> None:
    shown = desk.get("ada", "/edit/team").text
    assert "Send the invitation" in shown
    again = f"/team/{desk.members['ben']}/invite"
    assert f'action="{desk.page}{again}"' in shown
    with desk.app.app_context():
        before = whole(desk.number).team[1].token_hash
    for _ in range(2):
        assert desk.post("ada", again, once="a").status_code == 302
    assert desk.letters("team.invited") == [BEN, BEN]
    assert desk.now().team[1].token_hash != before
    for who, status in (("carl", 403), ("ben", 403), ("sid", 404)):
        assert desk.post(who, again, once="b").status_code == status
    for who in ("carl", "ben"):
        text = desk.get(who, "/edit/team").text
        assert "Send the invitation" not in text
        assert "/invite" not in text
    assert desk.post("ada", f"/team/{desk.members['ada']}/invite", once="z").status_code == 422


def test_a_wrong_orcid_is_told_beside_its_field_and_kept(desk: Desk) -> None:
    olga = {"name": "Olga", "email": "olga@example.net", "organisation": "Elsewhere", "relation": "viewer"}
    reply = desk.post("ada", "/edit/team", **olga, orcid="0000-0002-1825-0098", once="o")
    assert reply.status_code == 422
    assert re.search(r'id="orcid-error">.*no ORCID iD', reply.text)
    assert 'value="0000-0002-1825-0098"' in reply.text
    assert desk.post("ada", "/edit/team", **olga, orcid="0000-0002-1825-0097", once="p").status_code == 302
    assert desk.letters("team.invited") == [BEN, "olga@example.net"]
    assert "ORCID 0000-0002-1825-0097" in desk.get("ada", "/edit/team").text


# --- handing over -----------------------------------------------------------------------------------------------------


def test_the_principal_asks_to_hand_over_and_takes_it_back(desk: Desk) -> None:
    assert "Ask to hand it over" in desk.get("ada", "/edit/team").text
    form = desk.get("ada", "/hand-over")
    assert ">Carl Colleague</option>" in form.text
    assert ">Ben Partner</option>" not in form.text, "he has not answered"
    empty = desk.post("ada", "/hand-over", once="0", to="", reason="Because I say so.")
    assert (empty.status_code, "Because I say so." in empty.text) == (422, True)
    other = desk.post("ada", "/hand-over", once="0", to=str(desk.ids["ben"]), reason="x")
    assert other.status_code == 422
    for _ in range(2):
        sent = desk.post("ada", "/hand-over", once="1", to=str(desk.ids["carl"]), reason="I go on leave.")
        assert sent.status_code == 302
    assert desk.letters("handover.asked") == ["cora.office@example.org"]
    shown = desk.get("ada", "/edit/team").text
    assert "Take the request back" in shown
    assert "Ask to hand it over" not in shown
    assert "waits for the office" in desk.get("ada", "/hand-over").text
    assert desk.post("ada", "/hand-over", once="2", to=str(desk.ids["carl"]), reason="again").status_code == 422
    for who in ("carl", "ben"):
        assert "hand it over" not in desk.get(who, "/edit/team").text.lower()
        assert desk.get(who, "/hand-over").status_code == 403
        assert desk.post(who, "/hand-over/take-back").status_code == 403
    assert desk.get("sid", "/hand-over").status_code == 404
    assert desk.post("ada", "/hand-over/take-back", once="3").status_code == 302
    assert "Ask to hand it over" in desk.get("ada", "/edit/team").text
    assert desk.post("ada", "/hand-over/take-back", once="4").status_code == 302, "nothing waits, and nothing breaks"


# --- the supervisor ---------------------------------------------------------------------------------------------------


def test_the_applicant_asks_a_supervisor_and_takes_it_back(desk: Desk) -> None:
    assert "Ask for the endorsement" in desk.get("ada", "/edit/team").text
    wrong = desk.post("ada", "/endorsement", once="0", supervisor="Sue", address="nowhere")
    assert (wrong.status_code, 'value="nowhere"' in wrong.text) == (422, True)
    assert re.search(r'id="address-error">.*Write an address', wrong.text)
    own = desk.post("ada", "/endorsement", once="0", supervisor="Me", address=ADA)
    assert (own.status_code, "This is your own address" in own.text) == (422, True)
    for _ in range(2):
        reply = desk.post("ada", "/endorsement", once="1", supervisor="Sue Supervisor", address="sue@example.edu")
        assert reply.status_code == 302
    assert desk.letters("endorsement.asked") == ["sue@example.edu"]
    shown = desk.get("ada", "/edit/team").text
    assert "Sue Supervisor (sue@example.edu) was asked" in shown
    assert "Ask for the endorsement" not in shown
    carls = desk.get("carl", "/edit/team").text
    assert "Sue Supervisor" in carls
    assert "Take the request back" not in carls
    for who, status in (("carl", 403), ("ben", 403), ("sid", 404)):
        assert desk.post(who, "/endorsement", supervisor="x", address="x@example.edu").status_code == status
        assert desk.post(who, "/endorsement/withdraw").status_code == status
    assert desk.post("ada", "/endorsement/withdraw", once="2").status_code == 302
    assert "Ask for the endorsement" in desk.get("ada", "/edit/team").text


def test_no_endorsement_is_spoken_of_where_the_call_asks_for_none(desk: Desk) -> None:
    with desk.app.app_context():
        db.session.execute(sa.delete(Rule).where(Rule.code == "supervisor-endorsed"))
        db.session.commit()
    assert "endorse" not in desk.get("ada", "/edit/team").text.lower()
    reply = desk.post("ada", "/endorsement", supervisor="Sue", address="sue@example.edu")
    assert reply.status_code == 422
    assert desk.letters("endorsement.asked") == []
