"""What every page's frame needs: the areas that the person has, the office's name, the words of the states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app, g, request

from intake import __version__
from intake.extensions import db
from intake.policy import may
from intake.programme.models import Office
from intake.views.addresses import url_for
from intake.views.gate import actor
from intake.views.language import gettext, language
from intake.vocabulary import Action, State


@dataclass(frozen=True, slots=True)
class Area:
    """One entry of the navigation."""

    label: str
    url: str
    current: bool
    count: int | None = None


def register(app: Flask) -> None:
    """Make the frame's values known to every template."""
    app.context_processor(_frame)
    app.jinja_env.globals.update(Action=Action, State=State)


def areas() -> list[Area]:
    """The areas that this person may enter, in the order of a proposal's way."""
    entries = (
        (gettext("Calls"), "public.home", Action.PUBLIC),
        (gettext("My proposals"), "faculty.proposals", Action.AREA_PROPOSALS),
        (gettext("Desk"), "coordinator.desk", Action.AREA_DESK),
        (gettext("Reviews"), "reviewer.queue", Action.AREA_REVIEWS),
        (gettext("Packets"), "sponsor.packets", Action.AREA_SPONSOR),
        (gettext("Administration"), "administrator.overview", Action.AREA_ADMINISTRATION),
    )
    here, who = (request.endpoint or "").split(".")[0], actor()
    return [
        Area(label, url_for(endpoint), endpoint.split(".")[0] == here)
        for label, endpoint, action in entries
        if may(who, action)
    ]


def office() -> Any:
    """The office of this installation; a blank one before the catalogue is loaded. Statements: 1 a request."""
    if "office" not in g:
        g.office = db.session.scalar(sa.select(Office)) or Office(name="", short="", institution="", time_zone="")
    return g.office


def _frame() -> dict[str, Any]:
    who = actor()

    def allowed(action: Action, subject: Any = None) -> Any:
        return may(who, action, subject)

    return {
        "may": allowed,
        "me": who,
        "nav": areas() if request.endpoint else [],
        "office": office(),
        "is_demo": current_app.config["DEMO"],
        "search_url": url_for("search.results") if who.id is not None else None,
        "account_links": [(gettext("Your account"), url_for("account.own"))],
        "help_url": url_for("public.help"),
        "page_address": current_app.config["PUBLIC_URL"] + request.path,
        "home_url": url_for("public.home"),
        "app_version": __version__,
        "language": language(),
    }
