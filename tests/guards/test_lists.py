"""Lists equal policy: for everybody, ``visible_to`` gives the very proposals whose view ``may`` allows."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.conflict.operations import declare
from intake.desk.listing import page_of
from intake.desk.narrowing import Asked
from intake.desk.queries import by_state, handled_calls, withheld
from intake.extensions import db
from intake.forward.operations import recall_packet
from intake.people.models import Person, PersonAddress, StandIn
from intake.policy import Actor, conflict_of, may, of_office
from intake.proposal import queries
from intake.proposal.models import Proposal
from intake.proposal.operations import withdraw
from intake.proposal.queries import found_by, visible_to
from intake.review.operations import unassign
from intake.vocabulary import Action, ConflictKind, State, TeamAnswer
from tests.factories.team import accepted
from tests.factories.world import PEOPLE, World, build

# by hand: whose titles each may read, in the world as it is built
SEES = {
    "F1": "P1 P6 P7",
    "F2": "P1 P2 P4 P5",
    "F3": "P3",
    "C1": "P1 P2 P3 P4 P6 P7",
    "C2": "Q1 Q2",
    "C3": "P1 P2 P3 P4 P6 P7",
    "R1": "P1 P3 P4 P6 P7",
    "R2": "P1 P3 P4 P6 P7",
    "R3": "P1 Q2",
    "S1": "P7",
    "S2": "Q2",
    "AD": "",
    "N": "",
    "Q": "Q1 Q2",
}


def listed(world: World, who: str) -> set[str]:
    """The names of the proposals in the list."""
    ids = set(db.session.scalars(sa.select(Proposal.id).where(visible_to(world.actor(who)))))
    return {name for name, number in world.proposals.items() if number in ids}


def allowed(world: World, who: str) -> set[str]:
    """The names of the proposals whose view the policy allows."""
    actor = world.actor(who)
    return {name for name in world.proposals if may(actor, Action.PROPOSAL_VIEW, world.proposal(name))}


def changed(world: World) -> None:
    """A recalled packet, a withdrawn proposal, a declared conflict, a reviewer taken off."""
    declare(world.proposal("P3"), ConflictKind.PERSONAL, "friends", by=world.actor("R2"))
    row = next(each for each in world.proposal("P4").assignments if each.reviewer_id == world.people["R2"])
    unassign(world.proposal("P4"), row, "too busy", by=world.actor("C1"))
    recall_packet(world.proposal("P7"), "an error", by=world.actor("C1"))
    withdraw(world.proposal("Q2"), "changed plans", by=world.actor("Q"))
    other_names(world)
    db.session.commit()


def other_names(world: World) -> None:
    """N stands in for P4 and P6, and so does F3 for P2; the coordinators C1 and C2 and the reviewer R1 are each on a
    team under another address or an ORCID iD, N on one that they stand in for, and F1 on one that declined them."""
    people, papers = world.people, world.proposals
    for name, who in (("P4", "N"), ("P6", "N"), ("P2", "F3")):
        db.session.add(StandIn(proposal_id=papers[name], person_id=people[who], reason="a holiday"))
    for who, name in (("C1", "P2"), ("C2", "Q1"), ("N", "P6"), ("F1", "P3")):
        db.session.add(PersonAddress(person_id=people[who], email=f"{who.lower()}@home.example"))
        line = accepted(papers[name], name=f"{who} at home", email=f"{who.lower()}@home.example")
        line.answer = TeamAnswer.DECLINED if who == "F1" else TeamAnswer.INVITED
    db.session.get_one(Person, people["R1"]).orcid = "0000-0002-1825-0097"
    accepted(papers["P6"], name="G. R.", email="g@elsewhere.example").orcid = "0000-0002-1825-0097"
    db.session.flush()


def test_the_desk_lists_what_the_office_may_read_and_withholds_the_rest(room: Flask) -> None:
    """For coordinators and for whoever stands in: what is listed, and which numbers stand as withheld."""
    world = build()
    changed(world)
    now = clock.now()
    for who in PEOPLE:
        actor = world.actor(who)
        if not may(actor, Action.AREA_DESK):
            continue
        calls = [call.id for call in handled_calls(actor)]
        rows = {line.row.id for line in page_of(actor, calls, Asked(), now).lines}
        papers = {name: world.proposal(name) for name in world.proposals}
        ours = {paper for paper in papers.values() if of_office(actor, paper)}
        read = {paper.id for paper in ours if may(actor, Action.PROPOSAL_VIEW_AS_OFFICE, paper)}
        assert rows == read, who
        assert {number for _, number in withheld(actor, calls)} == {
            paper.number for paper in ours if conflict_of(actor, paper)
        }, who
        drafts = by_state(actor, calls).get(State.DRAFT, 0)
        assert drafts == (1 if who in ("C1", "C3") else 0), f"{who} counts the drafts of calls that they coordinate"
    assert may(world.actor("N"), Action.PROPOSAL_VIEW_AS_OFFICE, world.proposal("P4"))
    assert not may(world.actor("N"), Action.PROPOSAL_VIEW_AS_OFFICE, world.proposal("P6"))


@pytest.mark.parametrize("later", [False, True], ids=["as built", "after changes"])
def test_lists_equal_policy(room: Flask, later: bool) -> None:
    world = build()
    if later:
        changed(world)
    for who in PEOPLE:
        assert listed(world, who) == allowed(world, who), who
    assert not list(db.session.scalars(sa.select(Proposal.id).where(visible_to(Actor()))))


def test_lists_are_what_was_written_down(room: Flask) -> None:
    world = build()
    assert {who: listed(world, who) for who in PEOPLE} == {who: set(names.split()) for who, names in SEES.items()}


def test_what_is_sealed_is_on_no_list_of_the_office(room: Flask) -> None:
    """Call A is sealed until a minute from now: its coordinators see nothing of it, everybody else what they saw."""
    world = build()
    call = db.session.get_one(Call, world.calls["A"])
    call.sealed_until = clock.now() + timedelta(minutes=1)
    db.session.flush()
    sees = SEES | {"C1": "", "C3": "P4"}  # C3 is on the team of P4
    for who in PEOPLE:
        assert listed(world, who) == allowed(world, who) == set(sees[who].split()), who
    assert not found_by(world.actor("C1"), "of", 50)
    with clock.at(clock.now() + timedelta(minutes=1)):
        for who in PEOPLE:
            assert listed(world, who) == allowed(world, who) == set(SEES[who].split()), who


def test_search_finds_only_what_is_visible(room: Flask) -> None:
    world = build()
    for who in PEOPLE:
        for name in world.proposals:
            proposal = queries.one(world.proposals[name])
            assert proposal is not None
            hits = {each.id for each in found_by(world.actor(who), proposal.title, 50)}
            assert (proposal.id in hits) is (name in SEES[who].split()), (who, name)


def test_search_finds_chinese_inside_a_run(room: Flask) -> None:
    world = build()
    assert [each.id for each in found_by(world.actor("C1"), "光互", 50)] == [world.proposals["P1"]]
