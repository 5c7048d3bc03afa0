"""Taking values out of a catalogue file. Every complaint names its place, such as ``calls[1].currency``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NoReturn, TypeVar
from zoneinfo import available_timezones

from intake.call.queries import CODE
from intake.errors import BadCatalogue
from intake.vocabulary import Limit, say

MOST_ITEMS = 1_000

Word = TypeVar("Word", bound=StrEnum)


def bad(place: str, wrong: str, **values: Any) -> NoReturn:
    """Refuse the file; the place of the whole file is empty. Raises BadCatalogue."""
    raise BadCatalogue(say(f"%(place)s: {wrong}" if place else f"the file {wrong}", place=place, **values))


def clean(text: str, place: str, limit: int) -> str:
    """``text`` without space around it, at most ``limit`` characters, free of what no page or database can keep."""
    text = text.replace("\r\n", "\n").strip()
    if len(text) > limit:
        bad(place, "has %(length)s characters; at most %(limit)s are kept", length=len(text), limit=limit)
    for sign in text:
        if sign not in "\n\t" and (unicodedata.category(sign) in ("Cc", "Cs") or ord(sign) & 0xFFFE == 0xFFFE):
            bad(place, "holds the sign U+%(code)s, which cannot be kept", code=f"{ord(sign):04X}")
    return text


@dataclass
class Part:
    """One object of the file and its place in it. It notes which of its keys were asked for."""

    place: str
    content: dict[str, Any]
    asked: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, value: Any, place: str) -> Part:
        """``value`` as a part. Raises BadCatalogue when it is no object."""
        if not isinstance(value, dict):
            bad(place, "must be one object, with names and values")
        return cls(place, value)

    def at(self, key: str) -> str:
        """The place of a key."""
        return f"{self.place}.{key}" if self.place else key

    def get(self, key: str) -> Any:
        """The raw value; null and absent are None."""
        self.asked.add(key)
        return self.content.get(key)

    def left(self) -> list[str]:
        """The places of the keys that nobody asked for."""
        return [self.at(ascii(key)[1:80].rstrip("'")) for key in self.content if key not in self.asked]

    def text(self, key: str, limit: int, *, needed: bool = True) -> str:
        """A text; an optional one that is absent is empty."""
        value = self.get(key)
        if value is None and not needed:
            return ""
        if value is None:
            bad(self.at(key), "is missing")
        if not isinstance(value, str):
            bad(self.at(key), "must be a text")
        cleaned = clean(value, self.at(key), limit)
        if needed and not cleaned:
            bad(self.at(key), "is empty")
        return cleaned

    def code(self, key: str = "code", limit: int = Limit.CODE) -> str:
        """A code: letters, digits, dot, dash and underscore."""
        code = self.text(key, limit)
        if not CODE.fullmatch(code):
            bad(self.at(key), "is a code: only letters A to Z, digits, dot, dash and underscore")
        return code

    def known(self, key: str, codes: Iterable[str], noun: str) -> str | None:
        """A code that must be one of ``codes``; None when absent."""
        if self.get(key) is None:
            return None
        code = self.text(key, Limit.CODE)
        if code not in codes:
            bad(self.at(key), "there is no %(noun)s with the code %(code)s", noun=noun, code=code)
        return code

    def choice(self, key: str, words: type[Word]) -> Word:
        """One of the words that the product knows."""
        value = self.text(key, Limit.NAME)
        if value not in {word.value for word in words}:
            known = ", ".join(word.value for word in words)
            bad(self.at(key), "%(value)s is not one of: %(known)s", value=value, known=known)
        return words(value)

    def flag(self, key: str, absent: bool = False) -> bool:
        """true or false."""
        value = self.get(key)
        if value is None:
            return absent
        if not isinstance(value, bool):
            bad(self.at(key), "must be true or false")
        return value

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number within bounds, or None when absent."""
        value = self.get(key)
        return None if value is None else _whole(value, self.at(key), least, most)

    def span(self, key: str, most: int) -> tuple[int | None, int | None]:
        """Two whole numbers, the lesser first, or two times None when absent."""
        value, place = self.get(key), self.at(key)
        if value is None:
            return None, None
        if not isinstance(value, list) or len(value) != 2:
            bad(place, "must be two numbers: the least and the most")
        low, high = (_whole(each, f"{place}[{n}]", 1, most) for n, each in enumerate(value))
        if low > high:
            bad(place, "the first number must not be above the second")
        return low, high

    def instant(self, key: str) -> datetime | None:
        """A time with its zone, such as ``2026-03-31T17:00:00+08:00``, in UTC; None when absent."""
        if self.get(key) is None:
            return None
        try:
            moment = datetime.fromisoformat(self.text(key, Limit.CODE))
        except ValueError:
            bad(self.at(key), "must be a time such as 2026-03-31T17:00:00+08:00")
        if moment.tzinfo is None:
            bad(self.at(key), "needs a zone, such as +08:00 at its end")
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            bad(self.at(key), "is too far off")

    def zone(self, key: str) -> str:
        """The IANA name of a time zone."""
        name = self.text(key, Limit.CODE)
        if name not in available_timezones():
            bad(self.at(key), "%(name)s is no time zone; write one such as Asia/Hong_Kong", name=name)
        return name

    def texts(self, key: str, limit: int) -> list[str]:
        """A list of different texts; empty when absent."""
        values = enumerate(self._list(key, needed=False))
        return once([_entry(value, f"{self.at(key)}[{n}]", limit) for n, value in values], self.at(key))

    def parts(self, key: str, *, needed: bool = True) -> list[Part]:
        """A list of objects; an optional one that is absent is empty."""
        return [Part.of(each, f"{self.at(key)}[{n}]") for n, each in enumerate(self._list(key, needed))]

    def part(self, key: str) -> Part:
        """An object."""
        if self.get(key) is None:
            bad(self.at(key), "is missing")
        return Part.of(self.content[key], self.at(key))

    def _list(self, key: str, needed: bool) -> list[Any]:
        value = self.get(key)
        if value is None and not needed:
            return []
        if value is None:
            bad(self.at(key), "is missing")
        if not isinstance(value, list):
            bad(self.at(key), "must be a list")
        if len(value) > MOST_ITEMS:
            bad(self.at(key), "has %(count)s entries; at most %(most)s", count=len(value), most=MOST_ITEMS)
        return value


def once(values: list[Any], place: str, keys: list[Any] | None = None) -> list[Any]:
    """``values`` when no two (or no two of their ``keys``) are equal. Raises BadCatalogue for the second of two."""
    seen: set[Any] = set()
    for number, key in enumerate(values if keys is None else keys):
        if key in seen:
            name = " / ".join(str(each) for each in key) if isinstance(key, tuple) else key
            bad(f"{place}[{number}]", "%(name)s stands in the list twice", name=name)
        seen.add(key)
    return values


def _entry(value: Any, place: str, limit: int) -> str:
    if not isinstance(value, str) or not value.strip():
        bad(place, "must be a text that is not empty")
    return clean(value, place, limit)


def _whole(value: Any, place: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        bad(place, "must be a whole number")
    if not least <= value <= most:
        bad(place, "must be from %(least)s to %(most)s", least=least, most=most)
    return value
