"""Forms, answers and what browsers send, drawn by hypothesis. Other tests of forms use these as well.

``forms()`` gives sound forms with every kind of question and with rules that show some; ``answers_to(form)`` what its
questions may keep; ``damaged()`` any JSON; ``quick`` the settings for a property.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from intake import typed
from intake.form.definition import (
    ALWAYS,
    CORE,
    ENDINGS,
    OPERATORS,
    Bounds,
    BudgetRule,
    Condition,
    FileLimits,
    Form,
    Is,
    Kind,
    Label,
    Option,
    Page,
    Question,
    RowLimits,
    Section,
    SeenBy,
    ShowIf,
    Unit,
    always_open,
    storage_limit,
)
from intake.form.inputs import PARTS
from intake.vocabulary import Limit

lately = lru_cache(maxsize=256)
"""Most of what hypothesis costs is making strategies, so they are kept."""

quick = settings(max_examples=60, deadline=None)

MOST_OF_AN_EXAMPLE = 40
NAMES = st.sampled_from(["Impact", "Data plan", "團隊分工", "Ünïcode", "Who leads it?", "5G", "Plain"])
ORCIDS = st.sampled_from(["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-9079-593X"])
RORS = st.sampled_from(["https://ror.org/0030zas98", "https://ror.org/00k4n6c32", "https://ror.org/042nb2s44"])
EMAILS = st.sampled_from(["a.example@example.org", "bo@example.com"])
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
YES_OR_NO = st.booleans()
AMOUNTS = st.integers(0, Limit.MONEY_MINOR)


@cache
def labels(number: int = 0) -> st.SearchStrategy[Label]:
    """Labels in one language or both; those of different numbers differ."""
    own = NAMES.map(lambda name: f"{name} {number}")
    return st.one_of(own.map(Label), own.map(lambda name: Label("", name)), st.builds(Label, own, own))


HELP = st.one_of(st.just(Label()), labels())


@cache
@st.composite
def texts(draw: st.DrawFn, limit: int, *, lines: bool) -> str:
    """Text as it is kept: cleaned, not blank, at most ``limit`` characters."""
    raw = draw(st.text(min_size=1, max_size=min(limit, MOST_OF_AN_EXAMPLE)))
    clean = typed.paragraphs if lines else typed.line
    cleaned = clean(typed.without_unkeepable(clean(raw)))[:limit].strip()
    return "x" if typed.blank(cleaned) else clean(cleaned)


@cache
@st.composite
def options(draw: st.DrawFn) -> tuple[Option, ...]:
    """One to four options."""
    count = draw(st.integers(1, 4))
    return tuple(Option(f"o{number}", draw(labels(number))) for number in range(count))


@cache
@st.composite
def bounds(draw: st.DrawFn, kind: Kind, key: str) -> Bounds:
    """Bounds that hold something."""
    if kind is Kind.MONEY:
        least, most = sorted(draw(st.tuples(AMOUNTS, AMOUNTS)))
        return draw(st.sampled_from([Bounds(), Bounds(Decimal(least)), Bounds(Decimal(least), Decimal(most))]))
    if key == "duration_months":
        return draw(st.sampled_from([Bounds(), Bounds(Decimal(1), Decimal(120)), Bounds(Decimal(6), unit="months")]))
    decimals = draw(st.integers(0, 6))
    least, most = sorted(draw(st.tuples(numbers(decimals), numbers(decimals))), key=Decimal)
    return Bounds(
        draw(st.sampled_from([None, Decimal(least)])),
        draw(st.sampled_from([None, Decimal(most)])),
        decimals,
        draw(st.sampled_from(["", "kg", "個月"])),
    )


@cache
def numbers(decimals: int) -> st.SearchStrategy[str]:
    """Exact numbers with that many places, as they are kept."""
    scaled = st.integers(-(10**12), 10**12)
    return scaled.map(lambda whole: f"{Decimal(whole) / 10**decimals:.{decimals}f}")


@cache
@st.composite
def budgets(draw: st.DrawFn) -> BudgetRule:
    """Rules of a budget."""
    categories = draw(options())
    on = tuple(each.key for each in categories if draw(YES_OR_NO))
    percent = Decimal(draw(st.integers(0, 10_000))) / 100
    return BudgetRule(categories, draw(st.integers(1, 4)), percent, on)


@lately
@st.composite
def rules(draw: st.DrawFn, earlier: tuple[Question, ...]) -> ShowIf | None:
    """A rule that names one or two earlier questions, or none."""
    able = [each for each in earlier if OPERATORS[each.kind]]
    if not able or draw(YES_OR_NO):
        return None
    named = draw(st.lists(st.sampled_from(able), min_size=1, max_size=2))
    return ShowIf(draw(YES_OR_NO), tuple(draw(conditions(each)) for each in named))


@lately
@st.composite
def conditions(draw: st.DrawFn, question: Question) -> Condition:
    """A condition that fits the question."""
    operator = draw(st.sampled_from(OPERATORS[question.kind]))
    if operator is Is.ANSWERED:
        return Condition(question.key, operator)
    value: Any = draw(values(question))
    if question.kind is Kind.CHOICES:
        value = value[0]
    if operator is Is.ONE_OF:
        value = (value,)
    return Condition(question.key, operator, Decimal(value) if question.kind is Kind.NUMBER else value)


@lately
@st.composite
def questions(draw: st.DrawFn, key: str, kind: Kind, earlier: tuple[Question, ...] = ()) -> Question:
    """A sound question of that key and kind."""
    everybody, required = always_open(key), key in ALWAYS or draw(YES_OR_NO)
    seen_by = SeenBy.REVIEWERS if everybody else draw(st.sampled_from(SeenBy))
    return Question(
        key,
        kind,
        draw(labels()),
        draw(HELP),
        required,
        seen_by=seen_by,
        blind=not everybody and draw(YES_OR_NO),
        leaves=everybody or (seen_by is SeenBy.REVIEWERS and draw(YES_OR_NO)),
        listed=draw(YES_OR_NO),
        show_if=None if key in ALWAYS else draw(rules(earlier)),
        **draw(_facts(key, kind)),
    )


@cache
@st.composite
def _facts(draw: st.DrawFn, key: str, kind: Kind) -> dict[str, Any]:
    if kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT):
        most = storage_limit(Question(key, kind, Label("x")))
        limit = draw(st.one_of(st.none(), st.integers(1, most), st.just(3)))
        return {"limit": limit, "unit": draw(st.sampled_from(Unit))}
    if kind in (Kind.NUMBER, Kind.MONEY):
        return {"number": draw(bounds(kind, key))}
    if kind in (Kind.CHOICE, Kind.CHOICES):
        return {"options": draw(options())}
    if kind is Kind.ATTACHMENT:
        endings = tuple(each for each in ENDINGS if draw(YES_OR_NO)) or ENDINGS
        pages = draw(st.one_of(st.none(), st.integers(1, 20)))
        return {"files": FileLimits(endings, draw(st.integers(1, 10)), draw(st.integers(1, Limit.FILE_BYTES)), pages)}
    facts: dict[str, Any] = {}
    if kind in (Kind.PEOPLE, Kind.MILESTONES, Kind.BUDGET):
        facts["rows"] = draw(st.sampled_from([RowLimits(), RowLimits(2), RowLimits(1, 2)]))
    if kind is Kind.BUDGET:
        facts["budget"] = draw(budgets())
    return facts


@st.composite
def forms(draw: st.DrawFn, most: int = 8) -> Form:
    """A sound form of one to three pages of questions, up to ``most`` of them beside title and abstract."""
    earlier: list[Question] = []
    for key in ALWAYS:
        earlier.append(draw(questions(key, CORE[key])))
    core = draw(st.lists(st.sampled_from([key for key in CORE if key not in ALWAYS]), max_size=most // 2, unique=True))
    own = draw(st.lists(st.sampled_from([each for each in Kind if each is not Kind.THEME]), max_size=most - len(core)))
    for key, kind in [*((key, CORE[key]) for key in core), *((f"q{at}", kind) for at, kind in enumerate(own))]:
        earlier.append(draw(questions(key, kind, tuple(earlier))))
    cut = draw(st.integers(0, len(earlier)))
    sections = [
        Section("one", draw(labels(1)), draw(HELP), questions=tuple(earlier[:cut])),
        Section("team", draw(labels(2)), page=Page.TEAM),
        Section("two", draw(labels(3)), questions=tuple(earlier[cut:])),
    ]
    return Form((*sections, Section("files", Label("Files"), page=Page.FILES)) if draw(YES_OR_NO) else tuple(sections))


@lately
@st.composite
def values(draw: st.DrawFn, question: Question) -> Any:
    """What the question may keep. Of an attachment nothing is kept; do not ask for it."""
    kind = question.kind
    if kind in (Kind.SHORT_TEXT, Kind.LONG_TEXT, Kind.RICH_TEXT):
        return draw(texts(storage_limit(question), lines=kind is not Kind.SHORT_TEXT))
    if kind is Kind.NUMBER:
        if question.key == "duration_months":
            return str(draw(st.integers(1, Limit.DURATION_MONTHS)))
        return draw(numbers((question.number or Bounds()).decimals))
    if kind is Kind.CHOICE:
        return draw(st.sampled_from([each.key for each in question.options]))
    if kind is Kind.CHOICES:
        keys = [each.key for each in question.options]
        return sorted(draw(st.lists(st.sampled_from(keys), min_size=1, unique=True)), key=keys.index)
    if kind is Kind.BUDGET:
        return {"lines": draw(_rows(_line(question.budget or BudgetRule(()))))}
    return draw(_simple()[kind])


@cache
def _simple() -> dict[Kind, st.SearchStrategy[Any]]:
    return {
        Kind.MONEY: AMOUNTS,
        Kind.DATE: DAYS.map(str),
        Kind.YES_NO: st.booleans(),
        Kind.DECLARATION: st.booleans(),
        Kind.THEME: st.integers(1, 9),
        Kind.ORGANISATION: _filled({"name": _cell(), "ror": _or_empty(RORS)}),
        Kind.PEOPLE: _rows(_person()),
        Kind.MILESTONES: _rows(
            _filled({"title": _cell(), "due": _or_empty(DAYS.map(str)), "deliverable": _cell(lines=True)})
        ),
    }


@cache
def _cell(*, lines: bool = False) -> st.SearchStrategy[str]:
    return _or_empty(texts(Limit.REASON if lines else Limit.NAME, lines=lines))


@cache
def _or_empty(texts_: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), texts_)


def _filled(parts: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(parts).filter(lambda row: any(row.values()))


def _person() -> st.SearchStrategy[dict[str, Any]]:
    return _filled(
        {
            "name": _cell(),
            "organisation": _cell(),
            "email": _or_empty(EMAILS),
            "orcid": _or_empty(ORCIDS),
            "ror": _or_empty(RORS),
        }
    )


@lately
def _line(rule: BudgetRule) -> st.SearchStrategy[dict[str, Any]]:
    years = st.just(1) if rule.years == 1 else st.one_of(st.none(), st.integers(1, rule.years))
    return st.fixed_dictionaries(
        {
            "category": st.sampled_from(["", *(each.key for each in rule.categories)]),
            "year": years,
            "amount_minor": st.one_of(st.none(), AMOUNTS),
            "justification": _cell(lines=True),
        }
    ).filter(lambda line: bool(line["category"] or line["amount_minor"] is not None or line["justification"]))


def _rows(row: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(row, min_size=1, max_size=3)


def answers_to(form: Form) -> st.SearchStrategy[dict[str, Any]]:
    """Sound answers to some of the questions, whether they are asked or not."""
    able = [each for each in form.questions if each.kind is not Kind.ATTACHMENT]
    return st.fixed_dictionaries({}, optional={each.key: values(each) for each in able})


def damaged() -> st.SearchStrategy[Any]:
    """Any JSON."""
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), ORCIDS)
    names = st.one_of(st.sampled_from(["lines", "name", "title", "due", "year", "category", "amount_minor"]), st.text())
    return st.recursive(
        leaves,
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=4)),
        max_leaves=12,
    )


def damaged_answers_to(form: Form) -> st.SearchStrategy[dict[str, Any]]:
    """Any JSON for any of the questions, and for some that there are not."""
    keys = [*(each.key for each in form.questions), "gone"]
    return st.dictionaries(st.sampled_from(keys), damaged(), max_size=len(keys))


def sent_for(question: Question) -> st.SearchStrategy[MultiDict[str, str]]:
    """What a browser, or anybody, may send for a question: the right names with any texts."""
    parts = PARTS.get(question.kind, ())
    rows = [f"{question.key}-{number}-{part}" for number in range(3) for part in parts]
    names = [question.key, f"{question.key}-sent", *(f"{question.key}-{part}" for part in parts), *rows]
    likely = ["", " ", "yes", "no", "1", "2", "o0", "o1", "70,000", "2026-03-31", "a@example.org", "0030zas98"]
    pairs = st.tuples(st.sampled_from(names), st.one_of(st.sampled_from(likely), st.text(max_size=30)))
    return st.lists(pairs, max_size=12).map(MultiDict)
