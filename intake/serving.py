"""gunicorn's worker with threads, which also knows when a request reached this machine.

A request may wait before a thread is free for it, and its bytes before anybody looks. Deadlines are held against the
moment at which it arrived (``clock.arrived``), and Linux tells that moment of every connection.
"""

from __future__ import annotations

import select
import selectors
import socket
import struct
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from intake import clock

LAST_RECEIVED = 52
"""Where struct tcp_info (linux/tcp.h) holds the milliseconds since data was received last."""
SILENCE = 7.0
"""Seconds after which a new connection that says nothing is closed: gunicorn's own, all told."""
TICK = 10
"""Milliseconds: the kernel counts in ticks, of 10 ms at most, so an age may be told too large by one."""


def arrival(connection: socket.socket) -> datetime | None:
    """When the bytes that wait to be read from ``connection`` arrived, never earlier than they did and at most a tick
    later; None where none wait. Where the system does not tell, they arrive now."""
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    if not waiting.poll(0):
        return None
    return clock.now() - timedelta(milliseconds=max(0, _age(connection) - TICK))


def _age(connection: socket.socket) -> int:
    """Milliseconds since ``connection`` received data last; 0 where the system does not tell (not Linux, no TCP)."""
    told = getattr(socket, "TCP_INFO", None)
    try:
        info = connection.getsockopt(socket.IPPROTO_TCP, told, LAST_RECEIVED + 4) if told is not None else b""
    except OSError:
        return 0
    return struct.unpack_from("=I", info, LAST_RECEIVED)[0] if len(info) >= LAST_RECEIVED + 4 else 0


class Worker(ThreadWorker):  # type: ignore[misc]
    """The worker to start gunicorn with: ``--worker-class intake.serving.Worker``."""

    def enqueue_req(self, conn: Any) -> None:
        """A connection has something to read: note since when, before it waits for a thread. One that was just made
        and says nothing yet waits with the loop, which notes the moment at which it speaks."""
        conn.arrived = arrival(conn.sock)
        if conn.arrived is None and self.alive and not conn.initialized and not conn.data_ready:
            self._await(conn)
        else:
            super().enqueue_req(conn)

    def _await(self, conn: Any) -> None:
        """Leave the connection to the loop until it speaks, or for so long that it is closed."""
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + SILENCE
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Answer one request, which arrived when its connection said; else now that its head has been read."""
        with clock.arriving(conn.arrived):
            answered: bool = super().handle_request(req, conn)
            return answered
