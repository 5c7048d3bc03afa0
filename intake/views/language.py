"""The words of pages in the reader's language, looked up quickly: a list page says several hundred of them.

Flask-Babel's own functions find the locale and the catalogue anew for every word, and Jinja's "newstyle" ones copy the
template's context for each call. Here both happen once a request. What a sentence's places are filled with is escaped,
unless it is Markup.
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any

from flask import Flask, g
from flask_babel import get_translations
from markupsafe import Markup


def register(app: Flask) -> None:
    """Let the templates' ``_``, ``gettext`` and ``ngettext`` be the quick ones."""
    app.jinja_env.globals.update(_=said, gettext=said, ngettext=counted)


def catalogue() -> NullTranslations:
    """The translations of this request's language."""
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def said(sentence: str, /, **values: Any) -> Markup:
    """The sentence in the reader's language, its ``%(name)s`` places filled."""
    words = Markup(catalogue().gettext(sentence))  # noqa: S704 - sentences are ours; values are escaped below
    return words % values if values else words


def counted(one: str, several: str, num: int, /, **values: Any) -> Markup:
    """The sentence for one or for several, in the reader's language; ``%(num)s`` is the count."""
    words = Markup(catalogue().ngettext(one, several, num))  # noqa: S704 - as above
    return words % {"num": num, **values}
