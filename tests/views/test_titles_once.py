"""A proposal whose title and Chinese title are the same is named once, on the pages of everybody."""

from __future__ import annotations

import re

from flask import Flask

from intake.extensions import db
from intake.proposal.models import Proposal
from tests.factories.office import Office, matched

TITLE = "面向機櫃級運算的光互連"


def test_the_same_title_twice_is_shown_once(app: Flask) -> None:
    office = Office(app)
    matched(office)
    for name in ("P1", "P2"):
        number = office.w.proposals[name]

        def same(number: int = number) -> None:
            proposal = db.session.get_one(Proposal, number)
            proposal.title = proposal.title_zh = TITLE

        office.ask(same)
    p1, p2 = office.w.proposals["P1"], office.w.proposals["P2"]
    for who, path in (
        ("C1", f"/desk/proposals/{p2}/forward"),
        ("C1", f"/desk/proposals/{p1}/alternates"),
        ("R3", "/reviews"),
        ("R1", f"/reviews/{p1}"),
        ("R3", f"/reviews/{p1}"),
        ("F1", f"/proposals/{p1}"),
    ):
        page = office.browser(who).get(path).get_data(as_text=True)
        body = page.split("<main")[1].split("</main>")[0]
        around = [body[found.start() - 70 : found.start()] for found in re.finditer(TITLE, body)]
        seconds = [
            each
            for each in around
            if re.search(r'(<strong>|class="under">|lang="zh[^"]*">|<strong lang="zh-Hant">)$', each)
        ]
        assert around, (who, path)
        assert not seconds, (who, path)
