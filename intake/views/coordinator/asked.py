"""What the address of a list asks, read with care: whatever it cannot mean is left out, so any address gives a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from intake.call.models import Call
from intake.desk.narrowing import SORTS, Asked
from intake.desk.waiting import KINDS, Wait
from intake.views.display import state_label, tr
from intake.views.typed import line, without_unkeepable
from intake.vocabulary import Desk, State, Words, say

MOST_CHARACTERS = 200
DESKS: dict[Desk, Words] = {
    Desk.APPLICANT: say("Applicant"),
    Desk.OFFICE: say("Office"),
    Desk.REVIEWERS: say("Reviewers"),
    Desk.SPONSOR: say("Sponsor"),
    Desk.CLOSED: say("Closed"),
}
FEW = "few"
TOO_FEW = say("Fewer reviews than needed")
Word = TypeVar("Word", bound=StrEnum)
Args = MultiDict[str, str]


def asked_of(args: Args, *, themes: Mapping[int, str], calls: Mapping[int, str], panel: bool) -> Asked:
    """What the address asks of a list with these themes or calls; without a panel there is no mean to sort by."""
    sort = args.get("sort", "")
    sorts = [key for key in SORTS if panel or key != "mean"]
    return Asked(
        words=line(without_unkeepable(args.get("q", "")))[:MOST_CHARACTERS],
        states=tuple(state for state in State if state is not State.DRAFT and state.value in args.getlist("state")),
        theme_id=_one_of(args.get("theme"), themes),
        call_id=_one_of(args.get("call"), calls),
        desk=_word(args.get("desk"), Desk),
        wait=_word(args.get("waiting"), Wait),
        few=args.get("waiting") == FEW,
        sort=sort if sort.removeprefix("-") in sorts else "since",
        page=_page(args.get("page", "")),
    )


def _one_of(value: str | None, known: Mapping[int, str]) -> int | None:
    return next((each for each in known if str(each) == value), None)


def _word(value: str | None, words: type[Word]) -> Word | None:
    return next((each for each in words if each.value == value), None)


def _page(value: str) -> int:
    return max(1, int(value)) if value.isascii() and value.isdigit() and len(value) < 8 else 1


def chips_of(asked: Asked, args: Args, *, themes: Mapping[int, str], calls: Mapping[int, str]) -> list[dict[str, Any]]:
    """The filters in use, each with the part of the address that it is."""
    made: list[tuple[str, str, str]] = []
    if asked.words:
        made.append((gettext("holds: %(words)s", words=asked.words), "q", args.get("q", "")))
    if asked.call_id is not None:
        made.append((gettext("call: %(code)s", code=calls[asked.call_id]), "call", str(asked.call_id)))
    if asked.theme_id is not None:
        made.append((gettext("theme: %(name)s", name=themes[asked.theme_id]), "theme", str(asked.theme_id)))
    made.extend((gettext("state: %(name)s", name=state_label(each)), "state", each.value) for each in asked.states)
    if asked.desk:
        made.append((gettext("desk: %(name)s", name=tr(DESKS[asked.desk])), "desk", asked.desk.value))
    if asked.wait:
        made.append((gettext("waiting: %(what)s", what=tr(KINDS[asked.wait].label)), "waiting", asked.wait.value))
    if asked.few:
        made.append((tr(TOO_FEW), "waiting", FEW))
    return [{"label": label, "name": name, "value": value} for label, name, value in made]


def sorted_by(sort: str) -> str:
    """The order in words, for the line above the list."""
    return tr(_ORDERS[sort])


_ORDERS: dict[str, Words] = {
    "since": say("sorted by longest waiting"),
    "-since": say("sorted by latest change"),
    "number": say("sorted by number"),
    "-number": say("sorted by number, highest first"),
    "title": say("sorted by title"),
    "-title": say("sorted by title, Z first"),
    "principal": say("sorted by principal investigator"),
    "-principal": say("sorted by principal investigator, Z first"),
    "state": say("sorted by state"),
    "-state": say("sorted by state, last first"),
    "mean": say("sorted by mean, lowest first"),
    "-mean": say("sorted by mean, highest first"),
}


def names_of(calls: Sequence[Call]) -> dict[int, str]:
    """The calls' codes by id."""
    return {call.id: call.code for call in calls}
