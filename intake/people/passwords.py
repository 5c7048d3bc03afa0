"""Passwords: how they are kept (argon2id), and which we take."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from intake.vocabulary import Limit, Words, say

_WORDS = """
0123456789 1234567890 12345678910 123456789a 1q2w3e4r5t abcdefghij abcd123456 administrator changeme123 charlie123
iloveyou12 letmein123 football123 password12 password123 password1234 passw0rd123 p@ssw0rd123 princess123 qwerty12345
qwerty123456 qwertyuiop sunshine123 welcome123 welcome1234 zaq12wsx34 basketball superman123 trustno1234 polytechnic
"""
COMMON = frozenset(_WORDS.split())
"""Passwords that a guesser tries first. Short on purpose: the length and the count of guesses do most of the work."""
FEWEST_DIFFERENT = 5
LONGEST_TYPED = 4 * Limit.PASSWORD_MOST
"""Letters may come in parts that are put together; nothing longer can be right, so it is not hashed."""


class Kept:
    """How passwords are hashed in this installation; ``arrange`` sets it up."""

    hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
    nobodys = ""


def arrange(cost: tuple[int, int, int] | None) -> None:
    """Hash with ``cost`` (rounds, memory in KiB, lanes), or without one as RFC 9106 advises for little memory."""
    if cost is None:
        Kept.hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
    else:
        Kept.hasher = PasswordHasher(time_cost=cost[0], memory_cost=cost[1], parallelism=cost[2])
    Kept.nobodys = ""


def kept(password: str) -> str:
    """The password as it is kept: an argon2id hash with its salt and cost."""
    return Kept.hasher.hash(_bytes(password))


def fits(hash_or_none: str | None, password: str) -> bool:
    """Whether the password is the one that was kept. Without a hash it takes as long, and is False."""
    if not Kept.nobodys:
        Kept.nobodys = kept("nobody has this password")
    if len(password) > LONGEST_TYPED:
        hash_or_none, password = None, ""
    try:
        Kept.hasher.verify(hash_or_none or Kept.nobodys, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(hash_or_none)


def outdated(hash_: str) -> bool:
    """Whether the hash was made with another cost than today's."""
    return Kept.hasher.check_needs_rehash(hash_)


def fault(password: str, email: str) -> Words | None:
    """Why we do not take the password for the account with that address, or None."""
    length, plain = len(_normal(password)), _normal(password).casefold()
    if length < Limit.PASSWORD_LEAST:
        return say("At least %(least)s characters; this has %(length)s.", least=Limit.PASSWORD_LEAST, length=length)
    if length > Limit.PASSWORD_MOST:
        return say("At most %(most)s characters; this has %(length)s.", most=Limit.PASSWORD_MOST, length=length)
    if plain.strip() in (email.casefold(), email.partition("@")[0].casefold()):
        return say("This is your address. Choose something that others do not know.")
    if plain in COMMON or len(set(plain)) < FEWEST_DIFFERENT:
        return say("This is one of the first that a guesser tries. Choose another.")
    return None


def _normal(password: str) -> str:
    """One form for each letter, so that the same keys on another computer give the same password."""
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
