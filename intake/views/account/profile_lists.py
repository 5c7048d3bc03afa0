"""A list of publications brought to a profile: pasted or as a file, told row by row, and kept by a second button."""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext, ngettext
from wtforms import FileField

from intake.affinity.importing import Found
from intake.errors import Incomplete
from intake.match.publication_lists import ENDINGS, MOST_BYTES, Fate, keep, read, report
from intake.people.models import Person
from intake.views.account import account
from intake.views.account.profile import PATH, crumbs, home, shown, to_keep
from intake.views.beside import tell_beside
from intake.views.display import filesize
from intake.views.fields import Form, Paragraph
from intake.views.gate import actor, door
from intake.vocabulary import Action, Limit

FATES = {
    Fate.NEW: lazy_gettext("New"),
    Fate.THERE: lazy_gettext("There already"),
    Fate.TWICE: lazy_gettext("Twice in the list"),
    Fate.REFUSED: lazy_gettext("Not taken"),
}
WRAPPING_BYTES = 200_000
"""What goes over the wire around the list."""
MOST_DIGITS = len(str(MOST_BYTES))
MOST_PARTS = 2_100
"""A box for each row, and what every form has."""


class Pasted(Paragraph):
    """Text of many lines, whose length is not told while it is typed."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.flags.maxlength = None


class ListForm(Form):
    """A list that is pasted, or a file."""

    pasted = Pasted(lazy_gettext("Pasted list"), limit=MOST_BYTES, required=False)
    file: Any = FileField()


@account.url_value_preprocessor
def room_for_lists(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """The forms that carry a list may be larger than any other."""
    if endpoint in ("account.import_publications", "account.keep_publications"):
        request.max_form_memory_size = MOST_BYTES * 2 + WRAPPING_BYTES  # new lines travel as two signs
        request.max_form_parts = MOST_PARTS


@door(account, f"{PATH}/publications/import", Action.SIGNED_IN, to_keep, methods=["GET", "POST"])
def import_publications(person: Person) -> ResponseReturnValue:
    """Bring a list; the answer tells what would become of each row, and nothing is kept yet."""
    form = ListForm()
    if request.method != "POST" or not form.validate():
        return _asked(person, form, 422 if request.method == "POST" else 200)
    data, named = _sent(form)
    if not data.strip():
        form.file.errors = [gettext("Choose a file, or paste a list.")]
        return _asked(person, form, 422)
    found, _ = read(data, named)
    return _told(person, form, found, _as_text(data), named)


def _sent(form: ListForm) -> tuple[bytes, str]:
    """The list and the name of its file; what was pasted where there is none."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return form.pasted.data.encode(), ""
    try:
        return file.read(MOST_BYTES + 1), file.filename
    finally:
        file.close()


def _asked(person: Person, form: ListForm, status: int) -> ResponseReturnValue:
    way = crumbs(person, (gettext("Import publications"), None))
    limits = {"most": filesize(MOST_BYTES), "endings": ",".join(ENDINGS), "max_bytes": MOST_BYTES}
    return shown("import", person, status, form=form, crumbs=way, **limits)


def _as_text(data: bytes) -> str:
    """The list as a form carries it; what cannot be read has been told of already."""
    return data.decode("utf-8-sig", errors="replace")


def _told(
    person: Person, form: ListForm, found: Found, text: str, named: str, status: int = 200
) -> ResponseReturnValue:
    rows = report(person, found)
    counts = {fate: sum(row.fate is fate for row in rows) for fate in Fate}
    return shown(
        "report",
        person,
        status,
        form=form,
        crumbs=crumbs(person, (gettext("Import publications"), None)),
        rows=rows,
        counts=counts,
        fates=FATES,
        new=counts[Fate.NEW],
        text=text if counts[Fate.NEW] else "",
        named=named,
        without=set(request.form.getlist("without")),
    )


def _is_line(text: str) -> bool:
    """A number of a line; no list has one of more digits."""
    return text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS


@door(account, f"{PATH}/publications/keep", Action.SIGNED_IN, to_keep, methods=["POST"], once=True)
def keep_publications(person: Person) -> ResponseReturnValue:
    """Keep the new rows of the list that was told of, less those that were ticked to be left out."""
    text, named = request.form.get("text", ""), request.form.get("name", "")[: Limit.FILE_NAME]
    found, source = read(text.encode(errors="replace"), named)
    without = {int(each) for each in request.form.getlist("without") if _is_line(each)}
    try:
        added = keep(person, found, source, without=without, by=actor())
    except Incomplete as error:
        form = ListForm(formdata=None)
        form.blame(error)
        return _told(person, form, found, text, named, 422)
    told = ngettext("%(num)s publication is added.", "%(num)s publications are added.", len(added))
    tell_beside(told)
    return redirect(home(person) + "#publications")
