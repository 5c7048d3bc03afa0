"""What was done, told beside what it was done to: on a long page that comes back there, the top is out of sight."""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, get_flashed_messages

BESIDE = "beside"


def tell_beside(words: str) -> None:
    """Tell it on the next page: beside its place where that page calls ``told_beside``, at the top on any other."""
    flash(words, BESIDE)


def told_beside() -> Sequence[str]:
    """What this page is to tell beside its place; give it to the template as ``told_beside``, which keeps it from the
    top."""
    return [str(words) for words in get_flashed_messages(category_filter=[BESIDE])]
