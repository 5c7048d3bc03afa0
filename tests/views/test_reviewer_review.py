"""Writing a review: drafts are private, others are read as the call says, nothing typed is lost, one review results.

Scenarios S11 (after own), S12 (drafts), S13 (closed), S14 (bad and stale forms).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.call.models import Criterion
from intake.decision.operations import decide, reopen
from intake.extensions import db
from intake.review.writing import reopen as reopen_review
from intake.vocabulary import ReadsOthers, Recommendation, ReviewState, Verdict
from tests.factories.review import LATER, answers, events, stored, told, words
from tests.factories.world import World, build, review

ClientFor = Callable[[int], FlaskClient]
R1_SAYS = "R1 tells the applicant of P1."


@pytest.fixture(autouse=True)
def now() -> Iterator[None]:
    with clock.at(LATER):
        yield


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build()


@pytest.fixture
def address(world: World) -> str:
    return f"/reviews/{world.proposals['P1']}"


def form_of(html: str) -> dict[str, str]:
    """What the form on a page holds, as a browser would send it back."""
    texts = re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\r?\n?([^<]*)</textarea>', html)
    hidden = re.findall(r'<input type="hidden" name="(version)" value="([^"]*)"', html)
    chosen = [
        (re.search(r'name="(\w+)"', tag)[1], re.search(r'value="([^"]*)"', tag)[1])  # type: ignore[index]
        for tag in re.findall(r"<input[^>]*type=\"radio\"[^>]*>", html)
        if " checked" in tag
    ]
    return dict([*texts, *hidden, *chosen])


def test_a_draft_is_saved_kept_and_submitted(app: Flask, world: World, address: str, client_for: ClientFor) -> None:
    r2 = client_for(world.people["R2"])
    first = form_of(r2.get(address).text)
    assert first["for_applicant"] == "R2 tells the applicant of P1."
    assert first["version"] == "1"
    half = answers(app, world, version="1", recommendation=None, for_applicant="Half a thought.", **{"and": "save"})
    saved = r2.post(address, data=half, follow_redirects=True)
    assert "Saved at 4 Mar 2026, 10:00 HKT" in words(saved.text)
    held = form_of(saved.text)
    assert held["for_applicant"] == "Half a thought."
    assert held["version"] == "2"
    assert "recommendation" not in held
    assert stored(app, world, "P1", "R2").state is ReviewState.DRAFT  # type: ignore[union-attr]
    sent = r2.post(address, data=answers(app, world, score=2, version="2"), follow_redirects=True)
    assert "is submitted. Thank you." in sent.text
    kept = stored(app, world, "P1", "R2")
    assert kept is not None
    assert kept.state is ReviewState.SUBMITTED
    assert kept.recommendation is Recommendation.FORWARD
    assert [each.value for each in kept.scores] == [2, 2]
    assert str(kept.overall) == "2.00"
    came = told(app, "review.submitted")[-2:]
    assert [to for to, _ in came] == ["c1@example.org", "c3@example.org"]
    assert "2 of 2 needed reviews" in came[0][1]
    assert told(app, "review.enough")[-1][0] == "r1@example.org"


def test_save_and_next_goes_to_the_next_open_review(
    app: Flask, world: World, address: str, client_for: ClientFor
) -> None:
    r2 = client_for(world.people["R2"])
    reply = r2.post(address, data=answers(app, world, version="1", **{"and": "next"}))
    assert reply.status_code == 302
    assert reply.location == f"/reviews/{world.proposals['P3']}"
    assert stored(app, world, "P1", "R2").state is ReviewState.DRAFT  # type: ignore[union-attr]


def test_a_draft_is_nobodys_but_its_writers(app: Flask, world: World, address: str, client_for: ClientFor) -> None:
    r1 = client_for(world.people["R1"])
    html = r1.get(address).text
    assert "R2 tells" not in html
    assert "No other review is submitted yet." in html
    assert r1.get(f"{address}/decision").status_code == 403
    assert "1 of 2 needed reviews are submitted" in words(r1.get(f"{address}/decision").text)
    for who in ("R3", "F1", "C1", "C3", "AD"):
        assert "R2 tells" not in client_for(world.people[who]).get(address).text
    assert "R2 tells the applicant" in client_for(world.people["R2"]).get(address).text


def test_others_open_with_ones_own_and_close_when_it_is_reopened(
    app: Flask, world: World, address: str, client_for: ClientFor
) -> None:
    r2 = client_for(world.people["R2"])
    assert R1_SAYS not in r2.get(address).text
    r2.post(address, data=answers(app, world, version="1", **{"and": "save"}))
    assert R1_SAYS not in r2.get(address).text
    r2.post(address, data=answers(app, world, version="2"))
    html = r2.get(address).text
    assert R1_SAYS in html
    assert "Reviewer A" in html
    assert "Gus Reader" not in html
    assert "r1@example" not in html
    with app.app_context():
        proposal = world.proposal("P1")
        row = next(each for each in proposal.assignments if each.reviewer_id == world.people["R2"])
        reopen_review(proposal, row, "Please say more.", by=world.actor("C1"))
        db.session.commit()
    html = r2.get(address).text
    assert R1_SAYS not in html
    assert form_of(html)["for_applicant"] == "Clear and feasible."


@pytest.mark.parametrize(
    ("switches", "reads", "named"),
    [
        ({"reads_others": ReadsOthers.NEVER}, False, False),
        ({"reads_others": ReadsOthers.AFTER_OWN, "reviewers_named": True}, True, True),
    ],
    ids=["never", "named"],
)
def test_the_call_says_who_reads_whom(
    app: Flask, client_for: ClientFor, switches: dict[str, object], reads: bool, named: bool
) -> None:
    with app.app_context():
        world = build(**switches)
        review(world, "P1", "R2", 2)
        db.session.commit()
    address = f"/reviews/{world.proposals['P1']}"
    html = client_for(world.people["R2"]).get(address).text
    assert (R1_SAYS in html) is reads
    assert ("Gus Reader" in html) is named
    lead = client_for(world.people["R1"]).get(address).text
    assert "R2 tells the applicant of P1." in lead
    assert ("Hana Reader" in lead) is named


def test_what_is_missing_or_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    app: Flask, world: World, address: str, client_for: ClientFor
) -> None:
    r2 = client_for(world.people["R2"])
    with app.app_context():
        merit, fit = db.session.query(Criterion.id).filter_by(call_id=world.calls["A"]).order_by(Criterion.position)
        foreign = db.session.query(Criterion.id).filter_by(call_id=world.calls["B"]).first()
        assert foreign
    name, other = f"criterion_{merit[0]}", f"criterion_{fit[0]}"
    mine = {"version": "1", "for_applicant": "Words that took an hour.", "for_office": "More words."}
    wrong = {
        "missing score": ({name: None}, "Choose a score."),
        "out of range": ({name: "9"}, "Choose one from the list."),
        "below": ({name: "-1"}, "Choose one from the list."),
        "not a number": ({name: "三"}, "Choose one from the list."),
        "beyond 64 bits": ({name: str(10**30)}, "Choose one from the list."),
        "no recommendation": ({"recommendation": None}, "Choose what you recommend."),
        "unknown recommendation": ({"recommendation": "publish"}, "Choose one from the list."),
        "another call's criterion": ({f"criterion_{foreign[0]}": "3"}, "criterion that is not one of this call"),
        "no such criterion": ({"criterion_x": "3"}, "criterion that is not one of this call"),
        "a control character": ({"for_office": "bell \x07 here"}, "U+0007"),
        "no character": ({"for_office": "a\uffffb"}, "U+FFFF"),
    }
    for what, (change, message) in wrong.items():
        reply = r2.post(address, data=answers(app, world, **(mine | change)))
        assert reply.status_code == 422, what
        assert message in words(reply.text), what
        held = form_of(reply.text)
        assert held["for_applicant"] == "Words that took an hour.", what
        assert held[other] == "3", what
        assert held["version"] == "1"
    blank = r2.post(address, data=answers(app, world, version="1", for_applicant="  \n "))
    assert "Write a few sentences for the applicant." in blank.text
    long = r2.post(address, data=answers(app, world, version="1", for_office="長" * 10_001))
    assert long.status_code == 422
    assert "At most 10,000 characters" in words(long.text)
    assert "長" * 10_001 in long.text
    kept = stored(app, world, "P1", "R2")
    assert kept is not None
    assert (kept.version, kept.for_applicant) == (1, "R2 tells the applicant of P1.")
    fine = r2.post(address, data=answers(app, world, version="1", for_office="長" * 10_000))
    assert fine.status_code == 302


ODD = ["\x00", "\U0001f600", "\u202eabc", "é" * 300, "-1", str(2**70), "[" * 5000]


def test_no_odd_input_breaks_the_server(app: Flask, world: World, address: str, client_for: ClientFor) -> None:
    for odd in ODD:
        _send_everywhere(app, world, address, client_for, odd)


def _send_everywhere(app: Flask, world: World, address: str, client_for: ClientFor, odd: str) -> None:
    r2, r1 = client_for(world.people["R2"]), client_for(world.people["R1"])
    for field in ("version", "recommendation", "for_applicant", "for_office", "and", "criterion_", "once"):
        assert r2.post(address, data=answers(app, world, **{field: odd})).status_code < 500, field
    for field in ("declared", "kind", "note", "once"):
        data = {"declared": "conflict", "kind": "?", field: odd}
        assert client_for(world.people["R3"]).post(f"{address}/declare", data=data).status_code < 500, field
    for field in ("verdict", "rationale", "feedback", "sure", "once"):
        assert r1.post(f"{address}/decision", data={field: odd}).status_code < 500, field
    assert r1.get("/reviews", query_string={"page": odd}).status_code == 200
    assert r1.get(f"/reviews/{2**70}").status_code == 404


def test_the_same_form_twice_makes_one_review(app: Flask, world: World, client_for: ClientFor) -> None:
    r2, address = client_for(world.people["R2"]), f"/reviews/{world.proposals['P3']}"
    r2.post(f"{address}/declare", data={"declared": "none"})
    before = len(told(app, "review.submitted"))
    replies = [r2.post(address, data=answers(app, world)) for _ in range(3)]
    assert [each.status_code for each in replies] == [302, 302, 302]
    assert {each.location for each in replies} == {address}
    assert len(events(app, "review.submitted")) == 8  # seven came with the world
    assert len(told(app, "review.submitted")) == before + 2
    kept = stored(app, world, "P3", "R2")
    assert kept is not None
    assert len(kept.scores) == 2


def test_a_second_tab_gets_both_texts_and_may_save_over(
    app: Flask, world: World, address: str, client_for: ClientFor
) -> None:
    r2 = client_for(world.people["R2"])
    r2.post(
        address, data=answers(app, world, score=4, version="1", for_applicant="From the first tab.", **{"and": "save"})
    )
    second = {"score": 5, "version": "1", "for_applicant": "From the second tab."}
    stale = r2.post(address, data=answers(app, world, **second))  # type: ignore[arg-type]
    assert stale.status_code == 409
    assert "From the first tab." in stale.text
    assert "saved elsewhere at 4 Mar 2026, 10:00 HKT" in words(stale.text)
    held = form_of(stale.text)
    assert held["for_applicant"] == "From the second tab."
    assert held["version"] == "2"
    kept = stored(app, world, "P1", "R2")
    assert kept is not None
    assert (kept.for_applicant, kept.state, [each.value for each in kept.scores]) == (
        "From the first tab.",
        ReviewState.DRAFT,
        [4, 4],
    )
    over = r2.post(address, data=held | {"and": "submit"})
    assert over.status_code == 302
    assert stored(app, world, "P1", "R2").for_applicant == "From the second tab."  # type: ignore[union-attr]
    third = r2.post(address, data=answers(app, world, version="2", for_applicant="From a third tab."))
    assert third.status_code == 409
    assert "You submitted your review" in third.text
    assert "From a third tab." in third.text
    assert "From the second tab." in third.text
    assert stored(app, world, "P1", "R2").for_applicant == "From the second tab."  # type: ignore[union-attr]


def test_a_form_without_its_version_overwrites_nothing(
    app: Flask, world: World, address: str, client_for: ClientFor
) -> None:
    for version in (None, "", "-1", "x", "99999999999999999999999999"):
        reply = client_for(world.people["R2"]).post(address, data=answers(app, world, version=version))
        assert reply.status_code == 409, version
        assert "Clear and feasible." in reply.text
    assert stored(app, world, "P1", "R2").version == 1  # type: ignore[union-attr]


def test_a_decided_proposal_is_read_and_locked_and_opens_again_when_reopened(
    app: Flask, world: World, address: str, client_for: ClientFor
) -> None:
    r2, r3 = client_for(world.people["R2"]), client_for(world.people["R3"])
    with app.app_context():
        review(world, "P1", "R2", 2)
        decide(world.proposal("P1"), Verdict.DECLINE, "Too thin.", "Not now.", by=world.actor("R1"))
        db.session.commit()
    html = r2.get(address).text
    assert "The review is closed: a decision has been recorded." in html
    assert "R2 tells the applicant of P1." in html
    assert 'name="for_applicant"' not in html
    assert "Too thin" not in html
    assert "Not now" not in html
    assert "Decline" not in html
    replayed = r2.post(address, data=answers(app, world, version="2", for_applicant="Too late for this."))
    assert replayed.status_code == 409
    assert "The review is closed" in replayed.text
    assert "Too late for this." in replayed.text
    unread = r3.get(address).text
    assert "It is not in review now." in unread
    assert "has three steps" not in unread
    assert r3.post(f"{address}/declare", data={"declared": "none"}).status_code == 403
    with app.app_context():
        reopen(world.proposal("P1"), "One more look.", by=world.actor("C1"))
        proposal = world.proposal("P1")
        row = next(each for each in proposal.assignments if each.reviewer_id == world.people["R2"])
        reopen_review(proposal, row, "One more look.", by=world.actor("C1"))
        db.session.commit()
    reopened = form_of(r2.get(address).text)
    assert r2.post(address, data=reopened | {"and": "submit", "for_applicant": "Now better."}).status_code == 302
    assert stored(app, world, "P1", "R2").for_applicant == "Now better."  # type: ignore[union-attr]
