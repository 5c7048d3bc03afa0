"""Writing by the page: bad input is told beside its field and kept, nothing is cut, nobody's save is undone unseen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.extensions import db
from intake.people.models import Person
from intake.proposal.models import Proposal
from intake.proposal.operations import send_back, submit
from intake.vocabulary import Role, State
from tests.factories.people import actor, call_with, draft, faculty_member, load_catalogue, person_with, whole
from tests.factories.team import accepted

Change = Callable[[], Any]


class Desk:
    """Ada with a draft in HIRP 2020, Ben beside her, and the office."""

    def __init__(self, app: Flask, client_for: Callable[[int], FlaskClient]) -> None:
        self.app = app
        with app.app_context():
            load_catalogue()
            ada, ben = faculty_member(), faculty_member("Ben Partner", department="EE")
            call = call_with("HIRP-2020")
            cora = person_with("Cora Office", (Role.COORDINATOR, {"programme_id": call.programme_id}))
            proposal = draft(call, ada)
            accepted(proposal, ben, organisation="EE")
            self.other_theme = call_with("AIR-2021").themes[0].id
            self.people = {"ada": ada.id, "ben": ben.id, "cora": cora.id}
            self.number = proposal.id
            db.session.commit()
        self.ada, self.ben = client_for(self.people["ada"]), client_for(self.people["ben"])
        self.page = f"/proposals/{self.number}"

    def now(self) -> Proposal:
        """The proposal as it is in the database, to read columns and lists of."""
        with self.app.app_context():
            found = whole(self.number)
            db.session.expunge_all()
            return found

    def save(self, part: str, version: int | None = None, **typed: Any) -> Any:
        """What Ada's save of a part answers."""
        shown = self.now().version if version is None else version
        boxes = ("own_work", "one_university", "nothing_confidential") if part == "declarations" else ()
        asked = {f"{name}-sent": "1" for name in boxes}  # says that the box was on the page
        return self.ada.post(f"{self.page}/edit/{part}", data={"version": shown, **asked, **typed})

    def person(self, name: str) -> Person:
        """Somebody of the desk, in the present context."""
        return db.session.get_one(Person, self.people[name])


@pytest.fixture
def desk(app: Flask, client_for: Callable[[int], FlaskClient]) -> Desk:
    return Desk(app, client_for)


def test_a_start_leads_to_the_first_part_once(desk: Desk) -> None:
    first = desk.ada.post("/calls/HIRP-2020/start", data={"once": "k1"})
    again = desk.ada.post("/calls/HIRP-2020/start", data={"once": "k1"})
    assert first.status_code == 302
    assert re.fullmatch(r"/proposals/\d+/edit/summary", first.location)
    assert again.location == first.location
    number = int(first.location.split("/")[2])
    with desk.app.app_context():
        assert whole(number).principal.organisation == "Department of Computing"
    assert desk.ada.post("/calls/NONE-1/start", data={"once": "k2"}).status_code == 404


@pytest.mark.parametrize(
    ("part", "typed", "message", "kept"),
    [
        ("summary", {"title": "x" * 301}, "At most 300 characters; this has 301, 1 too many.", "x" * 301),
        ("summary", {"title": "𠮷" * 301}, "At most 300 characters; this has 301, 1 too many.", "𠮷" * 301),
        ("summary", {"abstract": "y" * 5_001}, "At most 5,000 characters; this has 5,001, 1 too many.", "y" * 5_001),
        ("summary", {"title": "bell\x07ringing"}, "U+0007", "bellringing"),
        ("summary", {"title_zh": "no\uffffcharacter"}, "U+FFFF", "nocharacter"),
        ("summary", {"abstract": "turned\u202eround"}, "U+202E", "turnedround"),
        ("theme", {"theme_id": "999999"}, "Choose one from the list.", None),
        ("theme", {"theme_id": "9" * 40}, "Choose one from the list.", None),
        ("theme", {"theme_id": "x"}, "Choose one from the list.", None),
        ("theme", {"keywords": "k" * 501}, "At most 500 characters; this has 501, 1 too many.", "k" * 501),
        (
            "description",
            {"description": "z" * 60_001},
            "At most 60,000 characters; this has 60,001, 1 too many.",
            "z" * 60_001,
        ),
        ("budget", {"amount_minor": "-5"}, "Write an amount", "-5"),
        ("budget", {"amount_minor": "1e9"}, "Write an amount", "1e9"),
        ("budget", {"amount_minor": "9" * 400}, "At most 10,000,000,000.", "9" * 400),
        ("budget", {"duration_months": "0"}, "Write a whole number from 1 to 120.", '"0"'),
        ("budget", {"duration_months": "9" * 4_000}, "Write a number such as 12,000.", "9" * 4_000),
        ("budget", {"duration_months": "-12"}, "Write a whole number from 1 to 120.", "-12"),
        ("budget", {"duration_months": "1.5"}, "Write a whole number.", "1.5"),
    ],
)
def test_bad_input_is_told_beside_its_field_and_kept(
    desk: Desk, part: str, typed: dict[str, str], message: str, kept: str | None
) -> None:
    before = desk.now()
    response = desk.save(part, **typed)
    name = next(iter(typed))
    assert response.status_code == 422
    said = re.search(rf'id="{name}-error">(.*?)</p>', response.text)
    assert said
    assert message in said[1]
    if kept:
        assert kept in response.text
    assert f'name="version" value="{before.version}"' in response.text
    assert desk.now().version == before.version


@pytest.mark.parametrize(
    "typed",
    [
        {"title": "שלום עולם", "title_zh": "機櫃𠮷", "abstract": "a\r\nb\u2028c"},
        {"title": "", "title_zh": "", "abstract": ""},
        {"title": "x" * 300, "abstract": "y" * 5_000},
        {"title": "<script>alert(1)</script>", "abstract": "{{ 7*7 }} & <b>"},
    ],
)
def test_good_input_of_odd_kinds_is_kept_whole(desk: Desk, typed: dict[str, str]) -> None:
    assert desk.save("summary", **typed).status_code == 302
    now = desk.now()
    for name, text in typed.items():
        assert getattr(now, name) == text.replace("\r\n", "\n").replace("\u2028", "\n")
    shown = desk.ada.get(desk.page).text
    assert "<script>alert" not in shown
    assert "49 &amp;" not in shown


def test_a_field_that_was_not_sent_stays_as_it_is(desk: Desk) -> None:
    before = desk.now()
    assert desk.save("summary", title="Only this").status_code == 302
    after = desk.now()
    assert (after.title, after.abstract, after.title_zh) == ("Only this", before.abstract, before.title_zh)


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 40, "0"])
def test_a_form_without_its_version_is_stale(desk: Desk, version: str) -> None:
    response = desk.ada.post(f"{desk.page}/edit/summary", data={"version": version, "title": "Mine"})
    assert (response.status_code, "Mine" in response.text) == (409, True)
    assert desk.now().title != "Mine"


def test_a_stale_save_shows_both_and_can_be_sent_again(desk: Desk) -> None:
    shown = desk.ada.get(f"{desk.page}/edit/summary").text
    version, seen = (re.search(rf'name="{name}" value="([^"]+)"', shown) for name in ("version", "seen"))
    assert version
    assert seen
    desk.ben.post(f"{desk.page}/edit/summary", data={"version": version[1], "title": "Ben's title"})
    mine = {"title": "Ada's title", "abstract": desk.now().abstract}
    response = desk.ada.post(f"{desk.page}/edit/summary", data={"version": version[1], "seen": seen[1], **mine})
    assert response.status_code == 409
    assert "Ada&#39;s title" in response.text
    assert "Ben&#39;s title" in response.text
    assert "The same in both." in response.text
    assert desk.now().title == "Ben's title"
    newer = re.search(r'name="version" value="(\d+)"', response.text)
    assert newer
    assert desk.ada.post(f"{desk.page}/edit/summary", data={"version": newer[1], **mine}).status_code == 302
    assert desk.now().title == "Ada's title"


def test_another_part_saved_meanwhile_is_no_hindrance(desk: Desk) -> None:
    shown = desk.ada.get(f"{desk.page}/edit/summary").text
    found = {name: re.search(rf'name="{name}" value="([^"]+)"', shown) for name in ("version", "seen")}
    desk.ben.post(f"{desk.page}/edit/description", data={"version": desk.now().version, "description": "Ben's text"})
    sent = {name: match[1] for name, match in found.items() if match}
    assert desk.ada.post(f"{desk.page}/edit/summary", data={**sent, "title": "Ada's"}).status_code == 302
    assert (desk.now().title, desk.now().description) == ("Ada's", "Ben's text")


def test_declarations_are_ticked_and_unticked(desk: Desk) -> None:
    assert desk.save("declarations", own_work="y").status_code == 302
    now = desk.now()
    assert (now.own_work, now.one_university, now.nothing_confidential) == (True, False, False)
    shown = desk.ada.get(f"{desk.page}/edit/declarations").text
    assert "Faculty do not apply on behalf of students" in shown
    assert "Carleton University" in shown


def test_save_and_next_goes_through_the_parts(desk: Desk) -> None:
    where = []
    for part in ("summary", "theme", "description", "budget", "declarations"):
        where.append(desk.save(part, **{"and": "next"}).location.rsplit("/", 1)[1])
    assert where == ["theme", "team", "budget", "attachments", "check"]
    assert desk.ada.get(f"{desk.page}/edit/nothing").status_code == 404


def test_a_returned_proposal_opens_only_what_may_change(desk: Desk) -> None:
    with desk.app.app_context():
        submit(whole(desk.number), by=actor(desk.person("ada")))
        until = clock.now() + timedelta(days=3)
        send_back(whole(desk.number), "Please shorten it.", ["summary"], until, by=actor(desk.person("cora")))
        db.session.commit()
    opened, closed = (desk.ada.get(f"{desk.page}/edit/{part}").text for part in ("summary", "description"))
    assert "Please shorten it." in opened
    assert "Save and next" in opened
    assert "Save and next" not in closed
    assert "this one stays as it is" in closed
    refused = desk.save("description", description="Sly words")
    assert (refused.status_code, "Sly words" in refused.text) == (403, True)
    assert desk.save("summary", title="Shorter", **{"and": "next"}).location.endswith("/check")


def test_after_the_close_the_text_is_offered_back(desk: Desk) -> None:
    assert desk.save("summary", title="In time").status_code == 302
    with desk.app.app_context():
        call_with("HIRP-2020").closes_at = clock.now() - timedelta(seconds=1)
        db.session.commit()
    late = desk.save("summary", title="Too late")
    assert (late.status_code, "Too late" in late.text, "The call closed at" in late.text) == (403, True, True)
    shown = desk.ada.get(f"{desk.page}/edit/summary").text
    assert ("The call closed at" in shown, "Save and next" in shown) == (True, False)
    assert "Draft, not submitted" in desk.ada.get("/proposals").text


def test_the_team_by_the_page(desk: Desk) -> None:
    path = f"{desk.page}/edit/team"
    olga = {
        "name": "Olga",
        "email": "olga@example.net",
        "organisation": "Elsewhere",
        "relation": "viewer",
        "once": "t1",
    }
    assert desk.ada.post(path, data=olga).status_code == 302
    assert desk.ada.post(path, data=olga).status_code == 302
    assert [member.name for member in desk.now().team] == ["Ada Applicant", "Ben Partner", "Olga"]
    wrong: list[tuple[dict[str, str], str]] = [
        ({**olga, "once": "t2"}, "on the team already"),
        ({**olga, "once": "t3", "email": "no address"}, "Write an address"),
        ({**olga, "once": "t4", "name": "n" * 201}, "At most 200 characters"),
        ({**olga, "once": "t5", "relation": "principal"}, "Choose one from the list."),
        ({"once": "t6"}, "Please fill this in."),
    ]
    for typed, message in wrong:
        response = desk.ada.post(path, data=typed)
        assert (response.status_code, message in response.text) == (422, True), typed
        assert typed.get("organisation", "") in response.text
    assert desk.ben.post(path, data={**olga, "once": "t7"}).status_code == 403
    olgas = desk.now().team[2].id
    remove = f"{desk.page}/team/{olgas}/remove"
    assert desk.ben.get(remove).status_code == 403
    assert "Take Olga off the team?" in desk.ada.get(remove).text
    assert desk.ada.post(remove).status_code == 302
    assert desk.ada.post(remove).status_code == 404
    bens = desk.now().team[1].id
    assert desk.ben.get(desk.page).status_code == 200
    assert desk.ada.post(f"{desk.page}/team/{bens}/remove").status_code == 302
    assert desk.ben.get(desk.page).status_code == 404


@pytest.mark.parametrize(
    ("part", "typed", "reason", "source"),
    [
        ("declarations", {"own_work": "y", "nothing_confidential": "y"}, "no other university", "Belarus announcement"),
        ("budget", {"amount_minor": "70,000.01"}, "above the cap of USD 70,000", "sponsor&#39;s public page"),
    ],
)
def test_the_check_cites_the_rule_and_leads_to_the_field(
    desk: Desk, part: str, typed: dict[str, str], reason: str, source: str
) -> None:
    assert desk.save(part, **typed).status_code == 302
    shown = desk.ada.get(f"{desk.page}/check").text
    assert (reason in shown, source in shown) == (True, True)
    assert f'href="{desk.page}/edit/{part}?check=1#' in shown
    assert "Submit the proposal" not in shown
    sent = desk.ada.post(f"{desk.page}/submit", data={"version": desk.now().version})
    assert (sent.status_code, reason in sent.text) == (422, True)
    assert (desk.now().state, desk.now().received) == (State.DRAFT, [])


def test_a_submission_gives_one_receipt_that_anybody_can_check(desk: Desk) -> None:
    shown = desk.ada.get(f"{desk.page}/check").text
    form = {name: re.findall(rf'name="{name}" value="([^"]+)"', shown)[-1] for name in ("once", "version")}
    first, second = (desk.ada.post(f"{desk.page}/submit", data=form) for _ in range(2))
    assert (first.status_code, first.location) == (302, desk.page)
    assert (second.status_code, second.location) == (302, desk.page)
    third = desk.ada.post(f"{desk.page}/submit", data={"version": desk.now().version})
    assert (third.status_code, "not possible while the proposal is: Submitted" in third.text) == (403, True)
    (receipt,) = desk.now().received
    page = desk.ada.get(desk.page).text
    for words in ("HIRP-2020-0001", receipt.sha256, "HKT", "A copy of this receipt was mailed"):
        assert words in page
    path = f"{desk.page}/receipt/{receipt.id}"
    raw = desk.ben.get(f"{path}.json")
    assert raw.mimetype == "application/json"
    assert hashlib.sha256(raw.data).hexdigest() == receipt.sha256
    content = json.loads(raw.data)
    again = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(again.encode()).hexdigest() == receipt.sha256
    assert (content["number"], content["title"]) == ("HIRP-2020-0001", desk.now().title)
    printed = desk.ben.get(path).text
    assert receipt.sha256 in printed
    assert "我們以光連接機櫃。" in printed


def test_receipts_are_the_teams_alone(desk: Desk, client_for: Callable[[int], FlaskClient]) -> None:
    with desk.app.app_context():
        submit(whole(desk.number), by=actor(desk.person("ada")))
        stranger = faculty_member("Sid Stranger").id
        db.session.commit()
    number = desk.now().received[0].id
    for ending in ("", ".json"):
        assert client_for(stranger).get(f"{desk.page}/receipt/{number}{ending}").status_code == 404
        assert client_for(desk.people["cora"]).get(f"{desk.page}/receipt/{number}{ending}").status_code == 403
        assert desk.ada.get(f"{desk.page}/receipt/{number + 1}{ending}").status_code == 404


def test_what_changed_since_it_was_read_is_not_submitted(desk: Desk) -> None:
    version = desk.now().version
    desk.ben.post(f"{desk.page}/edit/summary", data={"version": version, "title": "Ben's title"})
    response = desk.ada.post(f"{desk.page}/submit", data={"version": version})
    assert (response.status_code, "It changed since you read it" in response.text) == (409, True)
    assert desk.now().state is State.DRAFT
