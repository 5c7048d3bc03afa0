"""Makes any text of a person fit for a page. The one place where characters are cleaned for print."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_DROPPED = re.compile(
    # Controls, halves of a pair, marks that reorder text, the byte order mark, and what is no character at all.
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_CHINESE = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN = re.compile("[A-Za-z]")
_UNBROKEN = re.compile("[^\\s\u2e80-\U0003ffff]{41,}")
_DIGEST = re.compile("[0-9a-f]{64}")
_UNBROKEN_MOST = 30


def printable(text: str) -> str:
    """``text`` with line ends as ``\\n``, a tab as four blanks, private-use characters as their codes, and without
    whatever cannot be printed: control characters, lone surrogates, noncharacters, marks that reorder text."""
    even = _LINE_ENDS.sub("\n", text).replace("\t", "    ")
    kept = _DROPPED.sub("", even)
    return spelled(kept, {c for c in set(kept) if unicodedata.category(c) == "Co"})


def one_line(text: str) -> str:
    """``printable`` text on a single line, its blanks single."""
    return " ".join(printable(text).split())


def spelled(text: str, characters: Iterable[str]) -> str:
    """``text`` with each of ``characters`` written as its code: ``[U+1F600]``."""
    return text.translate({ord(c): f"[U+{ord(c):04X}]" for c in characters})


def breakable(text: str) -> str:
    """``text`` in which a run of more than 40 signs without a blank may be broken, so that it stays on the page.
    A digest may be broken in its middle only."""
    if _DIGEST.fullmatch(text):
        return f"{text[:32]}\u200b{text[32:]}"
    return _UNBROKEN.sub(lambda run: "\u200b".join(_parts(run[0])), text)


def _parts(run: str) -> list[str]:
    return [run[at : at + _UNBROKEN_MOST] for at in range(0, len(run), _UNBROKEN_MOST)]


def paragraphs(text: str) -> list[dict[str, object]]:
    """``text`` cut at blank lines; each paragraph with its lines, and whether it is Chinese rather than Latin."""
    cut = re.split(r"\n[ \u3000]*\n\s*", text.strip("\n"))
    return [{"lines": part.rstrip().split("\n"), "chinese": _mostly_chinese(part)} for part in cut if part.strip()]


def _mostly_chinese(text: str) -> bool:
    return len(_CHINESE.findall(text)) > len(_LATIN.findall(text)) / 4


def undrawn(characters: Iterable[str], draws: Callable[[str], bool], asking_most: int = 400) -> set[str]:
    """Those of ``characters`` that ``draws`` says no to, found by halving: ``draws`` is asked about many at once.

    ASCII is not asked about. After ``asking_most`` questions, those still in doubt count as undrawn if they lie
    beyond the basic plane, where the faces have next to nothing, and as drawn if not.
    """
    waiting = ["".join(sorted({c for c in characters if not c.isascii()}))]
    found: set[str] = set()
    while waiting:
        group = waiting.pop(0)
        asking_most -= 1
        if asking_most < 0:
            found.update(c for c in group if ord(c) > 0xFFFF)
        elif group and not draws(group):
            if len(group) == 1:
                found.add(group)
            else:
                waiting += [group[: len(group) // 2], group[len(group) // 2 :]]
    return found
