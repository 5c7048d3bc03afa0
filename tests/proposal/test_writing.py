"""A draft is written by its team, within its call's time; what was returned changes only where it may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.audit.models import Event
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.joining import answer
from intake.proposal.models import Proposal
from intake.proposal.operations import send_back, submit
from intake.proposal.team import add_member
from intake.proposal.writing import start, write
from intake.vocabulary import Relation, Role, State
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


@pytest.fixture
def ada() -> Person:
    return faculty_member()


def joined(proposal: Proposal, by: Person, relation: Relation, name: str = "Ben Partner") -> Person:
    """A faculty member who was invited to the team and accepted."""
    partner = faculty_member(name, department="EE")
    add_member(proposal, name="", email=partner.email, organisation="EE", relation=relation, by=actor(by))
    answer(whole(proposal), True, by=actor(partner))
    return partner


def returned(by: Person, *parts: str) -> Proposal:
    """A proposal that the office returned for these parts, for a week."""
    proposal = draft(call_with("HIRP-2020"), by)
    submit(proposal, by=actor(by))
    programme = proposal.call.programme_id
    office = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": programme}))
    until = clock.now() + timedelta(days=7)
    send_back(whole(proposal), "Please shorten it.", list(parts), until, by=actor(office))
    return whole(proposal)


def test_a_start_makes_a_draft_led_by_whoever_starts_it(ada: Person) -> None:
    proposal = whole(start(call_with("HIRP-2020"), by=actor(ada), organisation="Department of Computing"))
    assert (proposal.state, proposal.number, proposal.title) == (State.DRAFT, None, "")
    assert [(m.person_id, m.name, m.organisation, m.relation) for m in proposal.team] == [
        (ada.id, "Ada Applicant", "Department of Computing", Relation.PRINCIPAL)
    ]
    db.session.commit()
    event = db.session.scalars(sa.select(Event).where(Event.action == "proposal.started")).one()
    assert (event.subject_id, event.actor_id) == (proposal.id, ada.id)


def test_nobody_starts_without_the_role_in_a_closed_call_or_by_invitation_only(ada: Person) -> None:
    call = call_with("HIRP-2020")
    with pytest.raises(Refused, match="may not start"):
        start(call, by=actor(person_with("Ned Nobody")), organisation="")
    call.programme.by_invitation = True
    with pytest.raises(Refused, match="invitation"):
        start(call, by=actor(ada), organisation="")
    call.programme.by_invitation = False
    assert call.closes_at is not None
    with clock.at(call.closes_at), pytest.raises(Refused, match="The call closed at"):
        start(call, by=actor(ada), organisation="")
    with clock.at(call.closes_at - timedelta(seconds=1)):
        assert start(call, by=actor(ada), organisation="").id


def test_what_is_written_is_kept_and_found(ada: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada, title="Café 機櫃", keywords="Équilibre")
    before = proposal.version
    write(proposal, {"title_zh": "光"}, version=before, by=actor(ada))
    db.session.expire_all()
    again = whole(proposal)
    assert (again.title, again.title_zh) == ("Café 機櫃", "光")
    assert again.version == before + 1
    assert "cafe 機櫃 光 equilibre" in again.search_text


def test_a_stale_save_changes_nothing(ada: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    shown = proposal.version
    write(proposal, {"title": "First"}, version=shown, by=actor(ada))
    with pytest.raises(Stale):
        write(proposal, {"title": "Second"}, version=shown, by=actor(ada))
    assert whole(proposal).title == "First"


def test_a_theme_of_another_call_is_refused(ada: Person) -> None:
    proposal, other = draft(call_with("HIRP-2020"), ada), call_with("AIR-2021").themes[0].id
    with pytest.raises(Incomplete) as refused:
        write(proposal, {"theme_id": other}, version=proposal.version, by=actor(ada))
    assert "theme_id" in refused.value.fields


@pytest.mark.parametrize(
    ("relation", "writes"), [(Relation.CO_INVESTIGATOR, True), (Relation.ASSISTANT, True), (Relation.VIEWER, False)]
)
def test_who_of_the_team_writes(ada: Person, relation: Relation, writes: bool) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    partner = joined(proposal, ada, relation)
    proposal = whole(proposal)
    if writes:
        write(proposal, {"title": "Ours"}, version=proposal.version, by=actor(partner))
        proposal.call.team_may_edit = False
    with pytest.raises(Refused):
        write(proposal, {"title": "Mine"}, version=proposal.version, by=actor(partner))
    write(proposal, {"title": "Hers"}, version=proposal.version, by=actor(ada))


def test_a_stranger_learns_nothing(ada: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    with pytest.raises(Refused) as refused:
        write(proposal, {"title": "x"}, version=proposal.version, by=actor(faculty_member("Sid Stranger")))
    assert refused.value.hidden


def test_a_draft_of_a_closed_call_stays_as_it_is(ada: Person) -> None:
    proposal = draft(call_with("HIRP-2020"), ada)
    assert proposal.call.closes_at is not None
    with clock.at(proposal.call.closes_at), pytest.raises(Refused, match="closed"):
        write(proposal, {"title": "Late"}, version=proposal.version, by=actor(ada))


def test_a_returned_proposal_changes_only_where_it_may_and_in_time(ada: Person) -> None:
    proposal = returned(ada, "summary")
    write(proposal, {"title": "Shorter"}, version=proposal.version, by=actor(ada))
    with pytest.raises(Refused, match="other parts"):
        write(proposal, {"description": "Other"}, version=proposal.version, by=actor(ada))
    with pytest.raises(Refused, match="the team stays"):
        joined(proposal, ada, Relation.VIEWER)
    with clock.at(clock.now() + timedelta(days=8)), pytest.raises(Refused, match="ended at"):
        write(proposal, {"title": "Late"}, version=proposal.version, by=actor(ada))
