"""A form is built step by step; each step gives a sound form or says why not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.form import building
from intake.form.definition import BadForm, Form, Kind, Label, Page, SeenBy, as_data, parse
from intake.form.keys import key_for
from intake.form.standard import standard
from tests.form import strategies
from tests.form.asking import ask, form_of, options

pytestmark = pytest.mark.once

STANDARD = standard(themes=True, standing=False, declarations=("own_work",))


def refused(act: Callable[..., Form], *given_: Any, **more: Any) -> str:
    with pytest.raises(BadForm) as caught:
        act(*given_, **more)
    return str(caught.value.reason)


def keys(form: Form, section: str = "main") -> list[str]:
    return [each.key for each in form.section(section).questions]


def test_sections_come_go_and_move() -> None:
    form = building.add_section(STANDARD, Label("Impact on society"))
    assert [each.key for each in form.sections][-1] == "impact_on_society"
    form = building.move_section(form, "impact_on_society", 0)
    assert [each.key for each in form.sections][:2] == ["impact_on_society", "summary"]
    form = building.rename_section(form, "impact_on_society", Label("Impact", "影響"), Label("Who gains?"))
    assert form.sections[0].label == Label("Impact", "影響") and form.sections[0].help == Label("Who gains?")
    assert building.rename_section(form, "impact_on_society", Label("X")).sections[0].help == Label("Who gains?")
    form = building.remove_section(form, "impact_on_society")
    assert form == STANDARD
    files = building.remove_section(form, "attachments")
    assert building.add_section(files, Label("Files"), page=Page.FILES, position=1).sections[1].page is Page.FILES


def test_what_a_form_needs_stays() -> None:
    assert "the team" in refused(building.remove_section, STANDARD, "team")
    assert "title and the abstract" in refused(building.remove_section, STANDARD, "summary")
    assert "title and the abstract" in refused(building.remove_question, STANDARD, "abstract")
    assert "at most one" in refused(building.add_section, STANDARD, Label("More"), page=Page.FILES)
    assert "label" in refused(building.add_section, STANDARD, Label())
    for act in (building.remove_section, building.remove_question):
        assert "nothing" in refused(act, STANDARD, "nothing")
    assert "nothing" in refused(building.add_question, STANDARD, "nothing", Kind.DATE, Label("When"))
    assert "nothing" in refused(building.move_question, STANDARD, "title", "nothing", 0)
    assert "no questions" in refused(building.add_question, STANDARD, "team", Kind.DATE, Label("When"))


def test_a_new_question_is_for_the_office_only() -> None:
    form = building.add_question(
        form_of(), "main", Kind.LONG_TEXT, Label("Note to the office"), limit=300, unit="words"
    )
    found = form.question("note_to_the_office")
    assert (found.seen_by, found.leaves, found.blind, found.listed, found.required) == (SeenBy.OFFICE, *[False] * 4)
    assert found.limit == 300
    assert keys(form) == ["title", "abstract", "note_to_the_office"]
    assert keys(building.add_question(form, "main", Kind.DATE, Label("When"), position=1))[1] == "when"


def test_every_kind_can_be_added_with_what_it_needs() -> None:
    form = form_of()
    for kind in Kind:
        form = building.add_question(form, "main", kind, Label(f"A {kind}"))
    assert form.question("theme_id").kind is Kind.THEME
    assert [each.key for each in form.question("a_choice").options] == ["first_answer", "second_answer"]
    budget = form.question("a_budget").budget
    assert budget is not None and [each.key for each in budget.categories] == ["staff", "equipment", "other_costs"]
    assert "theme_id" in refused(building.add_question, form, "main", Kind.THEME, Label("Theme"))


def test_a_core_question_is_added_on_purpose() -> None:
    form = building.add_question(form_of(), "main", Kind.SHORT_TEXT, Label("Keywords"))
    assert keys(form)[-1] == "keywords_2"
    form = building.add_question(form_of(), "main", Kind.SHORT_TEXT, Label("Keywords"), key="keywords")
    assert form.question("keywords").seen_by is SeenBy.REVIEWERS
    assert "kind" in refused(building.add_question, form_of(), "main", Kind.DATE, Label("K"), key="keywords")


@pytest.mark.parametrize(
    ("label", "taken", "key"),
    [
        ("Impact", (), "impact"),
        ("Impact!", ("impact", "impact_2"), "impact_3"),
        ("Où & naïveté", (), "ou_naivete"),
        ("影響", (), "question"),
        ("影響", ("question",), "question_2"),
        ("", (), "question"),
        ("3 year plan", (), "question_3_year_plan"),
        ("Title", (), "title_2"),
        ("Version", (), "version_2"),
        ("Action", (), "action_2"),
        ("What will this very long question be about in the end", (), "what_will_this_very_long_question_be"),
    ],
)
def test_keys_are_made_of_labels(label: str, taken: tuple[str, ...], key: str) -> None:
    assert key_for(label, taken, "question") == key


def test_keys_of_earlier_versions_are_not_used_again() -> None:
    form = building.add_question(form_of(), "main", Kind.DATE, Label("When"), taken={"when"})
    assert keys(form)[-1] == "when_2"
    assert building.add_section(form, Label("When 2")).sections[-1].key == "when_2_2"


def test_facts_change_and_go_back() -> None:
    form = form_of(ask("choice", "pick", options=options("a", "b")))
    form = building.change_question(form, "pick", required=True, label=Label("Pick one"), help={"en": "One only."})
    found = form.question("pick")
    assert (found.required, found.label, found.help) == (True, Label("Pick one"), Label("One only."))
    form = building.change_question(
        form, "pick", options=[*options("a"), {"label": {"en": "B or C"}}, {"label": {"zh": "丁"}}]
    )
    assert [each.key for each in form.question("pick").options] == ["a", "b_or_c", "option"]
    form = building.change_question(form, "pick", required=None, help=None)
    assert (form.question("pick").required, form.question("pick").help) == (False, Label())
    assert "label" in refused(building.change_question, form, "pick", label=Label())
    assert "setting" in refused(building.change_question, form, "pick", colour="red")
    assert "does not leave" in refused(building.change_question, form, "pick", leaves=True)
    assert building.change_question(form, "pick", leaves=True, seen_by="reviewers").question("pick").leaves
    assert "Everybody" in refused(building.change_question, form, "title", required=False)


def test_another_kind_drops_what_it_does_not_know() -> None:
    form = form_of(ask("choice", "pick", options=options("a", "b")))
    text = building.change_question(form, "pick", kind="long_text", limit=50)
    assert (text.question("pick").options, text.question("pick").limit) == ((), 50)
    back = building.change_question(text, "pick", kind="choices")
    assert [each.key for each in back.question("pick").options] == ["first_answer", "second_answer"]
    assert "none of" in refused(building.change_question, form, "pick", kind="poem")


def test_questions_move_but_not_before_what_decides_on_them() -> None:
    rule = {"all": [{"question": "first", "is": "equals", "value": True}]}
    form = form_of(ask("yes_no", "first"), ask("date", "then", show_if=rule), ask("date", "last"))
    assert keys(building.move_question(form, "last", "main", 0)) == ["last", "title", "abstract", "first", "then"]
    words = "Whether “Then” is asked depends on “First”, which must come before it."
    assert refused(building.move_question, form, "then", "main", 0) == words
    assert refused(building.move_question, form, "first", "main", 9) == words
    more = building.add_section(form, Label("More"))
    assert keys(building.move_question(more, "then", "more", 0), "more") == ["then"]


def test_what_others_depend_on_stays_and_is_told() -> None:
    rule = {"all": [{"question": "first", "is": "equals", "value": True}]}
    form = form_of(ask("yes_no", "first"), ask("date", "then", show_if=rule))
    words = "Whether “Then” is asked depends on “First”. Change that first."
    assert refused(building.remove_question, form, "first") == words
    assert keys(building.remove_question(building.remove_question(form, "then"), "first")) == ["title", "abstract"]
    more = building.add_section(form, Label("More"))
    both = building.move_question(building.move_question(more, "then", "more", 0), "first", "more", 0)
    assert [each.key for each in building.remove_section(both, "more").sections] == ["main", "team"]
    apart = building.move_question(building.add_section(both, Label("Last")), "then", "last", 0)
    assert "must come before" in refused(building.move_section, apart, "last", 0)
    assert refused(building.remove_section, apart, "more") == words


@strategies.quick
@given(st.data())
def test_every_step_gives_a_sound_form_or_a_refusal(data: st.DataObject) -> None:
    form: Form = data.draw(strategies.forms(4))
    before = as_data(form)
    places = st.sampled_from([*(each.key for each in form.sections), "nowhere"])
    named = st.sampled_from([*(each.key for each in form.questions), "nothing"])
    names = st.sampled_from(["required", "limit", "options", "budget", "show_if", "x"])
    kinds = st.one_of(st.sampled_from(Kind), strategies.damaged())
    facts = st.dictionaries(names, strategies.damaged())
    acts: list[Callable[[], Form]] = [
        lambda: building.add_section(form, data.draw(strategies.labels())),
        lambda: building.remove_section(form, data.draw(places)),
        lambda: building.move_section(form, data.draw(places), data.draw(st.integers(-1, 9))),
        lambda: building.add_question(
            form,
            data.draw(places),
            data.draw(st.sampled_from(Kind)),
            data.draw(strategies.labels()),
            **data.draw(facts),
        ),
        lambda: building.change_question(form, data.draw(named), **data.draw(facts)),
        lambda: building.change_question(form, data.draw(named), kind=data.draw(kinds)),
        lambda: building.move_question(form, data.draw(named), data.draw(places), data.draw(st.integers(-1, 9))),
        lambda: building.remove_question(form, data.draw(named)),
    ]
    try:
        made = data.draw(st.sampled_from(acts))()
    except BadForm as bad:
        assert str(bad.reason)
    else:
        assert parse(as_data(made)) == made
    assert as_data(form) == before
