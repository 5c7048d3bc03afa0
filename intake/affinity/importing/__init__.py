"""Lists of publications as people bring them: pasted, as a sheet, as BibTeX, or as ORCID gives them out.

Each reader takes the bytes of a file (or what was pasted, in UTF-8) and answers with ``Found``. Whatever the bytes are,
none of them raises: what cannot be read is told line by line in ``Found.problems``. Pure: nothing is stored.
"""

from intake.affinity.importing.bibtex import from_bibtex
from intake.affinity.importing.found import MOST_BYTES, MOST_ENTRIES, Found, Publication, Remark
from intake.affinity.importing.guessing import from_any
from intake.affinity.importing.orcid import from_orcid
from intake.affinity.importing.pasted import from_pasted
from intake.affinity.importing.sheet import from_sheet

__all__ = [
    "MOST_BYTES",
    "MOST_ENTRIES",
    "Found",
    "Publication",
    "Remark",
    "from_any",
    "from_bibtex",
    "from_orcid",
    "from_pasted",
    "from_sheet",
]
