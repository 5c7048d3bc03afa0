"""Whatever a spreadsheet program makes of the files is read; whatever is wrong in them is named by its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from intake.solver.instance import BadInput, Instance
from intake.solver.reading import read
from tests.solver.folders import TABLES, folder

pytestmark = pytest.mark.once


def facts(made: Instance) -> tuple[object, ...]:
    pairs = [(*made.pair(i), float(made.scores[i])) for i in range(len(made.p))]
    numbers = (made.needs.tolist(), made.max_loads.tolist(), made.min_loads.tolist())
    return made.proposals, made.reviewers, numbers, pairs, made.locked.tolist(), made.held.tolist(), made.gone


PLAIN = (
    ("A", "B"),
    ("x", "y", "z"),
    ([1, 2], [1, 2, 2], [0, 0, 1]),
    [("A", "x", 0.9), ("A", "y", 0.5), ("B", "x", 0.8), ("B", "y", 0.25), ("B", "z", 0.1)],
    [False] * 5,
    [False] * 5,
    0,
)


@pytest.mark.parametrize(
    "scores",
    [
        TABLES["scores.csv"],
        TABLES["scores.csv"].removesuffix("\n"),
        TABLES["scores.csv"] + "\n\n",
        TABLES["scores.csv"].replace("\n", "\r\n"),
        "\ufeff" + TABLES["scores.csv"],
        "score,reviewer_id,note,proposal_id\n0.5,y,,A\n0.1,z,,B\n.25,y,ü,B\n0.8,x,,B\n0.90,x,,A\n",
        'proposal_id,reviewer_id,score,note\n"A","x",0.90,"a, ""b""\nc"\nA,y,0.5,\nB,x,0.8,\nB,y,.25,\nB,z,1e-1,\n',
        "proposal_id,reviewer_id,score\nA,x, 0.90\nA,y,0.5 \n,,\nB,x,0.8\nB,y,.25\nB,z,1e-1\n",
    ],
    ids=["plain", "no last line", "blank lines", "CRLF", "mark", "other columns", "quotes", "spaces"],
)
def test_every_way_of_writing_scores_says_the_same(tmp_path: Path, scores: str) -> None:
    assert facts(read(folder(tmp_path, scores=scores))) == PLAIN


def test_every_way_of_writing_the_short_files_says_the_same(tmp_path: Path) -> None:
    made = read(
        folder(
            tmp_path,
            proposals='\ufeffreviews_needed,title,proposal_id\r\n2,"B, the second",B\r\n1,,A\r\n',
            reviewers='reviewer_id,min_load,max_load\n"z",1,2\ny,0,2\nx,0,1\n',
        )
    )
    assert facts(made) == PLAIN


def test_ids_are_opaque_and_sorted_by_code_point(tmp_path: Path) -> None:
    made = read(
        folder(
            tmp_path,
            proposals="proposal_id,reviews_needed\nb,1\n10,1\n9,1\né,1\nB,1\n001,1\n1,1\n",
            scores="proposal_id,reviewer_id,score\nb,x,1\n",
        )
    )
    assert made.proposals == ("001", "1", "10", "9", "B", "b", "é")


def test_conflicts_take_pairs_away_and_what_stood_before_is_marked(tmp_path: Path) -> None:
    pair = "proposal_id,reviewer_id\n"
    made = read(
        folder(
            tmp_path,
            conflicts=pair + "A,y\nA,y\nA,z\n",
            locked=pair + "B,z\n",
            held=pair + "B,x\nA,y\nA,gone\nA,gone\nleft,x\nB,x\n",
        )
    )
    assert [made.pair(i) for i in range(len(made.p))] == [("A", "x"), ("B", "x"), ("B", "y"), ("B", "z")]
    assert np.flatnonzero(made.locked).tolist() == [3]
    assert np.flatnonzero(made.held).tolist() == [1]
    assert made.gone == 3
    assert made.in_conflict(("A", "z"))


def test_nothing_to_do_is_no_fault(tmp_path: Path) -> None:
    made = read(
        folder(
            tmp_path,
            proposals="proposal_id,reviews_needed\n",
            reviewers="reviewer_id,max_load,min_load\n",
            scores="proposal_id,reviewer_id,score\n",
        )
    )
    assert (made.proposals, made.reviewers, len(made.p)) == ((), (), 0)


PAIR = "proposal_id,reviewer_id\n"
SCORE = "proposal_id,reviewer_id,score\n"
NEED = "proposal_id,reviews_needed\n"
LOAD = "reviewer_id,max_load,min_load\n"

FAULTS: list[tuple[dict[str, str | bytes | None], str]] = [
    ({"scores": None}, "scores.csv: The file is missing."),
    ({"proposals": None}, "proposals.csv: The file is missing."),
    (
        {"scores": ""},
        "scores.csv, row 1: The file is empty; its first row must name the columns proposal_id, reviewer_id, score.",
    ),
    ({"scores": "proposal_id,reviewer_id\nA,x\n"}, "scores.csv, row 1, column score: There is no such column."),
    (
        {"scores": "proposal_id;reviewer_id;score\nA;x;1\n"},
        "scores.csv, row 1: The columns are not separated by commas.",
    ),
    (
        {"scores": "score,reviewer_id,proposal_id\n1,x\n"},
        "scores.csv, row 2, column proposal_id: The row has 2 cells and the headings have 3.",
    ),
    ({"scores": "score," + SCORE}, "scores.csv, row 1, column score: The column stands there twice."),
    ({"proposals": "proposal_id\nA\n"}, "proposals.csv, row 1, column reviews_needed: There is no such column."),
    ({"scores": SCORE + "A,x,0.5\n,x,0.5\n"}, "scores.csv, row 3, column proposal_id: The id is empty."),
    ({"scores": SCORE + "A,x,0.5\nA, ,0.5\n"}, "scores.csv, row 3, column reviewer_id: The id is empty."),
    (
        {"scores": SCORE + "A,x,0.5\nC,x,0.5\n"},
        "scores.csv, row 3, column proposal_id: C does not stand in proposals.csv.",
    ),
    ({"scores": SCORE + "A,w,0.5\n"}, "scores.csv, row 2, column reviewer_id: w does not stand in reviewers.csv."),
    (
        {"scores": SCORE + "A,x,1\nB,x,1\nA,x,1\n"},
        "scores.csv, row 4, column proposal_id: The pair A, x stands in row 2 already.",
    ),
    *[
        (
            {"scores": SCORE + f"A,x,0.5\nA,y,{text}\n"},
            f"scores.csv, row 3, column score: “{text}” is not a finite number.",
        )
        for text in ("", "nan", "inf", "-Infinity", "1e999", "high", "1_0", "0x1", "１")
    ],
    (
        {"scores": SCORE + "A,x,0.5\nA,y\n"},
        "scores.csv, row 3, column score: The row has 2 cells and the headings have 3.",
    ),
    (
        {"scores": SCORE + "A,x,0.5\nA,y,1,2\n"},
        "scores.csv, row 3, column score: The row has 4 cells and the headings have 3.",
    ),
    ({"scores": SCORE + 'A,x,0.5\n"A,y,1\n'}, "scores.csv, row 3: The row cannot be read: unexpected end of data."),
    ({"scores": b"proposal_id,reviewer_id,score\nA,x,1\n\xff,x,1\n"}, "scores.csv, row 3: The text is not UTF-8."),
    (
        {"proposals": NEED + "A,1\nB,1\nA,2\n"},
        "proposals.csv, row 4, column proposal_id: A stands in an earlier row already.",
    ),
    (
        {"proposals": NEED + "A,1\nB,-1\n"},
        "proposals.csv, row 3, column reviews_needed: -1 is not between 0 and 1000000.",
    ),
    ({"proposals": NEED + "A,1\nB,1.5\n"}, "proposals.csv, row 3, column reviews_needed: “1.5” is not a whole number."),
    ({"proposals": NEED + "A,1\n,1\n"}, "proposals.csv, row 3, column proposal_id: The id is empty."),
    (
        {"reviewers": LOAD + "x,1,0\ny,-2,0\n"},
        "reviewers.csv, row 3, column max_load: -2 is not between 0 and 1000000.",
    ),
    ({"reviewers": LOAD + "x,1,-1\n"}, "reviewers.csv, row 2, column min_load: -1 is not between 0 and 1000000."),
    (
        {"reviewers": LOAD + "x,1,2\n"},
        "reviewers.csv, row 2, column min_load: The smallest load is above the largest, 1.",
    ),
    (
        {"reviewers": LOAD + "x,1,0\nx,1,0\n"},
        "reviewers.csv, row 3, column reviewer_id: x stands in an earlier row already.",
    ),
    (
        {"conflicts": PAIR + "A,x\nC,x\n"},
        "conflicts.csv, row 3, column proposal_id: C does not stand in proposals.csv.",
    ),
    ({"locked": PAIR + "A,w\n"}, "locked.csv, row 2, column reviewer_id: w does not stand in reviewers.csv."),
    ({"held": PAIR + "A,\n"}, "held.csv, row 2, column reviewer_id: The id is empty."),
    ({"held": "proposal_id\nA\n"}, "held.csv, row 1, column reviewer_id: There is no such column."),
    (
        {"locked": PAIR + "B,y\nA,y\n", "conflicts": PAIR + "A,y\n"},
        "locked.csv, row 3, column proposal_id: A with y is locked and in conflict.",
    ),
    (
        {"locked": PAIR + "A,z\n"},
        "locked.csv, row 2, column proposal_id: A with z is locked and has no score, so it may not be assigned.",
    ),
    (
        {"locked": PAIR + "B,z\nA,x\nB,x\n"},
        "locked.csv, row 4, column reviewer_id: More pairs of x are locked than its largest load allows.",
    ),
    (
        {"locked": PAIR + "A,x\nB,x\n", "reviewers": LOAD + "x,0,0\ny,1,0\nz,1,0\n"},
        "locked.csv, row 2, column reviewer_id: More pairs of x are locked than its largest load allows.",
    ),
    (
        {"locked": PAIR + "A,x\nA,y\n"},
        "locked.csv, row 3, column proposal_id: More pairs of A are locked than it needs reviews.",
    ),
]


@pytest.mark.parametrize(("tables", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_fault_is_named_by_file_row_and_column(
    tmp_path: Path, tables: dict[str, str | bytes | None], said: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read(folder(tmp_path, **tables))
    assert str(refused.value) == said


def test_an_empty_folder_and_none_at_all_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as empty:
        read(tmp_path)
    assert str(empty.value) == "proposals.csv: The file is missing."
    with pytest.raises(BadInput) as none:
        read(tmp_path / "nowhere")
    assert str(none.value) == f"{tmp_path / 'nowhere'} is not a folder."
