"""Sent mail, and mail that would have gone.

Outside production every word is shown, so that the product can be tried without a mail server. In production a letter
that opens an account, and one about a proposal, show neither subject nor words: administrators read neither.
"""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from intake.notification import queries
from intake.notification.models import Message
from intake.views.administrator import administrator
from intake.views.administrator.lists import ROWS, asked, for_administrators, page_of
from intake.views.display import tr
from intake.views.gate import door
from intake.vocabulary import Action, MessageState, say

STATES = {
    MessageState.WAITING: say("Waiting"),
    MessageState.SENDING: say("Being sent"),
    MessageState.SENT: say("Sent"),
    MessageState.FAILED: say("Failed"),
}


def legible(message: Message) -> bool:
    """Whether an administrator may read the words of the message here."""
    return current_app.config["INTAKE_ENV"] != "production" or not (message.secret or message.proposal_id)


@door(administrator, "/administration/mail", Action.AREA_ADMINISTRATION)
def mail() -> ResponseReturnValue:
    """Messages, the newest first, 50 a page. Statements: 2, whatever the number of rows."""
    to, kind = asked("to"), asked("kind")
    state = MessageState(asked("state")) if asked("state") in set(MessageState) else None
    where = queries.found(to, state, kind)
    total = queries.count(where)
    page, pages, first = page_of(total)
    return render_template(
        "administrator/mail.html",
        rows=queries.page(where, first, ROWS),
        total=total,
        page=page,
        pages=pages,
        to=to,
        kind=kind,
        state=state,
        states=[(each.value, tr(words)) for each, words in STATES.items()],
        state_words=STATES,
        legible=legible,
        goes_out=bool(current_app.config["SMTP_URL"]),
    )


@door(
    administrator, "/administration/mail/<id:message_id>", Action.AREA_ADMINISTRATION, for_administrators(queries.one)
)
def message(message: Message) -> ResponseReturnValue:
    """One message."""
    values = {"message": message, "legible": legible(message), "state": tr(STATES[message.state])}
    return render_template("administrator/message.html", **values)
