"""Who reaches what as a reviewer: the assigned, after declaring, blind where the call says so, while they are asked.

Scenarios S7 (assigned only), S9 (blind review) and S10 (words for the office).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.extensions import db
from intake.proposal.models import Attachment
from intake.proposal.operations import withdraw
from intake.review.operations import unassign
from intake.vocabulary import FileState
from tests.factories.review import LATER, answers, events, same_page, stored, told, words
from tests.factories.world import World, build

ClientFor = Callable[[int], FlaskClient]


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build()


@pytest.fixture
def blind(app: Flask) -> World:
    with app.app_context():
        return build(applicants_named=False)


def file_links(html: str) -> list[str]:
    return re.findall(r'href="(/reviews/\d+/files/\d+)"', html)


def test_only_the_assigned_open_a_proposal(world: World, client_for: ClientFor) -> None:
    p1, p2, p5 = (f"/reviews/{world.proposals[name]}" for name in ("P1", "P2", "P5"))
    assert "Optical interconnects" in client_for(world.people["R1"]).get(p1).text
    nothing = client_for(world.people["R1"]).get("/reviews/999999")
    assert nothing.status_code == 404
    for who in ("R1", "F1", "C1", "S1", "AD", "N", "F3"):
        client = client_for(world.people[who])
        for path in (p2, f"{p2}/decision", f"{p2}/files/1", p5):
            reply = client.get(path)
            knows_of_it = who in ("C1", "AD") and path in (p2, f"{p2}/decision")
            assert reply.status_code == (403 if knows_of_it else 404), (who, path)
            assert "Quiet sensing" not in reply.text
            assert "unfinished" not in reply.text
    for path in (p2, p5):
        assert same_page(client_for(world.people["R1"]).get(path).text, nothing.text)
    for who in ("C1", "F1", "F2", "AD", "S1"):
        refused = client_for(world.people[who]).get(p1)
        assert refused.status_code in (403, 404), who
        assert "Optical interconnects" not in refused.text


def test_nobody_who_is_not_signed_in_reads_anything(world: World, client: FlaskClient) -> None:
    for path in ("/reviews", f"/reviews/{world.proposals['P1']}", f"/reviews/{world.proposals['P1']}/decision"):
        reply = client.get(path)
        assert reply.status_code == 302
        assert "/sign-in" in reply.location
    assert client.post(f"/reviews/{world.proposals['P1']}", data={}).status_code == 401


def test_before_the_declaration_only_the_abstract_is_open(app: Flask, world: World, client_for: ClientFor) -> None:
    r3, page = client_for(world.people["R3"]), f"/reviews/{world.proposals['P1']}"
    html = r3.get(page).text
    assert "We study optical interconnects" in html
    assert "Ada Applicant" in html
    assert "has three steps" not in html
    assert not file_links(html)
    assert "plan.pdf" not in html
    with app.app_context():
        number = world.proposal("P1").id
    own_file = file_links(client_for(world.people["R1"]).get(page).text)[0]
    assert r3.get(own_file).status_code == 403
    refused = r3.post(page, data=answers(app, world))
    assert refused.status_code == 409
    assert "First declare" in refused.text
    assert "Clear and feasible." in refused.text
    assert stored(app, world, "P1", "R3") is None
    opened = r3.post(f"/reviews/{number}/declare", data={"declared": "none"})
    assert opened.status_code == 302
    html = r3.get(page).text
    assert "has three steps" in html
    assert file_links(html) == [own_file]
    assert not told(app, "conflict.declared")


def test_a_conflict_ends_the_access_at_once_and_the_office_is_told(
    app: Flask, world: World, client_for: ClientFor
) -> None:
    r3, page = client_for(world.people["R3"]), f"/reviews/{world.proposals['P1']}"
    missing = r3.post(f"{page}/declare", data={"declared": "conflict", "kind": "", "note": "We wrote a book."})
    assert missing.status_code == 422
    assert "We wrote a book." in missing.text
    assert "Choose one from the list." in missing.text
    forged = r3.post(f"{page}/declare", data={"declared": "conflict", "kind": "unheard-of"})
    assert forged.status_code == 422
    declared = {"declared": "conflict", "kind": "joint_work", "note": "We wrote a book.", "once": "key-of-this-form"}
    left = r3.post(f"{page}/declare", data=declared, follow_redirects=True)
    assert left.request.path == "/reviews"
    assert "no longer open to you" in left.text
    assert "Optical interconnects" not in left.text
    again = r3.post(f"{page}/declare", data=declared)
    assert again.status_code == 302
    assert again.location == "/reviews"
    assert same_page(r3.get(page).text, r3.get("/reviews/999999").text)
    letters = told(app, "conflict.declared")
    assert [to for to, _ in letters] == ["c1@example.org", "c3@example.org"]
    assert "Ivo Outside declared a conflict" in letters[0][1]
    assert "We wrote a book." in letters[0][1]
    assert client_for(world.people["R1"]).get(page).status_code == 200


def test_taken_off_while_writing_saves_nothing_and_loses_no_words(
    app: Flask, world: World, client_for: ClientFor
) -> None:
    r2, page = client_for(world.people["R2"]), f"/reviews/{world.proposals['P1']}"
    open_page = r2.get(page).text
    assert "R2 tells the applicant of P1." in open_page
    link = file_links(open_page)[0]
    assert r2.get(link).status_code == 200
    with app.app_context():
        proposal = world.proposal("P1")
        row = next(each for each in proposal.assignments if each.reviewer_id == world.people["R2"])
        unassign(proposal, row, "a secret reason of the office", by=world.actor("C1"))
        db.session.commit()
    late = r2.post(page, data=answers(app, world, for_applicant="An hour of work.", version="1"))
    assert late.status_code == 403
    assert "You no longer review this proposal" in late.text
    assert "An hour of work." in late.text
    assert "Merit: 3" in late.text
    assert "secret reason" not in late.text
    assert "Optical" not in late.text
    assert stored(app, world, "P1", "R2").for_applicant == "R2 tells the applicant of P1."  # type: ignore[union-attr]
    gone = r2.get("/reviews/999999").text
    assert same_page(r2.get(page).text, gone)
    assert r2.get(link).status_code == 404
    assert "Optical" not in r2.get("/reviews").text
    assert "Optical" not in r2.get("/search?q=optical").text
    assert client_for(world.people["R1"]).get(page).status_code == 200


def test_a_withdrawn_proposal_closes_to_its_reviewers(app: Flask, world: World, client_for: ClientFor) -> None:
    r2, page = client_for(world.people["R2"]), f"/reviews/{world.proposals['P1']}"
    with app.app_context():
        withdraw(world.proposal("P1"), "Our plans changed.", by=world.actor("F1"))
        db.session.commit()
    late = r2.post(page, data=answers(app, world, version="1"))
    assert late.status_code == 403
    assert "Clear and feasible." in late.text
    assert "Our plans changed" not in late.text
    assert r2.get(page).status_code == 404
    assert "Optical" not in r2.get("/reviews").text


HIDDEN = (
    "Ada",
    "Ben Bidder",
    "Department COMP",
    "Department EE",
    "f1@example",
    "f2@example",
    "Example University</li>",
)


def test_a_blind_call_names_no_applicant_anywhere(app: Flask, blind: World, client_for: ClientFor) -> None:
    r1, r3 = client_for(blind.people["R1"]), client_for(blind.people["R3"])
    page = f"/reviews/{blind.proposals['P1']}"
    pages = {
        "queue": r1.get("/reviews"),
        "declaration": r3.get(page),
        "review": r1.get(page),
        "wrong": r3.post(f"{page}/declare", data={"declared": "conflict", "kind": "?"}),
    }
    assert "We study optical interconnects" in pages["declaration"].text
    assert "has three steps" in pages["review"].text
    for name, reply in pages.items():
        for hidden in HIDDEN:
            assert hidden not in reply.text, (name, hidden)
    assert "Attachment 1.pdf" in pages["review"].text
    sent = r1.get(file_links(pages["review"].text)[0])
    assert sent.status_code == 200
    assert sent.data.startswith(b"%PDF")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="Attachment 1.pdf"'
    assert "Ada" not in str(sent.headers)
    nonsense = words(r1.get("/search?q=zzqqx").text).replace("zzqqx", "?")
    for hidden in ("Ada", "Applicant", "f1@example.org", "Bidder", "plan.pdf"):
        assert words(r1.get("/search", query_string={"q": hidden}).text).replace(hidden, "?") == nonsense, hidden
    assert "Optical" in r1.get("/search?q=optical").text
    with app.app_context():
        named = client_for(blind.people["F1"])
    assert named.get(page).status_code == 403


def test_an_open_call_names_the_team_and_its_files(world: World, client_for: ClientFor) -> None:
    r1 = client_for(world.people["R1"])
    html = r1.get(f"/reviews/{world.proposals['P1']}").text
    assert "Ada Applicant, Department COMP" in html
    assert "Ben Bidder, Department EE" in html
    sent = r1.get(file_links(html)[0])
    assert "Ada Applicant plan.pdf" in sent.headers["Content-Disposition"]
    assert sent.headers["Cache-Control"] == "no-store"
    assert sent.headers["X-Content-Type-Options"] == "nosniff"


def test_words_for_the_office_reach_no_other_reviewer(world: World, client_for: ClientFor) -> None:
    """R1 leads and R2 reviewed too; both may read each other's review of P7, but not what is for the office."""
    page = f"/reviews/{world.proposals['P7']}"
    for me, other in (("R1", "R2"), ("R2", "R1")):
        html = client_for(world.people[me]).get(page).text
        assert f"{other} tells the applicant of P7." in html
        assert f"{other} tells the office of P7." not in html
        assert f"{me} tells the office of P7." in html
        assert "the best fit" not in html  # why they were asked in spite of a warning
        assert "suits the contact" not in html  # the office's note on the match
        assert "It fits." not in html  # the rationale


def test_looking_writes_nothing_to_the_log(app: Flask, world: World, client_for: ClientFor) -> None:
    client_for(world.people["R1"]).get(f"/reviews/{world.proposals['P1']}")
    assert not events(app, "packet.opened")


def test_a_file_that_is_not_clean_is_not_there_for_reviewers(app: Flask, world: World, client_for: ClientFor) -> None:
    r1 = client_for(world.people["R1"])
    page = f"/reviews/{world.proposals['P1']}"
    (link,) = file_links(r1.get(page).text)
    with app.app_context():
        (file,) = db.session.scalars(sa.select(Attachment).where(Attachment.proposal_id == world.proposals["P1"]))
        file.state = FileState.CHECKING
        db.session.commit()
    assert file_links(r1.get(page).text) == []
    assert "plan.pdf" not in r1.get(page).text
    assert r1.get(link).status_code == 404
