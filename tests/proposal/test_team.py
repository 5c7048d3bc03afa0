"""The principal investigator invites people by mail, once more where they did not answer, and takes them off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.audit.models import Event
from intake.errors import Incomplete, Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person, RoleGrant
from intake.people.sign_in import hashed
from intake.proposal.joining import answer, behind_link
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.operations import office_of, send_back, submit, team_of
from intake.proposal.team import add_member, invite_again, remove_member
from intake.vocabulary import Relation, Role, TeamAnswer
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted, letters_to, link_in

OLGA = {"name": "Olga Outside", "email": "Olga@Example.net", "organisation": "Elsewhere"}


@pytest.fixture(autouse=True)
def catalogue(room: Any) -> None:
    load_catalogue()


@pytest.fixture
def ada() -> Person:
    return faculty_member()


@pytest.fixture
def proposal(ada: Person) -> Proposal:
    return draft(call_with("HIRP-2020"), ada)


def invited(proposal: Proposal, ada: Person, person: Person, relation: Relation = Relation.CO_INVESTIGATOR) -> str:
    """Ada invites somebody with an account; the token of their link."""
    _, token = add_member(
        whole(proposal), name="x", email=person.email, organisation="EE", relation=relation, by=actor(ada)
    )
    return token


def olga(proposal: Proposal, ada: Person, relation: Relation = Relation.CO_INVESTIGATOR) -> tuple[TeamMember, str]:
    """Ada invites Olga, who has no account."""
    return add_member(whole(proposal), **OLGA, relation=relation, by=actor(ada))


def mails() -> int:
    """How many letters there are."""
    return db.session.scalar(sa.select(sa.func.count(Message.id))) or 0


def test_an_invitation_is_one_letter_with_a_link_of_which_only_the_hash_is_kept(
    proposal: Proposal, ada: Person
) -> None:
    before = mails()
    member, token = olga(proposal, ada)
    assert (member.person_id, member.name, member.email, member.position) == (
        None,
        "Olga Outside",
        "olga@example.net",
        1,
    )
    assert (member.answer, member.token_hash) == (TeamAnswer.INVITED, hashed(token))
    assert len(token) == 43  # 256 bits, six to a character
    assert mails() == before + 1
    (letter,) = letters_to("olga@example.net")
    assert (letter.kind, letter.secret, letter.proposal_id) == ("team.invited", True, proposal.id)
    assert link_in(letter) == f"/team/{token}"
    said = " ".join(letter.body_text.split())
    for told in (
        "Ada Applicant",
        "as co-investigator",
        proposal.call.title,
        "The call closes at",
        "accept or decline by",
    ):
        assert told in said, told
    assert proposal.title not in letter.subject + letter.body_text + letter.body_html
    db.session.commit()
    event = db.session.scalars(sa.select(Event).where(Event.action == "team.invited")).one()
    assert token not in str((event.facts, event.note, event.became))
    columns = sa.inspect(TeamMember).columns
    assert token not in str([getattr(member, column.key) for column in columns])


def test_whoever_was_invited_reads_and_does_not_write(proposal: Proposal, ada: Person) -> None:
    ben = faculty_member("Ben Partner", department="EE")
    invited(proposal, ada, ben)
    assert [each.id for each in team_of(whole(proposal))] == [ada.id], "letters to the team go to who accepted"
    answer(whole(proposal), True, by=actor(ben))
    assert [each.id for each in team_of(whole(proposal))] == [ada.id, ben.id]


def test_the_team_is_the_principals_to_change(proposal: Proposal, ada: Person) -> None:
    ben = faculty_member("Ben Partner", department="EE")
    accepted(proposal, ben)
    lead, member = whole(proposal).team
    for act in (
        lambda: add_member(whole(proposal), **OLGA, relation=Relation.VIEWER, by=actor(ben)),
        lambda: remove_member(whole(proposal), lead, by=actor(ben)),
        lambda: invite_again(whole(proposal), member, by=actor(ben)),
    ):
        with pytest.raises(Refused, match="principal investigator"):
            act()
    with pytest.raises(Incomplete, match="stays"):
        remove_member(whole(proposal), whole(proposal).team[0], by=actor(ada))
    now = whole(proposal)
    remove_member(now, now.team[1], by=actor(ada))
    assert [each.person_id for each in whole(proposal).team] == [ada.id]


@pytest.mark.parametrize("email", ["ben.partner@example.org", "BEN.Partner@Example.org"])
def test_nobody_is_on_a_team_twice(proposal: Proposal, ada: Person, email: str) -> None:
    invited(proposal, ada, faculty_member("Ben Partner", department="EE"))
    before = mails()
    with pytest.raises(Incomplete, match="already") as refused:
        add_member(whole(proposal), name="B", email=email, organisation="", relation=Relation.VIEWER, by=actor(ada))
    assert set(refused.value.fields) == {"email"}
    olga(proposal, ada)
    with pytest.raises(Incomplete, match="already"):
        olga(proposal, ada)
    assert mails() == before + 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"relation": Relation.PRINCIPAL}, "relation"),
        ({"email": "  "}, "email"),
        ({"email": "ada.applicant@example.org"}, "email"),
        ({"orcid": "0000-0002-1825-0098"}, "orcid"),
    ],
)
def test_what_cannot_be_invited_says_where(
    proposal: Proposal, ada: Person, changes: dict[str, Any], field: str
) -> None:
    before = mails()
    with pytest.raises(Incomplete) as refused:
        add_member(whole(proposal), **{**OLGA, "relation": Relation.VIEWER, **changes}, by=actor(ada))
    assert set(refused.value.fields) == {field}
    assert (len(whole(proposal).team), mails()) == (1, before)


def test_an_orcid_is_kept_in_its_usual_writing(proposal: Proposal, ada: Person) -> None:
    written = {**OLGA, "orcid": "https://orcid.org/0000000218250097"}
    member, _ = add_member(whole(proposal), **written, relation=Relation.VIEWER, by=actor(ada))
    assert member.orcid == "0000-0002-1825-0097"


def test_a_new_invitation_ends_the_old_link(proposal: Proposal, ada: Person) -> None:
    member, old = olga(proposal, ada)
    invite_again(whole(proposal), member, by=actor(ada))
    first, second = letters_to("olga@example.net")
    new = link_in(second).removeprefix("/team/")
    assert (link_in(first), new != old) == (f"/team/{old}", True)
    assert behind_link(old) is None
    assert behind_link(new) is not None


def test_whoever_declined_can_be_invited_again(proposal: Proposal, ada: Person) -> None:
    ben = faculty_member("Ben Partner", department="EE")
    invited(proposal, ada, ben)
    answer(whole(proposal), False, by=actor(ben))
    now = whole(proposal)
    assert now.members == [now.team[0]]
    invite_again(now, now.team[1], by=actor(ada))
    assert [letter.kind for letter in letters_to(ben.email)] == ["team.invited", "team.invited"]
    assert whole(proposal).team[1].answer is TeamAnswer.INVITED


def test_nothing_is_sent_to_somebody_of_whom_nothing_is_asked(proposal: Proposal, ada: Person) -> None:
    ben = faculty_member("Ben Partner", department="EE")
    accepted(proposal, ben)
    now = whole(proposal)
    before = mails()
    with pytest.raises(Incomplete, match="Nothing is asked"):
        invite_again(now, now.team[1], by=actor(ada))
    assert mails() == before


@pytest.mark.parametrize("account", [True, False])
def test_who_has_not_confirmed_is_asked_to(proposal: Proposal, ada: Person, account: bool) -> None:
    proposal.call.team_confirms = True
    ben = faculty_member("Ben Partner", department="EE")
    if account:
        accepted(proposal, ben)
    else:
        accepted(proposal, name="Ben Partner", email=ben.email)
    now = whole(proposal)
    invite_again(now, now.team[1], by=actor(ada))
    (letter,) = letters_to(ben.email)
    assert letter.kind == "team.to_confirm"
    assert letter.secret is not account
    assert link_in(letter).startswith("/proposals/" if account else "/team/")
    assert whole(proposal).team[1].answer is TeamAnswer.ACCEPTED, "they stay on the team"


def test_a_reviewer_who_is_invited_is_told_to_the_office(proposal: Proposal, ada: Person) -> None:
    from intake.review.models import Assignment

    submit(whole(proposal), by=actor(ada))
    office = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": proposal.call.programme_id}))
    until = clock.now() + timedelta(days=7)
    send_back(whole(proposal), "Please add somebody.", ["team"], until, by=actor(office))
    reviewer = faculty_member("Rae Reviewer", department="EE")
    db.session.add(RoleGrant(person_id=reviewer.id, role=Role.REVIEWER))
    db.session.add(Assignment(proposal_id=proposal.id, reviewer_id=reviewer.id, due_at=until))
    db.session.flush()
    invited(proposal, ada, reviewer, Relation.VIEWER)
    letters = db.session.scalars(sa.select(Message).where(Message.kind == "conflict.arose")).all()
    assert [letter.to_person_id for letter in letters] == [office.id]
    assert "Rae Reviewer" in letters[0].body_text
    (invitation,) = letters_to(reviewer.email, "team.invited")
    assert "It is being revised until" in invitation.body_text


def test_a_coordinator_who_declined_handles_it_like_any_other(proposal: Proposal, ada: Person) -> None:
    office = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": proposal.call.programme_id}))
    invited(proposal, ada, office)
    assert office_of(whole(proposal)) == []
    answer(whole(proposal), False, by=actor(office))
    assert [each.id for each in office_of(whole(proposal))] == [office.id]
