"""What a proposal's document says, as plain values. ``pdf.proposal_pdf`` prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Principal:
    """Who leads the proposal."""

    name: str
    department: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One of the team; ``relation`` is a label to print, such as "Co-investigator"."""

    name: str
    organisation: str = ""
    relation: str = ""


@dataclass(frozen=True, slots=True)
class RuleMet:
    """A rule of the call that was checked, and where it is written."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that goes with the proposal; ``size`` is text to print, ``sha256`` hexadecimal."""

    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer of the call's own form: a text (of Markdown its source), or rows under their heads, with sums below."""

    label: str
    text: str
    heads: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    foot: Sequence[Sequence[str]] = ()


@dataclass(frozen=True, slots=True)
class PacketContent:
    """All that the document says. Texts are plain; in ``abstract`` and ``description`` a blank line begins a new
    paragraph and a line break is kept, every other text is one line. What is empty is left out, with its heading.

    ``stamp`` (aware) becomes the PDF's date, so that the same content gives the same bytes.
    """

    number: str
    title: str
    programme: str
    call_title: str
    sponsor: str
    institution: str
    principal: Principal
    stamp: datetime
    title_zh: str = ""
    office: str = ""
    team: Sequence[Member] = ()
    theme: str = ""
    keywords: str = ""
    abstract: str = ""
    description: str = ""
    amount: str = ""
    duration: str = ""
    rules_met: Sequence[RuleMet] = ()
    received_at: str = ""
    sha256: str = ""
    attachments: Sequence[Attached] = ()
    answers: Sequence[Answered] = ()
