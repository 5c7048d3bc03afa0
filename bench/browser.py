"""A browser as plain as can be: keep-alive, cookies, and the fields of the forms that it is shown."""

from __future__ import annotations

import gzip
import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode

Answer = tuple[int, list[tuple[str, str]], bytes]
Line = Callable[[str, str, bytes | None, dict[str, str]], Answer]
"""Sends method, path, body and headers; gives status, headers and body."""


def over_http(port: int) -> Line:
    """A line to a server on this machine that stays open between requests."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.getheaders(), reply.read()

    return ask


@dataclass
class Browser:
    """Somebody's browser. ``origin`` is the address that the installation is known by."""

    line: Line
    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    """How long the last request took, until its body was read."""

    def get(self, path: str) -> str:
        """The page. Raises RuntimeError for any other answer than 200."""
        status, body = self._send("GET", path, None)
        if status != 200:
            raise RuntimeError(f"GET {path} answered {status}")
        return body

    def post(self, path: str, values: dict[str, str]) -> None:
        """Send a form. Raises RuntimeError where it does not lead on (with 302 or 303)."""
        status, body = self._send("POST", path, urlencode(values).encode())
        if status not in (302, 303):
            raise RuntimeError(f"POST {path} answered {status}: {' '.join(body.split())[-600:]}")

    def _send(self, method: str, path: str, body: bytes | None) -> tuple[int, str]:
        headers = {"Accept-Encoding": "gzip", "Accept": "text/html", "Origin": self.origin}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        status, replied, data = self.line(method, path, body, headers)
        self.seconds = time.perf_counter() - began
        known = {name.lower(): value for name, value in replied}
        for name, value in replied:
            if name.lower() == "set-cookie":
                self.cookies |= {key: morsel.value for key, morsel in SimpleCookie(value).items()}
        packed = known.get("content-encoding") == "gzip"
        return status, (gzip.decompress(data) if packed else data).decode()


class _Forms(HTMLParser):
    """Collects the forms of a page: each one's address and its fields as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.forms.append((has.get("action") or "", {}))
        if not self.forms or not has.get("name"):
            return
        name, values = str(has["name"]), self.forms[-1][1]
        if tag == "textarea":
            self._text, values[name] = name, ""
        elif tag == "input" and (has.get("type") not in ("radio", "checkbox") or "checked" in has):
            values[name] = has.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1][1][self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._text = None


def fields(page: str, holding: str) -> dict[str, str]:
    """The fields of the page's first form that has one called ``holding``. Raises RuntimeError where none has."""
    parser = _Forms()
    parser.feed(page)
    for _, values in parser.forms:
        if holding in values:
            return values
    raise RuntimeError(f"no form on the page has a field {holding}")


def sign_in(browser: Browser, email: str, password: str) -> None:
    """Sign in through the page, as anybody does."""
    values = fields(browser.get("/sign-in"), "password")
    browser.post("/sign-in", values | {"email": email, "password": password})
