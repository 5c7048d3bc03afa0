"""The points that a page shows add up."""

from __future__ import annotations

import re

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st

from intake.views.points import in_tenths, shared_out


@given(st.lists(st.integers(0, 333_333), min_size=1, max_size=12))
def test_what_is_shown_adds_up_and_none_is_off_by_a_tenth(millionths: list[int]) -> None:
    parts = [each / 1_000_000 for each in millionths]
    whole = in_tenths(sum(parts))
    shares = shared_out(whole, parts)
    assert sum(shares) == whole
    assert all(abs(share - part * 1000) < 1 for share, part in zip(shares, parts, strict=True))
    assert all(share == 0 for share, part in zip(shares, parts, strict=True) if part == 0)


@pytest.mark.once
def test_of_two_that_lack_as_much_the_first_gets_the_tenth() -> None:
    assert shared_out(249, [0.12345, 0.12545]) == [124, 125]
    assert shared_out(10, []) == []


def test_an_explanation_adds_up_at_every_heading(app: Flask) -> None:
    """Each of these alone rounds down: 24.8 from 24.9."""
    row = {
        "score": 0.24897,
        "parts": {"text": 0.19964, "themes": 0.03333, "keywords": 0.016},
        "why": {
            "shares": [0.6, 0.25, 0.15],
            "terms": [{"term": word, "told": word, "points": 0.06654} for word in ("glass", "queue", "rack")],
            "other_terms": 0.00002,
            "meaning": 0,
            "publications": [{"title": f"Paper {n}", "points": 0.09982} for n in (1, 2)],
            "own": [],
            "themes": [{"theme": 1, "level": 1, "points": 0.03333}],
            "keywords": [{"asked": "optics", "told": "optics", "points": 0.016}],
        },
    }
    source = '{% from "components/affinity.html" import explained %}{{ explained(row) }}'
    with app.test_request_context():
        page = render_template_string(source, row=row)
    whole, *parts = (round(float(each) * 10) for each in re.findall(r"\d+\.\d", page.split("</p>")[0]))
    assert (whole, sum(parts)) == (249, 249)
    tables = [
        [round(float(each) * 10) for each in re.findall(r'class="digits"[^>]*>([\d.]+)<', table)]
        for table in re.findall(r"<tbody>.*?</tbody>", page, re.DOTALL)
    ]
    assert [sum(each) for each in tables] == [parts[0], parts[0], parts[1], parts[2]]
