"""Which passwords we take, and how they are kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from intake.people import passwords


@pytest.fixture(autouse=True)
def cheap() -> Iterator[None]:
    passwords.arrange((1, 8, 1))
    yield
    passwords.arrange((1, 8, 1))


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("too short", "At least 10"),
        ("x" * 201, "At most 200"),
        ("Ada.Lovelace@example.edu", "your address"),
        ("ada.LOVELACE", "your address"),
        ("Password123", "first that a guesser tries"),
        ("ababababababab", "first that a guesser tries"),
    ],
)
def test_passwords_that_we_do_not_take(password: str, told: str) -> None:
    assert told in str(passwords.fault(password, "ada.lovelace@example.edu"))


@pytest.mark.parametrize(
    "password",
    ["green tea at four", "  spaces count  ", "綠茶與四點鐘的下午茶", "𠮷野家牛丼並盛一杯二", "x1y2z3w4v5" * 20],
)
def test_passwords_that_we_take(password: str) -> None:
    assert passwords.fault(password, "ada@example.edu") is None
    assert passwords.fits(passwords.kept(password), password)


def test_letters_in_another_form_are_the_same_password() -> None:
    assert passwords.fits(passwords.kept("Cafe\u0301 at four"), "Café at four")


@pytest.mark.parametrize("hash_", ["", None, "no hash at all", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"])
def test_nothing_fits_no_hash(hash_: str | None) -> None:
    assert not passwords.fits(hash_, "nobody has this password")


@pytest.mark.parametrize("password", ["", "x" * 1_000_000, "\x00" * 12, "\ud800" * 12])
def test_odd_passwords_are_only_wrong(password: str) -> None:
    assert not passwords.fits(passwords.kept("green tea at four"), password)


def test_a_hash_of_another_cost_is_outdated() -> None:
    old = passwords.kept("green tea at four")
    assert not passwords.outdated(old)
    passwords.arrange((2, 16, 1))
    assert passwords.outdated(old)
    assert passwords.fits(old, "green tea at four")


def test_the_usual_cost_is_that_of_the_standard() -> None:
    passwords.arrange(None)
    assert (passwords.Kept.hasher.time_cost, passwords.Kept.hasher.memory_cost, passwords.Kept.hasher.parallelism) == (
        3,
        65536,
        4,
    )
