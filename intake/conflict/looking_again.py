"""Conflicts of people who review are looked for again whenever something changes that they are found by.

One that blocks ends the assignment in the same transaction, and the next alternate is asked. Whoever is on the team
keeps theirs, for when they leave it again: the policy hides the proposal from them meanwhile. A submitted review stays
until the office takes it off. The office is told of each once, by ``Notice``, and of each that ends an assignment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import set_committed_value

from intake.conflict import letters
from intake.conflict.ending import ends, follow, suspend
from intake.conflict.evidence import reason_of
from intake.conflict.finding import Row, rows
from intake.conflict.knowing import noted
from intake.conflict.levels import WEIGHT
from intake.conflict.models import Notice
from intake.conflict.standing_in import tell_if_nobody
from intake.extensions import db
from intake.notification.operations import tell
from intake.people import known_as
from intake.people.models import Person, PersonAddress, RoleGrant, StandIn
from intake.people.queries import names
from intake.policy import ENDED, RELEASED, Actor
from intake.proposal import team
from intake.proposal.loading import behind
from intake.proposal.models import Proposal, TeamMember
from intake.proposal.operations import office_of
from intake.proposal.queries import one
from intake.vocabulary import ConflictLevel, ConflictRule, Role, State, TeamAnswer, Words, say

LOOKED_AT = tuple(state for state in State if state not in ENDED | RELEASED)
"""Reviewers still work on it, or may again, or the decision made of their reviews is not released yet."""
TOLD = (ConflictLevel.BLOCK, ConflictLevel.WARN)


def reviewing(proposals: sa.Select[Any] | Sequence[int]) -> dict[tuple[int, int], Any]:
    """The standing assignments, with reviews, of those of these proposals whose reviews still matter, by proposal's id
    and reviewer's id. Statements: 1."""
    assignment = behind("assignments")
    asked = (
        sa.select(assignment)
        .join(Proposal, Proposal.id == assignment.proposal_id)
        .where(Proposal.id.in_(proposals), Proposal.state.in_(LOOKED_AT), assignment.removed_at.is_(None))
        .options(joinedload(assignment.review))
        .order_by(assignment.id)
    )
    return {(row.proposal_id, row.reviewer_id): row for row in db.session.scalars(asked)}


def look_again(proposals: sa.Select[Any] | Sequence[int], *, by: Actor) -> list[tuple[int, int]]:
    """Look for conflicts of everybody who reviews these proposals.

    Records: assignments that end, with an event each; what the office knows now. Tells: the office of what is new;
    reviewers whose assignment ended, and the alternates who are asked in their place. Returns: which ended, by
    proposal's id and reviewer's id. Statements: 1 where nobody reviews them.
    """
    db.session.flush()
    standing = reviewing(proposals)
    if not standing:
        return []
    found = rows(sorted({pair[0] for pair in standing}), sorted({pair[1] for pair in standing}))
    new = [row for row in found if row[:2] in standing and row.level in TOLD]
    by_proposal: dict[int, list[Row]] = defaultdict(list)
    for row in _to_heed(new, standing):
        by_proposal[row.proposal_id].append(row)
    gone: list[tuple[int, int]] = []
    for number, conflicts in sorted(by_proposal.items()):  # every act that holds several locks them in this order
        gone += _heed(number, conflicts, standing, by)
    return gone


def _to_heed(found: Iterable[Row], standing: Mapping[tuple[int, int], Any]) -> list[Row]:
    """Those that the office does not know at this level, from now on it does; and each that ends an assignment now,
    also one that was known, was found no more, and came back."""
    wanted = list(found)
    asked = sa.select(Notice).where(Notice.proposal_id.in_(sorted({row.proposal_id for row in wanted})))
    known = {(each.proposal_id, each.person_id, each.rule): each for each in db.session.scalars(asked)}
    heeded = []
    for row in wanted:
        notice = known.get(row[:3])
        if notice is None or WEIGHT[notice.level] < WEIGHT[row.level] or ends(standing[row[:2]], row):
            heeded.append(row)
    for row in sorted(heeded, key=lambda each: WEIGHT[each.level]):  # of several by one rule the heaviest stays
        known[row[:3]] = noted(known.get(row[:3]), *row[:4])
    return heeded


def _heed(number: int, conflicts: list[Row], standing: dict[tuple[int, int], Any], by: Actor) -> list[tuple[int, int]]:
    """End the assignments that cannot stay, let others be asked, and write the letters about one proposal. Returns:
    which ended."""
    proposal = one(number, for_update=True)
    if proposal is None:
        return []
    conflicts = [row for row in conflicts if standing[row[:2]].removed_at is None]  # it may have ended meanwhile
    known = names(row.person_id for row in conflicts)
    lines: list[Words] = []
    ended: dict[int, tuple[Any, bool]] = {}
    for row in conflicts:
        reason, theirs = reason_of(row), standing[row[:2]]
        if ends(theirs, row) and row.person_id not in ended:
            ended[row.person_id] = (theirs, theirs.lead)
            suspend(theirs, proposal, row, reason, by=by)
        lines.append(_line(known[row.person_id], row, reason, row.person_id in ended))
    if lines:
        gone = bool(ended) or any(row.rule is ConflictRule.TEAM for row in conflicts)
        _write(proposal, lines, ended, gone=gone)
    return [(number, person_id) for person_id in ended]


def _write(proposal: Proposal, lines: list[Words], ended: dict[int, tuple[Any, bool]], *, gone: bool) -> None:
    then = follow(proposal, list(ended.values()))
    tell(office_of(proposal), letters.arose(proposal, lines, gone, then), proposal_id=proposal.id)
    if ended:
        people = db.session.scalars(sa.select(Person).where(Person.id.in_(ended)).order_by(Person.id)).all()
        tell(people, letters.suspended(proposal), proposal_id=proposal.id)


def _line(name: str, row: Row, reason: Words, ended: bool) -> Words:
    if row.level is ConflictLevel.WARN:
        return say("%(name)s reviews it. A warning: %(reason)s", name=name, reason=reason)
    if row.rule is ConflictRule.TEAM:
        return say(
            "%(name)s reviews it and is on its team now. Their access as a reviewer has ended; it comes back if they"
            " leave the team.",
            name=name,
        )
    if not ended:
        stays = "%(name)s has submitted a review of it, which counts until you take it off: %(reason)s"
        return say(stays, name=name, reason=reason)
    return say("%(name)s no longer reviews it, their access has ended: %(reason)s", name=name, reason=reason)


def _of_team(proposal: Proposal, by: Actor) -> None:
    """A team has changed."""
    look_again([proposal.id], by=by)
    tell_if_nobody(proposal)


def _of_person(person: Person, by: Actor) -> None:
    """What is known of a person has changed: they review, or are on a team, maybe under another address now."""
    set_committed_value(person, "addresses", known_as.addresses_of(person))  # they may have been read before the change
    assignment = behind("assignments")
    reviews = sa.select(assignment.proposal_id).where(
        assignment.reviewer_id == person.id, assignment.removed_at.is_(None)
    )
    look_again(sa.union_all(reviews, named_in(person)).subquery().select(), by=by)
    handled = sa.select(Proposal.id).where(Proposal.id.in_(named_in(person)), Proposal.number.is_not(None))
    if _of_office(person):
        for number in db.session.scalars(handled.order_by(Proposal.id)):
            proposal = one(number)
            if proposal is not None:
                tell_if_nobody(proposal)


def named_in(person: Person) -> sa.Select[int]:
    """Ids of the proposals on whose team the person is, under any name, unless that line declined."""
    others = sa.select(PersonAddress.email).where(PersonAddress.person_id == person.id)
    names_of = [TeamMember.person_id == person.id, TeamMember.email == person.email, TeamMember.email.in_(others)]
    if person.orcid:
        names_of.append(TeamMember.orcid == person.orcid)
    return sa.select(TeamMember.proposal_id).where(sa.or_(*names_of), TeamMember.answer != TeamAnswer.DECLINED)


def _of_office(person: Person) -> bool:
    """The person coordinates something, or stands in for somebody who does."""
    held = sa.select(RoleGrant.id).where(
        RoleGrant.person_id == person.id, RoleGrant.role == Role.COORDINATOR, RoleGrant.revoked_at.is_(None)
    )
    named = sa.select(StandIn.id).where(StandIn.person_id == person.id, StandIn.ended_at.is_(None))
    return bool(db.session.scalar(sa.select(sa.or_(held.exists(), named.exists()))))


known_as.CHANGED.append(_of_person)
team.CHANGED.append(_of_team)
