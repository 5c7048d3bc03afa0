"""The virus scanner: clamd, spoken to in its own few words. A file is clean only if clamd says so, word for word."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

CONNECT_SECONDS = 5.0
SCAN_SECONDS = 120.0
"""For all of one file; below any sensible lease."""
PORT = 3310
_PIECE_BYTES = 256 * 1024
_REPLY_BYTES_MOST = 4096
_FOUND = re.compile(r"stream: (?P<what>[^\r\n]{1,1000}) FOUND")
_SIGN = re.compile(r"[^\w.:/()+-]", re.ASCII)
_SIGN_LONGEST = 100


class ScannerAway(Exception):
    """Nobody answers at the scanner's address. Every file would meet the same, so all of them wait."""


class NotScanned(Exception):
    """The scanner gave no verdict on this file: it broke off, took too long, or answered what no verdict reads like."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """Where clamd listens: ``path`` of a socket of this machine, or ``host`` and ``port``. Nothing is kept open."""

    host: str = ""
    port: int = PORT
    path: str = ""
    seconds: float = SCAN_SECONDS

    def found_in(self, data: bytes) -> str | None:
        """The name of what clamd finds in ``data``, or None for a clean file.

        Raises ScannerAway when nobody answers, and NotScanned for everything that is no verdict.
        """
        end = time.monotonic() + self.seconds
        with self._line() as line:
            try:
                broken = _send(line, _pieces(data), end)
                reply = _reply(line, end)
            except OSError as error:
                raise NotScanned(f"the line to the scanner broke ({type(error).__name__})") from None
        return _verdict(reply, broken)

    @contextmanager
    def _line(self) -> Iterator[socket.socket]:
        line = socket.socket(socket.AF_UNIX) if self.path else None
        try:
            if line is None:
                line = socket.create_connection((self.host, self.port), timeout=CONNECT_SECONDS)
            else:
                line.settimeout(CONNECT_SECONDS)
                line.connect(self.path)
        except OSError as error:
            if line is not None:
                line.close()
            raise ScannerAway(f"the scanner does not answer ({type(error).__name__})") from None
        with line:
            yield line


def scanner_of(url: str | None) -> Scanner | None:
    """The scanner that ``url`` (CLAMD_URL) names, or None without one. Nothing is connected to.

    Raises ValueError for one that makes no sense.
    """
    if not url:
        return None
    parts = urlsplit(url)
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if plain and parts.scheme == "clamd" and parts.hostname and parts.path in ("", "/"):
        with suppress(ValueError):
            return Scanner(parts.hostname, parts.port or PORT)
    if plain and parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1:
        return Scanner(path=unquote(parts.path))
    raise ValueError("CLAMD_URL reads like clamd://host:3310 or unix:///run/clamav/clamd.ctl")


def _pieces(data: bytes) -> Iterator[bytes]:
    """What INSTREAM wants: each piece behind its length in four bytes, and a length of nothing at the end."""
    yield b"zINSTREAM\0"
    for at in range(0, len(data), _PIECE_BYTES):
        piece = data[at : at + _PIECE_BYTES]
        yield len(piece).to_bytes(4, "big") + piece
    yield bytes(4)


def _send(line: socket.socket, pieces: Iterable[bytes], end: float) -> bool:
    """Send all. Returns: whether clamd broke off meanwhile, as it does for what is too large; it may have said why."""
    for piece in pieces:
        line.settimeout(_left(end))
        try:
            line.sendall(piece)
        except (BrokenPipeError, ConnectionResetError):
            return True
    return False


def _reply(line: socket.socket, end: float) -> bytes:
    """What clamd says, up to its end mark or its end."""
    said = b""
    while not said.endswith(b"\0") and len(said) <= _REPLY_BYTES_MOST:
        line.settimeout(_left(end))
        more = line.recv(_REPLY_BYTES_MOST)
        if not more:
            break
        said += more
    return said


def _left(end: float) -> float:
    left = end - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _verdict(reply: bytes, broken: bool) -> str | None:
    """What the answer says. Only the two verdicts of clamd are taken, whole; what was not sent whole is never clean."""
    if not reply.endswith(b"\0"):
        raise NotScanned("the scanner broke off")
    said = reply[:-1].decode("utf-8", "replace")
    if found := _FOUND.fullmatch(said):
        return _SIGN.sub("_", found["what"])[:_SIGN_LONGEST]
    if said == "stream: OK" and not broken:
        return None
    if "size limit exceeded" in said:
        raise NotScanned("the file is above the scanner's own limit (StreamMaxLength)")
    raise NotScanned("the scanner did not answer as expected")
