"""What must hold when several come at once, in real transactions."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from flask import Flask

from intake.extensions import db
from intake.people.models import Guess, RoleGrant
from intake.policy import Grant
from intake.vocabulary import Role
from tests.conftest import signed_in
from tests.people.somebody import letters_to, link_in, read, somebody


def at_once(*acts: Callable[[], int]) -> list[int]:
    """What each of the acts answered, all begun together."""
    with ThreadPoolExecutor(len(acts)) as crowd:
        return [each.result() for each in [crowd.submit(act) for act in acts]]


def test_many_guesses_at_once_cannot_all_pass(fresh_app: Flask) -> None:
    somebody(fresh_app, "ada@example.edu")

    def guess() -> int:
        return (
            fresh_app.test_client().post("/sign-in", data={"email": "ada@example.edu", "password": "wrong"}).status_code
        )

    assert sorted(at_once(*[guess] * 12)) == [422] * 5 + [429] * 7
    with fresh_app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Guess)) == 10


def test_a_link_sets_one_password_however_often_it_is_sent(fresh_app: Flask) -> None:
    somebody(fresh_app, "ada@example.edu")
    fresh_app.test_client().post("/password", data={"email": "ada@example.edu"})
    path = link_in(letters_to(fresh_app, "ada@example.edu")[0])

    def send(number: int) -> Callable[[], int]:
        new = f"a blue kettle sings {number}"
        return lambda: fresh_app.test_client().post(path, data={"password": new, "again": new}).status_code

    answers = at_once(*(send(number) for number in range(6)))
    assert answers.count(302) == 1
    assert set(answers) <= {302, 404, 409, 422}


def test_two_administrators_who_revoke_each_other_leave_one(fresh_app: Flask) -> None:
    ids = [somebody(fresh_app, f"{name}@example.edu", Grant(Role.ADMINISTRATOR)) for name in ("ada", "bob")]
    grants = [read(fresh_app, each).grants[0].id for each in ids]
    clients = [signed_in(fresh_app, each) for each in ids]
    answers = at_once(
        lambda: clients[0].post(f"/administration/roles/{grants[1]}/revoke").status_code,
        lambda: clients[1].post(f"/administration/roles/{grants[0]}/revoke").status_code,
    )
    assert answers.count(302) == 1
    with fresh_app.app_context():
        standing = sa.select(sa.func.count()).select_from(RoleGrant).where(RoleGrant.revoked_at.is_(None))
        assert db.session.scalar(standing) == 1
