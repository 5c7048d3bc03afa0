"""The pages of batches: the walk from the proposal of an assignment to its revert, and who is shown what."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.demo.crowd import COORDINATOR
from intake.extensions import db
from intake.people.models import Person
from intake.people.queries import with_email
from intake.proposal.models import Proposal
from intake.review import engine, solving, wished
from intake.review.models import Assignment, Batch
from intake.review.wishes import Pair, Wishes
from intake.vocabulary import BatchState
from tests.conftest import signed_in
from tests.factories.counting import statements
from tests.factories.matched import Trial, trial
from tests.factories.office import FUTURE
from tests.factories.review import words
from tests.review.test_batches import on_the_team
from tests.review.test_batches_applied import in_conflict, says_no, standing, submitted


class Pages:
    """The trial behind an app, and the browser of its coordinator or of somebody else."""

    def __init__(self, app: Flask, proposals: int = 8, reviewers: int = 5) -> None:
        self.app, self.who = app, COORDINATOR
        with app.app_context():
            self.world: Trial = trial(proposals, reviewers)
        self.home = f"/desk/calls/{self.world.code}/batches"
        self._clients: dict[str, FlaskClient] = {}

    def browser(self, who: str) -> FlaskClient:
        """The browser of the person with that address."""
        if who not in self._clients:
            with self.app.app_context():
                person = with_email(who)
                assert person is not None
                number = person.id
            self._clients[who] = signed_in(self.app, number)
        return self._clients[who]

    def get(self, path: str, who: str = "", **query: Any) -> Any:
        """Open a page of the call's batches."""
        return self.browser(who or self.who).get(self.home + path, query_string=query)

    def post(self, path: str, who: str = "", **data: Any) -> Any:
        """Send a form."""
        return self.browser(who or self.who).post(self.home + path, data=data)

    def ask(self, question: Callable[[], Any]) -> Any:
        """What ``question`` finds in a context of its own; kept."""
        with self.app.app_context():
            found = question()
            db.session.commit()
            return found

    def form(self, **changed: Any) -> dict[str, Any]:
        """The form of a new batch as the page begins it."""
        everything = {"proposals": self.world.proposals, "reviewers": self.world.judges}
        usual = {"name": "First", "objective": "fair", "need": "2", "stability": "0.2", "due_at": FUTURE}
        return everything | usual | changed

    def proposed(self, **changed: Any) -> int:
        """Propose a batch; its id."""
        sent = self.post("/new", **self.form(**changed))
        assert sent.status_code == 302, words(sent.get_data(as_text=True))
        return int(sent.location.rsplit("/", 1)[1])

    def pairs(self, number: int) -> set[Pair]:
        """The pairs of a batch."""
        found: set[Pair] = self.ask(
            lambda: {each.pair for each in solving.kept_answer(db.session.get_one(Batch, number)).pairs}
        )
        return found

    def wishes(self, number: int) -> Wishes:
        """What is wished of a batch; in an application context."""
        return wished.now(db.session.get_one(Batch, number))

    def read(self, path: str, who: str = "", **query: Any) -> str:
        """What a reader of the page reads."""
        return words(self.get(path, who, **query).get_data(as_text=True))


@pytest.fixture
def pages(app: Flask) -> Pages:
    """Eight matched proposals and five reviewers."""
    return Pages(app)


def test_the_walk_from_the_proposal_to_the_revert(pages: Pages) -> None:
    assert "8 proposals wait for reviewers." in pages.read("")
    assert pages.get("/new").status_code == 200
    number = pages.proposed(ask_first="y", reply_by="2099-03-20T12:00")
    page = pages.read(f"/{number}")
    assert "8 proposals, 16 of 16 reviews" in page
    before = pages.pairs(number)
    pair = next((p, r) for p in pages.world.proposals for r in pages.world.judges if (p, r) not in before)
    shown = pages.get(f"/{number}/proposals/{pair[0]}").get_data(as_text=True)
    assert f"act=force&amp;proposal={pair[0]}&amp;reviewer={pair[1]}" in shown
    asked = {"act": "force", "proposal": pair[0], "reviewer": pair[1]}
    cost = pages.read(f"/{number}/adjust", **asked)
    assert re.search(r"It (costs [\d.]+ points|costs nothing)", cost)
    assert pages.pairs(number) == before
    assert pages.post(f"/{number}/adjust", version=1, **asked).status_code == 302
    assert pair in pages.pairs(number)
    assert pages.post(f"/{number}/adjust", version=1, **asked).status_code == 422
    gone = sorted(before & pages.pairs(number))[0]
    asked = {"act": "forbid", "proposal": gone[0], "reviewer": gone[1]}
    assert pages.post(f"/{number}/adjust", version=2, **asked).status_code == 302
    assert gone not in pages.pairs(number)
    page = pages.get(f"/{number}").get_data(as_text=True)
    assert "Forbidden: " in page
    assert "Forced: " in page
    assert pages.post(f"/{number}/undo", version=3).status_code == 302
    assert gone in pages.pairs(number)

    preview = pages.read(f"/{number}/apply")
    assert "8 proposals are forwarded" in preview
    assert "16 letters go to reviewers." in preview
    assert pages.post(f"/{number}/apply", version=4).status_code == 422
    assert pages.ask(standing) == set()
    assert pages.post(f"/{number}/apply", version=4, read="y").status_code == 302
    assert pages.ask(standing) == pages.pairs(number)
    assert "asked" in pages.read(f"/{number}")

    left = sorted(pages.pairs(number))[0]
    pages.ask(lambda: says_no(left))
    sent = pages.post(f"/{number}/again", name="Second", due_at=FUTURE)
    assert sent.status_code == 302
    second = int(sent.location.rsplit("/", 1)[1])
    came, went = pages.pairs(second) - pages.pairs(number), pages.pairs(number) - pages.pairs(second)
    assert (went, len(came)) == ({left}, 1)

    assert "15 assignments end, 0 stay, 8 proposals go back to matched." in pages.read(f"/{number}/revert")
    assert pages.post(f"/{number}/revert", reason="").status_code == 422
    assert pages.post(f"/{number}/revert", reason="The wrong list.").status_code == 302
    assert pages.ask(standing) == set()
    assert pages.ask(lambda: db.session.get_one(Batch, number).state) is BatchState.REVERTED


def test_what_was_typed_wrongly_stays_on_the_page(pages: Pages) -> None:
    for wrong in (
        {"due_at": ""}, {"need": "x"}, {"stability": "9"}, {"ask_first": "y"}, {"proposals": ["999999"]},
        {"floor": "1e3000"}, {"due_at": "2001-01-01T10:00"}, {"ask_first": "y", "reply_by": "2099-12-31T10:00"},
    ):  # fmt: skip
        sent = pages.post("/new", **pages.form(name="My own words", **wrong))
        assert sent.status_code == 422, wrong
        assert "My own words" in sent.get_data(as_text=True)
    assert pages.ask(lambda: db.session.scalar(sa.select(sa.func.count(Batch.id)))) == 0


def test_data_that_changed_stop_the_applying_and_are_shown(pages: Pages) -> None:
    number = pages.proposed()
    pages.ask(lambda: setattr(pages.world.call, "reviewer_load", 5))
    page = pages.read(f"/{number}/apply")
    assert "may have 5 reviews in this call (before: " in page
    sent = pages.post(f"/{number}/apply", version=1, read="y")
    assert sent.status_code == 409
    assert "may have 5 reviews in this call" in words(sent.get_data(as_text=True))
    assert pages.ask(standing) == set()
    assert pages.post(f"/{number}/renew", version=1).status_code == 302
    assert pages.post(f"/{number}/apply", version=2, read="y").status_code == 302
    assert len(pages.ask(standing)) == 16


def test_a_short_batch_says_so_and_repairs_its_wishes(pages: Pages) -> None:
    pages.ask(lambda: setattr(pages.world.call, "reviewer_load", 3))
    number = pages.proposed()
    page = pages.read(f"/{number}")
    assert "8 proposals, 15 of 16 reviews" in page
    assert "1 review has nobody." in page
    assert "The smallest repair raises these largest loads:" in page
    assert "15 / 16 → 16 / 16" in pages.read(f"/{number}/adjust", act="repair")
    assert pages.post(f"/{number}/adjust", act="repair", version=1).status_code == 302
    assert "8 proposals, 16 of 16 reviews" in pages.read(f"/{number}")
    assert pages.ask(lambda: pages.world.call.reviewer_load) == 3


def test_what_binds_many_short_proposals_is_said_once(pages: Pages) -> None:
    pages.ask(lambda: setattr(pages.world.call, "reviewer_load", 2))
    page = pages.read(f"/{pages.proposed()}")
    assert "8 proposals, 10 of 16 reviews" in page
    assert page.count("could reach is full:") == 1


def test_every_kind_of_change_shows_its_cost_and_is_kept(pages: Pages) -> None:
    number = pages.proposed()
    one = sorted(pages.pairs(number))[0]
    other = next(
        each for each in sorted(pages.pairs(number)) if not {(one[0], each[1]), (each[0], one[1])} & pages.pairs(number)
    )
    pair = {"proposal": one[0], "reviewer": one[1]}
    version = 1
    for asked in (
        {"act": "lock", **pair}, {"act": "lead", **pair}, {"act": "release", **pair},
        {"act": "load", "reviewer": one[1], "number": "5"}, {"act": "need", "proposal": one[0], "number": "3"},
        {"act": "swap", **pair, "other": f"{other[0]}-{other[1]}"}, {"act": "floor", "number": "10.5"},
    ):  # fmt: skip
        assert pages.get(f"/{number}/adjust", **asked).status_code == 200, asked
        assert pages.post(f"/{number}/adjust", version=version, **asked).status_code == 302, asked
        version += 1
    assert pages.get(f"/{number}/wishes").status_code == 200
    sent = {"objective": "total", "floor": "", "stability": "0", "threshold": "40", "version": version}
    assert pages.post(f"/{number}/wishes", **sent).status_code == 302
    assert pages.get(f"/{number}/reviewers").status_code == 200


def test_a_change_that_is_none_leads_back(pages: Pages) -> None:
    number = pages.proposed()
    for asked in (
        {}, {"act": "explode"}, {"act": "force", "proposal": "1"}, {"act": "force", "proposal": "x", "reviewer": "y"},
        {"act": "load", "reviewer": "x", "number": "-1"}, {"act": "floor", "number": "1.2.3"},
    ):  # fmt: skip
        assert pages.get(f"/{number}/adjust", **asked).status_code == 302, asked


def test_a_replay_is_the_same_and_a_discarded_batch_changes_nothing(pages: Pages) -> None:
    number = pages.proposed()
    assert "the same, to the last pair" in pages.read(f"/{number}", check=1)
    assert pages.post(f"/{number}/discard", version=1).status_code == 302
    assert pages.post(f"/{number}/apply", version=1, read="y").status_code == 422
    assert "This batch was applied or discarded already." in pages.read(f"/{number}/apply")


def test_a_list_is_reported_on_then_kept_and_what_is_downloaded_is_such_a_list(pages: Pages) -> None:
    number = pages.proposed()
    file = pages.get(f"/{number}/file.csv").get_data()
    rows = list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))
    assert len(rows) == 16
    form = {"name": "List", "due_at": FUTURE}
    text = file.decode("utf-8-sig") + "\r\nX-1,nobody@example.org\r\n"
    sent = pages.post("/upload", **form, file=(io.BytesIO(text.encode()), "list.csv"), **{"and": "check"})
    report = words(sent.get_data(as_text=True))
    assert "16 rows can be taken, 1 cannot." in report
    assert "There is no proposal with this number in this call." in report
    kept = pages.post("/upload", **form, text=text, **{"and": "keep"})
    assert kept.status_code == 302
    assert pages.pairs(int(kept.location.rsplit("/", 1)[1])) == pages.pairs(number)


def test_a_bad_list_is_refused_in_words(pages: Pages) -> None:
    form = {"name": "List", "due_at": FUTURE}
    for data, told in (
        (b"\xff\xfe\x00", "The file is not in UTF-8."),
        (b"a,b\n", "The first line must name the columns"),
        (b"number,reviewer\n" + b"x" * 500_000, "The list is larger than 400 KB."),
        (b"", "Choose a file, or paste the list."),
    ):
        sent = pages.post("/upload", **form, file=(io.BytesIO(data), "list.csv" if data else ""))
        assert sent.status_code == 422
        assert told in words(sent.get_data(as_text=True))


def test_cells_that_a_spreadsheet_would_run_are_defused(pages: Pages) -> None:
    number = pages.proposed()
    pages.ask(lambda: setattr(db.session.get_one(Proposal, pages.world.proposals[0]), "title", "=1+1"))
    assert "'=1+1" in pages.get(f"/{number}/file.csv").get_data(as_text=True)


def test_nobody_but_the_calls_coordinators_gets_in(pages: Pages) -> None:
    number = pages.proposed()
    judge = "judge.match-1.0001@example.org"
    for path in ("", "/new", "/upload", *(f"/{number}{more}" for more in ("", "/apply", "/revert", "/file.csv"))):
        assert pages.get(path, judge).status_code == 404, path
        assert pages.app.test_client().get(pages.home + path).status_code == 302
    for path in ("/new", "/upload", *(f"/{number}/{act}" for act in ("apply", "adjust", "undo", "renew", "discard"))):
        assert pages.post(path, judge, read="y", act="repair").status_code == 404, path
    assert pages.get("/999999").status_code == 404
    assert pages.get(f"/{number}/proposals/999999").status_code == 404


def test_a_conflicted_coordinator_reads_nothing_of_what_is_withheld(pages: Pages) -> None:
    pages.ask(lambda: setattr(db.session.get_one(Proposal, pages.world.proposals[0]), "title", "Seen by no second eye"))
    number = pages.proposed()
    second = pages.ask(lambda: in_conflict(pages.world))
    asked = sa.select(Proposal.id, Proposal.number, Proposal.title).where(Proposal.id == pages.world.proposals[0])
    hidden = pages.ask(lambda: db.session.execute(asked).one())
    assert "7 proposals wait for reviewers." in pages.read("", second)
    for path in ("", "/new", f"/{number}", f"/{number}/reviewers", f"/{number}/file.csv"):
        page = pages.get(path, second).get_data(as_text=True)
        assert hidden.number not in page, path
        assert hidden.title not in page, path
    page = pages.read(f"/{number}", second)
    assert "7 proposals, 14 of 14 reviews" in page
    assert "Somebody else handles a part of this batch" in page
    assert "Total or fair" not in page
    assert "Loads within this batch" not in page
    assert pages.get(f"/{number}/proposals/{hidden.id}", second).status_code == 404
    for path in ("apply", "adjust", "wishes", "again"):
        assert pages.get(f"/{number}/{path}", second, act="repair").status_code == 403, path
    for path in ("apply", "adjust", "undo", "renew", "discard", "wishes"):
        data = {"act": "repair", "read": "y", "version": 1, "objective": "fair", "stability": "0"}
        sent = pages.post(f"/{number}/{path}", second, **data)
        assert sent.status_code == 403, path
    assert pages.ask(standing) == set()


def test_a_conflicted_coordinator_reverts_nothing_of_what_is_withheld(pages: Pages) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/apply", version=1, read="y").status_code == 302
    second = pages.ask(lambda: in_conflict(pages.world))
    page = pages.read(f"/{number}/revert", second)
    assert "14 assignments end, 0 stay, 7 proposals go back to matched." in page
    assert "Somebody else handles a part of this batch, so they revert it." in page
    assert "MATCH-1-0001" not in page
    assert "Revert it" not in page
    assert "Revert this batch" not in pages.read(f"/{number}", second)
    assert pages.post(f"/{number}/revert", second, reason="Mine.").status_code == 403
    assert len(pages.ask(standing)) == 16


@pytest.mark.parametrize("happens", [says_no, submitted])
def test_reverting_tells_a_conflicted_coordinator_nothing_of_the_reviews_that_are_withheld(
    pages: Pages, happens: Callable[[Pair], None]
) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/apply", version=1, read="y").status_code == 302
    second = pages.ask(lambda: in_conflict(pages.world))
    paths = (f"/{number}", f"/{number}/revert")
    before = [pages.read(path, second) for path in paths]
    for pair in sorted(pages.ask(standing)):
        if pair[0] == pages.world.proposals[0]:
            pages.ask(lambda pair=pair: happens(pair))  # type: ignore[misc]
    assert [pages.read(path, second) for path in paths] == before
    assert pages.post(f"/{number}/revert", second, reason="Mine.").status_code == 403


def test_why_a_batch_was_reverted_is_read_by_those_who_see_all_of_it(pages: Pages) -> None:
    number = pages.proposed()
    assert pages.post(f"/{number}/apply", version=1, read="y").status_code == 302
    assert pages.post(f"/{number}/revert", reason="MATCH-1-0001 was a mistake.").status_code == 302
    second = pages.ask(lambda: in_conflict(pages.world))
    assert "MATCH-1-0001 was a mistake." in pages.read(f"/{number}")
    assert "MATCH-1-0001" not in pages.read(f"/{number}", second)


def test_a_call_that_is_sealed_again_says_so_and_until_when_and_nothing_else(pages: Pages) -> None:
    number, waits = pages.proposed(name="Of the spring"), pages.proposed()
    until = clock.now() + timedelta(days=30)
    names = pages.ask(lambda: list(db.session.scalars(sa.select(Person.name).where(Person.id.in_(pages.world.judges)))))
    pages.ask(lambda: setattr(pages.world.call, "sealed_until", until))
    inside = ("", "/reviewers", "/file.csv", "/apply", "/revert", "/again", "/wishes", "/dates", "/adjust")
    one = f"/{number}/proposals/{pages.world.proposals[0]}"
    for path in ("", "/new", "/upload", one, *(f"/{number}{more}" for more in inside)):
        answer = pages.get(path, act="repair")
        page = words(answer.get_data(as_text=True))
        assert answer.status_code == (403 if path else 200), path
        assert "This call is sealed until" in page, path
        assert not [each for each in (*names, "Of the spring", "MATCH-1-000") if each in page], path
    sent = {"act": "repair", "read": "y", "version": 1, "reason": "x", "text": "number,reviewer\n", **pages.form()}
    acts = ("apply", "adjust", "undo", "renew", "revert", "again", "wishes", "dates", "discard")
    for path in ("/new", "/upload", *(f"/{number}/{act}" for act in acts)):
        assert pages.post(path, **sent).status_code == 403, path
    assert pages.get(f"/{number}", "judge.match-1.0001@example.org").status_code == 404
    assert pages.get(one, "judge.match-1.0001@example.org").status_code == 404
    pages.ask(lambda: setattr(pages.world.call, "sealed_until", None))
    assert "8 proposals, 16 of 16 reviews" in pages.read(f"/{waits}")


def test_the_page_waits_for_the_worker_and_says_when_it_failed(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "SMALL", 3)
    number = pages.proposed()
    page = pages.get(f"/{number}").get_data(as_text=True)
    assert "It waits for the worker." in page
    assert 'data-hx-trigger="every 3s"' in page
    assert pages.get(f"/{number}/apply").status_code == 200
    monkeypatch.setattr(engine, "solved", lambda *_: 1 / 0)
    pages.ask(lambda: solving.drain(1))
    assert "The engine stopped (ZeroDivisionError)." in pages.read(f"/{number}")
    monkeypatch.undo()
    assert pages.post(f"/{number}/renew", version=1).status_code == 302
    assert "8 proposals, 16 of 16 reviews" in pages.read(f"/{number}")


def test_a_forged_assignment_of_a_team_member_is_refused(pages: Pages) -> None:
    pair = pages.world.proposals[0], pages.world.judges[0]
    pages.ask(lambda: on_the_team(*pair))
    number = pages.proposed()
    asked = {"act": "force", "proposal": pair[0], "reviewer": pair[1], "reason": "because"}
    assert "On the team of this proposal." in pages.read(f"/{number}/proposals/{pair[0]}")
    assert "A conflict that nobody overrides stands between them." in pages.read(f"/{number}/adjust", **asked)
    assert pages.post(f"/{number}/adjust", version=1, **asked).status_code == 422
    text = "number,reviewer,lead,reason\nMATCH-1-0001,judge.match-1.0001@example.org,,because\n"
    report = pages.post("/upload", name="x", due_at=FUTURE, text=text, **{"and": "keep"})
    assert "On the team of this proposal." in words(report.get_data(as_text=True))
    assert pages.ask(lambda: db.session.scalar(sa.select(sa.func.count(Assignment.id)))) == 0


def test_pages_ask_as_much_of_the_database_for_many_pairs_as_for_few(app: Flask) -> None:
    def counted(proposals: int, reviewers: int) -> list[int]:
        pages = Pages(app, proposals, reviewers)
        number = pages.proposed()
        found = []
        for more in ("", "/apply", "/reviewers", f"/proposals/{pages.world.proposals[0]}"):
            path = f"/{number}{more}"
            pages.get(path)
            with statements() as sent:
                assert pages.get(path).status_code == 200
            found.append(len(sent))
        return found

    few, many = counted(3, 3), counted(24, 9)
    assert few == many
    assert max(many) < 45
