"""Granting a role and taking it back."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.people import operations, queries
from intake.people.models import Person, RoleGrant
from intake.views.administrator import administrator
from intake.views.administrator.forms import GrantForm
from intake.views.administrator.lists import for_administrators
from intake.views.administrator.person import back, details_of, page, person_by_id
from intake.views.display import tr
from intake.views.gate import actor, door
from intake.views.roles import Scopes, chosen
from intake.vocabulary import Action


@door(
    administrator,
    "/administration/people/<id:person_id>/roles",
    Action.AREA_ADMINISTRATION,
    person_by_id,
    methods=["POST"],
)
def grant(person: Person) -> ResponseReturnValue:
    """Give the person a role."""
    form = GrantForm()
    scopes = Scopes.read()
    form.role.offer(scopes.choices())
    if form.validate():
        scope = chosen(form.role.data)
        try:
            operations.grant(person, scope, by=actor())
            return back(person, gettext("Granted: %(role)s.", role=scopes.words(scope)))
        except Incomplete as error:
            form.blame(error)
    return page(person, details_of(person, formdata=None), form, 422)


@door(
    administrator,
    "/administration/roles/<id:grant_id>/revoke",
    Action.AREA_ADMINISTRATION,
    for_administrators(queries.grant),
    methods=["GET", "POST"],
)
def revoke(given: RoleGrant) -> ResponseReturnValue:
    """Ask once more, then take the role back."""
    words = Scopes.read().words(given)
    if request.method == "GET":
        return render_template("administrator/revoke.html", given=given, words=words)
    try:
        operations.revoke(given, by=actor())
    except Incomplete as error:
        told = {"given": given, "words": words, "reason": tr(error.reason)}
        return render_template("administrator/revoke.html", **told), 422
    return back(given.person, gettext("Taken back: %(role)s.", role=words))
