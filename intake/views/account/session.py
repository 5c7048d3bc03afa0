"""Signing in and out."""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import urlsplit

from flask import flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from flask_wtf.csrf import generate_csrf

from intake.errors import Incomplete
from intake.people import accounts
from intake.people.guesses import TooMany
from intake.people.models import Person
from intake.people.sign_in import SignedIn, actor_of
from intake.policy import Actor, may
from intake.views.account import account
from intake.views.account.forms import SignInForm
from intake.views.gate import actor, door, keep
from intake.vocabulary import Action

LONGEST_ADDRESS = 2000
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f\\]")
_LANDINGS = (
    (Action.AREA_DESK, "coordinator.desk"),
    (Action.AREA_REVIEWS, "reviewer.queue"),
    (Action.AREA_SPONSOR, "sponsor.packets"),
    (Action.AREA_ADMINISTRATION, "administrator.overview"),
)


@door(account, "/sign-in", Action.PUBLIC, methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """Take an address and a password; then lead to where the person was going, if that is a page of ours."""
    going = own_path(request.args.get("next", ""))
    if actor().id is not None:
        return redirect(going or landing(actor()))
    form = SignInForm()
    if request.method == "GET" or not form.validate():
        return _page(form, 200 if request.method == "GET" else 422)
    try:
        person, token = accounts.sign_in(form.email.data, form.password.data, request.remote_addr or "")
    except TooMany as error:
        form.blame(error)
        return _page(form, 429)
    except Incomplete as error:
        keep()
        form.blame(error)
        return _page(form, 422)
    begin(person, token)
    return redirect(going or landing(actor_of(person)))


def _page(form: SignInForm, status: int) -> ResponseReturnValue:
    going = own_path(request.args.get("next", ""))
    return render_template("account/sign_in.html", form=form, going=going), status


@door(account, "/sign-out", Action.SIGNED_IN, methods=["POST"])
def sign_out() -> ResponseReturnValue:
    """End this browser's session, here and in the database."""
    accounts.sign_out(cast(SignedIn, current_user).token, by=actor())
    logout_user()
    session.clear()
    flash(gettext("You are signed out."), "success")
    return redirect(url_for("public.home"))


def begin(person: Person, token: str) -> None:
    """Put a sign-in into the cookie, in place of everything that was in it before."""
    session.clear()
    login_user(SignedIn(person, actor_of(person), token))


def landing(who: Actor) -> str:
    """Where somebody starts who was not going anywhere."""
    return next((url_for(place) for action, place in _LANDINGS if may(who, action)), url_for("faculty.proposals"))


def own_path(text: str) -> str | None:
    """``text`` if it is a path of this site, else None: never another host, whatever a browser makes of the slashes."""
    if not text.startswith("/") or text.startswith("//") or len(text) > LONGEST_ADDRESS or _NOT_IN_A_PATH.search(text):
        return None
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else text


@door(account, "/session", Action.PUBLIC)
def session_state() -> ResponseReturnValue:
    """Who is signed in now and a fresh token, for a page that was open while its session ended."""
    response = jsonify(person=actor().id, token=generate_csrf())
    response.headers["Cache-Control"] = "no-store"
    return response
