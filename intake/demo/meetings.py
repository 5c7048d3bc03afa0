"""The meetings of the demonstration: one whose time is still to be found, and one that was held."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, time
from functools import partial

from intake.call import queries as calls
from intake.demo.moments import ZONE, office_day
from intake.demo.play import Company, Tale, person_id, theme_id
from intake.demo.texts import Text
from intake.meeting import agenda, closing, minutes, planning, queries, slots
from intake.meeting.models import Meeting
from intake.policy import Actor
from intake.vocabulary import MeetingKind, PairingKind, PairingState, SlotAnswer

Act = Callable[[Tale], None]


def scenes_of(text: Text, company: Company) -> Iterator[tuple[datetime, Act]]:
    """All that happens to a meeting, each with its moment, in order; an act is given the tale of its proposal."""
    of = partial(office_day, company.now)
    yield of(text["planned"], time(10)), partial(plan, text=text)
    yield of(text["planned"], time(10, 40)), partial(offer, text=text)
    for place, key in enumerate(text["answers"]):
        yield of(text["planned"] - 1, time(15, place)), partial(reply, text=text, key=key)
    if "held" in text:
        yield of(text["chosen"], time(11)), partial(choose, text=text)
        yield of(text["held"], time(15, 30)), partial(hold, text=text)
        yield of(text["held"], time(16, 20)), partial(write_up, text=text)


def plan(tale: Tale, text: Text) -> None:
    """The office begins to plan it, with one item: the proposal's team and the contact are asked by that."""
    call, by = calls.one(text["call"]), _office(tale, text)
    assert call is not None
    facts = {name: text[name] for name in ("title", "place", "minutes")}
    made = planning.make(call, kind=MeetingKind.MATCHING, zone=ZONE.key, by=by, **facts)
    proposal = tale.whole()
    agenda.put(
        _again(made.id),
        None,
        heading=text["item"],
        minutes=text["minutes"],
        proposal_id=proposal.id,
        theme_id=theme_id(proposal, text["theme"]),
        contact_id=person_id(tale, text["contact"]),
        attendee_ids=(),
        by=by,
    )


def offer(tale: Tale, text: Text) -> None:
    """The office offers times."""
    slots.offer(_found(text), _times(tale, text), by=_office(tale, text))


def reply(tale: Tale, text: Text, key: str) -> None:
    """Somebody says which times suit."""
    meeting, said = _found(text), dict(zip(_times(tale, text), text["answers"][key], strict=True))
    answers = {each.id: SlotAnswer(said[each.begins_at]) for each in meeting.slots}
    slots.answer(meeting, answers, by=tale.company.actors[key])


def choose(tale: Tale, text: Text) -> None:
    """The office chooses the time that suits all, on whatever day of the week the demonstration puts it."""
    slots.choose(_found(text), _times(tale, text)[text["chooses"]], anyway=True, by=_office(tale, text))


def hold(tale: Tale, text: Text) -> None:
    """It took place."""
    closing.hold(_found(text), by=_office(tale, text))


def write_up(tale: Tale, text: Text) -> None:
    """The office writes the minutes, says who does what, and what came of it."""
    meeting, by = _found(text), _office(tale, text)
    item = meeting.items[0]
    minutes.write(meeting, item, text["notes"], item.version, by=by)
    for row in text["actions"]:
        due = office_day(tale.company.now, row["due"], time(12)).date()
        action = minutes.give_action(meeting, item, row["what"], person_id(tale, row["owner"]), due, by=by)
        if row["done"]:
            minutes.mark(meeting, action, True, by=tale.company.actors[row["owner"]])
    outcome = PairingState(text["outcome"])
    minutes.conclude(meeting, item, outcome, PairingKind.CONTACT, text["outcome_note"], by=by)


def _times(tale: Tale, text: Text) -> list[datetime]:
    """The times that are offered, as the text orders them."""
    return [office_day(tale.company.now, days, time(hour)) for days, hour in text["slots"]]


def _office(tale: Tale, text: Text) -> Actor:
    return tale.company.actors[text["by"]]


def _found(text: Text) -> Meeting:
    call = calls.one(text["call"])
    assert call is not None
    return _again(next(each.id for each in queries.of_call(call) if each.title == text["title"]))


def _again(number: int) -> Meeting:
    found = queries.one(number)
    assert found is not None
    return found
