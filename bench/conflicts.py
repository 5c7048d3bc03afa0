"""Measure the finding of conflicts. ``python -m bench.conflicts [PROPOSALS REVIEWERS]``; 10,000 and 2,000 by default.

On SQLite in a folder that is removed afterwards, or in the empty database that DATABASE_URL names. A call is generated,
half of its reviewers are given departments and laboratories, some supervise, are employed by the sponsor or were
objected to. What finding every conflict takes is given in seconds, with the number of statements and of rows.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from intake.app import create_app
from intake.conflict.finding import Row, rows, strongest
from intake.conflict.models import Employment, Objection, Supervision
from intake.demo.generating import generate
from intake.extensions import db
from intake.people.models import Department, Person, RoleGrant
from intake.programme.models import Sponsor
from intake.proposal.models import Proposal
from intake.vocabulary import Role

ROUNDS, LABORATORIES, TIED = 3, 60, 10
"""How often it is measured; how many laboratories there are; of how many reviewers one has a tie of each kind."""


def main() -> int:
    proposals, reviewers = (int(each) for each in sys.argv[1:3]) if len(sys.argv) > 2 else (10_000, 2_000)
    with tempfile.TemporaryDirectory() as folder:
        app = _app(Path(folder))
        with app.app_context():
            upgrade()
            print(generate(proposals, reviewers, 2026))
            _tie()
            db.session.commit()
            _measure()
            db.session.remove()
            db.engine.dispose()
    return 0


def _app(folder: Path) -> Flask:
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'bench.db'}"
    kept = {"SECRET_KEY": secrets.token_hex(), "DATA_DIR": folder, "SQLALCHEMY_DATABASE_URI": url}
    return create_app({**kept, "LOG_LEVEL": "critical"})


def _tie() -> None:
    """Give reviewers and applicants what conflicts are found by."""
    chance = random.Random(7)
    departments = list(db.session.scalars(sa.select(Department.id).order_by(Department.id)))
    sponsor = db.session.scalars(sa.select(Sponsor.id).order_by(Sponsor.id)).first()
    faculty = list(db.session.scalars(_holding(Role.FACULTY)))
    numbers = list(db.session.scalars(sa.select(Proposal.id).order_by(Proposal.id)))
    for at, person in enumerate(db.session.scalars(_holding(Role.REVIEWER))):
        if at % 2:
            person.department_id = chance.choice(departments)
            person.laboratory = f"Laboratory {chance.randrange(LABORATORIES)}"
        if at % TIED == 0:
            student = chance.choice(faculty)
            db.session.add(Supervision(supervisor_id=person.id, student_id=student.id, since=2015))
            db.session.add(Employment(person_id=person.id, sponsor_id=sponsor, until=2020))
            number = chance.choice(numbers)
            db.session.add(Objection(proposal_id=number, person_id=person.id, name=person.name, reason="made up"))
    for person in faculty:
        person.laboratory = f"Laboratory {chance.randrange(LABORATORIES)}"


def _holding(role: Role) -> sa.Select[Person]:
    return sa.select(Person).join(RoleGrant, RoleGrant.person_id == Person.id).where(RoleGrant.role == role)


def _measure() -> None:
    reviewers = sa.select(RoleGrant.person_id).where(RoleGrant.role == Role.REVIEWER)
    received = sa.select(Proposal.id).where(Proposal.number.is_not(None))
    asked: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *sent: asked.append(sent[2]))
    found: list[Row] = []
    for _ in range(ROUNDS):
        asked.clear()
        began, worked = time.perf_counter(), time.process_time()
        found = rows(received, reviewers)
        took, work = time.perf_counter() - began, time.process_time() - worked
        worked = time.process_time()
        pairs = strongest(found)
        print(
            f"{took:5.2f} s ({work:.2f} s of work) for {len(found):,} rows in {len(asked)} statements;"
            f" {time.process_time() - worked:.2f} s of work for the strongest of {len(pairs):,} pairs"
        )
    for rule, number in Counter(row.rule for row in found).most_common():
        print(f"  {rule.value:<12} {number:>10,}")


if __name__ == "__main__":
    sys.exit(main())
