"""What guards every request: token and Origin on every unsafe method, whatever the address; and the headers of
replies."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake.extensions import csrf
from tests.conftest import ORIGIN, Browser

UNSAFE = ["POST", "PUT", "PATCH", "DELETE"]
ADDRESSES = ["/", "/sign-in", "/no/such/page", "/healthz", "/static/intake.css", "/proposals/1/submit"]


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_unsafe_request_passes_without_a_token(client: FlaskClient, method: str, address: str) -> None:
    reply = client.open(address, method=method, headers={"Origin": ORIGIN}, honest=False)
    assert reply.status_code == 400


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:8001", "http://127.0.0.1:8000.evil.example"]
)
def test_no_unsafe_request_passes_from_elsewhere(client: FlaskClient, address: str, origin: str) -> None:
    assert client.post(address, headers={"Origin": origin}).status_code == 400


def test_no_unsafe_request_passes_without_origin_and_referer(app: Flask) -> None:
    client = app.test_client()
    assert isinstance(client, Browser)
    token = client._signed()
    assert client.post("/sign-in", headers={"X-CSRFToken": token}, honest=False).status_code == 400
    fine = {"X-CSRFToken": token, "Referer": f"{ORIGIN}/sign-in"}
    assert client.post("/sign-in", headers=fine, honest=False).status_code != 400


def test_another_browsers_token_is_worth_nothing(app: Flask) -> None:
    mine, other = app.test_client(), app.test_client()
    assert isinstance(mine, Browser) and isinstance(other, Browser)
    other.token = "o" * 40
    stolen = {"Origin": ORIGIN, "X-CSRFToken": other._signed()}
    mine._signed()
    assert mine.post("/sign-in", headers=stolen, honest=False).status_code == 400


def test_nothing_is_exempt() -> None:
    assert not csrf._exempt_views
    assert not csrf._exempt_blueprints


@pytest.mark.parametrize("address", ["/", "/sign-in", "/no/such/page", "/static/intake.css", "/healthz", "/proposals"])
def test_every_reply_carries_the_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/", "/sign-in", "/proposals", "/no/such/page"])
def test_pages_are_not_stored(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["Cache-Control"] == "no-store"


def test_links_never_come_from_the_host_header(client: FlaskClient) -> None:
    reply = client.get("/", headers={"Host": "evil.example"})
    assert b"evil.example" not in reply.data


@pytest.mark.parametrize("number", ["9223372036854775807", "9223372036854775808", "99999999999999999999999999", "0"])
def test_an_id_beyond_the_database_is_no_page(client: FlaskClient, number: str) -> None:
    assert client.get(f"/proposals/{number}").status_code in (302, 404)


def test_a_large_body_is_refused_cleanly(client: FlaskClient) -> None:
    reply = client.post("/sign-in", data={"email": "x" * 2_000_000})
    assert reply.status_code in (400, 413, 422)
