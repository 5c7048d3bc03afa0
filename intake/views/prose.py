"""Text that people typed, made safe to show. The source is kept as typed; it is cleaned each time it is shown."""

from __future__ import annotations

import re

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_TAGS = set(
    "p br hr strong em s code pre blockquote ul ol li a table thead tbody tr th td h3 h4 h5 h6".split()  # noqa: SIM905
)
_HEADING = re.compile(r"h[1-6]")
_READER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def paragraphs(text: str | None) -> Markup:
    """Plain text as ``<p>``s, every character escaped; a blank line parts paragraphs, a single break stays a break."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = [part.strip() for part in _BLANK_LINE.split(lines) if part.strip()]
    return Markup("\n").join(Markup("<p>{}</p>").format(escape(part).replace("\n", Markup("<br>"))) for part in parts)


def markdown(text: str | None) -> Markup:
    """Markdown as HTML: written tags stay text, then only a short list of tags and http, https and mailto links pass.

    The largest heading becomes h3, as h1 is the page's and h2 the card's, and no level is skipped.
    Pictures are left out: they would call other servers.
    """
    tokens = _READER.parse(text or "")
    headings = [token for token in tokens if _HEADING.fullmatch(token.tag)]
    levels = sorted({token.tag for token in headings})
    for token in headings:
        token.tag = f"h{min(levels.index(token.tag) + 3, 6)}"
    html = _READER.renderer.render(tokens, _READER.options, {})
    return Markup(  # noqa: S704 - nh3 has just cleaned it
        nh3.clean(
            html,
            tags=_TAGS,
            attributes={"a": {"href", "title"}, "ol": {"start"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )
