"""What texts, themes and keywords count when proposals of a call are compared with people and themes."""

from __future__ import annotations

from functools import partial

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call import queries
from intake.call.models import Call
from intake.match.weights import USUAL, WHOLE, differs, set_weights, weights_of
from intake.views.coordinator import coordinator
from intake.views.coordinator.call_acting import shown, tried
from intake.views.fields import Form, Whole, sent_version
from intake.views.gate import actor, door
from intake.vocabulary import Action


class WeightsForm(Form):
    """The weights, in whole percent."""

    text = Whole(lazy_gettext("Texts"), least=0, most=WHOLE)
    themes = Whole(lazy_gettext("Themes"), least=0, most=WHOLE)
    keywords = Whole(lazy_gettext("Keywords"), least=0, most=WHOLE)


@door(coordinator, "/desk/calls/<code>/setup/weights", Action.CALL_OVERSEE, queries.to_set_up, methods=["GET", "POST"])
def call_weights(call: Call) -> ResponseReturnValue:
    """Show the weights; save them; or set the usual ones."""
    form = WeightsForm(data=weights_of(call))
    if request.method != "POST":
        return _page(call, form)
    usual = request.form.get("do") == "usual"
    if not usual and not form.validate():
        return _page(call, form, 422)
    wanted = dict(USUAL) if usual else {part: form[part].data for part in USUAL}
    done = tried(call, form, partial(set_weights, call, wanted, version=sent_version(), by=actor()))
    if not done:
        return _page(done.call, form, done.status)
    if done.result:
        flash(gettext("The weights are saved. New scores are made within a minute."), "success")
    else:
        flash(gettext("Nothing was different, so nothing changed."), "message")
    return redirect(url_for("coordinator.call_weights", code=call.code))


def _page(call: Call, form: WeightsForm, status: int = 200) -> ResponseReturnValue:
    return shown("weights", call, status, form=form, usual=USUAL, differs=differs(call))
