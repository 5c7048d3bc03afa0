"""The forms about the team of a proposal: somebody to invite, whom to hand it over to, a supervisor to ask."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from intake.proposal.handing_over import candidates
from intake.proposal.models import Proposal
from intake.views.display import tr
from intake.views.faculty.telling import RELATIONS
from intake.views.fields import Chosen, Email, Form, Line, Paragraph, Picked
from intake.vocabulary import Limit, Relation


class MemberForm(Form):
    """Somebody to invite to the team."""

    name = Line(lazy_gettext("Name"), Limit.NAME)
    email = Email(lazy_gettext("E-mail address"))
    organisation = Line(lazy_gettext("University or company"), Limit.NAME)
    orcid = Line(lazy_gettext("ORCID iD"), Limit.REFERENCE, required=False)
    relation = Picked(lazy_gettext("What they are to the proposal"))

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        others = [each for each in Relation if each is not Relation.PRINCIPAL]
        self.relation.offer([(each.value, tr(RELATIONS[each])) for each in others])


class HandOverForm(Form):
    """Who is to lead the proposal, and why."""

    to = Chosen(lazy_gettext("Who leads it from then on"), blank=lazy_gettext("Choose a co-investigator"))
    reason = Paragraph(lazy_gettext("Reason"), Limit.REASON)

    def fit(self, proposal: Proposal) -> None:
        """Offer those who may lead it. Statements: 1."""
        self.to.offer([(member.person_id, member.name) for member in candidates(proposal)])


class SupervisorForm(Form):
    """A supervisor to ask for an endorsement."""

    supervisor = Line(lazy_gettext("Supervisor's name"), Limit.NAME)
    address = Email(lazy_gettext("Supervisor's e-mail address"))
