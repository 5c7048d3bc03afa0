"""The letters about meetings. They name the meeting, its time and its place, and never a proposal or who else comes."""

from __future__ import annotations

from datetime import date

from intake.meeting.models import Meeting, Participant
from intake.meeting.times import same_clock, told
from intake.notification.letters import Letter
from intake.vocabulary import Words, say

WHY = say("You get this because the office asked you to this meeting.")
OWNER = say("You get this because a meeting gave you this to do.")


def _letter(
    meeting: Meeting, kind: str, subject: Words, *said: Words, path: str, link: Words, quoted: str = ""
) -> Letter:
    secret = path.startswith("/meeting/")
    return Letter(f"meeting.{kind}", subject, said, path, link, WHY, quoted=quoted, secret=secret)


def offered(meeting: Meeting, to: Participant, path: str) -> Letter:
    """Times are offered."""
    return _letter(
        meeting,
        "offered",
        say("When would it suit you? %(title)s", title=meeting.title),
        say("The office asks you to a meeting: %(title)s. It takes %(minutes)s minutes.",
            title=meeting.title, minutes=meeting.minutes),
        say("Please say of each time that is offered whether it suits you. The page shows them on your clock."),
        path=path,
        link=say("See the times and answer"),
    )  # fmt: skip


def invited(meeting: Meeting, to: Participant, path: str) -> Letter:
    """The time is chosen."""
    return _letter(
        meeting,
        "invited",
        say("%(title)s: %(when)s", title=meeting.title, when=_when(meeting, to)),
        say("You are asked to a meeting: %(title)s.", title=meeting.title),
        *_facts(meeting, to),
        say("The file that comes with this letter puts it into your calendar."),
        path=path,
        link=say("Open the meeting"),
    )


def moved(meeting: Meeting, to: Participant, path: str) -> Letter:
    """It takes place at another time."""
    return _letter(
        meeting,
        "moved",
        say("Moved: %(title)s, now %(when)s", title=meeting.title, when=_when(meeting, to)),
        say("The meeting %(title)s was moved.", title=meeting.title),
        *_facts(meeting, to),
        say("The file that comes with this letter changes it in your calendar."),
        path=path,
        link=say("Open the meeting"),
    )


def changed(meeting: Meeting, to: Participant, path: str) -> Letter:
    """Its title, place or length is another."""
    return _letter(
        meeting,
        "changed",
        say("Changed: %(title)s, %(when)s", title=meeting.title, when=_when(meeting, to)),
        say("Something about the meeting %(title)s was changed. This holds now:", title=meeting.title),
        *_facts(meeting, to),
        say("The file that comes with this letter changes it in your calendar."),
        path=path,
        link=say("Open the meeting"),
    )


def cancelled(meeting: Meeting, to: Participant, path: str) -> Letter:
    """It does not take place."""
    said = say("The meeting %(title)s does not take place.", title=meeting.title)
    if meeting.begins_at is not None:
        said = say("The meeting %(title)s of %(when)s does not take place.",
                   title=meeting.title, when=_when(meeting, to))  # fmt: skip
    return _letter(
        meeting,
        "cancelled",
        say("Cancelled: %(title)s", title=meeting.title),
        said,
        path=path,
        link=say("Open the meeting"),
        quoted=meeting.cancel_reason,
    )


def taken_off(meeting: Meeting, to: Participant, path: str) -> Letter:
    """They are not asked to it any more."""
    return _letter(
        meeting,
        "taken_off",
        say("You need not come: %(title)s", title=meeting.title),
        say("You are not asked to the meeting %(title)s any more. If you have questions, ask the office.",
            title=meeting.title),
        path="/",
        link=say("Open the site"),
    )  # fmt: skip


def action_given(title: str, due_on: date, meeting_id: int) -> Letter:
    """Somebody got something to do."""
    return _of_action(
        "action_given",
        say("Something to do by %(due)s, from %(title)s", due=due_on, title=title),
        say("A meeting, %(title)s, asked you to do something by %(due)s.", title=title, due=due_on),
    )


def action_due(title: str, due_on: date) -> Letter:
    """It is due tomorrow."""
    return _of_action(
        "action_due",
        say("Due tomorrow: an action of %(title)s", title=title),
        say("Something that the meeting %(title)s asked you to do is due on %(due)s.", title=title, due=due_on),
    )


def action_over(title: str, due_on: date) -> Letter:
    """Its day is over."""
    return _of_action(
        "action_over",
        say("Overdue: an action of %(title)s", title=title),
        say("Something that the meeting %(title)s asked you to do was due on %(due)s.", title=title, due=due_on),
    )


def _of_action(kind: str, subject: Words, said: Words) -> Letter:
    hint = say("Your list says what it is. Mark it as done there once it is.")
    return Letter(f"meeting.{kind}", subject, (said, hint), "/meetings/actions", say("Open my actions"), OWNER)


def _when(meeting: Meeting, to: Participant) -> str:
    assert meeting.begins_at is not None
    return told(meeting.begins_at, to.zone)


def _facts(meeting: Meeting, to: Participant) -> tuple[Words, ...]:
    assert meeting.begins_at is not None and meeting.ends_at is not None
    lines = [
        say("It begins on %(when)s and takes %(minutes)s minutes.", when=_when(meeting, to), minutes=meeting.minutes)
    ]
    if not same_clock(meeting.begins_at, meeting.zone, to.zone):
        lines.append(say("At the office that is %(when)s.", when=told(meeting.begins_at, meeting.zone)))
    if meeting.place:
        lines.append(say("Where: %(place)s", place=meeting.place))
    return tuple(lines)
