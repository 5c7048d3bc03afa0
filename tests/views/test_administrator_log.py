"""What happened and which mail was sent, as an administrator reads it: nothing of proposals, nothing secret."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from intake import clock
from intake.audit.operations import record
from intake.extensions import db
from intake.notification.models import Message
from intake.policy import Actor
from tests.views.administration import SECRET_TITLE, a_world


@pytest.fixture
def world(app: Flask) -> dict[str, int]:
    return a_world(app)


@pytest.fixture
def admin(world: dict[str, int], client_for: Callable[[int], FlaskClient]) -> FlaskClient:
    return client_for(world["ada"])


# --- what happened --------------------------------------------------------------------------------


def test_the_log_shows_who_did_what_and_no_words_of_proposals(
    app: Flask, world: dict[str, int], admin: FlaskClient
) -> None:
    admin.post(f"/administration/people/{world['rita']}/roles", data={"role": "faculty"})
    page = admin.get("/administration/log").text
    assert "role.granted" in page
    assert "AIR-1-0001" in page
    assert "draft → submitted" in page
    assert SECRET_TITLE not in page
    assert "proposal.started" not in page


def test_the_log_is_filtered_by_its_address(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    admin.post(f"/administration/people/{world['rita']}/roles", data={"role": "faculty"})

    def shown(query: str) -> set[str]:
        return set(
            re.findall(
                r'<span class="number">((?:proposal|role)\.\w+)</span>', admin.get(f"/administration/log?{query}").text
            )
        )

    assert shown("") == {"proposal.submit", "role.granted"}
    assert shown("action=role.") == {"role.granted"}
    assert shown("who=ada@example.edu") == {"role.granted"}
    assert shown("who=Rita") == {"proposal.submit"}
    assert shown("about=rita@example.edu") == {"role.granted"}
    assert shown("about=air-1-0001") == {"proposal.submit"}
    assert shown("until=2001-01-01") == shown("since=2150-01-01") == shown("about=AIR-9") == set()
    for odd in (
        "since=x",
        "until=9999-12-31",
        "since=0001-01-01",
        "about=%00",
        "who=%25",
        "action=%EF%BF%BF",
        "page=9",
    ):
        assert admin.get(f"/administration/log?{odd}").status_code == 200


def test_the_log_tells_changes_in_words_and_changes_from_to(
    app: Flask, world: dict[str, int], admin: FlaskClient
) -> None:
    with app.app_context():
        record("form.changed", "call", 1, by=Actor(), became="1", changes=["“Budget” is a new question."])
        record("call.arranged", "call", 1, by=Actor(), changes={"grace_minutes": [5, 15]})
        db.session.commit()
    page = admin.get("/administration/log").text
    assert "“Budget” is a new question." in page
    assert "grace_minutes: 5 → 15" in page


def test_a_draft_is_not_found_through_the_log(app: Flask, world: dict[str, int], admin: FlaskClient) -> None:
    total = re.search(r"(\d+) in all", admin.get("/administration/log?action=proposal.").text)
    assert total
    assert total.group(1) == "1"


def test_the_chain_is_verified(world: dict[str, int], admin: FlaskClient) -> None:
    assert "The chain is whole" in admin.get("/administration/log/chain").text


def test_a_broken_chain_is_told(app: Flask, world: dict[str, int], admin: FlaskClient, monkeypatch: Any) -> None:
    from intake.audit import chain

    monkeypatch.setattr(chain, "verify", lambda: (7, "event 8 was changed"))
    page = admin.get("/administration/log/chain").text
    assert "The chain is broken" in page
    assert "event 8 was changed" in page


# --- sent mail ------------------------------------------------------------------------------------


@pytest.fixture
def letters(app: Flask, world: dict[str, int]) -> dict[str, int]:
    """A plain letter, one that opens an account, and one about a proposal."""
    ids = {}
    with app.app_context():
        for kind, more in {
            "plain": {},
            "secret": {"secret": True},
            "proposal": {"proposal_id": world["received"]},
        }.items():
            row = Message(
                message_id=f"<{kind}@example.edu>",
                to_address="sam@example.edu",
                kind=f"test.{kind}",
                subject=f"Subject of {kind}",
                body_text=f"Words of {kind}\n\nsecond part",
                created_at=clock.now(),
                not_before=clock.now(),
                **more,
            )
            db.session.add(row)
            db.session.flush()
            ids[kind] = row.id
        db.session.commit()
    return ids


def test_mail_can_be_read_where_the_product_is_tried(letters: dict[str, int], admin: FlaskClient) -> None:
    page = admin.get("/administration/mail?to=SAM@&kind=test.&state=waiting").text
    assert all(f"Subject of {kind}" in page for kind in letters)
    assert all(f"Words of {kind}" in admin.get(f"/administration/mail/{key}").text for kind, key in letters.items())
    assert "Subject of plain" not in admin.get("/administration/mail?state=sent").text


def test_in_production_letters_that_are_not_for_administrators_stay_closed(
    app: Flask, letters: dict[str, int], admin: FlaskClient, monkeypatch: Any
) -> None:
    monkeypatch.setitem(app.config, "INTAKE_ENV", "production")
    page = admin.get("/administration/mail").text
    assert "Subject of plain" in page
    for kind in ("secret", "proposal"):
        assert f"of {kind}" not in page
        assert f"of {kind}" not in admin.get(f"/administration/mail/{letters[kind]}").text
    assert "Words of plain" in admin.get(f"/administration/mail/{letters['plain']}").text
