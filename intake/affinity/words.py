"""A text as words: case, accents and endings aside, without the words that tell nothing.

Chinese comes in pairs of neighbouring signs, as in the search of likenesses, whether it is written in full or in short.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from intake.affinity.chinese import in_short

_CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
FIRST_CHINESE = "\u3400"
_RUN = re.compile(rf"[{_CHINESE}]+|(?:[^\W_{_CHINESE}][\u0300-\u036f]*)+")
_ASCII_RUN = re.compile(r"[a-zA-Z0-9]+")
_IS_CHINESE = re.compile(f"[{_CHINESE}]")
_LETTERS = re.compile(r"[^\W_]+")
_GRAMMAR = """
    about above after again against all also am among an and any are as at be because been before being below between
    both but by can cannot could did do does doing down during each either et al etc few for from further had has have
    having he her here hers him his how however if in into is it its itself just may me might more most must my near
    neither no nor not of off on once only or other our ours out over own per same shall she should so some such than
    that the their theirs them then there therefore these they this those through thus to too toward towards under
    until up upon us use used uses using very via was we were what when where whether which while who whom why will
    with within without would you your yours
"""
STOP_WORDS = frozenset(_GRAMMAR.split())
"""English words of grammar. Words such as “method” or “propose” stay: left out, they made the measured loss worse."""
_MORE_GRAMMAR = """
    across along although amid another anybody anyone anything around behind beneath beside besides beyond despite
    eight eleven every everybody everyone everything except first five four herself himself inside let many me mine
    much myself nine nobody none nothing onto ought others ourselves outside second seven several since six somebody
    someone something ten themselves third though three throughout till twelve two unless unlike versus whatever
    whereas whichever whoever whose yet yourself
"""
UNTOLD = STOP_WORDS | frozenset(_MORE_GRAMMAR.split())
"""Not named as what two texts have in common. Those that are no stop words count in the scores, as before."""
LONGEST = 60
"""Characters: what is longer is no word but an address or a mishap."""
ES_ENDINGS = ("sses", "shes", "ches", "xes")
KEPT_S = ("ss", "us", "is")

Spelled = tuple[str, int, int]
"""A word as it is compared (empty where it tells nothing and parts its neighbours), and where it stands in the text."""


def folded(text: str) -> str:
    """``text`` without case and accents, wide signs made narrow."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text)
    return "".join(each for each in split if not unicodedata.combining(each)).casefold()


def tells(term: str) -> bool:
    """Whether a term, as it is written, tells somebody what two texts have in common: none of its words is grammar."""
    return UNTOLD.isdisjoint(folded(term).split())


def bare(text: str) -> str:
    """The letters and digits of ``text``, folded, with one space between words: equal for titles that differ in signs
    only."""
    return " ".join(_LETTERS.findall(folded(text)))


def spelled(text: str) -> Iterator[Spelled]:
    """The words of ``text`` in their order, each with its place in ``text``. A word that tells nothing comes as an
    empty one; so does a gap after each pair of Chinese signs, which pair with no neighbour."""
    for run in _RUN.finditer(text):
        starts, ends = run.span()
        word = run[0]
        if word[0] < FIRST_CHINESE or not _IS_CHINESE.match(word):
            yield rooted(word), starts, ends
            continue
        for at in range(starts, max(ends - 1, starts + 1)):
            until = min(at + 2, ends)
            yield rooted(text[at:until]), at, until
            yield "", until, until


def plainly(text: str) -> list[str]:
    """The words of ``spelled``, for many texts: quicker, without their places, and not yet ``rooted``."""
    if text.isascii():
        return _ASCII_RUN.findall(text)
    if not _IS_CHINESE.search(text):
        return _RUN.findall(text)
    return [text[starts:ends] for _, starts, ends in spelled(text)]


def places(text: str) -> list[tuple[int, int]]:
    """Where each word of ``plainly`` begins and ends."""
    if text.isascii() or not _IS_CHINESE.search(text):
        return [run.span() for run in _RUN.finditer(text)]
    return [(starts, ends) for _, starts, ends in spelled(text)]


@lru_cache(maxsize=200_000)
def rooted(word: str) -> str:
    """A word as it is compared: folded and without its ending; empty for a stop word, a single letter, a number, or
    what is too long for a word."""
    plain = folded(word)
    if _IS_CHINESE.match(plain):
        return in_short(plain)
    if len(plain) < 2 or len(plain) > LONGEST or plain.isdigit() or plain in STOP_WORDS:
        return ""
    return without_ending(singular(plain))


def singular(word: str) -> str:
    """``word`` without the s of its plural (after Harman, How effective is suffixing?, JASIS 42, 1991)."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(ES_ENDINGS):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(KEPT_S):
        return word[:-1]
    return word


def without_ending(word: str) -> str:
    """``word`` without -ing, -ed and a last e, where at least four letters stay (part of step 1 and 5 of Porter, An
    algorithm for suffix stripping, Program 14, 1980): learning, learned and learn are one."""
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            word = word[:-1] if word[-1] == word[-2] and word[-1] not in "sz" else word
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
