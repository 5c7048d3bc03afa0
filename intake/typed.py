"""What people type, made fit to keep: one form of each letter, one kind of line end, nothing invisible that misleads.

Lengths are counted afterwards in code points, as ``length()`` of both database engines does.
"""

from __future__ import annotations

import re
import unicodedata

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
"""Word processors paste these for a new line."""
DIRECTION_MARKS = "\u202a-\u202e\u2066-\u2069"
"""They make text read otherwise than it is. Letters that run from right to left need none of them."""
CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
SURROGATES = "\ud800-\udfff"
NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane + 0xFFFE) + chr(plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000)
)
UNKEEPABLE = re.compile(f"[{CONTROLS}{SURROGATES}{NO_CHARACTERS}{DIRECTION_MARKS}]")
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
    found = UNKEEPABLE.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def without_unkeepable(text: str) -> str:
    """``text`` less the characters that no field takes, to show it again."""
    return UNKEEPABLE.sub("", text)


def blank(text: str) -> bool:
    """Whether a reader would see nothing: only spaces and signs without a shape."""
    return all(unicodedata.category(each)[0] in "ZC" for each in text)
