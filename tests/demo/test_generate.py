"""Generated proposals: the same seed gives the same, and every row is one that the product could have made."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake.audit import chain
from intake.call import queries as calls
from intake.conflict.models import Conflict
from intake.demo import generate, texts
from intake.demo.crowd import COORDINATOR, address
from intake.errors import Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people import passwords
from intake.people.models import Person
from intake.people.queries import with_email
from intake.people.sign_in import actor_of
from intake.policy import may
from intake.proposal.content import sha256_of
from intake.proposal.models import Move, Proposal, Receipt, TeamMember
from intake.proposal.queries import one, visible_to
from intake.review.models import Assignment, Review, Score
from intake.review.scoring import overall
from intake.vocabulary import Action, Declared, Relation, State


@pytest.fixture
def filled(room: Flask) -> Flask:
    assert generate(60, 10, 7) == "LOAD-1 holds 60 proposals with 3 reviews each."
    db.session.commit()
    return room


def rows(asked: Any) -> Any:
    return db.session.scalars(asked).all()


def of_call(code: str) -> list[Proposal]:
    call = calls.one(code)
    assert call is not None
    return list(rows(sa.select(Proposal).where(Proposal.call_id == call.id).order_by(Proposal.id)))


def told(code: str) -> list[tuple[Any, ...]]:
    return [
        (p.title, p.title_zh, p.abstract, p.description, p.keywords, p.state, p.amount_minor) for p in of_call(code)
    ]


def scored(code: str) -> list[Any]:
    asked = sa.select(Review.overall).join(Assignment).where(Assignment.proposal_id.in_([p.id for p in of_call(code)]))
    return list(rows(asked.order_by(Review.id)))


def test_the_same_seed_gives_the_same_in_another_call(filled: Flask) -> None:
    people = db.session.scalar(sa.select(sa.func.count(Person.id)))
    assert generate(60, 10, 7).startswith("LOAD-2")
    assert generate(60, 10, 8).startswith("LOAD-3")
    assert told("LOAD-1") == told("LOAD-2") != told("LOAD-3")
    assert scored("LOAD-1") == scored("LOAD-2") != scored("LOAD-3")
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == people


def test_numbers_states_and_texts(filled: Flask) -> None:
    call = calls.one("LOAD-1")
    assert call is not None and call.last_number == 60 and len(call.criteria) == 4 and len(call.rules) == 6
    found = of_call("LOAD-1")
    assert [p.number for p in found] == [f"LOAD-1-{number:04d}" for number in range(1, 61)]
    states = Counter(p.state for p in found)
    assert states[State.IN_REVIEW] > 30 and len(states) >= 4
    assert any(p.title_zh for p in found) and len({p.title for p in found}) > 40


def test_every_review_counts_as_its_scores_say(filled: Flask) -> None:
    call = calls.one("LOAD-1")
    assert call is not None
    given: dict[int, dict[int, int]] = defaultdict(dict)
    for score in rows(sa.select(Score)):
        given[score.review_id][score.criterion_id] = score.value
    reviews = rows(sa.select(Review))
    assert len(reviews) == 180 and len(given) == 180
    for review in reviews:
        assert review.overall == overall(call.criteria, given[review.id])
    spread = Counter(row.reviewer_id for row in rows(sa.select(Assignment)))
    assert len(spread) == 10 and set(spread.values()) == {18}


def test_what_hangs_on_a_proposal_fits_it(filled: Flask) -> None:
    moves = defaultdict(list)
    for move in rows(sa.select(Move).order_by(Move.id)):
        moves[move.proposal_id].append(move)
    for proposal in of_call("LOAD-1"):
        path = moves[proposal.id]
        assert path[-1].became is proposal.state and path[-1].at == proposal.state_since
        assert all(a.became is b.was and a.at < b.at for a, b in itertools.pairwise(path))
    for receipt in rows(sa.select(Receipt)):
        assert receipt.sha256 == sha256_of(receipt.content) and receipt.content["team"]
    principals = rows(sa.select(TeamMember.person_id).where(TeamMember.relation == Relation.PRINCIPAL))
    assert len(principals) == 60 and len(set(principals)) > 30
    assert {row.declared for row in rows(sa.select(Conflict))} == {Declared.NONE}


def test_the_coordinator_sees_it_and_people_can_sign_in(filled: Flask) -> None:
    person, reviewer = with_email(COORDINATOR), with_email(address("reviewer", 3))
    assert person is not None and reviewer is not None
    actor = actor_of(person)
    assert db.session.scalar(sa.select(sa.func.count(Proposal.id)).where(visible_to(actor))) == 60
    first = one(of_call("LOAD-1")[0].id)
    assert may(actor, Action.PROPOSAL_VIEW_AS_OFFICE, first)
    assert passwords.fits(reviewer.password_hash, texts.password())


def test_one_event_and_no_mail(filled: Flask) -> None:
    count, fault = chain.verify()
    assert fault is None and count < 10
    assert db.session.scalar(sa.select(sa.func.count(Message.id))) == 0


def test_fewer_reviewers_than_reviews(room: Flask) -> None:
    assert generate(5, 2, 1).endswith("2 reviews each.")
    assert db.session.scalar(sa.select(sa.func.count(Review.id))) == 10


def test_production_refuses(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.config, "DEMO", False)
    with pytest.raises(Refused):
        generate(1, 1, 1)
    assert calls.one("LOAD-1") is None
