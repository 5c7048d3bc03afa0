"""A forgotten password and an invitation: a link comes by mail. Opening it changes nothing; sending its form does."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.people import accounts
from intake.people.guesses import TooMany
from intake.people.models import Person
from intake.views.account import account
from intake.views.account.forms import InvitationForm, NewPasswordForm, ResetForm
from intake.views.gate import door
from intake.vocabulary import Action

LONGEST_TOKEN = 100


@door(account, "/password", Action.PUBLIC, methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Ask for a link to set a new password. The answer is the same whether the address is known or not."""
    form = ResetForm()
    status = 200
    if request.method == "POST" and form.validate():
        try:
            accounts.ask_for_reset(form.email.data, request.remote_addr or "")
            return redirect(url_for("account.asked"))
        except TooMany as error:
            form.blame(error)
            status = 429
    elif request.method == "POST":
        status = 422
    return render_template("account/forgotten.html", form=form), status


@door(account, "/password/asked", Action.PUBLIC)
def asked() -> ResponseReturnValue:
    """What happens after asking."""
    return render_template("account/asked.html")


@door(account, "/password/<token>", Action.PUBLIC, methods=["GET", "POST"])
def set_password(token: str) -> ResponseReturnValue:
    """Set a new password with the link."""
    person = _behind(token, accounts.RESET)
    if person is None:
        return _dead()
    form = NewPasswordForm()
    if request.method == "POST" and form.validate():
        try:
            accounts.set_password_by_link(token, accounts.RESET, form.password.data, form.again.data)
            return _done()
        except Incomplete as error:
            form.blame(error)
    return render_template("account/set_password.html", form=form, person=person), _status()


@door(account, "/invitation/<token>", Action.PUBLIC, methods=["GET", "POST"])
def accept_invitation(token: str) -> ResponseReturnValue:
    """Open an account: check the name, choose a password."""
    person = _behind(token, accounts.INVITATION)
    if person is None:
        return _dead()
    form = InvitationForm(obj=person)
    if request.method == "POST" and form.validate():
        names = {"name": form.name.data, "name_zh": form.name_zh.data}
        try:
            accounts.set_password_by_link(token, accounts.INVITATION, form.password.data, form.again.data, **names)
            return _done()
        except Incomplete as error:
            form.blame(error)
    return render_template("account/invitation.html", form=form, person=person), _status()


def _behind(token: str, purpose: str) -> Person | None:
    return accounts.behind_link(token, purpose) if token.isascii() and len(token) <= LONGEST_TOKEN else None


def _status() -> int:
    return 422 if request.method == "POST" else 200


def _done() -> ResponseReturnValue:
    # They sign in themselves: a link that signed in could put somebody into an account that is not theirs.
    flash(gettext("Your password is set. Sign in with it."), "success")
    return redirect(url_for("account.sign_in"))


def _dead() -> ResponseReturnValue:
    return render_template("account/dead_link.html"), 404
