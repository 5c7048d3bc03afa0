"""What proposals hold of their call: the office cannot change under them what they were written or judged by."""

from __future__ import annotations

import sqlalchemy as sa

from intake.allowance.models import Waiver
from intake.call.arranging import HOLDERS
from intake.call.models import Call
from intake.extensions import db
from intake.proposal.models import Proposal
from intake.vocabulary import Words, say


def _any(*where: sa.ColumnElement[bool]) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(*where))))


def currency(call: Call, what: str) -> Words | None:
    """Amounts that people wrote are in the call's currency. Statements: 1."""
    if _any(Proposal.call_id == call.id, Proposal.amount_minor.is_not(None)):
        return say("Proposals ask for amounts in this currency, so it stays.")
    return None


def rule(call: Call, code: str) -> Words | None:
    """A proposal was found ineligible by the rule, or somebody need not meet it. Statements: 1 or 2."""
    if _any(Proposal.call_id == call.id, Proposal.ineligible_rule == code):
        return say("A proposal was found ineligible by this rule, so it stays. You may change its words.")
    if _any(Waiver.call_id == call.id, Waiver.rule_code == code, Waiver.withdrawn_at.is_(None)):
        return say("Somebody was told that they need not meet this rule, so it stays. Withdraw that first.")
    return None


HOLDERS.setdefault("currency", []).append(currency)
HOLDERS.setdefault("rule", []).append(rule)
