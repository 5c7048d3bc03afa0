"""What a person works on, on pages of their own: their keywords, statement and publications. Whoever keeps the profile
for somebody else, an administrator or a coordinator, uses the same pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext

from intake import clock
from intake.errors import Stale
from intake.extensions import db
from intake.match import profile as kept
from intake.match.models import Affinity
from intake.match.queries import affinities_for
from intake.match.theme_levels import LEVELS, asking, levels_of
from intake.people import queries
from intake.people.models import Person, Publication
from intake.policy import may
from intake.ruling import demand
from intake.views.account import account
from intake.views.beside import told_beside
from intake.views.display import tr
from intake.views.fields import Form, Line, Paragraph, sent_version
from intake.views.gate import actor, door, one_time_key
from intake.vocabulary import Action, Limit, PairingKind, PublicationSource, Role, say

PATH = "/people/<id:person_id>/profile"
SHOWN = 200
"""Publications on the page of the profile; the others stand behind a link."""
SUITING = 10
"""Proposals that are shown beside a profile."""
SOURCES = {
    PublicationSource.TYPED: say("written here"),
    PublicationSource.PASTED: say("pasted"),
    PublicationSource.CSV: say("from a CSV file"),
    PublicationSource.BIBTEX: say("from a BibTeX file"),
    PublicationSource.ORCID: say("from ORCID"),
}


class ProfileForm(Form):
    """Keywords and statement."""

    keywords = Line(lazy_gettext("Keywords"), Limit.KEYWORDS, required=False)
    expertise = Paragraph(lazy_gettext("What the work is about"), Limit.ABSTRACT, required=False)


@dataclass(frozen=True, slots=True)
class Act:
    """Publications that came, or were removed, together."""

    at: datetime
    source: str
    count: int


def to_keep(person_id: int) -> Person | None:
    """The person with department, grants and publications, if the reader keeps their profile. Raises: Refused, as for
    somebody who does not exist."""
    person = queries.one(person_id)
    if person is not None:
        demand(kept.keeps(actor(), person))
    return person


def crumbs(person: Person, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """The way to the profile: from one's account, from the administration, or from the desk."""
    here = (gettext("What I work on") if person.id == actor().id else gettext("Expertise"), home(person))
    if person.id == actor().id:
        way = [(gettext("Your account"), url_for("account.own"))]
    elif may(actor(), Action.AREA_ADMINISTRATION):
        way = [
            (gettext("People"), url_for("administrator.people")),
            (person.name, url_for("administrator.person", person_id=person.id)),
        ]
    else:
        way = [(gettext("Expertise"), url_for("coordinator.profiles"))]
        here = (person.name, home(person))
    found: list[tuple[str, str | None]] = [*way, here, *more]
    return [*found[:-1], (found[-1][0], None)]


def home(person: Person) -> str:
    """The address of the profile."""
    return url_for("account.profile", person_id=person.id)


def shown(page: str, person: Person, status: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of the profile, ``account/profile/<page>.html``."""
    own = person.id == actor().id
    values = {"once": one_time_key(), "own": own, "home": home(person), **values}
    return render_template(f"account/profile/{page}.html", person=person, **values), status


@door(account, PATH, Action.SIGNED_IN, to_keep, methods=["GET", "POST"])
def profile(person: Person) -> ResponseReturnValue:
    """The profile; its form sets keywords and statement."""
    form = ProfileForm(obj=person)
    if request.method != "POST":
        return _page(person, form)
    if not form.validate():
        return _page(person, form, 422)
    typed = form.keywords.data, form.expertise.data
    try:
        changed = kept.set_profile(person, *typed, version=sent_version(), by=actor())
    except Stale:
        return _page(person, form, 409, now_saved=ProfileForm(formdata=None, obj=person))
    flash(gettext("Saved.") if changed else gettext("Nothing was different, so nothing changed."), "success")
    return redirect(home(person))


def _page(person: Person, form: ProfileForm, status: int = 200, **more: Any) -> ResponseReturnValue:
    rows = list(reversed(person.publications))
    every = "all" in request.args
    return shown(
        "profile",
        person,
        status,
        form=form,
        crumbs=crumbs(person),
        rows=rows if every else rows[:SHOWN],
        more=0 if every else max(0, len(rows) - SHOWN),
        total=len(rows),
        acts=_acts(person.publications),
        removed=_removed(person),
        sources=_source_words(),
        levels=_levels(person),
        suits=_suits(person),
        told_beside=told_beside(),
        **more,
    )


def _suits(person: Person) -> list[Affinity]:
    """The proposals of the reader's calls that suit the person, the best first; nobody is told this of themselves.
    Statements: 2, or 0."""
    if person.id == actor().id or not actor().holds(Role.COORDINATOR):
        return []
    kinds = (PairingKind.REVIEWER, PairingKind.CONTACT)
    rows = [row for kind in kinds for row in affinities_for(person, kind, by=actor(), most=SUITING) if row.score]
    return sorted(rows, key=lambda row: (-row.score, row.proposal_id))[:SUITING]


def _source_words() -> dict[PublicationSource, str]:
    return {each: tr(words) for each, words in SOURCES.items()}


def _acts(publications: Sequence[Publication]) -> list[Act]:
    """The lists that brought more than one publication, the newest first."""
    together: dict[datetime, list[Publication]] = {}
    for each in publications:
        if each.added_at is not None and each.source is not PublicationSource.TYPED:
            together.setdefault(each.added_at, []).append(each)
    words = _source_words()
    acts = [Act(at, words[rows[0].source], len(rows)) for at, rows in together.items() if len(rows) > 1]
    return sorted(acts, key=lambda act: act.at, reverse=True)


def _removed(person: Person) -> list[Act]:
    """The acts of removing that can be undone, the newest first. Statements: 1."""
    rows = db.session.execute(
        sa.select(Publication.removed_at, sa.func.count().label("many"))
        .where(Publication.person_id == person.id, Publication.removed_at > clock.now() - kept.KEPT_FOR)
        .group_by(Publication.removed_at)
        .order_by(Publication.removed_at.desc())
    )
    return [Act(row.removed_at, "", row.many) for row in rows]


def _levels(person: Person) -> list[tuple[str, list[tuple[str, str]]]]:
    """The levels that the person said, by call: name of the theme and words. Statements: 3."""
    said = levels_of(person)
    found = []
    for call in asking(clock.now()):
        rows = [(each.name, tr(LEVELS[said[each.id]])) for each in call.themes if each.id in said]
        found.append((call.title, rows))
    return found
