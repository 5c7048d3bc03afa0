"""Documents that speak of the code say what the code says."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from intake import describe
from intake.vocabulary import Action, State
from intake.workflow import ANSWERED_AS, MOVES, PATH, RELEASED_AS, STATES

pytestmark = pytest.mark.once
DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("title", ["permissions", "workflow"])
def test_the_page_is_what_the_command_prints(title: str) -> None:
    written = (DOCS / f"{title}.md").read_text(encoding="utf-8")
    assert written == getattr(describe, title)(), (
        f"make it again: flask --app wsgi describe-policy {title} > docs/{title}.md"
    )


def test_the_drawing_shows_every_state_and_every_move_but_two() -> None:
    drawn = describe.workflow().split("```mermaid")[1].split("```")[0]
    for state in State:
        if state is not State.WITHDRAWN:
            assert f"{state.value} -->" in drawn
    for move in MOVES.values():
        shown = f": {str(move.verb).lower()}\n" in drawn
        assert shown is (move.action not in (Action.PROPOSAL_WITHDRAW, Action.PROPOSAL_RESTORE))


def test_the_table_of_moves_is_whole() -> None:
    assert set(STATES) == set(State)
    reached = {target for move in MOVES.values() for target in move.targets}
    left = {source for move in MOVES.values() for source in move.sources}
    assert reached == set(State)
    assert set(State) - left == {State.INELIGIBLE, State.AWARDED, State.DECLINED}
    assert set(RELEASED_AS.values()) == set(MOVES[Action.PROPOSAL_RELEASE].targets)
    assert set(ANSWERED_AS.values()) == set(MOVES[Action.PROPOSAL_RECORD_OUTCOME].targets)
    for before, after in itertools.pairwise(PATH):
        assert any(before in move.sources and after in move.targets for move in MOVES.values())


WORDS = (
    "call programme sponsor proposal theme match assignment forward packet review recommendation decision outcome award"
)


@pytest.mark.parametrize("word", WORDS.split())
def test_the_glossary_explains_the_word(word: str) -> None:
    assert f"**{word}**" in (DOCS / "glossary.md").read_text(encoding="utf-8")


def test_every_guard_named_in_the_architecture_is_there() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    section = text.split("## Guards")[1].split("\n## ")[0]
    named = [part for part in section.split("`") if part.startswith("tests/")]
    assert len(named) >= 12
    for place in named:
        path, _, test = place.partition("::")
        source = (DOCS.parent / path).read_text(encoding="utf-8")
        assert not test or f"def {test}(" in source, place


GUIDES = ("guide-coordinator", "guide-faculty", "guide-matching", "guide-reviewer", "guide-sponsor")
SHORT = ("guide-reviewer", "guide-sponsor")
"""Guides of a page."""
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(DOCS.parent.glob("*.md"))]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*(.+?)\*\*", re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS.parent).as_posix())
def test_every_link_and_picture_of_a_document_is_there(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        path, _, place = target.partition("#")
        found = (page.parent / path) if path else page
        assert found.exists(), target
        assert not place or place in _places(found), target


def _places(page: Path) -> set[str]:
    """The names under which the headings of a page can be reached."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_names_in_bold_stands_on_a_page(guide: str) -> None:
    said = _said()
    text = (DOCS / f"{guide}.md").read_text(encoding="utf-8")
    named = {" ".join(each.split()) for each in BOLD.findall(text)} - {"bold"}
    assert len(named) > (15 if guide in SHORT else 30)
    gone = sorted(each for each in named if each.rstrip(".?") not in said and _without_time(each) not in said)
    assert not gone, gone


def _without_time(words: str) -> str:
    return re.sub(r"\d\d:\d\d:\d\d", "%(time)s", words)


def _said() -> set[str]:
    """Every whole sentence or name in quotation marks that a template or a module holds."""
    root = DOCS.parent
    sources = [*(root / "templates").rglob("*.html"), *(root / "intake").rglob("*.py")]
    quoted = re.compile(r"'((?:[^'\\\n]|\\.)*)'|\"((?:[^\"\\\n]|\\.)*)\"")
    found = (match for path in sources for match in quoted.findall(path.read_text(encoding="utf-8")))
    return {(single or double).replace("\\'", "'") for single, double in found}


def test_every_picture_is_named_by_a_document() -> None:
    told = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = sorted((DOCS / "pictures").glob("*.png"))
    assert pictures
    for picture in pictures:
        assert f"pictures/{picture.name}" in told, picture.name
        assert picture.stat().st_size <= 120_000, picture.name
