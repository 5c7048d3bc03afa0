"""One's own account: names, password, roles."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.people import accounts, queries
from intake.people.guesses import TooMany
from intake.people.models import Person
from intake.people.operations import change_person
from intake.views.account import account
from intake.views.account.forms import ChangePasswordForm, OwnForm
from intake.views.account.session import begin
from intake.views.fields import sent_version
from intake.views.gate import actor, door, keep
from intake.views.roles import Scopes
from intake.vocabulary import Action


def myself() -> Person:
    """The person who is signed in, with department and grants."""
    found = queries.one(actor().id or 0)
    if found is None:
        raise LookupError("nobody is signed in")
    return found


@door(account, "/account", Action.SIGNED_IN, methods=["GET", "POST"])
def own() -> ResponseReturnValue:
    """One's names and roles."""
    person = myself()
    form = OwnForm(obj=person)
    if request.method == "POST" and form.validate():
        change_person(person, sent_version(), by=actor(), name=form.name.data, name_zh=form.name_zh.data)
        flash(gettext("Saved."), "success")
        return redirect(url_for("account.own"))
    status = 422 if request.method == "POST" else 200
    return render_template("account/own.html", form=form, person=person, scopes=Scopes.read()), status


@door(account, "/account/reminders", Action.SIGNED_IN, methods=["POST"])
def reminders() -> ResponseReturnValue:
    """Switch the reminders of one's own drafts on or off, as the button said."""
    person, wanted = myself(), request.form.get("on") == "yes"
    change_person(person, person.version, by=actor(), reminders=wanted)
    flash(gettext("Reminders are on.") if wanted else gettext("Reminders are off."), "success")
    return redirect(url_for("account.own", _anchor="reminders"))


@door(account, "/account/password", Action.SIGNED_IN, methods=["GET", "POST"])
def change_password() -> ResponseReturnValue:
    """A new password; every other browser is signed out by it."""
    form = ChangePasswordForm()
    if request.method == "GET":
        return render_template("account/change_password.html", form=form)
    status = 422
    if form.validate():
        person, typed = myself(), (form.old.data, form.password.data, form.again.data)
        try:
            begin(person, accounts.change_password(person, *typed, by=actor(), network=request.remote_addr or ""))
            flash(gettext("Your password is changed. Every other browser is signed out."), "success")
            return redirect(url_for("account.own"))
        except TooMany as error:
            form.blame(error)
            status = 429
        except Incomplete as error:
            if "old" in error.fields:
                keep()
            form.blame(error)
    return render_template("account/change_password.html", form=form), status
