"""A letter says the same in plain text and in HTML, and what people wrote stays words."""

from __future__ import annotations

import re

from flask import Flask

from intake.notification.letters import Letter, worded
from intake.vocabulary import say

LETTER = Letter(
    kind="test",
    subject=say("Your proposal %(number)s", number="AIR-2021-0001"),
    paragraphs=(say("It was returned to you."), say("Change it until %(date)s. " * 6, date="1 March")),
    path="/proposals/1",
    link=say("Open the proposal"),
    why=say("You get this because you lead it."),
    quoted="Please add <b>a budget</b>.\n二:請補充。",
)


def test_plain_text_reads_as_a_mail(room: Flask) -> None:
    subject, text, _ = worded(LETTER, "CHAN Tai Man", "The Office, The University")
    assert subject == "Your proposal AIR-2021-0001"
    lines = text.splitlines()
    assert lines[0] == "Dear CHAN Tai Man,"
    assert "> Please add <b>a budget</b>." in lines
    assert "> 二:請補充。" in lines
    assert lines[lines.index("Open the proposal:") + 1] == "http://127.0.0.1:8000/proposals/1"
    assert lines[lines.index("-- ") + 1] == "You get this because you lead it."
    assert max(map(len, lines)) <= 78
    assert "\n\n\n" not in text


def test_html_says_the_same_and_runs_nothing(room: Flask) -> None:
    _, text, html = worded(LETTER, "<i>Mallory</i>", "The Office, The University")
    assert 'href="http://127.0.0.1:8000/proposals/1"' in html
    assert "&lt;b&gt;a budget&lt;/b&gt;" in html
    assert "&lt;i&gt;Mallory&lt;/i&gt;" in html
    assert not re.search(r"<(b|i|script|img|link)\b", html)
    for sentence in ("It was returned to you.", "You get this because you lead it.", "The Office, The University"):
        assert sentence in text
        assert sentence in html
