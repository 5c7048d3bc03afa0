"""The way of a proposal through a call, in words for whoever thinks about writing one."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext, ngettext

from intake.call.models import Call
from intake.vocabulary import Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, what happens in it, and on whose desk the proposal is."""

    title: str
    what: str
    desk: Desk


def steps(call: Call) -> list[Step]:
    """The steps of a proposal in this call, in order; programme and sponsor must be loaded. Statements: none."""
    sponsor = call.programme.sponsor.name if call.programme.sponsor and call.sponsor_decides else ""
    return [*_writing(call), *_office(sponsor), *(_panel(call) if call.panel else _direct()), *_outcome(sponsor)]


def _writing(call: Call) -> list[Step]:
    until = gettext("at any time") if call.standing else gettext("before the call closes")
    return [
        Step(
            gettext("Write"),
            gettext(
                "Start a draft, fill in its sections with your team, and save as often as you like."
                " Nobody else sees it."
            ),
            Desk.APPLICANT,
        ),
        Step(
            gettext("Submit"),
            gettext(
                "The principal investigator submits %(until)s. The rules are checked at once, and you get a reference"
                " number and a receipt with the time and a fingerprint of what was received.",
                until=until,
            ),
            Desk.APPLICANT,
        ),
    ]


def _office(sponsor: str) -> list[Step]:
    matched = gettext("The office matches it to a theme and, at %(sponsor)s, to a contact.", sponsor=sponsor)
    return [
        Step(
            gettext("Check"),
            gettext(
                "The office checks it against the rules. If something is missing, it comes back to you"
                " with what to change."
            ),
            Desk.OFFICE,
        ),
        Step(
            gettext("Match"),
            matched if sponsor else gettext("The office looks for the sponsor and the people whom it suits."),
            Desk.OFFICE,
        ),
    ]


def _panel(call: Call) -> list[Step]:
    named = gettext("They see who applies.") if call.applicants_named else gettext("They do not see who applies.")
    reviews = ngettext(
        "At least %(num)s reviewer without a conflict of interest scores it by the criteria on this page.",
        "At least %(num)s reviewers without a conflict of interest score it by the criteria on this page.",
        call.reviews_needed,
    )
    return [
        Step(gettext("Review"), f"{reviews} {named}", Desk.REVIEWERS),
        Step(
            gettext("Decide"),
            gettext(
                "The lead reviewer records the panel's decision. The office releases it, and you read it"
                " with the comments meant for you."
            ),
            Desk.OFFICE,
        ),
    ]


def _direct() -> list[Step]:
    return [
        Step(
            gettext("Decide"),
            gettext("The office talks with you and records what comes of it. No review panel sits."),
            Desk.OFFICE,
        )
    ]


def _outcome(sponsor: str) -> list[Step]:
    if not sponsor:
        return []
    return [
        Step(
            gettext("Sponsor"),
            gettext(
                "The office sends the proposal, unchanged from then on, to %(sponsor)s, who selects,"
                " reserves or declines.",
                sponsor=sponsor,
            ),
            Desk.SPONSOR,
        ),
        Step(
            gettext("Award"),
            gettext("You are told the outcome. An award is published on this site once the office releases it."),
            Desk.APPLICANT,
        ),
    ]
