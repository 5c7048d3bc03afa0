"""Conflicts found by rule between some proposals and some people: every rule at once, for one pair or for millions.

Nothing here decides or writes. ``evidence`` says a row in words, ``levels`` what each rule does in a call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, repeat
from typing import Any, NamedTuple

from intake.conflict import reading_more
from intake.conflict.domains import domain_of, organisation_of
from intake.conflict.levels import WEIGHT, softer
from intake.conflict.reading import Among, Known, Line, known
from intake.proposal.queries import folded
from intake.vocabulary import ConflictLevel, ConflictRule


class Row(NamedTuple):
    """A conflict of a person with a proposal: by which rule, at which level, what the sentence needs, and the date of
    the evidence (None: it is what the profiles say now). ``facts`` may be shared between rows; do not change it."""

    proposal_id: int
    person_id: int
    rule: ConflictRule
    level: ConflictLevel
    facts: Mapping[str, Any]
    at: datetime | None


def rows(
    proposals: Among,
    people: Among,
    *,
    judging: bool = True,
    handling: bool = False,
    instead: tuple[Mapping[ConflictRule, ConflictLevel], int] | None = None,
) -> list[Row]:
    """Every conflict between these proposals and these people, rule by rule, then by proposal, then by person.

    A rule that the call has switched off gives nothing. ``judging=False`` asks about people who do not judge, such as
    sponsor contacts and coordinators: that somebody is with the sponsor is then no conflict. ``handling=True`` asks
    about the office itself, whom standing in does not keep away. Of a person on the team department,
    laboratory, joint work and organisation are not told as well. ``instead`` asks what would be found if the calls had
    these levels and these years. Statements: 14 at most, whatever the number.
    """
    have = known(proposals, people)
    if instead is not None:
        levels, years = dict(instead[0]), instead[1]
        have.terms = {key: terms._replace(levels=levels, years=years) for key, terms in have.terms.items()}
    if not have.terms or not have.people:
        return []
    asked = [*_COMMON, *(_OF_JUDGES if judging else ()), *(() if handling else (_stands_in,))]
    return list(chain.from_iterable(rule(have, proposals, people) for rule in asked))


def strongest(found: Iterable[Row]) -> dict[tuple[int, int], ConflictLevel]:
    """The strongest level of each pair (proposal's id, person's id) that has any conflict."""
    levels: dict[tuple[int, int], ConflictLevel] = {}
    for row in found:
        pair = row[:2]
        if pair not in levels or WEIGHT[row.level] > WEIGHT[levels[pair]]:
            levels[pair] = row.level
    return levels


def _level(have: Known, proposal_id: int, rule: ConflictRule) -> ConflictLevel | None:
    level = have.terms[proposal_id].levels[rule]
    return None if level is ConflictLevel.OFF else level


def _team(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    for number in have.terms:
        told: set[int] = set()
        for line in have.teams.get(number, ()):
            for person_id in sorted(have.behind(line) - told):
                told.add(person_id)
                facts = {"name": line.name, "address": "" if line.who == person_id else line.email}
                yield Row(number, person_id, ConflictRule.TEAM, ConflictLevel.BLOCK, facts, line.since)


def _shared(
    have: Known, rule: ConflictRule, groups: Mapping[Any, list[int]], of: Callable[[Line], Any]
) -> Iterator[Row]:
    """People who are in the same group as somebody on the team: one row each, which names all of them."""
    for number in have.terms:
        level = _level(have, number, rule)
        if level is None:
            continue
        named: dict[Any, list[Line]] = {}
        for line in have.teams.get(number, ()):
            if of(line) in groups:
                named.setdefault(of(line), []).append(line)
        team = have.team_of(number) if named else frozenset()
        for group, lines in named.items():
            what = {"name": ", ".join(each.name for each in lines), "department": lines[0].department}
            facts = {**what, "laboratory": lines[0].laboratory}
            others = (each for each in groups[group] if each not in team) if team else groups[group]
            yield from _alike(number, others, rule, level, facts)


def _alike(
    number: int, people: Iterable[int], rule: ConflictRule, level: ConflictLevel, facts: Mapping[str, Any]
) -> Iterator[Row]:
    """A row for each of the people. Of a large university there are millions, so nothing of Python runs for each."""
    columns = zip(repeat(number), people, repeat(rule), repeat(level), repeat(facts), repeat(None), strict=False)
    return map(tuple.__new__, repeat(Row), columns)


def _department(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    groups: dict[Any, list[int]] = defaultdict(list)
    for each in have.people.values():
        if each.department_id is not None:
            groups[each.department_id].append(each.id)
    return _shared(have, ConflictRule.DEPARTMENT, dict(groups), lambda line: line.department_id)


def _laboratory(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    groups: dict[Any, list[int]] = defaultdict(list)
    for each in have.people.values():
        if each.laboratory:
            groups[each.laboratory].append(each.id)
    return _shared(have, ConflictRule.LABORATORY, dict(groups), lambda line: folded(line.laboratory))


def _supervision(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    ties = reading_more.supervisions(have, people)
    for number in have.terms if ties else ():
        level = _level(have, number, ConflictRule.SUPERVISION)
        team = {line.who for line in have.teams.get(number, ()) if line.who is not None}
        for line in have.teams.get(number, ()) if level else ():
            for tie in ties.get(line.who or 0, ()):
                # who has an interest keeps nobody away by their word, nor two of them by each other's
                alone = bool(tie.said_by) and tie.said_by <= team
                facts = {**tie.facts, "name": line.name, "alone": alone}
                here = level or ConflictLevel.NOTE
                at_most = ConflictLevel.WARN if alone and here is ConflictLevel.BLOCK else here
                yield Row(number, tie.person_id, ConflictRule.SUPERVISION, at_most, facts, tie.at)


def _joint_work(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    works = reading_more.joint_works(have, people)
    for number, terms in have.terms.items() if works else ():
        level = _level(have, number, ConflictRule.JOINT_WORK)
        if level is None:
            continue
        since, team, told = reading_more.years_back(terms.years), have.team_of(number), set[int]()
        for line in have.teams.get(number, ()):
            for person_id, joint in _joint_with(line, works):
                work = next((each for each in joint if each.proposal_id != number and each.at >= since), None)
                if work is not None and person_id not in team and person_id not in told:
                    told.add(person_id)
                    facts = {"name": line.name, **work.facts}
                    yield Row(number, person_id, ConflictRule.JOINT_WORK, level, facts, work.at)


def _joint_with(line: Line, works: reading_more.Works) -> Iterator[tuple[int, list[reading_more.Work]]]:
    for key in line.keys:
        yield from works.get(key, {}).items()


def _declared(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    for row in reading_more.declarations(proposals, people):
        facts = {"kind": row.kind, "note": row.note}
        yield Row(row.proposal_id, row.person_id, ConflictRule.DECLARED, ConflictLevel.BLOCK, facts, row.declared_at)


def _objection(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    for row in reading_more.objections(proposals):
        level = _level(have, row.proposal_id, ConflictRule.OBJECTION)
        named = set(have.by_name.get(row.email, ())) if row.email else set()
        if row.person_id is not None and row.person_id in have.people:
            named.add(row.person_id)
        for person_id in sorted(named) if level else ():
            facts = {"reason": row.reason}
            yield Row(
                row.proposal_id, person_id, ConflictRule.OBJECTION, level or ConflictLevel.NOTE, facts, row.made_at
            )


def _domain(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    by_domain: dict[str, set[int]] = defaultdict(set)
    for each in have.people.values():
        for address in have.addresses[each.id] if each.outside else ():
            by_domain[organisation_of(domain_of(address))].add(each.id)
    by_domain.pop("", None)
    for number, terms in have.terms.items() if by_domain else ():
        level = _level(have, number, ConflictRule.DOMAIN)
        if level is None:
            continue
        names = {domain: {"name": terms.sponsor, "domain": domain} for domain in sorted(terms.domains)}
        for line in have.teams.get(number, ()):
            domain = organisation_of(domain_of(line.email)) if line.outside else ""
            if domain and domain not in have.own_domains:
                names.setdefault(domain, {"name": line.name, "domain": domain})
        team = have.team_of(number)
        for domain, facts in names.items():
            for person_id in sorted(by_domain.get(domain, set()) - team):
                yield Row(number, person_id, ConflictRule.DOMAIN, level, facts, None)


def _employment(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    jobs = reading_more.employments(people)
    for number, terms in have.terms.items() if jobs else ():
        level = _level(have, number, ConflictRule.EMPLOYMENT)
        for job in jobs.get(terms.sponsor_id, ()) if level and terms.sponsor_id is not None else ():
            here = level or ConflictLevel.NOTE
            facts = {"name": terms.sponsor, **job.facts}
            yield Row(number, job.person_id, ConflictRule.EMPLOYMENT, softer(here) if job.past else here, facts, job.at)


def _stands_in(have: Known, proposals: Among, people: Among) -> Iterator[Row]:
    """The office's work and a reviewer's or a contact's are not one person's."""
    for row in reading_more.stand_ins(proposals, people):
        yield Row(row.proposal_id, row.person_id, ConflictRule.STANDS_IN, ConflictLevel.BLOCK, {}, row.named_at)


Rule = Callable[[Known, Among, Among], Iterator[Row]]
_COMMON: tuple[Rule, ...] = (_team, _department, _laboratory, _supervision, _joint_work, _declared, _objection)
_OF_JUDGES: tuple[Rule, ...] = (_domain, _employment)
