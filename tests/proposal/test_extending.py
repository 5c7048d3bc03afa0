"""More time for everybody, or for one applicant: who gets it, who is told, and that nothing else moves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.allowance.models import Extension
from intake.allowance.queries import extended_until, extensions_of
from intake.audit.models import Event
from intake.call.models import Call
from intake.call.queries import extended, set_by_the_office
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.policy import Actor, may
from intake.proposal.extending import applicant, extend_all, extend_one, withdraw_extension
from intake.proposal.models import Proposal
from intake.proposal.operations import restore, submit, withdraw
from intake.proposal.writing import start
from intake.vocabulary import Action, Relation, Role, TeamAnswer
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


@pytest.fixture
def call() -> Call:
    return call_with("AIR-2021")


@pytest.fixture
def closes(call: Call) -> datetime:
    assert call.closes_at is not None
    return call.closes_at


@pytest.fixture
def cora(call: Call) -> Actor:
    return actor(person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id})))


@pytest.fixture
def ada() -> Person:
    return faculty_member()


def told(kind: str) -> list[int | None]:
    """To whom the outbox holds letters of a kind."""
    return list(db.session.scalars(sa.select(Message.to_person_id).where(Message.kind == kind).order_by(Message.id)))


def last(kind: str) -> Message:
    return db.session.scalars(sa.select(Message).where(Message.kind == kind).order_by(Message.id.desc())).first()


def submits(who: Person, proposal: Proposal, at: datetime) -> bool:
    """Whether the policy lets somebody submit at an instant."""
    with clock.at(at):
        return bool(may(actor(who), Action.PROPOSAL_SUBMIT, whole(proposal)))


def test_everybody_gets_more_time_and_whoever_writes_is_told(call: Call, closes: datetime, cora: Actor) -> None:
    ada, ben, cleo = faculty_member(), faculty_member("Ben Bidder"), faculty_member("Cleo Double")
    viewer, invited, gone = (faculty_member(name) for name in ("Vi Viewer", "Ivo Invited", "Gil Gone"))
    mine, theirs = draft(call, ada), draft(call, ben)
    accepted(mine, cleo, Relation.ASSISTANT)
    accepted(mine, viewer, Relation.VIEWER)
    accepted(theirs, ada, Relation.CO_INVESTIGATOR)
    accepted(theirs, gone, Relation.CO_INVESTIGATOR)
    accepted(theirs, invited, Relation.CO_INVESTIGATOR)
    for member in whole(theirs).team:
        if member.person_id == invited.id:
            member.answer = TeamAnswer.INVITED
    gone.active = False
    in_already = draft(call, faculty_member("Nia Other"))
    submit(in_already, by=actor(db.session.get_one(Person, in_already.team[0].person_id)))
    versions = {each.id: each.version for each in (mine, theirs)}
    extend_all(call, closes + DAY, "The network was down.", by=cora, version=call.version)
    assert call.closes_at == closes + DAY
    assert told("call.extended") == sorted(each.id for each in (ada, ben, cleo))
    letter = last("call.extended")
    assert "The network was down." in letter.body_text
    assert "closes at" in letter.subject
    assert {each.id: each.version for each in (whole(mine), whole(theirs))} == versions
    assert submits(ada, mine, closes + DAY - MINUTE)
    assert not submits(ada, mine, closes + DAY)


def test_the_log_the_public_page_and_the_catalogue_know_of_it(call: Call, closes: datetime, cora: Actor) -> None:
    assert extended(call) is None
    extend_all(call, closes + DAY, "A typhoon.", by=cora, version=call.version)
    db.session.commit()
    event = extended(call)
    assert event is not None
    assert (event.actor_id, event.note, event.was, event.became) == (
        cora.id,
        "A typhoon.",
        closes.isoformat(),
        (closes + DAY).isoformat(),
    )
    assert "closes_at" in set_by_the_office()[call.id]
    call.closes_at = closes + 3 * DAY
    assert extended(call) is None, "the close is another one now"


def test_a_seal_moves_with_the_close(call: Call, closes: datetime, cora: Actor) -> None:
    call.grace_minutes, call.sealed_until = 20, closes + 20 * MINUTE
    extend_all(call, closes + DAY, "A typhoon.", by=cora, version=call.version)
    assert call.sealed_until == closes + DAY + 20 * MINUTE
    other = call_with("HIRP-2020")
    by = actor(person_with("Dan Desk", (Role.COORDINATOR, {"call_id": other.id})))
    assert other.closes_at is not None
    extend_all(other, other.closes_at + DAY, "A typhoon.", by=by, version=other.version)
    assert other.sealed_until is None


def test_a_call_that_has_closed_opens_again(call: Call, closes: datetime, cora: Actor, ada: Person) -> None:
    mine = draft(call, ada)
    with clock.at(closes + MINUTE):
        extend_all(call, closes + DAY, "A typhoon.", by=cora, version=call.version)
        assert may(actor(ada), Action.CALL_PROPOSE, call_with("AIR-2021"))
    assert submits(ada, mine, closes + 2 * MINUTE)


@pytest.mark.parametrize("days", [0, -1])
def test_earlier_is_no_extension(call: Call, closes: datetime, cora: Actor, ada: Person, days: int) -> None:
    for give in (
        lambda: extend_all(call, closes + days * DAY, "Why not.", by=cora, version=call.version),
        lambda: extend_one(call, ada, closes + days * DAY, "Why not.", by=cora),
    ):
        with pytest.raises(Incomplete) as error:
            give()
        assert list(error.value.fields) == ["until"]
    assert call.closes_at == closes


def test_what_else_does_not_fit(call: Call, closes: datetime, cora: Actor, ada: Person) -> None:
    call.check_by_at, call.sponsor_deadline_at = closes + 2 * DAY, closes + 4 * DAY
    wrong: list[tuple[str, Any]] = [
        ("reason", lambda: extend_all(call, closes + DAY, "  ", by=cora, version=call.version)),
        ("reason", lambda: extend_one(call, ada, closes + DAY, "", by=cora)),
        ("until", lambda: extend_all(call, closes + 2 * DAY, "x", by=cora, version=call.version)),
        ("until", lambda: extend_one(call, ada, closes + 4 * DAY, "x", by=cora)),
    ]
    for field, act in wrong:
        with pytest.raises(Incomplete) as error:
            act()
        assert list(error.value.fields) == [field]
    extend_one(call, ada, closes + 3 * DAY, "The office checks it later.", by=cora)
    with clock.at(closes + 3 * DAY), pytest.raises(Incomplete):
        extend_one(call, ada, closes + 2 * DAY, "that is over", by=cora)
    with pytest.raises(Stale):
        extend_all(call, closes + DAY, "x", by=cora, version=call.version - 1)
    ideas = call_with("IDEAS")
    by = actor(person_with("Dan Desk", (Role.COORDINATOR, {"call_id": ideas.id})))
    with pytest.raises(Incomplete) as error:
        extend_one(ideas, ada, closes + DAY, "x", by=by)
    assert "no close" in str(error.value)


def test_only_a_coordinator_of_the_call_gives_time(call: Call, closes: datetime, cora: Actor, ada: Person) -> None:
    other = actor(person_with("Dan Desk", (Role.COORDINATOR, {"call_id": call.id + 1})))
    standing = extend_one(call, ada, closes + DAY, "A child was born.", by=cora)
    for by in (Actor(), actor(ada), other):
        for act in (
            lambda by=by: extend_all(call, closes + DAY, "x", by=by, version=call.version),
            lambda by=by: extend_one(call, ada, closes + 2 * DAY, "x", by=by),
            lambda by=by: withdraw_extension(call, standing, "x", by=by),
        ):
            with pytest.raises(Refused):
                act()
    assert extended_until(call.id, ada.id) == closes + DAY


def test_nobody_decides_about_their_own_time_or_that_of_their_team(call: Call, closes: datetime, cora: Actor) -> None:
    ada, ben = faculty_member(), faculty_member("Ben Bidder")
    both = person_with("Cleo Both", (Role.COORDINATOR, {"programme_id": call.programme_id}), (Role.FACULTY, {}))
    accepted(draft(call, ben), both, Relation.VIEWER)
    cleo = actor(both)
    for person in (both, ben):
        with pytest.raises(Incomplete) as refused:
            extend_one(call, person, closes + DAY, "A child was born.", by=cleo)
        assert "somebody else" in str(refused.value.fields["email"])
        standing = extend_one(call, person, closes + DAY, "A child was born.", by=cora)
        with pytest.raises(Refused, match="somebody else"):
            withdraw_extension(call, standing, "Changed my mind.", by=cleo)
        assert extended_until(call.id, person.id) == closes + DAY
    extend_one(call, ada, closes + DAY, "A child was born.", by=cleo)


def test_one_applicant_gets_more_time_for_what_they_lead(call: Call, closes: datetime, cora: Actor) -> None:
    ada, ben = faculty_member(), faculty_member("Ben Bidder")
    mine, theirs = draft(call, ada), draft(call, ben)
    accepted(theirs, ada, Relation.CO_INVESTIGATOR)
    elsewhere = draft(call_with("HIRP-2020"), ada)
    version = mine.version
    extend_one(call, ada, closes + DAY, "A child was born.", by=cora)
    assert [whole(each).extended_until for each in (mine, theirs, elsewhere)] == [closes + DAY, None, None]
    assert whole(mine).version == version
    assert told("extension.granted") == [ada.id]
    assert "A child was born." in last("extension.granted").body_text
    at = closes + DAY - MINUTE
    assert submits(ada, mine, at)
    assert not submits(ada, mine, closes + DAY)
    assert not submits(ben, theirs, closes)
    with clock.at(at):
        assert not may(actor(ben), Action.CALL_PROPOSE, call_with("AIR-2021"))


def test_a_draft_begun_while_an_extension_stands_has_it_too(call: Call, closes: datetime, cora: Actor) -> None:
    ada = faculty_member()
    extend_one(call, ada, closes + DAY, "A child was born.", by=cora)
    with clock.at(closes + MINUTE):
        late = start(call_with("AIR-2021"), by=actor(ada), organisation="Department of Computing")
        assert late.extended_until == closes + DAY
        assert may(actor(ada), Action.PROPOSAL_EDIT, whole(late))
    with clock.at(closes + DAY):
        refused = may(actor(ada), Action.PROPOSAL_EDIT, whole(late))
        assert not refused
        assert "Your extension of the call ended" in str(refused.reason)
        assert not may(actor(ada), Action.CALL_PROPOSE, call_with("AIR-2021"))


def test_a_withdrawn_draft_that_comes_back_has_it_and_a_received_one_needs_none(
    call: Call, closes: datetime, cora: Actor
) -> None:
    ada = faculty_member()
    back, received = draft(call, ada), draft(call, ada)
    withdraw(back, "", by=actor(ada))
    submit(whole(received), by=actor(ada))
    extend_one(call, ada, closes + DAY, "A child was born.", by=cora)
    restore(whole(back), "", by=actor(ada))
    assert whole(back).extended_until == closes + DAY
    assert whole(received).extended_until is None


def test_a_new_extension_takes_the_place_of_the_one_before(call: Call, closes: datetime, cora: Actor) -> None:
    ada = faculty_member()
    mine = draft(call, ada)
    first = extend_one(call, ada, closes + 2 * DAY, "A child was born.", by=cora)
    second = extend_one(call, ada, closes + DAY, "It was a mistake.", by=cora)
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
    assert [row.id for row in extensions_of(call.id)] == [second.id, first.id]
    assert whole(mine).extended_until == closes + DAY
    event = db.session.scalars(
        sa.select(Event).where(Event.action == "extension.granted").order_by(Event.position.desc())
    ).first()
    assert event is None, "it enters the log with the transaction"
    db.session.commit()
    events = db.session.scalars(sa.select(Event).where(Event.action == "extension.granted").order_by(Event.position))
    assert [(each.was, each.became, each.facts["person"]) for each in events] == [
        ("", (closes + 2 * DAY).isoformat(), ada.id),
        ((closes + 2 * DAY).isoformat(), (closes + DAY).isoformat(), ada.id),
    ]


def test_of_two_who_withdraw_it_at_once_one_does(call: Call, closes: datetime, cora: Actor) -> None:
    """The second waits for the first, with the extension as it was before in hand."""
    extend_one(call, faculty_member(), closes + DAY, "A child was born.", by=cora)
    row = extensions_of(call.id)[0]
    first = sa.update(Extension).where(Extension.id == row.id).values(withdrawn_at=clock.now())
    db.session.execute(first, execution_options={"synchronize_session": False})
    with pytest.raises(Incomplete, match="already"):
        withdraw_extension(call, row, "It was for somebody else.", by=cora)
    assert told("extension.withdrawn") == []


def test_an_extension_is_withdrawn_with_a_reason(call: Call, closes: datetime, cora: Actor) -> None:
    ada = faculty_member()
    mine = draft(call, ada)
    extend_one(call, ada, closes + DAY, "A child was born.", by=cora)
    row = extensions_of(call.id)[0]
    with pytest.raises(Incomplete) as error:
        withdraw_extension(call, row, " ", by=cora)
    assert list(error.value.fields) == ["reason"]
    withdraw_extension(call, row, "It was for somebody else.", by=cora)
    assert whole(mine).extended_until is None
    assert extended_until(call.id, ada.id) is None
    assert told("extension.withdrawn") == [ada.id]
    assert not submits(ada, mine, closes)
    with pytest.raises(Incomplete):
        withdraw_extension(call, row, "again", by=cora)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Extension)) == 1


def test_an_applicant_is_named_by_their_address() -> None:
    ada, cora = faculty_member(), person_with("Cora Reader", (Role.REVIEWER, {}))
    closed = faculty_member("Gil Gone")
    closed.active = False
    db.session.flush()
    assert applicant("Ada.Applicant@example.org").id == ada.id
    for address in ("nobody@example.org", cora.email, closed.email):
        with pytest.raises(Incomplete) as error:
            applicant(address)
        assert list(error.value.fields) == ["email"]
