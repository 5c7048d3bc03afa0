"""The mail server: its address, a message as the standards write it, and what became of handing one over."""

from __future__ import annotations

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TIMEOUT_SECONDS = 20
"""For each exchange with the server; all of one message's together stay below the shortest sensible lease."""

_POLICY = SMTP.clone(cte_type="7bit")  # a server need not take 8-bit bodies
_ENHANCED = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")
_METHOD = re.compile(r"^METHOD:(\w+)\r?$", re.MULTILINE)
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Relay:
    """The mail server that takes our mail, and the address that sends it."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False
    """Encrypted from the first byte (smtps)."""
    starttls: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said to one message. ``words`` name no person; ``line_stands``: the next may go over the same."""

    accepted: bool
    final: bool = False
    words: str = ""
    line_stands: bool = True


def relay_of(url: str | None, sender: str) -> Relay | None:
    """The server that ``url`` (SMTP_URL) names, or None without one. Nothing is connected to.

    Raises ValueError, without repeating the URL, for one that makes no sense or would send a password in the open.
    """
    if not url:
        return None
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    starttls = options.pop("starttls", "0")
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or options or starttls not in ("0", "1"):
        raise ValueError("SMTP_URL reads like smtp://user:password@host:587?starttls=1 or smtps://user:password@host")
    tls, upgraded = parts.scheme == "smtps", starttls == "1"
    if parts.password and not (tls or upgraded or parts.hostname in _HERE):
        raise ValueError("SMTP_URL would send its password in the open: add ?starttls=1, or write smtps://")
    port = parts.port or (465 if tls else 587 if upgraded else 25)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Relay(parts.hostname, port, sender, user, password, tls, upgraded and not tls)


def connected(relay: Relay) -> smtplib.SMTP:
    """A line to the server, encrypted and signed in as the settings say. Raises OSError (SMTPException is one)."""
    ours = relay.sender.rpartition("@")[2]  # given, so that nobody's name server is asked who we are
    line: smtplib.SMTP
    if relay.tls:
        context = ssl.create_default_context()
        line = smtplib.SMTP_SSL(relay.host, relay.port, ours, timeout=TIMEOUT_SECONDS, context=context)
    else:
        line = smtplib.SMTP(relay.host, relay.port, ours, timeout=TIMEOUT_SECONDS)
    try:
        if relay.starttls:
            line.starttls(context=ssl.create_default_context())
        if relay.user:
            line.login(relay.user, relay.password)
    except BaseException:
        line.close()
        raise
    return line


def written(row: Any, sender: str, at: datetime) -> EmailMessage:
    """The mail of an outbox row. Raises ValueError for an address or a text that no header or body can hold."""
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = _address(sender)
    mail["To"] = _address(row.to_address)
    mail["Subject"] = "".join(each if each.isprintable() else " " for each in row.subject)
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = row.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(row.body_text)
    if row.body_html:
        mail.add_alternative(row.body_html, subtype="html")
    if row.calendar:
        _attach(mail, row.calendar)
    return mail


def _attach(mail: EmailMessage, calendar: str) -> None:
    """The calendar file, byte for byte; mail programs want its method (RFC 5546) named on the part too (RFC 6047)."""
    told = _METHOD.search(calendar)
    parameters = {"charset": "utf-8", "method": told.group(1) if told else "PUBLISH"}
    mail.add_attachment(
        calendar.encode(), maintype="text", subtype="calendar", filename="meeting.ics", params=parameters
    )


def _address(text: str) -> Address:
    """``text`` as an address and nothing more: no second address, no line, no comment can ride on it."""
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or not text.isprintable() or set(text) & set(' ,;:<>()[]"\\'):
        raise ValueError("not an address")
    return Address(username=local, domain=domain.encode("idna").decode())


def hand_over(line: smtplib.SMTP, mail: EmailMessage) -> Answer:
    """Give one mail to the server. Never raises for what a server may do."""
    try:
        line.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return Answer(False, code >= 500, f"The mail server refused the address ({_codes(code, said)}).", code != 421)
    except smtplib.SMTPNotSupportedError:
        return Answer(False, True, "The mail server cannot take an address of this kind.", False)
    except smtplib.SMTPResponseException as error:
        codes = _codes(error.smtp_code, error.smtp_error)
        return Answer(False, False, f"The mail server did not take the message ({codes}).", False)
    except OSError as error:
        return Answer(False, False, f"The line to the mail server broke ({type(error).__name__}).", False)
    return Answer(True)


def _codes(code: int, said: bytes | str) -> str:
    """The numbers of a server's answer; its words may name the person, so they are left out."""
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    enhanced = _ENHANCED.match(text)
    return f"{code} {enhanced.group()}" if enhanced else str(code)
