"""The forms of what somebody is known by and tied to."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext, lazy_gettext

from intake.extensions import db
from intake.programme.models import Sponsor
from intake.views.fields import Chosen, Email, Form, Line, Picked, Whole
from intake.vocabulary import Limit

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
