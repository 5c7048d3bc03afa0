"""A scanner that speaks clamd's protocol on this machine and can be told to misbehave."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from intake.scanning import Scanner

# The harmless test file that scanners know, in two parts so that no scanner takes this file for it.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """What the server was given, and how it is to answer. ``at`` is called with each file before it is answered."""

    def __init__(self) -> None:
        self.got: list[bytes] = []
        self.answer: bytes | None = None
        self.limit = 25 * 1024 * 1024
        self.over_limit = b"INSTREAM size limit exceeded. ERROR\0"
        self.wait = 0.0
        self.drip = False
        self.at: Callable[[bytes], None] = lambda data: None
        self.address: tuple[str, int] = ("", 0)

    def scanner(self, seconds: float = 20) -> Scanner:
        """The way to this server."""
        return Scanner(*self.address, seconds=seconds)

    @property
    def url(self) -> str:
        """The setting that names this server."""
        return "clamd://{}:{}".format(*self.address)

    def serve(self, line: socket.socket) -> None:
        """Answer one request as clamd does: read pieces until one of no length, then say what is in them."""
        with line.makefile("rb") as incoming:
            assert incoming.read(10) == b"zINSTREAM\0"
            data = b""
            while length := int.from_bytes(incoming.read(4), "big"):
                data += incoming.read(length)
                if len(data) > self.limit:
                    line.sendall(self.over_limit)
                    return  # clamd hangs up in the middle
            self.got.append(data)
            self.at(data)
            time.sleep(self.wait)
            self.say(line, data)

    def say(self, line: socket.socket, data: bytes) -> None:
        """Give the answer."""
        verdict = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
        for byte in iter(lambda: b"s", b"") if self.drip else ():
            line.sendall(byte)
            time.sleep(0.1)
        line.sendall(verdict if self.answer is None else self.answer)


@contextmanager
def clamd(path: Path | None = None) -> Iterator[Clamd]:
    """Run a scanner for the length of the block, on a port of this machine or on the socket ``path``."""
    told = Clamd()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                told.serve(self.request)

    kinds: Any = socketserver.ThreadingUnixStreamServer if path else socketserver.ThreadingTCPServer
    server = kinds(str(path) if path else ("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    if not path:
        told.address = server.server_address
    running = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    running.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        running.join(5)
