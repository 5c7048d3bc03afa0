"""The pages about conflicts: what the office reads and sets, what a coordinator loses, what somebody who stands in can
do, what applicants and people write down."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.call.models import Call
from intake.conflict.models import Conflict, Employment, Objection, Supervision
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, PersonAddress, StandIn
from intake.programme.models import Sponsor
from intake.proposal.models import Proposal, TeamMember
from intake.views.coordinator import call_conflicts
from intake.vocabulary import ConflictKind, Declared, Relation
from tests.factories.office import Office
from tests.factories.team import accepted


@pytest.fixture
def office(app: Flask) -> Office:
    """The world of the scenarios."""
    return Office(app)


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def number(office: Office, name: str) -> str:
    found: str = office.ask(lambda: db.session.get_one(Proposal, office.w.proposals[name]).number)
    return found


def one(office: Office, asked: Any) -> Any:
    """The first row, read and let go of."""
    with office.app.app_context():
        found = db.session.scalars(asked).first()
        db.session.expunge_all()
        return found


# --- the office's page ------------------------------------------------------------------------------------------------


def test_the_office_reads_every_conflict_of_a_proposal(office: Office) -> None:
    page = text(office.get("C1", "P1", "?tab=conflicts"))
    assert "Same department as Ada Applicant." in page
    assert "Same department as Ben Bidder." in page
    assert "Asked all the same:</strong> the best fit" in page
    assert "as the profiles say now" in page
    on_p4 = text(office.get("C1", "P4", "?tab=conflicts"))
    assert "Fay Conflicted" in on_p4
    for who in ("F1", "R1", "C2", "AD", "N"):
        assert office.get(who, "P1", "?tab=conflicts").status_code in (403, 404), who


def test_the_levels_of_a_call_are_set_after_seeing_what_they_change(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, address = office.browser("C1"), "/desk/calls/CALL-A/conflicts"
    assert "See what it would change" in text(browser.get(address))
    version = office.ask(lambda: db.session.get_one(Call, office.w.calls["A"]).version)
    sent = {
        "department": "block",
        "laboratory": "warn",
        "supervision": "block",
        "joint_work": "warn",
        "objection": "warn",
        "domain": "off",
        "employment": "block",
        "years": "5",
        "version": version,
    }
    before = office.last_letter()
    seen = browser.post(address, data={**sent, "and": "see"})
    assert seen.status_code == 200
    assert re.search(r"Warns: \d+</td>\s*<td[^>]*><strong>Blocks: \d+", text(seen))
    ends = re.search(r'<ul class="plain" id="ends">(.*?)</ul>', text(seen))
    assert ends is not None
    named = [re.sub(r"<[^>]+>|\s+", " ", each).split() for each in re.findall(r"<li>(.*?)</li>", ends[1])]
    assert named == [[number(office, name), "Hana", "Reader"] for name in ("P1", "P4")], "who submitted stays"
    monkeypatch.setattr(call_conflicts, "NAMED", 1)
    first = text(browser.post(address, data={**sent, "and": "see"}))
    assert "2 assignments would end:" in first
    assert first.split('id="ends"')[1].split("</ul>")[0].endswith('<li class="soft">and 1 more</li> ')
    assert (office.letters(before), _levels(office)) == (set(), ({}, 3)), "looking changes nothing"
    assert browser.post(address, data={**sent, "and": "save", "version": 0}).status_code == 409
    assert browser.post(address, data={**sent, "years": "many", "and": "save"}).status_code == 422
    done = browser.post(address, data={**sent, "and": "save"}, follow_redirects=True)
    assert "Saved. 2 assignments have ended." in text(done)
    assert _levels(office) == ({"department": "block", "domain": "off"}, 5)
    asked = sa.select(Message.kind, Message.to_person_id).where(Message.id > before)
    told = set(office.ask(lambda: db.session.execute(asked).all()))
    people = office.w.people
    assert {("conflict.arose", people["C1"]), ("conflict.suspended", people["R2"])} <= told
    assert ("conflict.suspended", people["R1"]) not in told
    assert office.browser("R2").get(f"/reviews/{office.w.proposals['P1']}").status_code in (403, 404)
    again = text(browser.post(address, data={**sent, "and": "see", "version": version + 1}))
    assert "No assignment would end." in again
    for who, status in (("C2", 404), ("R1", 404), ("N", 404)):
        assert office.browser(who).get(address).status_code == status


def _levels(office: Office) -> tuple[dict[str, str], int]:
    call = one(office, sa.select(Call).where(Call.id == office.w.calls["A"]))
    return call.conflict_levels, call.conflict_years


# --- a coordinator's own conflict (S18) -------------------------------------------------------------------------------


def test_a_coordinator_who_declares_loses_all_of_it_at_once(office: Office) -> None:
    p1 = number(office, "P1")
    assert office.get("C1", "P1", "/declare").status_code == 200
    assert office.post("C1", "P1", "/declare", note="x").status_code == 422
    done = office.post("C1", "P1", "/declare", kind="personal", note="my cousin leads it")
    assert (done.status_code, done.location) == (302, "/desk")
    for path in ("", "?tab=reviews", "?tab=log", "?tab=conflicts", "?tab=team", "/who", "/assign", "/declare"):
        answer = office.get("C1", "P1", path)
        assert answer.status_code == 403, path
        assert "Optical interconnects" not in text(answer)
        assert "Gus Reader" not in text(answer)
    for address in (
        "/desk",
        "/desk/proposals",
        "/desk/calls/CALL-A/proposals",
        "/desk/calls/CALL-A/proposals?q=Optical",
    ):
        page = text(office.browser("C1").get(address))
        assert "Optical interconnects" not in page, address
    listed = text(office.browser("C1").get("/desk/calls/CALL-A/proposals"))
    assert p1 in listed
    assert f"{p1},withheld: conflict" in text(office.browser("C1").get("/desk/calls/CALL-A/proposals.csv"))
    assert "Optical interconnects" in text(office.get("C3", "P1"))
    assert "cousin" not in text(office.get("C3", "P1", "?tab=conflicts"))


def test_a_conflicted_coordinator_does_nothing_with_it(office: Office) -> None:
    """S18: C3 is a co-investigator of P4."""
    p4 = number(office, "P4")
    due = {"reviewers": office.w.people["R3"], "due_at": "2099-03-31T17:00"}
    for path, data in (("/assign", due), ("/recall", {"reason": "x"}), ("/declare", {"kind": "personal"})):
        assert office.post("C3", "P4", path, **data).status_code == 403, path
    assert f"{p4},withheld: conflict" in text(office.browser("C3").get("/desk/calls/CALL-A/proposals.csv"))
    desk = text(office.browser("C3").get("/desk"))
    assert "Storage for cold archives" not in desk
    lifting = office.browser("C3").get("/administration/conflicts")
    assert lifting.status_code == 403
    assert office.get("C1", "P4", "?tab=reviews").status_code == 200


def test_a_coordinator_named_on_the_team_by_another_address_is_kept_out(office: Office) -> None:
    def name() -> None:
        session = db.session
        session.add(PersonAddress(person_id=office.w.people["C1"], email="dora@home.example"))
        line = {"name": "D. Desk", "email": "dora@home.example", "relation": Relation.CO_INVESTIGATOR}
        session.add(TeamMember(proposal_id=office.w.proposals["P6"], organisation="Elsewhere", **line))

    office.ask(name)
    p6 = number(office, "P6")
    assert office.get("C1", "P6").status_code == 403
    listed = text(office.browser("C1").get("/desk/calls/CALL-A/proposals"))
    assert "Media coding" not in listed
    assert f"{p6},withheld: conflict" in text(office.browser("C1").get("/desk/calls/CALL-A/proposals.csv"))
    assert "Media coding" not in text(office.browser("C1").get("/desk"))
    assert "Media coding" not in text(office.browser("C1").get("/desk/calls/CALL-A/places"))
    assert office.get("C3", "P6").status_code == 200


# --- who stands in ----------------------------------------------------------------------------------------------------


def test_an_administrator_names_a_stand_in_and_ends_it(office: Office) -> None:
    p4, address = number(office, "P4"), f"/administration/stand-ins/{office.w.proposals['P4']}"
    admin = office.browser("AD")
    assert office.post("C1", "P4", "/declare", kind="financial").status_code == 302
    listed = text(admin.get("/administration/stand-ins"))
    assert p4 in listed
    assert "1 proposal has nobody in the office to handle it" in listed
    assert "Storage for cold archives" not in listed + text(admin.get(address)), "an administrator reads no title"
    assert admin.post(address, data={"person": "c1@example.org", "reason": "x"}).status_code == 422
    assert admin.post(address, data={"person": "nobody@nowhere.example", "reason": "x"}).status_code == 422
    before = office.last_letter()
    assert admin.post(address, data={"person": "n@example.org", "reason": "Both are in conflict."}).status_code == 302
    assert office.letters(before) == {("conflict.stands_in", "N")}
    assert "Both are in conflict." in text(admin.get(address))
    for who in ("C1", "C2", "N", "F1"):
        assert office.browser(who).get(address).status_code in (403, 404), who
        assert office.browser(who).get("/administration/stand-ins").status_code == 403
    row = one(office, sa.select(StandIn))
    assert admin.post(f"{address}/{row.id}/end").status_code == 302
    assert office.browser("N").get("/desk").status_code == 403
    assert office.get("N", "P4").status_code == 404


def test_an_administrator_reads_and_decides_nothing_of_a_proposal_with_their_name_on_it(office: Office) -> None:
    """Named on the team by their account, or by another address of theirs alone."""
    p1, p3 = number(office, "P1"), number(office, "P3")
    ids = office.w.proposals
    facts = {"declared": Declared.CONFLICT, "kind": ConflictKind.PERSONAL}
    conflict = office.ask(lambda: _kept(Conflict(proposal_id=ids["P1"], person_id=office.w.people["R3"], **facts)))
    admin, log = office.browser("AD"), "/administration/log?action=review."
    assert {p1, p3} <= _about(admin.get(log)), "the events of others' proposals are there"
    assert "Ivo Outside" in text(admin.get("/administration/conflicts"))
    office.ask(lambda: accepted(ids["P3"], db.session.get_one(Person, office.w.people["AD"])))
    line = {"name": "L. Admin", "email": "lea@home.example"}
    office.ask(lambda: _kept(PersonAddress(person_id=office.w.people["AD"], email=line["email"])))
    office.ask(lambda: accepted(ids["P1"], **line))
    assert _about(admin.get(log)) & {p1, p3} == set()
    assert number(office, "P4") in _about(admin.get(log))
    for own in (p1, p3):
        assert _about(admin.get(f"/administration/log?about={own}")) == set()
    assert "Ivo Outside" not in text(admin.get("/administration/conflicts"))
    for path in (f"stand-ins/{ids['P1']}", f"stand-ins/{ids['P3']}", f"conflicts/{conflict}"):
        sent = {"person": "n@example.org", "reason": "mine"}
        answers = admin.get(f"/administration/{path}"), admin.post(f"/administration/{path}", data=sent)
        assert [each.status_code for each in answers] == [403, 403], path
        assert "on this proposal&#39;s team" in text(answers[0])


def _kept(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    made: int = row.id
    return made


def _about(answer: Any) -> set[str]:
    """The proposals, by number, that the rows of the log are about."""
    return set(re.findall(r'data-label="About">\s*<span class="number">([^<]+)</span>', text(answer)))


def test_who_has_another_part_in_a_proposal_is_refused_as_stand_in_with_the_reason(office: Office) -> None:
    address = f"/administration/stand-ins/{office.w.proposals['P1']}"
    for who, words in (
        ("r3@example.org", "They were asked to review it, or review it already."),
        ("s1@example.org", "They are a contact of the sponsor of its call."),
        ("ad@example.org", "Somebody who names a stand-in does not name themselves."),
    ):
        refused = office.browser("AD").post(address, data={"person": who, "reason": "why not"})
        assert (refused.status_code, words in text(refused)) == (422, True), who


def test_every_page_of_the_desk_works_for_a_stand_in_who_coordinates_nothing(office: Office) -> None:
    _stand_in(office, "P4", "N")
    browser = office.browser("N")
    desk = text(browser.get("/desk"))
    assert "Storage for cold archives" in desk
    assert "Optical" not in desk
    assert "/desk/calls/CALL-A" not in desk
    assert browser.get("/desk/calls").status_code == 200
    listed = text(browser.get("/desk/proposals"))
    assert "Storage for cold archives" in listed
    assert "Quiet sensing" not in listed
    assert browser.get("/desk/handovers").status_code == 200
    for tab in ("proposal", "team", "files", "match", "reviews", "packets", "conflicts", "messages", "log"):
        page = office.get("N", "P4", f"?tab={tab}")
        assert page.status_code == 200, tab
        assert "/desk/calls/CALL-A/proposals" not in text(page), tab
    assert office.get("N", "P4", "/who").status_code == 200
    assert "Stands in for the office" in text(office.get("C1", "P4", "/who"))
    assert office.get("N", "P1").status_code == 404
    for path in ("/desk/calls/CALL-A/proposals", "/desk/calls/CALL-A/proposals.csv", "/desk/calls/CALL-A/conflicts"):
        assert browser.get(path).status_code == 404
    assert office.get("N", "P4", "/assign").status_code == 200
    assigned = office.post("N", "P4", "/assign", reviewers=office.w.people["R3"], due_at="2099-03-31T17:00")
    assert assigned.status_code == 302
    before = office.last_letter()
    from intake.proposal.operations import withdraw
    from tests.factories.world import complete

    office.ask(lambda: withdraw(complete(office.w, "P4"), "changed plans", by=office.w.actor("F2")))
    assert {who for kind, who in office.letters(before) if kind == "proposal.withdrawn"} == {"C1", "N"}


def _stand_in(office: Office, name: str, who: str) -> None:
    row = StandIn(proposal_id=office.w.proposals[name], person_id=office.w.people[who], reason="holidays")
    office.ask(lambda: db.session.add(row))


# --- a reviewer who comes onto the team (S17) -------------------------------------------------------------------------


def test_a_reviewer_who_turns_out_to_be_on_the_team_loses_access_in_that_request(office: Office) -> None:
    line = {"name": "I. Outside", "email": "ivo@home.example", "relation": Relation.CO_INVESTIGATOR}
    member = TeamMember(proposal_id=office.w.proposals["P1"], organisation="Elsewhere", **line)
    office.ask(lambda: db.session.add(member))
    queue = f"/reviews/{office.w.proposals['P1']}"
    assert office.browser("R3").get(queue).status_code == 200
    before = office.last_letter()
    own = f"/people/{office.w.people['R3']}/known-as"
    assert office.browser("R3").post(f"{own}/addresses", data={"address": "ivo@home.example"}).status_code == 302
    assert office.browser("R3").get(queue).status_code == 404
    assert "Optical" not in text(office.browser("R3").get("/reviews"))
    assert office.letters(before) == {("conflict.arose", "C1"), ("conflict.arose", "C3")}


# --- what applicants write --------------------------------------------------------------------------------------------


def test_the_principal_investigator_objects_and_the_office_alone_reads_it(office: Office) -> None:
    address = f"/proposals/{office.w.proposals['P1']}/objections"
    mine = office.browser("F1")
    assert "Is there anybody who should not judge it?" in text(mine.get(address))
    assert mine.post(address, data={"name": "", "reason": ""}).status_code == 422
    sent = {"name": "Gus Reader", "email": "r1@example.org", "reason": "We fell out over a patent."}
    assert mine.post(address, data=sent).status_code == 302
    assert "We fell out over a patent." in text(mine.get(address))
    assert mine.post(address, data=sent).status_code == 422, "twice"
    assert "We fell out over a patent." in text(office.get("C1", "P1", "?tab=conflicts"))
    for who in ("F2", "R1", "N", "AD"):
        assert office.browser(who).get(address).status_code in (403, 404), who
    for path in (f"/reviews/{office.w.proposals['P1']}", "/reviews"):
        assert "patent" not in text(office.browser("R1").get(path))
    assert "patent" not in text(office.browser("F2").get(f"/proposals/{office.w.proposals['P1']}"))
    assert "patent" not in text(office.get("C1", "P1", "?tab=log"))
    row = one(office, sa.select(Objection))
    assert mine.post(f"{address}/{row.id}/take-back").status_code == 302
    assert "patent" not in text(office.get("C1", "P1", "?tab=conflicts"))
    assert "patent" not in text(mine.get(address))


# --- what people write of themselves ----------------------------------------------------------------------------------


def test_people_keep_their_other_names_and_ties(office: Office) -> None:
    number, browser = office.w.people["R3"], office.browser("R3")
    own = f"/people/{number}/known-as"
    assert browser.get("/account/known-as").location.endswith(own)
    version = re.search(r'name="version" value="(\d+)"', text(browser.get(own)))[1]  # type: ignore[index]
    bad = browser.post(own, data={"orcid": "0000-0002-1825-0098", "laboratory": "x", "version": version})
    assert bad.status_code == 422
    good = {"orcid": "0000000218250097", "laboratory": "Photonics", "version": version}
    assert browser.post(own, data=good).status_code == 302
    page = text(browser.get(own))
    assert "0000-0002-1825-0097" in page
    assert browser.post(f"{own}/addresses", data={"address": "R1@example.org"}).status_code == 422, "somebody's"
    assert browser.post(f"{own}/addresses", data={"address": "ivo@home.example"}).status_code == 302
    sent = {"supervision-other": "f3@example.org", "supervision-way": "over", "supervision-since": "2018"}
    assert browser.post(f"{own}/supervision", data={**sent, "supervision-until": "2011"}).status_code == 422
    assert browser.post(f"{own}/supervision", data=sent).status_code == 302
    sponsor = one(office, sa.select(Sponsor).where(Sponsor.code == "ALBA"))
    assert browser.post(f"{own}/employment", data={"employment-sponsor": sponsor.id}).status_code == 302
    page = text(browser.get(own))
    for words in ("ivo@home.example", "Supervised Cleo Double", "since 2018", "Alba Industries"):
        assert words in page, words
    row = one(office, sa.select(PersonAddress))
    other = f"/people/{office.w.people['R1']}/known-as"
    assert office.browser("R1").get(own).status_code == 404
    assert office.browser("R1").post(f"{other}/addresses/{row.id}/remove").status_code == 404
    assert browser.post(f"{own}/addresses/{row.id}/remove").status_code == 302
    for model, path in ((Supervision, "supervision"), (Employment, "employment")):
        kept = one(office, sa.select(model))
        assert browser.post(f"{own}/{path}/{kept.id}/forget").status_code == 302
    assert one(office, sa.select(PersonAddress)) is None


def test_an_administrator_adds_an_address_and_the_person_is_told(office: Office) -> None:
    address = f"/people/{office.w.people['R3']}/known-as"
    before = office.last_letter()
    sent = {"address": "ivo@home.example"}
    assert office.browser("AD").post(f"{address}/addresses", data=sent).status_code == 302
    assert office.letters(before) == {("account.address_added", "R3")}
    sent = {"supervision-other": "f3@example.org", "supervision-way": "under"}
    assert office.browser("AD").post(f"{address}/supervision", data=sent).status_code == 302
    row = one(office, sa.select(Supervision))
    assert office.browser("R3").post(f"{address}/supervision/{row.id}/forget").status_code == 403, "noted by another"
    assert office.browser("AD").get(f"/administration/people/{office.w.people['R3']}").status_code == 200
    invited = {"email": "ivo@home.example", "name": "Twice", "appointment": "staff", "once": "c" * 32}
    assert office.browser("AD").post("/administration/people/invite", data=invited).status_code == 422
