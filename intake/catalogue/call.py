"""What a catalogue file says of a call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from intake.call import rubric
from intake.catalogue.reading import Part, bad, once
from intake.money import MINOR_PER_UNIT
from intake.vocabulary import Currency, Limit

MOST_CODE = 30
"""A call's code stands at the head of its proposals' numbers, which have ``Limit.CODE`` characters."""
MOST_REVIEWS = 20
LEAST_VALUE, MOST_VALUE = 0, 10


@dataclass
class WrittenCall:
    """A call of the file. ``settings`` are what the office may set in the product; only those that the file names."""

    place: str
    programme: str
    columns: dict[str, Any]
    settings: dict[str, Any]
    themes: list[dict[str, Any]]
    rules: list[dict[str, Any]]
    criteria: list[dict[str, Any]] | None
    ignored: list[str] = field(default_factory=list)


def read_call(part: Part, sponsored: Mapping[str, str | None]) -> WrittenCall:
    """A call; ``sponsored`` maps each programme's code to its sponsor's. Raises BadCatalogue."""
    programme = part.known("programme", sponsored, "programme")
    if programme is None:
        bad(part.at("programme"), "is missing")
    rules, criteria = part.parts("rules", needed=False), part.parts("criteria", needed=False)
    read = WrittenCall(
        part.place,
        programme,
        columns=_columns(part),
        settings=_settings(part, sponsored[programme] is not None),
        themes=[{"name": name} for name in part.texts("themes", Limit.NAME)],
        rules=_each_once(_rules(rules), part.at("rules")),
        criteria=_criteria(criteria, part.at("criteria")) if criteria else None,
    )
    read.ignored = [place for each in (*rules, *criteria) for place in each.left()]
    return read


def _columns(part: Part) -> dict[str, Any]:
    least, most = part.span("duration_months", Limit.DURATION_MONTHS)
    award = part.whole("max_award", 1, Limit.MONEY_MINOR // MINOR_PER_UNIT)
    return {
        "code": part.code(limit=MOST_CODE),
        "title": part.text("title", Limit.TITLE),
        "currency": part.choice("currency", Currency),
        "max_award_minor": None if award is None else award * MINOR_PER_UNIT,
        "max_award_source": part.text("max_award_source", Limit.NAME, needed=False),
        "duration_least": least,
        "duration_most": most,
        "headings": part.texts("sections", Limit.NAME),
        "standing": part.flag("standing"),
    }


def _settings(part: Part, has_sponsor: bool) -> dict[str, Any]:
    """Dates and review settings. Without a sponsor nobody outside decides, and no panel sits unless told."""
    opens_at, closes_at = part.instant("opens_at"), part.instant("closes_at")
    if (opens_at is None) != (closes_at is None):
        bad(part.at("closes_at" if closes_at is None else "opens_at"), "is missing: a call has both dates or none")
    if opens_at is not None and closes_at is not None:
        if part.flag("standing"):
            bad(part.at("opens_at"), "a standing call is always open and has no dates")
        if closes_at <= opens_at:
            bad(part.at("closes_at"), "must be after opens_at")
    if part.flag("sponsor_decides") and not has_sponsor:
        bad(part.at("sponsor_decides"), "the programme has no sponsor")
    settings = {
        "opens_at": opens_at,
        "closes_at": closes_at,
        "panel": part.flag("panel", absent=has_sponsor),
        "sponsor_decides": part.flag("sponsor_decides", absent=has_sponsor),
        "reviews_needed": part.whole("reviews_needed", 1, MOST_REVIEWS),
    }
    return {name: value for name, value in settings.items() if value is not None}


def _rules(parts: list[Part]) -> list[dict[str, Any]]:
    """The rules. A source that reads "same" is that of the rule before."""
    rows = [_rule(part) for part in parts]
    for before, row in pairwise(rows):
        if row["source"] == "same":
            row["source"] = before["source"]
    return rows


def _rule(part: Part) -> dict[str, Any]:
    return {
        "code": part.code(),
        "text": part.text("text", Limit.REASON),
        "source": part.text("source", Limit.TITLE, needed=False),
    }


def _criteria(parts: list[Part], place: str) -> list[dict[str, Any]]:
    rows = _each_once([_criterion(part) for part in parts], place)
    if (total := sum(row["weight"] for row in rows)) != 100:
        bad(place, "the weights add up to %(total)s; they must add up to 100", total=total)
    return rows


def _criterion(part: Part) -> dict[str, Any]:
    least = part.whole("least", LEAST_VALUE, MOST_VALUE)
    most = part.whole("most", LEAST_VALUE, MOST_VALUE)
    least, most = rubric.LEAST if least is None else least, rubric.MOST if most is None else most
    if least >= most:
        bad(part.at("most"), "must be above least")
    weight = part.whole("weight", 1, 100)
    if weight is None:
        bad(part.at("weight"), "is missing")
    anchors = part.part("anchors")
    texts = {str(value): anchors.text(str(value), Limit.TITLE) for value in range(least, most + 1)}
    if unknown := anchors.left():
        bad(unknown[0], "is no value of the scale from %(least)s to %(most)s", least=least, most=most)
    return {
        "code": part.code(),
        "name": part.text("name", Limit.NAME),
        "question": part.text("question", Limit.REASON, needed=False),
        "weight": weight,
        "least": least,
        "most": most,
        "anchors": texts,
    }


def _each_once(rows: list[dict[str, Any]], place: str) -> list[dict[str, Any]]:
    return once(rows, place, [row["code"] for row in rows])
