"""What somebody is known by and tied to, for conflicts of interest to be found: addresses, ORCID iD, laboratory, whom
they supervised, for whom they worked. The person keeps it, and administrators do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake.conflict import ties
from intake.conflict.models import Employment, Supervision
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.people import queries
from intake.people.known_as import add_address, addresses_of, remove_address
from intake.people.models import Person, PersonAddress
from intake.people.operations import change_person
from intake.policy import UNSEEN, may
from intake.programme.models import Sponsor
from intake.ruling import demand
from intake.views.account import account
from intake.views.fields import Chosen, Email, Form, Line, Picked, Whole, sent_version
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Limit

PATH = "/people/<id:person_id>/known-as"
LAST_YEAR = 9999


class NamesForm(Form):
    """ORCID iD and laboratory."""

    orcid = Line(lazy_gettext("ORCID iD"), Limit.CODE, required=False)
    laboratory = Line(lazy_gettext("Laboratory or group"), Limit.NAME, required=False)


class AddressForm(Form):
    """Another address."""

    address = Email(lazy_gettext("Another e-mail address"))


class SupervisionForm(Form):
    """Whom, which way, when."""

    other = Email(lazy_gettext("E-mail of the other person"))
    way = Picked(lazy_gettext("Which way"))
    since = Whole(lazy_gettext("From the year"), least=0, most=LAST_YEAR, required=False)
    until = Whole(lazy_gettext("To the year"), least=0, most=LAST_YEAR, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="supervision-", **options)
        self.way.offer([("over", gettext("supervised them")), ("under", gettext("was supervised by them"))])


class EmploymentForm(Form):
    """For which sponsor, when."""

    sponsor = Chosen(lazy_gettext("Sponsor"), blank=lazy_gettext("Choose a sponsor"))
    since = Whole(lazy_gettext("From the year"), least=0, most=LAST_YEAR, required=False)
    until = Whole(lazy_gettext("To the year"), least=0, most=LAST_YEAR, required=False)

    def __init__(self, **options: Any) -> None:
        super().__init__(prefix="employment-", **options)
        rows = db.session.execute(sa.select(Sponsor.id, Sponsor.name).order_by(Sponsor.name, Sponsor.id))
        self.sponsor.offer((row.id, row.name) for row in rows)


def to_keep(person_id: int) -> Person | None:
    """The person, if they are the reader's own self or the reader administers. Raises: Refused, as for nobody."""
    if person_id != actor().id and not may(actor(), Action.AREA_ADMINISTRATION):
        demand(UNSEEN)
    return queries.one(person_id)


def _with(find: Callable[[int, int], Any]) -> Callable[..., Any]:
    """A loader of the person with one row of theirs."""

    def loading(person_id: int, row_id: int) -> tuple[Person, Any] | None:
        person = to_keep(person_id)
        row = find(person_id, row_id) if person else None
        return (person, row) if person and row else None

    return loading


def _address(person_id: int, row_id: int) -> PersonAddress | None:
    row = db.session.get(PersonAddress, row_id)
    return row if row and row.person_id == person_id else None


def _supervision(person_id: int, row_id: int) -> Supervision | None:
    row = db.session.get(Supervision, row_id)
    return row if row and person_id in (row.supervisor_id, row.student_id) else None


def _employment(person_id: int, row_id: int) -> Employment | None:
    row = db.session.get(Employment, row_id)
    return row if row and row.person_id == person_id else None


@door(account, "/account/known-as", Action.SIGNED_IN)
def own_known_as() -> ResponseReturnValue:
    """To the page of one's own."""
    return redirect(url_for("account.known_as", person_id=actor().id))


def page(person: Person, **forms: Form) -> str:
    """The page, with a form as it was sent where it is shown again. Statements: 4 beside what loaded the person."""
    own = person.id == actor().id
    shown: dict[str, Form] = {
        "names_form": NamesForm(obj=person, formdata=None),
        "address_form": AddressForm(formdata=None),
        "supervision_form": SupervisionForm(formdata=None),
        "employment_form": EmploymentForm(formdata=None),
    }
    return render_template(
        "account/known_as.html",
        person=person,
        own=own,
        addresses=addresses_of(person),
        supervisions=ties.supervisions_of(person.id),
        employments=ties.employments_of(person.id),
        administers=bool(may(actor(), Action.AREA_ADMINISTRATION)),
        me=actor().id,
        once=one_time_key(),
        **(shown | forms),
    )


def _tried(person: Person, name: str, form: Form, act: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do what the form asks, or show it again with what is wrong."""
    number = person.id
    if form.validate():
        try:
            act()
            flash(done, "success")
            return redirect(url_for("account.known_as", person_id=number))
        except (Incomplete, Stale) as error:
            db.session.rollback()
            form.blame(error)
    again = queries.one(number)
    assert again is not None
    return page(again, **{name: form}), 422


@door(account, PATH, Action.SIGNED_IN, to_keep, methods=["GET", "POST"])
def known_as(person: Person) -> ResponseReturnValue:
    """The page; its first form saves the ORCID iD and the laboratory."""
    if request.method == "GET":
        return page(person)
    form = NamesForm()

    def save() -> None:
        kept = {"orcid": form.orcid.data or "", "laboratory": form.laboratory.data or ""}
        change_person(person, sent_version(), by=actor(), **kept)

    return _tried(person, "names_form", form, save, gettext("Saved."))


@door(account, f"{PATH}/addresses", Action.SIGNED_IN, to_keep, methods=["POST"], once=True, name="add_address")
def add(person: Person) -> ResponseReturnValue:
    """Add another address."""
    form = AddressForm()
    done = gettext("The address is noted.")
    return _tried(person, "address_form", form, lambda: add_address(person, form.address.data, by=actor()), done)


@door(
    account,
    f"{PATH}/addresses/<id:row_id>/remove",
    Action.SIGNED_IN,
    _with(_address),
    methods=["POST"],
    name="remove_address",
)
def remove(person: Person, row: PersonAddress) -> ResponseReturnValue:
    """Take an address away."""
    remove_address(person, row, by=actor())
    flash(gettext("The address is taken away."), "success")
    return redirect(url_for("account.known_as", person_id=person.id))


@door(account, f"{PATH}/supervision", Action.SIGNED_IN, to_keep, methods=["POST"], once=True)
def note_supervision(person: Person) -> ResponseReturnValue:
    """Note whom the person supervised, or by whom they were supervised."""
    form = SupervisionForm()

    def note() -> None:
        years = {"since": form.since.data, "until": form.until.data}
        ties.note_supervision(person, form.other.data, supervised=form.way.data == "over", **years, by=actor())

    return _tried(person, "supervision_form", form, note, gettext("Noted."))


@door(account, f"{PATH}/employment", Action.SIGNED_IN, to_keep, methods=["POST"], once=True)
def note_employment(person: Person) -> ResponseReturnValue:
    """Note for which sponsor the person works or worked."""
    form = EmploymentForm()

    def note() -> None:
        ties.note_employment(person, int(form.sponsor.data), form.since.data, form.until.data, by=actor())

    return _tried(person, "employment_form", form, note, gettext("Noted."))


@door(account, f"{PATH}/supervision/<id:row_id>/forget", Action.SIGNED_IN, _with(_supervision), methods=["POST"])
def forget_supervision(person: Person, row: Supervision) -> ResponseReturnValue:
    """Take the note away."""
    return _forgotten(person, row)


@door(account, f"{PATH}/employment/<id:row_id>/forget", Action.SIGNED_IN, _with(_employment), methods=["POST"])
def forget_employment(person: Person, row: Employment) -> ResponseReturnValue:
    """Take the note away."""
    return _forgotten(person, row)


def _forgotten(person: Person, row: Any) -> ResponseReturnValue:
    ties.forget(row, person, by=actor())
    flash(gettext("The note is taken away."), "success")
    return redirect(url_for("account.known_as", person_id=person.id))
