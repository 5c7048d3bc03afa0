"""The administrator's forms."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from intake.views.display import tr
from intake.views.fields import Chosen, Email, Form, Line, Paragraph
from intake.vocabulary import Appointment, Limit, say

APPOINTMENTS = {
    Appointment.FULL_TIME_FACULTY: say("Full-time faculty"),
    Appointment.PART_TIME_FACULTY: say("Part-time faculty"),
    Appointment.RESEARCH_SCHOLAR: say("Research scholar"),
    Appointment.PHD_STUDENT: say("PhD student"),
    Appointment.STAFF: say("Staff"),
    Appointment.OUTSIDE: say("Outside the university"),
}


class PersonForm(Form):
    """Who somebody is."""

    name = Line(lazy_gettext("Name"), Limit.NAME)
    name_zh = Line(lazy_gettext("Name in Chinese"), Limit.NAME, required=False, render_kw={"lang": "zh-Hant"})
    email = Email(lazy_gettext("E-mail"))
    department_id = Chosen(lazy_gettext("Department"), required=False, blank=lazy_gettext("None"))
    organisation = Line(lazy_gettext("Organisation"), Limit.NAME, required=False)
    appointment = Chosen(lazy_gettext("Appointment"))
    expertise = Paragraph(lazy_gettext("Expertise"), Limit.ABSTRACT, required=False)

    def offer(self, departments: list[tuple[int, str]]) -> None:
        """Fill in what can be chosen."""
        self.department_id.offer(departments)
        self.appointment.offer([(word.value, tr(words)) for word, words in APPOINTMENTS.items()])

    def details(self) -> dict[str, Any]:
        """What was typed, as a person's columns."""
        department = self.department_id.data
        return {
            "name": self.name.data,
            "name_zh": self.name_zh.data,
            "email": self.email.data,
            "department_id": int(department) if department else None,
            "organisation": self.organisation.data,
            "appointment": Appointment(self.appointment.data),
            "expertise": self.expertise.data,
        }


class InvitationForm(PersonForm):
    """Somebody new, with a first role."""

    role = Chosen(lazy_gettext("First role"), required=False, blank=lazy_gettext("None yet"))


class GrantForm(Form):
    """A role with its scope."""

    role = Chosen(lazy_gettext("Role"), blank=lazy_gettext("Choose a role"))


class ProgrammeForm(Form):
    """A programme in words."""

    purpose = Paragraph(lazy_gettext("Purpose"), Limit.ABSTRACT, required=False)
    enquiry = Line(lazy_gettext("Whom to ask"), Limit.NAME, required=False)


class OfficeForm(Form):
    """The office's settings."""

    name = Line(lazy_gettext("Name of the office"), Limit.NAME)
    short = Line(lazy_gettext("Short name"), Limit.CODE)
    institution = Line(lazy_gettext("Institution"), Limit.NAME)
    time_zone = Line(lazy_gettext("Time zone"), Limit.CODE)


class ReasonForm(Form):
    """Why."""

    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)
