"""What a found conflict says to a person: its level, its evidence in a sentence, and since when it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from intake.conflict.finding import Row, rows
from intake.conflict.levels import WEIGHT
from intake.extensions import db
from intake.people.models import Person
from intake.policy import Actor
from intake.proposal.models import Proposal
from intake.proposal.queries import open_to_office
from intake.vocabulary import ConflictKind, ConflictLevel, ConflictRule, Words, say

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
    """A conflict between a person and a proposal: by which rule, how heavy, in a sentence, and since when it is known
    (None: it is what the profiles say now)."""

    rule: ConflictRule
    level: ConflictLevel
    reason: Words
    at: datetime | None = None

    @property
    def blocks(self) -> bool:
        """Nobody gets past it."""
        return self.level is ConflictLevel.BLOCK

    @property
    def warns(self) -> bool:
        """They may be asked all the same, with a reason."""
        return self.level is ConflictLevel.WARN


def found(proposal: Proposal, people: Iterable[Person], *, seen_by: Actor | None = None) -> dict[int, list[Evidence]]:
    """The evidence against each of ``people`` as a reviewer of the proposal, by person's id, the heaviest first; nobody
    without any. Another proposal is named by its number only to ``seen_by``, and only if they may view it.

    Statements: 15 at most, however many people there are.
    """
    told = told_to(seen_by, rows([proposal.id], [person.id for person in people]))
    return told.get(proposal.id, {})


def told_to(seen_by: Actor | None, conflicts: Sequence[Row]) -> dict[int, dict[int, list[Evidence]]]:
    """The conflicts as evidence, by proposal's id and person's id, the heaviest first. Statements: 1, or none where no
    joint work is among them."""
    named = _may_be_named(seen_by, conflicts)
    told: dict[int, dict[int, list[Evidence]]] = {}
    for row in conflicts:
        made = Evidence(row.rule, row.level, reason_of(row, named), row.at)
        told.setdefault(row.proposal_id, {}).setdefault(row.person_id, []).append(made)
    for people in told.values():
        for evidence in people.values():
            evidence.sort(key=lambda each: -WEIGHT[each.level])
    return told


def _may_be_named(seen_by: Actor | None, conflicts: Sequence[Row]) -> frozenset[int]:
    """Which of the other proposals that the evidence speaks of the viewer may know of."""
    others = {row.facts["proposal_id"] for row in conflicts if row.rule is ConflictRule.JOINT_WORK}
    if not others or seen_by is None:
        return frozenset()
    asked = sa.select(Proposal.id).where(Proposal.id.in_(sorted(others)), open_to_office(seen_by))
    return frozenset(db.session.scalars(asked))


def reason_of(row: Row, named: frozenset[int] = frozenset()) -> Words:
    """The sentence of a conflict; ``named`` are the other proposals whose number the reader may know."""
    if row.rule is ConflictRule.JOINT_WORK:
        return _joint(row.facts, row.facts["proposal_id"] in named)
    if row.rule is ConflictRule.DECLARED:
        return say("Declared on %(when)s: %(kind)s.", when=row.at, kind=KINDS[row.facts["kind"]])
    return _SENTENCES[row.rule](row.facts)


def _team(facts: Mapping[str, Any]) -> Words:
    if facts["address"]:
        return say("On the team of this proposal, as %(name)s, %(address)s.", **facts)
    return say("On the team of this proposal.")


def _joint(facts: Mapping[str, Any], named: bool) -> Words:
    values = {"name": facts["name"], "year": facts["year"]}
    if not named:
        return say("A joint proposal with %(name)s in %(year)s.", **values)
    if facts["awarded"]:
        return say("A joint award with %(name)s in %(year)s: %(number)s.", number=facts["number"], **values)
    return say("A joint proposal with %(name)s in %(year)s: %(number)s.", number=facts["number"], **values)


def years_of(facts: Mapping[str, Any]) -> Words:
    """From when to when, as far as it is known."""
    since, until = facts["since"], facts["until"]
    if since and until:
        return say("%(since)s to %(until)s", since=since, until=until)
    if since:
        return say("since %(since)s", since=since)
    return say("until %(until)s", until=until) if until else say("years not known")


def _supervision(facts: Mapping[str, Any]) -> Words:
    values = {"name": facts["name"], "years": years_of(facts)}
    if facts["alone"]:
        return _unconfirmed(facts["supervised"], values)
    if facts["supervised"]:
        return say("Supervised %(name)s (%(years)s).", **values)
    return say("Was supervised by %(name)s (%(years)s).", **values)


def _unconfirmed(supervised: bool, values: Mapping[str, Any]) -> Words:
    """What only applicants of the proposal say."""
    if supervised:
        return say("Supervised %(name)s (%(years)s), by a note of the applicants that nobody has confirmed.", **values)
    return say(
        "Was supervised by %(name)s (%(years)s), by a note of the applicants that nobody has confirmed.", **values
    )


def _employment(facts: Mapping[str, Any]) -> Words:
    if facts["contact"]:
        return say("Is a contact of %(name)s here.", name=facts["name"])
    values = {"name": facts["name"], "years": years_of(facts)}
    return (
        say("Worked for %(name)s (%(years)s).", **values)
        if facts["past"]
        else say("Works for %(name)s (%(years)s).", **values)
    )


def _stands_in(facts: Mapping[str, Any]) -> Words:
    return say("Stands in for the office with this proposal.")


_SENTENCES: dict[ConflictRule, Callable[[Mapping[str, Any]], Words]] = {
    ConflictRule.TEAM: _team,
    ConflictRule.DEPARTMENT: lambda facts: say("Same department as %(name)s.", name=facts["name"]),
    ConflictRule.LABORATORY: lambda facts: say(
        "Same laboratory as %(name)s: %(laboratory)s.", name=facts["name"], laboratory=facts["laboratory"]
    ),
    ConflictRule.SUPERVISION: _supervision,
    ConflictRule.OBJECTION: lambda facts: say("The applicants object: %(reason)s", reason=facts["reason"]),
    ConflictRule.DOMAIN: lambda facts: say(
        "Has an address of the same organisation as %(name)s: %(domain)s.", name=facts["name"], domain=facts["domain"]
    ),
    ConflictRule.EMPLOYMENT: _employment,
    ConflictRule.STANDS_IN: _stands_in,
}
