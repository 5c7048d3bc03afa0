"""Publications of a BibTeX file, which ORCID and most libraries give out."""

from __future__ import annotations

import logging
import re
from itertools import islice

from bibtexparser.entrypoint import parse_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Block, Entry, Field, ParsingFailedBlock

from intake.affinity.importing.found import MOST_ENTRIES, Found, Raw, Remark, decoded, gathered, refused
from intake.vocabulary import Limit, Words, say

WANTED = ("title", "abstract", "year", "date", "doi", "url")
_BEGIN = re.compile(r"@\w{1,40}[ \t]{0,9}[{(]")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_LATEX = re.compile(r"[\\{}$~]|--|``|''")
LONGEST_FIELD = 4 * Limit.ABSTRACT
"""Characters: a longer one is not made plain; it is too long to be kept either way."""
_BRACES = re.compile(r"[{}]")
DEEPEST = 20
"""Braces within braces: whoever writes more does not write a title."""

logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # it would write what strangers typed into the log


def from_bibtex(data: bytes) -> Found:
    """The publications of a BibTeX file, LaTeX accents and signs made letters. An entry that cannot be read is told by
    its line and the others are read; a key used twice is no problem."""
    text = decoded(data)
    if isinstance(text, Words):
        return refused(text)
    try:
        library = parse_string(_not_too_much(text))
        problems = [_problem(block) for block in library.failed_blocks if not _entry_of(block)]
        raws = [_raw(entry) for entry in _entries(library)]
    except Exception:  # a stranger's file must stop no page, whatever it does to the library
        return refused(say("The file cannot be read as BibTeX."))
    if not raws and not problems:
        return refused(say("There is no BibTeX entry in this."))
    return gathered(raws, problems)


def _not_too_much(text: str) -> str:
    """The beginning of ``text`` with one entry more than are read: the library takes long over a hundred thousand."""
    begins = islice(_BEGIN.finditer(text), MOST_ENTRIES + 1, None)
    return text[: next((each.start() for each in begins), len(text))]


def _entries(library: Library) -> list[Entry]:
    """The entries in the order of the file, those too whose key was used before; LaTeX made plain in the wanted
    fields."""
    found = [entry for block in library.blocks if (entry := _entry_of(block))][: MOST_ENTRIES + 1]
    read = [Entry(each.entry_type, str(at), _wanted(each), start_line=each.start_line) for at, each in enumerate(found)]
    written = [[field for field in each.fields if _in_latex(field.value)] for each in read]
    marked: list[Block] = [Entry("article", str(at), fields) for at, fields in enumerate(written) if fields]
    for done in LatexDecodingMiddleware(keep_math_mode=False).transform(Library(marked)).entries:
        for field in done.fields:
            read[int(done.key)].set_field(field)
    return read


def _in_latex(text: str) -> bool:
    """Whether anything in ``text`` needs to be made plain, which takes long."""
    return len(text) <= LONGEST_FIELD and _LATEX.search(text) is not None


def _wanted(entry: Entry) -> list[Field]:
    """The fields that are read, by their names in small letters."""
    return [Field(each.key.lower(), _escaped(str(each.value))) for each in entry.fields if each.key.lower() in WANTED]


def _entry_of(block: object) -> Entry | None:
    """The entry that a block is, or that it failed to be only for its key or for a field that stands twice."""
    if isinstance(block, Entry):
        return block
    inner = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else None
    return inner if isinstance(inner, Entry) else None


def _escaped(text: str) -> str:
    """What a field says, fit to be decoded. A percent sign without its backslash is meant as one, not as a remark."""
    if _depth(text) > DEEPEST:
        text = _BRACES.sub("", text)
    return _BARE_PERCENT.sub(r"\\%", text) if _in_latex(text) else text


def _depth(text: str) -> int:
    """How deep the braces of ``text`` go."""
    depth = deepest = 0
    for sign in _BRACES.findall(text):
        depth = depth + 1 if sign == "{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _raw(entry: Entry) -> Raw:
    fields = {each.key: str(each.value) for each in entry.fields}
    doi = fields.get("doi", "")
    if not doi and "doi.org/" in fields.get("url", ""):
        doi = fields["url"]
    line = (entry.start_line or 0) + 1
    year = fields.get("year") or fields.get("date", "")
    return Raw(line, fields.get("title", ""), fields.get("abstract", ""), year, doi)


def _problem(block: ParsingFailedBlock) -> Remark:
    return Remark((block.start_line or 0) + 1, say("The entry that begins here cannot be read."))
