"""What only some kinds of questions have: options, bounds, rows, budgets and limits of files, read from JSON."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from intake.form.kinds import ENDINGS, MOST_DECIMALS, MOST_OPTIONS, MOST_PAGES, MOST_ROWS, MOST_YEARS, Kind
from intake.form.shape import Bounds, BudgetRule, FileLimits, Option, RowLimits
from intake.form.taking import Part, bad, listed
from intake.vocabulary import Limit, say

FACTS: dict[Kind, tuple[str, ...]] = dict.fromkeys(Kind, ()) | {
    Kind.SHORT_TEXT: ("limit", "unit"),
    Kind.LONG_TEXT: ("limit", "unit"),
    Kind.RICH_TEXT: ("limit", "unit"),
    Kind.NUMBER: ("number",),
    Kind.MONEY: ("number",),
    Kind.CHOICE: ("options",),
    Kind.CHOICES: ("options",),
    Kind.PEOPLE: ("rows",),
    Kind.BUDGET: ("rows", "budget"),
    Kind.MILESTONES: ("rows",),
    Kind.ATTACHMENT: ("files",),
}
"""The settings that a kind has beside those of every question."""

PERCENT_DECIMALS = 2


def options(value: Any, place: str) -> tuple[Option, ...]:
    """At least one option; no key and no label twice."""
    rows = listed(value, place, MOST_OPTIONS)
    if not rows:
        bad(place, say("Give at least one to choose from."))
    found = tuple(_option(value, place) for place, value in rows)
    _once([each.key for each in found], rows, "key")
    _once([each.label.en.casefold() for each in found], rows, "label.en")
    _once([each.label.zh.casefold() for each in found], rows, "label.zh")
    return found


def _option(value: Any, place: str) -> Option:
    part = Part.of(value, place, ("key", "label"))
    return Option(part.key(), part.label("label"))


def _once(texts: Sequence[str], rows: list[tuple[str, Any]], name: str) -> None:
    for number, text in enumerate(texts):
        if text and text in texts[:number]:
            bad(f"{rows[number][0]}.{name}", say("“%(name)s” stands here twice.", name=text))


def bounds(value: Any, place: str, *, key: str, kind: Kind) -> Bounds:
    """The bounds of a number or of an amount of money."""
    part = Part.of({} if value is None else value, place, ("least", "most", "decimals", "unit"))
    if kind is Kind.MONEY:
        return _amounts(part)
    decimals = part.whole("decimals", 0, 0 if key == "duration_months" else MOST_DECIMALS) or 0
    found = Bounds(part.decimal("least", decimals), part.decimal("most", decimals), decimals, part.text("unit", 40))
    if key == "duration_months":
        for name, bound in (("least", found.least), ("most", found.most)):
            if bound is not None and not 1 <= bound <= Limit.DURATION_MONTHS:
                bad(part.at(name), say("A duration has 1 to %(most)s months.", most=Limit.DURATION_MONTHS))
    return _ordered(found, part)


def _amounts(part: Part) -> Bounds:
    for name in ("decimals", "unit"):
        if part.get(name) is not None:
            bad(part.at(name), say("Money is in the currency of the call, with two decimal places."))
    least, most = (part.whole(name, 0, Limit.MONEY_MINOR) for name in ("least", "most"))
    return _ordered(
        Bounds(None if least is None else Decimal(least), None if most is None else Decimal(most)),
        part,
    )


def _ordered(found: Bounds, part: Part) -> Bounds:
    if found.least is not None and found.most is not None and found.least > found.most:
        bad(part.at("most"), say("The most must not be below the least."))
    return found


def rows(value: Any, place: str) -> RowLimits:
    """How many rows an answer may have."""
    part = Part.of({} if value is None else value, place, ("least", "most"))
    most = part.whole("most", 1, MOST_ROWS)
    found = RowLimits(part.whole("least", 0, MOST_ROWS) or 0, MOST_ROWS if most is None else most)
    if found.least > found.most:
        bad(part.at("most"), say("The most must not be below the least."))
    return found


def budget(value: Any, place: str) -> BudgetRule:
    """Categories, years and overhead of a budget."""
    part = Part.of({} if value is None else value, place, ("categories", "years", "overhead_percent", "overhead_on"))
    categories = options(part.get("categories"), part.at("categories"))
    percent = part.decimal("overhead_percent", PERCENT_DECIMALS) or Decimal(0)
    if not 0 <= percent <= 100:
        bad(part.at("overhead_percent"), say("Write a number of percent from 0 to 100."))
    keys = [each.key for each in categories]
    named = []
    for at, each in part.rows("overhead_on", MOST_OPTIONS):
        if each not in keys or each in named:
            bad(at, say("Name each category of this budget at most once."))
        named.append(each)
    return BudgetRule(
        categories, part.whole("years", 1, MOST_YEARS) or 1, percent, tuple(sorted(named, key=keys.index))
    )


def files(value: Any, place: str) -> FileLimits:
    """What files an attachment takes."""
    part = Part.of({} if value is None else value, place, ("endings", "most", "max_bytes", "max_pages"))
    found = set()
    for at, each in part.rows("endings", MOST_OPTIONS):
        if not isinstance(each, str) or each.lower() not in ENDINGS:
            bad(at, say("We take files that end in one of: %(known)s.", known=", ".join(ENDINGS)))
        found.add(each.lower())
    if part.get("endings") is not None and not found:
        bad(part.at("endings"), say("Give at least one to choose from."))
    return FileLimits(
        tuple(each for each in ENDINGS if not found or each in found),
        part.whole("most", 1, Limit.FILES_OF_A_PROPOSAL) or 1,
        part.whole("max_bytes", 1, Limit.FILE_BYTES) or Limit.FILE_BYTES,
        part.whole("max_pages", 1, MOST_PAGES),
    )
