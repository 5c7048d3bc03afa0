"""Programmes and the office's settings."""

from __future__ import annotations

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import joinedload

from intake.call.models import Call
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.programme import operations, queries
from intake.programme.models import Office, Programme
from intake.views.administrator import administrator
from intake.views.administrator.forms import OfficeForm, ProgrammeForm
from intake.views.administrator.lists import for_administrators
from intake.views.fields import sent_version
from intake.views.gate import actor, door
from intake.views.shell import office as the_office
from intake.vocabulary import Action


def _programme(programme_id: int) -> Programme | None:
    asked = sa.select(Programme).where(Programme.id == programme_id).options(joinedload(Programme.sponsor))
    return db.session.scalars(asked).one_or_none()


@door(administrator, "/administration/programmes", Action.AREA_ADMINISTRATION)
def programmes() -> ResponseReturnValue:
    """Every programme with its sponsor."""
    return render_template("administrator/programmes.html", rows=queries.programmes())


@door(
    administrator,
    "/administration/programmes/<id:programme_id>",
    Action.AREA_ADMINISTRATION,
    for_administrators(_programme),
    methods=["GET", "POST"],
)
def programme(programme: Programme) -> ResponseReturnValue:
    """One programme: its calls, and its purpose and enquiry to change."""
    form, status = ProgrammeForm(obj=programme), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            seen, text = request.form.get("version", ""), {"purpose": form.purpose.data, "enquiry": form.enquiry.data}
            try:
                operations.change_programme(programme, seen, **text, by=actor())
                flash(gettext("Saved."), "success")
                return redirect(url_for("administrator.programme", programme_id=programme.id))
            except Stale as error:
                form.blame(error)
                status = 409
    calls = db.session.scalars(sa.select(Call).where(Call.programme_id == programme.id).order_by(Call.code)).all()
    values = {"programme": programme, "form": form, "calls": calls, "edition": operations.edition(programme)}
    return render_template("administrator/programme.html", **values, stale=status == 409), status


@door(administrator, "/administration/office", Action.AREA_ADMINISTRATION, methods=["GET", "POST"])
def office() -> ResponseReturnValue:
    """The names that sign letters and pages."""
    settings = db.session.get(Office, 1)
    if settings is None:
        return render_template("administrator/no_office.html", missing=the_office())
    form, status = OfficeForm(obj=settings), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                operations.change_office(settings, sent_version(), **form.data, by=actor())
                flash(gettext("Saved."), "success")
                return redirect(url_for("administrator.office"))
            except Stale as error:
                form.blame(error)
                status = 409
            except Incomplete as error:
                form.blame(error)
    return render_template("administrator/office.html", form=form, settings=settings, stale=status == 409), status
