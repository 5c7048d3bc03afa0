"""The notice of intent: a title, a theme and a few words, to be changed or taken back until notices are due."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.call.models import Call
from intake.call.queries import public_one
from intake.errors import Incomplete
from intake.slot import noticing
from intake.slot.queries import notice_of
from intake.views.faculty import faculty
from intake.views.fields import Chosen, Form, Line, Paragraph
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Limit


class NoticeForm(Form):
    """What is meant to be proposed; the theme only where the call has themes."""

    title = Line(lazy_gettext("Working title"), Limit.TITLE)
    theme_id = Chosen(lazy_gettext("Theme"), required=False, blank=lazy_gettext("Not sure yet"))
    about = Paragraph(lazy_gettext("In a few words"), Limit.REASON, required=False)

    @classmethod
    def of(cls, call: Call, **standing: Any) -> NoticeForm:
        """The form for this call, with what stands in the notice."""
        form = cls(data=standing)
        themes = [theme for theme in call.themes if theme.retired_at is None]
        if themes:
            form.theme_id.offer([(theme.id, theme.name) for theme in themes])
        else:
            del form.theme_id
        return form

    def said(self) -> dict[str, Any]:
        """What was typed, for the room."""
        theme = self.theme_id.data if "theme_id" in self else None
        return {"title": self.title.data, "about": self.about.data, "theme_id": int(theme) if theme else None}


@door(faculty, "/calls/<code>/notice", Action.CALL_NOTICE, public_one, methods=["GET", "POST"], once=True)
def notice(call: Call) -> ResponseReturnValue:
    """The form; what stands in it is what was given last."""
    standing = notice_of(actor().id, call)
    kept = {"title": standing.title, "about": standing.about, "theme_id": standing.theme_id} if standing else {}
    form = NoticeForm.of(call, **kept)
    status = 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                noticing.give_notice(call, **form.said(), by=actor())
                flash(gettext("Your notice is changed.") if standing else gettext("Your notice is in."), "success")
                return redirect(url_for("public.call", code=call.code, _anchor="notice"))
            except Incomplete as error:
                form.blame(error)
    once = one_time_key()
    return render_template("faculty/notice.html", call=call, form=form, standing=standing, once=once), status


@door(faculty, "/calls/<code>/notice/withdraw", Action.CALL_NOTICE, public_one, methods=["POST"])
def withdraw_notice(call: Call) -> ResponseReturnValue:
    """Take it back."""
    try:
        noticing.withdraw_notice(call, by=actor())
    except Incomplete:
        return redirect(url_for("public.call", code=call.code))
    flash(gettext("Your notice is taken back."), "success")
    return redirect(url_for("public.call", code=call.code))
