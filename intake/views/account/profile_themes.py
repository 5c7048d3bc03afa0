"""How well somebody knows the themes of calls, on a page of its own."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from intake import clock
from intake.match.theme_levels import LEVELS, asking, levels_of, set_levels
from intake.people.models import Person
from intake.views.account import account
from intake.views.account.profile import PATH, crumbs, home, shown, to_keep
from intake.views.choices import Chosen
from intake.views.display import tr
from intake.views.fields import Form
from intake.views.gate import actor, door
from intake.vocabulary import Action


@door(account, f"{PATH}/themes", Action.SIGNED_IN, to_keep, methods=["GET", "POST"])
def theme_levels(person: Person) -> ResponseReturnValue:
    """How well the person knows the themes of calls."""
    calls = [(call, [each for each in call.themes if each.retired_at is None]) for call in asking(clock.now())]
    themes = [theme for _, rows in calls for theme in rows]
    said = levels_of(person)
    choices = [(level, tr(words)) for level, words in LEVELS.items()]
    fields = {f"level-{each.id}": Chosen(each.name, choices, required=False, blank="–") for each in themes}
    kind: Any = type("Levels", (Form,), fields)
    form = kind(data={f"level-{each.id}": str(said.get(each.id, "")) for each in themes})
    if request.method != "POST" or not form.validate():
        way = crumbs(person, (gettext("Themes"), None))
        return shown("themes", person, 422 if request.method == "POST" else 200, form=form, calls=calls, crumbs=way)
    sent = [each for each in themes if f"level-{each.id}" in request.form]  # a theme that is new stays as it is
    typed = {each.id: form[f"level-{each.id}"].data for each in sent}
    changed = set_levels(person, {key: int(value) if value else None for key, value in typed.items()}, by=actor())
    told = ngettext("%(num)s theme is changed.", "%(num)s themes are changed.", changed)
    flash(told if changed else gettext("Nothing was different, so nothing changed."), "success")
    return redirect(home(person) + "#themes")
