"""Keeping what a catalogue file says. Loading the same file again changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from intake import clock
from intake.audit.operations import record
from intake.award.models import Award
from intake.call import rubric
from intake.call.models import Call, Criterion, Rule, Theme
from intake.call.queries import EVERYTHING, set_by_the_office
from intake.catalogue.call import WrittenCall
from intake.catalogue.content import Columns, Content, read
from intake.catalogue.file import read_file
from intake.catalogue.keeping import keep, keep_coded, keep_list, nothing, used
from intake.catalogue.reading import bad
from intake.catalogue.report import Report
from intake.engine import writing
from intake.extensions import db
from intake.people.models import Department
from intake.policy import Actor
from intake.programme.models import Milestone, Office, Programme, Sponsor
from intake.proposal.models import Proposal

TOGETHER = (frozenset({"opens_at", "closes_at"}), frozenset({"duration_least", "duration_most"}))
"""Settings that only fit together: once the office has set one, the file sets neither."""


def load_file(path: Path) -> Report:
    """Load a catalogue file; the caller commits. Raises BadCatalogue, and then nothing of the file is kept."""
    return load(read_file(Path(path)))


def load(data: Any) -> Report:
    """Keep what the file's JSON says; the caller commits.

    Records: ``catalogue.loaded``, when something changed. What the file names is brought up to date, but for what the
    office has set in the product: dates and settings each by itself, themes, rules and rubric each as a whole, and
    every call that was made in the product. Themes, rules, history and past awards that it no longer
    names go, unless something refers to them. Departments, sponsors, programmes and calls stay.
    Raises: BadCatalogue, before anything is kept. Returns: what changed.
    """
    content = read(data)
    report = Report(ignored=content.ignored)
    with writing(), db.session.begin_nested():
        _keep_all(content, report)
        db.session.flush()
    if report.anything:
        new, changed, removed = dict(report.new), dict(report.changed), dict(report.removed)
        record("catalogue.loaded", "catalogue", None, by=Actor(), new=new, changed=changed, removed=removed)
    return report


def _keep_all(content: Content, report: Report) -> None:
    keep(Office, {row.id: row for row in db.session.scalars(sa.select(Office))}, 1, {"id": 1, **content.office}, report)
    keep_coded(Department, content.departments, report)
    sponsors = keep_coded(Sponsor, content.sponsors, report)
    for row in content.programmes:
        named = row.pop("sponsor")
        row["sponsor_id"] = sponsors[named].id if named else None
    programmes = keep_coded(Programme, content.programmes, report)
    calls = {row.code: row for row in db.session.scalars(sa.select(Call))}
    arranged = set_by_the_office()
    for written in content.calls:
        _keep_call(written, calls, programmes[written.programme].id, arranged, report)
    if content.awards is not None:
        _keep_awards(content.awards, programmes, calls, report)
    if content.history is not None:
        keep_list(Milestone, {}, content.history, lambda row: (row["since"], row["what"]), nothing, report)


def _keep_call(
    written: WrittenCall, calls: dict[str, Call], programme_id: int, arranged: dict[int, set[str]], report: Report
) -> None:
    """A call with its themes, rules and rubric."""
    columns = {**written.columns, **written.settings, "programme_id": programme_id}
    known, own = calls.get(columns["code"]), set[str]()
    if known is not None:
        own = arranged.get(known.id, set())
        if EVERYTHING in own:
            report.kept.append(f"call {known.code}: it was made in the product")
            return
        if "currency" not in own:
            _same_currency(known, written)
        for together in TOGETHER:
            own |= together if own & together else set()
        columns = {name: value for name, value in columns.items() if name not in own}
    call = keep(Call, calls, written.columns["code"], columns, report)
    db.session.flush()
    of_call = {"call_id": call.id}
    if "themes" not in own:
        keep_list(Theme, of_call, written.themes, lambda row: row["name"], partial(used, Theme), report)
    if "rules" not in own:
        keep_list(Rule, of_call, written.rules, lambda row: row["code"], rules_cited, report)
    if "rubric" not in own:
        _keep_rubric(call, written, report)


def rules_cited() -> set[int]:
    """The ids of rules by which a proposal was found ineligible. Statements: 1."""
    cited = sa.and_(Proposal.call_id == Rule.call_id, Proposal.ineligible_rule == Rule.code)
    return set(db.session.scalars(sa.select(Rule.id).join(Proposal, cited)))


def _same_currency(call: Call, written: WrittenCall) -> None:
    """Amounts that people wrote are in the call's currency, so it cannot change under them."""
    wanted = written.columns["currency"]
    has_proposals = sa.exists().where(Proposal.call_id == call.id, Proposal.amount_minor.is_not(None))
    if call.currency != wanted and db.session.scalar(sa.select(has_proposals)):
        bad(
            f"{written.place}.currency",
            "stays %(currency)s: proposals ask for amounts in it",
            currency=call.currency.value,
        )


def _keep_rubric(call: Call, written: WrittenCall, report: Report) -> None:
    """The criteria, as long as no review has used them; a call that has none gets the standard ones."""
    present = list(db.session.scalars(sa.select(Criterion).where(Criterion.call_id == call.id)))
    wanted = written.criteria if written.criteria is not None or present else rubric.standard()
    if wanted is None:
        return
    if used(Criterion) & {row.id for row in present}:
        names = {(row.code, row.weight, row.name) for row in present}
        if names != {(row["code"], row["weight"], row["name"]) for row in wanted}:
            report.kept.append(f"the criteria of {call.code}: reviews have used them")
        return
    keep_list(Criterion, {"call_id": call.id}, wanted, lambda row: row["code"], nothing, report)


def _keep_awards(
    written: list[Columns], programmes: dict[str, Programme], calls: dict[str, Call], report: Report
) -> None:
    """Past awards. Those of proposals that came through the product are none of the file's business."""
    ours = sa.select(Award.programme_id, Award.title, Award.year).where(Award.proposal_id.is_not(None))
    known = {tuple(row) for row in db.session.execute(ours)}
    rows = []
    for row in written:
        call = calls[row["call"]] if row["call"] else None
        rest = {name: row[name] for name in ("title", "year", "departments", "source")}
        rows.append({"programme_id": programmes[row["programme"]].id, "call_id": call.id if call else None, **rest})
    rows = [row for row in rows if _award_key(row) not in known]
    dated = {"made_at": lambda row: datetime(row["year"], 1, 1, tzinfo=UTC), "published_at": lambda row: clock.now()}
    keep_list(Award, {"proposal_id": None}, rows, _award_key, partial(used, Award), report, dated)


def _award_key(row: Columns) -> Any:
    return row["programme_id"], row["title"], row["year"]
