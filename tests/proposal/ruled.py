"""Calls with rules and questions of a test's own, and how a draft of them is judged."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.chain import canonical
from intake.call.models import Call, FormVersion, Rule
from intake.extensions import db
from intake.proposal.models import Proposal
from intake.proposal.rulebook import Judged, judged
from intake.vocabulary import RuleLevel
from tests.factories.people import call_with, whole

CORE = (
    {"key": "title", "kind": "short_text", "label": {"en": "Title"}, "required": True},
    {"key": "abstract", "kind": "long_text", "label": {"en": "Abstract"}, "required": True},
)


def a_rule(check: str, *, code: str = "", level: RuleLevel = RuleLevel.STOP, **facts: Any) -> Rule:
    """A rule of that check with these settings; its code is the check's name unless told."""
    return Rule(
        code=code or check,
        text=f"The rule on {check}.",
        source=f"Guide, clause {check}",
        check_name=check,
        facts=facts,
        level=level,
    )


def an_option(key: str) -> dict[str, Any]:
    """An option of a question of choice, its label made of its key."""
    return {"key": key, "label": {"en": key.title()}}


def ruled(*rules: Rule, of: str = "HIRP-2020", asks: tuple[dict[str, Any], ...] = (), **columns: Any) -> Call:
    """The call of the catalogue with these rules only, and with a form of title, abstract and ``asks``, if there are
    any."""
    call = call_with(of)
    for name, value in columns.items():
        setattr(call, name, value)
    db.session.execute(sa.delete(Rule).where(Rule.call_id == call.id))
    db.session.expire(call, ["rules"])
    for position, rule in enumerate(rules):
        rule.call_id, rule.position = call.id, position
        db.session.add(rule)
    if asks:
        db.session.add(_form(call, asks))
    db.session.flush()
    return call_with(of)


def _form(call: Call, asks: tuple[dict[str, Any], ...]) -> FormVersion:
    sections = [
        {"key": "summary", "label": {"en": "Summary"}, "questions": list(CORE)},
        {"key": "team", "label": {"en": "Team"}, "page": "team"},
        {"key": "details", "label": {"en": "Details"}, "questions": list(asks)},
    ]
    definition = {"sections": sections}
    return FormVersion(
        call_id=call.id,
        ordinal=1,
        definition=definition,
        sha256=sha256(canonical(definition)).hexdigest(),
        published_at=clock.now(),
    )


def answered(proposal: Proposal, **answers: Any) -> Proposal:
    """The proposal with these answers beside those in columns, whatever they are; read anew."""
    proposal.answers = {**proposal.answers, **answers}
    db.session.flush()
    return whole(proposal)


def one(proposal: Proposal) -> Judged:
    """How the proposal stands to the only rule of its call."""
    (found,) = judged(proposal)
    return found


def told(judgement: Judged) -> list[tuple[str, str, str]]:
    """Part, field and level of what was found."""
    return [(each.part, each.field, each.level.value) for each in judgement.faults]


def reasons(judgement: Judged) -> str:
    """What was found, in words."""
    return " ".join(str(each.reason) for each in judgement.faults)


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent inside."""
    sent: list[str] = []
    engine = db.session.connection().engine

    def note(*args: Any) -> None:
        sent.append(str(args[2]))

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
