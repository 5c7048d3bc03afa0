"""Somebody who was invited to a team answers with the link of their letter; no account is needed.

The link is the proof. Whoever is signed in at this browser has nothing to do with it: the answer is the member's.
"""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.errors import Incomplete, Refused
from intake.proposal.joining import Place, answer_by_link, behind_link, confirm_by_link
from intake.proposal.team import LASTS
from intake.proposal.team_checks import owes_confirmation
from intake.proposal.team_letters import ROLES
from intake.views.display import tr
from intake.views.fields import Form, Line
from intake.views.gate import actor, door
from intake.views.public import public
from intake.vocabulary import Action, Limit, TeamAnswer, Words, say

LONGEST_TOKEN = 100
UNKNOWN = say("It was taken back, a newer one was sent, or it is not whole. Ask who invited you to send it again.")


class PlaceForm(Form):
    """What somebody without an account may say of themselves."""

    organisation = Line(lazy_gettext("University or company"), Limit.NAME, required=False)
    orcid = Line(lazy_gettext("ORCID iD"), Limit.REFERENCE, required=False)


@door(public, "/team/<token>", Action.PUBLIC, methods=["GET", "POST"])
def team_answer(token: str) -> ResponseReturnValue:
    """What the invitation is to, with two buttons; after acceptance what is still asked. Only a POST writes."""
    place = _behind(token)
    if place is None:
        return dead_link(UNKNOWN, 404)
    form = PlaceForm(data={"organisation": place.member.organisation, "orcid": place.member.orcid})
    if request.method == "POST" and form.validate():
        try:
            _act(token, form)
            return redirect(url_for("public.team_answer", token=token))
        except Refused as error:
            form.blame(error)
            place = _behind(token)
        except Incomplete as error:
            form.blame(error)
    if place is None or place.over:
        return _over(place)
    return _page(token, place, form)


def _behind(token: str) -> Place | None:
    return behind_link(token) if token.isascii() and len(token) <= LONGEST_TOKEN else None


def _act(token: str, form: PlaceForm) -> None:
    """Do what the button that was pressed says."""
    said = request.form.get("answer")
    if said == "confirm":
        confirm_by_link(token)
        flash(gettext("You confirmed your part."), "success")
    elif said in ("accept", "decline"):
        values = {"organisation": form.organisation.data or "", "orcid": form.orcid.data or ""}
        answer_by_link(token, said == "accept", **values)
        told = gettext("Thank you: you are on the team.") if said == "accept" else gettext("Thank you for the answer.")
        flash(told, "success")
    else:
        raise Incomplete(say("Press one of the buttons."))


def _page(token: str, place: Place, form: PlaceForm) -> ResponseReturnValue:
    proposal, member = place.proposal, place.member
    html = render_template(
        "public/team_answer.html",
        token=token,
        proposal=proposal,
        member=member,
        role=tr(ROLES[member.relation]),
        accepted=member.answer is TeamAnswer.ACCEPTED,
        owes=owes_confirmation(proposal, member),
        until=member.invited_at + LASTS if member.invited_at else None,
        form=form,
        page_address="",
    )
    return html, 422 if request.method == "POST" else 200


def _over(place: Place | None) -> ResponseReturnValue:
    """The link opens nothing any more; its member may have a page of their own."""
    if place is None or place.over is None:
        return dead_link(UNKNOWN, 404)
    accepted = place.member.answer is TeamAnswer.ACCEPTED and place.member.person_id is not None
    page = url_for("faculty.proposal", proposal_id=place.proposal.id) if accepted else ""
    return dead_link(place.over, 410, page, own=accepted and actor().id == place.member.person_id)


def dead_link(words: Words, status: int, page: str = "", *, own: bool = False) -> ResponseReturnValue:
    """That a link opens nothing, and why; ``page`` is where its holder can go on, signed in (``own``: they are)."""
    html = render_template("public/dead_link.html", words=tr(words), page=page, own=own, page_address="")
    return html, status
