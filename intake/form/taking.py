"""Taking values out of the JSON of a definition. Every refusal names its place, such as ``sections[1].label.en``."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from intake import typed
from intake.form.kinds import MOST_DECIMALS, MOST_DIGITS
from intake.form.shape import BadForm, Label
from intake.vocabulary import Limit, Words, say

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
RESERVED = frozenset({"and", "csrf_token", "once", "part", "section", "seen", "version"})
"""Names that the page's own hidden inputs bear."""
CLOBBERING = frozenset({"action", "elements", "id", "length", "method", "reset", "submit", "target"})
"""Names that would hide a property of the browser's form from scripts."""
_DECIMAL = re.compile(rf"-?\d{{1,{MOST_DIGITS}}}(\.\d{{1,{MOST_DECIMALS}}})?", re.ASCII)
_SHOWN = 60

Word = TypeVar("Word", bound=StrEnum)


def bad(place: str, reason: Words) -> NoReturn:
    """Refuse the definition. Raises BadForm."""
    raise BadForm(place, reason)


def excerpt(value: object) -> str:
    """A value of the JSON as a refusal may show it: short, and free of what no page can keep."""
    text = typed.without_unkeepable(typed.line(str(value) if isinstance(value, (str, int, Decimal)) else "…"))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class Part:
    """One object of the definition and its place in it. Null and absent are the same."""

    place: str
    content: dict[str, Any]

    @classmethod
    def of(cls, value: Any, place: str, known: Collection[str]) -> Part:
        """``value`` as a part that has no name but the ``known`` ones. Raises BadForm."""
        if not isinstance(value, dict):
            bad(place, say("This must be one object, with names and values."))
        part = cls(place, value)
        for name in value:
            if name not in known:
                bad(part.at(excerpt(name)), say("A form has no setting called “%(name)s”.", name=excerpt(name)))
        return part

    def at(self, name: str) -> str:
        """The place of a name."""
        return f"{self.place}.{name}" if self.place else name

    def get(self, name: str) -> Any:
        """The raw value, or None."""
        return self.content.get(name)

    def rows(self, name: str, most: int) -> list[tuple[str, Any]]:
        """The items of a list with the place of each; none where it is absent."""
        return listed(self.get(name), self.at(name), most)

    def text(self, name: str, limit: int, *, lines: bool = False) -> str:
        """A text, cleaned as what people type is; absent and blank are empty."""
        value, place = self.get(name), self.at(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            bad(place, say("This must be a text."))
        cleaned = typed.paragraphs(value) if lines else typed.line(value)
        if sign := typed.unkeepable(cleaned):
            bad(place, say("This holds an invisible sign (%(sign)s); write it without.", sign=sign))
        if len(cleaned) > limit:
            bad(place, say("At most %(limit)s characters; this has %(length)s.", limit=limit, length=len(cleaned)))
        return "" if typed.blank(cleaned) else cleaned

    def label(self, name: str, limit: int = Limit.NAME, *, needed: bool = True, lines: bool = False) -> Label:
        """A text in English, in Chinese or in both."""
        if self.get(name) is None and not needed:
            return Label()
        if self.get(name) is None:
            bad(self.at(name), say("Give it a label."))
        inner = Part.of(self.get(name), self.at(name), ("en", "zh"))
        label = Label(inner.text("en", limit, lines=lines), inner.text("zh", limit, lines=lines))
        if needed and label == Label():
            bad(self.at(name), say("Give it a label."))
        return label

    def key(self, name: str = "key") -> str:
        """A key: small letters, digits and underscores, a letter first."""
        value = self.get(name)
        if not isinstance(value, str) or not KEY.fullmatch(value):
            bad(self.at(name), say("A key has 1 to 40 small letters a to z, digits and underscores, a letter first."))
        if value in RESERVED or value in CLOBBERING:
            bad(self.at(name), say("The key “%(key)s” is taken by the page itself; choose another.", key=value))
        return value

    def flag(self, name: str, absent: bool) -> bool:
        """Yes or no."""
        value = self.get(name)
        if value is None:
            return absent
        if not isinstance(value, bool):
            bad(self.at(name), say("This must be yes or no."))
        return value

    def word(self, name: str, words: type[Word], absent: Word | None = None) -> Word:
        """One of the words that a form knows."""
        value = self.get(name)
        if value is None and absent is not None:
            return absent
        if not isinstance(value, str) or value not in {each.value for each in words}:
            known = ", ".join(each.value for each in words)
            bad(self.at(name), say("“%(value)s” is none of: %(known)s.", value=excerpt(value), known=known))
        return words(value)

    def whole(self, name: str, least: int, most: int) -> int | None:
        """A whole number within bounds, or None."""
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            reason = say("Write a whole number from %(least)s to %(most)s.", least=f"{least:,}", most=f"{most:,}")
            bad(self.at(name), reason)
        return value

    def decimal(self, name: str, decimals: int = MOST_DECIMALS) -> Decimal | None:
        """An exact number, whole or written as text; a float is none."""
        value = self.get(name)
        return None if value is None else exact(value, self.at(name), decimals)


def listed(value: Any, place: str, most: int) -> list[tuple[str, Any]]:
    """The items of a list with the place of each; None is an empty list. Raises BadForm."""
    if value is None:
        return []
    if not isinstance(value, list):
        bad(place, say("This must be a list."))
    if len(value) > most:
        bad(place, say("These are %(count)s; a form takes at most %(most)s.", count=len(value), most=most))
    return [(f"{place}[{number}]", each) for number, each in enumerate(value)]


def exact(value: Any, place: str, decimals: int) -> Decimal:
    """A whole number, or a decimal one written as text, as a Decimal. Raises BadForm."""
    whole = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**MOST_DIGITS
    if not whole and not (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        bad(place, say("Write a number such as 12 or 12.50, with at most 15 digits before the point."))
    found = Decimal(value)
    if found != round(found, decimals):
        bad(place, say("Digits after the point: at most %(decimals)s.", decimals=decimals))
    return found
