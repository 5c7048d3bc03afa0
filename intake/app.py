"""How the application is put together."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

import config
from intake import commands, engine, logs, views
from intake.audit import chain
from intake.extensions import babel, bootstrap, compress, csrf, db, login, migrate
from intake.notification import letters
from intake.people import sign_in
from intake.storage import open_store
from intake.views import display


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application. ``settings`` are laid over those of the environment.

    Raises ``config.BadConfiguration`` for an unusable setting and RuntimeError for a route that names no action.
    """
    app = Flask(__name__, template_folder="../templates", static_folder="../static")
    app.config.from_mapping(config.from_environment())
    app.config.from_mapping(settings or {})
    app.config["DATA_DIR"].mkdir(parents=True, exist_ok=True)
    _models()
    for extension in (db, csrf, bootstrap, compress):
        extension.init_app(app)
    migrate.init_app(app, db, directory=str(Path(app.root_path).parent / "migrations"))
    babel.init_app(app, default_timezone=app.config["TIME_ZONE"])
    login.init_app(app)
    login.user_loader(sign_in.found)
    with app.app_context():
        engine.prepare(db.engine)
    chain.arrange()
    letters.arrange(
        public_url=app.config["PUBLIC_URL"],
        sender=app.config["MAIL_FROM"],
        speak=display.tr,
        templates=str(Path(app.root_path).parent / "templates"),
    )
    app.extensions["store"] = open_store(app.config["STORAGE_URL"], app.config["DATA_DIR"])
    logs.arrange(app)
    views.register(app)
    commands.register(app)
    return app


def _models() -> None:
    """Let every room's tables and rules be known, whichever of them is asked first."""
    from intake.allowance import inviting as _inviting
    from intake.allowance import models as _allowance
    from intake.allowance import newcomers as _invited
    from intake.audit import models as _audit
    from intake.award import models as _award
    from intake.award import rules as _rules
    from intake.conflict import leaving as _left_office
    from intake.conflict import looking_again as _looking_again
    from intake.conflict import models as _conflict
    from intake.conversation import models as _conversation
    from intake.decision import models as _decision
    from intake.endorsement import rules as _endorsement
    from intake.forward import models as _forward
    from intake.match import models as _match
    from intake.match import wanting as _wanting
    from intake.meeting import models as _meeting
    from intake.notification import models as _notification
    from intake.proposal import holding as _held
    from intake.proposal import newcomers as _newcomers
    from intake.reminder import models as _reminder
    from intake.review import alternates as _alternates
    from intake.review import holding as _judged
    from intake.review import models as _review
    from intake.slot import leaving as _leaving
    from intake.slot import models as _slot
    from intake.workday import models as _workday

    del _alternates, _held, _invited, _inviting, _judged, _left_office, _looking_again
    del _allowance, _audit, _award, _rules, _conflict, _conversation, _decision, _endorsement, _forward, _match
    del _leaving, _meeting, _newcomers, _notification, _reminder, _review, _slot, _wanting, _workday
