"""Which reader a list of publications is for."""

from __future__ import annotations

import re

from intake.affinity.importing.bibtex import from_bibtex
from intake.affinity.importing.found import Found, decoded
from intake.affinity.importing.orcid import from_orcid
from intake.affinity.importing.pasted import from_pasted
from intake.affinity.importing.sheet import from_sheet, looks_like_a_sheet

_ENTRY = re.compile(r"^[ \t]*@\w{1,40}[ \t]{0,9}[{(]", re.MULTILINE)


def from_any(data: bytes) -> Found:
    """The publications of a file or of pasted text, read as what it looks like: JSON by its bracket, BibTeX by an entry
    that begins a line, a sheet by a first row that names the title's column, else a pasted list."""
    text = decoded(data)
    if not isinstance(text, str):
        return from_pasted(data)
    if text.lstrip()[:1] in ("{", "[") and '"' in text:
        return from_orcid(data) if not re.match(r"\s*\[\d+\]", text) else from_pasted(data)
    if _ENTRY.search(text):
        return from_bibtex(data)
    return from_sheet(data) if looks_like_a_sheet(text) else from_pasted(data)
