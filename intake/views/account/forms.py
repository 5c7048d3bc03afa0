"""The forms around an account. A password is never filled in again, may be pasted, and tells its keeper what it is."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext, lazy_gettext
from wtforms import PasswordField
from wtforms.validators import ValidationError

from intake.views.fields import Form, Line
from intake.vocabulary import Limit


class Secret(PasswordField):
    """A password as typed. ``autocomplete`` tells a password keeper whether it is the present or a new one."""

    data: Any

    def __init__(self, label: Any = None, autocomplete: str = "current-password", **options: Any) -> None:
        super().__init__(label, **options)
        self.flags.required = True
        self.render_kw = {"autocomplete": autocomplete, "spellcheck": "false"}

    def pre_validate(self, form: Any) -> None:
        """Refuse an empty one; the room judges the rest."""
        if not self.data:
            raise ValidationError(gettext("Please fill this in."))


class SignInForm(Form):
    """Address and password."""

    email = Line(lazy_gettext("E-mail"), Limit.EMAIL, render_kw={"autocomplete": "username", "inputmode": "email"})
    password = Secret(lazy_gettext("Password"))


class ResetForm(Form):
    """The address of a forgotten password."""

    email = Line(lazy_gettext("E-mail"), Limit.EMAIL, render_kw={"autocomplete": "username", "inputmode": "email"})


class NewPasswordForm(Form):
    """A new password, twice."""

    password = Secret(lazy_gettext("New password"), "new-password")
    again = Secret(lazy_gettext("New password once more"), "new-password")


class InvitationForm(NewPasswordForm):
    """Who somebody is, and their first password."""

    name = Line(lazy_gettext("Your name"), Limit.NAME, render_kw={"autocomplete": "name"})
    name_zh = Line(lazy_gettext("Your name in Chinese"), Limit.NAME, required=False, render_kw={"lang": "zh-Hant"})


class OwnForm(Form):
    """One's own names."""

    name = Line(lazy_gettext("Name"), Limit.NAME, render_kw={"autocomplete": "name"})
    name_zh = Line(lazy_gettext("Name in Chinese"), Limit.NAME, required=False, render_kw={"lang": "zh-Hant"})


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old = Secret(lazy_gettext("Present password"))
