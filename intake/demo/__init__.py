"""Data to look at and to measure with; refused in production.

``load`` plays the made-up texts of ``demo/`` through the product's own operations, each step at a moment of its own and
by the right person. ``generate`` fills a call with many rows at once,
``generate_matched`` one whose proposals wait for reviewers. It stands above the rooms; the caller commits.
"""

from __future__ import annotations

from intake.demo.generating import generate
from intake.demo.loading import load
from intake.demo.matched import generate_matched

__all__ = ["generate", "generate_matched", "load"]
