"""What the kinds of programmes differ in: with what a call of each begins, where its programme says nothing else."""

from __future__ import annotations

from typing import Any

from intake.programme.models import Programme
from intake.vocabulary import Currency, ProgrammeKind, ReadsOthers, RuleLevel, Words, say

KINDS: dict[ProgrammeKind, Words] = {
    ProgrammeKind.RESEARCH_PROJECT: say("Research project"),
    ProgrammeKind.FELLOWSHIP: say("Fellowship"),
    ProgrammeKind.INTERNSHIP: say("Internship"),
    ProgrammeKind.JOINT_LABORATORY: say("Joint laboratory"),
    ProgrammeKind.STANDING_INTAKE: say("Ideas, open all year"),
}
_MEANS: dict[ProgrammeKind, Words] = {
    ProgrammeKind.RESEARCH_PROJECT: say("Reviewers judge the proposals, and the sponsor chooses among those selected."),
    ProgrammeKind.FELLOWSHIP: say("One person applies for themselves, so only the applicant edits."),
    ProgrammeKind.INTERNSHIP: say("A PhD student applies; the supervisor endorses the application by a mailed link."),
    ProgrammeKind.JOINT_LABORATORY: say("A team applies for years together, so each co-investigator confirms a part."),
    ProgrammeKind.STANDING_INTAKE: say("It is always open: no dates, no review panel, and no sponsor decides."),
}
_COLUMNS: dict[ProgrammeKind, dict[str, Any]] = {
    ProgrammeKind.RESEARCH_PROJECT: {"duration_least": 12, "duration_most": 24},
    ProgrammeKind.FELLOWSHIP: {"duration_least": 6, "duration_most": 12, "team_may_edit": False},
    ProgrammeKind.INTERNSHIP: {"duration_least": 3, "duration_most": 12},
    ProgrammeKind.JOINT_LABORATORY: {"duration_least": 24, "duration_most": 60, "team_confirms": True},
    ProgrammeKind.STANDING_INTAKE: {"standing": True},
}
_RULES: dict[ProgrammeKind, tuple[tuple[str, str, str, dict[str, Any]], ...]] = {
    ProgrammeKind.INTERNSHIP: (
        ("phd-student", "The applicant is a PhD student of the university.", "appointment", {"kinds": ["phd_student"]}),
        ("supervisor-endorsed", "The applicant's supervisor has endorsed the application.", "supervisor-endorsed", {}),
    ),
}
"""Code, text, check and its settings. The supervisor endorses by mail, so the team need not hold them too."""


def explained(programme: Programme) -> Words:
    """What a call of such a programme begins with, in one sentence."""
    if programme.by_invitation:
        return say("Only those may apply whom the office invites by their address.")
    return _MEANS[programme.kind]


def columns(programme: Programme) -> dict[str, Any]:
    """The call's own columns (not those of ``phases``) that a new call of the programme begins with."""
    return {
        "currency": Currency.HKD if programme.sponsor_id is None else Currency.USD,
        "by_invitation": programme.by_invitation,
        **_COLUMNS[programme.kind],
    }


def phases(programme: Programme) -> dict[str, Any]:
    """How its proposals are judged. Without a sponsor nobody outside decides, and no panel sits over a mere idea."""
    standing = programme.kind is ProgrammeKind.STANDING_INTAKE
    return {
        "panel": not standing,
        "reviews_needed": 2,
        "reads_others": ReadsOthers.AFTER_OWN.value,
        "applicants_named": True,
        "reviewers_named": False,
        "sponsor_decides": programme.sponsor_id is not None and not standing,
    }


def rules(programme: Programme) -> list[dict[str, Any]]:
    """The rules that every call of the kind has, as ``setup`` writes them."""
    return [
        {"code": code, "text": text, "source": "", "level": RuleLevel.STOP.value, "check_name": check, "facts": facts}
        for code, text, check, facts in _RULES.get(programme.kind, ())
    ]
