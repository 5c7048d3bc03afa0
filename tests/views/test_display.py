"""How times, amounts, sizes, sentences and typed text read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField

from intake import clock
from intake.views import display
from intake.views.prose import markdown, paragraphs
from intake.vocabulary import say

NOON = datetime(2026, 3, 9, 4, 0, tzinfo=UTC)
"""Noon of 9 March in Hong Kong."""


@pytest.fixture(autouse=True)
def site() -> Iterator[Flask]:
    app = Flask(__name__)
    app.config["TIME_ZONE"] = "Asia/Hong_Kong"
    Babel(app)
    display.register(app)
    with app.test_request_context(), clock.at(NOON):
        yield app


def test_a_time_names_its_zone_and_how_far_off_it_is() -> None:
    html = display.when(datetime(2026, 3, 12, 9, 0, tzinfo=UTC))
    assert ">12 Mar 2026, 17:00 HKT (in 3 days)</time>" in html
    assert 'datetime="2026-03-12T09:00:00Z"' in html
    assert "12 Mar 2026, 09:00 UTC" in html


def test_a_time_can_be_told_in_the_sponsors_zone() -> None:
    assert ">12 Mar 2026, 05:00 EDT (in " in display.when(datetime(2026, 3, 12, 9, tzinfo=UTC), "America/New_York")
    assert display.written(NOON, "Asia/Singapore") == "9 Mar 2026, 12:00 UTC+08"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        display.when(datetime(2026, 3, 12, 9, 0))  # noqa: DTZ001 - the mistake under test


def test_what_is_not_known_yet_is_a_dash() -> None:
    assert {display.when(None), display.ago(None), display.day(None), display.money(None, "USD")} == {display.NOTHING}


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=1), "in 1 minute"),
        (timedelta(minutes=-59), "59 minutes ago"),
        (timedelta(hours=2, minutes=50), "in 2 hours"),
        (timedelta(hours=-23), "23 hours ago"),
        (timedelta(hours=24), "in 1 day"),
        # Thirty-seven hours after noon it is one in the morning, two days on by the wall calendar.
        (timedelta(hours=37), "in 2 days"),
        (timedelta(days=-9), "9 days ago"),
        (timedelta(days=59), "in 59 days"),
        (timedelta(days=75), "in 2 months"),
        (timedelta(days=-800), "2 years ago"),
    ],
)
def test_how_far_off(away: timedelta, words: str) -> None:
    assert f">{words}</time>" in display.ago(NOON + away)


def test_the_day_of_an_instant_is_the_day_in_the_offices_zone() -> None:
    late = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)
    assert display.day(late) == '<time datetime="2026-03-10">10 Mar 2026</time>'
    assert display.day(late, "UTC") == display.day(date(2026, 3, 9)) == '<time datetime="2026-03-09">9 Mar 2026</time>'


def test_money_has_its_currency_and_does_not_break_over_a_line() -> None:
    assert display.money(7_000_000, "USD") == "USD\u00a070,000"
    assert display.money(7_000_050, "HKD") == "HKD\u00a070,000.50"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1\u00a0kB"),
        (1025, "2\u00a0kB"),
        (10 * 1024**2, "10\u00a0MB"),
        (1_500_000, "1.4\u00a0MB"),
    ],
)
def test_file_sizes(size: int, words: str) -> None:
    assert display.filesize(size) == words


def test_a_sentence_is_filled_with_its_values_sentences_times_and_lists_among_them() -> None:
    words = say(
        "%(who)s may not until %(at)s: %(why)s (%(names)s)",
        who="C. Office",
        at=NOON,
        why=say("needs %(n)s reviews", n=2),
        names=["A", say("B")],
    )
    assert display.tr(words) == "C. Office may not until 9 Mar 2026, 12:00 HKT: needs 2 reviews (A, B)"


def test_a_sentence_without_values_may_hold_a_per_cent_sign() -> None:
    assert display.tr(say("weighs 40 % of the mean")) == "weighs 40 % of the mean"
    assert display.tr("100 % typed by a person") == "100 % typed by a person"


def test_a_value_is_escaped_where_a_page_shows_it(site: Flask) -> None:
    shown = site.jinja_env.from_string("{{ words|tr }}").render(words=say("by %(who)s", who="<b>x</b>"))
    assert shown == "by &lt;b&gt;x&lt;/b&gt;"


def test_plain_text_keeps_its_paragraphs_and_breaks_and_nothing_else() -> None:
    assert paragraphs(" one\r\ntwo\r\n \r\n\r\n<script>three</script>\n") == (
        "<p>one<br>two</p>\n<p>&lt;script&gt;three&lt;/script&gt;</p>"
    )
    assert paragraphs(None) == paragraphs("  \n ") == ""


def test_markdown_reads_as_marked() -> None:
    assert markdown("# Aim\n\n*new* **idea**, 光互連") == (
        "<h3>Aim</h3>\n<p><em>new</em> <strong>idea</strong>, 光互連</p>\n"
    )
    assert markdown("## Plan\n\n#### Year one") == "<h3>Plan</h3>\n<h4>Year one</h4>\n"
    assert "<td>1</td>" in markdown("| a |\n|---|\n| 1 |")


class Tags(HTMLParser):
    """The tags of a piece of HTML with their attributes, as a browser would see them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [(name, value or "") for name, value in attrs]))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>1</script>)",
        "![x](https://elsewhere.example/spy.png)",
        '<a href="https://example.org" onclick="x()">x</a>',
    ],
)
def test_markdown_lets_no_tag_script_or_picture_through(hostile: str) -> None:
    seen = Tags()
    seen.feed(markdown(hostile))
    assert {tag for tag, _ in seen.found} <= {"p", "a"}
    assert all(
        value.startswith("https:") for tag, attributes in seen.found for name, value in attributes if name == "href"
    )
    assert not [name for _, attributes in seen.found for name, _ in attributes if name.startswith("on")]


def test_a_link_in_markdown_tells_nothing_of_us() -> None:
    assert 'rel="noopener noreferrer nofollow"' in markdown("[x](https://example.org)")


def test_the_address_keeps_the_filter_and_changes_one_thing() -> None:
    args = MultiDict([("theme", "1"), ("theme", "2"), ("q", "光"), ("page", "4"), ("empty", "")])
    assert display.query(args, page=None) == "?theme=1&theme=2&q=%E5%85%89"
    assert display.query({"q": "a b"}, page=2) == "?q=a+b&page=2"
    assert display.query(display.without(args, "theme", 1), page=None) == "?theme=2&q=%E5%85%89"


class Fields(Form):
    name = StringField()
    text = TextAreaField()
    one_of = SelectField(choices=["a"])
    choice = RadioField(choices=["a"])
    yes = BooleanField()
    paper = FileField()
    once = HiddenField()


def test_each_field_is_known_by_how_it_is_drawn() -> None:
    kinds = [display.field_kind(field) for field in Fields()]
    assert kinds == ["input", "textarea", "select", "radio", "checkbox", "file", "hidden"]


def test_an_anchor_is_the_same_for_the_same_thing_and_fit_for_an_id() -> None:
    assert display.anchor("why", "/p/1") == display.anchor("why", "/p/1") != display.anchor("why", "/p/2")
    assert display.anchor("a", "bc") != display.anchor("ab", "c")
    assert display.anchor("光 <b>").isalnum()


def test_a_state_has_a_word_for_the_office_another_for_the_applicant_and_a_desk() -> None:
    assert display.state_label("decided") == "Decided"
    assert display.public_label("decided") == display.public_label("in_review") == "Under review"
    assert [display.desk_of(state) for state in ("draft", "decided", "in_review", "with_sponsor", "declined")] == [
        "applicant",
        "office",
        "reviewers",
        "sponsor",
        "closed",
    ]
