"""The demonstration, played through the product, on this run's engine."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import selectinload

from intake import clock
from intake.audit import chain
from intake.audit.models import Event
from intake.award.models import Award
from intake.call.models import Call, Theme
from intake.conflict import finding
from intake.conflict.models import Conflict
from intake.demo import load, texts
from intake.demo.moments import office_day, spread
from intake.engine import writing
from intake.errors import Refused
from intake.extensions import db
from intake.forward.models import Packet
from intake.match import affinity, stamps
from intake.match.models import Affinity, AffinityRun, Pairing, ThemeLevel
from intake.meeting.models import Item, Meeting, MeetingAction, SlotReply
from intake.notification.models import Message
from intake.people import passwords
from intake.people.models import Person, RoleGrant, StandIn
from intake.people.queries import holders
from intake.policy import not_open
from intake.proposal.models import Attachment, Move, Proposal, Receipt
from intake.review.models import Alternate, Assignment, Review
from intake.vocabulary import (
    ConflictLevel,
    ConflictRule,
    Declared,
    MessageState,
    PairingKind,
    PairingState,
    ReviewerAnswer,
    ReviewState,
    Role,
    State,
)
from tests.conftest import migrated

TABLES = (Person, RoleGrant, Proposal, Move, Receipt, Assignment, Review, Packet, Message, Event, Award)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, new_database: Any) -> Iterator[Flask]:
    """An app with the demonstration, loaded once for these tests, which only read."""
    app = migrated(tmp_path_factory.mktemp("demo"), new_database())
    with app.app_context(), writing():
        assert "38 people, 50 proposals" in load()
        db.session.commit()
    with app.app_context():
        affinity.drain(stamps.look())
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def rows(asked: Any) -> Any:
    return db.session.scalars(asked).all()


def counted() -> list[int]:
    return [db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in TABLES]


def test_each_proposal_is_where_its_text_says_it_is(demo: Flask) -> None:
    told = Counter((text["title"], text["call"], text["state"]) for text in texts.proposals())
    asked = sa.select(Proposal.title, Call.code, Proposal.state).join(Call, Call.id == Proposal.call_id)
    with inside(demo):
        found = Counter((row[0], row[1], row[2].value) for row in db.session.execute(asked))
        numbers = {row.code: row.last_number for row in rows(sa.select(Call))}
        received = dict(Counter(number.rsplit("-", 1)[0] for number in rows(sa.select(Proposal.number)) if number))
    assert found == told
    assert {state for _, _, state in found} == set(State)
    assert received == {code: number for code, number in numbers.items() if number}
    assert numbers["HIRP-2020"] == 21


def test_the_log_is_whole_and_no_mail_waits(demo: Flask) -> None:
    with inside(demo):
        count, fault = chain.verify()
        states = set(rows(sa.select(Message.state).distinct()))
        mails = rows(sa.select(Message).where(Message.sent_at.is_(None)))
    assert fault is None and count > 500
    assert states == {MessageState.SENT} and not mails


def test_a_second_load_adds_nothing(demo: Flask) -> None:
    with inside(demo):
        before = counted()
        assert load() == "The demonstration is here already."
        db.session.commit()
        assert counted() == before


def test_everything_happened_before_now_in_order_and_in_office_hours(demo: Flask) -> None:
    with inside(demo):
        moves = rows(sa.select(Move).order_by(Move.proposal_id, Move.id))
        now = clock.now()
    assert len(moves) > 150
    for one, other in itertools.pairwise(moves):
        assert one.proposal_id != other.proposal_id or (one.at < other.at and one.became is other.was)
    for move in moves:
        there = move.at.astimezone(office_day(now, 0, time(9)).tzinfo)
        assert move.at < now and there.weekday() < 5 and 9 <= there.hour < 19


def test_calls_are_open_and_the_cases_to_show_are_there(demo: Flask) -> None:
    with inside(demo):
        now = clock.now()
        for call in rows(sa.select(Call)):
            assert call.standing or call.closes_at - now > timedelta(days=15)
            assert not_open(call) is None
        undone = sa.or_(Review.id.is_(None), Review.state == ReviewState.DRAFT)
        late = rows(
            sa.select(Assignment)
            .join(Assignment.proposal)
            .outerjoin(Assignment.review)
            .where(Proposal.state == State.IN_REVIEW, Assignment.removed_at.is_(None), Assignment.due_at < now, undone)
        )
        conflicts = rows(sa.select(Conflict).where(Conflict.declared == Declared.CONFLICT))
        awards = rows(sa.select(Award).where(Award.proposal_id.is_not(None)))
        returned = rows(sa.select(Proposal).where(Proposal.state == State.RETURNED))
        attached = db.session.scalar(sa.select(sa.func.count(Attachment.id)))
    assert len(late) == 1 and late[0].nudged_at is not None
    assert len(conflicts) == 3
    assert sorted(award.published_at is None for award in awards) == [False, False, True]
    assert len(returned) == 3 and all(proposal.returned_until > now for proposal in returned)
    assert attached and attached >= 10


def test_the_match_is_there_to_be_shown(demo: Flask) -> None:
    with inside(demo):
        now = clock.now()
        pairings = rows(sa.select(Pairing).options(selectinload(Pairing.steps)))
        answers = Counter(
            rows(sa.select(Assignment.answer).where(Assignment.decline_reason.is_distinct_from("conflict")))
        )
        waiting = rows(sa.select(Assignment.reply_by).where(Assignment.answer == ReviewerAnswer.ASKED))
        lined_up = Counter(rows(sa.select(Alternate.proposal_id)))
        meetings = {each.held_at is not None: each for each in rows(sa.select(Meeting))}
        replies = rows(sa.select(SlotReply))
        actions = rows(sa.select(MeetingAction))
        outcomes = rows(sa.select(Item.outcome).order_by(Item.id))
    assert {each.state for each in pairings} == set(PairingState)
    assert {each.kind for each in pairings if each.state is PairingState.DECLINED} == set(PairingKind)
    assert all(each.steps[-1].note for each in pairings if each.state is PairingState.DECLINED)
    assert (answers[ReviewerAnswer.ASKED], answers[ReviewerAnswer.DECLINED]) == (1, 1)
    assert waiting[0] > now
    assert list(lined_up.values()) == [2]
    assert set(meetings) == {True, False} and meetings[False].begins_at is None
    assert len(replies) == 15
    assert sorted(each.done_at is not None for each in actions) == [False, False, True]
    assert outcomes == [PairingState.INTERESTED, None]


def test_conflicts_are_found_by_rule_beside_those_that_are_declared(demo: Flask) -> None:
    with inside(demo):
        proposals = {each.title: each.id for each in rows(sa.select(Proposal).where(Proposal.state == State.ELIGIBLE))}
        judges = {each.id: each.name for each in holders(Role.REVIEWER)}
        found = {
            (row.rule, row.level, judges[row.person_id]) for row in finding.rows(list(proposals.values()), list(judges))
        }
        matched = rows(sa.select(Proposal.id).where(Proposal.state == State.MATCHED))
        objected = {
            judges[row.person_id] for row in finding.rows(matched, list(judges)) if row.rule is ConflictRule.OBJECTION
        }
        stand_ins = rows(sa.select(StandIn))
    assert (ConflictRule.SUPERVISION, ConflictLevel.BLOCK, "Prof. Greta Sample") in found
    assert (ConflictRule.LABORATORY, ConflictLevel.WARN, "Prof. Otto Placeholder") in found
    assert (ConflictRule.EMPLOYMENT, ConflictLevel.WARN, "Dr Yara Placeholder") in found
    assert objected == {"Prof. Otto Placeholder"}
    assert len(stand_ins) == 1 and stand_ins[0].ended_at is None


def test_every_proposal_that_is_to_be_matched_has_scores_with_reasons(demo: Flask) -> None:
    with inside(demo):
        judges = len(holders(Role.REVIEWER))
        ids = set(rows(sa.select(Proposal.id).where(Proposal.state.in_((State.ELIGIBLE, State.MATCHED)))))
        kept = Counter(rows(sa.select(Affinity.proposal_id).where(Affinity.kind == PairingKind.REVIEWER)))
        judging = sa.select(Affinity).where(Affinity.proposal_id.in_(ids), Affinity.kind == PairingKind.REVIEWER)
        best = rows(judging.order_by(Affinity.score.desc()).limit(5))
        failed = rows(sa.select(AffinityRun.failed).distinct())
    assert {kept[each] for each in ids} == {judges}
    assert all(each.score > 0.25 and each.why["terms"] and each.why["publications"] for each in best)
    assert failed == [""]


def test_people_say_themselves_what_they_know(demo: Flask) -> None:
    told = {text["email"]: text for text in texts.people()}
    with inside(demo):
        people = rows(sa.select(Person).options(selectinload(Person.publications)))
        levels = Counter(rows(sa.select(ThemeLevel.person_id)))
        by_themselves = rows(sa.select(ThemeLevel.theme_id).where(ThemeLevel.person_id == ThemeLevel.set_by_id))
        described = rows(sa.select(Theme.description))
    for person in people:
        text = told[person.email]
        assert (person.keywords, person.expertise) == (text["keywords"], text["expertise"])
        assert [each.title for each in person.publications] == [each["title"] for each in text["publications"]]
    assert len(levels) == len(texts.matching()["levels"]) and len(by_themselves) == sum(levels.values())
    assert all(described)


def test_everybody_has_their_role_and_the_demo_password(demo: Flask) -> None:
    with inside(demo):
        people = {person.email: person for person in rows(sa.select(Person))}
        grants = Counter(grant.role for grant in rows(sa.select(RoleGrant)))
    assert set(people) == {text["email"] for text in texts.people()}
    assert len({person.password_hash for person in people.values()}) == 1
    assert passwords.fits(people["admin@example.org"].password_hash, texts.password())
    assert grants[Role.ADMINISTRATOR] == 1 and grants[Role.SPONSOR_CONTACT] == 4


def test_production_refuses(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.config, "DEMO", False)
    with pytest.raises(Refused):
        load()
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0


def test_a_run_that_breaks_off_leaves_nothing(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intake.demo.play.screen_in", lambda tale: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Person.id))) == 0


@pytest.mark.once
@pytest.mark.parametrize("day", range(7))
@pytest.mark.parametrize("state", [State.DRAFT, State.SUBMITTED, State.IN_REVIEW, State.AWARDED])
def test_moments_rise_and_have_come_on_any_day(day: int, state: State) -> None:
    now = datetime(2026, 11, 16 + day, 1, 30, tzinfo=UTC)
    for seed in range(20):
        offsets = [-6.0, -1.0, 0.0, 2.0, 5.0, 8.0, 14.0] if state is not State.DRAFT else [-6.0, -2.0]
        found = spread(offsets, now, 3 if state is State.SUBMITTED else 40, state, Random(seed))
        assert found == sorted(set(found)) and found[-1] < now


def test_the_texts_are_where_the_package_looks() -> None:
    assert Path(texts.CATALOGUE).is_file() and texts.password()
