"""Checks of what is written: how many pages, in which language, and whether words in it speak of secrets."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from intake.call.models import Rule
from intake.form.definition import Kind
from intake.proposal.checks import FactKind, Found, Known, at, check, settings_of
from intake.proposal.checks_answers import label_of, undeclared
from intake.proposal.models import Attachment, Proposal
from intake.proposal.queries import folded
from intake.vocabulary import FileState, Words, say

CHARACTERS_OF_A_PAGE = 3_000
PAGES_OF_A_DESCRIPTION = 10
MOST_PAGES = 1_000
FOREIGN_LETTERS = 0.1
"""The share of letters of other scripts above which a text is not in a language."""
CHINESE_LETTERS = 0.2
"""The share of Chinese letters from which a text is in Chinese: names and terms stand in it in Latin ones."""
SECRETS = [
    "patent pending", "confidential", "trade secret", "trade secrets", "proprietary",
    "專利申請中", "专利申请中", "機密", "机密", "商業秘密", "商业秘密",
]  # fmt: skip
"""Words that say that something is not to be told."""

_LATIN = r"A-Za-z\u00c0-\u024f"
_CHINESE = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_BETWEEN = r"[\s-]+"
_IN_LATIN, _IN_CHINESE = re.compile(f"[{_LATIN}]"), re.compile(f"[{_CHINESE}]")


def pages(text: str) -> int:
    """How many pages a plain text fills, at 3,000 characters a page."""
    return math.ceil(len(text) / CHARACTERS_OF_A_PAGE)


def pages_allowed(rules: Sequence[Rule]) -> int | None:
    """How many pages a description may have by the rules of a call; None where none speaks of pages."""
    told = [settings_of(each)["pages"] for each in rules if (each.check_name or each.code) == "page-limit"]
    return min(told, default=None)


def _description(known: Known) -> str:
    value = known.answers.get("description", "")
    return value if isinstance(value, str) else ""


@check(
    "page-limit",
    say("Page limit"),
    say(
        "The description, at 3,000 characters a page, and each attached PDF have at most so many pages. A question's "
        "own limit of pages goes before."
    ),
    FactKind(
        "pages",
        say("Pages of the description, at most"),
        "whole",
        least=1,
        most=MOST_PAGES,
        default=PAGES_OF_A_DESCRIPTION,
    ),
    FactKind(
        "file_pages", say("Pages of a PDF, at most"), "whole", least=1, most=MOST_PAGES, default=PAGES_OF_A_DESCRIPTION
    ),
    saw=lambda proposal, rule, known: say(
        "The description has %(pages)s pages of 3,000 characters; of the files the longest has %(longest)s.",
        pages=pages(_description(known)),
        longest=max((file.pages or 0 for file in _files(proposal, known)), default=0),
    ),
)
def _page_limit(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    told = settings_of(rule)
    found, length = [], pages(_description(known))
    if length > told["pages"]:
        reason = say("It has %(pages)s pages of 3,000 characters; at most %(most)s.", pages=length, most=told["pages"])
        found.append(at(known, "description", reason))
    for file in _files(proposal, known):
        if (file.pages or 0) > told["file_pages"]:
            values = {"name": file.name, "pages": file.pages, "most": told["file_pages"]}
            reason = say("%(name)s has %(pages)s pages; at most %(most)s.", **values)
            free = known.question(file.question) is None
            found.append(Found("attachments", "file", reason) if free else at(known, file.question, reason))
    return found


def _files(proposal: Proposal, known: Known) -> Iterator[Attachment]:
    """The files that stand with the proposal and whose question has no limit of pages of its own."""
    for file in proposal.attachments:
        question = known.question(file.question) if file.question else None
        bounded = question is not None and question.files is not None and question.files.max_pages is not None
        if file.removed_at is None and file.state is not FileState.REFUSED and not bounded:
            yield file


LANGUAGES = (("en", say("English")), ("zh", say("Chinese")))


@check(
    "language",
    say("Language"),
    say("Title, abstract and long texts are written in one of the languages."),
    FactKind("languages", say("Languages"), "choices", LANGUAGES, default=["en", "zh"]),
)
def _language(proposal: Proposal, rule: Rule, known: Known) -> list[Found]:
    allowed = settings_of(rule)["languages"]
    for key, text in _texts(known):
        if not _is_in(text, allowed):
            return [at(known, key, _not_in(allowed))]
    return []


def _texts(known: Known) -> Iterator[tuple[str, str]]:
    """The title, the abstract and every long text, with the keys of their questions."""
    for question in known.form.questions:
        value = known.answers.get(question.key)
        read = question.key == "title" or question.kind in (Kind.LONG_TEXT, Kind.RICH_TEXT)
        if read and isinstance(value, str):
            yield question.key, value


def _is_in(text: str, allowed: list[str]) -> bool:
    """Whether a text is in one of the languages, as far as its letters tell; one without letters is in any."""
    letters = [each for each in text if each.isalpha()]
    latin, chinese = (sum(1 for each in letters if script.match(each)) for script in (_IN_LATIN, _IN_CHINESE))
    foreign = len(letters) - latin - (chinese if "zh" in allowed else 0)
    if foreign > FOREIGN_LETTERS * len(letters):
        return False
    return "en" in allowed or chinese >= CHINESE_LETTERS * len(letters)


def _not_in(allowed: list[str]) -> Words:
    match allowed:
        case ["en"]:
            return say("This is not in English.")
        case ["zh"]:
            return say("This is not in Chinese.")
    return say("This is neither in English nor in Chinese.")


@check(
    "nothing-confidential",
    say("Nothing confidential"),
    say(
        "The applicant declares that it holds nothing confidential. Words of the list, anywhere in the answers, are "
        "named with their place; they only warn."
    ),
    FactKind("words", say("Words to warn of"), "words", default=SECRETS),
)
def _nothing_confidential(proposal: Proposal, rule: Rule, known: Known) -> list[Found] | None:
    undeclared_ = undeclared(known, "nothing_confidential", say("Confirm that it holds nothing confidential."))
    listed = settings_of(rule)["words"]
    warned = [found for each in known.form.questions if (found := _secrets(known, each.key, listed))]
    if undeclared_ is None and not warned:
        return None
    return [*(undeclared_ or []), *warned]


def _secrets(known: Known, key: str, listed: list[str]) -> Found | None:
    """The listed words that stand in one answer."""
    text = folded("\n".join(_strings(known.answers.get(key))))
    words = [each for each in listed if text and _stands_in(each, text)]
    if not words:
        return None
    reason = say(
        "%(question)s speaks of: %(words)s. The sponsor may treat all of it as public.",
        question=label_of(known, key),
        words=words,
    )
    return at(known, key, reason, warns=True)


def _stands_in(word: str, text: str) -> bool:
    """Whether a word, or several, stands in a folded text: as whole words where it is written in letters with spaces
    between, and not after “non-”."""
    parts = [re.escape(each) for each in re.split(_BETWEEN, folded(word)) if each]
    if not parts:
        return False
    if _IN_CHINESE.search(word):
        return "".join(folded(word).split()) in "".join(text.split())
    phrase = _BETWEEN.join(parts)
    return re.search(rf"(?<!\w)(?<!non-){phrase}(?!\w)", text) is not None


def _strings(value: Any) -> Iterator[str]:
    """Every text of an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
