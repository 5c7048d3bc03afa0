"""Whom somebody supervised and for which sponsors they worked: noted, confirmed, taken away."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conflict import ties
from intake.conflict.models import Employment, Supervision
from intake.extensions import db
from intake.people.models import Person
from intake.views.account import account
from intake.views.account.known_as import PATH, to_keep, tried, with_row
from intake.views.account.known_as_forms import EmploymentForm, SupervisionForm
from intake.views.gate import actor, door
from intake.vocabulary import Action


def _supervision(person_id: int, row_id: int) -> Supervision | None:
    row = db.session.get(Supervision, row_id)
    return row if row and person_id in (row.supervisor_id, row.student_id) else None


def _employment(person_id: int, row_id: int) -> Employment | None:
    row = db.session.get(Employment, row_id)
    return row if row and row.person_id == person_id else None


@door(account, f"{PATH}/supervision", Action.SIGNED_IN, to_keep, methods=["POST"], once=True)
def note_supervision(person: Person) -> ResponseReturnValue:
    """Note whom the person supervised, or by whom they were supervised."""
    form = SupervisionForm()

    def note() -> None:
        years = {"since": form.since.data, "until": form.until.data}
        ties.note_supervision(person, form.other.data, supervised=form.way.data == "over", **years, by=actor())

    return tried(person, "supervision_form", form, note, gettext("Noted."))


@door(account, f"{PATH}/employment", Action.SIGNED_IN, to_keep, methods=["POST"], once=True)
def note_employment(person: Person) -> ResponseReturnValue:
    """Note for which sponsor the person works or worked."""
    form = EmploymentForm()

    def note() -> None:
        ties.note_employment(person, int(form.sponsor.data), form.since.data, form.until.data, by=actor())

    return tried(person, "employment_form", form, note, gettext("Noted."))


@door(account, f"{PATH}/supervision/<id:row_id>/confirm", Action.SIGNED_IN, with_row(_supervision), methods=["POST"])
def confirm_supervision(person: Person, row: Supervision) -> ResponseReturnValue:
    """Say that what the other noted is so."""
    ties.confirm(row, person, by=actor())
    flash(gettext("The note is confirmed."), "success")
    return redirect(url_for("account.known_as", person_id=person.id))


@door(account, f"{PATH}/supervision/<id:row_id>/forget", Action.SIGNED_IN, with_row(_supervision), methods=["POST"])
def forget_supervision(person: Person, row: Supervision) -> ResponseReturnValue:
    """Take the note away."""
    return _forgotten(person, row)


@door(account, f"{PATH}/employment/<id:row_id>/forget", Action.SIGNED_IN, with_row(_employment), methods=["POST"])
def forget_employment(person: Person, row: Employment) -> ResponseReturnValue:
    """Take the note away."""
    return _forgotten(person, row)


def _forgotten(person: Person, row: Any) -> ResponseReturnValue:
    ties.forget(row, person, by=actor())
    flash(gettext("The note is taken away."), "success")
    return redirect(url_for("account.known_as", person_id=person.id))
