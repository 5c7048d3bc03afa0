"""Whatever a rule's settings, a form and its answers hold, a check answers and raises nothing."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.award.rules import RUNNING
from intake.call.models import Rule
from intake.form.definition import Form
from intake.form.showing import counting
from intake.proposal.checks import CATALOGUE, Known
from intake.proposal.known import INSTITUTION, OF_DEPARTMENT, OF_PERSON, Institution
from intake.proposal.rulebook import judged
from intake.vocabulary import Appointment, Currency, FileState, Limit, Relation, TeamAnswer
from tests.form.strategies import answers_to, damaged, damaged_answers_to, forms

pytestmark = pytest.mark.once
few = settings(max_examples=25, deadline=None)
assert judged  # the room that registers the checks

HERE = {name: kind for name, kind in CATALOGUE.items() if kind.test and not name.startswith("supervisor")}
"""Those whose tests read what is made up below."""


@st.composite
def members(draw: st.DrawFn, relation: Relation) -> Any:
    """Somebody on a team."""
    person = SimpleNamespace(
        appointment=draw(st.sampled_from(Appointment)), department_id=draw(st.one_of(st.none(), st.just(1)))
    )
    return SimpleNamespace(
        name="Ada",
        relation=relation,
        answer=draw(st.sampled_from(TeamAnswer)),
        organisation=draw(st.one_of(st.text(max_size=20), st.just("University of Examples"))),
        person=draw(st.one_of(st.none(), st.just(person))),
        person_id=1,
    )


@st.composite
def proposals(draw: st.DrawFn, form: Form) -> Any:
    """What the checks read of a proposal, beside its answers."""
    leader = draw(members(Relation.PRINCIPAL))
    names = ["", "gone", *(each.key for each in form.questions)]
    files = st.builds(
        SimpleNamespace,
        name=st.just("a.pdf"),
        pages=st.one_of(st.none(), st.integers(0, 2_000)),
        question=st.sampled_from(names),
        state=st.sampled_from(FileState),
        removed_at=st.none(),
    )
    optional = st.one_of(st.none(), st.integers(1, Limit.DURATION_MONTHS))
    return SimpleNamespace(
        principal=leader,
        team=[leader, *draw(st.lists(st.sampled_from(Relation).flatmap(members), max_size=3))],
        attachments=draw(st.lists(files, max_size=3)),
        amount_minor=draw(st.one_of(st.none(), st.integers(0, Limit.MONEY_MINOR))),
        call=SimpleNamespace(
            max_award_minor=draw(st.one_of(st.none(), st.integers(1, Limit.MONEY_MINOR))),
            currency=Currency.USD,
            duration_least=draw(optional),
            duration_most=draw(optional),
        ),
    )


def settings_for(name: str, form: Form) -> st.SearchStrategy[Any]:
    """Any settings at all for a check: its own names with any JSON, sound ones, or something that is no object."""
    likely: dict[str, st.SearchStrategy[Any]] = {
        "whole": st.integers(-5, 50),
        "money": st.integers(-5, 10**9),
        "words": st.lists(st.text(max_size=12), max_size=4),
        "choices": st.lists(st.sampled_from(["full_time_faculty", "en", "zh", "x"]), max_size=3),
        "question": st.sampled_from([each.key for each in form.questions]),
    }
    facts = {each.name: st.one_of(likely[each.kind], damaged()) for each in HERE[name].facts}
    return st.one_of(st.fixed_dictionaries({}, optional=facts), damaged())


@few
@given(st.data())
@pytest.mark.parametrize("name", sorted(HERE))
def test_no_check_raises(name: str, data: st.DataObject) -> None:
    form = data.draw(forms())
    proposal = data.draw(proposals(form))
    answers = data.draw(st.one_of(answers_to(form), damaged_answers_to(form)))
    rule = Rule(code="any", check_name=name, facts=data.draw(settings_for(name, form)))
    numbers = st.integers(0, 3)
    ours = Institution("Example University", data.draw(st.sampled_from(["", "https://ror.org/0030zas98"])))
    known = Known(
        form,
        counting(form, answers),
        {
            RUNNING: data.draw(numbers),
            OF_PERSON: data.draw(numbers),
            OF_DEPARTMENT: data.draw(numbers),
            INSTITUTION: ours,
        },
    )
    kind = HERE[name]
    assert kind.test is not None
    found = kind.test(proposal, rule, known)
    for each in found or []:
        assert each.part
        assert each.field
        assert str(each.reason)
    if kind.saw:
        assert str(kind.saw(proposal, rule, known))


@few
@given(damaged())
def test_damaged_settings_become_the_defaults(facts: Any) -> None:
    for kind in HERE.values():
        told = kind.settings(Rule(code=kind.name, facts=facts))
        assert set(told) == {each.name for each in kind.facts}
        if not isinstance(facts, dict):
            assert told == {each.name: each.default for each in kind.facts}
