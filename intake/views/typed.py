"""What people type, made fit to keep: one form of each letter, one kind of line end, nothing invisible that misleads.

Lengths are counted afterwards in code points, as ``length()`` of both database engines does.
"""

from __future__ import annotations

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Word processors paste these for a new line."""
DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""They make text read otherwise than it is. Letters that run from right to left need none of them."""
SPACES = re.compile(r"[\t\n ]+")


def line(text: str) -> str:
    """``text`` as one line: letters in NFC, line ends and tabs as single spaces, no space around it."""
    return SPACES.sub(" ", paragraphs(text))


def paragraphs(text: str) -> str:
    """``text`` in lines that end with a line feed, letters in NFC, no empty space around it."""
    return unicodedata.normalize("NFC", LINE_ENDS.sub("\n", text)).strip()


def unkeepable(text: str) -> str | None:
    """The first character that no field takes, such as ``U+0007``, or None.

    These are control characters (but for tab and line feed), lone surrogates, code points that are no characters
    (such as U+FFFF) and the marks that turn the direction of text.
    """
    found = next((each for each in text if _refused(each)), None)
    return f"U+{ord(found):04X}" if found is not None else None


def without_unkeepable(text: str) -> str:
    """``text`` less the characters that no field takes, to show it again."""
    return "".join(each for each in text if not _refused(each))


def blank(text: str) -> bool:
    """Whether a reader would see nothing: only spaces and signs without a shape."""
    return all(unicodedata.category(each)[0] in "ZC" for each in text)


def _refused(character: str) -> bool:
    if character in "\n\t":
        return False
    point = ord(character)
    no_character = point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return no_character or unicodedata.category(character) in ("Cc", "Cs") or bool(DIRECTION_MARKS.match(character))
