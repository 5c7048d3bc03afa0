"""The thread between a team and the office: who writes and reads, what goes out by mail, what is unread, and its
files."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.call.models import Call
from intake.conversation.models import Post
from intake.extensions import db
from intake.notification.models import Message
from intake.proposal.models import TeamMember
from intake.vocabulary import Limit, Relation, Side, TeamAnswer
from tests.factories.office import Office
from tests.factories.world import a_pdf


@pytest.fixture
def office(app: Flask) -> Office:
    """The world, with N as a viewer of P1."""
    made = Office(app)
    made.ask(lambda: db.session.add(member(made, "P1", "N", Relation.VIEWER)))
    return made


def member(office: Office, name: str, who: str, relation: Relation, **columns: Any) -> TeamMember:
    """Somebody more on a team."""
    return TeamMember(
        proposal_id=office.w.proposals[name], person_id=office.w.people[who], name=who, relation=relation, **columns
    )


def path(office: Office, name: str, more: str = "") -> str:
    """The team's page of the messages."""
    return f"/proposals/{office.w.proposals[name]}/messages{more}"


def write(office: Office, who: str, name: str, text: str = "May we add a figure?", **more: Any) -> Any:
    """Write as the team."""
    return office.browser(who).post(path(office, name), data={"text": text, **more})


def reply(office: Office, who: str, name: str, text: str = "Yes, gladly.", **more: Any) -> Any:
    """Write as the office."""
    return office.browser(who).post(office.address(name, "/messages"), data={"text": text, **more})


def posts(office: Office) -> list[tuple[Side, int, str]]:
    """Side, who and text of every message."""
    names = {number: who for who, number in office.w.people.items()}
    rows = office.ask(lambda: db.session.execute(sa.select(Post.side, Post.by_id, Post.text).order_by(Post.id)).all())
    return [(row.side, names[row.by_id], row.text) for row in rows]


def mail_to(office: Office, who: str) -> Any:
    """The newest letter to somebody: its text and its HTML."""
    asked = (
        sa.select(Message.body_text, Message.body_html)
        .where(Message.to_person_id == office.w.people[who])
        .order_by(Message.id.desc())
    )
    return office.ask(lambda: db.session.execute(asked).first())


def test_the_team_writes_and_the_office_answers(office: Office) -> None:
    since = office.last_letter()
    assert write(office, "F2", "P1").status_code == 302
    assert office.letters(since) == {("conversation.message", "C1"), ("conversation.message", "C3")}
    since = office.last_letter()
    assert reply(office, "C1", "P1").status_code == 302
    assert office.letters(since) == {("conversation.message", "F1"), ("conversation.message", "F2")}
    assert posts(office) == [(Side.TEAM, "F2", "May we add a figure?"), (Side.OFFICE, "C1", "Yes, gladly.")]
    page = office.browser("F1").get(path(office, "P1")).text
    assert "Dora Desk, the office" in page
    assert "Ben Bidder" in page
    desk = office.get("C1", "P1", "?tab=messages").text
    assert "May we add a figure?" in desk
    assert "Ben Bidder" in desk
    assert "Yes, gladly." in office.browser("F1").get(f"/proposals/{office.w.proposals['P1']}").text
    assert ("message.written", "F2", "", "") in office.events("P1")


def test_the_mail_quotes_says_who_wrote_and_leads_to_the_form(office: Office) -> None:
    write(office, "F2", "P1", "<b>Bold</b> & brave?")
    to_office = mail_to(office, "C1")
    assert "Ben Bidder wrote about CALL-A-0001:" in to_office.body_text
    assert "> <b>Bold</b> & brave?" in to_office.body_text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; brave?" in to_office.body_html
    assert f"/desk/proposals/{office.w.proposals['P1']}?tab=messages" in to_office.body_text
    assert "a reply to this mail is read by nobody" in " ".join(to_office.body_text.split())
    reply(office, "C1", "P1")
    to_team = mail_to(office, "F1")
    assert "Dora Desk of the office wrote about your proposal" in to_team.body_text
    assert path(office, "P1") in to_team.body_text


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [("N", "P1", 403), ("F3", "P1", 404), ("R1", "P1", 403), ("S1", "P7", 403), ("AD", "P1", 403), ("C1", "P1", 403)],
)
def test_nobody_else_has_the_teams_side(office: Office, who: str, name: str, status: int) -> None:
    write(office, "F1", name)
    assert office.browser(who).get(path(office, name)).status_code == status
    assert write(office, who, name).status_code == status
    assert office.browser(who).post(path(office, name, "/read"), data={"seen": 1}).status_code == status
    assert len(posts(office)) == 1
    for page in (
        f"/proposals/{office.w.proposals[name]}",
        office.address(name),
        f"/reviews/{office.w.proposals[name]}",
    ):
        text = office.browser(who).get(page).text
        assert ("May we add a figure?" in text) is False


@pytest.mark.parametrize(
    ("who", "name", "status"),
    [("C2", "P1", 404), ("C3", "P4", 403), ("F2", "P1", 403), ("R1", "P1", 403), ("N", "P2", 404)],
)
def test_nobody_else_has_the_offices_side(office: Office, who: str, name: str, status: int) -> None:
    assert reply(office, who, name).status_code == status
    assert office.get(who, name, "?tab=messages").status_code == status
    assert office.browser(who).post(office.address(name, "/messages/read"), data={"seen": 1}).status_code == status
    assert posts(office) == []


def test_a_viewer_and_a_guest_see_no_form(office: Office) -> None:
    page = f"/proposals/{office.w.proposals['P1']}"
    assert "Messages with the office" in office.browser("F2").get(page).text
    assert "Messages with the office" not in office.browser("N").get(page).text
    office.ask(lambda: db.session.add(member(office, "P1", "Q", Relation.CO_INVESTIGATOR, answer=TeamAnswer.INVITED)))
    assert "Messages with the office" not in office.browser("Q").get(page).text
    since = office.last_letter()
    reply(office, "C1", "P1")
    assert {who for _, who in office.letters(since)} == {"F1", "F2"}


def test_a_coordinator_who_is_on_the_team_is_the_team(office: Office) -> None:
    since = office.last_letter()
    assert write(office, "C3", "P4").status_code == 302
    assert posts(office) == [(Side.TEAM, "C3", "May we add a figure?")]
    assert office.letters(since) == {("conversation.message", "C1")}


def test_a_draft_has_no_conversation(office: Office) -> None:
    assert write(office, "F2", "P5").status_code == 403
    assert "Messages with the office" not in office.browser("F2").get(f"/proposals/{office.w.proposals['P5']}").text


def test_too_much_or_nothing_is_refused_and_kept(office: Office) -> None:
    assert write(office, "F1", "P1", "  \n ").status_code == 422
    long = "x" * (Limit.COMMENT + 1)
    for refused in (write(office, "F1", "P1", long), reply(office, "C1", "P1", long)):
        assert refused.status_code == 422
        assert long in refused.text
        assert "At most 10,000 characters; this has 10,001." in refused.text
    assert posts(office) == []
    assert write(office, "F1", "P1", "x" * Limit.COMMENT).status_code == 302


def test_the_same_form_sent_twice_writes_once(office: Office) -> None:
    once = {"once": "a" * 20}
    assert [write(office, "F1", "P1", **once).status_code for _ in range(2)] == [302, 302]
    assert len(posts(office)) == 1


def test_unread_messages_are_counted_until_they_are_marked_or_answered(office: Office) -> None:
    new = re.compile(r"(\d) new message")
    listed = lambda who: new.findall(office.browser(who).get("/proposals").text)  # noqa: E731
    waiting = lambda who: re.findall(r'class="count">(\d) new<', office.browser(who).get("/desk").text)  # noqa: E731
    assert (listed("F1"), waiting("C1")) == ([], [])
    write(office, "F1", "P1")
    write(office, "F1", "P1", "And another.")
    assert (listed("F1"), listed("F2"), waiting("C1"), waiting("C2")) == ([], [], ["2"], [])
    office.get("C1", "P1", "?tab=messages")
    assert waiting("C1") == ["2"], "looking writes nothing"
    last = office.ask(lambda: db.session.scalar(sa.select(sa.func.max(Post.id))))
    assert office.browser("C1").post(office.address("P1", "/messages/read"), data={"seen": last}).status_code == 302
    assert (waiting("C1"), waiting("C3")) == ([], ["2"]), "each person reads for themselves"
    reply(office, "C3", "P1", seen=last)
    assert waiting("C3") == []
    assert (listed("F1"), listed("F2"), listed("N")) == (["1"], ["1"], [])
    newest = last + 1
    assert office.browser("F1").post(path(office, "P1", "/read"), data={"seen": newest}).status_code == 302
    assert office.browser("F1").post(path(office, "P1", "/read"), data={"seen": last}).status_code == 302
    assert (listed("F1"), listed("F2")) == ([], ["1"]), "what was read stays read"


def test_an_answer_marks_only_what_was_seen(office: Office) -> None:
    write(office, "F1", "P1")
    seen = office.ask(lambda: db.session.scalar(sa.select(sa.func.max(Post.id))))
    write(office, "F1", "P1", "Written meanwhile.")
    reply(office, "C1", "P1", seen=seen)
    assert 'class="count">1 new<' in office.browser("C1").get("/desk").text


def test_a_message_of_another_proposal_is_not_marked(office: Office) -> None:
    write(office, "F2", "P2")
    other = office.ask(lambda: db.session.scalar(sa.select(sa.func.max(Post.id))))
    assert office.browser("F1").post(path(office, "P1", "/read"), data={"seen": other}).status_code == 422


def test_a_conflict_hides_what_is_unread(office: Office) -> None:
    write(office, "F2", "P4")
    assert "Unread messages" not in office.browser("C3").get("/desk").text
    assert "Unread messages" in office.browser("C1").get("/desk").text


def test_a_file_comes_back_to_the_byte_and_only_to_both_sides(office: Office) -> None:
    data = a_pdf()
    sent = {"file": (BytesIO(data), "Budget plan.pdf")}
    assert write(office, "F1", "P1", **sent).status_code == 302
    number = office.ask(lambda: db.session.scalar(sa.select(Post.id)))
    ours, theirs = path(office, "P1", f"/{number}/file"), office.address("P1", f"/messages/{number}/file")
    for who, address in (("F2", ours), ("C1", theirs)):
        got = office.browser(who).get(address)
        assert got.status_code == 200
        assert got.data == data
        assert got.headers["Content-Disposition"] == 'attachment; filename="Budget plan.pdf"'
    for who, address, status in (
        ("N", ours, 403), ("F3", ours, 404), ("R1", ours, 403), ("R1", theirs, 403), ("C2", theirs, 404),
        ("S1", theirs, 404), ("F1", theirs, 403), ("AD", theirs, 403),
    ):  # fmt: skip
        assert office.browser(who).get(address).status_code == status, (who, address)
    assert "A file came with it" in " ".join(mail_to(office, "C1").body_text.split())
    assert office.browser("F1").get(path(office, "P1", f"/{number + 1}/file")).status_code == 404
    other = path(office, "P7", f"/{number}/file")
    assert office.browser("F1").get(other).status_code == 404, "a file of another proposal"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [("plan.pdf", b"not a pdf", "none of them"), ("plan.pdf", b"", "empty"), ("plan.png", a_pdf(), "rename it")],
)
def test_a_bad_file_is_refused_in_plain_words_and_the_text_stays(
    office: Office, name: str, data: bytes, words: str
) -> None:
    refused = write(office, "F1", "P1", file=(BytesIO(data), name))
    assert refused.status_code == 422
    assert words in refused.text
    assert "May we add a figure?" in refused.text
    assert posts(office) == []


def test_the_mail_of_a_sealed_call_quotes_nothing(office: Office) -> None:
    later = clock.now() + timedelta(days=9)
    office.ask(lambda: setattr(db.session.get_one(Call, office.w.calls["A"]), "sealed_until", later))
    assert write(office, "F2", "P2", "A secret question").status_code == 302
    assert "A secret question" not in mail_to(office, "C1").body_text
    assert office.get("C1", "P2", "?tab=messages").status_code == 403
    assert "Unread messages" not in office.browser("C1").get("/desk").text


def test_the_lists_ask_the_same_at_any_length(office: Office) -> None:
    def sent(who: str, address: str) -> int:
        found: list[str] = []
        office.browser(who)
        with office.app.app_context():
            engine = db.engine
        note = lambda *given: found.append(given[2])  # noqa: E731
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            office.browser(who).get(address)
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        return len([each for each in found if "SAVEPOINT" not in each])

    write(office, "F1", "P1")
    reply(office, "C1", "P1")
    few = sent("F2", "/proposals"), sent("C1", "/desk"), sent("F1", path(office, "P1"))
    for _ in range(5):
        for name, who in (("P1", "F1"), ("P2", "F2"), ("P4", "F2")):
            write(office, who, name)
            reply(office, "C1", name)
    assert (sent("F2", "/proposals"), sent("C1", "/desk"), sent("F1", path(office, "P1"))) == few
