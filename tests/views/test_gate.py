"""The gate under two posts at once, and what error pages and file routes keep to themselves."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.call.models import Call
from intake.conflict.operations import declare, lift
from intake.engine import writing
from intake.errors import Refused
from intake.extensions import db
from intake.people.models import Person, RoleGrant
from intake.people.operations import invite
from intake.proposal.models import Move, TeamMember
from intake.proposal.team import add_member
from intake.review.operations import unassign
from intake.vocabulary import Action, ConflictKind, Relation, Role
from tests.conftest import signed_in
from tests.factories.world import World, build, complete, review

Clients = Callable[[int], FlaskClient]


def world_in(app: Flask, **switches: object) -> World:
    with app.app_context(), writing():
        world = build(**switches)
        db.session.remove()
    return world


def test_two_posts_of_one_form_at_once_land_in_one_place(fresh_app: Flask) -> None:
    world = world_in(fresh_app)
    with writing():
        clients = [signed_in(fresh_app, world.people["F2"]) for _ in range(2)]
    start, replies = threading.Barrier(2), []

    def post(client: FlaskClient) -> None:
        start.wait()
        form = {"reason": "changed plans", "once": "one-and-the-same", "version": "3"}
        replies.append(client.post(f"/proposals/{world.proposals['P2']}/withdraw", data=form))

    threads = [threading.Thread(target=post, args=[each]) for each in clients]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [reply.status_code for reply in replies] == [302, 302]
    assert len({reply.location for reply in replies}) == 1
    with fresh_app.app_context():
        rows = db.session.scalars(sa.select(Move.action).where(Move.proposal_id == world.proposals["P2"])).all()
        assert rows.count(Action.PROPOSAL_WITHDRAW.value) == 1


def test_blind_review_hides_names_of_files_on_every_route(app: Flask, client_for: Clients) -> None:
    world = world_in(app, applicants_named=False)
    number = world.proposals["P1"]
    reader = client_for(world.people["R1"])
    page = reader.get(f"/reviews/{number}").get_data(as_text=True)
    found = re.search(rf"/reviews/{number}/files/(\d+)", page)
    assert found
    assert "Ada" not in page
    assert "Ada" not in str(reader.get(f"/reviews/{number}/files/{found[1]}").headers)
    assert reader.get(f"/proposals/{number}/files/{found[1]}").status_code in (403, 404)
    own = client_for(world.people["F1"]).get(f"/proposals/{number}/files/{found[1]}")
    assert (
        "Ada%20Applicant" in own.headers["Content-Disposition"] or "Ada Applicant" in own.headers["Content-Disposition"]
    )


def test_an_error_page_never_shows_a_password_back(app: Flask, client_for: Clients) -> None:
    world = world_in(app)
    client = client_for(world.people["F1"])
    form = {"old": "my present secret", "new": "my next secret", "again": "my next secret", "words": "kept words"}
    reply = client.post("/account/password", data=form, headers={"X-CSRFToken": "stale"})
    assert reply.status_code == 400
    text = reply.get_data(as_text=True)
    assert "secret" not in text
    assert "kept words" in text


def test_nobody_lifts_a_conflict_of_their_own(room: Flask) -> None:
    world = build()
    db.session.add(RoleGrant(person_id=world.people["R2"], role=Role.ADMINISTRATOR))
    row = declare(world.proposal("P3"), ConflictKind.PERSONAL, "friends", by=world.actor("R2"))
    with pytest.raises(Refused, match="so somebody else handles it"):
        lift(row, world.proposal("P3"), "never mind", by=world.actor("R2"))
    lift(row, world.proposal("P3"), "a mistake", by=world.actor("AD"))
    assert row.lifted_at is not None


def test_whoever_gets_an_account_later_finds_the_proposals_they_were_put_on(room: Flask) -> None:
    world = build()
    by = world.actor("F2")
    db.session.get_one(Call, world.calls["A"]).closes_at = clock.now() + timedelta(days=1)
    draft = complete(world, "P5")
    named = {"name": "Zoe Later", "email": "zoe@example.org", "organisation": "Elsewhere"}
    add_member(draft, **named, relation=Relation.CO_INVESTIGATOR, by=by)
    person = invite("Zoe@example.org", "Zoe Later", by=world.actor("AD"))
    lines = sa.select(TeamMember.person_id).where(TeamMember.email == "zoe@example.org")
    assert db.session.scalars(lines).all() == [person.id]


def test_thanks_go_to_those_who_reviewed(room: Flask) -> None:
    from intake.decision.operations import reviewers_of

    world = build()
    review(world, "P3", "R1", 3)
    proposal = world.proposal("P3")
    assert [each.id for each in reviewers_of(proposal, done=True)] == [world.people["R1"]]
    assert [each.id for each in reviewers_of(proposal, done=False)] == [world.people["R2"]]
    row = next(each for each in proposal.assignments if each.reviewer_id == world.people["R2"])
    unassign(proposal, row, "too busy", by=world.actor("C1"))
    assert reviewers_of(world.proposal("P3"), done=False) == []
    assert db.session.get(Person, world.people["R2"])


@pytest.mark.parametrize("body", ["[1]", '"x"', "7", "[" * 50_000, "{bad", "null", '{"title": {"deep": []}}'])
@pytest.mark.parametrize("part", ["summary", "budget", "team"])
def test_a_json_body_is_no_form(app: Flask, client_for: Clients, part: str, body: str) -> None:
    world = world_in(app)
    client = client_for(world.people["F2"])
    reply = client.post(f"/proposals/{world.proposals['P5']}/edit/{part}", data=body, content_type="application/json")
    assert 400 <= reply.status_code < 500


def test_a_one_time_key_counts_for_its_own_form_only(app: Flask, client_for: Clients) -> None:
    world = world_in(app)
    client = client_for(world.people["F2"])
    form = {"reason": "changed plans", "once": "spent", "version": "3"}
    assert client.post(f"/proposals/{world.proposals['P2']}/withdraw", data=form).status_code == 302
    assert client.post(f"/proposals/{world.proposals['P3']}/withdraw", data=form).status_code == 404
    assert client.post("/administration/people/invite", data=form).status_code == 403


@pytest.mark.parametrize("page", ["/account/password", "/proposals/{P5}/edit/team", "/proposals/{P5}/files"])
def test_a_head_is_answered_as_its_get(app: Flask, client_for: Clients, page: str) -> None:
    world = world_in(app)
    client, path = client_for(world.people["F2"]), page.format_map(world.proposals)
    assert (client.get(path).status_code, client.head(path).status_code) == (200, 200)
