"""Documents that speak of the code say what the code says."""

from __future__ import annotations

import itertools
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
