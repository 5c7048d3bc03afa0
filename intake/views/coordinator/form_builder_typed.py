"""What was typed on the page of one question: its rows of options and of conditions as they were sent, and what a
button makes of them. Nothing is saved by these buttons."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from intake.form.kinds import MOST_CONDITIONS, MOST_OPTIONS

_DO = re.compile(r"(up|down|remove|drop)-(\d{1,3})", re.ASCII)
_BETWEEN = re.compile(r"\s*[\t|｜]\s*")
OPTION = ("key", "en", "zh")
CONDITION = ("cond-question", "cond-is", "cond-value")
BLANK_ROWS = 3


@dataclass(slots=True)
class Typed:
    """The rows as they were typed, each with its texts by name, and everything else."""

    options: list[dict[str, list[str]]]
    conditions: list[dict[str, list[str]]]
    rest: MultiDict[str, str]

    @classmethod
    def sent(cls) -> Typed:
        """What the browser sent, with what was pasted as rows of its own, unless that would be too many."""
        options = _rows(OPTION, "en", MOST_OPTIONS + BLANK_ROWS)
        conditions = _rows(CONDITION, "cond-question", MOST_CONDITIONS)
        rows = {f"{name}-{number}" for number in range(len(options)) for name in OPTION}
        rows |= {f"{name}-{number}" for number in range(len(conditions)) for name in CONDITION}
        rest = MultiDict([pair for pair in request.form.items(multi=True) if pair[0] not in rows])
        filled = [each for each in options if any("".join(each[name]).strip() for name in OPTION)]
        pasted = [line for line in rest.get("pasted", "").splitlines() if line.strip()]
        if not pasted or len(filled) + len(pasted) > MOST_OPTIONS:
            return cls(options, conditions, rest)
        rest["pasted"] = ""
        return cls([*filled, *map(_pasted, pasted)], conditions, rest)

    def press(self, button: str) -> str:
        """Do what a button asks of the rows; the name of the input to come back to, or nothing."""
        if button == "add-row":
            self.options += [{name: [""] for name in OPTION} for _ in range(BLANK_ROWS)]
            return f"en-{len(self.options) - BLANK_ROWS}"
        if button == "add-condition" and len(self.conditions) < MOST_CONDITIONS:
            chosen = self.rest.get("new_condition", "")
            if chosen:
                self.conditions.append({"cond-question": [chosen], "cond-is": [], "cond-value": []})
                return f"cond-is-{len(self.conditions) - 1}"
            return "new_condition"
        found = _DO.fullmatch(button)
        return self._row(found[1], int(found[2])) if found else ""

    def _row(self, act: str, at: int) -> str:
        rows = self.conditions if act == "drop" else self.options
        if at >= len(rows):
            return ""
        row = rows.pop(at)
        if act in ("remove", "drop"):
            return "new_condition" if act == "drop" else f"en-{max(0, min(at, len(rows) - 1))}"
        to = max(0, min(at + (1 if act == "down" else -1), len(rows)))
        rows.insert(to, row)
        return f"{act}-{to}"

    def formdata(self) -> MultiDict[str, str]:
        """Everything again, with the rows numbered in their order."""
        made: MultiDict[str, str] = MultiDict(list(self.rest.items(multi=True)))
        for rows in (self.options, self.conditions):
            for number, row in enumerate(rows):
                for name, texts in row.items():
                    made.setlist(f"{name}-{number}", texts)
        return made


def _rows(names: tuple[str, ...], leading: str, most: int) -> list[dict[str, list[str]]]:
    found: list[dict[str, list[str]]] = []
    while len(found) < most and f"{leading}-{len(found)}" in request.form:
        found.append({name: request.form.getlist(f"{name}-{len(found)}") for name in names})
    return found


def _pasted(line: str) -> dict[str, list[str]]:
    english, _, chinese = _BETWEEN.sub("|", line.strip()).partition("|")
    return {"key": [""], "en": [english], "zh": [chinese]}
