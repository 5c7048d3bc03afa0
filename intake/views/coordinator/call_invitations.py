"""Who is invited to a call that is by invitation only."""

from __future__ import annotations

import re
from functools import partial

from email_validator import EmailNotValidError, validate_email
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from intake.allowance.inviting import MOST_AT_ONCE, invite_all, withdraw_invitation
from intake.call import queries
from intake.call.models import Call
from intake.people.queries import names
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import pressed, shown, tried
from intake.views.coordinator.call_rows import Lines
from intake.views.fields import Form, Paragraph
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

_BETWEEN = re.compile(r"[\s,;<>()\[\]\"]+")
BAD_SHOWN = 5


class InvitationForm(Form):
    """Addresses, pasted as they come, and a word to them."""

    addresses = Lines(lazy_gettext("E-mail addresses"), limit=Limit.EMAIL * MOST_AT_ONCE)
    note = Paragraph(lazy_gettext("A word to them"), limit=Limit.REASON, required=False)


@door(
    coordinator,
    "/desk/calls/<code>/setup/invitations",
    Action.CALL_OVERSEE,
    queries.to_set_up,
    methods=["GET", "POST"],
    once=True,
)
def call_invitations(call: Call) -> ResponseReturnValue:
    """Show who is invited; invite more."""
    form = InvitationForm()
    if request.method != "POST":
        return _page(call, form)
    fits = form.validate()
    addresses, bad = read_addresses(form.addresses.data or "")
    if bad:
        shown_ones = ", ".join(bad[:BAD_SHOWN])
        form.addresses.errors = [*form.addresses.errors, gettext("Not an address: %(what)s", what=shown_ones)]
    if not fits or bad:
        return _page(call, form, 422)
    done = tried(call, form, partial(invite_all, call, addresses, form.note.data, by=actor()))
    if not done:
        return _page(done.call, form, done.status)
    made = len(done.result)
    return _told(call, made, len(addresses) - made)


@door(
    coordinator,
    "/desk/calls/<code>/setup/invitations/<id:number>/withdraw",
    Action.CALL_OVERSEE,
    lambda code, number: (call, number) if (call := queries.to_set_up(code)) else None,
    methods=["POST"],
)
def invitation_withdraw(call: Call, number: int) -> ResponseReturnValue:
    """Take an invitation back."""
    to = url_for("coordinator.call_invitations", code=call.code)
    act = partial(withdraw_invitation, call, number, by=actor())
    return pressed(call, act, gettext("The invitation is taken back."), to)


def read_addresses(text: str) -> tuple[list[str], list[str]]:
    """The addresses in what was pasted, in lower case and each once, and what looks like an address and is none.
    Names beside addresses are left out."""
    found, bad = [], []
    for part in _BETWEEN.split(text):
        word = part.strip(".:'")
        if "@" not in word:
            continue
        try:
            found.append(
                str(validate_email(word, check_deliverability=False, allow_smtputf8=False).ascii_email).lower()
            )
        except (EmailNotValidError, UnicodeError):
            bad.append(word[: Limit.NAME])
    if not found and not bad and text.strip():
        bad.append(text.strip()[:40])
    return list(dict.fromkeys(found)), bad


def _told(call: Call, new: int, known: int) -> ResponseReturnValue:
    said = ngettext("%(num)s person was invited.", "%(num)s people were invited.", new)
    if known:
        said += " " + ngettext("%(num)s was invited already.", "%(num)s were invited already.", known)
    flash(said, "success" if new else "message")
    return redirect(url_for("coordinator.call_invitations", code=call.code))


def _page(call: Call, form: InvitationForm, status: int = 200) -> ResponseReturnValue:
    rows = [each for each in call.invitations if each.withdrawn_at is None]
    known = names(each.person_id for each in rows)
    return shown("invitations", call, status, form=form, rows=rows, known=known)
