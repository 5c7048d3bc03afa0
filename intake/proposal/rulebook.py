"""What a submission is checked for: the answers that every proposal needs, and the rules of its call.

A rule's row says what it means and where it comes from; its ``code`` finds the check here. A rule without a check is
for the coordinator to judge at screening. Later rooms may add checks of their own with ``check``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from intake.call.models import Rule
from intake.money import shown
from intake.proposal.models import Proposal
from intake.vocabulary import Appointment, Relation, Words, say

CHARACTERS_OF_A_PAGE = 3_000
PAGES_OF_A_DESCRIPTION = 10
FOREIGN_LETTERS = 0.1
"""The share of letters outside the Latin and Chinese scripts above which a text is not in either language."""

_LATIN_OR_CHINESE = re.compile(r"[A-Za-z\u00c0-\u024f\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in the way of a submission: where it can be mended, why, and the rule with its source, if any."""

    part: str
    field: str
    reason: Words
    rule: Rule | None = None


Check = Callable[[Proposal], "tuple[str, str, Words] | None"]
CHECKS: dict[str, Check] = {}


def check(code: str) -> Callable[[Check], Check]:
    """Register the check of the rule ``code``: it answers with part, field and reason, or None when the rule is met."""

    def register(function: Check) -> Check:
        CHECKS[code] = function
        return function

    return register


def faults(proposal: Proposal) -> list[Fault]:
    """Everything that stands in the way of submitting the proposal: missing answers first, then unmet rules.

    ``call`` with ``rules`` and ``themes``, ``team`` with people and ``attachments`` must be loaded.
    """
    found = [Fault(*row) for row in _missing(proposal)]
    for rule in proposal.call.rules:
        test = CHECKS.get(rule.code)
        fault = test(proposal) if test else None
        if fault:
            found.append(Fault(*fault, rule))
    return found


def _missing(proposal: Proposal) -> list[tuple[str, str, Words]]:
    """The answers that every proposal of the call needs and this one lacks."""
    call = proposal.call
    rows = [
        (not proposal.title, "summary", "title", say("Give it a title.")),
        (not proposal.abstract, "summary", "abstract", say("Write an abstract.")),
        (bool(call.themes) and proposal.theme_id is None, "theme", "theme_id", say("Choose a theme of the call.")),
        (not proposal.keywords, "theme", "keywords", say("Give some keywords.")),
        (not proposal.description, "description", "description", say("Describe the work.")),
    ]
    if not call.standing:
        rows += [
            (not proposal.amount_minor, "budget", "amount_minor", say("Say how much you ask for.")),
            (proposal.duration_months is None, "budget", "duration_months", say("Say how many months it takes.")),
        ]
    rows.append(_duration(proposal))
    return [(part, field, reason) for missing, part, field, reason in rows if missing]


def _duration(proposal: Proposal) -> tuple[bool, str, str, Words]:
    least, most = proposal.call.duration_least, proposal.call.duration_most
    months = proposal.duration_months
    outside = months is not None and least is not None and most is not None and not least <= months <= most
    reason = say("The call funds %(least)s to %(most)s months.", least=least, most=most)
    if least == most:
        reason = say("The call funds %(least)s months.", least=least)
    return outside, "budget", "duration_months", reason


def _appointed(proposal: Proposal, *kinds: Appointment) -> bool:
    person = proposal.principal.person
    return person is not None and person.appointment in kinds


@check("full-time")
def _full_time(proposal: Proposal) -> tuple[str, str, Words] | None:
    if _appointed(proposal, Appointment.FULL_TIME_FACULTY):
        return None
    return "team", "principal", say("The principal investigator's appointment in our records is not full-time faculty.")


@check("research-scholar")
def _scholar(proposal: Proposal) -> tuple[str, str, Words] | None:
    if _appointed(proposal, Appointment.RESEARCH_SCHOLAR):
        return None
    return "team", "principal", say("The applicant's appointment in our records is not research scholar.")


@check("phd-student")
def _student(proposal: Proposal) -> tuple[str, str, Words] | None:
    if not _appointed(proposal, Appointment.PHD_STUDENT):
        return "team", "principal", say("The applicant's appointment in our records is not PhD student.")
    others = [m for m in proposal.team if m.relation in (Relation.CO_INVESTIGATOR, Relation.VIEWER) and m.person]
    if any(m.person and m.person.appointment is Appointment.FULL_TIME_FACULTY for m in others):
        return None
    return "team", "team", say("Add your supervisor, a full-time faculty member, to the team.")


@check("not-for-students")
def _own_work(proposal: Proposal) -> tuple[str, str, Words] | None:
    if proposal.own_work:
        return None
    return "declarations", "own_work", say("Confirm that you do not apply on behalf of somebody who may not apply.")


@check("one-university")
def _one_university(proposal: Proposal) -> tuple[str, str, Words] | None:
    if proposal.one_university:
        return None
    return "declarations", "one_university", say("Confirm that no other university takes part.")


@check("nothing-confidential")
def _nothing_confidential(proposal: Proposal) -> tuple[str, str, Words] | None:
    if proposal.nothing_confidential:
        return None
    return "declarations", "nothing_confidential", say("Confirm that it holds nothing confidential.")


@check("award-cap")
def _award_cap(proposal: Proposal) -> tuple[str, str, Words] | None:
    cap, asked = proposal.call.max_award_minor, proposal.amount_minor
    if cap is None or asked is None or asked <= cap:
        return None
    currency = proposal.call.currency
    return (
        "budget",
        "amount_minor",
        say("%(asked)s is above the cap of %(cap)s.", asked=shown(asked, currency), cap=shown(cap, currency)),
    )


def pages(text: str) -> int:
    """How many pages a plain text fills, at 3,000 characters a page."""
    return math.ceil(len(text) / CHARACTERS_OF_A_PAGE)


@check("page-limit")
def _page_limit(proposal: Proposal) -> tuple[str, str, Words] | None:
    length = pages(proposal.description)
    if length > PAGES_OF_A_DESCRIPTION:
        return (
            "description",
            "description",
            say("It has %(pages)s pages of 3,000 characters; at most ten.", pages=length),
        )
    for file in proposal.attachments:
        if file.removed_at is None and (file.pages or 0) > PAGES_OF_A_DESCRIPTION:
            return (
                "attachments",
                "file",
                say("%(name)s has %(pages)s pages; at most ten.", name=file.name, pages=file.pages),
            )
    return None


@check("language")
def _language(proposal: Proposal) -> tuple[str, str, Words] | None:
    for field in ("title", "abstract", "description"):
        letters = [each for each in getattr(proposal, field) if each.isalpha()]
        foreign = sum(1 for each in letters if not _LATIN_OR_CHINESE.match(each))
        if letters and foreign / len(letters) > FOREIGN_LETTERS:
            part = "description" if field == "description" else "summary"
            return part, field, say("This is neither in English nor in Chinese.")
    return None
