"""The fields of every form: each has the limit of its column, says what is wrong, and keeps what was typed.

A field does all its checking as it takes what was sent, so ``form.validate()`` is true exactly when every ``data`` is
fit for a room: text without surprises, money in minor units, an instant in UTC, an id out of the choices.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from email_validator import EmailNotValidError, validate_email
from flask import current_app, request
from flask_babel import gettext
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Field, StringField
from wtforms.widgets import DateInput, DateTimeLocalInput, TextArea, TextInput

from intake import money
from intake.errors import IntakeError
from intake.views import typed
from intake.views.choices import FILL_IN, Chosen, Declaration, Picked, Several
from intake.views.display import tr
from intake.vocabulary import Limit

__all__ = [
    "Chosen",
    "Day",
    "Declaration",
    "Email",
    "Form",
    "Line",
    "Moment",
    "Money",
    "Paragraph",
    "Picked",
    "Several",
    "Whole",
    "sent_version",
    "whole_number",
]

FIRST_YEAR, LAST_YEAR = 1990, 2199
"""Dates outside these are slips of the finger."""
MOST_DIGITS = 18


class Form(FlaskForm):
    """The base of forms. The token is checked before routing, for every request, so forms do not check it again."""

    class Meta(FlaskForm.Meta):
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the browser sent as a form; a JSON body is a form in which nothing was filled in."""
            if formdata is not _Auto:
                return formdata
            if request.method not in ("POST", "PUT", "PATCH", "DELETE"):
                return None
            return CombinedMultiDict((request.files, request.form)) if request.files else request.form

    def blame(self, error: IntakeError) -> None:
        """Show a room's refusal at the fields that it names, or on top of the form. Do this after ``validate``."""
        named = {name: words for name, words in getattr(error, "fields", {}).items() if name in self}
        for name, words in named.items():
            self[name].errors = [*self[name].errors, tr(words)]
        if not named:
            self.form_errors.append(tr(error.reason))


def sent_version() -> int:
    """The version that the sent form was made from; -1, which no row has, when it is missing or no number."""
    version = whole_number(request.form.get("version", ""))
    return -1 if version is None else version


def whole_number(text: str) -> int | None:
    """The number that the text writes in digits alone, or None; what an address or a hidden field sends is read so."""
    return int(text) if _digits(text) else None


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


class _Typed(Field):
    """One text that a person typed; ``read`` turns it into data or raises ValueError with what is wrong."""

    widget: Any = TextInput()
    typed: str | None = None

    def __init__(self, label: Any = None, required: bool = True, **options: Any) -> None:
        super().__init__(label, **options)
        self.flags.required = required

    def _value(self) -> str:
        if self.typed is not None:
            return typed.without_unkeepable(self.typed)
        return "" if self.data is None else self.written(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed, self.data = (str(valuelist[0]) if valuelist else ""), None
        if typed.blank(self.typed):
            if self.flags.required:
                raise ValueError(FILL_IN)
            return
        self.data = self.read(self.typed)

    def read(self, text: str) -> Any:
        """``text`` as data. Raises ValueError with a sentence for the person."""
        raise NotImplementedError

    def written(self, data: Any) -> str:
        """``data`` as a person would type it."""
        return str(data)


class _Text(StringField):
    """Text up to ``limit`` characters; empty text is ``""``, never None."""

    data: Any

    def __init__(self, label: Any = None, limit: int = Limit.NAME, required: bool = True, **options: Any) -> None:
        super().__init__(label, **options)
        self.limit = limit
        self.flags.required = required
        self.flags.maxlength = limit

    def process_formdata(self, valuelist: list[Any]) -> None:
        sent = str(valuelist[0]) if valuelist else ""
        cleaned = self.clean(sent)
        self.data = typed.without_unkeepable(cleaned)
        if bad := typed.unkeepable(cleaned):
            raise ValueError(_taken_out(bad))
        if typed.blank(cleaned):
            self.data = ""
            if self.flags.required:
                raise ValueError(FILL_IN)
        elif len(cleaned) > self.limit:
            raise ValueError(_too_long(self.limit, len(cleaned)))

    @staticmethod
    def clean(text: str) -> str:
        """``text`` as it is kept."""
        raise NotImplementedError


def _taken_out(point: str) -> str:
    return gettext(
        "It held an invisible sign (%(sign)s). It is taken out: check the text and send it again.", sign=point
    )


def _too_long(limit: int, length: int) -> str:
    return gettext("At most %(limit)s characters; this has %(length)s.", limit=f"{limit:,}", length=f"{length:,}")


class Line(_Text):
    """One line of text of at most ``limit`` characters."""

    clean = staticmethod(typed.line)


class Paragraph(_Text):
    """Text with line ends and tabs, of at most ``limit`` characters."""

    widget = TextArea()
    clean = staticmethod(typed.paragraphs)


class Email(_Typed):
    """An address that mail could reach, in lower case, ASCII."""

    def __init__(self, label: Any = None, required: bool = True, **options: Any) -> None:
        super().__init__(label, required, **options)
        # Not of type "email": a browser would stop the form with words of its own before ours are heard.
        self.render_kw = {"inputmode": "email", "autocapitalize": "none", **(self.render_kw or {})}

    def read(self, text: str) -> str:
        if len(text) > Limit.EMAIL * 2:
            raise ValueError(_too_long(Limit.EMAIL, len(text)))
        try:
            found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
        except (EmailNotValidError, UnicodeError):
            raise ValueError(gettext("Write an address such as name@example.edu.")) from None
        return str(found.ascii_email).lower()


class Money(_Typed):
    """An amount; data is whole minor units."""

    def read(self, text: str) -> int:
        try:
            return money.parse(text)
        except ValueError as error:
            if "large" in str(error):
                most = money.shown(Limit.MONEY_MINOR, "").strip()
                raise ValueError(gettext("At most %(most)s.", most=most)) from None
            raise ValueError(gettext("Write an amount such as 70,000 or 70000.50.")) from None

    def written(self, data: int) -> str:
        return money.plain(data)


class Whole(_Typed):
    """A whole number from ``least`` to ``most``."""

    widget = TextInput()

    def __init__(
        self, label: Any = None, least: int = 0, most: int = 10**6, required: bool = True, **options: Any
    ) -> None:
        super().__init__(label, required, **options)
        self.least, self.most = least, most
        self.render_kw = {"inputmode": "numeric", **(self.render_kw or {})}

    def read(self, text: str) -> int:
        cleaned = text.strip()
        sign, digits = (-1, cleaned[1:]) if cleaned[:1] == "-" else (1, cleaned)
        if not _digits(digits) or not self.least <= sign * int(digits) <= self.most:
            bounds = {"least": f"{self.least:,}", "most": f"{self.most:,}"}
            raise ValueError(gettext("Write a whole number from %(least)s to %(most)s.", **bounds))
        return sign * int(digits)


class Day(_Typed):
    """A day of the calendar; data is a date."""

    widget = DateInput()

    def read(self, text: str) -> date:
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            raise ValueError(gettext("Write a day such as 2026-03-31.")) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(gettext("Write a day such as 2026-03-31."))
        return day

    def written(self, data: date) -> str:
        return data.isoformat()


class Moment(_Typed):
    """A date and time as the wall clock of ``zone`` (IANA; the office's own unless told) shows it; data is UTC.

    Where clocks are put back, the first of two equal times is meant.
    """

    widget = DateTimeLocalInput()

    def __init__(self, label: Any = None, required: bool = True, zone: str | None = None, **options: Any) -> None:
        super().__init__(label, required, **options)
        self.zone = zone or current_app.config["TIME_ZONE"]
        self.render_kw = {"step": "60", **(self.render_kw or {})}
        self.description = self.description or gettext("Time of %(zone)s", zone=self.zone.replace("_", " "))

    def read(self, text: str) -> datetime:
        try:
            wall = datetime.fromisoformat(text.strip())
        except ValueError:
            raise ValueError(gettext("Write a date and time such as 2026-03-31 17:00.")) from None
        if wall.tzinfo is not None or not FIRST_YEAR <= wall.year <= LAST_YEAR:
            raise ValueError(gettext("Write a date and time such as 2026-03-31 17:00."))
        instant = wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)
        if instant.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None) != wall:
            raise ValueError(gettext("Clocks are put forward over this time, so it does not exist. Choose another."))
        return instant

    def written(self, data: datetime) -> str:
        return data.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%dT%H:%M")
