"""One person: details, roles, account."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete, Stale
from intake.people import operations, queries
from intake.people.models import Person
from intake.views.administrator import administrator
from intake.views.administrator.forms import GrantForm, PersonForm
from intake.views.administrator.lists import for_administrators
from intake.views.display import tr
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.roles import Scopes
from intake.vocabulary import Action

person_by_id = for_administrators(queries.one)


def details_of(person: Person, **typed: Any) -> PersonForm:
    """The form with a person's details, or with what was sent."""
    form = PersonForm(obj=person, **typed)
    form.offer([(each.id, f"{each.code} · {each.name}") for each in queries.departments()])
    return form


def page(
    person: Person, form: PersonForm, grant_form: GrantForm, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """The page of a person, with a form that may be shown again."""
    scopes = Scopes.read()
    if not grant_form.role.choices[1:]:
        grant_form.role.offer(scopes.choices())
    standing = [each for each in person.grants if each.revoked_at is None]
    past = [each for each in person.grants if each.revoked_at is not None]
    values = {"person": person, "form": form, "grant_form": grant_form, "scopes": scopes, "standing": standing}
    return render_template("administrator/person.html", **values, past=past, **more), status


def back(person: Person, told: str) -> ResponseReturnValue:
    """To the person's page, saying what was done."""
    flash(told, "success")
    return redirect(url_for("administrator.person", person_id=person.id))


@door(
    administrator,
    "/administration/people/<id:person_id>",
    Action.AREA_ADMINISTRATION,
    person_by_id,
    methods=["GET", "POST"],
    name="person",
)
def show(person: Person) -> ResponseReturnValue:
    """Details (which this form changes), roles and account."""
    form = details_of(person)
    if request.method == "GET":
        return page(person, form, GrantForm(formdata=None))
    if not form.validate():
        return page(person, form, GrantForm(formdata=None), 422)
    details = form.details()
    try:
        operations.change_person(person, sent_version(), by=actor(), **details)
        return back(person, gettext("Saved."))
    except Stale as error:
        form.blame(error)
        return page(person, form, GrantForm(formdata=None), 409, now_saved=_differing(person, form, details))
    except Incomplete as error:
        form.blame(error)
        return page(person, form, GrantForm(formdata=None), 422)


def _differing(person: Person, form: PersonForm, details: dict[str, Any]) -> list[tuple[str, str]]:
    """What is saved now where it differs from what was typed: label and text."""
    saved = details_of(person, formdata=None)
    rows = []
    for name, typed in details.items():
        if getattr(person, name) != typed:
            field = saved[name]
            chosen = next((tr(label) for value, label in getattr(field, "choices", []) if value == field.data), None)
            rows.append((str(form[name].label.text), chosen or str(field.data or "")))
    return rows


@door(
    administrator,
    "/administration/people/<id:person_id>/close",
    Action.AREA_ADMINISTRATION,
    person_by_id,
    methods=["GET", "POST"],
)
def close(person: Person) -> ResponseReturnValue:
    """Ask once more, then close the account."""
    if request.method == "GET":
        return render_template("administrator/close.html", person=person)
    try:
        operations.close_account(person, by=actor())
    except Incomplete as error:
        return render_template("administrator/close.html", person=person, reason=tr(error.reason)), 422
    return back(person, gettext("The account is closed; whoever was signed in with it is signed out."))


@door(
    administrator,
    "/administration/people/<id:person_id>/reopen",
    Action.AREA_ADMINISTRATION,
    person_by_id,
    methods=["POST"],
)
def reopen(person: Person) -> ResponseReturnValue:
    """Open a closed account again."""
    operations.reopen(person, by=actor())
    return back(person, gettext("The account is open again."))


@door(
    administrator,
    "/administration/people/<id:person_id>/link",
    Action.AREA_ADMINISTRATION,
    person_by_id,
    methods=["POST"],
)
def send_link(person: Person) -> ResponseReturnValue:
    """Send the invitation, or a link to set a new password, once more."""
    purpose = operations.send_link(person, by=actor())
    if purpose == "reset":
        return back(person, gettext("A link to set a new password is on its way."))
    return back(person, gettext("The invitation is on its way again; the link before it no longer works."))
