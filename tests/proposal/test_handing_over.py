"""Handing a proposal over is asked by who leads it and answered by the office, which learns nothing of a draft."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from intake import clock
from intake.allowance.models import Extension
from intake.audit.models import Event
from intake.desk.handovers import count, listed
from intake.errors import IllegalMove, Incomplete, Refused
from intake.extensions import db
from intake.notification.models import Message
from intake.people.models import Person
from intake.proposal.handing_over import approve, ask, candidates, handover, refuse, take_back, waiting_of
from intake.proposal.models import Handover, Proposal
from intake.proposal.operations import submit, withdraw
from intake.proposal.team import add_member, remove_member
from intake.vocabulary import Relation, Role, State
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted, letters_to

WHY = "I go on leave."


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
def cora() -> Person:
    return person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call_with("HIRP-2020").programme_id}))


@pytest.fixture
def proposal(ada: Person, ben: Person, cora: Person) -> Proposal:
    made = draft(call_with("HIRP-2020"), ada)
    accepted(made, ben)
    return whole(made)


def asked(proposal: Proposal, ada: Person, ben: Person) -> Handover:
    """Ada asked that Ben lead it."""
    found = handover(ask(whole(proposal), ben.id, WHY, by=actor(ada)).id)
    assert found is not None
    return found


def letters() -> list[tuple[str, str]]:
    """Kind and address of every letter about handing over, in order."""
    rows = db.session.scalars(sa.select(Message).where(Message.kind.like("handover.%")).order_by(Message.id))
    return [(row.kind, row.to_address) for row in rows]


def relations(proposal: Proposal) -> list[tuple[str, Relation]]:
    """Who is what, in the team's order."""
    return [(each.name, each.relation) for each in whole(proposal).team]


ADA, BEN = "ada.applicant@example.org", "ben.partner@example.org"
CORA = "cora.office@example.org"


def test_a_request_goes_to_the_office_without_the_drafts_title(proposal: Proposal, ada: Person, ben: Person) -> None:
    asked(proposal, ada, ben)
    assert letters() == [("handover.asked", CORA), ("handover.named", BEN)]
    (letter,) = letters_to(CORA)
    for secret in (proposal.title, proposal.title_zh):
        assert secret not in letter.subject + letter.body_text + letter.body_html
    for told in ("Ada Applicant", "Ben Partner", proposal.call.title, WHY, "/desk/handovers"):
        assert told in letter.body_text
    assert relations(proposal) == [("Ada Applicant", Relation.PRINCIPAL), ("Ben Partner", Relation.CO_INVESTIGATOR)]


def test_the_office_approves_and_the_two_change_places(
    proposal: Proposal, ada: Person, ben: Person, cora: Person
) -> None:
    request = asked(proposal, ada, ben)
    approve(request, whole(proposal), "Agreed.", by=actor(cora))
    assert relations(proposal) == [("Ben Partner", Relation.PRINCIPAL), ("Ada Applicant", Relation.CO_INVESTIGATOR)]
    assert letters()[2:] == [("handover.approved", ADA), ("handover.approved", BEN)]
    submit(whole(proposal), by=actor(ben))
    with pytest.raises(Refused, match="principal investigator"):
        withdraw(whole(proposal), "mine", by=actor(ada))
    db.session.commit()
    event = db.session.scalars(sa.select(Event).where(Event.action == "handover.approved")).one()
    assert (event.actor_id, event.was, event.became) == (cora.id, "Ada Applicant", "Ben Partner")


def test_the_office_refuses_with_a_reason(proposal: Proposal, ada: Person, ben: Person, cora: Person) -> None:
    request = asked(proposal, ada, ben)
    with pytest.raises(Incomplete) as wanting:
        refuse(request, whole(proposal), " ", by=actor(cora))
    assert set(wanting.value.fields) == {"answer"}
    refuse(request, whole(proposal), "Please finish it first.", by=actor(cora))
    assert relations(proposal)[0] == ("Ada Applicant", Relation.PRINCIPAL)
    assert letters()[2:] == [("handover.refused", ADA), ("handover.refused", BEN)]
    ask(whole(proposal), ben.id, "It is finished.", by=actor(ada))


def test_it_is_answered_once(proposal: Proposal, ada: Person, ben: Person, cora: Person) -> None:
    request = asked(proposal, ada, ben)
    take_back(request, whole(proposal), by=actor(ada))
    assert waiting_of(whole(proposal)) is None
    acts: list[Callable[[], None]] = [
        lambda: approve(request, whole(proposal), "", by=actor(cora)),
        lambda: refuse(request, whole(proposal), "no", by=actor(cora)),
        lambda: take_back(request, whole(proposal), by=actor(ada)),
    ]
    for act in acts:
        with pytest.raises(IllegalMove, match="taken back"):
            act()
    assert len(letters()) == 2


def test_one_request_waits_at_a_time(proposal: Proposal, ada: Person, ben: Person) -> None:
    asked(proposal, ada, ben)
    with pytest.raises(Incomplete, match="waits for the office already"):
        ask(whole(proposal), ben.id, "again", by=actor(ada))


def test_only_the_principal_asks_and_takes_back(proposal: Proposal, ada: Person, ben: Person, cora: Person) -> None:
    for who in (ben, cora):
        with pytest.raises(Refused):
            ask(whole(proposal), ben.id, WHY, by=actor(who))
    request = asked(proposal, ada, ben)
    with pytest.raises(Refused, match="principal investigator"):
        take_back(request, whole(proposal), by=actor(ben))


@pytest.mark.parametrize(
    "who", ["principal", "invited", "viewer", "no role", "closed", "outside", "stranger", "nobody"]
)
def test_who_cannot_lead_it(proposal: Proposal, ada: Person, who: str) -> None:
    other = person_with("Cal Candidate", *(() if who == "no role" else ((Role.FACULTY, {}),)))
    other.active = who != "closed"
    if who == "invited":
        named = {"name": "Cal", "email": other.email, "organisation": ""}
        add_member(whole(proposal), **named, relation=Relation.CO_INVESTIGATOR, by=actor(ada))
    elif who in ("viewer", "no role", "closed"):
        accepted(proposal, other, Relation.VIEWER if who == "viewer" else Relation.CO_INVESTIGATOR)
    elif who == "outside":
        accepted(proposal, name="Olga", email="olga@example.net")
    db.session.flush()
    number = {"principal": ada.id, "outside": None, "nobody": None}.get(who, other.id)
    with pytest.raises(Incomplete) as refused:
        ask(whole(proposal), number, WHY, by=actor(ada))
    assert set(refused.value.fields) == {"to"}
    assert [each.name for each in candidates(whole(proposal))] == ["Ben Partner"]
    with pytest.raises(Incomplete) as refused:
        ask(whole(proposal), None, "", by=actor(ada))
    assert set(refused.value.fields) == {"reason"}


@pytest.mark.parametrize("how", ["left", "withdrawn"])
def test_what_changed_meanwhile_stops_it(proposal: Proposal, ada: Person, ben: Person, cora: Person, how: str) -> None:
    request = asked(proposal, ada, ben)
    now = whole(proposal)
    if how == "left":
        remove_member(now, now.team[1], by=actor(ada))
    else:
        withdraw(now, "", by=actor(ada))
    with pytest.raises(Incomplete if how == "left" else Refused):
        approve(request, whole(proposal), "", by=actor(cora))
    assert relations(proposal)[0] == ("Ada Applicant", Relation.PRINCIPAL)
    refuse(request, whole(proposal), "It cannot be done any more.", by=actor(cora))


def test_who_of_the_office_answers(proposal: Proposal, ada: Person, ben: Person, cora: Person) -> None:
    programme = {"programme_id": proposal.call.programme_id}
    on_team = person_with("Oda Office", (Role.COORDINATOR, programme), (Role.FACULTY, {}))
    accepted(proposal, on_team, Relation.ASSISTANT)
    elsewhere = person_with("Eli Elsewhere", (Role.COORDINATOR, {"call_id": call_with("AIR-2021").id}))
    request = asked(proposal, ada, ben)
    with pytest.raises(Refused, match="on this proposal's team"):
        approve(request, whole(proposal), "", by=actor(on_team))
    for who in (elsewhere, person_with("Root", (Role.ADMINISTRATOR, {}))):
        with pytest.raises(Refused) as refused:
            approve(request, whole(proposal), "", by=actor(who))
        assert refused.value.hidden
    assert [(count(actor(who)).number, len(listed(actor(who)))) for who in (cora, on_team, elsewhere)] == [
        (1, 1),
        (0, 0),
        (0, 0),
    ]
    approve(request, whole(proposal), "", by=actor(cora))
    assert count(actor(cora)).number == 0


def test_a_later_close_goes_with_the_person(proposal: Proposal, ada: Person, ben: Person, cora: Person) -> None:
    first, second = clock.now(), clock.now()
    for person, until in ((ada, first), (ben, second)):
        db.session.add(
            Extension(call_id=proposal.call_id, person_id=person.id, until=until, reason="x", granted_by_id=cora.id)
        )
    proposal.extended_until = first
    db.session.flush()
    approve(asked(proposal, ada, ben), whole(proposal), "", by=actor(cora))
    assert whole(proposal).extended_until == second


def test_a_received_proposal_is_handed_over_too(proposal: Proposal, ada: Person, ben: Person, cora: Person) -> None:
    submit(whole(proposal), by=actor(ada))
    approve(asked(proposal, ada, ben), whole(proposal), "", by=actor(cora))
    now = whole(proposal)
    assert (now.state, now.principal.name) == (State.SUBMITTED, "Ben Partner")
