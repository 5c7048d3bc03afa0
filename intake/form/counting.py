"""How long a text is.

Characters are code points, as the databases count them. Words: each Chinese character (and each Japanese kana) is one;
so is each run of other signs between spaces, Chinese characters and Chinese punctuation, if it holds more than
punctuation and symbols. ``state-of-the-art`` and ``don't`` are one word, ``–`` is none, ``5G 网络`` are three.

The ranges are spelled out, in the syntax of JavaScript as well, so that the counter on a page and the server agree
whatever version of Unicode each of them knows.
"""

from __future__ import annotations

import re

from intake.form.kinds import Unit

_CHARACTERS = "\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_BETWEEN = "\u3000-\u3006\u3008-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201f\u2026\ufeff"
_SIGNS = (
    r"!-/:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7"
    r"\u200b-\u205e\u2060-\u206f\u20a0-\u20cf\u2190-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff"
)
_WORD = re.compile(rf"[{_CHARACTERS}]|[^\s{_CHARACTERS}{_BETWEEN}]+")
_MORE = re.compile(rf"[^{_SIGNS}]")


def length(text: str, unit: Unit) -> int:
    """How many characters, or words, the text has."""
    return words(text) if unit is Unit.WORDS else len(text)


def words(text: str) -> int:
    """How many words the text has."""
    return sum(1 for run in _WORD.findall(text) if _MORE.search(run))
