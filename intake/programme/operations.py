"""What may happen to the office's settings and to programmes."""

from __future__ import annotations

from hashlib import sha256
from zoneinfo import available_timezones

from intake.audit.operations import record
from intake.errors import Incomplete, Refused, Stale
from intake.extensions import db
from intake.policy import Actor, may
from intake.programme.models import Office, Programme
from intake.vocabulary import Action, Limit, say


def _demand(by: Actor) -> None:
    ruling = may(by, Action.AREA_ADMINISTRATION)
    if not ruling:
        raise Refused(ruling.reason or say("This is not allowed."))


def edition(programme: Programme) -> str:
    """A mark of what a programme's page says now; it is another once somebody changed it."""
    return sha256(f"{programme.purpose}\0{programme.enquiry}".encode()).hexdigest()[:16]


def change_programme(programme: Programme, seen: str, *, purpose: str, enquiry: str, by: Actor) -> None:
    """Change a programme's purpose, and whom to ask. ``seen`` is the ``edition`` that the form was made from.

    Demands: area.administration. Records: the text, an event. Raises: Refused; Stale.
    """
    _demand(by)
    db.session.refresh(programme, ["purpose", "enquiry"], with_for_update={"of": Programme})
    if edition(programme) != seen:
        raise Stale
    if (programme.purpose, programme.enquiry) == (purpose, enquiry):
        return
    changes = {"enquiry": [programme.enquiry, enquiry]} if programme.enquiry != enquiry else {}
    if programme.purpose != purpose:
        changes["purpose"] = [programme.purpose[: Limit.NAME], purpose[: Limit.NAME]]
    programme.purpose, programme.enquiry = purpose, enquiry
    db.session.flush()
    record("programme.changed", "programme", programme.id, by=by, changes=changes)


def change_office(
    office: Office, version: int, *, name: str, short: str, institution: str, time_zone: str, by: Actor
) -> None:
    """Change the office's settings. ``version`` is the one that the form was made from.

    Demands: area.administration. Records: the settings, an event with from and to. Raises: Refused; Stale; Incomplete
    at ``time_zone`` for one that is not of the IANA list.
    """
    _demand(by)
    if office.version != version:
        raise Stale
    if time_zone not in available_timezones():
        raise Incomplete(say("Nothing was saved."), {"time_zone": say("Write a zone such as Asia/Hong_Kong.")})
    new = {"name": name, "short": short, "institution": institution, "time_zone": time_zone}
    changes = {key: [getattr(office, key), value] for key, value in new.items() if getattr(office, key) != value}
    for key in changes:
        setattr(office, key, new[key])
    if changes:
        db.session.flush()
        record("office.changed", "office", office.id, by=by, changes=changes)
