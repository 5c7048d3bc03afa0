"""A person's own calendar under a secret address: read by their calendar program, made and revoked by themselves."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.meeting import feeds
from intake.notification.letters import desk
from intake.people.guesses import Counter, TooMany, demand_calm, network_of
from intake.views.account.own import myself
from intake.views.dates import office_zone
from intake.views.gate import actor, count_guess, door
from intake.views.meeting import meeting
from intake.views.public.team_answer import LONGEST_TOKEN
from intake.vocabulary import Action

FREE_GUESSES = 20
"""So many wrong addresses from one network in a quarter of an hour are answered; further ones are put off."""


@door(meeting, "/calendar/<secret>.ics", Action.PUBLIC, counts_guess=True)
def feed(secret: str) -> ResponseReturnValue:
    """The calendar as it is now, or nothing but 404."""
    counters = (Counter(f"calendar {network_of(request.remote_addr or '')}", FREE_GUESSES),)
    try:
        demand_calm(counters)
    except TooMany:
        return Response(status=429, headers={"Retry-After": "900"})
    person = feeds.behind(secret) if secret.isascii() and len(secret) <= LONGEST_TOKEN else None
    if person is None:
        count_guess(counters)
        return Response(status=404)
    reply = Response(feeds.written(person, office_zone()), mimetype="text/calendar")
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


@door(meeting, "/account/calendar", Action.SIGNED_IN, methods=["GET", "POST"])
def own_calendar() -> ResponseReturnValue:
    """Make a new secret address, which is shown this once, or revoke the one that stands."""
    person = myself()
    if request.method == "GET":
        return render_template("meeting/calendar.html", standing=feeds.standing(person.id), address="")
    if request.form.get("act") == "revoke":
        feeds.revoke(person, by=actor())
        flash(gettext("The address is revoked. Calendars that read it get nothing any more."), "success")
        return redirect(url_for("meeting.own_calendar"))
    secret = feeds.make(person, by=actor())
    address = f"{desk.public_url}/calendar/{secret}.ics"
    return render_template("meeting/calendar.html", standing=feeds.standing(person.id), address=address)
