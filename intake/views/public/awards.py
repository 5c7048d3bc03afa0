"""Awards that are public."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from intake.award import queries
from intake.people.queries import departments
from intake.views.gate import door
from intake.views.public import public
from intake.vocabulary import Action


@door(public, "/awards", Action.PUBLIC)
def awards() -> ResponseReturnValue:
    """The list, which the address may narrow to a year and a programme. A value that no award has shows them all."""
    years, programmes = queries.years_published(), queries.programmes_published()
    year = next((each for each in years if str(each) == request.args.get("year")), None)
    programme = next((each for each in programmes if each.code == request.args.get("programme")), None)
    return render_template(
        "public/awards.html",
        awards=queries.published(year, programme.code if programme else ""),
        years=years,
        programmes=programmes,
        year=year,
        programme=programme,
        departments={row.code: row.name for row in departments()},
    )
