"""The check that one university applies: what is declared, and whose people those are who take part."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intake.call.models import Rule
from intake.form.definition import Kind
from intake.proposal.checks import FactKind, Found, Known, at, check, settings_of
from intake.proposal.checks_answers import undeclared
from intake.proposal.known import INSTITUTION, Institution
from intake.proposal.models import Proposal
from intake.proposal.queries import folded
from intake.vocabulary import Relation, TeamAnswer, say

_ACADEMIC = re.compile(
    r"universit|college|polytechnic|institute of technology|academy of sciences|大學|大学|學院|学院|科學院|科学院"
)


@check(
    "one-university",
    say("One university only"),
    say(
        "The applicant declares that no other university takes part; nobody who is named as taking part has the ROR of "
        "another institution. A name that reads like another university only warns."
    ),
    FactKind("own", say("Other names of our own institution"), "words", default=[]),
    asks=(INSTITUTION,),
)
def _one_university(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    undeclared_ = undeclared(known, "one_university", say("Confirm that no other university takes part."))
    ours, own = known.facts.get(INSTITUTION) or Institution(), settings_of(rule)["own"]
    strangers = [found for each in _named(proposal, known) if (found := _stranger(each, ours, own))]
    if undeclared_ is None and not strangers:
        return None
    return [*(undeclared_ or []), *strangers]


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody who takes part, as named on the team or in an answer, and where."""

    part: str
    field: str
    name: str
    organisation: str
    ror: str = ""


def _named(proposal: Proposal, known: Known) -> Iterator[_Named]:
    for member in proposal.team:
        leads = member.relation in (Relation.PRINCIPAL, Relation.CO_INVESTIGATOR)
        if leads and member.answer is not TeamAnswer.DECLINED:
            yield _Named("team", "team", member.name, member.organisation)
    for question in known.form.questions:
        rows = known.answers.get(question.key) if question.kind is Kind.PEOPLE else None
        place = at(known, question.key, say("")) if rows else None
        for row in rows or ():
            if place:
                yield _Named(place.part, place.field, row["name"], row["organisation"], row["ror"])


def _stranger(named: _Named, ours: Institution, own: list[str]) -> Found | None:
    """Whether they are another institution's: surely so by its ROR, perhaps so by its name."""
    if named.ror and ours.ror:
        if _end(named.ror) == _end(ours.ror):
            return None
        reason = say(
            "%(name)s is of %(organisation)s, which has another ROR than ours: it is another institution.",
            name=named.name,
            organisation=named.organisation or named.ror,
        )
        return Found(named.part, named.field, reason)
    said = folded(named.organisation)
    known_as = [folded(each) for each in (ours.name, *own) if each.strip()]
    if not known_as or not _ACADEMIC.search(said) or any(each in said or said in each for each in known_as):
        return None
    reason = say(
        "%(name)s is of %(organisation)s, which reads like another university.",
        name=named.name,
        organisation=named.organisation,
    )
    return Found(named.part, named.field, reason, warns=True)


def _end(ror: str) -> str:
    """The part of a ROR that names the institution."""
    return ror.strip().rstrip("/").rpartition("/")[2].lower()
