"""Roles with their scope, in words, and as one list to choose from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext

from intake.call.models import Call
from intake.extensions import db
from intake.policy import Grant
from intake.programme.models import Programme, Sponsor
from intake.views.display import tr
from intake.vocabulary import Role, say

ROLE_WORDS = {
    Role.FACULTY: say("Applicant (faculty)"),
    Role.COORDINATOR: say("Coordinator"),
    Role.REVIEWER: say("Reviewer"),
    Role.SPONSOR_CONTACT: say("Sponsor contact"),
    Role.ADMINISTRATOR: say("Administrator"),
}
_CHOSEN = re.compile(r"(\w+)(?:\.(programme|call|sponsor)_(\d{1,18}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Scopes:
    """What roles can be for, by id: programmes, calls and sponsors with the words that people know them by."""

    programmes: dict[int, str]
    calls: dict[int, str]
    sponsors: dict[int, str]

    @classmethod
    def read(cls) -> Scopes:
        """All of them, each by its code. Statements: 3."""

        def named(code: Any, model: Any, words: Any) -> dict[int, str]:
            rows = db.session.execute(sa.select(model.id, code, words).order_by(code)).all()
            return {row[0]: row[2] if row[1] in row[2] else f"{row[1]}: {row[2]}" for row in rows}

        return cls(
            named(Programme.code, Programme, Programme.name),
            named(Call.code, Call, Call.title),
            named(Sponsor.code, Sponsor, Sponsor.name),
        )

    def words(self, given: Any) -> str:
        """``Coordinator of the call HIRP-2020``: a grant (its row or the policy's) in words."""
        if given.programme_id:
            return gettext("Coordinator of the programme %(what)s", what=self.programmes.get(given.programme_id, "?"))
        if given.call_id:
            return gettext("Coordinator of the call %(what)s", what=self.calls.get(given.call_id, "?"))
        if given.sponsor_id:
            return gettext("Contact of the sponsor %(what)s", what=self.sponsors.get(given.sponsor_id, "?"))
        return tr(ROLE_WORDS[given.role])

    def choices(self) -> list[tuple[str, str]]:
        """Every role with every scope, as pairs of a value that ``chosen`` reads and words."""
        grants = [
            ("faculty", Grant(Role.FACULTY)),
            ("reviewer", Grant(Role.REVIEWER)),
            *((f"coordinator.programme_{key}", Grant(Role.COORDINATOR, programme_id=key)) for key in self.programmes),
            *((f"coordinator.call_{key}", Grant(Role.COORDINATOR, call_id=key)) for key in self.calls),
            *((f"sponsor_contact.sponsor_{key}", Grant(Role.SPONSOR_CONTACT, sponsor_id=key)) for key in self.sponsors),
            ("administrator", Grant(Role.ADMINISTRATOR)),
        ]
        return [(value, self.words(each)) for value, each in grants]


def chosen(value: str) -> Grant:
    """The grant that a value of ``Scopes.choices`` stands for. Raises ValueError for any other text."""
    found = _CHOSEN.fullmatch(value)
    if not found:
        raise ValueError("no role")
    role, kind, key = found.groups()
    return Grant(Role(role), **({f"{kind}_id": int(key)} if kind else {}))
