"""Mail leaves the outbox once it is due; what goes wrong is tried again, given up, or left alone, as it deserves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from intake import clock
from intake.extensions import db
from intake.notification import delivery
from intake.notification.delivery import ATTEMPTS, LEASE, WAITS_MINUTES, drain
from intake.notification.models import Message
from intake.notification.relay import Relay, relay_of
from intake.vocabulary import MessageState
from tests.processes import Mailbox, mail_server, until
from tests.servers import free_port

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SENDER = "office@intake.example.edu"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def relay(mailbox: Mailbox) -> Iterator[Relay]:
    with mail_server(mailbox) as url:
        found = relay_of(url, SENDER)
        assert found
        yield found


def waiting(number: int = 1, **columns: Any) -> Message:
    values: dict[str, Any] = {
        "message_id": f"<{number}@intake.example.edu>",
        "to_address": f"person{number}@example.org",
        "kind": "test",
        "subject": f"Message {number}",
        "body_text": "Read this.",
        "body_html": "<p>Read this.</p>",
        "created_at": NOON,
        "not_before": NOON,
    }
    message = Message(**{**values, **columns})
    db.session.add(message)
    db.session.commit()
    return message


def test_a_mail_carries_what_was_written_and_says_that_a_machine_sent_it(
    room: Flask, relay: Relay, mailbox: Mailbox
) -> None:
    message = waiting(subject="您的申請 received", body_text="Dear 陳,\n\n收到。\n", body_html="<p>收到。</p>")
    with clock.at(NOON):
        assert drain(10, relay=relay) == 1
        assert drain(10, relay=relay) == 0
    (mail,) = mailbox.mails
    assert mail["Message-ID"] == "<1@intake.example.edu>"
    assert (mail["From"], mail["To"], mail["X-Envelope-To"]) == (SENDER, "person1@example.org", "person1@example.org")
    assert mail["Subject"] == "您的申請 received"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOON
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert plain.get_content().splitlines() == ["Dear 陳,", "", "收到。"]
    assert (html.get_content_type(), html.get_content().strip()) == ("text/html", "<p>收到。</p>")
    db.session.refresh(message)
    assert (message.state, message.sent_at, message.attempts) == (MessageState.SENT, NOON, 1)
    assert message.body_text.startswith("Dear")


def test_mail_goes_oldest_first_up_to_the_limit_and_not_before_its_time(
    room: Flask, relay: Relay, mailbox: Mailbox
) -> None:
    waiting(1, not_before=NOON - timedelta(minutes=1))
    waiting(2, not_before=NOON - timedelta(minutes=2))
    waiting(3, not_before=NOON - timedelta(minutes=3))
    waiting(4, not_before=NOON + timedelta(seconds=1))
    with clock.at(NOON):
        assert drain(2, relay=relay) == 2
        assert [mail["Subject"] for mail in mailbox.mails] == ["Message 3", "Message 2"]
        assert drain(10, relay=relay) == 1
    with clock.at(NOON + timedelta(seconds=1)):
        assert drain(10, relay=relay) == 1


def test_without_a_mail_server_everything_waits(room: Flask) -> None:
    message = waiting()
    assert drain(10, relay=None) == 0
    db.session.refresh(message)
    assert (message.state, message.attempts, message.last_error) == (MessageState.WAITING, 0, "")


def test_a_mail_server_that_is_away_costs_no_attempt(room: Flask) -> None:
    message = waiting(secret=True)
    with clock.at(NOON):
        assert drain(10, relay=Relay("127.0.0.1", free_port(), SENDER)) == 0
    db.session.refresh(message)
    assert (message.state, message.attempts, message.not_before) == (MessageState.WAITING, 0, NOON)
    assert "could not be reached" in message.last_error
    assert message.body_text == "Read this."


def test_a_refused_address_fails_at_once_and_the_next_mail_still_goes(
    room: Flask, relay: Relay, mailbox: Mailbox
) -> None:
    mailbox.refusals["person1@example.org"] = "550 5.1.1 <person1@example.org>: no such person here"
    refused, other = waiting(1, secret=True), waiting(2)
    with clock.at(NOON):
        assert drain(10, relay=relay) == 1
    db.session.refresh(refused)
    db.session.refresh(other)
    assert (refused.state, refused.attempts) == (MessageState.FAILED, 1)
    assert refused.last_error == "The mail server refused the address (550 5.1.1)."
    assert (refused.body_text, refused.body_html) == ("", "")
    assert other.state == MessageState.SENT


def test_a_passing_refusal_is_tried_again_later_and_later_and_then_given_up(
    room: Flask, relay: Relay, mailbox: Mailbox
) -> None:
    mailbox.refusals["person1@example.org"] = "451 4.7.1 person1@example.org is greylisted"
    message, at = waiting(), NOON
    for minutes in WAITS_MINUTES:
        with clock.at(at):
            assert drain(10, relay=relay) == 0
        db.session.refresh(message)
        assert (message.state, message.not_before) == (MessageState.WAITING, at + timedelta(minutes=minutes))
        at = message.not_before
        with clock.at(at - timedelta(seconds=1)):
            drain(10, relay=relay)
    with clock.at(at):
        drain(10, relay=relay)
    db.session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.FAILED, ATTEMPTS)
    assert message.last_error == "The mail server refused the address (451 4.7.1)."


@pytest.mark.parametrize("answer", ["451 not now", "554 5.7.1 person1@example.org looks like spam"])
def test_a_message_that_is_not_taken_waits(room: Flask, relay: Relay, mailbox: Mailbox, answer: str) -> None:
    mailbox.data_answer = answer
    message = waiting()
    with clock.at(NOON):
        assert drain(10, relay=relay) == 0
    db.session.refresh(message)
    assert message.state == MessageState.WAITING
    assert message.last_error.startswith("The mail server did not take the message (")
    assert "@" not in message.last_error


def test_a_body_that_opens_an_account_is_gone_once_it_is_sent(room: Flask, relay: Relay, mailbox: Mailbox) -> None:
    message = waiting(secret=True, body_text="https://intake.example.edu/password/abc")
    with clock.at(NOON):
        drain(10, relay=relay)
    db.session.refresh(message)
    assert (message.state, message.body_text, message.body_html) == (MessageState.SENT, "", "")
    assert "/password/abc" in mailbox.mails[0].as_string()


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a@example.org, b@example.org",
        "a@example.org b@example.org",
        "<a@example.org>",
        "a@example.org\x7f",
        "(x)a@example.org",
        "nobody",
        "@example.org",
        "a@",
        "a@" + "x" * 70 + ".org",
    ],
)
def test_nothing_but_one_address_is_written_to(room: Flask, relay: Relay, mailbox: Mailbox, address: str) -> None:
    message = waiting(to_address=address)
    with clock.at(NOON):
        assert drain(10, relay=relay) == 0
    db.session.refresh(message)
    assert (mailbox.mails, message.state) == ([], MessageState.FAILED)


def test_a_subject_stays_one_line(room: Flask, relay: Relay, mailbox: Mailbox) -> None:
    waiting(subject="Hello\r\nBcc: b@example.org\u2028X-Evil: 1")
    with clock.at(NOON):
        assert drain(10, relay=relay) == 1
    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert mail["X-Envelope-To"] == "person1@example.org"
    assert mail["Subject"].split() == ["Hello", "Bcc:", "b@example.org", "X-Evil:", "1"]


def test_a_lease_is_respected_until_it_runs_out(room: Flask, relay: Relay, mailbox: Mailbox) -> None:
    waiting(state=MessageState.SENDING, leased_until=NOON + LEASE, attempts=1)
    with clock.at(NOON + LEASE - timedelta(seconds=1)):
        assert drain(10, relay=relay) == 0
    with clock.at(NOON + LEASE):
        assert drain(10, relay=relay) == 1
    assert mailbox.ids() == ["<1@intake.example.edu>"]


def test_who_lost_the_lease_cannot_put_a_sent_message_back(
    room: Flask, relay: Relay, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = waiting()
    carry = delivery._carry

    def slowly(row: Any, *rest: Any) -> Any:
        """Fail, but only after another worker took the message up and sent it."""
        monkeypatch.setattr(delivery, "_carry", carry)
        with clock.at(NOON + LEASE):
            assert drain(1, relay=relay) == 1
        return delivery.Answer(False, True, "The line broke.", False)

    monkeypatch.setattr(delivery, "_carry", slowly)
    with clock.at(NOON):
        assert drain(1, relay=relay) == 0
    db.session.refresh(message)
    assert (message.state, message.last_error) == (MessageState.SENT, "")


def test_who_lost_the_lease_cannot_take_it_from_another(
    room: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = waiting()

    def slowly(row: Any, *rest: Any) -> Any:
        """Fail, but only after another worker took the message up; that one is still at it."""
        with clock.at(NOON + LEASE):
            assert delivery._take(LEASE).id == row.id
        return delivery.Answer(False, True, "The line broke.", False)

    monkeypatch.setattr(delivery, "_carry", slowly)
    with clock.at(NOON):
        assert drain(1, relay=relay) == 0
    db.session.refresh(message)
    assert (message.state, message.leased_until) == (MessageState.SENDING, NOON + 2 * LEASE)


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(
    room: Flask, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting(1)
    waiting(2)
    open_then: list[bool] = []
    carry, reached = delivery._carry, delivery._reached

    def watched_carry(*rest: Any) -> Any:
        open_then.append(db.session().in_transaction())
        return carry(*rest)

    def watched_reached(*rest: Any) -> Any:
        open_then.append(db.session().in_transaction())
        return reached(*rest)

    monkeypatch.setattr(delivery, "_carry", watched_carry)
    monkeypatch.setattr(delivery, "_reached", watched_reached)
    with clock.at(NOON):
        assert drain(10, relay=relay) == 2
    assert open_then == [False] * 3


def test_a_worker_that_is_asked_to_end_stops_between_two_mails(room: Flask, relay: Relay, mailbox: Mailbox) -> None:
    for number in range(5):
        waiting(number)
    with clock.at(NOON):
        assert drain(10, relay=relay, ended=lambda: len(mailbox.mails) >= 2) == 2
    left = db.session.scalars(sa.select(Message.state).where(Message.state != MessageState.SENT)).all()
    assert left == [MessageState.WAITING] * 3


def test_workers_at_the_same_time_send_each_mail_once(fresh_app: Flask, relay: Relay, mailbox: Mailbox) -> None:
    with fresh_app.app_context():
        for number in range(30):
            waiting(number)
    faults: list[BaseException] = []

    def work() -> None:
        try:
            with fresh_app.app_context():
                drain(100, relay=relay)
        except BaseException as fault:
            faults.append(fault)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join(30)
    assert not faults
    assert sorted(mailbox.ids()) == sorted(f"<{number}@intake.example.edu>" for number in range(30))
    with fresh_app.app_context():
        assert set(db.session.execute(sa.select(Message.state, Message.attempts)).all()) == {(MessageState.SENT, 1)}


def test_a_line_that_the_server_ends_is_opened_again(
    room: Flask, relay: Relay, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "MAILS_A_LINE", 2)
    for number in range(5):
        waiting(number)
    with clock.at(NOON):
        assert drain(10, relay=relay) == 5
    until(lambda: len(mailbox.mails) == 5, 5, "five mails")
