"""A call with a form of its own: written by button and by itself, read by each according to what the form says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.extensions import db
from intake.form.telling import Audience
from intake.forward.packing import content_of
from intake.people.models import Person
from intake.proposal.attaching import attach
from intake.proposal.models import Proposal, Receipt
from intake.proposal.operations import submit
from intake.proposal.telling import file_readers, held_for
from intake.vocabulary import Relation, Role
from tests.factories.forms import give_form
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted
from tests.factories.world import a_pdf


class Desk:
    """Ada with a draft in HIRP 2020, whose form is the call's own; Ben beside her, Vera who only reads, the office."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            ada, ben, vera = faculty_member(), faculty_member("Ben Partner"), person_with("Vera Viewer")
            call = call_with("HIRP-2020")
            give_form(call)
            cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            proposal = draft(call, ada, title="Light", abstract="Five words and no more")
            accepted(proposal, ben, Relation.CO_INVESTIGATOR)
            accepted(proposal, vera, Relation.VIEWER)
            self.people = {"ada": ada.id, "ben": ben.id, "vera": vera.id, "cora": cora.id}
            self.number = proposal.id
            db.session.commit()
        self.ada, self.ben, self.vera, self.cora = (client_for(each) for each in self.people.values())
        self.page = f"/proposals/{self.number}/edit"

    def now(self) -> Proposal:
        """The proposal as it is in the database."""
        with self.app.app_context():
            found = whole(self.number)
            db.session.expunge_all()
            return found

    def tokens(self, part: str, client: FlaskClient | None = None) -> dict[str, str]:
        """What the hidden inputs of a section's page hold."""
        html = (client or self.ada).get(f"{self.page}/{part}").text
        return {name: re.search(rf'name="{name}" value="([^"]*)"', html)[1] for name in ("seen", "version")}  # type: ignore[index]

    def autosave(self, part: str, typed: dict[str, Any], client: FlaskClient | None = None, **tokens: str) -> Any:
        """What the page sends by itself, and the answer."""
        sent = {**(tokens or self.tokens(part, client)), **typed}
        return (client or self.ada).post(f"{self.page}/{part}", data=sent, headers={"X-Autosave": "1"})

    def save(self, part: str, typed: dict[str, Any]) -> Any:
        """What the button sends, and the answer."""
        return self.ada.post(f"{self.page}/{part}", data={**self.tokens(part), **typed})


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


def test_the_first_section_of_the_form_is_where_a_start_leads(desk: Desk) -> None:
    reply = desk.ada.post("/calls/HIRP-2020/start", data={"once": "k"})
    assert re.fullmatch(r"/proposals/\d+/edit/idea", reply.location)
    shown = desk.ada.get(reply.location).text
    assert "Does a company take part?" in shown
    assert re.search(r'id="which_company-question"[^>]* hidden', shown)


def test_what_is_saved_by_itself_is_kept_and_told(desk: Desk) -> None:
    told = desk.autosave("idea", {"title": "Light in racks", "company_takes_part": "yes"}).get_json()
    assert re.fullmatch(r"\d\d:\d\d:\d\d", told["saved"])
    assert "which_company" in told["shown"]
    assert told["errors"] == {}
    now = desk.now()
    assert (now.title, now.answers, str(now.version)) == (
        "Light in racks",
        {"company_takes_part": True},
        str(told["version"]),
    )
    assert 'aria-current="page"' in told["fragments"]["steps"]


def test_what_fits_is_kept_beside_what_does_not(desk: Desk) -> None:
    reply = desk.autosave("idea", {"title": "x" * 301, "note": "Kept"})
    assert (reply.status_code, list(reply.get_json()["errors"])) == (200, ["title"])
    assert "1 too many" in reply.get_json()["errors"]["title"]
    assert (desk.now().title, desk.now().answers) == ("Light", {"note": "Kept"})
    by_button = desk.save("idea", {"title": "x" * 301, "note": "Other"})
    assert (by_button.status_code, "x" * 301 in by_button.text, "Other" in by_button.text) == (422, True, True)
    assert desk.now().answers == {"note": "Kept"}


def test_a_limit_of_the_form_stops_no_draft_and_is_told_beside_the_field(desk: Desk) -> None:
    told = desk.autosave("idea", {"abstract": "One two three four five six seven"}).get_json()
    assert told["errors"] == {}
    assert "At most 5 words; this has 7, 2 too many." in told["faults"]["abstract"]
    assert desk.now().abstract == "One two three four five six seven"
    assert "At most 5 words" in desk.ada.get(f"/proposals/{desk.number}/check").text


def test_the_same_words_again_write_nothing(desk: Desk) -> None:
    before = desk.now().version
    assert desk.autosave("idea", {"title": "Light"}).status_code == 200
    assert desk.now().version == before


def test_a_no_is_an_answer_and_is_kept(desk: Desk) -> None:
    assert desk.autosave("idea", {"company_takes_part": "no"}).status_code == 200
    assert desk.now().answers == {"company_takes_part": False}
    assert re.search(r'value="no" checked', desk.ada.get(f"{desk.page}/idea").text)
    before = desk.now().version
    assert desk.autosave("idea", {"company_takes_part": "no"}).status_code == 200
    assert desk.now().version == before


def test_a_save_over_somebody_elses_is_refused_by_itself_and_shows_both_by_button(desk: Desk) -> None:
    tokens = desk.tokens("idea")
    assert desk.autosave("idea", {"title": "Ben was here"}, desk.ben, **tokens).status_code == 200
    refused = desk.autosave("idea", {"title": "Ada was here"}, **tokens)
    assert (refused.status_code, refused.get_json()["stale"], desk.now().title) == (409, True, "Ben was here")
    both = desk.ada.post(f"{desk.page}/idea", data={**tokens, "title": "Ada was here"})
    assert (both.status_code, "Ada was here" in both.text, "Ben was here" in both.text) == (409, True, True)
    again = {name: re.search(rf'name="{name}" value="([^"]*)"', both.text)[1] for name in ("seen", "version")}  # type: ignore[index]
    assert desk.ada.post(f"{desk.page}/idea", data={**again, "title": "Ada was here"}).status_code == 302
    assert desk.now().title == "Ada was here"


def test_another_section_saved_meanwhile_is_no_hindrance(desk: Desk) -> None:
    tokens = desk.tokens("idea")
    assert desk.autosave("money", {"begins": "2027-01-15"}, desk.ben).status_code == 200
    assert desk.autosave("idea", {"title": "Light in racks"}, **tokens).status_code == 200
    assert (desk.now().title, desk.now().answers["begins"]) == ("Light in racks", "2027-01-15")


def test_who_else_is_in_is_told_and_only_to_writers(desk: Desk) -> None:
    assert desk.ben.post(f"{desk.page}/money/here", data=desk.tokens("money", desk.ben)).get_json() == {
        "others": "",
        "changed": "",
    }
    told = desk.ada.post(f"{desk.page}/idea/here", data=desk.tokens("idea")).get_json()
    assert told["others"] == "Ben Partner is in “Money and time”."
    assert desk.vera.post(f"{desk.page}/idea/here", data={}).status_code == 403
    assert desk.cora.post(f"{desk.page}/idea/here", data={}).status_code == 404
    with clock.at(clock.now() + timedelta(minutes=3)):
        assert desk.ada.post(f"{desk.page}/idea/here", data=desk.tokens("idea")).get_json()["others"] == ""


def test_a_session_that_ended_is_told_as_such_and_goes_on_with_a_new_token(desk: Desk) -> None:
    tokens = desk.tokens("idea")
    stranger = desk.app.test_client()
    assert (
        stranger.post(f"{desk.page}/idea", data={**tokens, "title": "x"}, headers={"X-Autosave": "1"}).status_code
        == 401
    )
    assert stranger.get("/session").get_json()["person"] is None
    told = desk.ada.get("/session").get_json()
    assert (told["person"], len(told["token"]) > 20) == (desk.people["ada"], True)


def test_a_budget_is_added_up_by_the_server_and_is_the_amount_asked_for(desk: Desk) -> None:
    rows = [("staff", "1", "30,000", "One fellow"), ("travel", "2", "1,000.55", "")]
    parts = ("category", "year", "amount", "justification")
    lines = {f"costs-{at}-{part}": cell for at, row in enumerate(rows) for part, cell in zip(parts, row, strict=True)}
    told = desk.autosave("money", lines).get_json()
    assert "USD\xa034,100.61" in told["fragments"]["costs-follows"]  # 31,000.55 and 10 % of it, half a cent up
    assert desk.now().amount_minor == 3_410_061
    bad = desk.autosave("money", {**lines, "costs-1-amount": "lots"}).get_json()
    assert "costs-1-amount" in bad["cells"]
    assert desk.now().amount_minor == 3_410_061


def test_more_rows_without_scripts(desk: Desk) -> None:
    reply = desk.save(
        "money", {"steps-sent": "1", "steps-0-title": "First", "steps-0-due": "2027-02-01", "and": "more:steps"}
    )
    assert reply.location.endswith("/edit/money?more=5#steps")
    html = desk.ada.get(reply.location.partition("#")[0]).text
    assert len(re.findall(r'name="steps-\d', html)) == 3 * 6
    assert 'value="First"' in html


def without_rules(desk: Desk) -> None:
    """The call's rules are of no concern to a test of its form."""
    with desk.app.app_context():
        for rule in call_with("HIRP-2020").rules:
            db.session.delete(rule)
        db.session.commit()


def complete(desk: Desk) -> Proposal:
    """Everything the form asks for, with a company, a note for the office and a file that only the office gets."""
    assert (
        desk.save(
            "idea", {"company_takes_part": "yes", "which_company-name": "Alba Works", "note": "Only for the office"}
        ).status_code
        == 302
    )
    costs = {"costs-sent": "1", "costs-0-category": "staff", "costs-0-year": "1", "costs-0-amount": "100"}
    assert desk.save("money", {**costs, "begins": "2027-01-15"}).status_code == 302
    with desk.app.app_context():
        store, ada = desk.app.extensions["store"], actor(db.session.get_one(Person, desk.people["ada"]))
        attach(whole(desk.number), "cv.pdf", a_pdf(), question="cv", store=store, scanner=None, by=ada)
        submit(whole(desk.number), by=ada)
        db.session.commit()
    return desk.now()


def test_each_reader_gets_what_the_form_marks_for_them_and_nothing_else(desk: Desk) -> None:
    without_rules(desk)
    complete(desk)
    with desk.app.app_context():
        proposal = whole(desk.number)
        content = proposal.received[-1].content

        def keys(audience: Audience) -> set[str]:
            return {each["key"] for section in held_for(content, audience) for each in section["answers"]}

        assert keys(Audience.OFFICE) == {"company_takes_part", "which_company", "note", "costs", "begins", "cv"}
        assert keys(Audience.REVIEWER) == {"company_takes_part", "which_company", "costs", "begins"}
        assert keys(Audience.BLIND_REVIEWER) == {"company_takes_part", "costs", "begins"}
        assert keys(Audience.SPONSOR) == {"company_takes_part", "costs"}
        assert [file_readers(proposal, each) for each in proposal.attachments] == [frozenset()]
        packet = content_of(proposal.received[-1], "PolyU", "ITDO")
        assert [each.label for each in packet.answers] == ["Does a company take part?", "Costs"]
        assert packet.attachments == []
    assert "Begins: 15 Jan 2027" in desk.cora.get("/desk/calls/HIRP-2020/proposals").text
    office = desk.cora.get(f"/desk/proposals/{desk.number}").text
    assert ("Only for the office" in office, "Alba Works" in office) == (True, True)
    table = desk.cora.get("/desk/calls/HIRP-2020/proposals.csv").text
    assert "Note to the office" in table.splitlines()[0]
    assert "Only for the office" in table


def test_no_name_of_a_file_reaches_a_blind_reviewer() -> None:
    audiences = ["reviewer", "blind_reviewer", "sponsor"]
    plan = {"key": "plan", "kind": "attachment", "text": "Ada Applicant plan.pdf", "core": False, "for": audiences}
    why = {"key": "why", "kind": "long_text", "text": "Because", "core": False, "for": audiences}
    content = {"sections": [{"key": "idea", "label": "The idea", "answers": [plan, why]}]}
    for audience, keys in ((Audience.REVIEWER, ["plan", "why"]), (Audience.BLIND_REVIEWER, ["why"])):
        (section,) = held_for(content, audience)
        assert [each["key"] for each in section["answers"]] == keys


def test_an_answer_that_is_hidden_counts_for_nothing_and_is_kept(desk: Desk) -> None:
    assert desk.save("idea", {"company_takes_part": "yes", "which_company-name": "Alba Works"}).status_code == 302
    assert desk.save("idea", {"company_takes_part": "no"}).status_code == 302
    assert desk.now().answers["which_company"]["name"] == "Alba Works"
    check = desk.ada.get(f"/proposals/{desk.number}/check").text
    assert ("Which company?" in check, "Alba Works" in check) == (False, False)


def test_a_return_may_let_single_questions_change_and_nothing_else(desk: Desk) -> None:
    without_rules(desk)
    complete(desk)
    page = f"/desk/proposals/{desk.number}"
    form = desk.cora.get(f"{page}/return").text
    assert 'value="question:title"' in form
    sent = {"reason": "A clearer title, please.", "parts": ["question:title"], "until": "2099-03-31T17:00"}
    assert desk.cora.post(f"{page}/return", data={**sent, "version": desk.now().version}).status_code == 302
    shown = desk.ada.get(f"{desk.page}/idea").text
    assert re.search(r'id="abstract"[^>]* disabled', shown)
    assert not re.search(r'id="title"[^>]* disabled', shown)
    refused = desk.save("idea", {"title": "Clearer", "abstract": "Sly words"})
    assert (refused.status_code, "Sly words" in refused.text) == (403, True)
    assert desk.save("idea", {"title": "Clearer"}).status_code == 302
    again = {"version": desk.now().version, "once": "again"}
    assert desk.ada.post(f"/proposals/{desk.number}/submit", data=again).status_code == 302
    compared = desk.cora.get(f"{page}/changes").text
    assert "<del>Light</del><ins>Clearer</ins>" in compared
    assert "Five words" not in compared
    assert f"{page}/changes" in desk.cora.get(page).text
    assert desk.ada.get(f"{page}/changes").status_code in (403, 404)


def test_the_office_has_the_pdf_of_what_was_received_and_nobody_elses(desk: Desk) -> None:
    without_rules(desk)
    receipt = complete(desk).received[-1]
    address = f"/desk/proposals/{desk.number}/receipt/{receipt.id}.pdf"
    assert desk.cora.get(address).status_code == 404
    with desk.app.app_context():
        store = desk.app.extensions["store"]
        db.session.get_one(Receipt, receipt.id).file_key = store.put(b"%PDF-1.7 as made")
        db.session.commit()
    assert desk.cora.get(address).data == b"%PDF-1.7 as made"
    assert address in desk.cora.get(f"/desk/proposals/{desk.number}").text
    assert desk.vera.get(address).status_code == 403
    assert desk.app.test_client().get(address).status_code == 302
    assert desk.cora.get(f"/desk/proposals/{desk.number}/receipt/{receipt.id + 99}.pdf").status_code == 404


def test_an_amount_of_nothing_is_an_amount_and_stays_on_the_page(desk: Desk) -> None:
    with desk.app.app_context():
        number = draft(call_with("AIR-2021"), db.session.get_one(Person, desk.people["ada"]), amount_minor=0).id
        db.session.commit()
    assert re.search(r'name="amount_minor" value="0', desk.ada.get(f"/proposals/{number}/edit/budget").text)
    assert "Say how much you ask for." in desk.ada.get(f"/proposals/{number}/check").text
