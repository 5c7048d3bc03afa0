"""Publications of a profile: added by hand, removed one by one or as they came, and put back."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext

from intake.errors import Incomplete
from intake.match import profile as kept
from intake.people.models import Person, Publication
from intake.views.account import account
from intake.views.account.profile import PATH, crumbs, home, shown, to_keep
from intake.views.beside import tell_beside
from intake.views.fields import Form, Line, Paragraph, Whole
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit


class PublicationForm(Form):
    """One publication."""

    title = Line(lazy_gettext("Title"), Limit.TITLE)
    abstract = Paragraph(lazy_gettext("Abstract"), Limit.ABSTRACT, required=False)
    year = Whole(lazy_gettext("Year"), kept.FIRST_YEAR, kept.LAST_YEAR, required=False)
    doi = Line(lazy_gettext("DOI"), Limit.NAME, required=False)


@door(account, f"{PATH}/publications/add", Action.SIGNED_IN, to_keep, methods=["GET", "POST"], once=True)
def add_publication(person: Person) -> ResponseReturnValue:
    """Add one publication by hand."""
    form = PublicationForm()
    way = crumbs(person, (gettext("Add a publication"), None))
    if request.method != "POST" or not form.validate():
        return shown("add", person, 422 if request.method == "POST" else 200, form=form, crumbs=way)
    details = {"abstract": form.abstract.data, "year": form.year.data, "doi": form.doi.data}
    try:
        kept.add_publication(person, form.title.data, **details, by=actor())
    except Incomplete as error:
        form.blame(error)
        return shown("add", person, 422, form=form, crumbs=way)
    tell_beside(gettext("The publication is added."))
    return redirect(home(person) + "#publications")


@door(account, f"{PATH}/publications/remove", Action.SIGNED_IN, to_keep, methods=["POST"])
def remove_publications(person: Person) -> ResponseReturnValue:
    """Remove one publication, or all of one import. It can be undone, so it is not asked twice."""
    at = _instant(request.form.get("added", ""))
    number = request.form.get("publication", "")
    which = Publication.added_at == at if at else Publication.id == (int(number) if _is_id(number) else 0)
    gone = kept.remove(person, which, by=actor())
    words = ngettext("%(num)s publication is removed.", "%(num)s publications are removed.", gone)
    tell_beside(words + " " + gettext("It can be put back below for 30 days."))
    return redirect(home(person) + "#publications")


@door(account, f"{PATH}/publications/restore", Action.SIGNED_IN, to_keep, methods=["POST"])
def restore_publications(person: Person) -> ResponseReturnValue:
    """Put back what was removed in one act."""
    at = _instant(request.form.get("removed", ""))
    back = kept.put_back(person, at, by=actor()) if at else 0
    tell_beside(ngettext("%(num)s publication is back.", "%(num)s publications are back.", back))
    return redirect(home(person) + "#publications")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _instant(text: str) -> datetime | None:
    """The instant in what a button of the page sends; None for anything else, also at the ends of time."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
