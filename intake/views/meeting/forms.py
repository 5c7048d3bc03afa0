"""The forms about meetings."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext

from intake.errors import IntakeError
from intake.match.pairing import LABELS
from intake.meeting.times import OFFERED
from intake.views.display import tr
from intake.views.fields import Chosen, Day, Declaration, Email, Form, Line, Moment, Paragraph, Picked, Several, Whole
from intake.views.meeting.words import ANSWERS, COMES_AS, KINDS
from intake.vocabulary import ComesAs, Limit, PairingState, SlotAnswer

OUTCOMES = (PairingState.INTERESTED, PairingState.DECLINED, PairingState.MATCHED, PairingState.APPROACHED)
SLOTS_AT_ONCE = 6


def zones(*more: str) -> list[tuple[str, str]]:
    """The time zones to choose from, with those that are in use already."""
    return [(zone, zone.replace("_", " ")) for zone in dict.fromkeys((*more, *OFFERED))]


class MeetingForm(Form):
    """What a meeting is called, where and how long it is."""

    title = Line(lazy_gettext("Title"), Limit.NAME)
    place = Line(lazy_gettext("Where"), Limit.TITLE, required=False)
    minutes = Whole(lazy_gettext("Length"), least=1, most=Limit.MEETING_MINUTES)
    zone = Chosen(lazy_gettext("Time zone"))


class NewMeetingForm(MeetingForm):
    """A new meeting."""

    kind = Picked(lazy_gettext("What it is for"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kind.offer((each.value, tr(words)) for each, words in KINDS.items())


class PlanForm(MeetingForm):
    """A meeting's plan, with its chair."""

    chair_id = Chosen(lazy_gettext("Chair"), required=False, blank=lazy_gettext("Nobody yet"))


class ItemForm(Form):
    """An item of the agenda."""

    proposal_id = Chosen(lazy_gettext("Proposal"), required=False, blank=lazy_gettext("None"))
    heading = Line(lazy_gettext("In words"), Limit.TITLE, required=False)
    minutes = Whole(lazy_gettext("Time for it"), least=1, most=Limit.MEETING_MINUTES)
    theme_id = Chosen(lazy_gettext("Theme"), required=False, blank=lazy_gettext("None"))
    contact_id = Chosen(lazy_gettext("Contact of the sponsor"), required=False, blank=lazy_gettext("None"))
    attendee_ids = Several(lazy_gettext("Who attends it"), required=False)


class PersonForm(Form):
    """Somebody with an account, in a part."""

    who = Chosen(lazy_gettext("Person"))
    zone = Chosen(lazy_gettext("Their time zone"))


class GuestForm(Form):
    """Somebody by name and address."""

    name = Line(lazy_gettext("Name"), Limit.NAME)
    email = Email(lazy_gettext("E-mail"))
    zone = Chosen(lazy_gettext("Their time zone"))


class SlotsForm(Form):
    """Times to offer, and the zone in which they are typed."""

    def blame(self, error: IntakeError) -> None:
        """A room names a wrong time by its instant; the field in which it was typed says so."""
        named = getattr(error, "fields", {})
        typed = [each for each in self if isinstance(each, Moment) and each.data and each.data.isoformat() in named]
        for each in typed:
            each.errors = [*each.errors, tr(named[each.data.isoformat()])]
        if not typed:
            super().blame(error)

    def instants(self) -> list[Any]:
        """The times that were given."""
        return [each.data for each in self if isinstance(each, Moment) and each.data is not None]


def slots_form(zone: str) -> SlotsForm:
    """A form for several times on the clock of ``zone``."""
    fields = {
        f"at_{n}": Moment(lazy_gettext("Time %(number)s", number=n), required=n == 1, zone=zone)
        for n in range(1, SLOTS_AT_ONCE + 1)
    }
    made: type[SlotsForm] = type("SlotsForm", (SlotsForm,), fields)
    return made()


def answer_form(labels: dict[int, str], **options: Any) -> Form:
    """One question for each time that is offered, by its id."""
    choices = [(each.value, tr(words)) for each, words in ANSWERS.items()]
    fields = {f"slot_{number}": Picked(label, choices=choices) for number, label in labels.items()}
    made: type[Form] = type("AnswerForm", (Form,), fields)
    return made(**options)


def answers_in(form: Form) -> dict[int, SlotAnswer]:
    """What the form says, by the id of the time."""
    return {int(each.name.removeprefix("slot_")): SlotAnswer(each.data) for each in form if each.data}


class MoveForm(Form):
    """Another time."""

    already = Declaration(lazy_gettext("It was held already, at this time"), must=False)
    anyway = Declaration(lazy_gettext("It is to stand all the same"), must=False)


def move_form(zone: str, **options: Any) -> Any:
    """A form for one time on the clock of ``zone``."""
    fields = {"begins_at": Moment(lazy_gettext("When it begins"), zone=zone)}
    return type("MoveForm", (MoveForm,), fields)(**options)


class CancelForm(Form):
    """Why a meeting does not take place."""

    reason = Paragraph(lazy_gettext("Why, for everybody who is asked to read"), Limit.REASON)


class NotesForm(Form):
    """The minutes of an item."""

    notes = Paragraph(lazy_gettext("Minutes"), Limit.COMMENT, required=False)


class ActionForm(Form):
    """Something to be done."""

    what = Line(lazy_gettext("What is to be done"), Limit.TITLE)
    owner_id = Chosen(lazy_gettext("By whom"))
    due_on = Day(lazy_gettext("Until"))


class OutcomeForm(Form):
    """What came of an item."""

    outcome = Picked(lazy_gettext("Outcome"))
    kind = Picked(lazy_gettext("Matched with"))
    note = Paragraph(lazy_gettext("Note"), Limit.REASON, required=False)
    back = Declaration(lazy_gettext("The match board is to go back from “Matched”"), must=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.outcome.offer((each.value, tr(LABELS[each])) for each in OUTCOMES)


def part_of(value: str) -> tuple[ComesAs, int]:
    """What ``part:id`` of a choice says."""
    part, _, number = value.partition(":")
    return ComesAs(part), int(number)


def labelled(part: ComesAs, name: str) -> str:
    """How somebody reads in the list of those who can be asked."""
    return f"{name} ({tr(COMES_AS[part])})"
