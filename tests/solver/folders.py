"""Folders as the command reads them."""

from __future__ import annotations

from pathlib import Path

TABLES = {
    "proposals.csv": "proposal_id,reviews_needed\nA,1\nB,2\n",
    "reviewers.csv": "reviewer_id,max_load,min_load\nx,1,0\ny,2,0\nz,2,1\n",
    "scores.csv": "proposal_id,reviewer_id,score\nA,x,0.90\nA,y,0.5\nB,x,0.8\nB,y,.25\nB,z,1e-1\n",
}


def folder(at: Path, **tables: str | bytes | None) -> Path:
    """A folder of the tables above with some put in their places, by name without the ending; None leaves one out."""
    at.mkdir(parents=True, exist_ok=True)
    named: dict[str, str | bytes | None] = {**TABLES, **{f"{name}.csv": text for name, text in tables.items()}}
    for name, text in named.items():
        if text is not None:
            (at / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return at
