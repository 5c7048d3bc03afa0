"""The scanner's verdict is taken word for word; whatever else it does, a file is not clean."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from intake import scanning
from intake.scanning import NotScanned, Scanner, ScannerAway, scanner_of
from tests.clamd import EICAR, Clamd, clamd
from tests.servers import free_port

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("clamd://scanner.example.edu:3311", Scanner("scanner.example.edu", 3311)),
        ("clamd://scanner.example.edu", Scanner("scanner.example.edu", 3310)),
        ("clamd://[::1]:3310/", Scanner("::1", 3310)),
        ("unix:///run/clamav/clamd.ctl", Scanner(path="/run/clamav/clamd.ctl")),
        ("unix:///a%20b", Scanner(path="/a b")),
        (None, None),
        ("", None),
    ],
)
def test_the_setting_names_a_socket_or_a_host(url: str | None, meant: Scanner | None) -> None:
    assert scanner_of(url) == meant


@pytest.mark.parametrize(
    "url",
    [
        "http://host:3310",
        "clamd:///run/clamd",
        "clamd://host/path",
        "clamd://host:99999",
        "clamd://user:secret@host",
        "clamd://host?x=1",
        "unix://run/clamd",
        "unix:///",
        "host:3310",
    ],
)
def test_another_setting_is_refused_without_being_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="CLAMD_URL reads like") as caught:
        scanner_of(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("size", [1, 1_000, 256 * 1024, 256 * 1024 + 1, 3_000_000])
def test_a_clean_file_arrives_whole_and_is_clean(size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    with clamd() as server:
        assert server.scanner().found_in(data) is None
        assert server.got == [data]


def test_what_is_found_is_named() -> None:
    with clamd() as server:
        assert server.scanner().found_in(b"some words " + EICAR) == "Eicar-Test-Signature"


def test_it_listens_on_a_socket_of_this_machine_too(tmp_path: Path) -> None:
    with clamd(tmp_path / "clamd.ctl") as server:
        scanner = Scanner(path=str(tmp_path / "clamd.ctl"))
        assert scanner.found_in(b"words") is None
        assert server.got == [b"words"]


def test_a_name_with_signs_that_no_signature_has_is_made_plain() -> None:
    with clamd() as server:
        server.answer = "stream: <b>Bad\u202e one</b>".encode() + b" FOUND\0"
        assert server.scanner().found_in(b"x") == "_b_Bad__one_/b_"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\0",
        b"stream: OK",
        b"stream: OK\n",
        b"stream: ok\0",
        b"OK\0",
        b"1: stream: OK\0",
        b"stream: OK\0stream: OK\0",
        b"stream: OK FOUND? no\0",
        b"stream:  FOUND\0",
        b"stream: \0",
        b"INSTREAM size limit exceeded. ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"stream: Can't allocate memory ERROR\0",
        b"x" * 100_000,
        b"\xff\xfe\0",
    ],
)
def test_any_other_answer_is_no_verdict(answer: bytes) -> None:
    with clamd() as server:
        server.answer = answer
        with pytest.raises(NotScanned):
            server.scanner().found_in(b"words")


def test_a_file_above_the_scanners_limit_is_not_scanned_and_the_log_can_say_why() -> None:
    with clamd() as server:
        server.limit = 100_000
        with pytest.raises(NotScanned, match=r"StreamMaxLength|broke"):
            server.scanner().found_in(bytes(9_000_000))
        with pytest.raises(NotScanned, match="StreamMaxLength"):
            server.scanner().found_in(bytes(100_001))


def test_what_was_not_sent_whole_is_not_clean_whatever_is_answered() -> None:
    with clamd() as server:
        server.limit, server.over_limit = 1_000, b"stream: OK\0"
        with pytest.raises(NotScanned):
            server.scanner().found_in(bytes(9_000_000))


def test_nobody_there() -> None:
    with pytest.raises(ScannerAway, match="ConnectionRefusedError"):
        Scanner("127.0.0.1", free_port()).found_in(b"x")
    with pytest.raises(ScannerAway, match="FileNotFoundError"):
        Scanner(path="/nowhere/clamd.ctl").found_in(b"x")


def slow(server: Clamd) -> None:
    server.wait = 5


def drip(server: Clamd) -> None:
    server.drip = True


@contextmanager
def deaf() -> Iterator[Scanner]:
    """Something that lets one connect and reads nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield Scanner("127.0.0.1", listening.getsockname()[1], seconds=0.3)


@pytest.mark.parametrize("fault", [slow, drip])
def test_a_scanner_that_takes_too_long_is_left(fault: Callable[[Clamd], None]) -> None:
    with clamd() as server:
        fault(server)
        began = time.monotonic()
        with pytest.raises(NotScanned, match="TimeoutError"):
            server.scanner(seconds=0.3).found_in(b"x")
        assert time.monotonic() - began < 2


def test_a_scanner_that_reads_nothing_is_left() -> None:
    with deaf() as scanner, pytest.raises(NotScanned, match="TimeoutError"):
        scanner.found_in(bytes(20_000_000))


def test_twelve_at_once_get_each_their_own_answer() -> None:
    verdicts: dict[int, str | None] = {}
    with clamd() as server:
        scanner = server.scanner()

        def ask(number: int) -> None:
            verdicts[number] = scanner.found_in(EICAR if number % 3 == 0 else b"x" * (number * 50_000))

        asking = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
        for each in asking:
            each.start()
        for each in asking:
            each.join(20)
    assert verdicts == {number: None if number % 3 else "Eicar-Test-Signature" for number in range(12)}


def test_one_scan_ends_before_any_lease() -> None:
    from intake.proposal.file_scan import LEASE

    assert LEASE.total_seconds() > scanning.CONNECT_SECONDS + scanning.SCAN_SECONDS
