"""When a request reached the machine, as the web server's worker notes it."""

from __future__ import annotations

import socket
import time
from datetime import UTC, datetime, timedelta

import pytest

from intake import clock
from intake.serving import arrival

pytestmark = pytest.mark.once


def connected() -> tuple[socket.socket, socket.socket]:
    """Both ends of a connection on this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        here = socket.create_connection(listener.getsockname())
        return here, listener.accept()[0]


def test_what_nobody_sent_has_not_arrived() -> None:
    here, there = connected()
    with here, there:
        assert arrival(there) is None


def test_what_waits_arrived_when_it_was_sent() -> None:
    here, there = connected()
    with here, there:
        time.sleep(0.1)
        before = datetime.now(UTC)
        here.sendall(b"GET / HTTP/1.1\r\n")
        after = datetime.now(UTC)
        time.sleep(0.3)
        told = arrival(there)
        assert told is not None
        assert before <= told <= after + timedelta(milliseconds=100), "never earlier, and not when it was looked at"


def test_where_the_system_does_not_tell_it_arrives_now() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"x")
        before = clock.now()
        told = arrival(there)
        assert told is not None
        assert told >= before


def test_the_arrival_that_is_known_goes_before_the_one_noted_inside() -> None:
    earlier = datetime.now(UTC) - timedelta(seconds=5)
    with clock.arriving(earlier), clock.arriving():
        assert clock.arrived() == earlier
    with clock.arriving(None):
        first = clock.arrived()
        time.sleep(0.01)
        assert clock.arrived() == first
    assert clock.arrived() > first


def test_nobody_keeps_a_door_open_with_the_head_of_a_request() -> None:
    long_ago = datetime.now(UTC) - timedelta(hours=2)
    with clock.arriving(long_ago):
        began = datetime.now(UTC)
        assert timedelta(0) <= clock.arrived() - (began - timedelta(minutes=15)) < timedelta(seconds=5)


def test_the_tests_own_clock_goes_before_both() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    with clock.arriving(), clock.at(noon):
        assert clock.arrived() == noon
