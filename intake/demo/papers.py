"""Small PDF files for the demonstration's attachments: a page of Latin text each."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pikepdf

from intake.demo.texts import Text

A4 = (595, 842)
"""Width and height in points."""
LEFT, TOP, STEP = 72, 770, 16
COLUMNS = 82


def paper(heading: str, paragraphs: Sequence[str]) -> bytes:
    """One page with a heading and paragraphs. The same words give the same bytes."""
    lines = [heading, ""]
    for each in paragraphs:
        lines += [*textwrap.wrap(each, COLUMNS), ""]
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream(_drawn(lines))
        out = BytesIO()
        pdf.save(out, static_id=True)
    return out.getvalue()


def letter_of_support(text: Text, people: Mapping[str, Any]) -> bytes:
    """The letter that goes with a proposal of the demonstration, naming those of its team who are ``people`` of it."""
    names = [people[each["person"]]["name"] for each in text["team"] if each["person"]]
    said = f"The project “{text['title']}” may use our rooms and instruments for its whole duration."
    return paper("Letter of support", [said, "It will work together with " + ", ".join(names) + "." if names else ""])


def _drawn(lines: Sequence[str]) -> bytes:
    """The page's drawing: each line under the one before."""
    shown = "\n".join(f"({_safe(line)}) Tj T*" for line in lines)
    return f"BT /F1 10.5 Tf {STEP} TL {LEFT} {TOP} Td\n{shown}\nET".encode("latin-1")


def _safe(line: str) -> str:
    """The line as a PDF string holds it: other letters than Latin ones become a question mark."""
    plain = line.encode("latin-1", "replace").decode("latin-1")
    return plain.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
