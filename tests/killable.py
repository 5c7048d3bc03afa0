"""The product as other processes run it in tests: with short leases, and one form that writes as every form does."""

from __future__ import annotations

import os

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from intake.app import create_app
from intake.audit.operations import record
from intake.notification.letters import Letter
from intake.notification.operations import post
from intake.views.gate import actor, door
from intake.vocabulary import Action, say

LEASE_SECONDS = 2
probe = Blueprint("probe", __name__)


@door(probe, "/probe", Action.SIGNED_IN, methods=["POST"], once=True)
def keep() -> ResponseReturnValue:
    """Keep what was posted as a letter and in the log, behind the gate like every other change."""
    said = request.form["said"]
    words = say("%(said)s", said=said)
    post(Letter("probe", words, (words,), "/", words, words), to="somebody@example.org")
    record("probe.kept", "probe", None, by=actor(), note=said)
    return redirect("/healthz")


def tell_worker(response: Response) -> Response:
    """Say which process answered, so that a test can end it."""
    response.headers["X-Worker"] = str(os.getpid())
    return response


app = create_app({"LEASE_SECONDS": LEASE_SECONDS, "LOG_LEVEL": "warning"})
app.register_blueprint(probe)
app.after_request(tell_worker)
