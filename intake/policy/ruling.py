"""What the policy answers: a yes, a no with its reason, or that there is nothing to be seen."""

from __future__ import annotations

from dataclasses import dataclass

from intake.vocabulary import Words, say


@dataclass(frozen=True, slots=True)
class Ruling:
    """The policy's answer. ``hidden`` means that the actor must not even learn that the subject exists."""

    allowed: bool
    reason: Words | None = None
    hidden: bool = False

    def __bool__(self) -> bool:
        return self.allowed


YES = Ruling(True)
UNSEEN = Ruling(False, say("There is nothing here, or it is not yours to see."), hidden=True)


def no(reason: Words) -> Ruling:
    """A refusal that the actor may read."""
    return Ruling(False, reason)
