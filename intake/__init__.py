"""Intake: the system with which a university office runs open calls of industry research programmes.

Importing a room or the policy does not import the web: only ``create_app`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.1.0"


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application; see ``intake.app.create_app``."""
    from intake.app import create_app as put_together

    return put_together(settings)
