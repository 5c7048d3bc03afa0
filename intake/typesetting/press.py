"""Sets a document with Typst. Pure: the same words give the same bytes.

People's words reach a template as JSON data and are never source text.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pylopdf_fonts_zh_cn
import typst

from intake.typesetting.characters import spelled, undrawn

if TYPE_CHECKING:
    from typst import PDFStandard

_ROOT = Path(__file__).parent.parent
_STANDARDS: list[PDFStandard] = ["ua-1", "a-2a"]


def document(template: Path, words: dict[str, Any], tell: Callable[[dict[str, Any]], str], stamp: datetime) -> bytes:
    """The tagged PDF (PDF/UA-1 and PDF/A-2a) that ``template`` makes of ``words``, dated ``stamp``.

    ``words`` are plain values with every text of them cleaned (``characters``); ``tell`` writes them as the JSON that
    the template reads as ``sys.inputs.content``. Whatever the words, there is a document: a character that no face can
    draw is printed as its code, ``[U+1F600]``. Raises ValueError for a ``stamp`` without a zone.
    """
    if stamp.tzinfo is None:
        raise ValueError("an instant needs a zone")
    second = int(stamp.timestamp())
    try:
        return _typeset(template, {"content": tell(words)}, second)
    except typst.TypstError:
        missing = undrawn(tell(words), _draws)
        told = tell(every(words, lambda text: spelled(text, missing)))
    try:
        return _typeset(template, {"content": told}, second)
    except typst.TypstError:
        # A rare sequence that the standards do not admit: still tagged and readable, only without their seal.
        return _typeset(template, {"content": told}, second, standards=[])


def every(value: Any, change: Callable[[str], str]) -> Any:
    """``value`` with ``change`` applied to every text in it, at any depth."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: every(part, change) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [every(part, change) for part in value]
    return value


def listed(*texts: str, by: str = ", ") -> str:
    """Those of ``texts`` that are not empty, in one line."""
    return by.join(text for text in texts if text)


@cache
def _faces() -> typst.Fonts:
    """The only faces in use: Typst's own and the Chinese ones. What the machine has would change the bytes."""
    folder = pylopdf_fonts_zh_cn.serif_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def _typeset(template: Path, inputs: dict[str, str], stamp: int, standards: list[PDFStandard] | None = None) -> bytes:
    return typst.compile(
        str(template),
        root=str(_ROOT),
        font_paths=_faces(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=_STANDARDS if standards is None else standards,
        timestamp=stamp,
    )


def _draws(characters: str) -> bool:
    """Whether the faces have all of ``characters``; the standards refuse a document that lacks one."""
    try:
        _typeset(Path(__file__).with_name("probe.typ"), {"probe": " ".join(characters)}, stamp=0)
    except typst.TypstError:
        return False
    return True
