"""How things read on a page: times, money, sizes, sentences and addresses. Nothing here asks the database.

``register`` makes each public function a filter and a global of the templates, under its own name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel.dates import format_date
from flask import Flask, current_app
from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from intake import clock, workflow
from intake import money as amounts
from intake.views.language import gettext, language, ngettext
from intake.views.prose import markdown, paragraphs
from intake.vocabulary import State, Words

NOTHING = Markup("&mdash;")
"""Stands where a time or an amount is not known yet."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400
_MONTHS_FROM_DAYS, _YEARS_FROM_DAYS = 60, 730
_KIB = 1024


def register(app: Flask) -> None:
    """Give the templates every function of this module that speaks to people, as a filter and as a global."""
    said = (when, clock_time, day, ago, written, money, filesize, tr, paragraphs, markdown)
    for function in (*said, query, without, field_kind, anchor):
        app.jinja_env.filters[function.__name__] = function
        app.jinja_env.globals[function.__name__] = function
    # Components are imported without the page's context, so they find these only among the globals.
    app.jinja_env.globals.update(now=clock.now, state_label=state_label, public_label=public_label, desk_of=desk_of)


def state_label(state: str) -> str:
    """The office's short word for a state, in the reader's language."""
    return tr(workflow.STATES[State(state)].label)


def public_label(state: str) -> str:
    """What the applicant reads of a state, in the reader's language."""
    return tr(workflow.STATES[State(state)].public)


def desk_of(state: str) -> str:
    """Whose desk a state is: applicant, office, reviewers, sponsor or closed."""
    return workflow.STATES[State(state)].desk.value


def when(instant: datetime | None, zone: str | None = None) -> Markup:
    """``12 Mar 2026, 17:00 HKT (in 3 days)`` inside ``<time>``, with the same instant in UTC as its title.

    ``zone`` is an IANA name; the office's own (TIME_ZONE) unless told. Raises ValueError for an instant without a zone.
    """
    if instant is None:
        return NOTHING
    return _time(instant, f"{written(instant, zone)} ({_distance(instant, zone)})", zone)


def ago(instant: datetime | None, zone: str | None = None) -> Markup:
    """``9 days ago`` or ``in 2 hours`` inside ``<time>``; the full time is its title."""
    if instant is None:
        return NOTHING
    return _time(instant, _distance(instant, zone), zone)


def clock_time(instant: datetime, zone: str | None = None) -> str:
    """``12:04:31`` on the office's clock (or another zone's); with its date where that is not today."""
    there, today = _local(instant, zone), _local(clock.now(), zone)
    time = there.strftime("%H:%M:%S")
    return time if there.date() == today.date() else f"{_date(there.date())}, {time}"


def day(moment: date | None, zone: str | None = None) -> Markup:
    """``12 Mar 2026`` inside ``<time>``; the day of an instant is the day it is in ``zone``."""
    if moment is None:
        return NOTHING
    that_day = _local(moment, zone).date() if isinstance(moment, datetime) else moment
    return _day(that_day, language())


def written(instant: datetime, zone: str | None = None) -> str:
    """``12 Mar 2026, 17:00 HKT`` as plain text, for sentences, mails and titles."""
    local = _local(instant, zone)
    return f"{_date(local.date())}, {local:%H:%M} {clock.zone_name(local)}"


def money(minor: int | None, currency: str) -> Markup | str:
    """Minor units as ``USD 70,000``; a dash where no amount is known. The space does not break over a line."""
    return NOTHING if minor is None else amounts.shown(minor, currency).replace(" ", "\N{NO-BREAK SPACE}")


def filesize(size: int) -> str:
    """Bytes as ``340 bytes``, ``12 kB`` or ``1.4 MB`` (of 1,024), as file windows show them."""
    if size < _KIB:
        return ngettext("%(num)s byte", "%(num)s bytes", size)
    if size < _KIB * _KIB:
        return f"{-(-size // _KIB)}\N{NO-BREAK SPACE}kB"
    return f"{size / _KIB / _KIB:.1f}".removesuffix(".0") + "\N{NO-BREAK SPACE}MB"


def tr(words: object) -> str:
    """``words`` in the reader's language. Words, times and lists among its values are put into words as well.

    Anything but Words comes back as its own text: it is translated already, or typed by a person.
    """
    if not isinstance(words, Words):
        return str(words)
    return gettext(words.text, **{name: _value(value) for name, value in words.values.items()})


def query(args: Mapping[str, Any], **changes: Any) -> str:
    """``?theme=2&page=3``: the filter of this page with ``changes`` made; None and ``""`` drop a name.

    A link with it keeps the path. ``args`` is ``request.args`` or a dict whose values may be lists.
    """
    kept = _several(args) | changes
    pairs = [(name, each) for name, value in kept.items() for each in _each(value) if each not in (None, "")]
    return "?" + urlencode(pairs)


def without(args: Mapping[str, Any], name: str, value: object) -> dict[str, list[Any]]:
    """``args`` less one ``value`` of ``name``, for the link that takes one filter away."""
    return {
        each: [one for one in _each(values) if each != name or str(one) != str(value)]
        for each, values in _several(args).items()
    }


def field_kind(field: Any) -> str:
    """How a WTForms field is drawn: hidden, checkbox, radio, checkboxes, select, textarea, file or input."""
    widget = field.widget
    name = type(widget).__name__
    if name in ("Select", "TextArea"):
        return name.lower()
    if name == "ListWidget":
        inner = getattr(getattr(field, "option_widget", None), "input_type", "radio")
        return "checkboxes" if inner == "checkbox" else "radio"
    input_type = getattr(widget, "input_type", "text")
    return input_type if input_type in ("hidden", "checkbox", "file", "submit") else "input"


def anchor(*parts: object) -> str:
    """A name for an element, the same for the same ``parts``, so that a reason can be tied to its button."""
    return "a" + sha256("\0".join(map(str, parts)).encode()).hexdigest()[:10]


def _local(instant: datetime, zone: str | None) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs a zone")
    return instant.astimezone(ZoneInfo(_zone(zone)))


def _zone(zone: str | None) -> str:
    return zone or current_app.config.get("TIME_ZONE", "Asia/Hong_Kong")


def _date(that_day: date) -> str:
    return _formatted(that_day, language())


@lru_cache(maxsize=4096)
def _formatted(that_day: date, locale: str) -> str:
    """A list of fifty rows writes a hundred dates, most of them more than once. ``locale`` is the request's own."""
    # Translators give the order of their language, in the letters of Unicode's date patterns.
    return format_date(that_day, gettext("d MMM y"), locale=locale)


@lru_cache(maxsize=4096)
def _day(that_day: date, locale: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(that_day.isoformat(), _formatted(that_day, locale))


def _time(instant: datetime, words: str, zone: str | None) -> Markup:
    return _opening(instant, _zone(zone), language()) + words + _END


_END = Markup("</time>")


@lru_cache(maxsize=4096)
def _opening(instant: datetime, zone: str, locale: str) -> Markup:
    """The tag before a time's words: the same for everybody who reads in ``locale``, however often they look."""
    utc = instant.astimezone(ZoneInfo("UTC"))
    title = f"{written(instant, zone)} = {_formatted(utc.date(), locale)}, {utc:%H:%M} UTC"
    return Markup('<time datetime="{}" title="{}">').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", title)


def _distance(instant: datetime, zone: str | None) -> str:
    """How far off: up to a day in hours and minutes, then in the days that a wall calendar would count."""
    now = clock.now()
    seconds = int(abs((instant - now).total_seconds()))
    if seconds < MINUTE:
        return gettext("now")
    days = abs((_local(instant, zone).date() - _local(now, zone).date()).days) if seconds >= DAY else 0
    amount = _amount(seconds, days)
    return gettext("in %(amount)s", amount=amount) if instant > now else gettext("%(amount)s ago", amount=amount)


def _amount(seconds: int, days: int) -> str:
    if seconds < HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", seconds // MINUTE)
    if seconds < DAY:
        return ngettext("%(num)s hour", "%(num)s hours", seconds // HOUR)
    if days < _MONTHS_FROM_DAYS:
        return ngettext("%(num)s day", "%(num)s days", days)
    if days < _YEARS_FROM_DAYS:
        return ngettext("%(num)s month", "%(num)s months", round(days / 30.44))
    return ngettext("%(num)s year", "%(num)s years", round(days / 365.25))


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return written(value)
    if isinstance(value, date):
        return _date(value)
    if isinstance(value, (list, tuple)):
        return gettext(", ").join(str(_value(each)) for each in value)
    return tr(value) if isinstance(value, Words) else value


def _several(args: Mapping[str, Any]) -> dict[str, Any]:
    return dict(args.lists() if isinstance(args, MultiDict) else args.items())


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)
