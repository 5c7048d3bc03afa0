"""How the team of a proposal of the demonstration comes together: each is invited by mail and answers by the link."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from intake.demo.texts import Text
from intake.proposal.joining import answer_by_link
from intake.proposal.team import add_member
from intake.vocabulary import Relation, State

if TYPE_CHECKING:
    from intake.demo.play import Tale


def gather(tale: Tale) -> None:
    """The principal investigator invites the others; all of them accept, but for one who has not answered yet."""
    house = tale.company.institution
    for member in tale.text["team"]:
        known = tale.company.people.get(member["person"] or "")
        _, token = add_member(
            tale.proposal(),
            name=member["name"],
            email=known["email"] if known else _outside(member["name"]),
            organisation=(known["organisation"] or house) if known else member["organisation"],
            relation=Relation(member["relation"]),
            by=tale.principal,
        )
        if not _undecided(tale, member):
            answer_by_link(token, True)


def _undecided(tale: Tale, member: Text) -> bool:
    """The last of several in a draft has not answered yet."""
    others = tale.text["team"]
    return tale.text["state"] == State.DRAFT and len(others) > 1 and member is others[-1]


def _outside(name: str) -> str:
    """An invented address of somebody who has no account here."""
    plain = "".join(each for each in unicodedata.normalize("NFKD", name.lower()) if each.isascii())
    return ".".join(re.findall(r"[a-z]+", plain) or ["somebody"]) + "@example.net"
