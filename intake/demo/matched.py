"""A call whose proposals are matched and wait for reviewers, with reviewers who know something: to try assignment with.

All of it is made up. The scores written here say only how near a reviewer's subjects are; the worker's own take their
place once they are computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.call.models import Call, Theme
from intake.demo import texts, words
from intake.demo.crowd import gather
from intake.demo.generating import call_like_the_model, inserted
from intake.demo.loading import demand_no_production
from intake.demo.rows import DAY, Case, Plan, around, by_table, case
from intake.extensions import db
from intake.match.models import ThemeLevel
from intake.people import passwords
from intake.people.models import Department, Person, Publication, RoleGrant
from intake.people.queries import holders
from intake.programme.models import Office
from intake.vocabulary import Appointment, PairingKind, PublicationSource, Role, State

INSIDE = 4
"""Every so-many-th reviewer is of the university, and so in conflict with teams of the same department."""
NEAR, NEXT, FAR = (0.50, 0.95), (0.30, 0.70), (0.05, 0.80)
"""Between which a score lies where a theme is a reviewer's own, their second one, or neither."""
KNOWN = (0.3, 1.0)
"""How much of a reviewer's work their papers show: with few of them every score is lower."""
KEPT = 50
"""So many scores of a proposal are kept, as the product keeps them."""
PAPERS = 3
THEMES = 8
"""So many themes the call has. With so few, and loads that are nearly used up, proposals have to share those who know
a theme: there is a choice between all of them together and the worst-served one."""


def generate_matched(proposals: int, reviewers: int, seed: int) -> str:
    """Make a call MATCH-1 (MATCH-2 where there is one ...) with that many matched proposals, and that many reviewers,
    each with two subjects, levels, papers, and a score with every proposal; other reviewers have no time for it.
    The same seed gives the same.

    The caller commits. Records: one event for all of it. Returns: a sentence. Raises: Refused in production.
    """
    demand_no_production()
    call = call_like_the_model("MATCH", "Matching trial", THEMES)
    call.reviews_needed = min(2, reviewers)
    call.reviewer_load = -(-proposals * call.reviews_needed * 11 // (reviewers * 10))
    crowd = gather(call.programme_id, 0, seed)
    institution = db.session.scalars(sa.select(Office.institution)).one()
    plan = Plan(call, crowd, institution, clock.now(), proposals, seed)
    cases = [_matched(case(plan, number)) for number in range(1, proposals + 1)]
    ids = inserted("proposal", [one.columns for one in cases])
    hanging = by_table([row for one, number in zip(cases, ids, strict=True) for row in around(plan, one, number)])
    for table, rows in hanging.items():
        db.session.execute(sa.insert(_table(table)), rows)
    others = [each.id for each in holders(Role.REVIEWER)]
    judges = list(_judges(call, reviewers, Random(f"judges {seed}")))  # noqa: S311 - no secret
    if others:
        db.session.execute(sa.insert(_table("capacity")), _loads(call, proposals, others, judges))
    db.session.execute(sa.insert(_table("affinity")), list(_scores(cases, ids, judges, seed)))
    call.last_number = proposals
    db.session.flush()
    record("demo.generated", "call", call.id, by=crowd.coordinator, proposals=proposals, reviewers=reviewers, seed=seed)
    return f"{call.code} holds {proposals} matched proposals, and {reviewers} reviewers can be assigned."


def _table(name: str) -> sa.Table:
    return db.metadata.tables[name]


def _matched(one: Case) -> Case:
    """The case as it was before anybody reviewed it."""
    since = one.at + 5 * DAY
    return replace(one, reviewers=[], columns=one.columns | {"state": State.MATCHED, "state_since": since})


def _judges(call: Call, count: int, chance: Random) -> Iterator[tuple[int, tuple[int, int]]]:
    """Make the reviewers. Gives each one's id and the ids of their two themes, their own first."""
    secret = passwords.kept(texts.password())
    departments = db.session.scalars(sa.select(Department.id).order_by(Department.code)).all()
    for place in range(count):
        own, other = call.themes[place % len(call.themes)], chance.choice(call.themes)
        inside = _inside(place) and bool(departments)
        person = Person(
            email=f"judge.{call.code.lower()}.{place + 1:04d}@example.org",
            name=f"Prof {words.FIRST[place % len(words.FIRST)]} Reader-{place + 1:02d}",
            department_id=departments[place % len(departments)] if inside else None,
            organisation="" if inside else "Muster Institute",
            appointment=Appointment.FULL_TIME_FACULTY if inside else Appointment.OUTSIDE,
            keywords=f"{own.name}, {other.name}"[:500],
            expertise=words.abstract(words.subject(own.name, chance), chance, False),
            password_hash=secret,
            publications=list(_papers(own, other, chance)),
            grants=[RoleGrant(role=Role.REVIEWER)],
        )
        db.session.add(person)
        db.session.flush()
        db.session.add_all(_levels(person.id, own.id, other.id, place))
        yield person.id, (own.id, other.id)


def _loads(
    call: Call, proposals: int, others: list[int], judges: list[tuple[int, tuple[int, int]]]
) -> list[dict[str, Any]]:
    """The call's own reviewers have just time enough, those inside a little more; those of other calls have none."""
    enough = -(-proposals * call.reviews_needed // len(judges))
    most = dict.fromkeys(others, 0) | {key: enough for place, (key, _) in enumerate(judges) if not _inside(place)}
    return [{"call_id": call.id, "person_id": key, "most": each} for key, each in most.items()]


def _inside(place: int) -> bool:
    return place % INSIDE == INSIDE - 1


def _levels(person_id: int, own: int, other: int, place: int) -> Iterator[ThemeLevel]:
    """What they say of their two themes: the first is their own field, or known well; the second less."""
    yield ThemeLevel(person_id=person_id, theme_id=own, level=3 - place // THEMES % 2, set_by_id=person_id)
    if other != own:
        yield ThemeLevel(person_id=person_id, theme_id=other, level=1 + place % 2, set_by_id=person_id)


def _papers(own: Theme, other: Theme, chance: Random) -> Iterator[Publication]:
    for place in range(PAPERS):
        subject = words.subject((own, own, other)[place].name, chance)
        yield Publication(
            title=words.title(subject, chance),
            abstract=words.abstract(subject, chance, False),
            year=2021 + place,
            source=PublicationSource.TYPED,
        )


def _scores(
    cases: list[Case], ids: list[int], judges: list[tuple[int, tuple[int, int]]], seed: int
) -> Iterator[dict[str, Any]]:
    known = [Random(f"{seed}/known {place}").uniform(*KNOWN) for place in range(len(judges))]  # noqa: S311
    for one, number in zip(cases, ids, strict=True):
        rows: list[tuple[float, dict[str, Any]]] = []
        for place, (judge, (own, other)) in enumerate(judges):
            theme = one.columns["theme_id"]
            low, high = NEAR if theme == own else NEXT if theme == other else FAR
            chance = Random(f"{seed}/{one.number}/{place}")  # noqa: S311 - no secret
            score = round(chance.uniform(low, high) * known[place], 3)
            row = {"proposal_id": number, "kind": PairingKind.REVIEWER, "person_id": judge, "score": score}
            rows.append((score, row | {"parts": {"text": score}, "why": {}}))
        yield from (row for _, row in sorted(rows, key=lambda each: -each[0])[:KEPT])
