"""What the pages of batches say is so: sums agree, words are plain, and what was typed stays where it was typed."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.match.models import Affinity
from intake.review import answering
from intake.review.models import Assignment
from intake.views.choices import FILL_IN
from intake.vocabulary import DeclineReason, Objective
from tests.factories.office import FUTURE
from tests.factories.review import words
from tests.review.test_batches_refused import declines
from tests.review.test_batches_reverted import as_reviewer, decline, first_asked, found, line_up, of
from tests.views.test_batches import Pages


@pytest.fixture
def pages(app: Flask) -> Pages:
    """Four matched proposals and five reviewers."""
    return Pages(app, 4, 5)


def text_of(reply: Any) -> str:
    """What a reader reads of an answer."""
    return words(reply.get_data(as_text=True))


def number_in(pattern: str, page: str) -> float:
    """The number that stands there."""
    told = re.search(pattern, page)
    assert told is not None, page
    return float(told[1])


# --- sums -------------------------------------------------------------------------------------------------------------


def test_a_cost_is_the_difference_of_the_totals_that_are_shown(pages: Pages) -> None:
    number = pages.proposed(objective="total", stability="0")
    before = pages.pairs(number)
    told = 0
    for pair in [(p, r) for p in pages.world.proposals for r in pages.world.judges if (p, r) not in before]:
        page = pages.read(f"/{number}/adjust", act="force", proposal=pair[0], reviewer=pair[1])
        had, has = number_in(r"Total before ([\d.]+)", page), number_in(r"Total after ([\d.]+)", page)
        cost = round(had - has, 1)
        assert f"It costs {cost:.1f} points of the total" in page if cost > 0 else "It costs nothing" in page, page
        best = re.search(r"Best possible total ([\d.]+) → ([\d.]+)(?: \(([\d.]+) points less\))?", page)
        assert best is not None
        assert float(best[3] or 0) == round(float(best[1]) - float(best[2]), 1)
        come, go = number_in(r"(\d+) pairs? comes?", page), number_in(r"pairs? comes?, (\d+) go", page)
        assert (page.count("+ MATCH-1-"), page.count("− MATCH-1-")) == (come, go)
        told += 1
    assert told == 12


def test_the_best_mean_is_over_the_same_proposals_as_the_mean(pages: Pages) -> None:
    number = pages.proposed(objective="total", stability="0")
    sent = {"act": "need", "proposal": pages.world.proposals[0], "number": "0", "version": 1}
    assert pages.post(f"/{number}/adjust", **sent).status_code == 302
    assert pages.post(f"/{number}/wishes", objective="total", stability="0", version=2).status_code == 302
    page = pages.get(f"/{number}").get_data(as_text=True)
    row = words(page[page.index("The total divided by the number") :].split("</tr>")[0])
    this, best = (float(each) for each in re.findall(r"\d+\.\d", row))
    total = number_in(r"total ([\d.]+) points", words(page))
    assert this == best == pytest.approx(total / 3, abs=0.1)


def test_a_floor_is_told_with_one_decimal_and_kept_whole(pages: Pages) -> None:
    number = pages.proposed()
    sent = {"act": "floor", "number": "20.564", "version": 1}
    assert "at least 20.6 points" in pages.read(f"/{number}/adjust", **sent)
    assert pages.post(f"/{number}/adjust", **sent).status_code == 302
    assert "Every proposal at least 20.6 points" in pages.read(f"/{number}")
    form = pages.get(f"/{number}/wishes").get_data(as_text=True)
    assert 'value="20.6"' in form
    sent = {"objective": "total", "floor": "20.6", "stability": "0.2", "version": 2}
    assert pages.post(f"/{number}/wishes", **sent).status_code == 302
    kept = pages.ask(lambda: pages.wishes(number).floor)
    assert kept == pytest.approx(0.20564)
    assert pages.post(f"/{number}/wishes", **(sent | {"floor": "20.5", "version": 3})).status_code == 302
    assert pages.ask(lambda: pages.wishes(number).floor) == pytest.approx(0.205)


def test_points_are_explained(pages: Pages) -> None:
    number = pages.proposed()
    page = pages.read(f"/{number}/proposals/{pages.world.proposals[0]}")
    told = "points: 0 to 100 for each pair, as on the match board; a proposal's points are the sum of its reviewers'"
    assert told in page.replace("’", "'")
    assert "hundredths" not in page


# --- what stays where it was typed ------------------------------------------------------------------------------------


def test_a_chosen_list_stays_when_its_name_or_date_is_wrong(pages: Pages) -> None:
    for wrong in ({"name": ""}, {"due_at": "2001-01-01T10:00"}, {"due_at": "x"}):
        data = {"name": "List", "due_at": FUTURE} | wrong
        file = (io.BytesIO(b"number,reviewer\nX-1,nobody@example.org\n"), "list.csv")
        reply = pages.post("/upload", **data, file=file, **{"and": "check"})
        assert reply.status_code == 422
        assert "X-1,nobody@example.org" in reply.get_data(as_text=True), wrong


def test_all_that_is_wrong_is_told_at_once(pages: Pages) -> None:
    for path in ("/new", "/upload"):
        late = {"due_at": "2001-01-01T10:00", "ask_first": "y", "reply_by": "2001-01-01T09:00"}
        data = pages.form(name="", need="x", text="number,reviewer\n") | late
        page = text_of(pages.post(path, **data))
        assert page.count("Give a time that is still to come") >= 2, path
        assert str(FILL_IN) in page, path
    after = {"due_at": "2099-01-01T10:00", "ask_first": "y", "reply_by": "2099-01-02T09:00"}
    page = text_of(pages.post("/new", **(pages.form(name="") | after)))
    assert "and before the reviews are due" in page


def test_a_word_as_a_load_or_a_need_stays_beside_its_field(pages: Pages) -> None:
    number = pages.proposed()
    judge, proposal = pages.world.judges[2], pages.world.proposals[0]
    for asked in (
        {"act": "load", "reviewer": judge, "number": "abc"}, {"act": "need", "proposal": proposal, "number": "abc"},
    ):  # fmt: skip
        reply = pages.get(f"/{number}/adjust", **asked)
        page = reply.get_data(as_text=True)
        assert reply.status_code == 422
        field = re.search(r'<input class="form-control short"[^>]*value="abc"[^>]*>', page)
        assert field is not None, asked
        assert 'aria-invalid="true"' in field[0]
        described = re.search(r'aria-describedby="([^"]+)"', field[0])
        assert described is not None
        assert f'id="{described[1]}"' in page
        assert "Write a number." in page
    assert page.count('value="abc"') == 1


# --- words ------------------------------------------------------------------------------------------------------------


def test_a_batch_bears_the_day_of_the_office(pages: Pages) -> None:
    with clock.at(datetime(2099, 3, 11, 23, 30, tzinfo=UTC)):  # the 12th, 07:30 in Hong Kong
        assert 'value="Assignment of 12 Mar 2099"' in pages.get("/new").get_data(as_text=True)
        assert 'value="List of 12 Mar 2099"' in pages.get("/upload").get_data(as_text=True)


def test_the_letters_that_are_shown_have_no_link_that_leads_nowhere(pages: Pages) -> None:
    for sent in ({}, {"ask_first": "y", "reply_by": "2099-03-20T12:00"}):
        page = pages.read(f"/{pages.proposed(**sent)}/apply")
        assert "(the link of each)" in page
        assert "/reviews/0" not in page
        assert "/invited/" not in page


def test_pairs_for_which_nothing_speaks_say_so(pages: Pages) -> None:
    first = pages.world.proposals[0]
    nothing = sa.update(Affinity).where(Affinity.proposal_id == first).values(score=0.0)
    pages.ask(lambda: db.session.execute(nothing))
    page = pages.read(f"/{pages.proposed()}")
    assert page.count("0.0 points (nothing known speaks for this pair)") == page.count(" 0.0 points (") == 2


def test_plain_words_stand_where_the_engine_spoke(pages: Pages) -> None:
    number = pages.proposed()
    pair = sorted(pages.pairs(number))[0]
    sent = {"act": "lock", "proposal": pair[0], "reviewer": pair[1], "version": 1}
    assert pages.post(f"/{number}/adjust", **sent).status_code == 302
    page = pages.read(f"/{number}")
    assert "as in the version before" in page
    for phrase in ("as before", "Print of what", "The whole", "the whole"):
        assert phrase not in page, phrase
    assert "the best among the choices" in page
    assert "You see every pair before anybody is written to." in pages.read("/new")


def test_a_dash_for_a_cost_has_its_reason(pages: Pages) -> None:
    number = pages.proposed(objective=Objective.FAIR.value)
    for proposal in pages.world.proposals:
        page = pages.get(f"/{number}/proposals/{proposal}").get_data(as_text=True)
        rows = page[page.index('id="others"') :].split("<tr>")[2:]
        cells = [(words(row), re.search(r'data-label="Cost">(.*?)</td>', row, re.S)) for row in rows]
        assert len(cells) == 5
        for row, cell in cells:
            assert cell is not None
            told = words(cell[1]).strip()
            assert ("reviews it in this batch" in row) == (told == "– is in it")
            assert told.startswith("– ") or float(told) >= 0


# --- who said no ------------------------------------------------------------------------------------------------------


def test_why_not_tells_the_words_of_a_refusal_and_forcing_asks_for_a_reason(pages: Pages) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/apply", version=1, read="y").status_code == 302
    gone = sorted(pages.pairs(number))[0]
    pages.ask(lambda: declines(gone, DeclineReason.TOO_BUSY, "Examinations until January."))
    sent = pages.post(f"/{number}/again", name="Second", due_at=FUTURE)
    second = int(sent.location.rsplit("/", 1)[1])
    free = next(p for p in pages.world.proposals if (p, gone[1]) not in pages.pairs(number))
    page = pages.read(f"/{second}/proposals/{free}")
    assert "Declined a review in this call: choosing them needs a reason" in page
    assert re.search(r"Declined MATCH-1-0001 at .* too busy\. “Examinations until January\.”", page)
    asked = {"act": "force", "proposal": free, "reviewer": gone[1]}
    form = pages.read(f"/{second}/adjust", **asked)
    assert "“Examinations until January.”" in form
    assert "Why they are asked all the same" in form
    assert "Why they are asked all the same (optional)" not in form
    reply = pages.post(f"/{second}/adjust", version=1, **asked)
    assert (reply.status_code, "Say why they are asked all the same." in text_of(reply)) == (422, True)
    assert pages.post(f"/{second}/adjust", version=1, reason="They wrote.", **asked).status_code == 302


def test_a_batch_that_was_renewed_says_why_it_is_not_undone(pages: Pages) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/renew", version=1).status_code == 302
    page = pages.read(f"/{number}")
    assert "Undo the last change" not in page
    assert "It was solved again from newer data, so what stood before is not brought back." in page


def test_a_refusal_since_is_told_once_for_all_proposals(pages: Pages) -> None:
    one = pages.proposed(proposals=pages.world.proposals[:2])
    rest = pages.proposed(proposals=pages.world.proposals[2:])
    assert pages.post(f"/{one}/apply", version=1, read="y").status_code == 302
    pages.ask(lambda: declines(sorted(pages.pairs(one))[0], DeclineReason.AWAY))
    assert pages.read(f"/{rest}/apply").count("declined a review in this call as too busy or away.") == 1


# --- reverting --------------------------------------------------------------------------------------------------------


def test_the_revert_page_names_alternates_and_what_nobody_reviews(app: Flask) -> None:
    pages = Pages(app, 3, 8)
    world = pages.world
    pages.ask(lambda: setattr(world.call, "reviewer_load", 9))

    def happens() -> int:
        batch = first_asked(world)
        line_up(world, batch, world.proposals[0])
        decline(world, of(batch, world.proposals[0]))
        decline(world, of(batch, world.proposals[1]))
        who = db.session.scalars(
            sa.select(Assignment.reviewer_id)
            .where(Assignment.proposal_id == world.proposals[0], Assignment.removed_at.is_(None))
            .order_by(Assignment.id)
        ).first()
        assert who is not None
        answering.accept(found(world.proposals[0]), by=as_reviewer(world, who))  # type: ignore[arg-type]
        return batch.id

    number = pages.ask(happens)
    page = pages.read(f"/{number}/revert")
    assert "3 assignments end, 1 stays, 2 proposals go back to matched." in page
    assert "Asked as an alternate, and accepted" in page
    assert "(asked as an alternate; the proposal stays in review)" in page
    assert "Everybody asked for these said no" in page
    assert pages.post(f"/{number}/revert", reason="The wrong list.").status_code == 302
    assert "1 stays" in pages.read(f"/{number}")


def test_only_the_form_that_is_checked_is_shown_again(app: Flask) -> None:
    """What the address says beside it is nobody's word."""
    pages = Pages(app, 3, 4)
    number = pages.proposed()
    sent = {"act": "load", "reviewer": pages.world.judges[0], "number": "many", "version": 1}
    for query in ("?reviewer=x", "?act=need"):
        reply = pages.browser(pages.who).post(f"{pages.home}/{number}/adjust{query}", data=sent)
        assert reply.status_code == 422, query
        assert "many" in reply.text
