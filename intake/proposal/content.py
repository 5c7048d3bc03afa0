"""What a submission holds: the frozen copy that a receipt keeps, and its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from intake.audit.chain import canonical
from intake.form.telling import Audience
from intake.proposal.answers import form_of
from intake.proposal.models import Proposal
from intake.proposal.telling import as_json, file_readers, told_to


def frozen(
    proposal: Proposal, number: str, received_at: str, *, aside: Collection[str] = frozenset()
) -> dict[str, Any]:
    """The proposal as it is now, as plain JSON values. ``call`` with programme, sponsor, themes and rules, ``theme``,
    ``form``, ``team`` with people and departments and ``attachments`` must be loaded. Amounts are minor units.
    ``sections`` are the form's questions that are asked, with their answers in words; ``form`` is the number of its
    version, 0 for the standard form. ``aside`` are the codes of the rules that it goes in without meeting: they were
    waived, or only warn."""
    call = proposal.call
    return {
        "number": number,
        "received_at": received_at,
        "call": call.code,
        "call_title": call.title,
        "programme": call.programme.name,
        "sponsor": call.programme.sponsor.name if call.programme.sponsor else None,
        "title": proposal.title,
        "title_zh": proposal.title_zh,
        "abstract": proposal.abstract,
        "keywords": proposal.keywords,
        "theme": proposal.theme.name if proposal.theme else None,
        "description": proposal.description,
        "amount_minor": proposal.amount_minor,
        "currency": str(call.currency),
        "duration_months": proposal.duration_months,
        "team": [
            {
                "name": member.name,
                "organisation": member.organisation,
                "department": member.person.department.name if member.person and member.person.department else None,
                "relation": str(member.relation),
                "answer": str(member.answer),
            }
            for member in proposal.members
        ],
        "declarations": {
            "nothing_confidential": proposal.nothing_confidential,
            "own_work": proposal.own_work,
            "one_university": proposal.one_university,
        },
        "rules": [
            {"code": rule.code, "text": rule.text, "source": rule.source}
            | ({"aside": True} if rule.code in aside else {})
            for rule in call.rules
        ],
        "attachments": [
            {
                "id": file.id,
                "name": file.name,
                "size": file.size,
                "sha256": file.sha256,
                "pages": file.pages,
                "question": file.question,
                "for": sorted(file_readers(proposal, file)),
            }
            for file in proposal.attachments
            if file.removed_at is None
        ],
        "form": proposal.form.ordinal if proposal.form else 0,
        "sections": as_json(form_of(proposal), told_to(proposal, Audience.TEAM)),
    }


def sha256_of(content: dict[str, Any]) -> str:
    """SHA-256 of the content's canonical JSON (sorted keys, no spaces, UTF-8): 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()
