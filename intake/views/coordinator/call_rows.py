"""Forms of many rows: made for as many rows as are shown or were sent; fields are named ``<field>-<place>``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from flask import request

from intake.views.fields import Form, Paragraph

Row = TypeVar("Row")


class Lines(Paragraph):
    """Text of many lines, whose length is not told while it is typed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.flags.maxlength = None


_DO = re.compile(r"(up|down|remove|back)-(\d{1,4})", re.ASCII)
Fields = Mapping[str, Callable[[], Any]]


def sent_rows(field: str, most: int) -> int:
    """How many rows with that field were sent, without a gap and at most ``most`` and one."""
    count = 0
    while count <= most and f"{field}-{count}" in request.form:
        count += 1
    return count


def rows_form(base: type[Form], fields: Fields, rows: int, data: Sequence[Mapping[str, Any]] | None = None) -> Form:
    """The form with ``rows`` rows of ``fields``: filled by what was sent, or by ``data`` where that is given."""
    named = {f"{name}-{place}": make() for place in range(rows) for name, make in fields.items()}
    kind: Callable[..., Form] = type("Rows", (base,), named)
    if data is None:
        return kind()
    values = {f"{name}-{place}": row[name] for place, row in enumerate(data) for name in fields}
    return kind(formdata=None, data=values)


def typed_row(form: Form, fields: Fields, place: int) -> dict[str, Any]:
    """What one row of the form says."""
    return {name: form[f"{name}-{place}"].data for name in fields}


def after(rows: Sequence[Row], button: str) -> tuple[list[Row], int | None]:
    """The rows once a button ``up-3``, ``down-3`` or ``remove-3`` has been pressed, and the place of the row that it
    was about. Any other button leaves them as they are."""
    made, found = list(rows), _DO.fullmatch(button)
    if found is None or int(found[2]) >= len(made):
        return made, None
    act, place = found[1], int(found[2])
    if act == "back":
        return made, place
    row = made.pop(place)
    if act == "remove":
        return made, None
    to = max(0, min(place + (1 if act == "down" else -1), len(made)))
    made.insert(to, row)
    return made, to
