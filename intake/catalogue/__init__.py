"""The catalogue: a file that names the office, its sponsors, programmes, calls, past awards and history.

It stands above the rooms. The whole file is read and checked before anything is kept, so a bad file changes nothing.
"""

from __future__ import annotations

from intake.catalogue.loading import load, load_file
from intake.catalogue.report import Report

__all__ = ["Report", "load", "load_file"]
