"""The coordinator's page of one proposal: what it shows to whom, and what it never shows."""

from __future__ import annotations

import hashlib
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from intake.extensions import db
from intake.forward.models import Packet, PacketFile
from intake.forward.operations import record_look
from intake.people.models import Person
from intake.proposal.models import Attachment
from intake.vocabulary import Relation
from tests.factories import office as days
from tests.factories.office import Office
from tests.factories.world import TITLES, complete

TABS = ("proposal", "team", "files", "match", "reviews", "packets", "log")


def bare(reply: TestResponse) -> str:
    """A page without its token, which differs each time, and without the address that was asked for."""
    text = re.sub(r'<p class="printed">.*?</p>', "", reply.get_data(as_text=True))
    return re.sub(r'(X-CSRFToken": |name="csrf_token" value=)"[^"]*"', "", text)


def test_who_may_open_it_and_who_may_not(app: Flask) -> None:
    office = Office(app)
    nothing = office.browser("C2").get("/desk/proposals/999999999")
    assert nothing.status_code == 404
    for tab in TABS:
        assert office.get("C1", "P1", f"?tab={tab}").status_code == 200
        hidden = office.get("C2", "P1", f"?tab={tab}")
        assert (hidden.status_code, bare(hidden)) == (404, bare(nothing))
        conflicted = office.get("C3", "P4", f"?tab={tab}")
        assert conflicted.status_code == 403
        assert "You are on this proposal&#39;s team, so somebody else handles it." in conflicted.get_data(as_text=True)
        assert TITLES["P4"] not in conflicted.get_data(as_text=True)
        assert office.get("C1", "P4", f"?tab={tab}").status_code == 200
    for who, status in {"X": 302, "N": 404, "S1": 404, "R1": 403, "F1": 403, "F2": 403, "AD": 403}.items():
        page = office.get(who, "P1")
        assert page.status_code == status, who
        assert TITLES["P1"] not in page.get_data(as_text=True)
    assert bare(office.get("C1", "P5")) == bare(office.browser("C1").get("/desk/proposals/999999999"))
    assert office.get("S1", "P7").status_code == 403
    assert office.get("S1", "Q2").status_code == 404


def test_what_each_tab_says(app: Flask) -> None:
    office = Office(app)
    office.ask(lambda: record_look(complete(office.w, "P7"), "CALL-A-0006.pdf", by=office.w.actor("S1")))
    said = {
        ("P1", "proposal"): [
            "Optical interconnects for racks",
            "機櫃的光互連",
            "USD\N{NO-BREAK SPACE}65,000",
            "Each is short.",
        ],
        ("P1", "team"): ["Ada Applicant", "Ben Bidder", "Co-investigator", "f2@example.org"],
        ("P1", "files"): ["Ada Applicant plan.pdf", "SHA-256"],
        ("P1", "match"): [
            "Theme 1 of A",
            "Jun Alba",
            "suits the contact",
            "The amount is within the cap.",
            "Check now: met.",
        ],
        ("P1", "reviews"): [
            "1 of 2 needed reviews are in.",
            "2 are late.",
            "R1 tells the office of P1.",
            "started, saved",
        ],
        ("P6", "reviews"): ["Select: forward to the sponsor", "It fits.", "Well done.", "4.5", "Reopen the decision"],
        ("P7", "packets"): ["manifest.json", "the attachments", "Jun Alba, CALL-A-0006.pdf"],
        ("P7", "log"): ["Sent to the sponsor", "Packet prepared", "Gus Reader", "Decided → Selected"],
    }
    for (name, tab), words in said.items():
        text = office.get("C1", name, f"?tab={tab}").get_data(as_text=True)
        for each in words:
            assert each in text, (name, tab, each)
    assert bare(office.get("C1", "P1", "?tab=nonsense")) == bare(office.get("C1", "P1"))


def test_of_a_draft_review_only_that_it_was_begun(app: Flask) -> None:
    office = Office(app)
    pages = "".join(office.get("C1", "P1", f"?tab={tab}").get_data(as_text=True) for tab in TABS)
    assert "R1 tells the applicant of P1." in pages
    assert "R2 tells" not in pages
    reviews = office.get("C1", "P1", "?tab=reviews").get_data(as_text=True)
    of_r2 = reviews.split("Hana Reader")[1].split("Ivo Outside")[0]
    assert "started, saved 3 Mar 2026, 10:00 HKT" in of_r2
    assert "of 5" not in of_r2
    assert "Recommendation" not in of_r2


def test_who_can_see_it_is_what_the_policy_says(app: Flask) -> None:
    office = Office(app)
    text = office.get("C1", "P4", "/who").get_data(as_text=True)
    rows = {name: text.split(f"<strong>{name}</strong>")[1].split("</tr>")[0] for name in _names(office, text)}
    assert "You are on this proposal" not in rows["Dora Desk"]
    assert "the reviews" in rows["Dora Desk"]
    assert "the full text" in rows["Fay Conflicted"]  # on the team
    assert "the reviews" not in rows["Fay Conflicted"]
    assert "the log" not in rows["Fay Conflicted"]
    assert "the full text" in rows["Gus Reader"]  # declared no conflict
    assert "the full text" not in rows["Hana Reader"]  # has not declared
    assert "nothing" in rows["Jun Alba"]
    assert "nothing" in rows["Lea Admin"]
    assert "Emil Elsewhere" not in text
    assert office.get("C3", "P4", "/who").status_code == 403
    assert office.get("R1", "P4", "/who").status_code == 403


def _names(office: Office, text: str) -> list[str]:
    everybody = office.ask(lambda: db.session.scalars(sa.select(Person.name)).all())
    return [name for name in everybody if f"<strong>{name}</strong>" in text]


def test_files_leave_as_attachments_and_only_through_their_proposal(app: Flask) -> None:
    office = Office(app)
    number, sha256, key = office.ask(
        lambda: db.session.execute(sa.select(Attachment.id, Attachment.sha256, Attachment.file_key)).one()
    )
    reply = office.get("C1", "P1", f"/files/{number}")
    assert reply.status_code == 200
    assert hashlib.sha256(reply.data).hexdigest() == sha256
    assert reply.headers["Content-Disposition"] == 'attachment; filename="Ada Applicant plan.pdf"'
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["Cache-Control"] == "no-store"
    assert office.get("C1", "P2", f"/files/{number}").status_code == 404
    assert office.get("C2", "P1", f"/files/{number}").status_code == 404
    assert office.get("R1", "P1", f"/files/{number}").status_code == 403
    packet = office.ask(
        lambda: db.session.execute(
            sa.select(Packet.id, PacketFile.id, PacketFile.sha256)
            .join(Packet.files)
            .where(Packet.proposal_id == office.w.proposals["P7"])
        ).first()
    )
    reply = office.get("C1", "P7", f"/packets/{packet[0]}/files/{packet[1]}")
    assert hashlib.sha256(reply.data).hexdigest() == packet[2]
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert office.get("C1", "P6", f"/packets/{packet[0]}/files/{packet[1]}").status_code == 404
    assert office.get("S1", "P7", f"/packets/{packet[0]}/files/{packet[1]}").status_code == 403
    days.store_of(office).delete(key)
    lost = office.get("C1", "P1", f"/files/{number}")
    assert lost.status_code == 404
    assert "is missing from the store" in lost.get_data(as_text=True)


def test_while_it_is_being_revised_the_office_reads_what_was_received(app: Flask) -> None:
    office = Office(app)
    office.post("C1", "P2", "/return", reason="More on sensing.", parts=["summary"], until=days.FUTURE)

    def revise() -> None:
        from intake.proposal.writing import write

        proposal = complete(office.w, "P2")
        write(proposal, {"title": "Half a new title"}, version=proposal.version, by=office.w.actor("F2"))

    office.ask(revise)
    text = office.get("C1", "P2").get_data(as_text=True)
    assert "Half a new title" not in text
    assert TITLES["P2"] in text
    assert "The applicant is revising it" in text


@pytest.mark.parametrize("tab", ["proposal", "team", "reviews", "log"])
def test_a_page_asks_the_database_the_same_however_much_there_is(app: Flask, tab: str) -> None:
    office = Office(app)
    counts = []
    for name in ("P3", "P1"):  # one has no review and no second member, the other has
        office.get("C1", name, f"?tab={tab}")
        asked: list[str] = []
        with app.app_context():
            connection = db.session.connection()

            def note(*args: object, asked: list[str] = asked) -> None:
                asked.append(str(args[2]))

            sa.event.listen(connection.engine, "before_cursor_execute", note)
        try:
            office.get("C1", name, f"?tab={tab}")
        finally:
            sa.event.remove(connection.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert abs(counts[0] - counts[1]) <= 2, counts  # a relation that is empty asks for nothing more
    assert max(counts) <= 30, counts


def test_the_team_is_told_apart_by_relation(app: Flask) -> None:
    office = Office(app)
    text = office.get("C1", "P1", "?tab=team").get_data(as_text=True)
    assert text.index("Principal investigator") < text.index("Co-investigator")
    assert Relation.CO_INVESTIGATOR.value not in text
