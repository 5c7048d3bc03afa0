"""The world of the permission scenarios: two calls, their people and their proposals, made through the product's own
verbs.

Call A (sponsor Alba, themes T1 and T2) and call B (sponsor Hua). F1 leads P1, P6 and P7; F2 leads P2, P4 and P5 and
is a
co-investigator of P1; F3 leads P3 and reviews in A. C1 coordinates A, C2 coordinates B, C3 coordinates A and is a
co-investigator of P4. R1 (COMP), R2 (EE) and R3 (outside) review. S1 is a contact at Alba, S2 at Hua; AD administers; N
has no role. In A: P1 is under review (R1 submitted, R2 has a draft, R3 has not declared), P2 is submitted, P3 and P4
are
under review, P5 is a draft, P6 is decided and not released, P7 is with Alba. In B: Q2 is with Hua, Q1 is submitted.

A *twin* differs in one hidden fact: ``score`` (R1 gives P1 a 1 instead of a 4), ``verdict`` (P6 is declined), ``q1``
(Q1 is
absent), ``p4`` (P4 has no review yet), ``draft`` (P5 has another title), ``note`` (R1's words for the office differ).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pikepdf
import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import selectinload

from intake import clock
from intake.call.models import Call, Criterion, Rule, Theme
from intake.conflict.operations import declare
from intake.decision.operations import decide, release
from intake.extensions import db
from intake.forward.operations import prepare, send
from intake.match.operations import match
from intake.people.models import Department, Person, RoleGrant
from intake.people.sign_in import actor_of
from intake.policy import Actor
from intake.programme.models import Office, Programme, Sponsor
from intake.proposal import queries
from intake.proposal.attaching import attach
from intake.proposal.models import Proposal
from intake.proposal.operations import screen_in, submit
from intake.proposal.writing import start, write
from intake.review import writing
from intake.review.operations import Asked, forward
from intake.review.queries import own, with_criteria
from intake.vocabulary import (
    Appointment,
    Currency,
    ProgrammeKind,
    Recommendation,
    Role,
    Verdict,
)
from tests.factories.team import accepted

BEGAN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PEOPLE: dict[str, tuple[str, Appointment, str]] = {
    "F1": ("COMP", Appointment.FULL_TIME_FACULTY, "Ada Applicant"),
    "F2": ("EE", Appointment.FULL_TIME_FACULTY, "Ben Bidder"),
    "F3": ("AP", Appointment.FULL_TIME_FACULTY, "Cleo Double"),
    "C1": ("", Appointment.STAFF, "Dora Desk"),
    "C2": ("", Appointment.STAFF, "Emil Elsewhere"),
    "C3": ("BME", Appointment.FULL_TIME_FACULTY, "Fay Conflicted"),
    "R1": ("COMP", Appointment.FULL_TIME_FACULTY, "Gus Reader"),
    "R2": ("EE", Appointment.FULL_TIME_FACULTY, "Hana Reader"),
    "R3": ("", Appointment.OUTSIDE, "Ivo Outside"),
    "S1": ("", Appointment.OUTSIDE, "Jun Alba"),
    "S2": ("", Appointment.OUTSIDE, "Kim Hua"),
    "AD": ("", Appointment.STAFF, "Lea Admin"),
    "N": ("", Appointment.STAFF, "Moe Nobody"),
    "Q": ("AMA", Appointment.FULL_TIME_FACULTY, "Nia Other"),
}
TITLES = {
    "P1": "Optical interconnects for racks",
    "P2": "Quiet sensing of queues",
    "P3": "Compilers that explain themselves",
    "P4": "Storage for cold archives",
    "P5": "An unfinished thought on blockchains",
    "P6": "Media coding at the edge",
    "P7": "Networks that heal",
    "Q1": "Batteries without cobalt",
    "Q2": "Antennas in glass",
}


def a_pdf(pages: int = 1) -> bytes:
    """A whole, empty PDF."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        written = BytesIO()
        document.save(written, deterministic_id=True)
    return written.getvalue()


@dataclass
class World:
    """Ids by name: people F1.., proposals P1.., calls A and B."""

    people: dict[str, int] = field(default_factory=dict)
    proposals: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The person as the policy knows them now."""
        person = db.session.scalars(
            sa.select(Person).where(Person.id == self.people[name]).options(selectinload(Person.grants))
        ).one()
        return actor_of(person)

    def proposal(self, name: str) -> Proposal:
        """The proposal with all that the policy reads, fresh from the database."""
        found = queries.one(self.proposals[name])
        assert found is not None
        return found


def build(twin: str = "", **switches: Any) -> World:
    """Make the world (or a twin of it) in the current application context; ``switches`` are settings of call A.
    Commits."""
    world = World()
    with clock.at(BEGAN):
        _sponsors_and_calls(world, switches)
        _people(world)
    for hour, name in enumerate(("P1", "P2", "P3", "P4", "P5", "P6", "P7", "Q2")):
        with clock.at(BEGAN + timedelta(hours=1 + hour)):
            _write(world, name, twin)
    with clock.at(BEGAN + timedelta(days=1)):
        _reviews(world, twin)
        _decisions(world, twin)
    if twin != "q1":
        with clock.at(BEGAN + timedelta(days=2)):
            _write(world, "Q1", twin)
    db.session.commit()
    return world


def _sponsors_and_calls(world: World, switches: dict[str, Any]) -> None:
    db.session.add(
        Office(id=1, name="Example Office", short="EO", institution="Example University", time_zone="Asia/Hong_Kong")
    )
    for letter, sponsor, name in (("A", "ALBA", "Alba Industries"), ("B", "HUAX", "Hua Works")):
        backer = Sponsor(code=sponsor, name=name, time_zone="Asia/Shanghai")
        db.session.add(backer)
        db.session.flush()
        programme = Programme(
            code=f"PR{letter}",
            sponsor_id=backer.id,
            name=f"{name} Research",
            kind=ProgrammeKind.RESEARCH_PROJECT,
            for_whom="faculty",
        )
        db.session.add(programme)
        db.session.flush()
        call = Call(
            code=f"CALL-{letter}",
            programme_id=programme.id,
            title=f"{name} Call 2026",
            currency=Currency.USD,
            max_award_minor=7_000_000,
            duration_least=12,
            duration_most=24,
            opens_at=BEGAN - timedelta(days=10),
            closes_at=BEGAN + timedelta(days=30),
            reviews_needed=1 if letter == "B" else 2,
            **({"reviewer_load": 9} | (switches if letter == "A" else {})),
        )
        call.themes = [Theme(name=f"Theme {n} of {letter}", position=n) for n in (1, 2)]
        call.rules = [Rule(code="award-cap", text="The amount is within the cap.", source="Example", position=1)]
        call.criteria = [
            Criterion(
                code=code,
                name=code.title(),
                weight=50,
                least=1,
                most=5,
                anchors={"1": "weak", "5": "strong"},
                position=n,
            )
            for n, code in enumerate(("merit", "fit"))
        ]
        db.session.add(call)
        db.session.flush()
        world.calls[letter] = call.id


def _people(world: World) -> None:
    departments = {
        code: Department(code=code, name=f"Department {code}") for code in ("COMP", "EE", "AP", "BME", "AMA")
    }
    db.session.add_all(departments.values())
    db.session.flush()
    for name, (code, appointment, full_name) in PEOPLE.items():
        person = Person(
            email=f"{name.lower()}@example.org",
            name=full_name,
            department_id=departments[code].id if code else None,
            appointment=appointment,
        )
        db.session.add(person)
        db.session.flush()
        world.people[name] = person.id
        db.session.add_all(RoleGrant(person_id=person.id, role=role, **scope) for role, scope in _roles(world, name))
    db.session.flush()


def _roles(world: World, name: str) -> list[tuple[Role, dict[str, int]]]:
    calls = {letter: db.session.get_one(Call, number) for letter, number in world.calls.items()}
    sponsors = {each.code: each.id for each in db.session.scalars(sa.select(Sponsor))}
    faculty: tuple[Role, dict[str, int]] = (Role.FACULTY, {})
    reviewer: tuple[Role, dict[str, int]] = (Role.REVIEWER, {})
    return {
        "F1": [faculty],
        "F2": [faculty],
        "F3": [faculty, reviewer],
        "Q": [faculty],
        "C1": [(Role.COORDINATOR, {"programme_id": calls["A"].programme_id})],
        "C2": [(Role.COORDINATOR, {"call_id": calls["B"].id})],
        "C3": [(Role.COORDINATOR, {"programme_id": calls["A"].programme_id}), faculty],
        "R1": [reviewer],
        "R2": [reviewer],
        "R3": [reviewer],
        "S1": [(Role.SPONSOR_CONTACT, {"sponsor_id": sponsors["ALBA"]})],
        "S2": [(Role.SPONSOR_CONTACT, {"sponsor_id": sponsors["HUAX"]})],
        "AD": [(Role.ADMINISTRATOR, {})],
        "N": [],
    }[name]


LEADERS = {"P1": "F1", "P6": "F1", "P7": "F1", "P2": "F2", "P4": "F2", "P5": "F2", "P3": "F3", "Q1": "Q", "Q2": "Q"}


def _call(world: World, letter: str) -> Call:
    return db.session.scalars(
        sa.select(Call)
        .where(Call.id == world.calls[letter])
        .options(selectinload(Call.programme), selectinload(Call.themes), selectinload(Call.rules))
        .execution_options(populate_existing=True)
    ).one()


def _write(world: World, name: str, twin: str) -> None:
    """A draft, and its submission, unless it is P5."""
    by = world.actor(LEADERS[name])
    call = _call(world, "B" if name.startswith("Q") else "A")
    world.proposals[name] = start(call, by=by, organisation="Example University").id
    proposal = complete(world, name)
    title = "A wholly different thought" if twin == "draft" and name == "P5" else TITLES[name]
    write(
        proposal,
        {
            "title": title,
            "title_zh": "機櫃的光互連" if name == "P1" else "",
            "abstract": f"We study {title.lower()} and what follows from it.",
            "keywords": "example, study",
            "theme_id": call.themes[0].id,
            "description": f"The work on {title.lower()} has three steps.\n\nEach is short.",
            "amount_minor": 6_500_000,
            "duration_months": 12,
        },
        version=proposal.version,
        by=by,
    )
    for partner in {"P1": ("F2",), "P4": ("C3",)}.get(name, ()):
        accepted(world.proposals[name], db.session.get_one(Person, world.people[partner]))
    if name == "P1":
        store = current_app.extensions["store"]
        attach(complete(world, name), "Ada Applicant plan.pdf", a_pdf(), store=store, scanner=None, by=by)
    if name != "P5":
        submit(complete(world, name), by=by)


def complete(world: World, name: str) -> Proposal:
    """The proposal with all that submitting it reads."""
    proposal = queries.whole(world.proposals[name])
    assert proposal is not None
    return proposal


def in_review(
    world: World, name: str, coordinator: str, reviewers: tuple[str, ...], reason: str = "the best fit"
) -> None:
    """Screened, matched and forwarded; the first of ``reviewers`` leads."""
    by = world.actor(coordinator)
    screen_in(complete(world, name), by=by)
    proposal = complete(world, name)
    contact = world.people["S2" if name.startswith("Q") else "S1"]
    match(proposal, proposal.call.themes[0].id, contact, "suits the contact's unit", by=by)
    asked = [Asked(world.people[each], lead=each == reviewers[0], override_reason=reason) for each in reviewers]
    forward(complete(world, name), asked, clock.now() + timedelta(days=14), by=by)


def review(world: World, name: str, reviewer: str, score: int, *, submitted: bool = True, office: str = "") -> None:
    """A reviewer declares no conflict and writes; ``score`` for every criterion."""
    by = world.actor(reviewer)
    if not any(row.person_id == by.id for row in world.proposal(name).conflicts):
        declare(world.proposal(name), None, "", by=by)
    proposal = world.proposal(name)
    mine, call = own(proposal, by), with_criteria(proposal)
    assert mine is not None
    written = writing.Written(
        {each.id: score for each in call.criteria},
        Recommendation.FORWARD,
        f"{reviewer} tells the applicant of {name}.",
        office or f"{reviewer} tells the office of {name}.",
    )
    verb = writing.submit if submitted else writing.save
    verb(proposal, mine, call, written, version=mine.review.version if mine.review else 0, by=by)


def _reviews(world: World, twin: str) -> None:
    in_review(world, "P1", "C1", ("R1", "R2", "R3"))
    review(world, "P1", "R1", 1 if twin == "score" else 4, office="A word aside." if twin == "note" else "")
    review(world, "P1", "R2", 2, submitted=False)
    in_review(world, "P3", "C1", ("R1", "R2"))
    in_review(world, "P4", "C1", ("R1", "R2"))
    if twin != "p4":
        review(world, "P4", "R1", 5)


def _decisions(world: World, twin: str) -> None:
    for name in ("P6", "P7"):
        in_review(world, name, "C1", ("R1", "R2"))
        review(world, name, "R1", 4)
        review(world, name, "R2", 5)
        verdict = Verdict.DECLINE if twin == "verdict" and name == "P6" else Verdict.SELECT
        words = (
            ("Too thin for this call.", "It is too thin.") if verdict is Verdict.DECLINE else ("It fits.", "Well done.")
        )
        decide(world.proposal(name), verdict, *words, by=world.actor("R1"))
    in_review(world, "Q2", "C2", ("R3",))
    review(world, "Q2", "R3", 5)
    decide(world.proposal("Q2"), Verdict.SELECT, "It fits.", "Well done.", by=world.actor("R3"))
    for name, coordinator in (("P7", "C1"), ("Q2", "C2")):
        by, store = world.actor(coordinator), current_app.extensions["store"]
        release(world.proposal(name), by=by)
        packet = prepare(world.proposal(name), store=store, by=by)
        send(world.proposal(name), packet.id, store=store, by=by)
