"""One proposal of the demonstration, played by the right people through the product's own operations.

Each function below is one act. It is called at the moment at which the act is to have happened (``clock.at``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from intake import money
from intake.award import operations as award
from intake.call import queries as calls
from intake.conflict.operations import declare
from intake.decision import operations as decision
from intake.demo.gathering import gather
from intake.demo.moments import office_day
from intake.demo.papers import letter_of_support
from intake.demo.texts import Text
from intake.extensions import db
from intake.forward import operations as forwarding
from intake.match.operations import match
from intake.policy import Actor
from intake.proposal import attaching, operations, writing
from intake.proposal.answers import part_asking
from intake.proposal.models import Proposal
from intake.proposal.queries import one
from intake.review import answering
from intake.review import operations as reviewing
from intake.review import queries as reviews
from intake.review import writing as assessing
from intake.storage import Store
from intake.vocabulary import ConflictKind, Interest, Outcome, Recommendation, State, Verdict

RETURNED_PARTS = {
    "hirp-19": ["description", "budget", "declarations"],
    "air-12": ["summary", "theme", "team", "description", "attachments", "declarations"],
    "ri-03": ["summary", "description"],
}
"""What the office's letters in the texts let change."""
REVISE_DAYS = 7
WRITTEN = ("title", "title_zh", "abstract", "keywords", "description")


@dataclass(frozen=True, slots=True)
class Company:
    """Who plays, and where: actors and facts of the people by key, each programme's coordinators by code."""

    actors: dict[str, Actor]
    people: dict[str, Text]
    coordinators: dict[str, list[str]]
    institution: str
    store: Store
    now: datetime


@dataclass(slots=True)
class Tale:
    """One proposal's text with the company that plays it; ``number`` is its id once it is started."""

    text: Text
    company: Company
    due_at: datetime
    number: int = 0

    @property
    def principal(self) -> Actor:
        """The principal investigator."""
        return self.company.actors[self.text["principal"]]

    @property
    def contact(self) -> Actor:
        """The contact at the sponsor."""
        return self.company.actors[self.text["contact"]]

    @property
    def lead(self) -> Actor:
        """The lead reviewer."""
        return self.company.actors[next(row["person"] for row in self.text["reviewers"] if row["lead"])]

    def office(self, proposal: Proposal) -> Actor:
        """The first coordinator of its programme who is not on its team."""
        team = {member.person_id for member in proposal.team}
        able = (self.company.actors[key] for key in self.company.coordinators[proposal.call.programme.code])
        return next(each for each in able if each.id not in team)

    def proposal(self) -> Proposal:
        """The proposal as it is now, with what the policy reads."""
        found = one(self.number)
        assert found is not None
        return found

    def whole(self) -> Proposal:
        """The same with the themes and rules of its call, its files and its receipts."""
        found = self.proposal()
        calls.one(found.call.code)
        db.session.scalars(
            sa.select(Proposal)
            .where(Proposal.id == self.number)
            .options(selectinload(Proposal.attachments), selectinload(Proposal.received))
        ).one()
        return found


def start(tale: Tale) -> None:
    """The principal investigator begins a draft and gathers the team."""
    call = calls.one(tale.text["call"])
    assert call is not None
    house = tale.company.institution
    tale.number = writing.start(call, by=tale.principal, organisation=house).id
    gather(tale)


def write(tale: Tale) -> None:
    """The text is written. Only what is submitted is confirmed."""
    proposal, text = tale.whole(), tale.text
    confirmed = text["state"] != State.DRAFT
    answers: dict[str, Any] = {
        name: text[name] for name in ("title", "title_zh", "abstract", "keywords", "description")
    }
    answers |= {
        "theme_id": theme_id(proposal, text["theme"]),
        "amount_minor": money.parse(text["amount"]) if text["amount"] else None,
        "duration_months": text["duration_months"],
        **dict.fromkeys(("nothing_confidential", "own_work", "one_university"), confirmed),
    }
    asked = {key: value for key, value in answers.items() if part_asking(proposal, key)}
    writing.write(proposal, asked, version=proposal.version, by=tale.principal)


def theme_id(proposal: Proposal, name: str) -> int | None:
    """The id of the theme of its call with that name."""
    return next((each.id for each in proposal.call.themes if each.name == name), None)


def attach(tale: Tale) -> None:
    """A page is attached."""
    data, store = letter_of_support(tale.text, tale.company.people), tale.company.store
    attaching.attach(tale.whole(), "Letter of support.pdf", data, store=store, scanner=None, by=tale.principal)


def submit(tale: Tale) -> None:
    """It is handed in."""
    operations.submit(tale.whole(), by=tale.principal)


def withdraw(tale: Tale) -> None:
    """The principal investigator takes it back."""
    operations.withdraw(tale.proposal(), tale.text["reason"], by=tale.principal)


def screen_in(tale: Tale) -> None:
    """The office accepts it as eligible."""
    proposal = tale.proposal()
    operations.screen_in(proposal, by=tale.office(proposal))


def screen_out(tale: Tale) -> None:
    """The office finds that it breaks a rule."""
    proposal = tale.whole()
    operations.screen_out(proposal, tale.text["rule"], tale.text["reason"], by=tale.office(proposal))


def send_back(tale: Tale) -> None:
    """The office asks for a revision, with a week from now on."""
    proposal = tale.whole()
    until = office_day(tale.company.now, -REVISE_DAYS, time(18))
    parts = RETURNED_PARTS[tale.text["key"]]
    operations.send_back(proposal, tale.text["reason"], parts, until, by=tale.office(proposal))


def pair(tale: Tale) -> None:
    """The office matches it."""
    proposal, text = tale.whole(), tale.text
    theme, contact = theme_id(proposal, text["matched_theme"]), tale.contact.id
    match(proposal, theme, contact, text["note"], by=tale.office(proposal))


def forward(tale: Tale) -> None:
    """The office forwards it to its reviewers."""
    proposal = tale.proposal()
    asked = [
        reviewing.Asked(person_id(tale, row["person"]), row["lead"], row.get("override_reason", ""))
        for row in tale.text["reviewers"]
    ]
    reviewing.forward(proposal, asked, tale.due_at, by=tale.office(proposal))


def person_id(tale: Tale, key: str) -> int:
    """The id of the person with that key."""
    number = tale.company.actors[key].id
    assert number is not None
    return number


def declared(tale: Tale, row: Text) -> None:
    """A reviewer declares a conflict, or none."""
    proposal, by = tale.proposal(), tale.company.actors[row["person"]]
    if row["conflict_kind"]:
        answering.declare(proposal, ConflictKind(row["conflict_kind"]), row["conflict_note"], by=by)
    else:
        declare(proposal, None, "", by=by)


def assess(tale: Tale, row: Text) -> None:
    """A reviewer writes, and submits where the text says so."""
    proposal, who, said = tale.proposal(), tale.company.actors[row["person"]], row["review"]
    call, assignment = reviews.with_criteria(proposal), reviews.own(proposal, who)
    assert assignment is not None
    written = assessing.Written(
        {criterion.id: score for criterion, score in zip(call.criteria, said["scores"], strict=True)},
        Recommendation(said["recommendation"]),
        said["comments_applicant"],
        said["comments_office"],
    )
    save = assessing.submit if said["state"] == "submitted" else assessing.save
    save(proposal, assignment, call, written, version=0, by=who)


def nudge(tale: Tale, row: Text) -> None:
    """The office reminds a reviewer who is late."""
    proposal = tale.proposal()
    assignment = reviews.own(proposal, tale.company.actors[row["person"]])
    assert assignment is not None
    reviewing.nudge(proposal, assignment, by=tale.office(proposal))


def decide(tale: Tale) -> None:
    """The lead reviewer records the panel's decision."""
    said = tale.text["decision"]
    verdict = Verdict(said["verdict"])
    decision.decide(tale.proposal(), verdict, said["rationale"], said["feedback"], by=tale.lead)


def release(tale: Tale) -> None:
    """The office tells the applicant."""
    proposal = tale.proposal()
    decision.release(proposal, by=tale.office(proposal))


def prepare(tale: Tale) -> None:
    """The office prepares the sponsor's packet."""
    proposal = tale.proposal()
    forwarding.prepare(proposal, store=tale.company.store, by=tale.office(proposal))


def send(tale: Tale) -> None:
    """The office sends it."""
    proposal = tale.proposal()
    newest = proposal.packets[-1].id
    forwarding.send(proposal, newest, store=tale.company.store, by=tale.office(proposal))


def interest(tale: Tale) -> None:
    """The contact says what they think."""
    said = tale.text["packet"]
    forwarding.show_interest(tale.proposal(), Interest(said["interest"]), said["note"], by=tale.contact)


def answer(tale: Tale) -> None:
    """The contact records the outcome."""
    said = tale.text["outcome"]
    award.answer(
        tale.proposal(),
        Outcome(said["result"]),
        amount_minor=money.parse(said["amount"]) if said["amount"] else None,
        reference=said["reference"],
        reason=said["reason"],
        by=tale.contact,
    )


def publish(tale: Tale) -> None:
    """The office puts the award on the public page."""
    proposal = tale.proposal()
    award.publish(proposal, by=tale.office(proposal))
