"""Money is a whole number of minor units beside its currency, never a float."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from intake.vocabulary import Limit

MINOR_PER_UNIT = 100
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?|\d+(\.\d{1,2})?")


def parse(text: str) -> int:
    """``"70,000"`` or ``"70000.50"`` as minor units (7000000, 7000050).

    Raises ValueError for anything else, for a negative amount and for one above ``Limit.MONEY_MINOR``.
    """
    cleaned = text.strip()
    if not cleaned.isascii() or not _GROUPED.fullmatch(cleaned):
        raise ValueError("not an amount")
    try:
        minor = int(Decimal(cleaned.replace(",", "")) * MINOR_PER_UNIT)
    except InvalidOperation:  # pragma: no cover - the pattern admits only numbers
        raise ValueError("not an amount") from None
    if minor > Limit.MONEY_MINOR:
        raise ValueError("too large")
    return minor


def plain(minor: int) -> str:
    """Minor units as text that ``parse`` reads back: ``"70000"`` or ``"70000.50"``."""
    whole, rest = divmod(minor, MINOR_PER_UNIT)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def shown(minor: int, currency: str) -> str:
    """``USD 70,000`` or ``USD 70,000.50``."""
    whole, rest = divmod(minor, MINOR_PER_UNIT)
    return f"{currency} {whole:,}.{rest:02d}" if rest else f"{currency} {whole:,}"
