"""Reading one text that a person typed. Each gives what is kept, and raises Unreadable with what to write instead.

Nothing is cut: a text that is too long is an error that says how much too long.
"""

from __future__ import annotations

import re
from decimal import Decimal

from email_validator import EmailNotValidError, validate_email

from intake import money, typed
from intake.errors import IntakeError
from intake.form.kinds import MOST_DIGITS
from intake.form.values import is_day
from intake.vocabulary import Limit, Words, say

_GROUPED = re.compile(r"[-\u2212]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", re.ASCII)
_ORCID = re.compile(
    r"(?:https?://)?(?:orcid\.org/)?(\d{4})[- ]?(\d{4})[- ]?(\d{4})[- ]?(\d{3}[\dX])", re.ASCII | re.IGNORECASE
)
_ROR = re.compile(r"(?:https?://)?(?:ror\.org/)?(0[a-hj-km-np-tv-z0-9]{6}\d{2})", re.ASCII | re.IGNORECASE)
_ROR_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's 32 digits, in which ROR writes its numbers."""
_LONGEST = 100
"""Characters of a number or an identifier, beyond which nothing is looked at."""


class Unreadable(IntakeError):
    """What was typed is no answer of its kind; ``reason`` says what to write instead."""


def text(raw: str, limit: int, *, lines: bool) -> str:
    """One line, or several, of at most ``limit`` characters; ``""`` where a reader would see nothing."""
    cleaned = typed.paragraphs(raw) if lines else typed.line(raw)
    if sign := typed.unkeepable(cleaned):
        raise Unreadable(
            say("It held an invisible sign (%(sign)s). It is taken out: check the text and send it again.", sign=sign)
        )
    if typed.blank(cleaned):
        return ""
    if len(cleaned) > limit:
        raise Unreadable(too_long(limit, len(cleaned)))
    return cleaned


def too_long(limit: int, length: int) -> Words:
    """That a text has more characters than are kept, and by how many."""
    return say(
        "At most %(limit)s characters; this has %(length)s, %(over)s too many.",
        limit=f"{limit:,}",
        length=f"{length:,}",
        over=f"{length - limit:,}",
    )


def number(raw: str, decimals: int) -> str:
    """An exact number with ``decimals`` places, such as ``12.50``; never rounded."""
    cleaned = raw.strip()
    if len(cleaned) > _LONGEST or not _GROUPED.fullmatch(cleaned):
        example = "12,000" if not decimals else f"12,000.{'5'.ljust(decimals, '0')}"
        raise Unreadable(say("Write a number such as %(example)s.", example=example))
    found = Decimal(cleaned.replace(",", "").replace("\u2212", "-"))
    if abs(found) >= 10**MOST_DIGITS:
        raise Unreadable(say("This number is too large."))
    if found != round(found, decimals):
        one = say("Write a whole number.")
        raise Unreadable(say("Digits after the point: at most %(decimals)s.", decimals=decimals) if decimals else one)
    return f"{found if found else Decimal(0):.{decimals}f}"


def amount(raw: str) -> int:
    """An amount in minor units."""
    try:
        return money.parse(raw)
    except ValueError as error:
        if "large" in str(error):
            most = money.shown(Limit.MONEY_MINOR, "").strip()
            raise Unreadable(say("At most %(most)s.", most=most)) from None
        raise Unreadable(say("Write an amount such as 70,000 or 70000.50.")) from None


def day(raw: str) -> str:
    """A date such as ``2026-03-31``."""
    cleaned = raw.strip()
    if not is_day(cleaned):
        raise Unreadable(say("Write a date such as 2026-03-31."))
    return cleaned


def email(raw: str) -> str:
    """An address that mail could reach, in lower case."""
    if len(raw) > Limit.EMAIL * 2:
        raise Unreadable(too_long(Limit.EMAIL, len(raw)))
    try:
        found = validate_email(raw.strip(), check_deliverability=False, allow_smtputf8=False)
    except (EmailNotValidError, UnicodeError):
        raise Unreadable(say("Write an address such as name@example.edu.")) from None
    return str(found.ascii_email).lower()


def orcid(raw: str) -> str:
    """An ORCID iD such as ``0000-0002-1825-0097``, whatever way it was written; its check digit is checked."""
    from idutils import is_orcid  # it takes a third of a second to load, and few requests need it

    found = _ORCID.fullmatch(raw.strip()) if len(raw) <= _LONGEST else None
    written = "-".join(found.groups()).upper() if found else ""
    if not found or not is_orcid(written):
        raise Unreadable(say("This is no ORCID iD: write one such as 0000-0002-1825-0097, and check its digits."))
    return written


def ror(raw: str) -> str:
    """An organisation's ROR identifier such as ``https://ror.org/0030zas98``; its two check digits are checked."""
    found = _ROR.fullmatch(raw.strip()) if len(raw) <= _LONGEST else None
    written = found[1].lower() if found else ""
    if not found or not _checks(written):
        raise Unreadable(
            say("This is no ROR identifier: write one such as https://ror.org/0030zas98, and check its digits.")
        )
    return f"https://ror.org/{written}"


def _checks(written: str) -> bool:
    """Whether the last two digits fit the seven before them, by ISO 7064 (modulo 97-10)."""
    number = 0
    for digit in written[:-2]:
        number = number * len(_ROR_DIGITS) + _ROR_DIGITS.index(digit)
    return int(written[-2:]) == 98 - number * 100 % 97
