"""How a letter is worded: short; who writes, why, what is asked and by when, one link. Plain text and HTML say the
same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from intake.vocabulary import Words, say


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, before it is addressed.

    ``path`` is where its one link leads, from the root of the site. ``secret`` marks a link that opens an account.
    """

    kind: str
    subject: Words
    paragraphs: tuple[Words, ...]
    path: str
    link: Words
    why: Words
    quoted: str = ""
    """Words of a person (a reason, a comment), shown set apart and as typed."""
    secret: bool = False
    stop: str = ""
    """Where such letters are switched off, from the root of the site; empty where they cannot be."""


@dataclass(slots=True)
class Desk:
    """The settings that letters need: the site's address, the sender, and how words become a language's sentence."""

    public_url: str = "http://127.0.0.1:8000"
    sender: str = "intake@localhost"
    speak: Callable[[Any], str] = str
    pages: Environment = field(init=False)

    def furnish(self, templates: str) -> None:
        """Load the layout of letters from the folder of templates."""
        self.pages = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=select_autoescape(enabled_extensions=("html",), default=False),
            trim_blocks=True,
            lstrip_blocks=True,
        )


desk = Desk()


def arrange(*, public_url: str, sender: str, speak: Callable[[Any], str], templates: str) -> None:
    """Set up the writing desk; ``create_app`` does."""
    desk.public_url, desk.sender, desk.speak = public_url, sender, speak
    desk.furnish(templates)


def worded(letter: Letter, name: str, office: str) -> tuple[str, str, str]:
    """The letter to one person: subject (one line), plain text, HTML."""
    values = {
        "greeting": desk.speak(say("Dear %(name)s,", name=name)) if name else desk.speak(say("Good day,")),
        "paragraphs": [desk.speak(each) for each in letter.paragraphs],
        "quoted": letter.quoted,
        "link": desk.speak(letter.link),
        "url": desk.public_url + letter.path,
        "why": desk.speak(letter.why),
        "stop": desk.speak(say("Switch such letters off")),
        "stop_url": desk.public_url + letter.stop if letter.stop else "",
        "office": office,
        "public_url": desk.public_url,
    }
    subject = " ".join(desk.speak(letter.subject).split())
    text = desk.pages.get_template("messages/letter.txt").render(values)
    return subject, text, desk.pages.get_template("messages/letter.html").render(values)
