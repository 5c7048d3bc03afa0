"""What may go wrong, in the words of the job. No HTTP in here: ``views/errors.py`` gives each its status."""

from __future__ import annotations

from collections.abc import Mapping

from intake.vocabulary import Words, say


class IntakeError(Exception):
    """The root of all that the rooms raise on purpose; ``reason`` is fit to show a person."""

    def __init__(self, reason: Words) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Refused(IntakeError):
    """The policy says no. ``hidden`` means that the actor must not learn that the subject exists."""

    def __init__(self, reason: Words, hidden: bool = False) -> None:
        super().__init__(reason)
        self.hidden = hidden


class IllegalMove(IntakeError):
    """The workflow's table knows no such move from this state."""


class Incomplete(IntakeError):
    """Something that the act needs is missing or out of bounds. ``fields`` maps a field's name to its message."""

    def __init__(self, reason: Words, fields: Mapping[str, Words] | None = None) -> None:
        super().__init__(reason)
        self.fields = dict(fields or {})


class BadUpload(Incomplete):
    """A file that we do not take, with the reason in plain words."""


class Conflicted(IntakeError):
    """A conflict stands between a person (``person_id``, where known) and the proposal."""

    def __init__(self, reason: Words, person_id: int | None = None) -> None:
        super().__init__(reason)
        self.person_id = person_id


class Stale(IntakeError):
    """The record changed since the form was shown; nothing was saved."""

    def __init__(self) -> None:
        super().__init__(say("Somebody changed this while you were writing. Nothing of yours was saved yet."))


class BadCatalogue(IntakeError):
    """The catalogue file is unusable; ``reason`` names the place in it."""
