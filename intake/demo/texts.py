"""The texts of ``demo/``: made-up people, their accounts, and proposals. Their form is tested with the tests."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, cast

HOME = Path(__file__).resolve().parents[2]
FOLDER = HOME / "demo"
CATALOGUE = HOME / "catalogue" / "catalogue.json"

Text = dict[str, Any]


def people() -> list[Text]:
    """Everybody of the demonstration, in the order of ``accounts.csv``."""
    return _read("people.json")


def proposals() -> list[Text]:
    """The proposals, each with all that happens to it."""
    return _read("proposals.json")


def matching() -> Text:
    """What themes mean and people know, what ties them, how far pairs are on the match board, and the meetings."""
    return cast(Text, json.loads((FOLDER / "matching.json").read_text(encoding="utf-8")))


def password() -> str:
    """The one password of every account of the demonstration."""
    with (FOLDER / "accounts.csv").open(encoding="utf-8", newline="") as lines:
        return next(csv.DictReader(lines))["password"]


def _read(name: str) -> list[Text]:
    return cast(list[Text], json.loads((FOLDER / name).read_text(encoding="utf-8")))
