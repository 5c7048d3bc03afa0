"""What SMTP_URL may say, and that a password or a mail never travels less guarded than it asks."""

from __future__ import annotations

import smtplib
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from intake.notification.relay import Relay, connected, relay_of
from tests.processes import Mailbox, mail_server

pytestmark = pytest.mark.once

SENDER = "office@intake.example.edu"


@pytest.mark.parametrize(
    ("url", "relay"),
    [
        ("smtp://mail.example.edu", Relay("mail.example.edu", 25, SENDER)),
        ("smtp://mail.example.edu?starttls=0", Relay("mail.example.edu", 25, SENDER)),
        (
            "smtp://me%40x:p%2Fw@mail.example.edu?starttls=1",
            Relay("mail.example.edu", 587, SENDER, "me@x", "p/w", starttls=True),
        ),
        ("smtps://me:pw@mail.example.edu", Relay("mail.example.edu", 465, SENDER, "me", "pw", tls=True)),
        ("smtp://me:pw@127.0.0.1:2525", Relay("127.0.0.1", 2525, SENDER, "me", "pw")),
    ],
)
def test_what_an_address_of_a_mail_server_means(url: str, relay: Relay) -> None:
    assert relay_of(url, SENDER) == relay


def test_no_address_means_no_mail_server() -> None:
    assert relay_of(None, SENDER) is None
    assert relay_of("", SENDER) is None


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.edu",
        "http://me:hunter2@mail.example.edu",
        "smtp://",
        "smtp://me:hunter2@mail.example.edu?starttls=yes",
        "smtp://me:hunter2@mail.example.edu?tls=1",
        "smtp://me:hunter2@mail.example.edu",
    ],
)
def test_an_unusable_address_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL") as refused:
        relay_of(url, SENDER)
    assert "hunter2" not in str(refused.value)


def test_a_password_is_not_shown() -> None:
    assert "hunter2" not in repr(relay_of("smtps://me:hunter2@mail.example.edu", SENDER))


def test_it_signs_in() -> None:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=(given.login, given.password) == (b"me", b"pw"), handled=False)

    with mail_server(Mailbox(), authenticator=check, auth_require_tls=False) as url:
        port = int(url.rpartition(":")[2])
        connected(Relay("127.0.0.1", port, SENDER, "me", "pw")).quit()
        with pytest.raises(smtplib.SMTPAuthenticationError):
            connected(Relay("127.0.0.1", port, SENDER, "me", "wrong"))


def test_without_the_encryption_that_was_asked_for_there_is_no_line() -> None:
    with mail_server(Mailbox()) as url, pytest.raises(smtplib.SMTPNotSupportedError):
        connected(Relay("127.0.0.1", int(url.rpartition(":")[2]), SENDER, starttls=True))
