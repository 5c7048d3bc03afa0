"""What somebody is known by, for conflicts of interest to be found: addresses, ORCID iD, laboratory; ``ties_noted`` has
whom they supervised and for whom they worked. The person keeps it, and administrators do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from intake.conflict import ties
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.people import queries
from intake.people.known_as import add_address, addresses_of, may_remove, remove_address
from intake.people.models import Person, PersonAddress
from intake.people.operations import change_person
from intake.policy import UNSEEN, may
from intake.ruling import demand
from intake.views.account import account
from intake.views.account.known_as_forms import AddressForm, EmploymentForm, NamesForm, SupervisionForm
from intake.views.fields import Form, sent_version
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action

PATH = "/people/<id:person_id>/known-as"


def to_keep(person_id: int) -> Person | None:
    """The person, if they are the reader's own self or the reader administers. Raises: Refused, as for nobody."""
    if person_id != actor().id and not may(actor(), Action.AREA_ADMINISTRATION):
        demand(UNSEEN)
    return queries.one(person_id)


def with_row(find: Callable[[int, int], Any]) -> Callable[..., Any]:
    """A loader of the person with one row of theirs."""

    def loading(person_id: int, row_id: int) -> tuple[Person, Any] | None:
        person = to_keep(person_id)
        row = find(person_id, row_id) if person else None
        return (person, row) if person and row else None

    return loading


def _address(person_id: int, row_id: int) -> PersonAddress | None:
    row = db.session.get(PersonAddress, row_id)
    return row if row and row.person_id == person_id else None


@door(account, "/account/known-as", Action.SIGNED_IN)
def own_known_as() -> ResponseReturnValue:
    """To the page of one's own."""
    return redirect(url_for("account.known_as", person_id=actor().id))


def page(person: Person, **forms: Form) -> str:
    """The page, with a form as it was sent where it is shown again. Statements: 4 beside what loaded the person."""
    me, administers = actor(), bool(may(actor(), Action.AREA_ADMINISTRATION))
    addresses, supervisions = addresses_of(person), ties.supervisions_of(person.id)
    employments = ties.employments_of(person.id)
    waiting = [row for row in supervisions if ties.unconfirmed(row)]
    shown: dict[str, Form] = {
        "names_form": NamesForm(obj=person, formdata=None),
        "address_form": AddressForm(formdata=None),
        "supervision_form": SupervisionForm(formdata=None),
        "employment_form": EmploymentForm(formdata=None),
    }
    return render_template(
        "account/known_as.html",
        person=person,
        own=person.id == me.id,
        addresses=[(row, administers or may_remove(person.id, row, me)) for row in addresses],
        supervisions=[(row, administers or ties.may_forget(row, person.id, me)) for row in supervisions],
        employments=[(row, administers or ties.may_forget(row, person.id, me)) for row in employments],
        waiting={row.id for row in waiting},
        to_confirm={row.id for row in waiting if row.noted_by_id != me.id},
        once=one_time_key(),
        **(shown | forms),
    )


def tried(person: Person, name: str, form: Form, act: Callable[[], object], done: str) -> ResponseReturnValue:
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

    return tried(person, "names_form", form, save, gettext("Saved."))


@door(account, f"{PATH}/addresses", Action.SIGNED_IN, to_keep, methods=["POST"], once=True, name="add_address")
def add(person: Person) -> ResponseReturnValue:
    """Add another address."""
    form = AddressForm()
    done = gettext("The address is noted.")
    return tried(person, "address_form", form, lambda: add_address(person, form.address.data, by=actor()), done)


@door(
    account,
    f"{PATH}/addresses/<id:row_id>/remove",
    Action.SIGNED_IN,
    with_row(_address),
    methods=["POST"],
    name="remove_address",
)
def remove(person: Person, row: PersonAddress) -> ResponseReturnValue:
    """Take an address away."""
    remove_address(person, row, by=actor())
    flash(gettext("The address is taken away."), "success")
    return redirect(url_for("account.known_as", person_id=person.id))
