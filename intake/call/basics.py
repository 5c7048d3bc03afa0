"""A call's basics: its name, its money, how long it funds, and who has a say."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from intake.call.arranging import enter, held, note
from intake.call.models import Call
from intake.call.queries import CODE, taken
from intake.call.setup import plain
from intake.errors import Incomplete
from intake.policy import Actor
from intake.vocabulary import Currency, Limit, Words, say

MOST_CODE = 30
"""A call's code stands at the head of its proposals' numbers, which have ``Limit.CODE`` characters."""
HELD = ("currency", "panel", "sponsor_decides")


@dataclass(frozen=True, slots=True)
class Basics:
    """What the office says of a call apart from its dates, form, themes, rules and rubric. Amounts in minor units."""

    title: str
    summary: str
    stage: str
    currency: Currency
    max_award_minor: int | None
    max_award_source: str
    duration_least: int | None
    duration_most: int | None
    by_invitation: bool
    team_may_edit: bool
    team_confirms: bool
    panel: bool
    sponsor_decides: bool

    @classmethod
    def of(cls, call: Call) -> Basics:
        """The basics as they are."""
        return cls(**{each.name: getattr(call, each.name) for each in fields(cls)})


def change_basics(call: Call, basics: Basics, *, version: int, by: Actor) -> bool:
    """Set a call's basics.

    Demands: ``CALL_OVERSEE``. Records: ``call.arranged`` with what each was and became. Raises: Refused; Stale;
    Incomplete with the fields that do not fit, or that proposals hold. Returns: whether anything changed.
    """
    enter(call, version, by=by)
    before = asdict(Basics.of(call))
    changes = {name: [before[name], value] for name, value in asdict(basics).items() if before[name] != value}
    if wrong := _wrong(call, basics, set(changes)):
        raise Incomplete(say("The basics do not fit."), wrong)
    if not changes:
        return False
    for name, (_, value) in changes.items():
        setattr(call, name, value)
    note(call, {name: [plain(was), plain(became)] for name, (was, became) in changes.items()}, by=by)
    return True


def _wrong(call: Call, basics: Basics, changed: set[str]) -> dict[str, Words]:
    """The fields that do not fit, each with the reason."""
    wrong: dict[str, Words] = {}
    if not basics.title.strip():
        wrong["title"] = say("Give the call a title.")
    least, most = basics.duration_least, basics.duration_most
    if (least is None) != (most is None):
        wrong["duration_most" if most is None else "duration_least"] = say("Say both, or leave both empty.")
    elif least is not None and most is not None and not 1 <= least <= most <= Limit.DURATION_MONTHS:
        wrong["duration_most"] = say("The longest cannot be shorter than the shortest.")
    if basics.max_award_minor is not None and not 1 <= basics.max_award_minor <= Limit.MONEY_MINOR:
        wrong["max_award_minor"] = say("Write an amount above zero, or leave it empty.")
    if basics.sponsor_decides and call.programme.sponsor_id is None:
        wrong["sponsor_decides"] = say("The programme has no sponsor.")
    for name in HELD:
        if name in changed and (reason := held(call, name)):
            wrong[name] = reason
    return wrong


def code_faults(code: str) -> Words | None:
    """Why a new call cannot have that code, or None. Statements: 1."""
    if not CODE.fullmatch(code) or len(code) > MOST_CODE:
        return say("Use letters, digits, - . and _, at most %(most)s, such as HIRP-2027.", most=MOST_CODE)
    return say("Another call has this code.") if taken(code) else None
