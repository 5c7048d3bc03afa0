"""What a sponsor's contact sees: the packets of that sponsor, as they were frozen, while they lie open (S23, S24)."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.extensions import db
from intake.forward.models import Packet
from intake.forward.operations import prepare, recall_packet, send
from intake.forward.queries import sent_to
from intake.people.models import Person, RoleGrant
from intake.programme.models import Programme, Sponsor
from intake.proposal.models import Proposal, Receipt
from intake.proposal.operations import withdraw
from intake.vocabulary import Role, State
from tests.factories import listing
from tests.factories.review import LATER, events, same_page, told, words
from tests.factories.world import World, build
from tests.views.test_reviewer_queue import rows, statements

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
def s1(world: World, client_for: ClientFor) -> FlaskClient:
    return client_for(world.people["S1"])


@pytest.fixture
def s2(world: World, client_for: ClientFor) -> FlaskClient:
    return client_for(world.people["S2"])


@pytest.fixture
def address(world: World) -> str:
    return f"/packets/{world.proposals['P7']}"


def file_links(html: str) -> list[str]:
    return re.findall(r'href="(/packets/\d+/files/\d+)"', html)


NOT_THEIRS = (
    "Quiet sensing", "Optical interconnects", "Compilers", "Storage for cold", "unfinished", "Media coding",
    "Batteries",
    "CALL-A-0001", "CALL-A-0002", "CALL-A-0003", "CALL-A-0004", "CALL-A-0005",
)  # fmt: skip
NEVER = (
    "f1@example.org", "R1 tells", "R2 tells", "Reviewer", "Gus", "Hana", "It fits.", "Well done.",
    "suits the contact",
    "the best fit", "Moe Nobody", "theme_id", "Recommendation", "recommendation",
)  # fmt: skip


def test_each_sponsor_sees_its_own_packets_and_nothing_else(world: World, s1: FlaskClient, s2: FlaskClient) -> None:
    mine, theirs = s1.get("/packets").text, s2.get("/packets").text
    assert len(rows(mine)) == len(rows(theirs)) == 1
    assert "Networks that heal" in mine
    assert "CALL-A-0006/1" in mine
    assert "1 packet waits for your outcome" in mine
    assert "Antennas in glass" not in mine
    assert "Antennas in glass" in theirs
    assert "CALL-B-0001/1" in theirs
    assert "Networks that heal" not in theirs
    for html in (mine, theirs, s1.get(f"/packets/{world.proposals['P7']}").text):
        for hidden in NOT_THEIRS:
            assert hidden not in html, hidden


def test_what_is_not_theirs_answers_as_if_it_did_not_exist(world: World, s1: FlaskClient, s2: FlaskClient) -> None:
    s1.get("/packets")
    nothing = s1.get("/packets/999999")
    assert nothing.status_code == 404
    for name in ("Q2", "P1", "P2", "P5", "P6", "Q1"):
        path = f"/packets/{world.proposals[name]}"
        reply = s1.get(path)
        assert reply.status_code == 404
        assert same_page(reply.text, nothing.text), name
        assert dict(reply.headers).keys() == dict(nothing.headers).keys()
        assert s1.get(f"{path}/outcome").status_code == 404
        assert s1.post(f"{path}/outcome", data={"result": "reserve"}).status_code == 404
        assert s1.post(f"{path}/interest", data={"interest": "interested"}).status_code == 404
    theirs = file_links(s2.get(f"/packets/{world.proposals['Q2']}").text)
    assert len(theirs) == 2
    for link in theirs:
        assert s2.get(link).status_code == 200
        assert s1.get(link).status_code == 404
        borrowed = re.sub(r"/packets/\d+", f"/packets/{world.proposals['P7']}", link)
        assert s1.get(borrowed).status_code == 404


def test_others_have_no_such_area(world: World, address: str, client: FlaskClient, client_for: ClientFor) -> None:
    for who in ("F1", "C1", "R1", "AD", "N"):
        reader = client_for(world.people[who])
        assert reader.get("/packets").status_code == 403, who
        assert reader.get(address).status_code in (403, 404), who
        assert "CALL-A-0006/1" not in reader.get(address).text
    assert client.get(address).status_code == 302
    assert client.post(f"{address}/interest", data={}).status_code == 401


def test_the_packet_shows_what_was_frozen_and_its_files(
    app: Flask, world: World, s1: FlaskClient, address: str
) -> None:
    with app.app_context():
        changed = {"title": "A live title", "abstract": "A live abstract", "amount_minor": 100}
        db.session.execute(sa.update(Proposal).where(Proposal.id == world.proposals["P7"]).values(changed))
        db.session.commit()
    reply = s1.get(address)
    read = words(reply.text)
    for shown in (
        "Networks that heal",
        "We study networks that heal",
        "Ada Applicant, Department COMP",
        "Theme 1 of A",
        "USD 65,000",
        "12 months",
        "Alba Industries Call 2026",
        "as it was received",
    ):
        assert shown in read, shown
    for hidden in (*NEVER, "A live"):
        assert hidden not in reply.text, hidden
    assert "@" not in read
    assert "4.50" not in read  # the mean of its reviews
    with app.app_context():
        packet = db.session.scalars(
            sa.select(Packet)
            .where(Packet.proposal_id == world.proposals["P7"])
            .options(sa.orm.selectinload(Packet.files))
        ).one()
        listed = [(each.name, each.sha256) for each in packet.files]
        digest = packet.sha256
    assert digest in reply.text
    links = file_links(reply.text)
    assert [name for name, _ in listed] == ["CALL-A-0006.pdf", "manifest.json"]
    for link, (name, sha256) in zip(links, listed, strict=True):
        sent = s1.get(link)
        assert hashlib.sha256(sent.data).hexdigest() == sha256
        assert sha256 in reply.text
        assert sent.headers["Content-Disposition"] == f"attachment; filename={name}"
        assert sent.headers["Cache-Control"] == "no-store"
        assert sent.headers["X-Content-Type-Options"] == "nosniff"
    manifest = json.loads(s1.get(links[1]).data)
    assert manifest["packet"] == "CALL-A-0006/1"
    assert "A live" not in s1.get("/packets").text
    assert "Networks that heal" in s1.get("/packets").text


def test_every_look_is_noted_with_who_and_what(app: Flask, world: World, s1: FlaskClient, address: str) -> None:
    s1.get("/packets")
    assert not events(app, "packet.opened")
    links = file_links(s1.get(address).text)
    s1.get(links[0])
    s1.head(address)
    s1.get(f"{address}/files/999999")
    who = world.people["S1"]
    assert events(app, "packet.opened") == [(who, "page"), (who, "CALL-A-0006.pdf")]


def test_a_look_writes_nothing_but_the_log(app: Flask, world: World, s1: FlaskClient, address: str) -> None:
    """The exception to "a GET never writes" is this narrow: even a view that changed something keeps only the event."""
    from intake.views import gate
    from intake.views.sponsor import packet as module

    noting = {endpoint for endpoint, view in app.view_functions.items() if getattr(view, "records_look", False)}
    assert noting == {"sponsor.packet", "sponsor.file"}
    assert {"GET"} <= gate.SAFE
    kept = module.record_look

    def also_changes(proposal: Proposal, what: str, **more: object) -> None:
        proposal.title = "Changed by looking"
        db.session.flush()
        kept(proposal, what, **more)  # type: ignore[arg-type]

    module.record_look = also_changes
    try:
        assert s1.get(address).status_code == 200
    finally:
        module.record_look = kept
    with app.app_context():
        assert world.proposal("P7").title == "Networks that heal"
    assert len(events(app, "packet.opened")) == 1


def test_a_recalled_packet_is_only_known_to_have_been(
    app: Flask, world: World, s1: FlaskClient, s2: FlaskClient, address: str
) -> None:
    open_page = s1.get(address).text
    links = file_links(open_page)
    assert "Networks" in s1.get("/search?q=networks").text
    with app.app_context():
        recall_packet(world.proposal("P7"), "sent by mistake, and secretly so", by=world.actor("C1"))
        db.session.commit()
    looks = len(events(app, "packet.opened"))
    reply = s1.get(address)
    assert reply.status_code == 200
    assert "This packet was recalled on 4 Mar 2026" in words(reply.text)
    listed = s1.get("/packets").text
    assert "Recalled on 4 Mar 2026" in words(listed)
    assert "CALL-A-0006/1" in listed
    assert "None waits for your outcome now." in listed
    answered = {"interest": "interested", "note": "An hour of thought."}
    late = s1.post(f"{address}/interest", data=answered)
    outcome = s1.post(f"{address}/outcome", data={"result": "reserve", "reason": "An hour of thought."})
    assert late.status_code == outcome.status_code == 403
    for refused in (late, outcome):
        assert "CALL-A-0006/1 was recalled at 4 Mar 2026, 10:00 HKT." in words(refused.text)
        assert "An hour of thought." in refused.text
    everything = [reply, s1.get("/packets"), s1.get("/packets?q=networks"), s1.get("/search?q=networks"), late, outcome]
    everything += [s1.get(f"{address}/outcome"), *(s1.get(link) for link in links)]
    for each in everything:
        for hidden in (
            "Networks that",
            "networks that",
            "heal",
            "Ada",
            "Theme 1",
            "by mistake",
            "Alba Industries Call",
        ):
            assert hidden not in each.text, (each.request.path, hidden)
    assert [s1.get(link).status_code for link in links] == [404, 404]
    assert s2.get(address).status_code == 404
    assert len(events(app, "packet.opened")) == looks
    assert told(app, "packet.recalled")[-1][0] == "s1@example.org"
    assert "Networks" not in told(app, "packet.recalled")[-1][1]
    with app.app_context():
        assert world.proposal("P7").state is State.SELECTED


def test_a_packet_sent_anew_is_read_and_the_old_one_stays_closed(
    app: Flask, world: World, s1: FlaskClient, address: str
) -> None:
    old = file_links(s1.get(address).text)
    with app.app_context(), clock.at(LATER + timedelta(hours=1)):
        by, store = world.actor("C1"), app.extensions["store"]
        recall_packet(world.proposal("P7"), "a wrong file", by=by)
        again = prepare(world.proposal("P7"), store=store, by=by)
        assert [each.number for each in sent_to(world.actor("S1"), "", 0, 50)] == ["CALL-A-0006/1"]
        send(world.proposal("P7"), again.id, store=store, by=by)
        db.session.commit()
    html = s1.get(address).text
    assert "CALL-A-0006/2" in html
    assert "CALL-A-0006/1" not in s1.get("/packets").text
    new = file_links(html)
    assert not set(old) & set(new)
    assert [s1.get(link).status_code for link in old] == [404, 404]
    assert [s1.get(link).status_code for link in new] == [200, 200]


def test_a_withdrawn_proposal_says_only_that(app: Flask, world: World, s1: FlaskClient, address: str) -> None:
    with app.app_context():
        withdraw(world.proposal("P7"), "Our secret plans changed.", by=world.actor("F1"))
        db.session.commit()
    for reply in (s1.get(address), s1.get("/packets"), s1.get(f"{address}/outcome"), s1.get("/search?q=networks")):
        assert "Networks that" not in reply.text
        assert "secret plans" not in reply.text
    assert "This proposal was withdrawn on 4 Mar 2026" in words(s1.get(address).text)
    assert "Withdrawn on 4 Mar 2026" in words(s1.get("/packets").text)


def test_search_finds_by_title_and_number_and_nothing_by_what_is_hidden(s1: FlaskClient) -> None:
    for asked in ("heal", "HEAL networks", "CALL-A-0006", "0006/1"):
        assert len(rows(s1.get("/packets", query_string={"q": asked}).text)) == 1, asked
    nonsense = words(s1.get("/packets?q=zzqqx").text)
    assert "Nothing found" in nonsense
    for asked in ("Applicant", "Ada", "optical", "CALL-A-0001", "CALL-B", "Gus", "100%", "_", "Antennas"):
        assert words(s1.get("/packets", query_string={"q": asked}).text) == nonsense, asked


def test_no_odd_address_breaks_the_list(s1: FlaskClient) -> None:
    for odd in ("\x00", "\uffff", "\u202e", "x" * 5000, "'\";--", "%", "[" * 3000, str(2**70), "-1"):
        assert s1.get("/packets", query_string={"q": odd}).status_code == 200, odd[:9]
        assert s1.get("/packets", query_string={"page": odd}).status_code == 200, odd[:9]
    assert s1.get(f"/packets/{2**70}").status_code == 404


def test_nothing_yet(app: Flask, client_for: ClientFor) -> None:
    with app.app_context():
        sponsor = Sponsor(code="NEW", name="New", time_zone="UTC")
        db.session.add(sponsor)
        db.session.flush()
        someone = Person(email="new@example.org", name="New Contact")
        someone.grants = [RoleGrant(role=Role.SPONSOR_CONTACT, sponsor_id=sponsor.id)]
        db.session.add(someone)
        db.session.commit()
        number = someone.id
    html = client_for(number).get("/packets").text
    assert "No packet yet" in html
    assert "<table" not in html


def test_the_list_asks_the_same_number_of_questions_at_1_3_and_50_rows(app: Flask, client_for: ClientFor) -> None:
    counts = {}
    for size in (1, 3, 50, 60):
        number = _many(app, size)
        client = client_for(number)
        counts[size] = statements(app, client, "/packets")
        assert len(rows(client.get("/packets").text)) == min(size, 50)
    assert set(counts.values()) == {counts[1]}, counts
    assert counts[1] <= 6
    assert "page 2 of 2" in words(client.get("/packets?page=2").text)


def _many(app: Flask, size: int) -> int:
    """A contact of a sponsor with ``size`` packets, written straight into the tables."""
    with app.app_context():
        of = listing.call(f"SENT-{size}")
        sponsor_id = db.session.get_one(Programme, of.programme_id).sponsor_id
        assert sponsor_id is not None
        contact = listing.person(f"Contact {size}")
        listing.grant(contact, Role.SPONSOR_CONTACT, sponsor_id=sponsor_id)
        for _ in range(size):
            paper = listing.proposal(of, State.WITH_SPONSOR)
            told_of = {"title": paper.title, "call_title": of.title}
            facts = {"proposal_id": paper.id, "ordinal": 1, "sha256": "0" * 64}
            receipt = Receipt(received_at=LATER, content=told_of, **facts)
            listing.keep(receipt)
            listing.keep(Packet(receipt_id=receipt.id, sponsor_id=sponsor_id, manifest={}, sent_at=LATER, **facts))
        db.session.commit()
        return contact.id
