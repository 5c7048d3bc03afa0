"""The team reads its proposal: where it is, in public words; nobody else, and nothing before its release."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.decision.operations import release
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.operations import withdraw
from intake.vocabulary import Relation
from tests.factories import world as worlds
from tests.factories.people import call_with, draft, faculty_member, load_catalogue
from tests.factories.world import World

Clients = Callable[[str], FlaskClient]
NOWHERE = 2_000_000_001


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """The world of the scenarios, three days on."""
    with app.app_context():
        made = worlds.build()
    with clock.at(worlds.BEGAN + timedelta(days=3)):
        yield made


@pytest.fixture
def as_(world: World, client_for: Callable[[int], FlaskClient]) -> Clients:
    """A client signed in as somebody of the world."""
    return lambda name: client_for(world.people[name])


VARIES = re.compile(r"data-hx-headers='[^']*'|name=\"csrf_token\" value=\"[^\"]*\"|http://[^<\"\s]*")


def body(response: Any) -> str:
    """The text of a page without its token and its address."""
    return VARIES.sub("", response.text)


PAGES = (
    "/proposals/{}",
    "/proposals/{}/edit/summary",
    "/proposals/{}/edit/theme",
    "/proposals/{}/edit/team",
    "/proposals/{}/edit/description",
    "/proposals/{}/edit/budget",
    "/proposals/{}/edit/attachments",
    "/proposals/{}/check",
)


def test_the_team_reads_every_page_and_a_stranger_none(world: World, as_: Clients, client: FlaskClient) -> None:
    for who, status in (("F1", 200), ("F2", 200), ("N", 404), ("F3", 404), ("S1", 404), ("C1", 403), ("R1", 403)):
        browser = as_(who)
        for path in PAGES:
            response = browser.get(path.format(world.proposals["P1"]))
            assert response.status_code == status, (who, path)
            if status == 404:
                assert body(response) == body(browser.get(path.format(NOWHERE)))
    for path in PAGES:
        response = client.get(path.format(world.proposals["P1"]))
        assert (response.status_code, "Optical" in response.text) == (302, False)


def test_a_section_that_asks_nothing_is_no_page_and_stands_in_nobodys_way(world: World, as_: Clients) -> None:
    page = f"/proposals/{world.proposals['P5']}/edit"  # the rules of this call ask for no declaration
    assert as_("F2").get(f"{page}/declarations").status_code == 404
    assert f"{page}/declarations" not in as_("F2").get(f"{page}/summary").text


def test_a_draft_is_its_teams_alone(world: World, as_: Clients) -> None:
    for who in ("C1", "C2", "R1", "S1", "AD", "F1", "N"):
        browser = as_(who)
        for path in PAGES:
            response = browser.get(path.format(world.proposals["P5"]))
            assert response.status_code == 404
            assert body(response) == body(browser.get(path.format(NOWHERE)))
        assert "data-open-row" not in browser.get("/search?q=unfinished thought").text


def test_a_number_that_is_none(world: World, as_: Clients) -> None:
    for path in (
        "/proposals/99999999999999999999999",
        "/proposals/9007199254740993",
        "/proposals/-1",
        "/proposals/x",
        "/proposals/0",
    ):
        assert as_("F1").get(path).status_code == 404


def test_ones_own_list_has_three_groups_and_no_others_proposals(world: World, as_: Clients) -> None:
    mine = as_("F2").get("/proposals").text
    assert {name for name, title in worlds.TITLES.items() if title in mine} == {"P1", "P2", "P4", "P5"}
    assert mine.index("Yours to finish") < mine.index(worlds.TITLES["P5"]) < mine.index("In progress")
    assert "Co-investigator" in mine
    assert "No proposal yet" in as_("N").get("/proposals").text


def test_a_decision_is_not_seen_before_its_release(world: World, as_: Clients, app: Flask) -> None:
    page = f"/proposals/{world.proposals['P6']}"
    decided = as_("F1").get(page).text
    listed = as_("F1").get("/proposals").text
    for hidden in ("Decided", "Well done.", "It fits.", "Selected to go", "tells the applicant", "on-office desk"):
        assert hidden not in decided
    badge = re.compile(r'<span class="desk on-(\w+)">([^<]*)</span>')
    assert badge.findall(decided)[0] == ("reviewers", "Under review")
    assert ("reviewers", "Under review") in badge.findall(listed)
    assert decided.count("Under review") == as_("F3").get(f"/proposals/{world.proposals['P3']}").text.count(
        "Under review"
    )
    with app.app_context():
        release(world.proposal("P6"), by=world.actor("C1"))
        db.session.commit()
    after = as_("F1").get(page).text
    for shown in ("Selected to go to the sponsor", "Well done.", "Reviewer A", "R1 tells the applicant of P6."):
        assert shown in after
    for hidden in ("It fits.", "tells the office", "Gus Reader", "Hana Reader"):
        assert hidden not in after


def test_notes_of_the_office_stay_there(world: World, as_: Clients) -> None:
    page = as_("F1").get(f"/proposals/{world.proposals['P7']}").text
    assert "With the sponsor" in page
    for hidden in ("suits the contact", "the best fit", "packet 1", "Dora Desk", "Jun Alba", "Gus Reader"):
        assert hidden not in page


def test_a_co_investigator_sees_no_submit_and_no_withdraw(world: World, as_: Clients, app: Flask) -> None:
    number = world.proposals["P1"]
    assert "Withdraw it" in as_("F1").get(f"/proposals/{number}").text
    assert "Withdraw" not in as_("F2").get(f"/proposals/{number}").text
    assert as_("F2").get(f"/proposals/{number}/withdraw").status_code == 403
    assert as_("F2").post(f"/proposals/{number}/withdraw", data={"reason": "x"}).status_code == 403
    with app.app_context():
        partner = TeamMember(
            proposal_id=world.proposals["P5"],
            person_id=world.people["F1"],
            name="Ada Applicant",
            relation=Relation.CO_INVESTIGATOR,
        )
        db.session.add(partner)
        db.session.commit()
    draft_number = world.proposals["P5"]
    assert "Submit the proposal" in as_("F2").get(f"/proposals/{draft_number}/check").text
    co_sees = as_("F1").get(f"/proposals/{draft_number}/check").text
    assert "Submit the proposal" not in co_sees
    assert "Ben Bidder, the principal investigator, submits it." in co_sees
    assert as_("F1").post(f"/proposals/{draft_number}/submit", data={}).status_code == 403
    team = as_("F1").get(f"/proposals/{draft_number}/edit/team").text
    assert "Add to the team" not in team
    assert "Only the principal investigator may do this." in team


def test_a_withdrawal_asks_for_a_reason_and_keeps_what_was_typed(world: World, as_: Clients) -> None:
    path = f"/proposals/{world.proposals['P2']}/withdraw"
    her = as_("F2")
    refused = her.post(path, data={"reason": " "})
    assert (refused.status_code, "Please fill this in." in refused.text) == (422, True)
    assert her.post(path, data={"reason": "x" * 2_001}).status_code == 422
    assert her.post(path, data={"reason": "A partner left."}).status_code == 302
    page = her.get(f"/proposals/{world.proposals['P2']}").text
    assert "Withdrawn by you" in page
    assert "A partner left." in page
    assert her.post(path, data={"reason": "again"}).status_code == 403
    assert her.get(f"/proposals/{world.proposals['P2']}/restore").status_code == 404


def test_a_draft_put_aside_is_taken_back(world: World, as_: Clients) -> None:
    page, her = f"/proposals/{world.proposals['P5']}", as_("F2")
    assert her.post(page + "/withdraw", data={}).status_code == 302
    assert "Take the draft back" in her.get(page).text
    assert as_("F1").get(page + "/restore").status_code == 404
    assert her.get(page + "/restore").status_code == 200
    assert her.post(page + "/restore").status_code == 302
    assert "Go on writing" in her.get(page).text or "Check and submit" in her.get(page).text


def test_a_file_is_a_download_for_who_may_read(world: World, as_: Clients, app: Flask) -> None:
    page = as_("F1").get(f"/proposals/{world.proposals['P1']}").text
    found = re.search(r'href="(/proposals/\d+/files/\d+)"', page)
    assert found
    sent = as_("F1").get(found[1])
    assert (sent.status_code, sent.data, sent.mimetype) == (200, worlds.a_pdf(), "application/pdf")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="Ada Applicant plan.pdf"'
    assert sent.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert (sent.headers["X-Content-Type-Options"], sent.headers["Cache-Control"]) == ("nosniff", "no-store")
    for who, status in (("F2", 200), ("C1", 403), ("R1", 403), ("R3", 403), ("S1", 404), ("N", 404), ("C2", 404)):
        assert as_(who).get(found[1]).status_code == status, who
    other = found[1].replace(f"/{world.proposals['P1']}/", f"/{world.proposals['P6']}/")
    assert as_("F1").get(other).status_code == 404


def counted(app: Flask, ask: Callable[[], Any]) -> int:
    """How many statements a request issues."""
    seen: list[str] = []
    with app.app_context():
        connection = db.engine

    def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        assert ask().status_code == 200
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)
    return len([each for each in seen if each.lstrip().upper().startswith(("SELECT", "UPDATE", "INSERT"))])


def test_lists_issue_as_many_statements_for_fifty_rows_as_for_one(app: Flask, client_for: Any) -> None:
    with app.app_context():
        load_catalogue()
        ada = faculty_member()
        db.session.commit()
        number = ada.id
    her = client_for(number)
    listing, finding = [], []
    for upto in (1, 3, 50):
        with app.app_context():
            have = db.session.scalar(sa.select(sa.func.count(Proposal.id))) or 0
            person, call = db.session.get_one(Person, number), call_with("HIRP-2020")
            for _ in range(upto - have):
                draft(call, person)
            db.session.commit()
        listing.append(counted(app, lambda: her.get("/proposals")))
        finding.append(counted(app, lambda: her.get("/search?q=optical")))
    assert len(set(listing)) == 1
    assert len(set(finding)) == 1
    assert (listing[0] <= 7, finding[0] <= 10) == (True, True), (listing, finding)


FOUND = [
    ("F1", "optical racks", "/proposals/{P1}", "Under review"),
    ("F1", "media coding", "/proposals/{P6}", "Under review"),
    ("C1", "media coding", "/desk/proposals/{P6}", "Decided"),
    ("R1", "optical racks", "/reviews/{P1}", "Under review"),
    ("S1", "networks", "/packets/{P7}", ""),
    ("F1", "光互", "/proposals/{P1}", "Under review"),
]


def test_search_leads_to_the_viewers_own_page(world: World, as_: Clients) -> None:
    for who, words, link, label in FOUND:
        text = as_(who).get("/search", query_string={"q": words}).text
        assert f'href="{link.format(**world.proposals)}"' in text
        assert text.count("data-open-row") == 1
        assert label in text
        if who == "S1":
            assert "desk on-" not in text
            assert "Call 2026" not in text


def test_search_tells_nothing_that_the_viewer_may_not_see(world: World, as_: Clients) -> None:
    for who in ("R1", "S1", "F3", "C2"):
        for words in ("Ada Applicant", "f1@example.org", "Quiet sensing of queues", "qwertyzxcv"):
            assert "data-open-row" not in as_(who).get("/search", query_string={"q": words}).text


def test_search_takes_any_words(world: World, as_: Clients) -> None:
    her = as_("F1")
    for words in ("", " ", "%", "_", "\\", "x" * 5_000, "\x00", "\uffff", "\u202e", "𠮷", "'; --"):
        assert her.get("/search", query_string={"q": words}).status_code == 200


def test_a_withdrawn_proposal_says_so_without_its_feedback(world: World, as_: Clients, app: Flask) -> None:
    with app.app_context():
        withdraw(world.proposal("P7"), "Moved abroad.", by=world.actor("F1"))
        db.session.commit()
    page = as_("F1").get(f"/proposals/{world.proposals['P7']}").text
    assert "Withdrawn by you" in page
    assert "Well done." not in page.split('id="timeline"')[0]
