"""Whatever a form asks and whatever is typed, the button and the page that saves itself make the same of it.

Through the real views and a real database: the same inputs go to two drafts of one person, to one by the button as a
browser without scripts sends it, to the other as the page's script does. They keep the same answers, say the same is
wrong, find the same faults, and ask the same questions. No answer is ever cut: what was kept is what was typed, and
what cannot be kept is said and stays on the page.

One difference is meant: by the button nothing is saved while one answer cannot be kept; a page that saves itself keeps
the others at once. So here the button is pressed again without the answers that were refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from intake import clock, typed
from intake.audit.chain import canonical
from intake.call.models import FormVersion, Rule
from intake.extensions import db
from intake.form.definition import Form, Kind, Page, Question, Section, as_data, parse, storage_limit
from intake.form.inputs import inputs, names_of
from intake.form.kinds import TEXTS
from intake.people.models import Person
from intake.proposal.answers import answers_of, part_of
from intake.proposal.content import sha256_of
from intake.proposal.writing import start
from tests.factories.people import actor, call_with, faculty_member, load_catalogue, whole
from tests.form import strategies

CODE = "HIRP-2020"
ERROR = re.compile(r'<p class="wrong" id="([^"]+)-error"( hidden)?>(.*?)</p>', re.DOTALL)
FAULT = re.compile(r'<p class="fault" id="([^"]+)-fault"( hidden)?>(.*?)</p>', re.DOTALL)
SHOWN = re.compile(r'data-question="([^"]+)"( hidden)?>')


class Pair:
    """Ada with two drafts of the newest form: ``button`` and ``itself`` are how each is saved."""

    def __init__(self, app: Flask, client: FlaskClient, ada: int) -> None:
        self.app, self.client, self.ada = app, client, ada
        self.button = self.itself = 0

    def begin(self, form: Form) -> None:
        """Publish the form and begin both drafts."""
        with self.app.app_context():
            call, definition = call_with(CODE), as_data(form)
            count = db.session.scalar(sa.select(sa.func.count(FormVersion.id))) or 0
            facts = {"sha256": sha256_of(definition), "published_at": clock.now(), "ordinal": count + 1}
            assert canonical(as_data(parse(definition))) == canonical(definition)
            db.session.add(FormVersion(call_id=call.id, definition=definition, **facts))
            db.session.flush()
            by = actor(db.session.get_one(Person, self.ada))
            self.button, self.itself = (start(call, by=by, organisation="Computing").id for _ in range(2))
            db.session.commit()

    def held(self, draft: int) -> tuple[int, dict[str, Any]]:
        """The draft's version and its answers."""
        with self.app.app_context():
            found = whole(draft)
            return found.version, answers_of(found)

    def post(self, draft: int, section: Section, sent: MultiDict[str, str], **headers: str) -> Any:
        """Send a section's inputs."""
        data = MultiDict([*sent.items(multi=True), ("version", str(self.held(draft)[0]))])
        return self.client.post(f"/proposals/{draft}/edit/{part_of(section)}", data=data, headers=headers)


@pytest.fixture
def pair(app: Flask, client_for: Callable[[int], FlaskClient]) -> Pair:
    with app.app_context():
        load_catalogue()
        db.session.execute(sa.delete(Rule))
        ada = faculty_member().id
        db.session.commit()
    return Pair(app, client_for(ada), ada)


@st.composite
def typings(draw: st.DrawFn, question: Question) -> tuple[MultiDict[str, str], Any]:
    """What is typed for a question, and the value that this is; None where it may be anything."""
    if question.kind in (Kind.THEME, Kind.ATTACHMENT) or draw(st.integers(0, 3)) == 0:
        return draw(strategies.sent_for(question)), None
    if question.kind in TEXTS and (chance := draw(st.integers(0, 7))) < 2:
        text = "字" * (storage_limit(question) + chance)  # as long as can be kept, or longer by one
        return MultiDict({question.key: text}), None if chance else text
    value = draw(strategies.values(question))
    texts = inputs(question, value)
    return MultiDict([(name, text) for name in texts for text in texts.getlist(name)]), value


def read_page(text: str) -> tuple[dict[str, str], dict[str, str], set[str]]:
    """What a page says is wrong, by input; its faults, by question; the questions that it asks."""

    def told(pattern: re.Pattern[str]) -> dict[str, str]:
        spoken = re.compile(r'<span class="visually-hidden">.*?</span>')
        found = [(name, spoken.sub("", words)) for name, hidden, words in pattern.findall(text) if not hidden]
        return {name: unescape(words).strip() for name, words in found}

    return told(ERROR), told(FAULT), {key for key, hidden in SHOWN.findall(text) if not hidden}


def nothing_is_cut(question: Question, sent: MultiDict[str, str], kept: Any, errors: Mapping[str, str]) -> None:
    """A text was kept whole, as it was typed but for its line ends and outer spaces, or it was refused."""
    if question.kind not in TEXTS or question.key not in sent or question.key in errors:
        return
    clean = typed.line if question.kind is Kind.SHORT_TEXT else typed.paragraphs
    whole_text = clean(sent[question.key])
    assert (kept or "") == ("" if typed.blank(whole_text) else whole_text)


CHOSEN = {Kind.THEME, Kind.CHOICE, Kind.CHOICES, Kind.YES_NO, Kind.DECLARATION}
"""Kinds that are chosen from a list: what is none of it was typed by nobody."""


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(data=st.data())
def test_the_button_and_the_page_that_saves_itself_agree(pair: Pair, data: st.DataObject) -> None:
    form = data.draw(strategies.forms())
    pair.begin(form)
    for section in (each for each in form.sections if each.page is Page.QUESTIONS and each.questions):
        drawn = {each.key: data.draw(typings(each), label=each.key) for each in section.questions}
        sent: MultiDict[str, str] = MultiDict(
            [pair_ for typing, _ in drawn.values() for pair_ in typing.items(multi=True)]
        )
        before = pair.held(pair.button)

        by_itself = pair.post(pair.itself, section, sent, **{"X-Autosave": "1"})
        assert by_itself.status_code == 200, by_itself.text
        told = by_itself.json
        by_button = pair.post(pair.button, section, sent)
        assert by_button.status_code == (422 if told["errors"] else 302)

        if told["errors"]:
            errors, _, _ = read_page(by_button.text)
            assert errors == told["errors"] | told["cells"]
            assert pair.held(pair.button) == before, "by the button nothing is saved while one answer is refused"
            for key in told["errors"]:
                text = typed.without_unkeepable(sent.get(key, ""))
                if form.question(key).kind not in CHOSEN and text.strip() and len(text) >= 20:
                    assert text in unescape(by_button.text), "what was typed stays"
                for name in names_of(form.question(key), sent):
                    sent.poplist(name)
            assert pair.post(pair.button, section, sent).status_code == 302

        version, answers = pair.held(pair.itself)
        assert version == told["version"]
        assert pair.held(pair.button)[1] == answers
        page = pair.client.get(f"/proposals/{pair.button}/edit/{part_of(section)}")
        _, faults, shown = read_page(page.text)
        assert faults == told["faults"]
        assert shown == set(told["shown"])

        for key, (typing, value) in drawn.items():
            question = form.question(key)
            nothing_is_cut(question, typing, answers.get(key), told["errors"])
            if value is not None and question.kind is not Kind.DECLARATION:
                assert answers[key] == value
            if key in told["errors"]:
                assert answers.get(key) == before[1].get(key), "what could not be kept leaves what was there"

        pair.post(pair.itself, section, sent, **{"X-Autosave": "1"})
        assert pair.held(pair.itself) == (version, answers), "the same words once more change nothing"


def test_a_declaration_and_a_choice_can_be_taken_back_both_ways(pair: Pair) -> None:
    """An empty box is an answer, with scripts and without."""
    form = parse(
        {
            "sections": [
                {
                    "key": "one",
                    "label": {"en": "One"},
                    "questions": [
                        {"key": "title", "kind": "short_text", "label": {"en": "Title"}},
                        {"key": "abstract", "kind": "long_text", "label": {"en": "Abstract"}},
                        {"key": "agreed", "kind": "declaration", "label": {"en": "I agree"}},
                        {
                            "key": "colours",
                            "kind": "choices",
                            "label": {"en": "Colours"},
                            "options": [{"key": "red", "label": {"en": "Red"}}],
                        },
                    ],
                },
                {"key": "team", "label": {"en": "Team"}, "page": "team"},
            ]
        }
    )
    pair.begin(form)
    marks = [("agreed-sent", "1"), ("colours-sent", "1")]
    for draft, headers in ((pair.button, {}), (pair.itself, {"X-Autosave": "1"})):
        pair.post(draft, form.sections[0], MultiDict([*marks, ("agreed", "yes"), ("colours", "red")]), **headers)
        answers = pair.held(draft)[1]
        assert (answers["agreed"], answers["colours"]) == (True, ["red"])
        pair.post(draft, form.sections[0], MultiDict(marks), **headers)
        answers = pair.held(draft)[1]
        assert (answers.get("agreed"), answers.get("colours")) == (None, None)
