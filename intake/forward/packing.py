"""How a packet is made from what was received: an explicit list of fields, printed, with the files and their hashes."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from intake.form.telling import Audience
from intake.forward.content import Answered, Attached, Member, PacketContent, Principal, RuleMet
from intake.money import shown
from intake.proposal.models import Receipt
from intake.proposal.telling import held_for
from intake.vocabulary import Relation, TeamAnswer, Words, say

RELATIONS: dict[str, Words] = {
    Relation.PRINCIPAL: say("Principal investigator"),
    Relation.CO_INVESTIGATOR: say("Co-investigator"),
    Relation.ASSISTANT: say("Assistant"),
    Relation.VIEWER: say("Viewer"),
}

FIELDS: tuple[Words, ...] = (
    say("number, title and Chinese title"),
    say("programme, call and theme"),
    say("names, departments and organisations of the investigators"),
    say("keywords, abstract and description"),
    say("amount asked for and duration"),
    say("the other answers that the form of the call marks as leaving the university"),
    say("the call's rules with their sources"),
    say("time and SHA-256 of what was received"),
    say("the attachments"),
)
"""What the sponsor sees, and nothing else: no address, no review, no score, no note of the office."""

MANIFEST = "manifest.json"


def content_of(receipt: Receipt, institution: str, office: str) -> PacketContent:
    """What the sponsor's document says, from the frozen content of a receipt. Viewers,
    assistants, and whoever had not accepted to be on the team, are left out."""
    held = receipt.content
    leader = next(each for each in held["team"] if each["relation"] == Relation.PRINCIPAL)
    joined = [each for each in held["team"] if each.get("answer", TeamAnswer.ACCEPTED) == TeamAnswer.ACCEPTED]
    others = [each for each in joined if each["relation"] == Relation.CO_INVESTIGATOR]
    amount = held["amount_minor"]
    return PacketContent(
        number=held["number"],
        title=held["title"],
        title_zh=held["title_zh"],
        programme=held["programme"],
        call_title=held["call_title"],
        sponsor=held["sponsor"] or "",
        institution=institution,
        office=office,
        principal=Principal(leader["name"], leader["department"] or leader["organisation"]),
        team=[
            Member(each["name"], each["department"] or each["organisation"], str(RELATIONS[each["relation"]]))
            for each in others
        ],
        theme=held["theme"] or "",
        keywords=held["keywords"],
        abstract=held["abstract"],
        description=held["description"],
        amount="" if amount is None else shown(amount, held["currency"]),
        duration="" if held["duration_months"] is None else f"{held['duration_months']} months",
        rules_met=[RuleMet(each["text"], each["source"]) for each in held["rules"] if not each.get("aside")],
        received_at=f"{receipt.received_at:%d %b %Y, %H:%M} UTC",
        sha256=receipt.sha256,
        attachments=[Attached(each["name"], size(each["size"]), each["sha256"]) for each in leaving(held)],
        answers=[
            Answered(each["label"], each["text"], each["heads"], each["rows"], each["foot"])
            for section in held_for(held, Audience.SPONSOR)
            for each in section["answers"]
        ],
        stamp=receipt.received_at,
    )


def leaving(held: dict[str, Any]) -> list[dict[str, Any]]:
    """The attachments of a receipt that the sponsor gets: all but those whose question keeps them."""
    return [each for each in held["attachments"] if Audience.SPONSOR in each.get("for", [Audience.SPONSOR])]


def size(count: int) -> str:
    """A file's size to print: kB of 1,024 bytes, rounded up."""
    return f"{-(-count // 1024):,} kB"


def manifest_of(
    number: str, ordinal: int, receipt: Receipt, files: list[dict[str, Any]], built_at: datetime
) -> dict[str, Any]:
    """The packet's manifest: which packet, of which receipt, which fields, which files with their hashes."""
    return {
        "packet": f"{number}/{ordinal}",
        "built_at": built_at.isoformat(timespec="seconds"),
        "received_at": receipt.received_at.isoformat(timespec="seconds"),
        "receipt_sha256": receipt.sha256,
        "fields": [str(each) for each in FIELDS],
        "files": files,
    }


def readable(manifest: dict[str, Any]) -> bytes:
    """The manifest as the file that goes with the packet."""
    return (json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
