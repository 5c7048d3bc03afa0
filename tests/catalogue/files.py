"""A small whole catalogue to change in tests, and the one that comes with the product."""

from __future__ import annotations

import json
from typing import Any

from intake.commands import CATALOGUE


def ours() -> Any:
    """The catalogue that comes with the product."""
    return json.loads(CATALOGUE.read_text())


def small() -> Any:
    """One of each."""
    return {
        "office": {
            "name": "Example Office",
            "short": "EO",
            "institution": "Example University",
            "time_zone": "Asia/Hong_Kong",
        },
        "departments": [{"code": "COMP", "name": "Computing"}, {"code": "EE", "name": "Electrical Engineering"}],
        "sponsors": [{"code": "ALBA", "name": "Alba 工業", "units": ["Labs"], "time_zone": "Asia/Shanghai"}],
        "programmes": [
            {"code": "PRG", "sponsor": "ALBA", "name": "Alba Research", "kind": "research project", "for": "faculty"},
            {
                "code": "IDEA",
                "sponsor": None,
                "name": "Ideas",
                "kind": "standing intake",
                "for": "faculty",
                "leaflet": True,
            },
        ],
        "calls": [
            {
                "code": "PRG-1",
                "programme": "PRG",
                "title": "First call",
                "currency": "USD",
                "max_award": 70000,
                "duration_months": [12, 24],
                "themes": ["Light", "Sound"],
                "rules": [
                    {"code": "cap", "text": "Within the cap.", "source": "The sponsor"},
                    {"code": "alone", "text": "One university.", "source": "same"},
                ],
            },
            {"code": "IDEAS", "programme": "IDEA", "title": "Ideas", "currency": "HKD", "standing": True},
        ],
        "past_awards": [{"call": "PRG-1", "title": "Old light", "department": "COMP", "with": ["EE"], "year": 2019}],
        "history": [{"when": "2007", "what": "It begins"}],
    }
