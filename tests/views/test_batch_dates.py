"""The dates of a proposed batch are changed before it is applied, and only what was read is applied."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.errors import Incomplete, Stale
from intake.extensions import db
from intake.review import planning, wished
from intake.review.models import Assignment, Batch
from intake.vocabulary import BatchState
from tests.factories.office import FUTURE
from tests.factories.review import words
from tests.review.test_batches import Trial, proposed, trial
from tests.review.test_batches_applied import standing
from tests.views.test_batches import Pages

DUE, REPLY = "2099-05-20T12:00", "2099-05-02T09:30"
DUE_AT, REPLY_BY = datetime(2099, 5, 20, 4, 0, tzinfo=UTC), datetime(2099, 5, 2, 1, 30, tzinfo=UTC)
"""The same on the office's clock, in Hong Kong."""


@pytest.fixture
def pages(app: Flask) -> Pages:
    """Four matched proposals and four reviewers."""
    return Pages(app, 4, 4)


@pytest.fixture
def world(room: Flask) -> Trial:
    """Four matched proposals and four reviewers, without pages."""
    return trial(4, 4)


def dates(pages: Pages, number: int) -> tuple[datetime, datetime | None]:
    """When reviews of a batch are due, and until when reviewers answer."""
    wishes = pages.ask(lambda: wished.now(db.session.get_one(Batch, number)))
    return wishes.due_at, wishes.reply_by


def sent(version: int = 1, **changed: Any) -> dict[str, Any]:
    """The form of the dates."""
    return {"version": version, "due_at": DUE, "ask_first": "y", "reply_by": REPLY} | changed


def test_the_dates_are_read_and_changed_on_the_batchs_page_and_go_into_what_is_asked(pages: Pages) -> None:
    number = pages.proposed()
    before = pages.pairs(number)
    page = pages.read(f"/{number}")
    assert "Reviews are due at 31 Mar 2099, 17:00 HKT" in page
    assert f'href="{pages.home}/{number}/dates"' in pages.get(f"/{number}").get_data(as_text=True)
    assert f'value="{FUTURE}"' in pages.get(f"/{number}/dates").get_data(as_text=True)
    assert pages.post(f"/{number}/dates", **sent()).status_code == 302
    assert dates(pages, number) == (DUE_AT, REPLY_BY)
    page = pages.read(f"/{number}")
    assert "Reviews are due at 20 May 2099, 12:00 HKT" in page
    assert "They answer by 2 May 2099, 09:30 HKT" in page
    assert "Other dates" in page
    assert pages.pairs(number) == before
    assert "the same, to the last pair" in pages.read(f"/{number}", check=1)
    preview = pages.read(f"/{number}/apply")
    assert "They answer by 2 May 2099, 09:30 HKT. Reviews are due 20 May 2099, 12:00 HKT." in preview
    assert "Change the dates" in preview
    assert pages.post(f"/{number}/apply", version=2, read="y").status_code == 302
    assert pages.ask(standing) == before
    asked = sa.select(Assignment.due_at, Assignment.reply_by).distinct()
    assert pages.ask(lambda: db.session.execute(asked).all()) == [(DUE_AT, REPLY_BY)]


STILL = "Give a time that is still to come"
EARLIER = f"{STILL}, and before the reviews are due."
WRONG = [
    ({"due_at": "2001-01-01T10:00", "reply_by": "", "ask_first": ""}, "due_at", f"{STILL}."),
    ({"reply_by": "2001-01-01T10:00"}, "reply_by", EARLIER),
    ({"reply_by": "2099-06-01T10:00"}, "reply_by", EARLIER),
    ({"reply_by": DUE}, "reply_by", EARLIER),
    ({"reply_by": ""}, "reply_by", "Say until when they answer."),
    ({"due_at": ""}, "due_at", ""),
    ({"due_at": "soon"}, "due_at", ""),
]


@pytest.mark.parametrize(("typed", "field", "said"), WRONG)
def test_a_date_that_will_not_do_is_told_beside_its_field(
    pages: Pages, typed: dict[str, str], field: str, said: str
) -> None:
    number = pages.proposed()
    answer = pages.post(f"/{number}/dates", **sent(**typed))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    beside = re.search(rf'<p class="wrong" id="{field}-error">(.*?)</p>', page, re.DOTALL)
    assert beside is not None
    assert said in words(beside[1])
    assert f'value="{typed.get("due_at", DUE)}"' in page, "what was typed stays"
    assert dates(pages, number) == (datetime(2099, 3, 31, 9, 0, tzinfo=UTC), None)


def test_who_agreed_already_has_no_date_to_answer_by(pages: Pages) -> None:
    number = pages.proposed(ask_first="y", reply_by="2099-03-20T12:00")
    assert pages.post(f"/{number}/dates", **sent(ask_first="")).status_code == 302
    assert dates(pages, number) == (DUE_AT, None)
    assert "They have agreed already" in pages.read(f"/{number}")


def test_other_dates_are_undone(pages: Pages) -> None:
    number = pages.proposed()
    before = pages.pairs(number)
    assert pages.post(f"/{number}/dates", **sent()).status_code == 302
    assert pages.post(f"/{number}/undo", version=2).status_code == 302
    assert dates(pages, number) == (datetime(2099, 3, 31, 9, 0, tzinfo=UTC), None)
    assert pages.pairs(number) == before


def test_two_at_once_do_not_overwrite_each_other(pages: Pages) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/dates", **sent()).status_code == 302
    late = pages.post(f"/{number}/dates", **sent(due_at="2099-09-09T09:00", reply_by=REPLY))
    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert dates(pages, number) == (DUE_AT, REPLY_BY)
    assert 'value="2099-09-09T09:00"' in page
    assert "What stands there now Reviews are due at 20 May 2099, 12:00 HKT" in words(page)
    assert 'name="version" value="2"' in page
    assert pages.post(f"/{number}/dates", **sent(2, due_at="2099-09-09T09:00")).status_code == 302
    assert dates(pages, number)[0] == datetime(2099, 9, 9, 1, 0, tzinfo=UTC)


def test_what_was_not_read_is_not_applied(pages: Pages) -> None:
    number = pages.proposed()
    assert 'name="version" value="1"' in pages.get(f"/{number}/apply").get_data(as_text=True)
    assert pages.post(f"/{number}/dates", **sent()).status_code == 302
    late = pages.post(f"/{number}/apply", version=1, read="y")
    page = late.get_data(as_text=True)
    assert late.status_code == 422
    assert "Somebody changed this batch since you opened the page." in page
    assert 'name="version" value="2"' in page
    assert not re.search(r'<input[^>]*name="read"[^>]*checked|<input[^>]*checked[^>]*name="read"', page)
    assert pages.ask(standing) == set()
    assert pages.post(f"/{number}/apply", version=2, read="y").status_code == 302


def test_a_batch_that_waited_too_long_says_so_and_goes_on_with_other_dates(pages: Pages) -> None:
    number = pages.proposed(ask_first="y", reply_by="2099-03-20T12:00")
    with clock.at(datetime(2099, 3, 21, tzinfo=UTC)):
        pages._clients.clear()  # years later, everybody signs in anew
        assert "A date has passed meanwhile." in pages.read(f"/{number}")
        refused = pages.post(f"/{number}/apply", version=1, read="y")
        assert (refused.status_code, pages.ask(standing)) == (422, set())
        assert pages.post(f"/{number}/dates", **sent()).status_code == 302
        assert "A date has passed meanwhile." not in pages.read(f"/{number}")
        assert pages.post(f"/{number}/apply", version=2, read="y").status_code == 302
    assert len(pages.ask(standing)) == 8


def test_an_applied_batch_keeps_its_dates(pages: Pages) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/apply", version=1, read="y").status_code == 302
    assert "Change the dates" not in pages.read(f"/{number}")
    answer = pages.post(f"/{number}/dates", **sent())
    assert answer.status_code == 422
    assert "This batch was applied or discarded, so it stays as it is." in words(answer.get_data(as_text=True))
    assert dates(pages, number) == (datetime(2099, 3, 31, 9, 0, tzinfo=UTC), None)


def test_others_and_a_sealed_call_are_refused(pages: Pages) -> None:
    number = pages.proposed()
    outsider = "judge.match-1.0001@example.org"
    assert pages.get(f"/{number}/dates", outsider).status_code == 404
    assert pages.post(f"/{number}/dates", outsider, **sent()).status_code == 404
    pages.ask(lambda: setattr(pages.world.call, "sealed_until", clock.now() + timedelta(days=3)))
    assert pages.get(f"/{number}/dates").status_code == 403
    assert pages.post(f"/{number}/dates", **sent()).status_code == 403
    assert dates(pages, number)[0] == datetime(2099, 3, 31, 9, 0, tzinfo=UTC)


def test_the_room_solves_nothing_and_refuses_by_itself(world: Trial) -> None:
    batch, by = proposed(world), world.coordinator
    solved, version = batch.solved_at, batch.wishes["version"]
    assert not planning.set_dates(batch, world.call, *_as_they_are(batch), seen=version, by=by)
    assert batch.wishes["version"] == version
    assert planning.set_dates(batch, world.call, DUE_AT, REPLY_BY, seen=version, by=by)
    assert (batch.solved_at, batch.state) == (solved, BatchState.PROPOSED)
    with pytest.raises(Stale):
        planning.set_dates(batch, world.call, DUE_AT, None, seen=version, by=by)
    with pytest.raises(Incomplete) as wrong:
        planning.set_dates(batch, world.call, DUE_AT, DUE_AT, seen=version + 1, by=by)
    assert set(wrong.value.fields) == {"reply_by"}
    planning.discard(batch, world.call, by=by)
    with pytest.raises(Incomplete):
        planning.set_dates(batch, world.call, DUE_AT, None, seen=version + 1, by=by)


def _as_they_are(batch: Batch) -> tuple[datetime, datetime | None]:
    wishes = wished.now(batch)
    return wishes.due_at, wishes.reply_by
