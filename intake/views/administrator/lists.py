"""What the lists here share: pages of the same size, and loaders that tell only administrators what exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import request

from intake.policy import may
from intake.views.gate import actor
from intake.vocabulary import Action

ROWS = 50


def asked(name: str, most: int = 200) -> str:
    """A word of the address, as one line."""
    return " ".join(request.args.get(name, "").replace("\x00", "").split())[:most]


def page_of(total: int) -> tuple[int, int, int]:
    """The page that the address asks for (the nearest there is), how many there are, and its first row."""
    pages = max(1, -(-total // ROWS))
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    page = min(max(number, 1), pages)
    return page, pages, (page - 1) * ROWS


def for_administrators(load: Callable[..., Any]) -> Callable[..., Any]:
    """A loader that looks only for administrators: everybody else is refused alike, whether the thing exists or not."""

    @wraps(load)
    def loading(**values: Any) -> Any:
        if not may(actor(), Action.AREA_ADMINISTRATION):
            return values
        return load(**values)

    return loading
