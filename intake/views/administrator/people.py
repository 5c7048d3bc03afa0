"""The list of people, and inviting somebody."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.errors import Incomplete
from intake.people import operations, queries
from intake.views.administrator import administrator
from intake.views.administrator.forms import InvitationForm
from intake.views.administrator.lists import ROWS, asked, page_of
from intake.views.display import tr
from intake.views.gate import actor, door, one_time_key
from intake.views.roles import ROLE_WORDS, Scopes, chosen
from intake.vocabulary import Action, Appointment, Role, say

STATES = {"open": say("Open"), "invited": say("Invited"), "closed": say("Closed")}


@door(administrator, "/administration/people", Action.AREA_ADMINISTRATION)
def people() -> ResponseReturnValue:
    """Everybody, by name, role or state; 50 a page. Statements: 3, whatever the number of rows."""
    words, state, sort = asked("q"), asked("state"), asked("sort") or "name"
    role = Role(asked("role")) if asked("role") in set(Role) else None
    state = state if state in STATES else ""
    where = queries.found(words, role, state)
    total = queries.count(where)
    page, pages, first = page_of(total)
    return render_template(
        "administrator/people.html",
        rows=queries.page(where, sort, first, ROWS),
        total=total,
        page=page,
        pages=pages,
        sort=sort,
        words=words,
        role=role,
        state=state,
        roles=[(each.value, tr(label)) for each, label in ROLE_WORDS.items()],
        states=[(each, tr(label)) for each, label in STATES.items()],
        role_words=ROLE_WORDS,
        chips=_chips(words, role, state),
    )


def _chips(words: str, role: Role | None, state: str) -> list[dict[str, str]]:
    chips = []
    if words:
        chips.append({"label": gettext("with: %(words)s", words=words), "name": "q", "value": words})
    if role is not None:
        chips.append(
            {"label": gettext("role: %(role)s", role=tr(ROLE_WORDS[role])), "name": "role", "value": role.value}
        )
    if state:
        chips.append({"label": gettext("account: %(state)s", state=tr(STATES[state])), "name": "state", "value": state})
    return chips


@door(administrator, "/administration/people/invite", Action.AREA_ADMINISTRATION, methods=["GET", "POST"], once=True)
def invite() -> ResponseReturnValue:
    """Invite somebody new: they get a link to open their account."""
    form = InvitationForm(appointment=Appointment.FULL_TIME_FACULTY)
    form.offer([(each.id, f"{each.code} · {each.name}") for each in queries.departments()])
    form.role.offer(Scopes.read().choices())
    if request.method == "POST" and form.validate():
        details: dict[str, Any] = form.details()
        email, name = str(details.pop("email")), str(details.pop("name"))
        grants = [chosen(form.role.data)] if form.role.data else []
        try:
            person = operations.invite(email, name, grants, by=actor(), **details)
            flash(gettext("%(name)s is invited: the link to open the account is on its way.", name=name), "success")
            return redirect(url_for("administrator.person", person_id=person.id))
        except Incomplete as error:
            form.blame(error)
    once = one_time_key()
    status = 422 if request.method == "POST" else 200
    return render_template("administrator/invite.html", form=form, once=once), status
