"""More time: a later close of a call for everybody, or for one applicant, and what stands of it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake import clock
from intake.allowance.models import Extension
from intake.allowance.queries import extensions_of
from intake.call.models import Call
from intake.call.queries import extended, one
from intake.errors import Incomplete, Stale
from intake.opening import Opening, opening
from intake.people.queries import names
from intake.proposal.extending import applicant, extend_all, extend_one, withdraw_extension
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_form import zone_name
from intake.views.dates import office_zone
from intake.views.display import written
from intake.views.fields import Email, Form, Moment, Paragraph, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action, CallDate, Limit


class _Later(Form):
    """A later close, as the clocks of ``zone`` show it, with its reason."""

    def __init__(self, zone: str, **options: Any) -> None:
        self.zone = zone
        super().__init__(**options)

    def process(self, *sent: Any, **more: Any) -> None:
        """Settle the zone before the time is read in it."""
        until = self["until"]
        assert isinstance(until, Moment)
        until.zone = self.zone
        until.description = gettext("Time of %(zone)s", zone=zone_name(self.zone))
        super().process(*sent, **more)


class AllForm(_Later):
    """A later close for everybody."""

    until = Moment(lazy_gettext("The call closes at"))
    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)


class OneForm(_Later):
    """A later close for one applicant."""

    email = Email(lazy_gettext("E-mail of the applicant"))
    until = Moment(lazy_gettext("They have until"))
    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)


class WithdrawForm(Form):
    """Why the extra time is taken back."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)


def _extension(code: str, extension_id: int) -> tuple[Call, Extension] | None:
    """The call with an extension of it that stands, or None. Statements: 7."""
    call = one(code)
    if call is None:
        return None
    rows = extensions_of(call.id)
    found = next((row for row in rows if row.id == extension_id and row.withdrawn_at is None), None)
    return (call, found) if found is not None else None


@door(coordinator, "/desk/calls/<code>/extensions", Action.CALL_OVERSEE, one)
def extensions(call: Call) -> ResponseReturnValue:
    """Who has more time, and the forms to give it."""
    return _page(call, _for_all(call), _for_one(call), 200)


@door(
    coordinator,
    "/desk/calls/<code>/extensions/everybody",
    Action.CALL_OVERSEE,
    one,
    methods=["POST"],
    once=True,
)
def extend_everybody(call: Call) -> ResponseReturnValue:
    """Close later for everybody."""
    form = AllForm(_zone(call), prefix="all-")
    status = 422
    if form.validate():
        try:
            extend_all(call, form.until.data, form.reason.data, by=actor(), version=sent_version())
        except Incomplete as error:
            form.blame(error)
        except Stale as error:
            form.blame(error)
            status = 409
        else:
            words = gettext("It closes at %(when)s now. Everybody who is writing is told.", when=_closes(call))
            flash(words, "success")
            return redirect(url_for("coordinator.extensions", code=call.code))
    return _page(call, form, _for_one(call), status)


@door(
    coordinator,
    "/desk/calls/<code>/extensions/applicant",
    Action.CALL_OVERSEE,
    one,
    methods=["POST"],
    once=True,
)
def extend_applicant(call: Call) -> ResponseReturnValue:
    """Close later for one applicant."""
    form = OneForm(_zone(call), prefix="one-")
    if form.validate():
        try:
            person = applicant(form.email.data)
            extend_one(call, person, form.until.data, form.reason.data, by=actor())
        except Incomplete as error:
            form.blame(error)
        else:
            until = written(form.until.data, _zone(call))
            flash(gettext("%(name)s has until %(when)s and is told.", name=person.name, when=until), "success")
            return redirect(url_for("coordinator.extensions", code=call.code))
    return _page(call, _for_all(call), form, 422)


@door(
    coordinator,
    "/desk/calls/<code>/extensions/<id:extension_id>/withdraw",
    Action.CALL_OVERSEE,
    _extension,
    methods=["GET", "POST"],
)
def withdraw_time(call: Call, extension: Extension) -> ResponseReturnValue:
    """Ask why, then take the extra time back."""
    form = WithdrawForm()
    if request.method == "POST" and form.validate():
        withdraw_extension(call, extension, form.reason.data, by=actor())
        flash(gettext("The extension of %(name)s is withdrawn.", name=extension.person.name), "success")
        return redirect(url_for("coordinator.extensions", code=call.code))
    html = render_template(
        "coordinator/call/withdraw_extension.html", call=call, extension=extension, form=form, zone=_zone(call)
    )
    return html, 422 if request.method == "POST" else 200


def _page(call: Call, everybody: AllForm, single: OneForm, status: int) -> ResponseReturnValue:
    """The page. Statements: 3, beside what loaded the call."""
    stands = opening(call, clock.now())
    rows, last = extensions_of(call.id), extended(call)
    html = render_template(
        "coordinator/call/extensions.html",
        call=call,
        everybody=everybody,
        single=single,
        zone=_zone(call),
        opened=stands in (Opening.OPEN, Opening.CLOSED),
        closed=stands is Opening.CLOSED,
        standing=[row for row in rows if row.withdrawn_at is None],
        withdrawn=[row for row in rows if row.withdrawn_at is not None],
        last=last,
        names=names([*(row.granted_by_id for row in rows), last.actor_id if last else None]),
        once=secrets.token_urlsafe(16),
    )
    return html, status


def _for_all(call: Call) -> AllForm:
    return AllForm(_zone(call), formdata=None, prefix="all-")


def _for_one(call: Call) -> OneForm:
    return OneForm(_zone(call), formdata=None, prefix="one-")


def _zone(call: Call) -> str:
    """The zone that the close is stated in."""
    zone: str = call.zones.get(CallDate.CLOSES.value) or office_zone()
    return zone


def _closes(call: Call) -> str:
    assert call.closes_at is not None
    return written(call.closes_at, _zone(call))
