"""Conflicts found by rule, each with its evidence: looked for before anyone is asked to review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.vocabulary import ConflictKind, Declared, Words, say

KINDS: dict[ConflictKind, Words] = {
    ConflictKind.TEAM: say("I am on the team"),
    ConflictKind.DEPARTMENT: say("Same department or laboratory"),
    ConflictKind.SUPERVISION: say("Supervisor or student of somebody on the team"),
    ConflictKind.JOINT_WORK: say("Joint work with somebody on the team in the last three years"),
    ConflictKind.PERSONAL: say("A personal relation"),
    ConflictKind.FINANCIAL: say("A financial interest"),
    ConflictKind.OTHER: say("Another reason"),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A conflict between a person and a proposal. One that ``blocks`` cannot be overridden; another needs a reason."""

    kind: ConflictKind
    blocks: bool
    reason: Words


def found(proposal: Proposal, people: Iterable[Person]) -> dict[int, list[Evidence]]:
    """The evidence against each of ``people`` as a reviewer of the proposal, by person's id; nobody without any.

    The proposal's ``team`` with people and departments and ``conflicts`` must be loaded. Statements: 0.
    """
    answers = {person.id: _against(proposal, person) for person in people}
    return {key: rows for key, rows in answers.items() if rows}


def _against(proposal: Proposal, person: Person) -> list[Evidence]:
    rows = []
    for member in proposal.members:
        if member.person_id == person.id or (member.email and member.email == person.email):
            rows.append(Evidence(ConflictKind.TEAM, True, say("On the team of this proposal.")))
        elif member.person and member.person.department_id and member.person.department_id == person.department_id:
            rows.append(Evidence(ConflictKind.DEPARTMENT, False, say("Same department as %(name)s.", name=member.name)))
    return rows + [
        Evidence(row.kind, True, say("Declared on %(when)s: %(kind)s.", when=row.declared_at, kind=KINDS[row.kind]))
        for row in proposal.conflicts
        if row.person_id == person.id and row.declared is Declared.CONFLICT and row.lifted_at is None and row.kind
    ]
