"""What people type, made fit to keep, for the views; it is ``intake/typed.py``, which the pure parts use as well."""

from __future__ import annotations

from intake.typed import blank, line, paragraphs, unkeepable, without_unkeepable

__all__ = ["blank", "line", "paragraphs", "unkeepable", "without_unkeepable"]
