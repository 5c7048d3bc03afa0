"""The letters about accounts."""

from __future__ import annotations

from intake.notification.letters import Letter
from intake.vocabulary import Words, say

_NOT_YOU = say("If you did not ask for this, you need do nothing: your password stays as it is.")


def reset(token: str) -> Letter:
    """The link to set a new password."""
    return Letter(
        kind="account.reset",
        subject=say("Set a new password"),
        paragraphs=(
            say("Somebody, most likely you, asked to set a new password for your account."),
            say("The link below works once, within one hour."),
            _NOT_YOU,
        ),
        path=f"/password/{token}",
        link=say("Set a new password"),
        why=say("You receive this because the request was made for this address."),
        secret=True,
    )


def invitation(token: str, asked: Words | None) -> Letter:
    """The link that opens a new account."""
    return Letter(
        kind="account.invitation",
        subject=say("Your account for research calls"),
        paragraphs=(
            say("An account has been prepared for you."),
            *((asked,) if asked else ()),
            say("Follow the link to check your name and choose a password. It works once, within 14 days."),
        ),
        path=f"/invitation/{token}",
        link=say("Open your account"),
        why=say("You receive this because the office invited this address. If it is not for you, ignore it."),
        secret=True,
    )


def address_added(address: str) -> Letter:
    """Tells a person that an administrator noted another address of theirs."""
    return Letter(
        kind="account.address_added",
        subject=say("Another address was noted with your account"),
        paragraphs=(
            say("An administrator noted %(address)s as another address of yours.", address=address),
            say("Nobody signs in with it. Conflicts of interest are looked for under it, as under your main address."),
            say("If it is not yours, take it away on the page of your account."),
        ),
        path="/account/known-as",
        link=say("Open your account"),
        why=say("You receive this because it is about your account."),
    )


def password_changed() -> Letter:
    """Tells a person that their password was changed."""
    return Letter(
        kind="account.password_changed",
        subject=say("Your password was changed"),
        paragraphs=(
            say("The password of your account was changed, and you were signed out everywhere else."),
            say("If this was not you, set a new one at once and tell the office."),
        ),
        path="/password",
        link=say("Set a new password"),
        why=say("You receive this because it is about the safety of your account."),
    )
