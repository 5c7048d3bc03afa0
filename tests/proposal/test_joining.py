"""Somebody invited accepts, declines and confirms, on the page or by the link, which answers for its member alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.audit.models import Event
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.people.models import Person
from intake.people.operations import invite
from intake.policy import relation_of
from intake.proposal.joining import answer, answer_by_link, behind_link, confirm, confirm_by_link
from intake.proposal.models import Proposal
from intake.proposal.operations import send_back, submit, withdraw
from intake.proposal.team import add_member, remove_member
from intake.proposal.team_checks import team_faults
from intake.vocabulary import Relation, Role, TeamAnswer
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted, letters_to

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


@pytest.fixture
def ada() -> Person:
    return faculty_member()


@pytest.fixture
def ben() -> Person:
    return faculty_member("Ben Partner", department="EE")


@pytest.fixture
def proposal(ada: Person) -> Proposal:
    return draft(call_with("HIRP-2020"), ada)


def token_for(proposal: Proposal, ada: Person, email: str, relation: Relation = Relation.CO_INVESTIGATOR) -> str:
    """Ada invites whoever has that address."""
    who = {"name": "Olga Outside", "email": email, "organisation": "Elsewhere"}
    _, token = add_member(whole(proposal), **who, relation=relation, by=actor(ada))
    return token


def said(proposal: Proposal) -> list[TeamAnswer]:
    """What the members below the principal investigator answered."""
    return [each.answer for each in whole(proposal).team[1:]]


def told_of(proposal: Proposal) -> list[tuple[str, bool]]:
    """Field of each finding about the team, and whether it only warns."""
    return [(found.field, found.warns) for found in team_faults(whole(proposal))]


@pytest.mark.parametrize("accepts", [True, False])
def test_an_answer_is_told_to_the_principal_investigator_once(
    proposal: Proposal, ada: Person, ben: Person, accepts: bool
) -> None:
    token_for(proposal, ada, ben.email)
    assert relation_of(actor(ben), whole(proposal)) is Relation.VIEWER
    answer(whole(proposal), accepts, by=actor(ben))
    now = whole(proposal)
    assert relation_of(actor(ben), now) is (Relation.CO_INVESTIGATOR if accepts else None)
    kind = "team.joined" if accepts else "team.declined"
    assert [letter.kind for letter in letters_to(ada.email)] == [kind]
    with pytest.raises(Refused):
        answer(now, accepts, by=actor(ben))
    db.session.commit()
    event = db.session.scalars(sa.select(Event).where(Event.action == kind)).one()
    assert (event.actor_id, event.facts["member"]) == (ben.id, ben.id)


def test_only_somebody_invited_answers(proposal: Proposal, ada: Person, ben: Person) -> None:
    accepted(proposal, ben)
    for who in (ada, ben):
        with pytest.raises(Refused, match="somebody invited to the team"):
            answer(whole(proposal), True, by=actor(who))
    with pytest.raises(Refused) as refused:
        answer(whole(proposal), True, by=actor(faculty_member("Sid Stranger")))
    assert refused.value.hidden


def test_the_link_answers_for_whom_it_was_sent_to(proposal: Proposal, ada: Person, ben: Person) -> None:
    token = token_for(proposal, ada, ben.email)
    place = answer_by_link(token, True)
    assert (place.member.person_id, place.member.answer) == (ben.id, TeamAnswer.ACCEPTED)
    assert [letter.kind for letter in letters_to(ada.email)] == ["team.joined"]
    answer_by_link(token, True)
    assert len(letters_to(ada.email)) == 1, "the same answer twice changes nothing"
    with pytest.raises(Refused):
        answer_by_link(token, False)
    assert said(proposal) == [TeamAnswer.ACCEPTED]


def test_somebody_without_an_account_says_who_they_are(proposal: Proposal, ada: Person) -> None:
    token = token_for(proposal, ada, "olga@example.net")
    with pytest.raises(Incomplete) as refused:
        answer_by_link(token, True, organisation="Sample University", orcid="0000-0002-1825-0098")
    assert set(refused.value.fields) == {"orcid"}


def test_an_outside_member_accepts_and_stays_without_an_account(proposal: Proposal, ada: Person) -> None:
    token = token_for(proposal, ada, "olga@example.net")
    member = answer_by_link(token, True, organisation="Sample University", orcid="0000 0002 1825 0097").member
    assert (member.person_id, member.organisation, member.orcid) == (None, "Sample University", "0000-0002-1825-0097")
    place = behind_link(token)
    assert place is not None
    assert place.over is None, "the link is their only way in"
    with pytest.raises(Incomplete, match="ask who invited you"):
        answer_by_link(token, False)


@pytest.mark.parametrize("how", ["guessed", "removed", "declined", "old", "closed", "accepted"])
def test_a_dead_link_opens_nothing(proposal: Proposal, ada: Person, ben: Person, how: str) -> None:
    token = token_for(proposal, ada, ben.email)
    later = clock.now()
    if how == "guessed":
        token = "A" * 43
    elif how == "removed":
        now = whole(proposal)
        remove_member(now, now.team[1], by=actor(ada))
    elif how == "declined":
        answer_by_link(token, False)
    elif how == "old":
        later += 30 * DAY
    elif how == "closed":
        withdraw(whole(proposal), "", by=actor(ada))
    else:
        answer_by_link(token, True)
    before = said(proposal)
    with clock.at(later):
        place = behind_link(token)
        assert (place is None) is (how in ("guessed", "removed"))
        assert place is None or place.over
        for act in (lambda: answer_by_link(token, how != "accepted"), lambda: confirm_by_link(token)):
            with pytest.raises(Refused):
                act()
    assert said(proposal) == before


def test_a_link_lives_thirty_days_and_not_a_second_longer(proposal: Proposal, ada: Person) -> None:
    token = token_for(proposal, ada, "olga@example.net")
    invited_at = whole(proposal).team[1].invited_at
    assert invited_at is not None
    with clock.at(invited_at + 30 * DAY), pytest.raises(Refused, match="30 days"):
        answer_by_link(token, True)
    with clock.at(invited_at + 30 * DAY - timedelta(seconds=1)):
        answer_by_link(token, True)
    assert said(proposal) == [TeamAnswer.ACCEPTED]


@pytest.mark.parametrize("accepts", [True, False, None])
def test_whoever_gets_an_account_later_keeps_their_answer(
    proposal: Proposal, ada: Person, accepts: bool | None
) -> None:
    token = token_for(proposal, ada, "olga@example.net")
    if accepts is not None:
        answer_by_link(token, accepts)
    person = invite("Olga@example.net", "Olga Outside", by=actor(person_with("Root", (Role.ADMINISTRATOR, {}))))
    member = whole(proposal).team[1]
    assert member.person_id == person.id
    expected = {True: TeamAnswer.ACCEPTED, False: TeamAnswer.DECLINED, None: TeamAnswer.INVITED}[accepts]
    assert member.answer is expected
    place = behind_link(token)
    assert place is not None
    assert (place.over is None) is (accepts is None)


def test_each_co_investigator_confirms_and_the_principal_hears_once_all_have(
    proposal: Proposal, ada: Person, ben: Person
) -> None:
    proposal.call.team_confirms = True
    accepted(proposal, ben)
    accepted(proposal, faculty_member("Vic Viewer"), Relation.VIEWER)
    token = token_for(proposal, ada, "olga@example.net")
    bens, _, olgas = (f"member-{each.id}" for each in whole(proposal).team[1:])
    assert told_of(proposal) == [(bens, False), (olgas, True)]
    with pytest.raises(Refused):
        confirm(whole(proposal), by=actor(ada))
    with pytest.raises(Incomplete):
        confirm_by_link(token)
    answer_by_link(token, True)
    assert told_of(proposal) == [(bens, False), (olgas, False)]
    confirm(whole(proposal), by=actor(ben))
    assert told_of(proposal) == [(olgas, False)]
    with pytest.raises(Refused, match="You confirmed"):
        confirm(whole(proposal), by=actor(ben))
    confirm_by_link(token)
    confirm_by_link(token)
    assert told_of(proposal) == []
    assert [letter.kind for letter in letters_to(ada.email)] == ["team.joined", "team.confirmed"]


def test_nobody_confirms_where_the_call_does_not_ask(proposal: Proposal, ben: Person) -> None:
    accepted(proposal, ben)
    assert told_of(proposal) == []
    with pytest.raises(Incomplete, match="does not ask"):
        confirm(whole(proposal), by=actor(ben))


@pytest.mark.parametrize(("parts", "stands"), [(["summary"], True), (["summary", "team"], False)])
def test_a_confirmation_stands_until_a_return_lets_the_team_change(
    proposal: Proposal, ada: Person, ben: Person, parts: list[str], stands: bool
) -> None:
    proposal.call.team_confirms = True
    accepted(proposal, ben)
    confirm(whole(proposal), by=actor(ben))
    submit(whole(proposal), by=actor(ada))
    office = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": proposal.call.programme_id}))
    send_back(whole(proposal), "Please revise.", parts, clock.now() + 7 * DAY, by=actor(office))
    assert (whole(proposal).team[1].confirmed_at is not None) is stands
    assert bool(told_of(proposal)) is not stands
    if not stands:
        confirm(whole(proposal), by=actor(ben))
        assert told_of(proposal) == []


def test_the_call_closes_for_confirming_too(proposal: Proposal, ada: Person, ben: Person) -> None:
    proposal.call.team_confirms = True
    accepted(proposal, ben)
    closes = proposal.call.closes_at
    assert closes is not None
    with clock.at(closes), pytest.raises(Refused, match="closed"):
        confirm(whole(proposal), by=actor(ben))
    token = token_for(proposal, ada, "olga@example.net")
    answer_by_link(token, True)
    with clock.at(min(closes, clock.now() + 29 * DAY)):
        expected = Refused if clock.now() >= closes else None
        if expected:
            with pytest.raises(expected):
                confirm_by_link(token)


def test_an_undecided_invitation_stops_no_submission(proposal: Proposal, ada: Person) -> None:
    token_for(proposal, ada, "olga@example.net")
    receipt = submit(whole(proposal), by=actor(ada))
    assert [(each["name"], each["answer"]) for each in receipt.content["team"]] == [
        ("Ada Applicant", "accepted"),
        ("Olga Outside", "invited"),
    ]


def test_whoever_declined_is_not_named_in_what_is_received(proposal: Proposal, ada: Person) -> None:
    answer_by_link(token_for(proposal, ada, "olga@example.net"), False)
    receipt = submit(whole(proposal), by=actor(ada))
    assert [each["name"] for each in receipt.content["team"]] == ["Ada Applicant"]


def test_a_submission_waits_for_who_has_not_confirmed(proposal: Proposal, ada: Person, ben: Person) -> None:
    proposal.call.team_confirms = True
    accepted(proposal, ben)
    with pytest.raises(Incomplete) as refused:
        submit(whole(proposal), by=actor(ada))
    (reason,) = refused.value.fields.values()
    assert str(reason) == "Ben Partner has not confirmed their part yet."
    confirm(whole(proposal), by=actor(ben))
    submit(whole(proposal), by=actor(ada))
