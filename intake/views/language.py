"""The words of pages in the reader's language, looked up quickly: a list page says several hundred of them.

Flask-Babel's own functions find the locale and the catalogue anew for every word, and Jinja's "newstyle" ones copy the
template's context for each call. Here both happen once a request. ``said`` and ``counted`` are for templates: what a
sentence's places are filled with is escaped, unless it is Markup. ``gettext`` and ``ngettext`` give plain text.
"""

from __future__ import annotations

from gettext import NullTranslations
from typing import Any

from flask import Flask, g, has_app_context
from flask_babel import get_locale, get_translations
from markupsafe import Markup


def register(app: Flask) -> None:
    """Let the templates' ``_``, ``gettext`` and ``ngettext`` be the quick ones."""
    app.jinja_env.globals.update(_=said, gettext=said, ngettext=counted)


def language() -> str:
    """The code of this request's language, such as ``en``; English outside any request."""
    if not has_app_context():
        return "en"
    found: str | None = g.get("language")
    if found is None:
        found = g.language = str(get_locale() or "en")
    return found


def catalogue() -> NullTranslations:
    """The translations of this request's language; none outside any request."""
    if not has_app_context():
        return NullTranslations()
    found: NullTranslations | None = g.get("catalogue")
    if found is None:
        found = g.catalogue = get_translations()
    return found


def gettext(sentence: str, /, **values: Any) -> str:
    """The sentence in the reader's language as plain text, its ``%(name)s`` places filled."""
    words = catalogue().gettext(sentence)
    return words % values if values else words


def ngettext(one: str, several: str, num: int, /, **values: Any) -> str:
    """The sentence for one or for several as plain text; ``%(num)s`` is the count."""
    return catalogue().ngettext(one, several, num) % {"num": num, **values}


def said(sentence: str, /, **values: Any) -> Markup:
    """The sentence in the reader's language, its ``%(name)s`` places filled."""
    words = Markup(catalogue().gettext(sentence))  # noqa: S704 - sentences are ours; values are escaped below
    return words % values  # without values too: in a template %% is a percent sign, with Jinja's own functions as well


def counted(one: str, several: str, num: int, /, **values: Any) -> Markup:
    """The sentence for one or for several, in the reader's language; ``%(num)s`` is the count."""
    words = Markup(catalogue().ngettext(one, several, num))  # noqa: S704 - as above
    return words % {"num": num, **values}
