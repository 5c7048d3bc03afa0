"""How long a text is.

Characters are code points, as the databases count them. Words: each Chinese character (and each Japanese kana) is one;
so is each run of other signs between spaces, Chinese characters and Chinese punctuation, if it holds a letter or a
digit. ``state-of-the-art`` and ``don't`` are one word, ``–`` is none, ``5G 网络`` are three.
"""

from __future__ import annotations

import re

from intake.form.kinds import Unit

_CHARACTERS = "\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PUNCTUATION = "\u3000-\u3006\u3008-\u303f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2018-\u201f\u2026"
_RUN = re.compile(rf"[{_CHARACTERS}]|[^\s{_CHARACTERS}{_PUNCTUATION}]+")


def length(text: str, unit: Unit) -> int:
    """How many characters, or words, the text has."""
    return words(text) if unit is Unit.WORDS else len(text)


def words(text: str) -> int:
    """How many words the text has."""
    return sum(1 for run in _RUN.findall(text) if any(sign.isalnum() for sign in run))
