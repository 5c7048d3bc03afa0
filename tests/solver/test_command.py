"""The command keeps its contract: what it writes, how it ends, and that it writes all or nothing."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from intake.solver import VERSION
from intake.solver.command import Asked, run
from intake.solver.instance import BadInput
from tests.solver.folders import TABLES, folder

pytestmark = pytest.mark.once

PAIR = "proposal_id,reviewer_id\n"


def asked(tmp_path: Path, **more: Any) -> Asked:
    given: dict[str, Any] = {"objective": "total", "floor": None, "stability": 0.2, "report": tmp_path / "report.json"}
    return Asked(folder=tmp_path / "in", out=tmp_path / "out.csv", **(given | more))


def report_of(tmp_path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    return found


def test_solved_ends_with_0_and_writes_pairs_and_report(tmp_path: Path) -> None:
    folder(tmp_path / "in")
    status, said = run(asked(tmp_path))
    assert status == 0
    assert said == "3 of 3 reviews, total 1.4, smallest score of a proposal 0.5 (at most 0.7)."
    assert (tmp_path / "out.csv").read_bytes() == b"proposal_id,reviewer_id,score\nA,y,0.5\nB,x,0.8\nB,z,1e-1\n"
    found = report_of(tmp_path)
    assert 0 <= found.pop("seconds") < 60
    assert list(found) == sorted(found)
    assert found == {
        "added": 3,
        "best_total": pytest.approx(1.4),
        "coverage": 1.0,
        "filled": 3,
        "floor": 0.5,
        "floor_asked": None,
        "floor_bound": 0.7,
        "gini": pytest.approx(0.4 / (2 * 1.4)),
        "kept": 0,
        "loads": {"below_least": 0, "full": 1, "idle": 0, "missing_least": 0},
        "mean": 0.7,
        "needed": 3,
        "objective": "total",
        "p10": pytest.approx(0.54),
        "pairs": 5,
        "proposals": 2,
        "removed": 0,
        "repair": None,
        "reviewers": 3,
        "short": [],
        "solver": "intake.solver",
        "total": pytest.approx(1.4),
        "under_floor": 0,
        "version": VERSION,
    }


def test_fair_and_a_floor_lift_the_smallest_score(tmp_path: Path) -> None:
    scores = "proposal_id,reviewer_id,score\nA,x,5\nA,y,4\nB,x,3\nB,y,1\n"
    two = "proposal_id,reviews_needed\nA,1\nB,1\n"
    folder(tmp_path / "in", scores=scores, proposals=two, reviewers="reviewer_id,max_load,min_load\nx,1,0\ny,1,0\n")
    run(asked(tmp_path, objective="fair"))
    assert (report_of(tmp_path)["floor"], report_of(tmp_path)["floor_bound"]) == (3.0, 3.0)
    run(asked(tmp_path, floor=2.5))
    found = report_of(tmp_path)
    assert (found["objective"], found["floor_asked"], found["floor"], found["under_floor"]) == ("total", 2.5, 3.0, 0)


def test_short_ends_with_3_and_says_who_why_and_what_repairs_it(tmp_path: Path) -> None:
    folder(
        tmp_path / "in",
        proposals="proposal_id,reviews_needed\nA,2\nB,2\nC,1\n",
        reviewers="reviewer_id,max_load,min_load\nx,1,0\ny,1,0\nz,5,0\n",
        scores="proposal_id,reviewer_id,score\nA,x,1\nA,y,1\nB,x,0.9\nB,y,0.2\n",
        conflicts=PAIR + "B,z\n",
    )
    status, said = run(asked(tmp_path))
    assert status == 3
    found = report_of(tmp_path)
    assert found["short"] == [
        {
            "proposal": "B",
            "missing": 2,
            "why": "Every reviewer that it or an exchange could reach is at the largest load: x, y.",
            "exhausted": ["x", "y"],
        },
        {
            "proposal": "C",
            "missing": 1,
            "why": "Nobody may be assigned: it has no score with anybody, or every one is in conflict.",
            "exhausted": [],
        },
    ]
    assert found["repair"] == {
        "reviews": 3,
        "raise": [{"reviewer": "x", "from": 1, "to": 2}, {"reviewer": "y", "from": 1, "to": 2}],
        "recruit": [{"proposal": "C", "reviews": 1}],
        "sentence": "Raise largest loads by 2 in all: x (1 -> 2), y (1 -> 2). "
        "Find reviewers for what nobody may review now, 1 in all: C (1).",
    }
    assert found["coverage"] == 0.4
    assert said.endswith(found["repair"]["sentence"])


def test_what_stood_before_is_counted(tmp_path: Path) -> None:
    folder(tmp_path / "in", held=PAIR + "A,y\nB,x\nB,y\nB,gone\n", locked=PAIR + "B,z\n")
    run(asked(tmp_path))
    found = report_of(tmp_path)
    assert (found["kept"], found["added"], found["removed"]) == (2, 1, 2)


def test_the_order_of_rows_and_columns_changes_nothing(tmp_path: Path) -> None:
    chance = random.Random(3)
    lines = [f"P{i},R{j},{chance.randrange(4)}" for i in range(60) for j in range(30)]
    tables = {
        "proposals": "proposal_id,reviews_needed\n" + "".join(f"P{i},2\n" for i in range(60)),
        "reviewers": "reviewer_id,max_load,min_load\n" + "".join(f"R{j},5,1\n" for j in range(30)),
        "held": PAIR + "".join(f"P{i},R{i % 30}\n" for i in range(60)),
    }
    found = set()
    for objective in ("total", "fair"):
        for _ in range(3):
            chance.shuffle(lines)
            shuffled = {}
            for name, text in tables.items():
                heading, *rest = text.splitlines()
                chance.shuffle(rest)
                shuffled[name] = "\n".join([heading, *rest])
            folder(tmp_path / "in", scores="proposal_id,reviewer_id,score\n" + "\n".join(lines), **shuffled)
            run(asked(tmp_path, objective=objective))
            report = report_of(tmp_path)
            report.pop("seconds")
            found.add((objective, (tmp_path / "out.csv").read_bytes(), json.dumps(report)))
    assert len(found) == 2


def test_ids_and_scores_read_back_as_they_were_given(tmp_path: Path) -> None:
    folder(
        tmp_path / "in",
        proposals='proposal_id,reviews_needed\n"a, ""b""",1\n 7 ,1\n',
        reviewers="reviewer_id,max_load,min_load\nü,2,0\n",
        scores='proposal_id,reviewer_id,score\n"a, ""b""",ü,0.10\n 7 ,ü,1E+2\n',
    )
    run(asked(tmp_path))
    written = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert written == 'proposal_id,reviewer_id,score\n" 7 ",ü,1E+2\n"a, ""b""",ü,0.10\n'


def test_nothing_to_assign_is_solved(tmp_path: Path) -> None:
    folder(
        tmp_path / "in",
        proposals="proposal_id,reviews_needed\n",
        scores="proposal_id,reviewer_id,score\n",
    )
    assert run(asked(tmp_path, objective="fair"))[0] == 0
    found = report_of(tmp_path)
    assert (found["coverage"], found["floor"], found["floor_bound"], found["gini"]) == (1.0, None, None, None)
    assert (tmp_path / "out.csv").read_text() == "proposal_id,reviewer_id,score\n"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"floor": float("nan")}, "--floor: nan is not a finite number."),
        ({"stability": -1.0}, "--stability: -1.0 is not a number from 0."),
    ],
)
def test_unusable_options_write_nothing(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    folder(tmp_path / "in")
    with pytest.raises(BadInput) as refused:
        run(asked(tmp_path, **more))
    assert str(refused.value) == said
    assert [each.name for each in tmp_path.iterdir()] == ["in"]


def test_where_the_report_cannot_be_written_neither_is_the_assignment(tmp_path: Path) -> None:
    folder(tmp_path / "in")
    (tmp_path / "out.csv").write_text("as before")
    with pytest.raises(BadInput):
        run(asked(tmp_path, report=tmp_path / "nowhere" / "report.json"))
    with pytest.raises(BadInput):
        run(asked(tmp_path, report=tmp_path / "in"))
    assert (tmp_path / "out.csv").read_text() == "as before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in", "out.csv"]


def test_unusable_input_leaves_what_was_there(tmp_path: Path) -> None:
    folder(tmp_path / "in", scores=TABLES["scores.csv"] + "A,x,1\n")
    (tmp_path / "out.csv").write_text("as before")
    with pytest.raises(BadInput) as refused:
        run(asked(tmp_path))
    assert str(refused.value) == "scores.csv, row 7, column proposal_id: The pair A, x stands in row 2 already."
    assert (tmp_path / "out.csv").read_text() == "as before"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["in", "out.csv"]
