"""The components keep their promises: who sees which button, what each field says, and nothing that the CSP forbids."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from intake import clock
from intake.policy import UNSEEN, YES, no
from intake.views import assets, display
from intake.vocabulary import say

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 3, 15, 4, 0, tzinfo=UTC)
Draw = Callable[..., str]


@pytest.fixture
def draw() -> Iterator[Draw]:
    """Draw a macro: ``draw("form", "field(form.title)", form=...)``."""
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(SECRET_KEY="for tests only", TIME_ZONE="Asia/Hong_Kong")
    Babel(app)
    CSRFProtect(app)
    display.register(app)
    assets.register(app)

    def drawn(component: str, call: str, **given: Any) -> str:
        source = f'{{% import "components/{component}.html" as c %}}{{{{ c.{call} }}}}'
        return app.jinja_env.from_string(source).render(**given)

    with app.test_request_context("/list?theme=3"), clock.at(NOON):
        yield drawn


class Words(FlaskForm):
    title = StringField("Title", [DataRequired("Give it a title."), Length(max=20)])
    abstract = TextAreaField("Abstract", [Length(max=10)])
    merit = RadioField(
        "Merit", choices=[SelectChoice("1", "1"), SelectChoice("5", "5")], validators=[DataRequired("Choose a value.")]
    )


def sent(**typed: str) -> Words:
    form = Words(formdata=MultiDict(typed), meta={"csrf": False})
    form.validate()
    return form


def test_who_may_gets_a_form_of_one_button_with_its_tokens(draw: Draw) -> None:
    html = draw("form", "act(ruling, '/nudge', 'Nudge', once='k1', version=3, fields={'reviewer': 7})", ruling=YES)
    assert '<form class="act" method="post" action="/nudge">' in html
    assert 'name="csrf_token" value="' in html
    assert 'name="once" value="k1"' in html
    assert 'name="version" value="3"' in html
    assert 'name="reviewer" value="7"' in html


@pytest.mark.parametrize("macro", ["act", "link_act"])
def test_who_may_not_reads_the_reason_beside_a_button_that_is_off(draw: Draw, macro: str) -> None:
    ruling = no(say("It needs %(n)s reviews & a lead.", n=3))
    html = draw("form", f"{macro}(ruling, '/decide', 'Decide')", ruling=ruling)
    assert "<form" not in html
    assert "/decide" not in html
    tied = re.search(r'disabled aria-describedby="(\w+)">Decide</button><span class="reason" id="(\w+)">([^<]*)<', html)
    assert tied
    assert tied[1] == tied[2]
    assert tied[3] == "It needs 3 reviews &amp; a lead."


@pytest.mark.parametrize("macro", ["act", "link_act"])
def test_what_must_not_be_known_is_not_shown_at_all(draw: Draw, macro: str) -> None:
    assert draw("form", f"{macro}(ruling, '/decide', 'Decide')", ruling=UNSEEN).strip() == ""
    refused = no(say("Not now."))
    assert draw("form", f"{macro}(ruling, '/decide', 'Decide', quiet_refusal=true)", ruling=refused).strip() == ""


def test_a_wrong_field_names_its_error_and_is_tied_to_it(draw: Draw) -> None:
    html = draw("form", "field(form.title, help='Short.')", form=sent(title=""))
    assert 'aria-describedby="title-help title-error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'id="title-error">.*Give it a title\.', html)


def test_a_field_is_never_cut_short_by_the_browser(draw: Draw) -> None:
    form = sent(title="T", abstract="longer than ten", merit="1")
    html = draw("form", "field(form.abstract)", form=form) + draw("form", "field(form.title)", form=form)
    assert "maxlength" not in html
    assert "longer than ten</textarea>" in html
    assert 'data-limit="10"' in html
    assert "at most 10 characters" in html


def test_the_summary_links_to_every_wrong_field(draw: Draw) -> None:
    html = draw("form", "errors(form)", form=sent(abstract="longer than ten"))
    assert re.findall(r'href="#([\w-]+)"', html) == ["title", "abstract", "merit-0"]
    assert draw("form", "errors(form)", form=sent(title="T", merit="5")).strip() == ""


def test_a_scale_says_what_each_value_means(draw: Draw) -> None:
    html = draw("form", "scale(form.merit, {1: 'no new idea', '5': 'a leap'}, weight=40)", form=sent(merit="5"))
    assert "weight 40 %" in html
    assert re.search(
        r'<label for="merit-0"><span class="value">1<span class="visually-hidden">: </span></span>no new idea</label>',
        html,
    )
    chosen = r'<label for="merit-1"><span class="value">5<span class="visually-hidden">: </span></span>a leap</label>'
    assert re.search(r'checked[^>]*id="merit-1"[^>]*>' + chosen, html)


def test_what_people_typed_is_escaped_in_every_component(draw: Draw) -> None:
    bad = "<script>x</script>"
    entry = {"at": NOON, "label": bad, "who": bad, "note": bad, "desk": "office"}
    step = {"label": bad, "reached": True, "current": True, "at": NOON, "desk": "office", "note": bad}
    html = "".join(
        [
            draw("page", "heading(bad, bad, number=bad)", bad=bad),
            draw("page", "dl([(bad, bad)])", bad=bad),
            draw("proposal", "timeline([entry])", entry=entry),
            draw("proposal", "path([step])", step=step),
            draw("chart", "bar([(bad, 1)], bad, bad)", bad=bad),
            draw("chart", "call_line([step], now())", step=step),
        ]
    )
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_a_picture_says_in_words_what_it_shows(draw: Draw) -> None:
    html = draw("chart", "bar([{'label': 'COMP', 'value': 4}, ('EIE', 1)], 'By department', 'proposals')")
    assert "COMP: 4 proposals, EIE: 1 proposals</desc>" in html
    assert re.findall(r'width="([\d.]+)%" height="8" rx="2" class="fill"', html) == ["100.0", "25.0"]
    assert '<td class="digits">4</td>' in html


def test_the_line_of_a_call_puts_each_point_at_its_time_and_says_its_dates(draw: Draw) -> None:
    points = [
        {"label": "closes", "at": NOON + timedelta(days=10), "desk": "applicant"},
        {"label": "opened", "at": NOON - timedelta(days=10), "desk": "office"},
    ]
    html = draw("chart", "call_line(points, now())", points=points)
    assert re.findall(r'<svg x="([\d.]+)%"', html) == ["3.0", "50.0", "97.0"]
    assert "opened 5 Mar 2026, 12:00 HKT, today 15 Mar 2026, 12:00 HKT, closes 25 Mar 2026, 12:00 HKT" in html
    assert draw("chart", "call_line([], now())").strip() == ""


def test_a_bar_chart_of_nothing_divides_by_nothing(draw: Draw) -> None:
    assert 'width="0.0%"' in draw("chart", "bar([('EIE', 0)], 'x', 'y')")
    assert "<svg" in draw("chart", "bar([], 'x', 'y')")


def test_the_path_names_the_present_step_and_those_to_come(draw: Draw) -> None:
    steps = [
        {"label": "Received", "reached": True, "current": False, "at": NOON, "desk": "office"},
        {"label": "With reviewers", "reached": True, "current": True, "at": None, "desk": "reviewers"},
        {"label": "Decided", "reached": False, "current": False, "at": None, "desk": "office"},
    ]
    html = draw("proposal", "path(steps)", steps=steps)
    assert re.search(r'aria-current="step"><strong>With reviewers</strong></li>', html)
    assert len(re.findall("to come", html)) == 1


def test_sorting_twice_turns_round_and_goes_back_to_page_one(draw: Draw) -> None:
    args = MultiDict([("theme", "3"), ("sort", "mean"), ("page", "4")])
    html = draw("table", "th('Mean', 'mean', 'mean', args)", args=args)
    assert 'aria-sort="ascending"' in html
    assert 'href="?theme=3&amp;sort=-mean"' in html


def test_the_pager_keeps_the_filter(draw: Draw) -> None:
    html = draw("table", "pager(2, 3, 148, args)", args=MultiDict([("theme", "3"), ("page", "2")]))
    assert re.findall(r'href="([^"]+)"', html) == [
        "?theme=3",
        "?theme=3",
        "?theme=3&amp;page=2",
        "?theme=3&amp;page=3",
        "?theme=3&amp;page=3",
    ]
    assert "148 in all, page 2 of 3" in html


def test_the_frame_and_the_components_hold_nothing_that_the_policy_of_content_forbids() -> None:
    sources = [ROOT / "templates/base.html", *(ROOT / "templates").glob("components/*.html")]
    assert len(sources) > 5
    for source in sources:
        text = source.read_text(encoding="utf-8")
        assert not re.search(r"""\sstyle=|<style|\son\w+=["']|<script(?![^>]*\ssrc=)|javascript:""", text), source.name


def test_htmx_is_served_from_its_package_under_an_address_that_changes_with_it() -> None:
    app = Flask(__name__, static_folder=str(ROOT / "static"))
    assets.register(app)
    with app.test_request_context():
        url = app.url_for("htmx.static", filename="htmx.min.js")
        assert re.fullmatch(r"/htmx/static/htmx\.min\.js\?v=[0-9a-f]{12}", url)
        assert app.url_for("static", filename="nothing.css") == "/static/nothing.css"
    reply = app.test_client().get(url)
    assert reply.status_code == 200
    assert b"htmx" in reply.data
    reply.close()
