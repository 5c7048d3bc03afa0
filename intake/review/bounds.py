"""What wishes may be: out of bounds they are refused with a word at their field."""

from __future__ import annotations

from datetime import datetime

from intake import clock
from intake.errors import Conflicted, Incomplete
from intake.review import engine
from intake.review.barring import AWAY, BLOCK, NEED_A_REASON
from intake.review.gathering import Facts
from intake.review.wishes import MOST_STABILITY, Wishes
from intake.vocabulary import Limit, Words, say

MOST_REVIEWS = 20


def wrong_dates(due_at: datetime | None, reply_by: datetime | None) -> dict[str, Words]:
    """What is wrong with when reviews are due and until when reviewers answer, by the name of the field; None for one
    that is not known."""
    wrong: dict[str, Words] = {}
    if due_at is not None and due_at <= clock.now():
        wrong["due_at"] = say("Give a time that is still to come.")
    if reply_by is not None and (reply_by <= clock.now() or (due_at is not None and reply_by >= due_at)):
        wrong["reply_by"] = say("Give a time that is still to come, and before the reviews are due.")
    return wrong


def in_bounds(wishes: Wishes) -> None:
    """Raises Incomplete for a date that has passed or is out of order, and for a number out of bounds."""
    wrong = wrong_dates(wishes.due_at, wishes.reply_by)
    if not 0 <= wishes.stability <= MOST_STABILITY:
        wrong["stability"] = say("From 0 to %(most)s percent.", most=MOST_STABILITY)
    if not 1 <= wishes.need <= MOST_REVIEWS:
        wrong["need"] = say("From 1 to %(most)s.", most=MOST_REVIEWS)
    if wrong:
        raise Incomplete(say("The wishes are not complete."), wrong)


def somebody_is_left(proposals: int, people: int) -> None:
    """Raises Incomplete where no proposal, or no reviewer, is left to assign."""
    if not proposals:
        none = say("Choose at least one proposal that is matched, or in review and short of reviewers.")
        raise Incomplete(none, {"proposals": none})
    if not people:
        raise Incomplete(say("Choose at least one reviewer."), {"reviewers": say("Choose at least one reviewer.")})


def possible(facts: Facts, before: Wishes, wishes: Wishes) -> None:
    """Raises Conflicted for a pair that is blocked and was not forced ``before``, Incomplete for one that needs a
    reason and has none, and for numbers out of bounds."""
    for pair, reason in wishes.forced.items():
        if before.forced.get(pair) == reason:
            continue
        mark = engine.mark_of(facts, pair)
        if mark == BLOCK:
            raise Conflicted(say("A conflict that nobody overrides stands between them."), pair[1])
        if mark in NEED_A_REASON and not reason.strip():
            told = say("They declined a review in this call.") if mark == AWAY else say("A conflict warns.")
            raise Incomplete(told, {"reason": say("Say why they are asked all the same.")})
    if not all(0 <= each <= Limit.LOAD for each in wishes.loads.values()):
        raise Incomplete(say("From 0 to %(most)s.", most=Limit.LOAD), {"number": say("That is out of bounds.")})
    if not all(0 <= each <= MOST_REVIEWS for each in wishes.needs.values()):
        raise Incomplete(say("From 0 to %(most)s.", most=MOST_REVIEWS), {"number": say("That is out of bounds.")})
