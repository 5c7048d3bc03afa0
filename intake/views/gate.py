"""The gate: every route names its action here; the policy is asked before a view runs; it commits once.

A view is written as ``@door(blueprint, "/path/<id:proposal_id>/x", Action.X, proposal_by_id, methods=[...])`` and
receives what the
loader found as its first argument. The gate commits when an unsafe request ends in a redirect or a 2xx; anything else
(a form shown again with 422, a refusal, an error) is rolled back, unless the view said ``keep``.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import wraps
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import Unauthorized
from werkzeug.routing import IntegerConverter

from intake import background
from intake.audit.chain import UNSEALED
from intake.engine import mean_to_write
from intake.errors import IntakeError, Refused
from intake.extensions import db
from intake.notification.operations import WRITTEN
from intake.people.guesses import Counter, count
from intake.people.models import OnceKey
from intake.policy import NOBODY, UNSEEN, Actor, may
from intake.vocabulary import Action, Limit, say

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC_ENDPOINTS = frozenset({"static", "bootstrap.static", "htmx.static", "health.healthz", "health.readyz"})
"""The few endpoints that stand outside the gate: files of the page and the health checks."""

Loader = Callable[..., Any]
View = Callable[..., ResponseReturnValue]


class IdConverter(IntegerConverter):
    """An id in a path. A number that no id column holds is simply no id (404), not an error of the database."""

    def __init__(self, map: Any) -> None:
        super().__init__(map, max=2**31 - 1)


def actor() -> Actor:
    """Who makes this request."""
    found: Actor = getattr(current_user, "actor", NOBODY)
    return found


def door(
    blueprint: Blueprint,
    rule: str,
    action: Action,
    load: Loader | None = None,
    *,
    methods: Sequence[str] = ("GET",),
    once: bool = False,
    name: str | None = None,
    ask_on_post: Action | None = None,
    records_look: bool = False,
    counts_guess: bool = False,
) -> Callable[[View], View]:
    """Register a view behind the policy.

    ``load`` turns the path's values into the subject (None: there is no such thing, which answers as hidden does) and
    the view gets the subject instead of them. ``once`` makes a second post of the same form land where the first did.
    ``ask_on_post`` is the stronger action that an unsafe method needs, where the page itself may be read by more.
    ``records_look`` lets a GET that shows something write to the log that it was looked at, and nothing else;
    ``counts_guess`` lets one that finds nothing count the guess (``count_guess``), and nothing else.
    """

    def register(view: View) -> View:
        @wraps(view)
        def behind(**values: Any) -> ResponseReturnValue:
            if request.method in SAFE:
                if request.method == "HEAD" and not records_look:
                    request.method = "GET"  # a view that asks for the method takes what is not GET for a sent form
                answer = _enter(view, action, load, values)
                if counts_guess:
                    return _keep_guess(answer)
                return _note_look(answer) if records_look else answer
            return _change(view, ask_on_post or action, load, values, once)

        behind.names_action = action  # type: ignore[attr-defined]
        behind.records_look = records_look  # type: ignore[attr-defined]
        blueprint.add_url_rule(rule, endpoint=name or view.__name__, view_func=behind, methods=list(methods))
        return view

    return register


def _enter(view: View, action: Action, load: Loader | None, values: dict[str, Any]) -> ResponseReturnValue:
    """Ask the policy, then let the view answer."""
    who = actor()
    if action is not Action.PUBLIC and who.id is None:
        return _to_sign_in()
    if load is None:
        _demand(who, action, None)
        return view(**values)
    subject = load(**values)
    if subject is None:
        raise Refused(UNSEEN.reason or say("There is nothing here."), hidden=True)
    _demand(who, action, subject[0] if isinstance(subject, tuple) else subject)
    return view(*subject) if isinstance(subject, tuple) else view(subject)


def _note_look(answer: ResponseReturnValue) -> Response:
    """Keep the events of a GET that showed something, in a transaction of their own: whatever else the view did is
    rolled back first, so that looking changes nothing but the log."""
    response = make_response(answer)
    events = db.session().info.pop(UNSEALED, [])
    db.session.rollback()
    if events and request.method == "GET" and response.status_code == 200:
        mean_to_write(True)
        db.session().info[UNSEALED] = events
        db.session.commit()
    return response


def count_guess(counters: tuple[Counter, ...]) -> None:
    """Count a guess once the answer is made; the route must be registered with ``counts_guess``."""
    g.guess = counters


def _keep_guess(answer: ResponseReturnValue) -> ResponseReturnValue:
    """Count the guess that the view told of, in a transaction of its own."""
    counters = g.pop("guess", ())
    if counters:
        db.session.rollback()
        mean_to_write(True)
        count(counters)
        db.session.commit()
    return answer


def _demand(who: Actor, action: Action, subject: Any) -> None:
    ruling = may(who, action, subject)
    if not ruling:
        raise Refused(ruling.reason or say("This is not allowed."), hidden=ruling.hidden)


def _to_sign_in() -> ResponseReturnValue:
    if request.method in SAFE:
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    raise Unauthorized


def _change(view: View, action: Action, load: Loader | None, values: dict[str, Any], once: bool) -> ResponseReturnValue:
    """Let the view change something and commit what it did, once."""
    key = _once_key() if once else ""
    if key and (place := _where_it_went(key)):
        return redirect(place)
    try:
        response = make_response(_enter(view, action, load, values))
        if not _good(response):
            _end_unfinished()
            return _first_reply(key) or response
        if key and actor().id is not None:
            db.session.add(OnceKey(key=key, person_id=actor().id, location=response.location or request.path))
            db.session.flush()
        if db.session().info.pop(WRITTEN, False):
            after_commit(_wake_worker)
        db.session.commit()
    except (IntegrityError, StaleDataError, IntakeError):
        # The first post of this very form may have been at work while this one waited for it.
        db.session.rollback()
        if key and (first := _first_reply(key)):
            return first
        raise
    for act in g.pop("after_commit", []):
        act()
    return response


def one_time_key() -> str:
    """The one-time key for a form of a page: the one that was sent, where the form is shown again, or a new one."""
    return request.form.get("once", "")[: Limit.CODE] or secrets.token_urlsafe(16)


def _once_key() -> str:
    """The form's one-time key, bound to its address, or nothing."""
    told = request.form.get("once", "")
    return sha256(f"{request.path} {told}".encode()).hexdigest()[: Limit.CODE] if told else ""


def _first_reply(key: str) -> ResponseReturnValue | None:
    """The way to where the first post of this form went, or None if there was none."""
    place = _where_it_went(key) if key else None
    return redirect(place) if place else None


def keep() -> None:
    """Commit what this request wrote although its form is shown again: a wrong guess must count."""
    g.keep = True


def _end_unfinished() -> None:
    if g.pop("keep", False):
        db.session.commit()
    else:
        db.session.rollback()


def _good(response: Response) -> bool:
    return 200 <= response.status_code < 400


def _where_it_went(key: str) -> str | None:
    """Where the first post of this form led its sender, or None if this is the first."""
    return db.session.scalar(sa.select(OnceKey.location).where(OnceKey.key == key, OnceKey.person_id == actor().id))


def after_commit(act: Callable[[], None]) -> None:
    """Do ``act`` once the change is safe; it must not fail the request."""
    g.setdefault("after_commit", []).append(act)


def _wake_worker() -> None:
    background.wake(current_app._get_current_object())  # type: ignore[attr-defined]


def refuse_unnamed_routes(app: Flask) -> None:
    """Stop the start of an app with a route that names no action. Raises RuntimeError with what to write."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint not in PUBLIC_ENDPOINTS and not hasattr(view, "names_action"):
            raise RuntimeError(
                f"{rule.rule} ({rule.endpoint}) names no action: register it with views.gate.door(..., Action.X), "
                "or, if anyone may have it, list it in views.gate.PUBLIC_ENDPOINTS"
            )
