"""Lists of publications: what is read of them, and what is told of the rest."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.affinity.importing import (
    MOST_BYTES,
    MOST_ENTRIES,
    Found,
    from_any,
    from_bibtex,
    from_orcid,
    from_pasted,
    from_sheet,
)
from intake.vocabulary import Limit

pytestmark = pytest.mark.once
READERS = (from_pasted, from_sheet, from_bibtex, from_orcid, from_any)
Fact = tuple[int, str, str, int | None, str]


def facts(found: Found) -> list[Fact]:
    return [(each.line, each.title, each.abstract, each.year, each.doi) for each in found.publications]


def told(found: Found) -> list[tuple[int, str]]:
    return [(each.line, str(each.says)) for each in found.problems]


# pasted


def test_each_line_is_a_title_without_its_bullet() -> None:
    found = from_pasted("1. First title\n- Second title\n[3] Third title\r\n• 第四个题目\n".encode())
    assert facts(found) == [
        (1, "First title", "", None, ""),
        (2, "Second title", "", None, ""),
        (3, "Third title", "", None, ""),
        (4, "第四个题目", "", None, ""),
    ]


def test_a_title_that_begins_with_a_small_letter_is_one_among_others() -> None:
    text = "Sums of squares\np-adic numbers at work\nPrime gaps\nLattices in the plane\n"
    assert [each[1] for each in facts(from_pasted(text.encode()))] == text.splitlines()


def test_a_year_and_a_doi_at_the_end_are_kept_as_such() -> None:
    text = b"A title (2021). https://doi.org/10.1000/ABC.1\n\nAnother title\n10.1000/xyz\n\n3D printing in 2020"
    assert facts(from_pasted(text)) == [
        (1, "A title", "", 2021, "10.1000/abc.1"),
        (3, "Another title", "", None, "10.1000/xyz"),
        (6, "3D printing in 2020", "", None, ""),
    ]


def test_a_block_is_a_title_and_its_abstract() -> None:
    text = f"One title\nAbstract: What it is\nabout.\n\nOther title\n{'Long line. ' * 30}\n10.1000/q\n\nThird\nFourth\n"
    assert facts(from_pasted(text.encode())) == [
        (1, "One title", "What it is about.", None, ""),
        (5, "Other title", ("Long line. " * 30).strip(), None, "10.1000/q"),
        (9, "Third", "", None, ""),
        (10, "Fourth", "", None, ""),
    ]


# a sheet


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_sheet_is_read_by_the_names_of_its_columns(separator: str, mark: str) -> None:
    rows = [
        ["DOI", "Journal", "Year", "Title", "Abstract"],
        ["doi:10.1000/A", "Nature, or so", "2020-03-01", "A title", "Lines\nof it"],
        [],
        ["", "", "", "标题", ""],
    ]
    text = mark + "\r\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert facts(from_sheet(text.encode())) == [
        (2, "A title", "Lines of it", 2020, "10.1000/a"),
        (5, "标题", "", None, ""),
    ]


def test_a_sheet_in_utf_16_is_read() -> None:
    assert facts(from_sheet("title\tyear\nÉtude\t2020\n".encode("utf-16"))) == [(2, "Étude", "", 2020, "")]


def test_each_row_tells_what_is_wrong_with_it() -> None:
    text = f"title,year,doi,abstract\n,2020,,\nGood,soon,nothing,x\n{'t' * 301},,,\nLong,,,{'a' * 5001}\n"
    found = from_sheet(text.encode())
    assert facts(found) == [(3, "Good", "x", None, ""), (5, "Long", "", None, "")]
    assert told(found) == [
        (2, "There is no title."),
        (3, "The year was not understood and was left out."),
        (3, "The DOI was not understood and was left out."),
        (4, "The title is longer than 300 characters."),
        (5, "The abstract is longer than 5000 characters and was left out."),
    ]


def test_a_sheet_without_a_title_column_says_so() -> None:
    assert told(from_sheet(b"name,year\nx,2020\n")) == [(1, "The first row has no column with the name “title”.")]
    assert told(from_sheet(b"")) == [(1, "The first row has no column with the name “title”.")]


def test_what_cannot_be_read_as_a_sheet_ends_it_there() -> None:
    found = from_sheet(b"title\nFirst\n" + b"x" * 140_000 + b"\nThird\n")
    assert facts(found) == [(2, "First", "", None, "")]
    assert told(found) == [(3, "From here on the file cannot be read as a sheet.")]


# BibTeX


def test_latex_is_made_letters() -> None:
    text = rb"""
@article{one, title = {{\"U}ber {Sch}r\"odinger's \& Gon{\c c}alves' 5\% of $\alpha$-rays},
  abstract = "Half of it, 50% in all,
    in two lines", year = 2020, DOI = {https://doi.org/10.1000/A}}
@inproceedings{two, Title = {Na\"{\i}ve}, date = {2019-05-01}, url = {https://doi.org/10.1000/b}}
"""
    assert facts(from_bibtex(text)) == [
        (2, "Über Schrödinger's & Gonçalves' 5% of α-rays", "Half of it, 50% in all, in two lines", 2020, "10.1000/a"),
        (5, "Naïve", "", 2019, "10.1000/b"),
    ]


def test_a_key_used_twice_is_no_problem_and_a_broken_entry_is_told() -> None:
    found = from_bibtex(b"@article{a, title={One}}\n@article{a, title={Two}}\n@article{b, title={Three\n")
    assert [each.title for each in found.publications] == ["One", "Two"]
    assert told(found) == [(3, "The entry that begins here cannot be read.")]


def test_what_is_no_bibtex_is_told() -> None:
    assert told(from_bibtex(b"just words")) == [(0, "There is no BibTeX entry in this.")]


def test_bibtex_reads_no_other_file(tmp_path: object) -> None:
    found = from_bibtex(rb"@article{a, title={Before \input{/etc/hostname} \include{/etc/hostname} after}}")
    assert facts(found) == [(1, "Before after", "", None, "")]


# ORCID


def work(title: str, **facts: object) -> dict[str, object]:
    return {"title": {"title": {"value": title}, "subtitle": None}, **facts}


def doi(value: str, relation: str = "self") -> dict[str, object]:
    each = {"external-id-type": "doi", "external-id-value": value, "external-id-relationship": relation}
    return {"external-id": [{"external-id-type": "issn", "external-id-value": "1"}, each]}


def test_the_works_of_a_record_are_read_and_nothing_else() -> None:
    date = {"year": {"value": "2018"}, "month": None}
    groups = [
        {"work-summary": [work("One", **{"publication-date": date, "external-ids": doi("10.1000/A")})]},
        {"work-summary": [work("Two", **{"external-ids": doi("10.1000/book", "part-of")}), work("TWO")]},
    ]
    grant = {"group": [{"funding-summary": [work("A grant")]}]}
    record = {"activities-summary": {"fundings": grant, "works": {"group": groups}}}
    found = from_orcid(json.dumps(record).encode())
    assert facts(found) == [(1, "One", "", 2018, "10.1000/a"), (2, "Two", "", None, "")]
    assert [(each.line, str(each.says)) for each in found.merged] == [(3, "The same as in line 2.")]


def test_works_in_full_have_their_abstract_and_subtitle() -> None:
    full = work("One", **{"short-description": "About it."})
    full["title"] = {"title": {"value": "One"}, "subtitle": {"value": "part two"}}
    expected = [(1, "One: part two", "About it.", None, "")]
    assert facts(from_orcid(json.dumps({"bulk": [{"work": full}]}).encode())) == expected
    assert facts(from_orcid(json.dumps(full).encode())) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "The file cannot be read as JSON."),
        ("[" * 100_000, "The file cannot be read as JSON."),
        ('{"a": 1}', "There are no works of ORCID in this."),
    ],
)
def test_what_is_no_export_of_orcid_is_told(text: str, says: str) -> None:
    assert told(from_orcid(text.encode())) == [(0, says)]


# all of them


def test_the_same_publication_is_kept_once_with_all_that_is_known_of_it() -> None:
    text = (
        "title,abstract,year,doi\nA Study,,,10.1000/a\nOther,,2020,\nA study.,About,,\nChanged title,x,2021,10.1000/A\n"
    )
    found = from_sheet(text.encode())
    assert facts(found) == [(2, "A Study", "About", 2021, "10.1000/a"), (3, "Other", "", 2020, "")]
    assert [(each.line, str(each.says)) for each in found.merged] == [
        (4, "The same as in line 2."),
        (5, "The same as in line 2."),
    ]


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_takes_more_than_it_may(reader: Callable[[bytes], Found]) -> None:
    assert told(reader(b"a" * (MOST_BYTES + 1))) == [(0, "This is more than 2 MB. Import it in parts.")]


@pytest.mark.parametrize("reader", READERS)
def test_a_file_in_another_code_is_refused_and_not_guessed(reader: Callable[[bytes], Found]) -> None:
    assert told(reader("title\nÉtude\n".encode("latin-1"))) == [
        (0, "The file is not in UTF-8. Save it again as UTF-8 (in Excel “CSV UTF-8”) and import that.")
    ]


def test_only_so_many_entries_are_read_and_that_is_told() -> None:
    text = "title\n" + "".join(f"title number {n}x\n" for n in range(MOST_ENTRIES + 5))
    found = from_sheet(text.encode())
    assert len(found.publications) == MOST_ENTRIES
    assert told(found) == [(2002, "Only the first 2000 entries were read. Import the others by themselves.")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('{"bulk": [{"work": {"title": {"title": {"value": "By JSON"}}}}]}', "By JSON"),
        ("% remark\n@article{a, title={By BibTeX}}", "By BibTeX"),
        ("year;title\n2020;By sheet", "By sheet"),
        ("title\nBy sheet", "By sheet"),
        ("[1] Pasted", "Pasted"),
        ("Pasted, with a title, as one is", "Pasted, with a title, as one is"),
        ("The title is pasted", "The title is pasted"),
    ],
)
def test_what_it_looks_like_decides_how_it_is_read(text: str, title: str) -> None:
    assert [each.title for each in from_any(text.encode()).publications] == [title]


SIGNS = list('@{}"=,;\n\r\x00\\$%#[]:\ud800\ufeff网a')
LONGER = [
    "@article{",
    "title",
    "abstract",
    "10.1000/",
    "2020",
    "\\'{",
    "\\input{",
    '{"work": {"title": {"title": {"value": "',
]
PIECES = st.sampled_from(SIGNS + LONGER)
ANY_BYTES = st.one_of(
    st.binary(max_size=400),
    st.lists(PIECES, max_size=60).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    st.lists(PIECES, max_size=60).map(lambda parts: "".join(parts).encode("utf-8", "ignore")),
    st.lists(PIECES, max_size=60).map(lambda parts: b"\xff\xfe" + "".join(parts).encode("utf-16-le", "surrogatepass")),
)


@pytest.mark.parametrize("reader", READERS)
@settings(max_examples=100, deadline=None)
@given(data=ANY_BYTES)
def test_no_bytes_make_a_reader_fail(reader: Callable[[bytes], Found], data: bytes) -> None:
    found = reader(data)
    for each in found.publications:
        assert 0 < len(each.title) <= Limit.TITLE
        assert len(each.abstract) <= Limit.ABSTRACT
        assert each.line >= 1
        assert each.year is None or 1800 <= each.year <= 2100
    assert all(str(each.says) for each in (*found.problems, *found.merged))


@pytest.mark.parametrize(
    "piece", ["{", "@article{a,", "\\'{", "@", '"', "$", "a={", "@a{a,title={" + "{" * 30 + "}},\n"]
)
def test_a_file_made_to_be_slow_is_read_all_the_same(piece: str) -> None:
    begun = piece * (30_000 // len(piece))
    from_any(f"@article{{x, title={{{begun}}}}}\n{begun}".encode())


def test_of_too_many_bibtex_entries_the_first_are_read() -> None:
    text = "".join(f"@article{{k{n},\n title={{title number {n}x}}}}\n" for n in range(MOST_ENTRIES + 500))
    found = from_bibtex(text.encode())
    assert len(found.publications) == MOST_ENTRIES
    assert told(found) == [(4001, "Only the first 2000 entries were read. Import the others by themselves.")]


def test_marks_of_web_pages_go_and_what_only_looks_like_them_stays() -> None:
    text = b"title,abstract\n<i>In vitro</i> H<sub>2</sub>O &amp; air,<jats:p>If a<b and c>d</jats:p>\n"
    assert facts(from_sheet(text)) == [(2, "In vitro H2O & air", "If a<b and c>d", None, "")]


@pytest.mark.parametrize("piece", [" ", "\t", "\u3000", "10.1000/", " 10.1000/x", " (2020)", "<i a=", "&"])
def test_a_line_made_to_be_slow_is_read_all_the_same(piece: str) -> None:
    line = piece * (200_000 // len(piece))
    from_any(f"Title{line}end b\nTitle\n{line} b\n".encode())
